package api

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
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

// TrainQuery asks for the train, and for what follows if the release moves.
type TrainQuery struct {
	To time.Time `json:"to,omitzero" doc:"An instant that the announced release might move to."`
}

// Stations are the release train of a case in its order.
type Stations struct {
	Announced time.Time `json:"announced_for,omitzero" doc:"The instant of the release as people outside know it."`
	Owner     string    `json:"post_owner,omitempty" doc:"Who answers for the post with the details, if a person is named."`
	Roles     []string  `json:"post_roles,omitempty" doc:"The roles that answer for it where nobody is named."`
	Stations  []Station `json:"stations"`
	Slip      *Slipping `json:"slip,omitempty" doc:"What follows if the release moves."`
}

// Station is one stop of the train.
type Station struct {
	Name   string      `json:"name"`
	Title  string      `json:"title"`
	Clause string      `json:"clause"`
	Step   string      `json:"step,omitempty" doc:"The step that gets past it."`
	Who    string      `json:"who,omitempty" doc:"The roles that may take it."`
	State  string      `json:"state" enum:"passed,here,ahead,skipped"`
	At     time.Time   `json:"at,omitzero" doc:"When it was passed."`
	Due    time.Time   `json:"due,omitzero"`
	Late   bool        `json:"late,omitempty" doc:"That instant went by without it."`
	Opens  time.Time   `json:"opens,omitzero" doc:"Not before."`
	Lacks  []Objection `json:"lacks,omitempty" doc:"What stands in the way."`
	Says   []string    `json:"says,omitempty"`
}

// Slipping is what follows if the release moves: nothing of it happens by asking.
type Slipping struct {
	From     time.Time   `json:"from,omitzero"`
	To       time.Time   `json:"to"`
	Moves    []SlipMove  `json:"moves,omitempty"`
	Restarts []string    `json:"restarts,omitempty" doc:"The clauses of waits that begin anew."`
	Stays    []string    `json:"stays,omitempty"`
	Earliest time.Time   `json:"earliest,omitzero" doc:"Nothing may be released before."`
	Subject  string      `json:"subject,omitempty" doc:"Of the correction that goes out."`
	Text     string      `json:"text,omitempty"`
	Lacks    []Objection `json:"lacks,omitempty"`
	Trouble  string      `json:"trouble,omitempty"`
}

// SlipMove is one date that moves.
type SlipMove struct {
	What   string    `json:"what"`
	Clause string    `json:"clause"`
	From   time.Time `json:"from"`
	To     time.Time `json:"to"`
}

// PostDraft is the draft of the post with the details.
type PostDraft struct {
	Title         string    `json:"title"`
	Vulnerability string    `json:"vulnerability"`
	Response      string    `json:"response"`
	Markdown      string    `json:"markdown"`
	Due           time.Time `json:"due,omitzero"`
	Late          bool      `json:"late,omitempty" doc:"It is due, and nobody has recorded where it stands."`
	Owner         string    `json:"owner,omitempty" doc:"Who answers for it, if a person is named."`
	Roles         []string  `json:"roles,omitempty" doc:"The roles that answer for it where nobody is named."`
}

// ReleaseNotes are the security part of release notes.
type ReleaseNotes struct {
	Markdown string `json:"markdown"`
}

// Train reads the release train of a case.
func (c *Client) Train(ctx context.Context, project cvd.ProjectID, id cvd.CaseID, q TrainQuery) (out Stations, err error) {
	query := url.Values{}
	if !q.To.IsZero() {
		query.Set("to", q.To.Format(time.RFC3339))
	}
	return out, c.do(ctx, call{method: http.MethodGet, path: casePathOf(project, id) + "/train", query: query}, &out)
}

// Post drafts the post of a case.
func (c *Client) Post(ctx context.Context, project cvd.ProjectID, id cvd.CaseID) (out PostDraft, err error) {
	return out, c.do(ctx, call{method: http.MethodGet, path: casePathOf(project, id) + "/post"}, &out)
}

// ReleaseNotes writes release notes.
func (c *Client) ReleaseNotes(ctx context.Context, project cvd.ProjectID, id cvd.CaseID) (out ReleaseNotes, err error) {
	return out, c.do(ctx, call{method: http.MethodGet, path: casePathOf(project, id) + "/notes"}, &out)
}

func (s *server) train(a *asked, q TrainQuery) (Stations, error) {
	id, err := a.caseID()
	if err != nil {
		return Stations{}, err
	}
	t, err := s.Casework.Train(a.Context(), a.who, id)
	if err != nil {
		return Stations{}, err
	}
	out := Stations{Announced: t.Announced.At, Owner: string(t.Poster.Person), Roles: t.Poster.Roles, Stations: []Station{}}
	for _, x := range t.Stations {
		out.Stations = append(out.Stations, Station{Name: x.Name, Title: x.Title, Clause: x.Clause, Step: x.Step, Who: x.Who, State: string(x.State), At: x.At,
			Due: x.Due, Late: x.Late, Opens: x.Opens, Lacks: each(x.Lacks, func(o cvd.Objection) Objection { return Objection(o) }), Says: x.Says})
	}
	if q.To.IsZero() {
		return out, nil
	}
	p, err := s.Casework.PreviewSlip(a.Context(), a.who, id, cvd.Slipped{To: q.To})
	if err != nil {
		return Stations{}, err
	}
	out.Slip = slippingOf(p)
	return out, nil
}

func slippingOf(p casework.SlipPreview) *Slipping {
	out := Slipping{From: p.From, To: p.To, Restarts: p.Restarts, Stays: p.Stays, Earliest: p.Earliest, Trouble: p.Trouble,
		Lacks: each(p.Objections, func(o cvd.Objection) Objection { return Objection(o) })}
	for _, m := range p.Moves {
		out.Moves = append(out.Moves, SlipMove{What: m.What, Clause: m.Clause, From: m.From, To: m.To})
	}
	if p.Sends != nil {
		out.Subject, out.Text = p.Sends.Subject, p.Sends.Text
	}
	return &out
}

func (s *server) post(a *asked, _ nothing) (PostDraft, error) {
	id, err := a.caseID()
	if err != nil {
		return PostDraft{}, err
	}
	p, err := s.Casework.DraftPost(a.Context(), a.who, id)
	return PostDraft{Title: p.Title, Vulnerability: p.Vulnerability, Response: p.Response, Markdown: p.Markdown(), Due: p.Due, Late: p.Late,
		Owner: string(p.Poster.Person), Roles: p.Poster.Roles}, err
}

func (s *server) releaseNotes(a *asked, _ nothing) (ReleaseNotes, error) {
	id, err := a.caseID()
	if err != nil {
		return ReleaseNotes{}, err
	}
	text, err := s.Casework.ReleaseNotes(a.Context(), a.who, id)
	return ReleaseNotes{text}, err
}
