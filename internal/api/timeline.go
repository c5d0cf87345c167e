package api

import (
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// Entry is one line of the timeline.
type Entry struct {
	At   time.Time   `json:"at"`
	Who  cvd.ActorID `json:"who,omitempty"`
	Name string      `json:"name,omitempty"`
	Kind string      `json:"kind"`
	Says string      `json:"says"`
	Late bool        `json:"late,omitempty" doc:"A promise missed."`
}

// Option is a step that the asker's role allows.
type Option struct {
	Step    string      `json:"step"`
	Blocked []Objection `json:"blocked,omitempty" doc:"What the policy still asks for; absent: it may be taken now."`
}

func optionOf(o cvd.Option) Option {
	return Option{Step: o.Step, Blocked: each(o.Blocked, func(x cvd.Objection) Objection { return Objection(x) })}
}

// Next is who acts next and by when.
type Next struct {
	Who  string    `json:"who"`
	What string    `json:"what,omitempty"`
	By   time.Time `json:"by,omitzero"`
}

// Planned is one remaining step with its instant.
type Planned struct {
	At     time.Time `json:"at,omitzero"`
	What   string    `json:"what"`
	Clause string    `json:"clause,omitempty"`
	Kind   string    `json:"kind,omitempty" doc:"due, earliest, set, deadline (of a reporter) or conflict"`
	Report int       `json:"report,omitempty" doc:"Whose reporter's deadline it is."`
}

// Waiver lets a case pass one clause.
type Waiver struct {
	Clause     string      `json:"clause"`
	Because    string      `json:"because"`
	At         time.Time   `json:"at"`
	By         cvd.ActorID `json:"by"`
	SecondedAt time.Time   `json:"seconded_at,omitzero" doc:"From when on it counts."`
	SecondedBy cvd.ActorID `json:"seconded_by,omitempty"`
	Alone      bool        `json:"alone,omitempty" doc:"Seconded by the same person, as the policy allows a team of one."`
}
