package cvd

import (
	"strings"
	"time"
)

// ClockKind says what reaching a clock's instant means.
type ClockKind string

// The kinds of clock.
const (
	Target   ClockKind = "target"   // hoped for; missing it is measured
	Limit    ClockKind = "limit"    // promised; missing it is a breach
	Reminder ClockKind = "reminder" // somebody may be nudged from now on
	Warning  ClockKind = "warning"  // the team is reminded that a promise ends soon; numbered: "warning-1"
	Rung     ClockKind = "rung"     // somebody else hears of a promise that is still open; numbered: "rung-1"
	Arrival  ClockKind = "arrival"  // the instant of a date that somebody set has come
	Agreed   ClockKind = "term"     // the agreed instant has come
)

// Promise says whether reaching the instant unmet is something that was not kept.
func (k ClockKind) Promise() bool { return k == Target || k == Limit }

// inner says whether a clock is the program's own way to wake up, and no promise or reminder that anybody looks at.
func (k ClockKind) inner() bool {
	return k == Arrival || k == Agreed || k == Lookout || strings.HasPrefix(string(k), string(Warning)) || strings.HasPrefix(string(k), string(Rung))
}

// StallClock is the clock of a case in which nothing happens. It tells when somebody last did something, which is nobody's
// business but the team's, and it begins anew so often that the fold keeps no history of it.
const StallClock = "stalled"

// AnswersClock is the clock of those who were asked to take part and have not answered, or not read: one for all of them.
const AnswersClock = "answers"

// SilenceClock is the clock of the proposals that wait for an answer: one for all of them. Silence refuses.
const SilenceClock = "silence"

// EmbargoClock is the clock of an embargo's end, of kind Agreed.
const EmbargoClock = "embargo"

// Clock is one running promise of a case. It is part of the fold: events open, move, meet and breach it.
type Clock struct {
	Name     string    `json:"name"`              // "response"
	Kind     ClockKind `json:"kind"`              // "limit"
	Clause   string    `json:"clause"`            // where the policy says so: "clocks.response"
	Anchor   string    `json:"anchor"`            // the mark that it is counted from: "received"
	From     time.Time `json:"from"`              // when that was
	Due      time.Time `json:"due,omitzero"`      // zero while it waits for an event, and while it stands
	Waits    string    `json:"waits,omitempty"`   // the event it waits for: "next_major_release"
	Until    string    `json:"until"`             // the mark that meets it: "acknowledged"
	Class    string    `json:"class,omitempty"`   // the severity it was computed for
	Met      time.Time `json:"met,omitzero"`      // when it was met, in time or not
	Breached time.Time `json:"breached,omitzero"` // when missing it was recorded
	Replaced time.Time `json:"replaced,omitzero"` // when another target took its place
	Because  string    `json:"because,omitempty"` // why it was moved

	Paused  time.Time     `json:"paused,omitzero"`   // since when it stands; it has no instant then
	Stood   time.Duration `json:"stood,omitempty"`   // how long it stood before, in working time if the promise is in that
	To      time.Time     `json:"to,omitzero"`       // until when somebody made it longer
	Times   int           `json:"times,omitempty"`   // how often somebody did
	Expires string        `json:"expires,omitempty"` // what its end means instead of a breach: remind, publish
	Inside  bool          `json:"inside,omitempty"`  // the team's alone: whoever else saw it would learn what began it
}

// Key names a clock within its case.
func (c Clock) Key() string { return c.Name + "." + string(c.Kind) }

// Open says whether the clock still runs.
func (c Clock) Open() bool { return c.Met.IsZero() && c.Replaced.IsZero() }

// Late says whether the clock was not met by its instant, as seen at now.
func (c Clock) Late(now time.Time) bool {
	if c.Due.IsZero() || c.Expires != "" {
		return false
	}
	if !c.Met.IsZero() {
		return c.Met.After(c.Due)
	}
	return c.Open() && now.After(c.Due)
}
