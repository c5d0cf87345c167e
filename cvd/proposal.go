package cvd

import (
	"fmt"
	"slices"
	"time"
)

// Proposal is a wish of one who takes part for the end of the embargo, and what came of it.
type Proposal struct {
	Number     int // within the case, from 1; in a view, among those that the asker sees
	At         time.Time
	By         ActorID
	Report     int     // whose reporter, from 1; 0: not a reporter
	Party      ActorID // which party; empty: not a party
	Until      time.Time
	Terms      string
	Because    string
	AnswerBy   time.Time // until when an answer is waited for
	Answer     string    // "" while it is open; agreed, rejected, another instant, replaced, withdrawn, over
	AnsweredAt time.Time
	Why        string // why it was rejected
	Answers    []Answer
	Asks       bool // for a revision of what holds, which nobody of the team has taken up: until then what holds goes on
}

// Open says whether a proposal waits for its answer.
func (p Proposal) Open() bool { return p.Answer == "" }

// Answer is what one who takes part says to a proposal; the project decides.
type Answer struct {
	By      ActorID
	At      time.Time
	Agrees  bool
	Because string
}

// AnswerOf is what somebody said to a proposal; nil if nothing.
func (p Proposal) AnswerOf(who ActorID) *Answer {
	if i := slices.IndexFunc(p.Answers, func(a Answer) bool { return a.By == who }); i >= 0 {
		return &p.Answers[i]
	}
	return nil
}

// Window is the time within which a matter is to be put right before it becomes public, and where it comes from.
type Window struct {
	Until  time.Time
	Origin string    // "policy": its offer; "agreed": as the reporter proposed; "project": set by it; empty: there is none
	Open   bool      // whether the asker may propose another instant
	Latest time.Time // the last one that can be agreed on; zero: there is no last one
	First  time.Time // the first one that can be, if it is proposed now; zero: there is no first one
}

// Proposing is a wish for the end of the embargo, and with it for the instant of publication: the first opens a negotiation, the
// next is a counter-proposal, and while an embargo holds it asks for a revision or an extension.
type Proposing struct {
	Until    time.Time `json:"until"`
	Because  string    `json:"because,omitempty"`
	Terms    string    `json:"terms,omitempty"`
	AnswerBy time.Time `json:"answer_by,omitzero"` // until when an answer is asked for; the policy knows the least
	Report   int       `json:"report,omitempty" readOnly:"true"`
	Party    ActorID   `json:"party,omitempty" readOnly:"true"`
	Asks     bool      `json:"asks,omitempty" readOnly:"true"` // it brings nothing under revision before the team takes it up
}

func (x *Proposing) kind() string { return "proposed" }
func (x *Proposing) apply(c *Case, e *Event) {
	for i := range c.Proposals { // who proposes again takes the former wish back
		if p := &c.Proposals[i]; p.Report == x.Report && p.Party == x.Party && p.Open() {
			p.Answer, p.AnsweredAt = "replaced", e.At
		}
	}
	c.propose(Proposal{At: e.At, By: e.Who, Report: x.Report, Party: x.Party, Until: x.Until, Terms: x.Terms, Because: x.Because, AnswerBy: x.AnswerBy, Asks: x.Asks})
	if x.Asks {
		c.settle() // a wish that it replaces may have been the last that kept a revision open
	}
}
func (x *Proposing) says() (string, Tier) {
	line := "Proposed " + Instant(x.Until) + " for the publication"
	if x.Party != "" {
		return line, ForTeam
	}
	return line, ForReporter
}

// Accepting is an agreement to a proposal. The project's decides, and so does the last one that the project's own proposal waited
// for; any other is the word of one who takes part, for this proposal or for the terms that hold.
type Accepting struct {
	Proposal int       `json:"proposal,omitempty"` // its number; without one, the terms that hold, else the shortest proposal
	Decides  bool      `json:"decides,omitempty" readOnly:"true"`
	Joins    bool      `json:"joins,omitempty" readOnly:"true"`    // the terms of the proposal hold: who accepts is bound
	Outdated bool      `json:"outdated,omitempty" readOnly:"true"` // those terms held once: who accepts is asked about today's
	Keeps    bool      `json:"keeps,omitempty" readOnly:"true"`    // a revision of terms that who accepts had signed: bound either way, they go on reading
	Until    time.Time `json:"until,omitzero" readOnly:"true"`
	AnswerBy time.Time `json:"answer_by,omitzero" readOnly:"true"`
}

func (x *Accepting) kind() string { return "accepted" }
func (x *Accepting) apply(c *Case, e *Event) {
	switch {
	case x.Outdated:
		c.consent(e.Who, AskConsent, x.AnswerBy)
	case x.Joins:
		c.sign(e.Who)
	default:
		c.say(x.Proposal, Answer{By: e.Who, At: e.At, Agrees: true})
		if x.Keeps {
			c.consent(e.Who, GiveConsent, time.Time{})
		}
	}
	if x.Decides {
		c.takeUp(e, x.Proposal, "", x.AnswerBy)
	}
}
func (x *Accepting) says() (string, Tier) {
	switch {
	case x.Decides:
		return "Agreed on the embargo until " + Instant(x.Until), ForReporter
	case x.Outdated:
		return "Agreed to terms that no longer hold, and is asked about those that do", ForTeam
	}
	return "Agreed to the embargo until " + Instant(x.Until), ForTeam
}

