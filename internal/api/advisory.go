package api

import (
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// Advisory is what the project will say, or said, to the public.
type Advisory struct {
	ID       cvd.AdvisoryID `json:"id,omitempty" doc:"JUNO-SA-2026-003, from publication on."`
	Editions []Edition      `json:"editions,omitempty"`
}

// Edition is one text of an advisory; an approval is of its hash and of nothing else.
type Edition struct {
	Number  int              `json:"edition"`
	At      time.Time        `json:"at"`
	By      cvd.ActorID      `json:"by"`
	Text    cvd.AdvisoryText `json:"text"`
	Changes string           `json:"changes,omitempty"`
	Hash    string           `json:"sha256"`
}

func advisoryOf(a cvd.Advisory) *Advisory {
	if a.ID == "" && len(a.Editions) == 0 {
		return nil
	}
	return &Advisory{ID: a.ID, Editions: each(a.Editions, func(e cvd.Edition) Edition {
		return Edition{Number: e.Number, At: e.At, By: e.By, Text: e.Text, Changes: e.Changes, Hash: e.Text.Hash()}
	})}
}

// Review is one person's word on the fix or on an edition of the advisory.
type Review struct {
	At      time.Time   `json:"at"`
	By      cvd.ActorID `json:"by"`
	Of      string      `json:"of" enum:"fix,advisory"`
	Part    string      `json:"part,omitempty"`
	Edition int         `json:"edition,omitempty"`
	Hash    string      `json:"sha256,omitempty" doc:"Of the edition that it was about."`
	Verdict string      `json:"verdict" enum:"approve,object"`
	Says    string      `json:"says,omitempty"`
	Expert  bool        `json:"expert,omitempty"`
	Alone   bool        `json:"alone,omitempty" doc:"A second look by a team of one."`
	URL     string      `json:"url,omitempty" doc:"Of the fix: where everybody reads the review."`

	Compared string `json:"compared,omitempty" doc:"What a program found in the edition beyond the patches, when it was approved."`
}

// Disclosure is the publication of the advisory at one instant.
type Disclosure struct {
	Edition int           `json:"edition,omitempty"`
	Due     time.Time     `json:"due,omitzero" doc:"The instant that is set."`
	ArmedBy cvd.ActorID   `json:"set_by,omitempty"`
	At      time.Time     `json:"at,omitzero" doc:"When it happened first."`
	Updated time.Time     `json:"updated_at,omitzero"`
	Past    []Publication `json:"past,omitempty" doc:"Every edition that became public."`
}

// Publication is one edition that became public.
type Publication struct {
	Edition int       `json:"edition"`
	At      time.Time `json:"at"`
}

func disclosureOf(d cvd.Disclosure) *Disclosure {
	if d.Due.IsZero() && d.At.IsZero() {
		return nil
	}
	return &Disclosure{Edition: d.Edition, Due: d.Due, ArmedBy: d.ArmedBy, At: d.At, Updated: d.Updated,
		Past: each(d.Past, func(p cvd.Publication) Publication { return Publication(p) })}
}

// Notice is one announcement: what was said, by which channels, and what became of it.
type Notice struct {
	Name      string               `json:"notice"`
	Event     cvd.EventID          `json:"event"`
	At        time.Time            `json:"at"`
	By        cvd.ActorID          `json:"by"`
	Pre       bool                 `json:"before_release,omitempty"`
	Says      map[string]string    `json:"says,omitempty"`
	Subject   string               `json:"subject,omitempty"`
	Text      string               `json:"text,omitempty"`
	Channels  []string             `json:"channels,omitempty"`
	Audiences []string             `json:"audiences,omitempty"`
	Delivered map[string]time.Time `json:"delivered,omitempty" doc:"The first confirmed delivery by each channel."`
	Failed    map[string]string    `json:"failed,omitempty" doc:"Why a channel ended without."`
	Repeated  map[string]bool      `json:"repeated,omitempty" doc:"Channels by which it may have arrived twice."`

	Copies   []cvd.Copy             `json:"copies,omitempty" doc:"The members who get a copy of their own."`
	Arrivals map[string][]cvd.Reach `json:"arrivals,omitempty" doc:"How far the copies of a channel have come."`
	Earlier  []cvd.EventID          `json:"earlier,omitempty" doc:"The orders before this one."`
	Corrects cvd.EventID            `json:"corrects,omitempty" doc:"The order of the notice that this one corrects."`

	Again     string `json:"again,omitempty" doc:"Why it was ordered although it had been ordered before."`
	Because   string `json:"because,omitempty" doc:"Why it corrects."`
	Withdraws bool   `json:"withdraws,omitempty" doc:"It takes back what it corrects, and says nothing in its place."`
}
