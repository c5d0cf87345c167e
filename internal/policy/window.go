package policy

import (
	"slices"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// Window is the time until a matter becomes public, and where it comes from: an embargo that the reporter proposed, one that
// the project set, or what the policy offers as long as nobody has agreed on anything.
func (p *Policy) Window(c cvd.Case, now time.Time) cvd.Window {
	rule := p.Document.Embargo
	switch {
	case c.Embargo.Binds(now) && c.Embargo.Agreed:
		return cvd.Window{Until: c.Embargo.Until, Origin: "agreed"}
	case c.Embargo.Binds(now):
		return cvd.Window{Until: c.Embargo.Until, Origin: "project"}
	case c.Embargo.State == cvd.Exited, rule.Offer.Zero(), !concerns(rule.Tracks, c.Track), !c.CS.Quiet(), !c.Disclosure.At.IsZero():
		return cvd.Window{}
	case c.RM() == cvd.Closed, c.RM() == cvd.NotValid:
		return cvd.Window{}
	}
	from := c.OpenedAt
	if rule.From != "" {
		from = markedAt(&c, rule.From)
	}
	if from.IsZero() || from.After(now) { // nobody knows yet
		return cvd.Window{}
	}
	return cvd.Window{Until: rule.Offer.Add(from), Origin: "policy"}
}

// proposal asks whether an instant may be proposed: where an embargo could be set, and within the longest one.
func (w *weighing) proposal() {
	w.embargo()
	x := w.What.Proposing
	if x == nil {
		return
	}
	if !x.Until.After(w.Now) {
		w.object("", time.Time{}, "%s is past: propose an instant that lies ahead", cvd.Instant(x.Until))
	}
	if latest := w.policy.Longest(w.Case, w.Now); !latest.IsZero() && x.Until.After(latest) {
		w.object("embargo.longest", time.Time{}, "the project keeps nothing back for longer than %s: propose an instant until %s",
			w.policy.Document.Embargo.Longest.Words(), cvd.Instant(latest))
	}
	w.tooShort(x.Until, w.Now)
}

// tooShort asks whether an end that was proposed then leaves the time that the policy asks for at least.
func (w *weighing) tooShort(until, then time.Time) {
	if first := w.policy.Earliest(w.Case, then); !first.IsZero() && until.Before(first) {
		w.object("embargo.least", time.Time{}, "an embargo lasts at least %s from its proposal on: from %s here",
			w.policy.Document.Embargo.Least.Words(), cvd.Instant(first))
	}
}

// Earliest is the first end of an embargo that can be agreed on if it is proposed then, zero if the policy knows none. In an
// emergency nobody waits.
func (p *Policy) Earliest(c cvd.Case, then time.Time) time.Time {
	if p.Document.Embargo.Least.Zero() || c.Emergency() {
		return time.Time{}
	}
	return p.Document.Embargo.Least.Add(then)
}

// Longest is the last instant that an embargo of a case could have, zero if the policy knows no longest.
func (p *Policy) Longest(c cvd.Case, now time.Time) time.Time {
	longest := p.Document.Embargo.Longest
	if longest.Zero() {
		return time.Time{}
	}
	since := c.Marked("embargoed") // extensions count from the first, or they would have no end
	if from := p.Document.Embargo.From; from != "" {
		since = markedAt(&c, from)
	}
	if since.IsZero() {
		since = now
	}
	return longest.Add(since)
}

// EmbargoAfter says what a fact about the world does to an embargo: it ends with what the policy lists, by default with what
// makes the matter or an exploit public. "" is a fact that says nothing of it.
func (p *Policy) EmbargoAfter(fact string) string {
	ends := p.Document.Embargo.Ends
	switch {
	case len(ends) == 0 || fact != "public" && fact != "exploit_public" && fact != "attacks":
		return ""
	case slices.Contains(ends, fact):
		return "ends"
	}
	return "holds"
}
