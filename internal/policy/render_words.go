package policy

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// promises are the clocks for people: a table by severity where times differ by it, and a line for each clock.
func (p *Policy) promises() (table, lines []string) {
	d := &p.Document
	var timed []Clock
	for _, c := range d.Clocks {
		if c.Target != nil || c.Within != nil {
			timed = append(timed, c)
		}
	}
	if len(d.Severity.Classes) > 0 && len(timed) > 0 {
		heads := append([]string{"Severity"}, each(timed, func(c Clock) string { return c.Title })...)
		table = append(table, row(heads...), "|"+strings.Repeat(" --- |", len(heads)))
		for _, class := range d.Severity.Classes {
			table = append(table, row(append([]string{class.Title}, each(timed, func(c Clock) string { return c.words(class.Name) })...)...))
		}
	}
	for _, c := range d.Clocks {
		lines = append(lines, p.promiseLine(c, len(table) > 0))
	}
	if says := d.stallWords(); says != "" {
		lines = append(lines, says)
	}
	return table, lines
}

// promiseLine is one clock in a sentence; its times are left out where the table has them.
func (p *Policy) promiseLine(c Clock, inTable bool) string {
	line := "**" + c.Title + "**"
	if words := c.words(""); words != "" && !inTable {
		line += " (" + words + ")"
	}
	line += ", counted from " + fromWords(c.From)
	if only := p.Document.only(c.Tracks); only != "" {
		line += ", " + only
	}
	line += "."
	if c.Says != "" {
		line += " " + prose(c.Says)
	}
	if c.Reminder != nil && c.Target == nil && c.Within == nil {
		line += " A reminder is due after " + c.Reminder.words("") + "."
	}
	if c.Within != nil && c.Within.ByClass != nil && c.Unclassified != "none" {
		line += " Until the severity is known, the shortest of these times holds."
	}
	return line
}

// words are the times of a clock for a class: "24 hours, at most 48 hours".
func (c Clock) words(class string) string {
	var parts []string
	if !c.AtLeast.Zero() {
		parts = append(parts, "at least "+c.AtLeast.Words())
	}
	if c.Target != nil {
		parts = append(parts, c.Target.words(class))
	}
	if c.Within != nil {
		limit := c.Within.words(class)
		if len(parts) > 0 && c.Within.Event[class] == "" {
			limit = "at most " + limit
		}
		parts = append(parts, limit)
	}
	return strings.Join(parts, ", ")
}

// words is the time for a class, or the event that it waits for.
func (w *Within) words(class string) string {
	switch d, ok := w.ByClass[class]; {
	case ok:
		return d.Words()
	case w.Event[class] != "":
		return "with the " + strings.ReplaceAll(w.Event[class], "_", " ")
	case w.ByClass == nil:
		return w.All.Words()
	}
	return "–"
}

func fromWords(mark string) string {
	switch mark {
	case "received":
		return "your report"
	case "triaged":
		return "the triage"
	case "released":
		return "the release"
	}
	return markWords(mark)
}

// ReportTemplate is the form as a Markdown template for those who report by a forge or by mail. A filled one reads back
// into the same fields.
func (p *Policy) ReportTemplate() string {
	var head, body strings.Builder
	for _, f := range p.Document.Form.Fields {
		switch f.Name {
		case "severity", "component", "version":
			fmt.Fprintf(&head, "**%s:** [%s]\n", f.Title, hint(f))
		case "impact", "expected", "evidence":
			fmt.Fprintf(&body, "\n### %s\n[%s]\n", f.Title, hint(f))
		case "steps":
			fmt.Fprintf(&body, "\n### %s\n", f.Title)
			for n := range 3 {
				fmt.Fprintf(&body, "%d. [Step %d]\n", n+1, n+1)
			}
		case "environment":
			fmt.Fprintf(&body, "\n### %s\n- **OS:** [Operating system]\n- **Version:** [Application version]\n"+
				"- **Configuration:** [Relevant configuration details]\n", f.Title)
		}
	}
	return "## Security Issue Report\n\n" + head.String() + "\n### Description\n[Detailed description of the security issue]\n" + body.String()
}

func hint(f Field) string {
	if len(f.Choices) > 0 {
		return strings.Join(f.Choices, "/")
	}
	if f.Help != "" {
		return f.Help
	}
	return f.Title
}

// row is one line of a table; a bar in a cell would end it.
func row(cells ...string) string {
	return "| " + strings.Join(each(cells, func(s string) string { return strings.ReplaceAll(prose(s), "|", `\|`) }), " | ") + " |"
}

// prose is text of the document on one line.
func prose(text string) string { return strings.Join(strings.Fields(text), " ") }

// list writes "a, b and c".
func list(words []string) string {
	switch n := len(words); n {
	case 0:
		return "nobody"
	case 1:
		return words[0]
	default:
		return strings.Join(words[:n-1], ", ") + " and " + words[n-1]
	}
}

// lower is a title within a sentence; an abbreviation stays as it is.
func lower(title string) string {
	first, size := utf8.DecodeRuneInString(title)
	if next, _ := utf8.DecodeRuneInString(title[size:]); !unicode.IsLower(next) {
		return title
	}
	return string(unicode.ToLower(first)) + title[size:]
}

func each[T, U any](items []T, of func(T) U) []U {
	all := make([]U, len(items))
	for i, item := range items {
		all[i] = of(item)
	}
	return all
}
