package policy

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// Markdown writes the timeline as the dated checklist of one case, by the parts of the process, to paste into a private issue.
func (t *Timeline) Markdown(w io.Writer, zones ...*time.Location) error {
	var b strings.Builder
	fmt.Fprintf(&b, "## %s\n", markdownText(t.heading()))
	for i, title := range phaseTitles {
		began := false
		for _, m := range t.Entries {
			if m.phase != phase(i) {
				continue
			}
			if !began {
				fmt.Fprintf(&b, "\n### %s\n\n", title)
				began = true
			}
			m.markdown(&b, zones)
		}
	}
	if len(t.Conflicts) > 0 {
		b.WriteString("\n### What cannot be\n\n")
	}
	for _, c := range t.Conflicts {
		fmt.Fprintf(&b, "- %s — %s\n", markdownText(c.What), code(c.Clause))
		for _, way := range c.Ways {
			fmt.Fprintf(&b, "  - %s\n", markdownText(way.Says))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// markdown writes one line, with a box where somebody has something to do.
func (m Moment) markdown(b *strings.Builder, zones []*time.Location) {
	box := "- "
	switch m.Kind {
	case isStep, isNotice, isRelease, isDisclosure, isDetails, isSet, isRecurring:
		box = "- [ ] "
	case isArrival:
		box = "- [x] "
	}
	at := "no date yet"
	if !m.At.IsZero() {
		at = m.At.Format("2006-01-02 15:04 UTC") + " (" + m.At.Format("Mon")
		for _, zone := range zones {
			at += ", " + besides(m.At, zone)
		}
		at += ")"
	}
	fmt.Fprintf(b, "%s%s — %s — %s\n", box, at, markdownText(m.titled()), code(m.Clause))
	for _, item := range m.Checklist {
		fmt.Fprintf(b, "  - [ ] %s\n", markdownText(item))
	}
}

// A word joiner after @ and # keeps a forge from making people and issues of them; it has no width.
var markdownEscapes = strings.NewReplacer(`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "<", `\<`, ">", `\>`, "|", `\|`,
	"~", `\~`, "&", `\&`, "$", `\$`, "://", ":\u2060//", "www.", "www\u2060.", "@", "@\u2060", "#", "\\#\u2060")

// markdownText is a text in one line that is no Markup of any kind.
func markdownText(text string) string { return markdownEscapes.Replace(oneLine(inert(text))) }

// code is a clause as code: it holds no backtick.
func code(clause string) string {
	if clause == "" {
		return "as the scenario says"
	}
	return "`" + strings.ReplaceAll(clause, "`", "") + "`"
}
