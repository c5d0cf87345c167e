package cvd

import "time"

// Exposure is a time in which strangers saw a case that was found sensitive afterwards, and what they saw at its end.
type Exposure struct {
	From, Until time.Time
	Seen        Shown
}

// withdraw takes a case out of the public's sight. What was open to everybody counts as known: it is treated as a leak, and
// what people saw is kept.
func (c *Case) withdraw(e *Event, seen *Shown) {
	if !c.Public {
		return
	}
	c.Exposed = append(c.Exposed, Exposure{From: c.OpenSince, Until: e.At, Seen: *seen})
	c.Public, c.CS.Public = false, true
	c.mark(MarkPublic, e.At)
	c.endEmbargo(e.At, "leaked")
}
