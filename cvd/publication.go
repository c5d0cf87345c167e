package cvd

import "time"

// PublicationPlan is what is planned of a matter that is private: the instant of its publication, or why there is none. It binds
// nobody and publishes nothing; the embargo and the armed publication do that.
type PublicationPlan struct {
	At      time.Time // zero: none is planned
	Because string    // why not, or why then
	SaidAt  time.Time // zero: nobody said anything yet
	By      ActorID
}

// Planned says whether it was said when the matter becomes public, or why it does not: by what was planned, by an embargo, or by
// a publication that is set.
func (c Case) Planned() bool {
	return !c.Ahead.SaidAt.IsZero() || c.Embargo.State.InForce() || c.Disclosure.Armed() || !c.Disclosure.At.IsZero()
}

// Unplanned says whether it ought to be said and was not: the team has decided that the matter is private, and works on it.
func (c Case) Unplanned() bool {
	return !c.Planned() && !c.Public && !c.Marked("triaged").IsZero() && c.RM() != Closed
}

// PlannedFor says when the matter is to be published, or why not.
type PlannedFor struct {
	At      time.Time `json:"at,omitzero"`
	Because string    `json:"because,omitempty"`
}

func (x *PlannedFor) kind() string { return "planned" }
func (x *PlannedFor) apply(c *Case, e *Event) {
	c.Ahead = PublicationPlan{At: x.At, Because: x.Because, SaidAt: e.At, By: e.Who}
}
func (x *PlannedFor) says() (string, Tier) {
	if x.At.IsZero() {
		return "Planned no publication: " + x.Because, ForTeam
	}
	return "Planned the publication for " + Instant(x.At), ForTeam
}
