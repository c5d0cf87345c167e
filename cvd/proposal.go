package cvd

import "time"

// Proposal is a reporter's wish for the instant of publication, and what came of it.
type Proposal struct {
	At      time.Time
	By      ActorID
	Report  int // whose reporter, from 1
	Until   time.Time
	Because string
	Answer  string // "" while it is open; "agreed", or "another instant"
}

// Window is the time within which a matter is to be put right before it becomes public, and where it comes from.
type Window struct {
	Until  time.Time
	Origin string    // "policy": its offer; "agreed": as the reporter proposed; "project": set by it; empty: there is none
	Open   bool      // whether the asker may propose another instant
	Latest time.Time // the last one that can be agreed on; zero: there is no last one
}

// Proposing is a reporter's wish for the instant of publication. The team answers by the embargo that it sets.
type Proposing struct {
	Until   time.Time `json:"until"`
	Because string    `json:"because,omitempty"`
	Report  int       `json:"report,omitempty" readOnly:"true"`
}

func (x *Proposing) kind() string { return "proposed" }
func (x *Proposing) apply(c *Case, e *Event) {
	for i := range c.Proposals { // who proposes again takes the former wish back
		if p := &c.Proposals[i]; p.Report == x.Report && p.Answer == "" {
			p.Answer = "replaced"
		}
	}
	c.Proposals = append(c.Proposals, Proposal{At: e.At, By: e.Who, Report: x.Report, Until: x.Until, Because: x.Because})
}
func (x *Proposing) says() (string, Tier) {
	return "Proposed " + Instant(x.Until) + " for the publication", ForReporter
}

// answer notes what an embargo says to the open proposals; it tells whether one of them was taken.
func (c *Case) answer(until time.Time) (agreed bool) {
	for i := range c.Proposals {
		p := &c.Proposals[i]
		switch {
		case p.Answer != "":
		case p.Until.Equal(until):
			p.Answer, agreed = "agreed", true
		default:
			p.Answer = "another instant"
		}
	}
	return agreed
}

// Proposal is the open proposal of a case, the newest if several reporters have one; nil if there is none.
func (c Case) Proposal() *Proposal {
	for i := len(c.Proposals) - 1; i >= 0; i-- {
		if c.Proposals[i].Answer == "" {
			return &c.Proposals[i]
		}
	}
	return nil
}
