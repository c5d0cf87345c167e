package api

import (
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// Joined is another case that came into this one, with what is kept of it beside what became part of the case.
type Joined struct {
	Case     cvd.CaseID  `json:"case"`
	At       time.Time   `json:"at"`
	By       cvd.ActorID `json:"by,omitempty"`
	Because  string      `json:"because,omitempty"`
	Title    string      `json:"title,omitempty"`
	Reports  []int       `json:"reports,omitempty" doc:"The numbers of its reports here."`
	Notices  []Notice    `json:"notices,omitempty" doc:"What was sent of it until then, with its receipts."`
	Embargo  *Embargo    `json:"embargo,omitempty" doc:"As it stood there."`
	Severity *Assessment `json:"severity,omitempty"`
	Sections []Section   `json:"sections,omitempty" doc:"Of its analysis, where this case has one of that name."`
}

// Branch is a case that was split off.
type Branch struct {
	Case       cvd.CaseID  `json:"case"`
	At         time.Time   `json:"at"`
	By         cvd.ActorID `json:"by,omitempty"`
	Because    string      `json:"because,omitempty"`
	Until      time.Time   `json:"until,omitzero" doc:"The end of its embargo, if it is another one."`
	Assessment string      `json:"assessment,omitempty" doc:"What an earlier end there reveals."`
}

// Passage is the way of a case to another place.
type Passage struct {
	At      time.Time     `json:"at"`
	Project cvd.ProjectID `json:"project,omitempty" doc:"Of this installation; absent: the asker's own."`
	Case    cvd.CaseID    `json:"case,omitempty" doc:"Absent: its number there is not known here."`
	URL     string        `json:"url,omitempty" doc:"At another installation, if somebody said where."`
}

// elsewhere writes where a case goes on, and where it comes from.
func (c *Case) elsewhere(v cvd.View) {
	if v.Elsewhere != (cvd.Elsewhere{}) {
		c.Elsewhere = new(Elsewhere(v.Elsewhere))
	}
	for _, p := range []struct {
		from cvd.Pointer
		to   **cvd.Pointer
	}{{v.Combined, &c.Combined}, {v.Parent, &c.Parent}, {v.Origin, &c.Origin}} {
		if p.from.Case != "" {
			*p.to = new(p.from)
		}
	}
	for _, p := range []struct {
		way cvd.Passage
		to  **Passage
	}{{v.GoesOn, &c.GoesOn}, {v.CameBy, &c.CameBy}} {
		if p.way.Gone() {
			*p.to = new(Passage(p.way))
		}
	}
	c.Joined = each(v.Joined, func(x cvd.JoinedCase) Joined {
		j := Joined{Case: x.From.Case, At: x.At, By: x.By, Because: x.Because, Title: x.Title, Reports: x.Reports,
			Notices: each(x.Notices, func(n cvd.Notice) Notice { return Notice(n) })}
		j.Sections = each(x.Sections, func(s cvd.Section) Section { return Section(s) })
		if x.Embargo.State.InForce() {
			j.Embargo = new(Embargo(x.Embargo))
		}
		if x.Severity.Class != "" || x.Severity.Scored {
			j.Severity = new(Assessment(x.Severity))
		}
		return j
	})
	c.Branches = each(v.Branches, func(x cvd.Branch) Branch {
		return Branch{Case: x.Case, At: x.At, By: x.By, Because: x.Because, Until: x.Until, Assessment: x.Assessment}
	})
}
