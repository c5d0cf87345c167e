package cvd

import (
	"fmt"
	"strings"
)

// Triaged decides severity, category, sensitivity and track. Score, System and Class are filled in from the vector and the policy.
type Triaged struct {
	Title     string `json:"title,omitempty"` // a better title, if the reporter's will not do
	Vector    string `json:"vector,omitempty"`
	Class     string `json:"class,omitempty"` // as decided; must agree with the vector or say why in Because
	Category  string `json:"category,omitempty"`
	Sensitive *bool  `json:"sensitive,omitempty"` // whether the details would help an attacker
	Track     string `json:"track,omitempty"`
	Kind      string `json:"kind,omitempty"`
	Impact    string `json:"impact,omitempty"` // the impact analysis
	Because   string `json:"because,omitempty"`

	Likelihood  string `json:"likelihood,omitempty"`   // where the policy has a matrix: how likely it is used
	ImpactLevel string `json:"impact_level,omitempty"` // and how bad it is then; together they make the class

	Score  float64 `json:"score,omitempty" readOnly:"true"`
	Scored bool    `json:"scored,omitempty" readOnly:"true"`
	System string  `json:"system,omitempty" readOnly:"true"`
	Public bool    `json:"public,omitempty" readOnly:"true"` // whether the case itself may be seen from now on
}

func (x *Triaged) kind() string { return "triaged" }
func (x *Triaged) apply(c *Case, e *Event) {
	seen := c.show()
	a := Assessment{At: e.At, By: e.Who, Vector: x.Vector, Score: x.Score, Scored: x.Scored, System: x.System, Class: x.Class,
		Category: x.Category, Because: x.Because, Track: x.Track, Sensitive: x.Sensitive != nil && *x.Sensitive}
	c.Severity = a
	c.Assessed = append(c.Assessed, a)
	c.Sensitive = x.Sensitive
	switch {
	case x.Public:
		if !c.Public {
			c.OpenSince = e.At
		}
		c.Public, c.Shown = true, nil
	case c.Shown == nil && c.Disclosure.At.IsZero(): // found sensitive after all
		c.withdraw(e, seen)
	}
	for to, from := range map[*string]string{&c.Track: x.Track, &c.Kind: x.Kind, &c.Impact: x.Impact, &c.Title: x.Title} {
		if from != "" {
			*to = from
		}
	}
}
func (x *Triaged) says() (string, Tier) {
	line := "Triaged"
	if x.Class != "" {
		line += " as " + x.Class
	}
	if x.Scored {
		line += fmt.Sprintf(" (%s %.1f)", x.System, x.Score)
	}
	if x.Track != "" {
		line += ", " + x.Track + " track"
	}
	return line, ForReporter
}

// Rated is one member's own view of the severity.
type Rated struct {
	Vector string  `json:"vector,omitempty"`
	Class  string  `json:"class,omitempty"`
	Says   string  `json:"says,omitempty"`
	Score  float64 `json:"score,omitempty" readOnly:"true"`
}

func (x *Rated) kind() string { return "rated" }
func (x *Rated) apply(c *Case, e *Event) {
	c.Ratings = append(c.Ratings, Rating{At: e.At, By: e.Who, Vector: x.Vector, Score: x.Score, Class: x.Class, Says: x.Says})
}
func (x *Rated) says() (string, Tier) { return "Rated the severity as " + x.Class, ForTeam }

// Reproduced is an attempt to reproduce the report, with its outcome.
type Reproduced struct {
	Environment string `json:"environment"`
	Version     string `json:"version"`
	Outcome     string `json:"outcome" enum:"reproduced,partly,not_reproduced"`
	Evidence    string `json:"evidence,omitempty"`
}

func (x *Reproduced) kind() string { return "reproduced" }
func (x *Reproduced) apply(c *Case, e *Event) {
	c.Attempts = append(c.Attempts, Attempt{At: e.At, By: e.Who, Name: e.Name, Environment: x.Environment, Version: x.Version,
		Outcome: x.Outcome, Evidence: x.Evidence})
}
func (x *Reproduced) says() (string, Tier) {
	return "Tried to reproduce it: " + words(x.Outcome), ForTeam
}

// Prioritised accepts the work, with a priority that is separate from the severity and explained.
type Prioritised struct {
	Priority string `json:"priority"`
	Because  string `json:"because"`
}

func (x *Prioritised) kind() string { return "prioritised" }
func (x *Prioritised) apply(c *Case, _ *Event) {
	c.move("accept")
	c.Priority, c.Because = x.Priority, x.Because
}
func (x *Prioritised) says() (string, Tier) { return "Accepted with priority " + x.Priority, ForTeam }

// Postponed defers a valid report: a duplicate, or work that waits.
type Postponed struct {
	Because string `json:"because"`
	Message string `json:"message,omitempty"`
}

func (x *Postponed) kind() string { return "deferred" }
func (x *Postponed) apply(c *Case, e *Event) {
	c.move("defer")
	c.tell(e, x.Message)
}
func (x *Postponed) says() (string, Tier) { return "Deferred", ForReporter }

// Assigned names the person for a piece of work.
type Assigned struct {
	Work   string  `json:"work"`
	Person ActorID `json:"person"`
}

func (x *Assigned) kind() string { return "assigned" }
func (x *Assigned) apply(c *Case, e *Event) {
	c.Assigned = put(c.Assigned, Assignment{At: e.At, Work: x.Work, Person: x.Person},
		func(a Assignment) bool { return a.Work == x.Work })
}
func (x *Assigned) says() (string, Tier) {
	return fmt.Sprintf("Assigned to %s: %s", x.Person, x.Work), ForTeam
}

// words turns an identifier into words.
func words(id string) string { return strings.ReplaceAll(id, "_", " ") }
