package cvd

import "time"

// Nudge is whether a reporter may remind the team that their report waits.
type Nudge struct {
	Open bool      // whether they may now
	From time.Time // the instant from which they may; zero: nothing waits, or the time for it stands
	Last time.Time // when the team was reminded last; zero: never
}

// Nudged is the word of a reporter to the people whom the policy names for it: the report waits.
type Nudged struct {
	Report int `json:"report,omitempty" readOnly:"true"` // whose reporter, from 1
}

func (x *Nudged) kind() string            { return "nudged" }
func (x *Nudged) apply(c *Case, e *Event) { c.NudgedAt = e.At }
func (x *Nudged) says() (string, Tier)    { return "Reminded the team that the report waits", ForReporter }
