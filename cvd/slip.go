package cvd

import (
	"slices"
	"time"
)

// Slipped moves the release that was announced to another instant, in one act: the correction goes out to those who heard of the
// first instant, and a publication that is armed moves with it.
type Slipped struct {
	To      time.Time         `json:"to"`
	Because string            `json:"because"`
	Notice  string            `json:"notice,omitempty"` // the correction; left out: the only one that the policy has for what was announced
	Says    map[string]string `json:"says,omitempty"`   // what it says besides the instant
	Without string            `json:"without,omitempty"`

	From   time.Time `json:"from,omitzero" readOnly:"true"` // the instant that was announced
	Sends  *Notified `json:"sends,omitempty" readOnly:"true"`
	Arms   *Armed    `json:"arms,omitempty" readOnly:"true"`
	Counts bool      `json:"counts,omitempty" readOnly:"true"` // the first instant was counted down to, and now the new one is
}

// Slip is one time that the release moved.
type Slip struct {
	At       time.Time
	By       ActorID
	From, To time.Time
	Because  string
	Notice   string // the correction that went out, if one did
}

func (x *Slipped) kind() string { return "slipped" }
func (x *Slipped) apply(c *Case, e *Event) {
	s := Slip{At: e.At, By: e.Who, From: x.From, To: x.To, Because: x.Because}
	if x.Sends != nil {
		s.Notice = x.Sends.Notice
		x.Sends.apply(c, e)
		c.mark("notified", e.At)
	}
	if x.Arms != nil {
		x.Arms.apply(c, e)
	}
	if x.Counts {
		c.Countdown.At, c.Countdown.SetAt = x.To, e.At
	}
	c.Slips = append(c.Slips, s)
}
func (x *Slipped) says() (string, Tier) {
	return "Moved the release to " + Instant(x.To), ForReporter
}

// Slipping is the move of an announced release that an event holds, by itself or in an emergency; nil if it holds none.
func (w What) Slipping() *Slipped {
	if w.Observed != nil {
		return w.Observed.Slip
	}
	return w.Slipped
}

// Arming is the publication that an event sets, nil if it sets none.
func (w What) Arming() *Armed {
	if s := w.Slipping(); s != nil {
		return s.Arms
	}
	return w.Armed
}

// Ordering is the notice that an event orders to go out, nil if it orders none.
func (w What) Ordering() *Notified {
	if s := w.Slipping(); s != nil {
		return s.Sends
	}
	return w.Notified
}

// LastSlip is the newest slip, nil if the release never moved.
func (c Case) LastSlip() *Slip {
	if len(c.Slips) == 0 {
		return nil
	}
	return &c.Slips[len(c.Slips)-1]
}

// Tick is one item of a step's checklist that somebody ticked off in a case.
type Tick struct {
	Step, Item string
	At         time.Time
	By         ActorID
	Name       string // of who did, as known then
}

// Ticked ticks an item of a checklist off, or takes that back.
type Ticked struct {
	Step string `json:"step"`
	Item string `json:"item"` // in the words of the policy
	Undo bool   `json:"undo,omitempty"`
}

func (x *Ticked) kind() string { return "ticked" }
func (x *Ticked) apply(c *Case, e *Event) {
	c.Ticks = slices.DeleteFunc(slices.Clone(c.Ticks), func(t Tick) bool { return t.Step == x.Step && t.Item == x.Item })
	if !x.Undo {
		c.Ticks = append(c.Ticks, Tick{Step: x.Step, Item: x.Item, At: e.At, By: e.Who, Name: e.Name})
	}
}
func (x *Ticked) says() (string, Tier) {
	if x.Undo {
		return "Took back, of the checklist of " + words(x.Step) + ": " + x.Item, ForTeam
	}
	return "Ticked off, of the checklist of " + words(x.Step) + ": " + x.Item, ForTeam
}
