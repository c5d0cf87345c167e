package cvd

import (
	"slices"
	"time"
)

// Dependent is a project that runs the product, as the register knows it.
type Dependent struct {
	ID         string // random
	Name       string
	Repository string // https://
	Website    string
	Product    string // of the policy
	Version    string // in use
	Weights    map[string]int64
	Route      Route    // where a vulnerability is reported to them
	Contacts   []Handle // people there, the preferred one first
	Notes      string
	Source     string // how the entry came: "hand", "csv", the name of an importer
	CheckedAt  time.Time
	Failure    string // why the last look could not be taken; empty if it could
	FailedAt   time.Time
}

// Route is where another project takes reports of vulnerabilities, and how that is known.
type Route struct {
	Is        string // a mail address, or a page
	Source    string // SECURITY.md, security.txt, chain registry, hand
	Found     string // where it was read
	CheckedAt time.Time
	ExpiresAt time.Time // of a security.txt (RFC 9116, 2.5.5)
	Trouble   string    // why nothing was found when it was looked for last
	Failed    bool      `json:",omitempty"` // it could not be looked for: what was not read was not found missing
}

// Stale says whether nobody looked at the route for a year, or it says itself that it is too old.
func (r Route) Stale(now time.Time) bool {
	return r.Is == "" || now.Sub(r.CheckedAt) > StaleAfter || !r.ExpiresAt.IsZero() && now.After(r.ExpiresAt)
}

// Imported is one entry that was read from a list: of a member, or of a project downstream.
type Imported struct {
	Line   int // in the list, from 1
	Member *Addressee
	Other  *Dependent
	Wrong  string // why it cannot be taken; empty if it can
}

// The states of a project downstream in one case.
const (
	RelayNotTold      = "not_told"
	RelayTold         = "told"
	RelayAcknowledged = "acknowledged"
	RelayFixed        = "fixed"
	RelayDeclined     = "declined"
)

// Relayed says what a project downstream knows of the matter, and what it did.
type Relayed struct {
	Downstream string `json:"downstream"` // its id in the register
	Status     string `json:"status" enum:"not_told,told,acknowledged,fixed,declined"`
	Pull       string `json:"pull,omitempty"` // the change that raises the dependency there
	Version    string `json:"version,omitempty"`
	Because    string `json:"because,omitempty"`
	Name       string `json:"name,omitempty" readOnly:"true"`
}

// Relay is what is known in a case of one project downstream.
type Relay struct {
	Downstream, Name string
	Status           string
	Pull             string
	Version          string // that holds the fix there
	Because          string
	By               ActorID
	ToldAt           time.Time // first
	ChangedAt        time.Time
}

func (x *Relayed) kind() string { return "relayed" }
func (x *Relayed) apply(c *Case, e *Event) {
	r := Relay{Downstream: x.Downstream}
	i := slices.IndexFunc(c.Relays, func(o Relay) bool { return o.Downstream == x.Downstream })
	if i >= 0 {
		r = c.Relays[i]
	}
	r.Name, r.Status, r.By, r.ChangedAt = x.Name, x.Status, e.Who, e.At
	for _, set := range []struct {
		to *string
		is string
	}{{&r.Pull, x.Pull}, {&r.Version, x.Version}, {&r.Because, x.Because}} {
		if set.is != "" {
			*set.to = set.is
		}
	}
	if r.ToldAt.IsZero() && x.Status != RelayNotTold {
		r.ToldAt = e.At
	}
	c.Relays = put(c.Relays, r, func(o Relay) bool { return o.Downstream == x.Downstream })
}
func (x *Relayed) says() (string, Tier) {
	line := x.Name + " downstream: " + words(x.Status)
	if x.Pull != "" {
		line += ", raised by " + x.Pull
	}
	return line, ForTeam
}
