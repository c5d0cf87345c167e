package api

import (
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// Exposure is a time in which strangers saw a case that was found sensitive afterwards, and what they saw at its end.
type Exposure struct {
	From    time.Time `json:"from,omitzero"`
	Until   time.Time `json:"until"`
	Title   string    `json:"title"`
	State   string    `json:"state"`
	Class   string    `json:"class,omitempty"`
	Reports int       `json:"reports" doc:"How many of the reports, from the first."`
}

func exposureOf(x cvd.Exposure) Exposure {
	return Exposure{From: x.From, Until: x.Until, Title: x.Seen.Title, State: x.Seen.Headline, Class: x.Seen.Severity.Class, Reports: x.Seen.Reports}
}
