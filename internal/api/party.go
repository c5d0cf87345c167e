package api

import (
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// Party is somebody else who takes part in the case.
type Party struct {
	ID        cvd.ActorID `json:"id"`
	Name      string      `json:"name"`
	Roles     []string    `json:"roles,omitempty"`
	RM        cvd.RM      `json:"report_management,omitempty"`
	Consent   cvd.PEC     `json:"consent,omitempty" doc:"To the embargo (CERT/CC Vultron)."`
	InvitedAt time.Time   `json:"invited_at,omitzero"`
	Until     time.Time   `json:"until,omitzero" doc:"When the invitation ends; absent: with the case."`
	Ends      []string    `json:"ends,omitempty" doc:"Marks of the policy that end it once all are reached."`
}

func partyOf(p cvd.Party) Party {
	return Party{ID: p.ID, Name: p.Name, Roles: p.Roles, RM: p.RM, Consent: p.Consent, InvitedAt: p.InvitedAt, Until: p.Until, Ends: p.Ends}
}

// Embargo is the agreement not to speak outside of the case until an exact instant.
type Embargo struct {
	State  cvd.EM      `json:"state" doc:"CERT/CC Vultron: N P A R X."`
	Until  time.Time   `json:"until,omitzero"`
	Since  time.Time   `json:"since,omitzero"`
	By     cvd.ActorID `json:"by,omitempty"`
	Terms  string      `json:"terms,omitempty"`
	Agreed bool        `json:"agreed,omitempty" doc:"Its instant is one that a reporter proposed."`
	Ended  time.Time   `json:"ended_at,omitzero"`
	Why    string      `json:"why,omitempty" doc:"Why it ended."`
}

// Message is a word to or from a reporter, or a note that only the team reads.
type Message struct {
	At          time.Time        `json:"at"`
	By          cvd.ActorID      `json:"by"`
	To          string           `json:"to" enum:"reporter,team"`
	Report      int              `json:"report,omitempty" doc:"Whose reporter."`
	Text        string           `json:"text"`
	Attachments []cvd.Attachment `json:"attachments,omitempty"`
}

// Credit names somebody who helped.
type Credit struct {
	Name    string    `json:"name"`
	Role    string    `json:"role"`
	Consent bool      `json:"consent"`
	Report  int       `json:"report,omitempty" doc:"Whose reporter is named, from 1."`
	At      time.Time `json:"at,omitzero"`
}

// Reward is the decision about one report's bounty.
type Reward struct {
	Report    int         `json:"report"`
	At        time.Time   `json:"at"`
	By        cvd.ActorID `json:"by,omitempty"`
	Paid      bool        `json:"paid"`
	Amount    string      `json:"amount,omitempty"`
	Reference string      `json:"reference,omitempty"`
	Because   string      `json:"because,omitempty"`
}
