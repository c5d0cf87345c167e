package api

import (
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// Agreement is what a reporter said to one term of the policy; the newest of a term counts.
type Agreement struct {
	Report   int       `json:"report"`
	Term     string    `json:"term"`
	Accepted bool      `json:"accepted"`
	At       time.Time `json:"at"`
	Policy   int64     `json:"policy" doc:"The version of the policy that the term stood in."`
}

// TermBreach is a term that somebody in the case did not keep.
type TermBreach struct {
	At       time.Time   `json:"at"`
	By       cvd.ActorID `json:"by"`
	Report   int         `json:"report,omitempty" doc:"Whose reporter it was."`
	Party    cvd.ActorID `json:"party,omitempty" doc:"Or which party."`
	Term     string      `json:"term"`
	Evidence string      `json:"evidence"`
}
