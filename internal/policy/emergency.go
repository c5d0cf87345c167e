package policy

import (
	"slices"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// Come are the contingencies that a case meets now by their predicates: while one holds, the clauses that it lifts stand in nobody's
// way.
func (p *Policy) Come(c cvd.Case, now time.Time) (all []Contingency) {
	f := p.factsOf(c, now)
	for _, x := range p.Document.Contingencies {
		if x.When != "" && p.holds(x.When, &f, false) {
			all = append(all, x)
		}
	}
	return all
}

// Awareness are the milestones that mean that the project became aware of something from which a law counts. They are dated by
// people: the law counts from the first reliable evidence, not from when it was written down.
func (p *Policy) Awareness() []Milestone {
	return slices.DeleteFunc(slices.Clone(p.Document.Milestones), func(m Milestone) bool { return m.Is != "awareness" })
}

// Fitting are the notices that a case could get on its track.
func (p *Policy) Fitting(c cvd.Case) []Notice {
	return slices.DeleteFunc(slices.Clone(p.Document.Notices), func(n Notice) bool { return !concerns(n.Tracks, c.Track) })
}

// Law is what demands a clock, "" if nothing but the project's own word does.
func (p *Policy) Law(k cvd.Clock) string {
	if rule, ok := p.ruleOf(k); ok {
		return rule.Law
	}
	return ""
}
