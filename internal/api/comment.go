package api

import (
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// Comment is one word in the discussion of a public case. Of a hidden one only its trace is there.
type Comment struct {
	Number     int         `json:"number"`
	At         time.Time   `json:"at"`
	By         cvd.ActorID `json:"by,omitempty"`
	Name       string      `json:"name"`
	Text       string      `json:"text,omitempty"`
	Reproduced string      `json:"reproduced,omitempty" enum:"yes,no"`
	Version    string      `json:"version,omitempty"`
	ShownAt    time.Time   `json:"shown_at,omitzero" doc:"Absent while it is held."`
	HiddenAt   time.Time   `json:"hidden_at,omitzero"`
	Because    string      `json:"because,omitempty" doc:"Why it was hidden."`
}

// Proposal is a reporter's wish for the instant of publication.
type Proposal struct {
	Number     int         `json:"number" doc:"By which it is accepted or rejected."`
	At         time.Time   `json:"at"`
	By         cvd.ActorID `json:"by,omitempty"`
	Report     int         `json:"report,omitempty" doc:"Whose reporter proposed it; absent: a party or the project."`
	Party      cvd.ActorID `json:"party,omitempty"`
	Until      time.Time   `json:"until"`
	Terms      string      `json:"terms,omitempty"`
	Because    string      `json:"because,omitempty"`
	AnswerBy   time.Time   `json:"answer_by,omitzero" doc:"Until when an answer is waited for."`
	Answer     string      `json:"answer,omitempty" doc:"Absent while it is open: agreed, rejected, another instant, replaced, withdrawn, over."`
	AnsweredAt time.Time   `json:"answered_at,omitzero"`
	Why        string      `json:"why,omitempty" doc:"Why it was rejected."`
	Answers    []Answer    `json:"answers,omitempty" doc:"What those who take part said to it; to them only their own."`
}

// Answer is what one who takes part says to a proposal.
type Answer struct {
	By      cvd.ActorID `json:"by"`
	At      time.Time   `json:"at"`
	Agrees  bool        `json:"agrees"`
	Because string      `json:"because,omitempty"`
}

func proposalOf(p cvd.Proposal) Proposal {
	return Proposal{Number: p.Number, At: p.At, By: p.By, Report: p.Report, Party: p.Party, Until: p.Until, Terms: p.Terms, Because: p.Because,
		AnswerBy: p.AnswerBy, Answer: p.Answer, AnsweredAt: p.AnsweredAt, Why: p.Why,
		Answers: each(p.Answers, func(a cvd.Answer) Answer { return Answer(a) })}
}

// Claim is the word of somebody outside the team that the matter is public, exploited or attacked.
type Claim struct {
	Number     int         `json:"number" doc:"By which the team confirms or dismisses it."`
	At         time.Time   `json:"at"`
	By         cvd.ActorID `json:"by,omitempty"`
	Report     int         `json:"report,omitempty"`
	Party      cvd.ActorID `json:"party,omitempty"`
	Fact       string      `json:"fact"`
	Evidence   string      `json:"evidence"`
	Answer     string      `json:"answer,omitempty" doc:"Absent while it waits: confirmed, dismissed."`
	AnsweredAt time.Time   `json:"answered_at,omitzero"`
	AnsweredBy cvd.ActorID `json:"answered_by,omitempty"`
	Because    string      `json:"because,omitempty"`
	DecideBy   time.Time   `json:"decide_by,omitzero" doc:"Until when the team answers."`
}

// Window is the time until a matter becomes public.
type Window struct {
	Until  time.Time `json:"until,omitzero"`
	Origin string    `json:"origin,omitempty" doc:"policy: its offer; agreed: as the reporter proposed; project: set by it."`
	Open   bool      `json:"open,omitempty" doc:"Whether the asker may propose another instant."`
	Latest time.Time `json:"latest,omitzero" doc:"The last instant that can be agreed on."`
	First  time.Time `json:"first,omitzero" doc:"The first instant that can be agreed on, if it is proposed now."`
}
