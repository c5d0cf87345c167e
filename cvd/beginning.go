package cvd

import (
	"slices"
	"time"
)

// Default is what one side wants without having talked to the other; the zero value wants no embargo.
type Default struct{ Until time.Time }

// Beginning is what two defaults make: the instant that holds at once, and the longer one that stays open as a revision.
type Beginning struct {
	Until   time.Time `json:"until,omitzero"`
	Pending time.Time `json:"pending,omitzero"`
	Sent    bool      `json:"sent,omitempty"` // whether what holds is what the sender proposed
}

// Agree is the embargo that begins with a report: what the sender proposes against what the receiver offers. Where both want
// one the shorter holds at once, and the longer is a revision to be answered.
func Agree(sender, receiver Default) Beginning {
	s, r := sender.Until, receiver.Until
	switch {
	case s.IsZero() && r.IsZero():
		return Beginning{}
	case r.IsZero():
		return Beginning{Until: s, Sent: true}
	case s.IsZero(), r.Equal(s):
		return Beginning{Until: r, Sent: !s.IsZero()}
	case s.Before(r):
		return Beginning{Until: s, Pending: r, Sent: true}
	}
	return Beginning{Until: r, Pending: s}
}

// State is the embargo that an agreement leads to from none: proposing and accepting are one act.
func (a Beginning) State() EM {
	switch {
	case a.Until.IsZero():
		return NoEmbargo
	case a.Pending.IsZero():
		return Active
	}
	return Revise
}

// Shortest is the proposal of an open list that is accepted first; ok is false when none is open. Of equal ones the earlier
// was said first.
func Shortest(all []Proposal) (p Proposal, ok bool) {
	open := InOrder(all)
	if len(open) == 0 {
		return Proposal{}, false
	}
	return open[0], true
}

// Shortest is the open proposal of a case that is answered first. What somebody proposed who is out of it by now stands in nobody's way.
func (c Case) Shortest(now time.Time) (p Proposal, ok bool) {
	return Shortest(slices.DeleteFunc(slices.Clone(c.Proposals), func(p Proposal) bool {
		by := c.Party(p.Party)
		return by != nil && c.Outside(*by, now)
	}))
}

// InOrder are the open proposals by their ends, the way in which they are answered.
func InOrder(all []Proposal) []Proposal {
	open := slices.DeleteFunc(slices.Clone(all), func(p Proposal) bool { return p.Answer != "" })
	slices.SortStableFunc(open, func(a, b Proposal) int { return a.Until.Compare(b.Until) })
	return open
}

// Stance is somebody's policy about embargoes: how long they like one, and what they bear. Zero is no bound.
type Stance struct {
	Preferred, Least, Most time.Duration
	Leaks                  bool // known not to keep quiet
}

// Bears says whether a stance takes an embargo of that length.
func (s Stance) Bears(length time.Duration) bool {
	return (s.Most == 0 || length <= s.Most) && length >= s.Least
}

// Approach is a way to bring somebody into an embargo that exists.
type Approach string

// The approaches.
const (
	InviteNow     Approach = "invite to the embargo as it is"
	InviteExtend  Approach = "invite to the embargo as it is; they may ask for an extension"
	Shorten       Approach = "shorten the embargo to what they bear"
	AcceptLonger  Approach = "get their acceptance of the longer one first"
	DelayNotice   Approach = "delay the notice until what is left is what they bear"
	LeaveOut      Approach = "leave them out"
	AtPublication Approach = "tell them at the publication"
)

// Approaches are the ways in which somebody of that stance may be told while an embargo has so long to run. Whoever bears less is not
// simply told, and whoever is known to leak hears with everybody else.
func (s Stance) Approaches(left time.Duration) []Approach {
	switch {
	case s.Leaks:
		return []Approach{AtPublication}
	case s.Most != 0 && left > s.Most:
		return []Approach{Shorten, AcceptLonger, DelayNotice, LeaveOut}
	case s.Preferred > left || s.Least > left:
		return []Approach{InviteExtend}
	}
	return []Approach{InviteNow}
}

// EarliestEnd is the embargo of matters that become one, as long as nothing else is agreed: the earliest that binds at now.
func EarliestEnd(now time.Time, all ...Embargo) (first Embargo, ok bool) {
	for _, e := range all {
		if e.Binds(now) && (!ok || e.Until.Before(first.Until)) {
			first, ok = e, true
		}
	}
	return first, ok
}

// Reveals says whether an end proposed for a part of a matter that was split comes before the one that the parts inherited: then
// somebody has to say first what it tells about the others.
func (e Embargo) Reveals(until time.Time) bool { return e.State.InForce() && until.Before(e.Until) }
