package policy

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/tipstaff/tipstaff/cvd"
)

// promises are the clocks for people: a table by severity where times differ by it, and a line for each clock.
func (s *sheet) promises() (table, lines []string) {
	d := s.d
	table = d.promiseTable()
	for _, c := range d.Clocks {
		lines = append(lines, s.promiseLine(c, len(table) > 0))
	}
	if says := d.stallWords(); says != "" {
		lines = append(lines, says)
	}
	return table, append(lines, d.calendarLines()...)
}

// promiseTable has a row for each severity and a column for each clock that promises a time.
func (d *Document) promiseTable() []string {
	timed := slices.DeleteFunc(slices.Clone(d.Clocks), func(c Clock) bool { return c.Target == nil && c.Within == nil })
	if len(d.Severity.Classes) == 0 || len(timed) == 0 {
		return nil
	}
	heads := append([]string{"Severity"}, each(timed, func(c Clock) string { return c.Title })...)
	table := []string{row(heads...), "|" + strings.Repeat(" --- |", len(heads))}
	for _, class := range d.Severity.Classes {
		table = append(table, row(append([]string{class.Title}, each(timed, func(c Clock) string { return c.words(class.Name) })...)...))
	}
	return table
}

// promiseLine is one clock in a sentence; its times are left out where the table has them.
func (s *sheet) promiseLine(c Clock, inTable bool) string {
	line := "**" + c.Title + "**"
	if words := c.words(""); words != "" && !inTable {
		line += " (" + words + ")"
	}
	line += ", counted from " + s.d.fromWords(c.From)
	for _, only := range said(s.d.only(c.Tracks), s.d.kindWords(c.Kinds)) {
		line += ", " + only
	}
	if words, _ := s.d.whenWords(c.When); words != "" {
		line += ", " + words
	}
	line += "."
	facts := []string{dot(prose(c.Says))}
	if c.Reminder != nil {
		facts = append(facts, "A reminder is due after "+s.d.byClassWords(c.Reminder)+".")
	}
	if c.Within != nil && c.Within.ByClass != nil && c.Unclassified != "none" {
		facts = append(facts, "Until the severity is known, the shortest of these times holds.")
	}
	return joined(append([]string{line}, append(facts, s.d.clockTerms(c)...)...)...)
}

// kindWords says that something is for some kinds of reports only.
func (d *Document) kindWords(kinds []string) string {
	if len(kinds) == 0 {
		return ""
	}
	return "only for what comes as " + either(each(kinds, func(k string) string { return "“" + d.titleOf("kind", k) + "”" }))
}

// clockTerms are what holds of a promise besides its times, each in a sentence.
func (d *Document) clockTerms(c Clock) []string {
	var terms []string
	if c.Calendar != "" && c.Calendar != elapsed {
		terms = append(terms, "Its time is counted by the calendar “"+d.titleOf("calendar", c.Calendar)+"”.")
	}
	for _, p := range c.Pause {
		terms = append(terms, map[string]string{"question": "It stands while a question to you is open.", "deferred": "It stands while the work is put off."}[p])
	}
	if x := c.Extend; x != nil {
		often := "once"
		if x.Times > 1 {
			often = fmt.Sprintf("%d times", x.Times)
		}
		terms = append(terms, "It may be extended "+often+" by at most "+x.By.Words()+when(x.Reporter, ", if the reporter agrees")+".")
	}
	if c.Law != "" {
		terms = append(terms, "It is demanded by "+prose(c.Law)+when(c.Report != "", ", as the report “"+spaced(c.Report)+"”")+".")
	} else if c.Report != "" {
		terms = append(terms, "It is the report “"+spaced(c.Report)+"”.")
	}
	return terms
}

// byClassWords are times in one sentence: "24 hours (Critical), 48 hours (High)".
func (d *Document) byClassWords(w *Within) string {
	if w.ByClass == nil {
		return w.words("")
	}
	var parts []string
	for _, class := range d.Severity.Classes {
		if words := w.words(class.Name); words != "–" {
			parts = append(parts, words+" ("+class.Title+")")
		}
	}
	return strings.Join(parts, ", ")
}

