package api

import "time"

// Nudge is whether a reporter may remind the team that their report waits, by the step nudge.
type Nudge struct {
	Open bool      `json:"open"`
	From time.Time `json:"from" doc:"The instant from which they may."`
	Last time.Time `json:"last,omitzero" doc:"When the team was reminded last."`
}

// Elsewhere is where a matter goes on that was closed here.
type Elsewhere struct {
	URL       string `json:"url"`
	Reference string `json:"reference,omitempty" doc:"Its number there, such as that of a governance proposal."`
}
