package policy

import (
	"fmt"
	"slices"

	"github.com/tipstaff/tipstaff/cvd"
)

// Misfits says why a case that began under another version cannot come under this one: what it bears has no name here. Empty:
// it can.
func (p *Policy) Misfits(c cvd.Case) []string {
	var all []string
	lacks := func(what, name string, there bool) {
		if name != "" && !there {
			all = append(all, fmt.Sprintf("there is no %s %s in it", what, name))
		}
	}
	_, err := p.Kind(c.Kind)
	lacks("kind", c.Kind, err == nil)
	lacks("track", c.Track, slices.ContainsFunc(p.Document.Tracks, func(t Track) bool { return t.Name == c.Track }))
	lacks("severity", c.Severity.Class, slices.ContainsFunc(p.Document.Severity.Classes, func(x Class) bool { return x.Name == c.Severity.Class }))
	for _, sent := range c.Notices {
		lacks("notice", sent.Name, slices.ContainsFunc(p.Document.Notices, func(n Notice) bool { return n.Name == sent.Name }))
	}
	return all
}

// dropped are the open clocks of a case that this version of the policy knows nothing of, ended by the event that brings the
// case under it.
func (p *Policy) dropped(after *cvd.Case, e *cvd.Event) []cvd.Clock {
	if e.What.Adopted == nil {
		return nil
	}
	var all []cvd.Clock
	for _, k := range after.Clocks {
		if k.Open() && !p.runs(k, after) {
			k.Replaced, k.Because = e.At, fmt.Sprintf("version %d of the policy does not promise it", p.Version)
			all = append(all, k)
		}
	}
	return all
}

// runs says whether the document has the side of a clock that a case bears, and what it is counted from here has come.
func (p *Policy) runs(k cvd.Clock, after *cvd.Case) bool {
	switch k.Name {
	case cvd.StallClock:
		return !p.Document.Stalled.Zero()
	case embargoClock, attacksClock:
		return true // an agreement is not the policy's to drop
	case eraseClock:
		return true // the rules for keeping cases are asked by eraseHand
	}
	return slices.ContainsFunc(p.Document.Clocks, func(c Clock) bool {
		side := map[cvd.ClockKind]*Within{cvd.Target: c.Target, cvd.Limit: c.Within, cvd.Reminder: c.Reminder}[k.Kind]
		return c.Name == k.Name && side != nil && (c.From == k.Anchor || !markedAt(after, c.From).IsZero())
	})
}
