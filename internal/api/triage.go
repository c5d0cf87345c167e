package api

import (
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// Assessment is a severity as the project decided it.
type Assessment struct {
	At        time.Time   `json:"at,omitzero"`
	By        cvd.ActorID `json:"by,omitempty"`
	Vector    string      `json:"vector,omitempty"`
	Score     float64     `json:"score,omitempty"`
	Scored    bool        `json:"scored,omitempty" doc:"Whether the score says anything: an assessment may be a judgement alone."`
	System    string      `json:"system,omitempty" doc:"What the score must be called: CVSS:3.1, CVSS-B …"`
	Class     string      `json:"class,omitempty" doc:"A class of the policy."`
	Category  string      `json:"category,omitempty"`
	Because   string      `json:"because,omitempty" doc:"Why, where class and score disagree."`
	Track     string      `json:"track,omitempty"`
	Sensitive bool        `json:"sensitive,omitempty"`
}

// Rating is one member's own view of the severity.
type Rating struct {
	At     time.Time   `json:"at"`
	By     cvd.ActorID `json:"by"`
	Vector string      `json:"vector,omitempty"`
	Score  float64     `json:"score,omitempty"`
	Class  string      `json:"class,omitempty"`
	Says   string      `json:"says,omitempty"`
}

// Attempt is one try at reproducing the report.
type Attempt struct {
	At          time.Time   `json:"at"`
	By          cvd.ActorID `json:"by,omitempty"`
	Name        string      `json:"name,omitempty"`
	Environment string      `json:"environment,omitempty"`
	Version     string      `json:"version"`
	Outcome     string      `json:"outcome" enum:"reproduced,partly,not_reproduced"`
	Evidence    string      `json:"evidence,omitempty"`
}

// Assignment names who does a piece of the work.
type Assignment struct {
	At     time.Time   `json:"at"`
	Work   string      `json:"work"`
	Person cvd.ActorID `json:"person"`
}

// Section is one part of the analysis.
type Section struct {
	Name string      `json:"section"`
	At   time.Time   `json:"at"`
	By   cvd.ActorID `json:"by"`
	Text string      `json:"text"`
}