// Rejecting is a refusal of a proposal, or by one who takes part of the terms that hold.
type Rejecting struct {
	Proposal int       `json:"proposal,omitempty"` // its number; without one, the only open proposal, else the terms that hold
	Because  string    `json:"because"`
	Decides  bool      `json:"decides,omitempty" readOnly:"true"`
	Refuses  bool      `json:"refuses,omitempty" readOnly:"true"` // the terms that hold
	Dropped  []int     `json:"dropped,omitempty" readOnly:"true"` // longer revisions that fall with it
	Until    time.Time `json:"until,omitzero" readOnly:"true"`
}

func (x *Rejecting) kind() string { return "rejected" }
func (x *Rejecting) apply(c *Case, e *Event) {
	if x.Refuses {
		c.consent(e.Who, DenyConsent, time.Time{})
		return
	}
	if !x.Decides {
		c.say(x.Proposal, Answer{By: e.Who, At: e.At, Because: x.Because})
		return
	}
	answer := "rejected"
	if p := c.ProposalOf(x.Proposal); p != nil && p.By == e.Who && e.Who != Tipstaff(c.Project).ID {
		answer = "withdrawn"
	}
	for _, n := range append([]int{x.Proposal}, x.Dropped...) {
		if p := c.ProposalOf(n); p != nil && p.Open() {
			p.Answer, p.AnsweredAt = answer, e.At
			if n == x.Proposal { // the others may be seen by who may not know of this one
				p.Why = x.Because
			}
		}
	}
	c.settle()
}
func (x *Rejecting) says() (string, Tier) {
	switch {
	case x.Decides:
		return fmt.Sprintf("Did not agree to an embargo until %s: %s", Instant(x.Until), x.Because), ForReporter
	case x.Refuses:
		return "Declined the embargo: " + x.Because, ForTeam
	}
	return fmt.Sprintf("Would not agree to an embargo until %s: %s", Instant(x.Until), x.Because), ForTeam
}

// ProposalOf is the proposal of that number; nil if there is none.
func (c *Case) ProposalOf(number int) *Proposal {
	if i := slices.IndexFunc(c.Proposals, func(p Proposal) bool { return p.Number == number }); i >= 0 { // a guest knows some of them
		return &c.Proposals[i]
	}
	return nil
}

// Proposal is the open proposal of a case, the newest if several have one; nil if there is none.
func (c Case) Proposal() *Proposal {
	for i := len(c.Proposals) - 1; i >= 0; i-- {
		if c.Proposals[i].Open() {
			return &c.Proposals[i]
		}
	}
	return nil
}

// Silence is the next instant at which a proposal is refused because nobody answered it, zero if none will be.
func (c Case) Silence() (next time.Time) {
	for _, p := range c.Proposals {
		if p.Open() && !p.AnswerBy.IsZero() && (next.IsZero() || p.AnswerBy.Before(next)) {
			next = p.AnswerBy
		}
	}
	return next
}

// Unanswered is the refusal of a proposal by silence: of the first that nobody answered in its time. Nil if none is due.
func (c Case) Unanswered(now time.Time) *Rejecting {
	for _, p := range c.Proposals {
		if p.Open() && !p.AnswerBy.IsZero() && now.After(p.AnswerBy) {
			return &Rejecting{Proposal: p.Number, Decides: true, Until: p.Until, Because: "nobody answered by " + Instant(p.AnswerBy)}
		}
	}
	return nil
}

// Negotiation is what one who takes part sees of the proposals: their own and the project's, numbered among themselves, without who
// of the project it was or what others said. What others proposed reaches them when the project takes it up.
func (c Case) Negotiation(who Actor) []Proposal {
	var mine []Proposal
	for _, n := range c.Negotiated(who) {
		p := *c.ProposalOf(n)
		if p.By != who.ID {
			p.By, p.Because, p.Report, p.Party = "", "", 0, ""
		}
		p.Number = len(mine) + 1
		p.Answers = slices.DeleteFunc(slices.Clone(p.Answers), func(a Answer) bool { return a.By != who.ID })
		mine = append(mine, p)
	}
	return mine
}

// bargaining are the events without those about a proposal that is not for an actor to know: what somebody else wished for, and why
// it was refused.
func (c Case) bargaining(events []Event, who Actor) []Event {
	known := c.Negotiated(who)
	return slices.DeleteFunc(slices.Clone(events), func(e Event) bool {
		switch x, y := e.What.Proposing, e.What.Rejecting; {
		case x != nil:
			return !slices.ContainsFunc(known, func(n int) bool {
				p := c.ProposalOf(n)
				return p.By == e.Who && p.At.Equal(e.At) && p.Until.Equal(x.Until)
			})
		case y != nil && y.Proposal > 0:
			return !slices.Contains(known, y.Proposal)
		}
		return false
	})
}

// Negotiated are the numbers within the case of what Negotiation shows, in the order in which it came into sight: what one saw as
// the second proposal stays the second.
func (c Case) Negotiated(who Actor) (numbers []int) {
	since := map[int]time.Time{}
	for _, p := range c.Proposals {
		switch {
		case p.By == who.ID, p.Report == 0 && p.Party == "":
			since[p.Number] = p.At
		case p.Answer == "agreed": // it became the terms
			since[p.Number] = p.AnsweredAt
		default:
			continue
		}
		numbers = append(numbers, p.Number)
	}
	slices.SortStableFunc(numbers, func(a, b int) int { return since[a].Compare(since[b]) })
	return numbers
}

// Unanimous says whether everybody who is asked has agreed to a proposal once one more has.
func (c Case) Unanimous(p Proposal, more ActorID) bool {
	for _, s := range c.signers() {
		if a := p.AnswerOf(s.id); s.id != more && (a == nil || !a.Agrees) {
			return false
		}
	}
	return true
}
