package cvd

import (
	"fmt"
	"time"
)

// Spread is how far a fix has come among those it is for, as somebody counted it.
type Spread struct {
	At     time.Time // of which it is true
	By     ActorID
	What   string // what is counted: nodes, downloads, voting_power
	Fixed  int64  // how many have the fix
	Of     int64  // of how many; 0: nobody knows
	Source string
}

// Share is the share that has the fix in per cent, -1 where nobody knows of how many.
func (s Spread) Share() int {
	if s.Of <= 0 {
		return -1
	}
	return int(s.Fixed * 100 / s.Of)
}

// Counted is an observation of how far the fix has spread.
type Counted struct {
	What   string    `json:"what"`
	Fixed  int64     `json:"fixed"`
	Of     int64     `json:"of,omitempty"`
	Source string    `json:"source"`
	At     time.Time `json:"at,omitzero"` // when it was so; left out: now
}

func (x *Counted) kind() string { return "counted" }
func (x *Counted) apply(c *Case, e *Event) {
	s := Spread{At: x.At, By: e.Who, What: x.What, Fixed: x.Fixed, Of: x.Of, Source: x.Source}
	if s.At.IsZero() {
		s.At = e.At
	}
	c.Spread = append(c.Spread, s)
}
func (x *Counted) says() (string, Tier) {
	line := fmt.Sprintf("Counted how far the fix has spread: %d %s", x.Fixed, words(x.What))
	if x.Of > 0 {
		line = fmt.Sprintf("Counted how far the fix has spread: %d of %d %s", x.Fixed, x.Of, words(x.What))
	}
	return line, ForTeam
}

// Evaluated is the look back at how well the response worked.
type Evaluated struct {
	Outcome string `json:"outcome" enum:"effective,partly,not_effective"`
	Says    string `json:"says"`
	Better  string `json:"better,omitempty"` // what will be done otherwise
}

func (x *Evaluated) kind() string        { return "evaluated" }
func (x *Evaluated) apply(*Case, *Event) {}
func (x *Evaluated) says() (string, Tier) {
	return "Looked back at the response: " + words(x.Outcome), ForTeam
}

// Reacted is a word about a fix by somebody who read its advisory. It comes from a stranger.
type Reacted struct {
	Works string `json:"works" enum:"yes,no,unsure"` // whether the fix does what it should
	Text  string `json:"text"`
	From  string `json:"from,omitempty"` // how to reach them, if they say
}

// Reaction is one such word.
type Reaction struct {
	At time.Time
	Reacted
}

func (x *Reacted) kind() string { return "reacted" }
func (x *Reacted) apply(c *Case, e *Event) {
	c.Reactions = append(c.Reactions, Reaction{e.At, *x})
}
func (x *Reacted) says() (string, Tier) {
	return "Somebody who read the advisory wrote about the fix", ForTeam
}
