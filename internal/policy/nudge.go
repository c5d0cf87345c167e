package policy

import (
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// betweenNudges is how long the team has after a reporter reminded it, before a reporter of the case may do so again.
const betweenNudges = 24 * time.Hour

// Nudge says whether a reporter may remind the team now, or from when on.
func (p *Policy) Nudge(c cvd.Case, now time.Time) cvd.Nudge {
	n := cvd.Nudge{Last: c.NudgedAt}
	k, ok := p.reminds(c)
	if !ok || len(p.Document.Contacts.Nudge) == 0 || c.RM() == cvd.Closed || k.Due.IsZero() {
		return n
	}
	if n.From = k.Due; !c.NudgedAt.IsZero() && c.NudgedAt.Add(betweenNudges).After(k.Due) {
		n.From = c.NudgedAt.Add(betweenNudges)
	}
	n.Open = !now.Before(n.From)
	return n
}

// reminds is the clock after which a reporter may remind the team: the reminder that ends first, and where none is open the
// promise that does. A reminder that alarms is no such: it has people of its own, and rings within the hour.
func (p *Policy) reminds(c cvd.Case) (first cvd.Clock, ok bool) {
	kind, err := p.Kind(c.Kind)
	alarms := err == nil && kind.Alarm
	for _, reminder := range []bool{true, false} {
		for _, k := range openClocks(c) {
			switch {
			case k.Name == cvd.StallClock, reminder != (k.Kind == cvd.Reminder), !reminder && !k.Kind.Promise(),
				reminder && alarms && k.Until == "acknowledged":
			case !ok, first.Due.IsZero(), !k.Due.IsZero() && k.Due.Before(first.Due):
				first, ok = k, true
			}
		}
		if ok {
			break
		}
	}
	return first, ok
}

// nudging asks whether the time has come for a reporter to remind the team, and whether nobody has just done so.
func (w *weighing) nudging() {
	k, ok := w.policy.reminds(w.Case)
	last := w.Case.NudgedAt
	switch {
	case len(w.policy.Document.Contacts.Nudge) == 0:
		w.object("contacts", time.Time{}, "the policy names nobody whom a reporter may remind: write a message")
	case !ok:
		w.object("", time.Time{}, "nothing is open in this case of which somebody could be reminded")
	case k.Due.IsZero():
		w.object(k.Clause, time.Time{}, "the time after which you may remind the team has no instant at the moment")
	case w.Now.Before(k.Due):
		w.object(k.Clause, k.Due, "you may remind the team from %s on", cvd.Instant(k.Due))
	case !last.IsZero() && w.Now.Before(last.Add(betweenNudges)):
		w.object("", last.Add(betweenNudges), "the team was reminded %s: it is reminded once in 24 hours", cvd.Instant(last))
	}
}
