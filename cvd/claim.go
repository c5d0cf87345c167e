package cvd

import (
	"slices"
	"time"
)

// Claim is the word of somebody outside the team that the matter is public, exploited or attacked. It changes nothing before
// somebody of the team confirms it: else one message would end an embargo.
type Claim struct {
	Number     int // from 1
	At         time.Time
	By         ActorID
	Report     int     // whose reporter, from 1; 0: a party
	Party      ActorID // which party; empty: a reporter
	Fact       string
	Evidence   string
	Answer     string // "" while it waits; "confirmed", "dismissed"
	AnsweredAt time.Time
	AnsweredBy ActorID
	Because    string
	DecideBy   time.Time // until when the team answers
}

// Claimed is such a word.
type Claimed struct {
	Fact     string  `json:"fact" enum:"public,exploit_public,attacks"`
	Evidence string  `json:"evidence"`
	Report   int     `json:"report,omitempty" readOnly:"true"`
	Party    ActorID `json:"party,omitempty" readOnly:"true"`

	DecideBy time.Time `json:"decide_by,omitzero" readOnly:"true"`
}

func (x *Claimed) kind() string { return "claimed" }
func (x *Claimed) apply(c *Case, e *Event) {
	c.Claims = append(c.Claims, Claim{Number: len(c.Claims) + 1, At: e.At, By: e.Who, Report: x.Report, Party: x.Party, Fact: x.Fact, Evidence: x.Evidence, DecideBy: x.DecideBy})
}
func (x *Claimed) says() (string, Tier) {
	return "Was told that it is so: " + words(x.Fact) + ". Nothing changes before somebody of the team confirms it", ForTeam
}

// Dismissed is the decision that a claim is not so.
type Dismissed struct {
	Claim   int    `json:"claim"`
	Because string `json:"because"`
}

func (x *Dismissed) kind() string            { return "claim_dismissed" }
func (x *Dismissed) apply(c *Case, e *Event) { c.answerClaim(x.Claim, "dismissed", x.Because, e) }
func (x *Dismissed) says() (string, Tier)    { return "Dismissed a claim: " + x.Because, ForTeam }
func (c *Case) answerClaim(number int, answer, because string, e *Event) {
	if k := c.Claim(number); k != nil && k.Answer == "" {
		k.Answer, k.AnsweredAt, k.AnsweredBy, k.Because = answer, e.At, e.Who, because
	}
}

// Claimed is the claim that is to be answered first; the zero Claim where none waits, or nothing is to be kept any more.
func (c *Case) Claimed() (first Claim) {
	if !c.Disclosure.At.IsZero() || c.RM() == Closed {
		return Claim{}
	}
	for _, k := range c.Claims {
		if k.Answer == "" && (first.Number == 0 || k.DecideBy.Before(first.DecideBy)) {
			first = k
		}
	}
	return first
}

// claimsOf are the claims that somebody made, as they may read them.
func (c *Case) claimsOf(who ActorID) []Claim {
	mine := slices.DeleteFunc(slices.Clone(c.Claims), func(k Claim) bool { return k.By != who })
	for i := range mine {
		mine[i].AnsweredBy = ""
	}
	return mine
}

// Claim is the claim of that number; nil if there is none.
func (c *Case) Claim(number int) *Claim {
	if number < 1 || number > len(c.Claims) {
		return nil
	}
	return &c.Claims[number-1]
}

// confirmClaims answers the open claims of a fact that is established.
func (c *Case) confirmClaims(fact string, e *Event) {
	for i := range c.Claims {
		if c.Claims[i].Fact == fact {
			c.answerClaim(i+1, "confirmed", "", e)
		}
	}
}
