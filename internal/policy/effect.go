package policy

import (
	"slices"

	"github.com/tipstaff/tipstaff/cvd"
)

// Effects are what would follow from something that happens to a case, in sentences: the embargo, who sees the case, its
// severity, the promises, and what is no longer asked for or is from then on. Nothing happens by asking.
func (p *Policy) Effects(a Ask) (says []string) {
	e := cvd.Event{Project: a.Case.Project, Case: a.Case.ID, Rev: a.Case.Rev + 1, At: a.Now, Who: a.Who.ID, Policy: p.Version, What: a.What}
	e.Clocks = p.Clocks(a.Case, cvd.Fold(a.Case, e), e)
	before, after := a.Case, cvd.Fold(a.Case, e)
	if before.Embargo.Binds(a.Now) && !after.Embargo.Binds(a.Now) {
		says = append(says, "The embargo ends at once. It was to hold until "+cvd.Instant(before.Embargo.Until)+".")
	}
	if m := after.Embargo; !m.DecideBy.IsZero() && !m.DecideBy.Equal(before.Embargo.DecideBy) {
		says = append(says, "The embargo holds until "+cvd.Instant(m.Until)+". Whether it is kept or ended because of this must be said by "+cvd.Instant(m.DecideBy)+".")
	}
	if !before.Emergency() && after.Emergency() && after.Embargo.State.InForce() {
		says = append(says, "Whoever is asked about the embargo from then on may be given any time to answer, however short (embargo.answer_least).")
	}
	switch {
	case before.Public && !after.Public:
		says = append(says, "Strangers no longer see the case. What they saw counts as known, and is kept on the record.")
	case !before.Public && after.Public:
		says = append(says, "Everybody can read the case from then on.")
	}
	if x, due := p.Raise(after, a.Now); due {
		class, _ := p.Class(x.Class)
		says = append(says, "The severity is raised to "+class.Title+" ("+x.Clause+").")
	}
	says = append(says, p.clockEffects(before, e.Clocks)...)
	return append(says, p.gateEffects(before, after, a)...)
}

// clockEffects are the promises that begin, end or move.
func (p *Policy) clockEffects(before cvd.Case, moved []cvd.Clock) (says []string) {
	for _, k := range moved {
		i := slices.IndexFunc(before.Clocks, func(old cvd.Clock) bool { return old.Key() == k.Key() })
		ran := i >= 0 && before.Clocks[i].Open()
		title := "“" + p.ClockTitle(k) + "”"
		switch {
		case !k.Kind.Promise():
		case ran && k.Open() && !k.Due.IsZero() && !k.Due.Equal(before.Clocks[i].Due):
			says = append(says, title+" is promised until "+cvd.Instant(k.Due)+".")
		case ran && !k.Replaced.IsZero():
			says = append(says, title+" is no longer promised: "+k.Because+".")
		case !ran && k.Open() && !k.Due.IsZero():
			says = append(says, title+" is promised from then on, until "+cvd.Instant(k.Due)+".")
		}
	}
	return says
}

// requirementWords are what a requirement of a step says, without what it lacks at the moment.
func (p *Policy) requirementWords(o cvd.Objection) string {
	for _, s := range p.Document.Steps {
		for _, r := range s.Requires {
			if o.Clause == "steps."+s.Step+".requires."+r.Name {
				return r.Says
			}
		}
	}
	return o.Says
}

// gateEffects are the requirements that no longer stand in the way of a step, and those that do from then on.
func (p *Policy) gateEffects(before, after cvd.Case, a Ask) (says []string) {
	open := func(c cvd.Case, step string) []cvd.Objection {
		w := weighing{Ask: &Ask{Case: c, Who: a.Who, Step: step, Now: a.Now, Roster: a.Roster, Wholes: a.Wholes}, policy: p, facts: p.factsOf(c, a.Now)}
		w.requirements("steps."+step, p.stepRule(step).Requires)
		return w.found
	}
	without := func(all, others []cvd.Objection, lead string) {
		for _, o := range all {
			if !slices.ContainsFunc(others, func(x cvd.Objection) bool { return x.Clause == o.Clause }) {
				says = append(says, lead+p.requirementWords(o)+" ("+o.Clause+").")
			}
		}
	}
	for _, s := range p.Document.Steps {
		was, is := open(before, s.Step), open(after, s.Step)
		without(was, is, "No longer in the way: ")
		without(is, was, "In the way from then on: ")
	}
	return says
}
