package policy

import (
	"fmt"
	"strings"
)

// page writes Markdown: headings, items and tables, each with a blank line where Markdown wants one, and the anchors of the
// clauses that they say.
type page struct {
	text  strings.Builder
	tight bool // the last line was an item
}

// heading begins a part.
func (w *page) heading(level int, clause, title string) {
	fmt.Fprintf(&w.text, "\n%s %s%s\n\n", strings.Repeat("#", level), anchor(clause), prose(title))
	w.tight = false
}

// part writes a heading and what it heads, or nothing if that is nothing.
func (w *page) part(level int, clause, title string, inside func(w *page)) {
	var in page
	inside(&in)
	if strings.TrimSpace(in.text.String()) == "" {
		return
	}
	w.heading(level, clause, title)
	w.text.WriteString(strings.TrimLeft(in.text.String(), "\n"))
	w.tight = in.tight
}

// say writes a paragraph.
func (w *page) say(clause string, sentences ...string) {
	if text := joined(sentences...); text != "" {
		w.gap()
		w.text.WriteString(anchor(clause) + text + "\n")
	}
}

// item writes an item of a list.
func (w *page) item(clause string, sentences ...string) {
	text := joined(sentences...)
	if text == "" {
		return
	}
	if !w.tight {
		w.gap()
	}
	w.text.WriteString("- " + anchor(clause) + text + "\n")
	w.tight = true
}

// inner writes an item below the last one.
func (w *page) inner(clause string, sentences ...string) {
	if text := joined(sentences...); text != "" {
		w.text.WriteString("  - " + anchor(clause) + text + "\n")
	}
}

// table writes lines that are a table already.
func (w *page) table(rows []string) {
	if len(rows) > 0 {
		w.gap()
		w.text.WriteString(strings.Join(rows, "\n") + "\n")
	}
}

// block writes what keeps its lines.
func (w *page) block(text string) {
	if text = strings.TrimSpace(text); text != "" {
		fence := "```"
		for strings.Contains(text, fence) {
			fence += "`"
		}
		w.gap()
		w.text.WriteString(fence + "\n" + text + "\n" + fence + "\n")
	}
}

// gap ends what stood before.
func (w *page) gap() {
	if n := w.text.Len(); n > 0 && !strings.HasSuffix(w.text.String(), "\n\n") {
		w.text.WriteString("\n")
	}
	w.tight = false
}

// end is the whole page with its stamp.
func (w *page) end(stamp string) []byte {
	w.gap()
	w.text.WriteString("---\n\n" + stamp + "\n")
	return []byte(w.text.String())
}

// anchor is where a link to a clause leads.
func anchor(clause string) string {
	if clause == "" {
		return ""
	}
	return `<a id="` + clause + `"></a>`
}

// joined puts together what is there.
func joined(parts ...string) string { return strings.Join(said(each(parts, prose)...), " ") }

// labelledBy is a sentence after a word for what it is about, or nothing.
func labelledBy(label, text string) string {
	if text = prose(text); text == "" {
		return ""
	}
	return label + ": " + dot(text)
}

// dot ends a text as a sentence.
func dot(text string) string {
	if text == "" || strings.ContainsRune(".!?:", rune(text[len(text)-1])) {
		return text
	}
	return text + "."
}

// verbatim is a word that is meant letter by letter.
func verbatim(text string) string {
	if text = prose(text); text == "" {
		return ""
	}
	if strings.Contains(text, "`") {
		return "`` " + text + " ``"
	}
	return "`" + text + "`"
}

// when gives a text if something is so.
func when(so bool, text string) string {
	if so {
		return text
	}
	return ""
}

// amount writes a sentence with a number, if there is one.
func amount(format string, n int) string { return when(n > 0, fmt.Sprintf(format, n)) }

// lasting writes a sentence with a duration, if there is one.
func lasting(format string, d Duration) string {
	return when(!d.Zero(), fmt.Sprintf(format, d.Words()))
}

// spaced is a name of the document as people read it.
func spaced(name string) string { return strings.ReplaceAll(name, "_", " ") }
