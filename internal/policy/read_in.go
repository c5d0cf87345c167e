package policy

import (
	"slices"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
)

// ReadsIn are the standing rules that a case falls under, once it was triaged: all that a rule names must be so.
func (p *Policy) ReadsIn(c *cvd.Case) (all []ReadIn) {
	if markedAt(c, "triaged").IsZero() || c.RM() == cvd.Closed || c.RM() == cvd.NotValid {
		return nil
	}
	for _, r := range p.Document.ReadIn {
		of := r.Component == "" || slices.ContainsFunc(c.Reports, func(x cvd.Report) bool { return strings.EqualFold(strings.TrimSpace(x.Component), r.Component) })
		in := r.Product == "" || slices.ContainsFunc(c.Lines, func(l cvd.Line) bool {
			return l.Product == r.Product && l.Status != "unknown" && l.Status != "not_affected"
		})
		if of && in && (r.Class == "" || p.atLeast(c.Severity.Class, r.Class)) {
			all = append(all, r)
		}
	}
	return all
}
