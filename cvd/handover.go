package cvd

import (
	"slices"
	"time"
)

// HandedOver says that the case was sealed to another installation, with the hash of what was handed over. It goes on there
// and is closed here.
type HandedOver struct {
	To      string `json:"to"` // the key that it is sealed to
	Because string `json:"because"`
	URL     string `json:"url,omitempty"`                    // where people go on there, such as the project's page; empty: nobody said
	SHA256  string `json:"sha256,omitempty" readOnly:"true"` // of the manifest
}

func (x *HandedOver) kind() string { return "handed_over" }
func (x *HandedOver) apply(c *Case, e *Event) {
	c.Combined = Pointer{Site: x.To, Event: e.ID}
	c.closeAll()
	c.Outcome = "handed_over"
	c.mark("closed", e.At)
}
func (x *HandedOver) says() (string, Tier) {
	return "Handed over to another installation", ForReporter
}

// Passage is the way of a case to another place, as everybody reads it who took part in it: when, and where they go on. It says
// neither why nor by whom.
type Passage struct {
	At      time.Time
	Project ProjectID // of this installation; empty: the project of whoever asks
	Case    CaseID    // empty: its number there is not known here
	URL     string    // at another installation, if somebody said where
}

// Gone says whether there was one.
func (p Passage) Gone() bool { return !p.At.IsZero() }

// GoesElsewhere says whether the case goes on in another place: nothing happens in it here any more.
func (c *Case) GoesElsewhere() bool { return c.Combined != (Pointer{}) }

// Passage is where the case went, by its events; none while it is worked on here.
func (c *Case) Passage(events []Event) (p Passage) {
	i := slices.IndexFunc(events, func(e Event) bool { return e.ID == c.Combined.Event })
	if i < 0 {
		return p
	}
	p = Passage{At: events[i].At, Project: c.Combined.Project, Case: c.Combined.Case}
	if x := events[i].What.HandedOver; x != nil {
		p.URL = x.URL
	}
	return p
}

// CameBy is the way that led somebody into a case whose code names another one.
func (c *Case) CameBy(from CaseID) (p Passage) {
	if from == "" {
		return p
	}
	if c.Origin.Case == from && c.Origin.Site == "" && c.Origin.Project != "" {
		return Passage{At: c.OpenedAt, Project: c.Origin.Project, Case: from}
	}
	for _, j := range c.Joined {
		if j.From.Case == from {
			return Passage{At: j.At, Case: from}
		}
	}
	if c.Parent.Case == from {
		return Passage{At: c.OpenedAt, Case: from}
	}
	return p
}
