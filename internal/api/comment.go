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
	At      time.Time   `json:"at"`
	By      cvd.ActorID `json:"by,omitempty"`
	Report  int         `json:"report"`
	Until   time.Time   `json:"until"`
	Because string      `json:"because,omitempty"`
	Answer  string      `json:"answer,omitempty" doc:"Absent while it is open: agreed, another instant, replaced."`
}

// Window is the time until a matter becomes public.
type Window struct {
	Until  time.Time `json:"until,omitzero"`
	Origin string    `json:"origin,omitempty" doc:"policy: its offer; agreed: as the reporter proposed; project: set by it."`
	Open   bool      `json:"open,omitempty" doc:"Whether the asker may propose another instant."`
	Latest time.Time `json:"latest,omitzero" doc:"The last instant that can be agreed on."`
}
