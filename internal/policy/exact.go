package policy

import (
	"slices"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// A wait with a tolerance is exact: what it holds back has to follow so soon after its end. That is a promise like any other,
// and has a clock though the document writes none: from the mark that the wait is counted from, until the step's own. So has
// the time within which a bounty is decided.

// window is a promise that stands elsewhere than under clocks.
type window struct {
	clock  Clock
	clause string
	r      *Requirement // the exact wait, if it is one
}

// bountyClock is the name of the clock that a bounty is decided by.
const bountyClock = "bounty"

// exact are the exact waits of the document, and the time for its bounty.
func (p *Policy) exact() (all []window) {
	if b := p.Document.Bounty; b != nil && !b.Within.Zero() {
		all = append(all, window{clause: "bounty.within", clock: Clock{Name: bountyClock, Title: "Bounty", From: b.After, Until: "rewarded",
			Within: &Within{All: b.Within}}})
	}
	for i := range p.Document.Steps {
		s := &p.Document.Steps[i]
		for j := range s.Requires {
			r := &s.Requires[j]
			if r.Wait == nil || r.Wait.Tolerance.Zero() {
				continue
			}
			length := r.Wait.For.plus(r.Wait.Tolerance)
			all = append(all, window{r: r, clause: "steps." + s.Step + ".requires." + r.Name, clock: Clock{Name: s.Step + "_" + r.Name + "_window",
				Title: r.Says + ", and not later than " + r.Wait.Tolerance.Words() + " after that", From: r.Wait.Mark(), Until: lastMark(s.Step),
				Within: &Within{All: length}, Calendar: r.Wait.Calendar}})
		}
	}
	return all
}

func (d Duration) plus(e Duration) Duration {
	return Duration{Months: d.Months + e.Months, Exact: d.Exact + e.Exact, WorkingDays: d.WorkingDays + e.WorkingDays, WorkingHours: d.WorkingHours + e.WorkingHours}
}

// lastMark is the mark that says that a step is done for the whole case.
func lastMark(step string) string {
	s, ok := stepNamed(step)
	switch {
	case step == "disclose":
		return "disclosed"
	case !ok:
		return ""
	}
	return s.marks[len(s.marks)-1]
}

// windows are the clocks of exact waits that an event opened, moved, met or ended.
func (p *Policy) windows(before, after *cvd.Case, e *cvd.Event) (moved []cvd.Clock) {
	for _, x := range p.exact() {
		h := hand{Clock: &x.clock, p: p, clause: x.clause, kind: cvd.Limit, within: x.clock.Within, before: before, after: after, e: e}
		if x.r != nil {
			h.since = func(c *cvd.Case) time.Time { return p.since(c, x.r.Wait) }
			h.asked = func(c *cvd.Case) bool {
				w := weighing{Ask: &Ask{Case: *c, Now: e.At}, policy: p, facts: p.factsOf(*c, e.At)}
				return w.applies(x.r) && !w.lifted(x.clause)
			}
		}
		if now, changed := h.turn(); changed {
			moved = append(moved, now)
		}
	}
	return moved
}

// ruleOf is the rule that a running clock follows, as the document or an exact wait has it.
func (p *Policy) ruleOf(k cvd.Clock) (Clock, bool) {
	if i := slices.IndexFunc(p.Document.Clocks, func(rule Clock) bool { return rule.Name == k.Name }); i >= 0 {
		return p.Document.Clocks[i], true
	}
	for _, x := range p.exact() {
		if x.clock.Name == k.Name {
			return x.clock, true
		}
	}
	return Clock{}, false
}
