package policy

import (
	"slices"

	"github.com/tipstaff/tipstaff/cvd"
)

// stall is the clock of a case that stands still, if an event starts, moves or stops it. Whatever somebody does starts it anew;
// what the program notes by itself does not, or the reminder would count as work. It runs while somebody is expected to act.
func (p *Policy) stall(after *cvd.Case, e *cvd.Event) (now cvd.Clock, changed bool) {
	if p.Document.Stalled.Zero() {
		return cvd.Clock{}, false
	}
	i := slices.IndexFunc(after.Clocks, func(k cvd.Clock) bool { return k.Name == cvd.StallClock })
	if rm := after.RM(); rm == cvd.Closed || rm == cvd.NotValid || rm == cvd.Deferred {
		if i < 0 || !after.Clocks[i].Open() {
			return cvd.Clock{}, false
		}
		now = after.Clocks[i]
		now.Replaced, now.Because = e.At, "the report is "+rm.Word()
		return now, true
	}
	if e.Who == cvd.Tipstaff(e.Project).ID || e.What.Nudged != nil { // nor is it work that a reporter asks for some
		return cvd.Clock{}, false
	}
	from := e.At
	if e.What.Adopted != nil && i >= 0 { // to move a case is no work on it
		from = after.Clocks[i].From
	}
	return cvd.Clock{Name: cvd.StallClock, Kind: cvd.Reminder, Clause: "stalled", Anchor: "changed", From: from, Due: p.Document.Stalled.Add(from)}, true
}

// stallWords is the promise in a sentence, "" if there is none.
func (d *Document) stallWords() string {
	if d.Stalled.Zero() {
		return ""
	}
	return "When nothing has happened in an open case for " + d.Stalled.Words() + ", we are reminded of it."
}