// words are the times of a clock for a class: "24 hours, at most 48 hours". What is only hoped for says so.
func (c Clock) words(class string) string {
	var parts []string
	if !c.AtLeast.Zero() {
		parts = append(parts, "at least "+c.AtLeast.Words())
	}
	if c.Target != nil {
		parts = append(parts, c.Target.words(class)+when(c.Within == nil && c.Target.promises(class), " as a goal"))
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

// promises says whether there is a time or an event for a class.
func (w *Within) promises(class string) bool { return w.words(class) != "–" }

// fromWords is what a promise to a reporter is counted from.
func (d *Document) fromWords(mark string) string {
	if mark == "received" {
		return "your report"
	}
	return d.mark(mark)
}

var markTitles = map[string]string{"received": "the report", "acknowledged": "the first answer", "validated": "the confirmation of the report",
	"triaged": "the triage", "prioritised": "the planning", "analysed": "the analysis", "fix_ready": "the fix being ready", "released": "the release",
	"disclosed": "the publication", "rewarded": "the bounty", "explained": "the post with the details", "monitored": "the follow-up",
	"invalid": "the finding that the report is not right", "public": "the matter being public", "exploit_public": "a way to exploit it being public",
	"attacks": "the first attack that was seen", "closed": "the close of the case", "agreed": "the end of the embargo",
	"next_release": "the next release", "next_major_release": "the next major release", "end_of_life": "the end of support"}

// mark is a mark as people say it. What is counted from a notice names it as its recipients see it.
func (d *Document) mark(mark string) string {
	kind, name, notice := strings.Cut(mark, ":")
	if title := "“" + d.titleOf("notice", name) + "”"; notice {
		switch kind + ":" {
		case cvd.MarkDelivered:
			return "the delivery of " + title + " by every channel"
		case cvd.MarkFirst:
			return "the first delivery of " + title
		}
		return "the order to send " + title
	}
	for _, m := range d.Milestones {
		if m.Name == mark {
			return "“" + prose(m.Title) + "”"
		}
	}
	if title := markTitles[mark]; title != "" {
		return title
	}
	return "“" + spaced(mark) + "”"
}

// waitWords is a wait: "no sooner than 24 hours after the delivery of “A release is coming” by every channel".
func (s *sheet) waitWords(x *Wait) string {
	since := ""
	switch {
	case x.Notice == "":
		since = s.d.mark(x.After)
	case x.From == "share":
		since = fmt.Sprintf("the delivery of “%s” to %d per cent of those it is for", s.d.titleOf("notice", x.Notice), x.Share)
	default:
		since = s.d.mark(x.Mark())
	}
	words := "no sooner than " + x.For.Words() + " after " + since
	if !x.Tolerance.Zero() {
		words += ", and at most " + x.Tolerance.Words() + " later than that"
	}
	if x.Restarts {
		words += "; if the release moves it is counted anew, from the correction"
	}
	if x.Calendar != "" && x.Calendar != elapsed {
		words += ", counted by the calendar “" + s.d.titleOf("calendar", x.Calendar) + "”"
	}
	return words
}

var (
	whenTrack    = regexp.MustCompile(`^track == "([^"]+)"$`)
	whenNotTrack = regexp.MustCompile(`^track != "([^"]+)"$`)
	whenClass    = regexp.MustCompile(`^class == "([^"]+)"$`)
	whenGraver   = regexp.MustCompile(`^at_least\("([^"]+)"\)$`)
	whenLesser   = regexp.MustCompile(`^!at_least\("([^"]+)"\)$`)
	whenMark     = regexp.MustCompile(`^marked\("([^"]+)"\)$`)
	factWords    = map[string]string{"emergency": "once it is public or attacked", "sensitive": "where the details would help an attacker",
		"!sensitive": "where the details help no attacker", "decided": "once that is decided", "!decided": "as long as that is not decided",
		"public": "once the matter is public", "attacks": "once there are attacks", "exploit_public": "once a way to exploit it is public",
		"fix_ready": "once the fix is ready", "disclosed": "once it is published", "true": ""}
)

// whenWords puts a predicate into words if it is a usual one; others are said "in some cases", and the process document has
// them letter by letter.
func (d *Document) whenWords(predicate string) (words string, exact bool) {
	if predicate == "" {
		return "", true
	}
	var all []string
	for part := range strings.SplitSeq(predicate, " && ") {
		part = strings.TrimSpace(part)
		word, known := factWords[part]
		for re, format := range map[*regexp.Regexp][2]string{whenTrack: {"track", "%s"}, whenNotTrack: {"track", "other than %s"},
			whenClass: {"class", "for what is %s"}, whenGraver: {"class", "for what is %s or graver"}, whenLesser: {"class", "for what is less grave than %s"}} {
			if m := re.FindStringSubmatch(part); m != nil {
				word, known = fmt.Sprintf(format[1], lower(d.titleOf(format[0], m[1]))), true
			}
		}
		if m := whenMark.FindStringSubmatch(part); m != nil {
			word, known = "after "+d.mark(m[1]), true
		}
		if !known {
			return "in some cases", false
		}
		all = append(all, said(word)...)
	}
	return strings.Join(all, " and "), true
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
func prose(text string) string {
	if !strings.ContainsAny(text, "\t\r\n") && !strings.Contains(text, "  ") && text == strings.TrimSpace(text) {
		return text // as nearly all are
	}
	return strings.Join(strings.Fields(text), " ")
}

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
