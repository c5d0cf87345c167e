package cvd

import "time"

// Embargo is the agreement not to speak outside of the case until an exact instant.
type Embargo struct {
	State  EM
	Until  time.Time // an instant, never a bare date; zero when there is none
	Since  time.Time
	By     ActorID
	Terms  string
	Agreed bool // its instant is one that a reporter proposed
	Ended  time.Time
	Why    string // why it ended: date, public, exploit, attacks, agreed, disclosed
}

// Binds says whether nothing may be said outside at now. An end that has come needs nobody to press anything.
func (e Embargo) Binds(now time.Time) bool { return e.State.InForce() && now.Before(e.Until) }

// Embargoed begins or moves the embargo; it needs an exact instant.
type Embargoed struct {
	Until time.Time `json:"until"`
	Terms string    `json:"terms,omitempty"`
}

func (x *Embargoed) kind() string { return "embargoed" }
func (x *Embargoed) apply(c *Case, e *Event) {
	c.Embargo = Embargo{State: Active, Until: x.Until, Since: e.At, By: e.Who, Terms: x.Terms, Agreed: c.answer(x.Until)}
}
func (x *Embargoed) says() (string, Tier) {
	return "Set the embargo until " + Instant(x.Until), ForReporter
}

// Lifted ends the embargo. It removes a constraint; nobody has to publish for it.
type Lifted struct {
	Why string `json:"why"`
}

func (x *Lifted) kind() string            { return "embargo_ended" }
func (x *Lifted) apply(c *Case, e *Event) { c.endEmbargo(e, x.Why) }
func (x *Lifted) says() (string, Tier)    { return "Ended the embargo: " + words(x.Why), ForReporter }

func (c *Case) endEmbargo(e *Event, why string) {
	if c.Embargo.State.InForce() {
		c.Embargo.State, c.Embargo.Ended, c.Embargo.Why = Exited, e.At, why
		c.mark(MarkAgreed, e.At)
	}
}

// Instant writes an instant as everything here shows it: UTC, with the day and the zone said.
func Instant(t time.Time) string {
	if t.IsZero() {
		return "no date"
	}
	return t.UTC().Format("Mon 2006-01-02 15:04 UTC")
}
