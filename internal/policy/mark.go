package policy

import (
	"slices"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// A report in a case that was over, closed or found not valid, begins a new round: what was reached before says nothing of it.

// roundOf is the instant at which the current round began; zero in the first.
func roundOf(c *cvd.Case) time.Time {
	for i := len(c.Reports) - 1; i > 0; i-- {
		if rm := c.Reports[i-1].RM; rm == cvd.Closed || rm == cvd.NotValid {
			return c.Reports[i].At
		}
	}
	return time.Time{}
}

// markedAt is when a mark was reached in the current round, zero if it was not. It may lie ahead: events of the project
// are dated before they come.
func markedAt(c *cvd.Case, mark string) time.Time {
	at := c.Marks[mark]
	round := roundOf(c)
	if round.IsZero() {
		return at
	}
	if !at.IsZero() && !at.Before(round) || slices.Contains(events, mark) {
		return at
	}
	if again := markedAgain(c, mark); !again.Before(round) {
		return again
	}
	return time.Time{}
}

// reached says whether a mark was reached by an instant.
func reached(c cvd.Case, mark string, now time.Time) bool {
	at := markedAt(&c, mark)
	return !at.IsZero() && !at.After(now)
}

// markedAgain reads from the state of a case when a mark was last reached, since Marks keeps the first time only.
func markedAgain(c *cvd.Case, mark string) time.Time {
	if kind, notice, ok := strings.Cut(mark, ":"); ok {
		return noticeMark(c, kind+":", notice)
	}
	switch mark {
	case "received":
		return c.Current().At
	case "validated":
		if rm := c.RM(); rm == cvd.Valid || rm == cvd.Accepted || rm == cvd.Deferred {
			return c.Current().At // the instant itself is not kept; it is not before the report
		}
	case "prioritised":
		if c.RM() == cvd.Accepted {
			return c.Current().At
		}
	case "triaged":
		return c.Severity.At
	case "disclosed", cvd.MarkPublic:
		return c.Disclosure.At
	case cvd.MarkAnalysed:
		return analysedAt(c)
	case cvd.MarkFixReady:
		return linesAt(c, func(l cvd.Line) (time.Time, bool) { return l.ChangedAt, l.Settled() })
	case cvd.MarkReleased:
		return linesAt(c, func(l cvd.Line) (time.Time, bool) {
			return l.Release, l.Settled() && l.Status != "patched"
		})
	}
	return time.Time{}
}

func noticeMark(c *cvd.Case, kind, notice string) (at time.Time) {
	i := slices.IndexFunc(c.Notices, func(n cvd.Notice) bool { return n.Name == notice })
	if i < 0 {
		return time.Time{}
	}
	n := c.Notices[i]
	switch kind {
	case cvd.MarkNotified:
		return n.At
	case cvd.MarkDelivered:
		at, _ = n.Everywhere()
	case cvd.MarkFirst:
		for _, each := range n.Delivered {
			if at.IsZero() || each.Before(at) {
				at = each
			}
		}
	}
	return at
}

// analysedAt is when the last section of the analysis was written, zero while one is missing.
func analysedAt(c *cvd.Case) (last time.Time) {
	for _, name := range cvd.AnalysisSections {
		i := slices.IndexFunc(c.Sections, func(s cvd.Section) bool { return s.Name == name })
		if i < 0 {
			return time.Time{}
		}
		if at := c.Sections[i].At; at.After(last) {
			last = at
		}
	}
	return last
}

// linesAt is the last instant of the lines if all of them pass, else zero.
func linesAt(c *cvd.Case, pass func(cvd.Line) (time.Time, bool)) (last time.Time) {
	for _, l := range c.Lines {
		at, ok := pass(l)
		if !ok {
			return time.Time{}
		}
		if at.After(last) {
			last = at
		}
	}
	return last
}
