package policy

import (
	"slices"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// A report in a case that was over, closed or found not valid, begins a new round: what was reached before says nothing of it.

// roundOf is the instant at which the current round began; zero in the first.
func roundOf(c *cvd.Case) time.Time {
	for i := len(c.Reports) - 1; i > 0; i-- {
		if len(c.Reports[i].Came) > 0 { // it came with another case and begins nothing
			continue
		}
		if rm := c.Reports[i-1].RM; rm == cvd.Closed || rm == cvd.NotValid {
			return c.Reports[i].At
		}
	}
	return time.Time{}
}

// markedAt is when a mark was reached in the current round, zero if it was not. It may lie ahead: events of the project
// are dated before they come.
func markedAt(c *cvd.Case, mark string) time.Time {
	if at := c.Round[mark]; !at.IsZero() || !slices.Contains(events, mark) {
		return at
	}
	return c.Marks[mark]
}

// reached says whether a mark was reached by an instant.
func reached(c cvd.Case, mark string, now time.Time) bool {
	at := markedAt(&c, mark)
	return !at.IsZero() && !at.After(now)
}
