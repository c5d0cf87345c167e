package policy

import (
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// A clock stands while its promise is in somebody else's hand: the reporter's, who was asked something, or nobody's, since the
// work is put off. It has no instant then. When it goes on it ends as much later as it stood, counted in working time where
// the promise is. What is late already stays late.

// carry keeps what moved a clock before, as long as it is counted from the same instant: how long it stood, and by how much
// somebody made it longer. A new class is a new promise, which nobody made longer.
func (h *hand) carry(now, old *cvd.Clock, works bool) {
	now.Stood, now.Times, now.Paused = old.Stood, old.Times, old.Paused
	if now.Class == old.Class {
		now.To = old.To
	}
	if x := h.e.What.Extended; x != nil && x.Clock == h.Name && h.kind == h.promise() {
		now.To, now.Stood, now.Times, now.Because = x.Until, 0, old.Times+1, "it was made longer"
	}
	if !now.To.IsZero() {
		now.Due = now.To
	}
	now.Due = h.later(now.Due, now.Stood, works)
}

// pause stops a clock that has to stand, and lets one go on that has not.
func (h *hand) pause(now *cvd.Clock, works bool) {
	stands := h.stands()
	switch {
	case stands != "" && now.Paused.IsZero() && now.Due.After(h.e.At):
		now.Paused = h.e.At
	case stands == "" && !now.Paused.IsZero():
		stood := h.between(now.Paused, h.e.At, works)
		now.Due = h.later(now.Due, stood, works)
		now.Stood, now.Paused, now.Because = now.Stood+stood, time.Time{}, "it goes on, after it stood since "+cvd.Instant(now.Paused)
	}
	if !now.Paused.IsZero() {
		now.Due, now.Waits, now.Because = time.Time{}, "", stands
	}
}

// stands says why the clock stands, "" if it runs.
func (h *hand) stands() string {
	for _, why := range h.Pause {
		switch {
		case why == "question" && asked(*h.after):
			return "it stands while a question to the reporter is open"
		case why == "deferred" && h.after.RM() == cvd.Deferred:
			return "it stands while the work is put off"
		}
	}
	return ""
}

// later is an instant so much later, in working time where works.
func (h *hand) later(t time.Time, by time.Duration, works bool) time.Time {
	switch {
	case t.IsZero() || by <= 0:
		return t
	case works:
		return h.p.WorkTime(h.Calendar).addWorked(t, by)
	}
	return t.Add(by)
}

// between is the time from one instant to another, in working time where works.
func (h *hand) between(from, to time.Time, works bool) time.Duration {
	if works {
		return h.p.WorkTime(h.Calendar).worked(from, to)
	}
	return max(to.Sub(from), 0)
}

// worked is the working time between two instants.
func (c *WorkTime) worked(from, to time.Time) (sum time.Duration) {
	c = c.orOrdinary()
	for d := dayIn(from, c.zone); d <= dayIn(to, c.zone); d++ {
		if !c.works(d) {
			continue
		}
		begin, end := c.opens(d), c.closes(d)
		if from.After(begin) {
			begin = from
		}
		if to.Before(end) {
			end = to
		}
		sum += max(end.Sub(begin), 0)
	}
	return sum
}

// addWorked is the instant by which so much working time has passed.
func (c *WorkTime) addWorked(t time.Time, by time.Duration) time.Time {
	c = c.orOrdinary()
	t = c.Next(t)
	d := dayIn(t, c.zone)
	for range farthest {
		today := c.closes(d).Sub(t)
		if by <= today {
			break
		}
		by -= max(today, 0)
		d = c.after(d)
		t = c.opens(d)
	}
	return t.Add(by).UTC()
}
