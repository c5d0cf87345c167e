package api

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

// EmergencyQuery asks what would follow from a fact.
type EmergencyQuery struct {
	Fact  string    `json:"fact" enum:"public,leaked,attacks,exploit_public"`
	Claim int       `json:"claim,omitempty" doc:"The number of the claim that it would confirm."`
	To    time.Time `json:"to,omitzero" doc:"An instant that the announced release might move to in the same act."`
}

// Emergency is one act: quiet is over, and what goes out because of it.
type Emergency struct {
	Fact    string         `json:"fact" enum:"public,leaked,attacks,exploit_public"`
	Because string         `json:"because,omitempty" doc:"How it is known; left out where it confirms a claim: what that says."`
	Claim   int            `json:"claim,omitempty" doc:"The number of the claim that this confirms."`
	Party   cvd.ActorID    `json:"party,omitempty" doc:"Of a leak: who of the case let it out."`
	Aware   []cvd.Dated    `json:"aware,omitempty" doc:"Since when the project is aware, where a law counts from it."`
	Slip    *cvd.Slipped   `json:"slip,omitempty" doc:"Where the announced release moves to in the same act; its reason is that of the emergency, unless it has its own."`
	Notices []cvd.Notified `json:"notices,omitempty" doc:"Notices of the policy that go out in the same act."`
}

// Outlook is what an emergency would bring. Nothing happens by asking.
type Outlook struct {
	Fact    string        `json:"fact"`
	Known   bool          `json:"known,omitempty" doc:"The case knows it already."`
	Then    []string      `json:"then"`
	Clocks  []Starting    `json:"clocks" doc:"Promises that would begin."`
	Later   []Later       `json:"later,omitempty" doc:"Promises that laws demand and that wait for their beginning."`
	Come    []Contingency `json:"contingencies"`
	Aware   []string      `json:"aware,omitempty" doc:"Moments of becoming aware that a law counts from, and people date."`
	Dates   []cvd.Dated   `json:"as_if_aware,omitempty" doc:"The dates with which this was worked out: of attacks, as if somebody had become aware now."`
	Notices []ReadyNotice `json:"notices" doc:"That nothing would stand in the way of."`
	Before  []Planned     `json:"plan_before"`
	After   []Planned     `json:"plan_after"`
	Letters []string      `json:"letters_to"`

	Announced time.Time `json:"announced_for,omitzero" doc:"The instant of the release as people outside know it."`
	Earliest  time.Time `json:"earliest,omitzero" doc:"Nothing may be released before."`
	Slip      *Slipping `json:"slip,omitempty" doc:"What follows if the release moves."`
}

// Later is a promise of a law that has not begun.
type Later struct {
	Title  string `json:"title"`
	Clause string `json:"clause"`
	Law    string `json:"law"`
	From   string `json:"from" doc:"What it is counted from."`
	Within string `json:"within,omitempty"`
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
func (c *Client) Outlook(ctx context.Context, project cvd.ProjectID, id cvd.CaseID, q EmergencyQuery) (Outlook, error) {
	var out Outlook
	query := url.Values{"fact": {q.Fact}}
	if q.Claim != 0 {
		query.Set("claim", strconv.Itoa(q.Claim))
	}
	if !q.To.IsZero() {
		query.Set("to", q.To.UTC().Format(time.RFC3339))
	}
	return out, c.do(ctx, call{method: http.MethodGet, path: casePathOf(project, id) + "/emergency", query: query}, &out)
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
	ask := casework.Emergency{Fact: q.Fact, Claim: q.Claim}
	if !q.To.IsZero() {
		ask.Slip = &cvd.Slipped{To: q.To}
	}
	o, err := s.Casework.Outlook(a.Context(), a.who, id, ask)
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
		Later:     each(o.Later, func(x casework.Later) Later { return Later(x) }),
		Dates:     o.Dates,
		Announced: o.Announced, Earliest: o.Earliest,
		Before: some(each(o.Before, func(x cvd.Planned) Planned { return Planned(x) })),
		After:  some(each(o.After, func(x cvd.Planned) Planned { return Planned(x) }))}
	if o.Slip != nil {
		out.Slip = slippingOf(*o.Slip)
	}
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
