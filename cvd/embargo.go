package cvd

import "time"

// Embargo is the agreement not to speak outside of the case until an exact instant.
type Embargo struct {
	State  EM
	Until  time.Time // an instant, never a bare date; zero when there is none
	Since  time.Time // when it was first agreed on: it binds from then
	By     ActorID
	Terms  string
	Agreed bool // its instant is one that a reporter proposed
	Ended  time.Time
	Why    string // why it ended: date, public, exploit, attacks, agreed, disclosed

	Number   int       // of the proposal whose terms hold or held last
	DecideBy time.Time // until when the team says whether attacks end it; zero: there is nothing to say
}

// Binds says whether nothing may be said outside at now. An end that has come needs nobody to press anything.
func (e Embargo) Binds(now time.Time) bool { return e.State.InForce() && now.Before(e.Until) }

// Embargoed begins or moves the embargo; it needs an exact instant. It is a proposal and its acceptance in one act, and answers
// whatever else was proposed.
type Embargoed struct {
	Until    time.Time `json:"until"`
	Terms    string    `json:"terms,omitempty"`
	Because  string    `json:"because,omitempty"` // why one begins although the fix is ready
	AnswerBy time.Time `json:"answer_by,omitzero" readOnly:"true"`
}

func (x *Embargoed) kind() string { return "embargoed" }
func (x *Embargoed) apply(c *Case, e *Event) {
	for i := range c.Proposals {
		if p := &c.Proposals[i]; p.Open() && p.Until.Equal(x.Until) { // the project agrees to what somebody proposed
			c.refuseOpen(e, "another instant", p.Number)
			c.takeUp(e, p.Number, x.Terms, x.AnswerBy)
			return
		}
	}
	c.refuseOpen(e, "another instant", 0)
	c.propose(Proposal{At: e.At, By: e.Who, Until: x.Until, Terms: x.Terms, Because: x.Because})
	c.takeUp(e, len(c.Proposals), x.Terms, x.AnswerBy)
}
func (x *Embargoed) says() (string, Tier) {
	return "Set the embargo until " + Instant(x.Until), ForReporter
}

// Lifted ends the embargo. It removes a constraint; nobody has to publish for it.
type Lifted struct {
	Why string `json:"why"`
}

func (x *Lifted) kind() string            { return "embargo_ended" }
func (x *Lifted) apply(c *Case, e *Event) { c.endEmbargo(e.At, x.Why) }
func (x *Lifted) says() (string, Tier)    { return "Ended the embargo: " + words(x.Why), ForReporter }

// Upheld is the decision that the embargo goes on although attacks were observed.
type Upheld struct {
	Because string `json:"because"`
}

func (x *Upheld) kind() string            { return "embargo_upheld" }
func (x *Upheld) apply(c *Case, _ *Event) { c.Embargo.DecideBy = time.Time{} }
func (x *Upheld) says() (string, Tier) {
	return "Kept the embargo although attacks were observed: " + x.Because, ForTeam
}

// endEmbargo ends what is in force, and what was only proposed is off.
func (c *Case) endEmbargo(at time.Time, why string) {
	m := &c.Embargo
	switch {
	case m.State.InForce():
		m.State, _ = m.State.Move("terminate")
		m.Ended, m.Why, m.DecideBy = at, why, time.Time{}
		c.mark(MarkAgreed, at)
		c.consents(ResetConsent, time.Time{})
		for i := range c.Parties { // who left or was removed is bound no longer either
			if p := &c.Parties[i]; p.Gone() {
				p.Consent, _ = p.Consent.Move(ResetConsent)
			}
		}
	case m.State == Proposed:
		m.State, _ = m.State.Move("reject")
	default:
		return
	}
	for i := range c.Proposals {
		if p := &c.Proposals[i]; p.Open() {
			p.Answer, p.AnsweredAt = "over", at
		}
	}
}

// At is the case at an instant: an embargo whose end has come is over whether or not anybody has written it down.
func (c Case) At(now time.Time) Case {
	if e := c.Embargo; !e.State.InForce() || now.Before(e.Until) {
		return c
	}
	c = c.clone()
	c.expire(now)
	return c
}

// expire ends an embargo whose instant has come.
func (c *Case) expire(now time.Time) {
	if e := c.Embargo; e.State.InForce() && !now.Before(e.Until) {
		c.endEmbargo(e.Until, "date")
	}
}

// Instant writes an instant as everything here shows it: UTC, with the day and the zone said.
func Instant(t time.Time) string {
	if t.IsZero() {
		return "no date"
	}
	return t.UTC().Format("Mon 2006-01-02 15:04 UTC")
}
