package api

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

// EmergencyQuery asks what would follow from a fact.
type EmergencyQuery struct {
	Fact string `json:"fact" enum:"public,leaked,attacks,exploit_public"`
}

// Emergency is one act: quiet is over, and what goes out because of it.
type Emergency struct {
	Fact    string         `json:"fact" enum:"public,leaked,attacks,exploit_public"`
	Because string         `json:"because" doc:"How it is known."`
	Party   cvd.ActorID    `json:"party,omitempty" doc:"Of a leak: who of the case let it out."`
	Aware   []cvd.Dated    `json:"aware,omitempty" doc:"Since when the project is aware, where a law counts from it."`
	Notices []cvd.Notified `json:"notices,omitempty" doc:"Notices of the policy that go out in the same act."`
}

// Outlook is what an emergency would bring. Nothing happens by asking.
type Outlook struct {
	Fact    string        `json:"fact"`
	Known   bool          `json:"known,omitempty" doc:"The case knows it already."`
	Then    []string      `json:"then"`
	Clocks  []Starting    `json:"clocks" doc:"Promises that would begin."`
	Come    []Contingency `json:"contingencies"`
	Aware   []string      `json:"aware,omitempty" doc:"Moments of becoming aware that a law counts from, and people date."`
	Notices []ReadyNotice `json:"notices" doc:"That nothing would stand in the way of."`
	Before  []Planned     `json:"plan_before"`
	After   []Planned     `json:"plan_after"`
	Letters []string      `json:"letters_to"`
}

// Starting is a promise that would begin.
type Starting struct {
	Title  string    `json:"title"`
	Clause string    `json:"clause"`
	Law    string    `json:"law,omitempty"`
	Due    time.Time `json:"due,omitzero"`
}

// Contingency is what the policy says for what has come.
type Contingency struct {
	Name  string   `json:"name"`
	Title string   `json:"title"`
	Says  string   `json:"says"`
	Lifts []string `json:"lifts,omitempty"`
}

// ReadyNotice is a notice that could go out.
type ReadyNotice struct {
	Notice  string            `json:"notice"`
	Title   string            `json:"title"`
	Subject string            `json:"subject"`
	Text    string            `json:"text" doc:"As it would go out; with the names of the fields where something is still to be written."`
	Says    map[string]string `json:"says,omitempty" doc:"What the case already says for its fields."`
	Again   bool              `json:"again,omitempty" doc:"It went out before."`
	Opened  bool              `json:"opened,omitempty" doc:"It could not go out before."`
}

// Outlook asks what an emergency would bring.
func (c *Client) Outlook(ctx context.Context, project cvd.ProjectID, id cvd.CaseID, fact string) (Outlook, error) {
	var out Outlook
	return out, c.do(ctx, call{method: http.MethodGet, path: casePathOf(project, id) + "/emergency", query: url.Values{"fact": {fact}}}, &out)
}

// Emergency takes the act; in is an Emergency, or a JSON document of its shape.
func (c *Client) Emergency(ctx context.Context, project cvd.ProjectID, id cvd.CaseID, in any) (Case, error) {
	var out Case
	return out, c.do(ctx, call{method: http.MethodPost, path: casePathOf(project, id) + "/emergency", in: in}, &out)
}

func (s *server) outlook(a *asked, q EmergencyQuery) (Outlook, error) {
	id, err := a.caseID()
	if err != nil {
		return Outlook{}, err
	}
	o, err := s.Casework.Outlook(a.Context(), a.who, id, casework.Emergency{Fact: q.Fact})
	if err != nil {
		return Outlook{}, err
	}
	out := Outlook{Fact: o.Fact, Known: o.Known, Then: some(o.Then), Letters: some(o.Letters),
		Clocks: some(each(o.Clocks, func(x casework.Starting) Starting { return Starting(x) })),
		Come: some(each(o.Come, func(x casework.Contingency) Contingency {
			return Contingency{Name: x.Name, Title: x.Title, Says: x.Says, Lifts: x.Lifts}
		})),
		Notices: some(each(o.Notices, func(x casework.Ready) ReadyNotice {
			return ReadyNotice{Notice: x.Name, Title: x.Title, Subject: x.Subject, Text: x.Text, Says: x.Says, Again: x.Again, Opened: x.Opened}
		})),
		Before: some(each(o.Before, func(x cvd.Planned) Planned { return Planned(x) })),
		After:  some(each(o.After, func(x cvd.Planned) Planned { return Planned(x) }))}
	for _, m := range o.Aware {
		out.Aware = append(out.Aware, m.Name)
	}
	return out, nil
}

// some is a list that is never null.
func some[T any](all []T) []T {
	if all == nil {
		return []T{}
	}
	return all
}

func (s *server) emergency(a *asked, in Emergency) (Case, error) {
	once, err := a.once()
	if err != nil {
		return Case{}, err
	}
	return a.changed(func(about casework.About) (cvd.View, error) {
		about.Once = once
		return s.Casework.Emergency(a.Context(), a.who, about, casework.Emergency(in))
	})
}
