package cvd

import "time"

// Leak is that a matter got out before its time through somebody who knew of it.
type Leak struct {
	At       time.Time
	By       ActorID // who recorded it
	Party    ActorID // who let it out; empty where nobody knows
	Evidence string
}

// emergency applies what an observation does besides saying a fact: a leak, dates given in the same act, and a release that
// moves with it. The notices that it orders besides are events of their own.
func (x *Observed) emergency(c *Case, e *Event) {
	if x.Cause == "leak" {
		c.Leaks = append(c.Leaks, Leak{At: e.At, By: e.Who, Party: x.Party, Evidence: x.Evidence})
	}
	for _, d := range x.Dates {
		d.apply(c, e)
	}
	if x.Slip != nil {
		x.Slip.apply(c, e)
	}
}
