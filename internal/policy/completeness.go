package policy

import (
	"slices"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
)

// Completeness is how much a report tells of what helps to understand it: what is there, of what the form asks about the
// matter itself, and what is still missing. Nobody is refused for it.
type Completeness struct {
	There, Of int
	Missing   []string // titles, in the order of the form
}

// Percent is the score in percent.
func (c Completeness) Percent() int {
	if c.Of == 0 {
		return 100
	}
	return c.There * 100 / c.Of
}

// matter are the questions about the matter itself; the rest are about people and publication.
var matter = []string{"severity", "component", "version", "impact", "steps", "expected", "environment", "evidence"}

// enough is how many characters a description has that says what is wrong and what it lets somebody do.
const enough = 80

// Complete counts what a report tells.
func (p *Policy) Complete(r *cvd.Report) Completeness {
	var out Completeness
	kind, _ := p.Kind(r.Kind)
	count := func(title string, there bool) {
		if out.Of++; there {
			out.There++
			return
		}
		out.Missing = append(out.Missing, title)
	}
	count("A description that says what is wrong and what it lets somebody do", len(strings.TrimSpace(r.Description)) >= enough)
	for _, f := range p.Document.Form.Fields {
		if !concerns(f.Kinds, kind.Name) || !slices.Contains(matter, f.Name) && !f.Required && !slices.Contains(kind.Needs, f.Name) {
			continue
		}
		_, text := answer(f.Name, r)
		count(f.Title, strings.TrimSpace(text) != "" || f.Name == "evidence" && len(r.Attachments) > 0)
	}
	return out
}
