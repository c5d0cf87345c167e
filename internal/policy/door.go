package policy

import (
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// Door is whether reports are taken in at the moment. Whoever has reported already is served in any case.
type Door struct {
	State string `yaml:"state" enum:"open,throttled,invite_only,closed"` // open, throttled, invite_only, closed
	Until string `yaml:"until,omitempty" is:"day"`                       // the day on which it opens again
	Says  string `yaml:"says,omitempty"`                                 // why, and where to turn meanwhile
}

// Shut says why a stranger cannot report at the moment, "" while anybody can, and when that ends if the policy says so.
// A door that is throttled takes reports, and tells that the answers take longer.
func (p *Policy) Shut(now time.Time) (says string, until time.Time) {
	d := p.Document.Door
	if d == nil || d.State != "closed" && d.State != "invite_only" {
		return "", time.Time{}
	}
	if until = p.opens(); !until.IsZero() && !now.Before(until) {
		return "", time.Time{}
	}
	says = "The project takes no reports at the moment."
	if d.State == "invite_only" {
		says = "The project takes reports only from those whom it has asked."
	}
	if !until.IsZero() {
		says += " It takes them again from " + cvd.Instant(until) + "."
	}
	return strings.TrimSpace(says + " " + d.Says), until
}

// opens is when the door opens again by itself: when its day begins where the project is. Zero: nobody said.
func (p *Policy) opens() time.Time {
	on, _, yearly, err := parseDay(p.Document.Door.Until)
	if err != nil || yearly {
		return time.Time{}
	}
	zone, err := zoneOf(p.Document.Zone)
	if err != nil {
		zone = time.UTC
	}
	return on.at(0, zone).UTC()
}

// Slow is what a project says whose door is throttled, "" of others.
func (p *Policy) Slow() string {
	d := p.Document.Door
	if d == nil || d.State != "throttled" {
		return ""
	}
	return strings.TrimSpace("The project has more reports than it can answer soon. " + d.Says)
}
