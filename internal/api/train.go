package api

import (
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// Artefact is what one channel of distribution gives out of a release, and what the program saw there.
type Artefact struct {
	Channel   string      `json:"channel,omitempty" doc:"The channel; empty: the release itself."`
	URL       string      `json:"url,omitempty"`
	SHA256    string      `json:"sha256,omitempty"`
	Signature string      `json:"signature,omitempty" doc:"Address of a detached signature."`
	Exempt    string      `json:"exempt,omitempty" doc:"Why the channel gives nothing out."`
	At        time.Time   `json:"at"`
	By        cvd.ActorID `json:"by,omitempty"`
	Saw       cvd.Sight   `json:"saw,omitzero" doc:"What the program saw at the address last."`
}

// Slip is one time that the announced release moved.
type Slip struct {
	At      time.Time   `json:"at"`
	By      cvd.ActorID `json:"by"`
	From    time.Time   `json:"from"`
	To      time.Time   `json:"to"`
	Because string      `json:"because"`
	Notice  string      `json:"notice,omitempty" doc:"The correction that went out."`
}

// Tick is one item of a checklist that somebody ticked off.
type Tick struct {
	Step string      `json:"step"`
	Item string      `json:"item"`
	At   time.Time   `json:"at"`
	By   cvd.ActorID `json:"by"`
	Name string      `json:"name,omitempty"`
}

// Surfacing is a commit of a private fix that the program found in public.
type Surfacing struct {
	At      time.Time `json:"at"`
	Product string    `json:"product"`
	Line    string    `json:"line"`
	Commit  string    `json:"commit"`
	URL     string    `json:"url"`
}

// Spread is how far a fix has come, as somebody counted it.
type Spread struct {
	At     time.Time   `json:"at"`
	By     cvd.ActorID `json:"by"`
	What   string      `json:"what" doc:"What is counted: nodes, downloads."`
	Fixed  int64       `json:"fixed"`
	Of     int64       `json:"of,omitempty"`
	Source string      `json:"source"`
}

// Reaction is a word about the fix by somebody who read the advisory.
type Reaction struct {
	At    time.Time `json:"at"`
	Works string    `json:"works" enum:"yes,no,unsure"`
	Text  string    `json:"text"`
	From  string    `json:"from,omitempty"`
}

// Train is what a case has of its release train besides lines and notices.
type Train struct {
	Slips     []Slip      `json:"slips,omitempty" doc:"When the announced release moved."`
	Ticks     []Tick      `json:"ticks,omitempty" doc:"What was ticked off of checklists."`
	Surfaced  []Surfacing `json:"seen_public,omitempty" doc:"Commits of private fixes that were found in public."`
	Spread    []Spread    `json:"spread,omitempty" doc:"How far the fix has come."`
	Reactions []Reaction  `json:"reactions,omitempty" doc:"What readers of the advisory wrote about the fix."`
}

// trainOf writes them; nil where there is nothing.
func trainOf(v cvd.View) *Train {
	t := Train{
		Slips:    each(v.Slips, func(x cvd.Slip) Slip { return Slip(x) }),
		Ticks:    each(v.Ticks, func(x cvd.Tick) Tick { return Tick(x) }),
		Surfaced: each(v.Surfaced, surfacingOf),
		Spread:   each(v.Spread, func(x cvd.Spread) Spread { return Spread(x) }),
		Reactions: each(v.Reactions, func(x cvd.Reaction) Reaction {
			return Reaction{At: x.At, Works: x.Works, Text: x.Text, From: x.From}
		}),
	}
	if len(t.Slips)+len(t.Ticks)+len(t.Surfaced)+len(t.Spread)+len(t.Reactions) == 0 {
		return nil
	}
	return &t
}

func surfacingOf(x cvd.Surfacing) Surfacing {
	return Surfacing{At: x.At, Product: x.Product, Line: x.Line, Commit: x.Commit, URL: x.URL}
}
