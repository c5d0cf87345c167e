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

// Later is a promise that a law demands and that has not begun: what it is counted from has not happened.
type Later struct {
	Title, Clause, Law string
	From               string // what it is counted from, as people call it
	Within             string // how long it is: "14 days"; empty where that hangs on the severity
}

// Later are the promises that laws demand of a case and that wait for their beginning.
func (p *Policy) Later(c cvd.Case) (all []Later) {
	for i := range p.Document.Clocks {
		k := &p.Document.Clocks[i]
		if k.Law == "" || !concerns(k.Tracks, c.Track) || !concerns(k.Kinds, c.Kind) || !markedAt(&c, k.From).IsZero() {
			continue
		}
		x := Later{Title: k.Title, Clause: "clocks." + k.Name, Law: k.Law, From: p.EventTitle(k.From)}
		if s := k.sides(); len(s) > 0 && len(s[0].within.ByClass) == 0 {
			x.Within = s[0].within.All.Words()
		}
		all = append(all, x)
	}
	return all
}
