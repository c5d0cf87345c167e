package api

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

// Downstream is a project that runs the product.
type Downstream struct {
	ID         string           `json:"id,omitempty" readOnly:"true"`
	Name       string           `json:"name"`
	Repository string           `json:"repository,omitempty" doc:"https://; its SECURITY.md is read when the route is looked for."`
	Website    string           `json:"website,omitempty" doc:"https://; its security.txt is read then."`
	Product    string           `json:"product,omitempty" doc:"Of the policy; not needed where there is only one."`
	Version    string           `json:"version,omitempty" doc:"In use."`
	Weights    map[string]int64 `json:"weights,omitempty"`
	Route      string           `json:"route,omitempty" doc:"Where it takes reports: a mail address, or a page."`
	Contacts   []cvd.Handle     `json:"contacts,omitempty"`
	Notes      string           `json:"notes,omitempty"`
	Line       string           `json:"line,omitempty" readOnly:"true" doc:"The release line that the version falls into."`
	Known      RouteKnown       `json:"known,omitzero" readOnly:"true" doc:"How the route is known."`
}

// RouteKnown is how the route of a project is known.
type RouteKnown struct {
	Source  string    `json:"source,omitempty" doc:"SECURITY.md, security.txt, chain registry, hand."`
	Found   string    `json:"found,omitempty"`
	Checked time.Time `json:"checked,omitzero"`
	Expires time.Time `json:"expires,omitzero"`
	Trouble string    `json:"trouble,omitempty"`
	Stale   bool      `json:"stale,omitempty"`
	Failed  time.Time `json:"failed,omitzero" doc:"When the last look could not be taken; what was known before stays."`
	Failure string    `json:"failure,omitempty" doc:"Why it could not."`
}

// Downstreams are the projects downstream.
type Downstreams struct {
	Downstream []Downstream `json:"downstream"`
}

func downstreamOf(d casework.Downstream) Downstream {
	r := d.Route
	return Downstream{ID: d.ID, Name: d.Name, Repository: d.Repository, Website: d.Website, Product: d.Product, Version: d.Version, Weights: d.Weights, Route: r.Is, Contacts: d.Contacts, Notes: d.Notes,
		Line: d.Line, Known: RouteKnown{Source: r.Source, Found: r.Found, Checked: r.CheckedAt, Expires: r.ExpiresAt, Trouble: r.Trouble, Stale: d.Stale, Failed: d.FailedAt, Failure: d.Failure}}
}

func (d Downstream) dependent(id string) cvd.Dependent {
	return cvd.Dependent{ID: id, Name: d.Name, Repository: d.Repository, Website: d.Website, Product: d.Product, Version: d.Version, Weights: d.Weights, Contacts: d.Contacts, Notes: d.Notes,
		Route: cvd.Route{Is: d.Route}}
}

// Downstreams reads the projects downstream.
func (c *Client) Downstreams(ctx context.Context, project cvd.ProjectID) (Downstreams, error) {
	var out Downstreams
	return out, c.do(ctx, call{method: http.MethodGet, path: projectPathOf(project) + "/downstream"}, &out)
}

func (s *server) downstreams(a *asked, _ nothing) (Downstreams, error) {
	all, err := s.Casework.Downstreams(a.Context(), a.who)
	out := Downstreams{Downstream: []Downstream{}}
	for _, d := range all {
		out.Downstream = append(out.Downstream, downstreamOf(d))
	}
	return out, err
}

// AddDownstream adds a project downstream.
func (c *Client) AddDownstream(ctx context.Context, project cvd.ProjectID, d Downstream) (Downstream, error) {
	var out Downstream
	return out, c.do(ctx, call{method: http.MethodPost, path: projectPathOf(project) + "/downstream", in: d}, &out)
}

func (s *server) addDownstream(a *asked, in Downstream) (Downstream, error) {
	d, err := s.Casework.PutDownstream(a.Context(), a.who, in.dependent(""))
	return downstreamOf(d), err
}

func (s *server) putDownstream(a *asked, in Downstream) (Downstream, error) {
	d, err := s.Casework.PutDownstream(a.Context(), a.who, in.dependent(a.PathValue("entry")))
	return downstreamOf(d), err
}

// CheckDownstream looks again for where a project takes reports.
func (c *Client) CheckDownstream(ctx context.Context, project cvd.ProjectID, id string) (Downstream, error) {
	var out Downstream
	return out, c.do(ctx, call{method: http.MethodPost, path: projectPathOf(project) + "/downstream/" + url.PathEscape(id) + "/check", in: struct{}{}}, &out)
}

func (s *server) checkDownstream(a *asked, _ nothing) (Downstream, error) {
	d, err := s.Casework.CheckRoute(a.Context(), a.who, a.PathValue("entry"))
	return downstreamOf(d), err
}

func (s *server) removeDownstream(a *asked, _ nothing) (Done, error) {
	err := s.Casework.RemoveDownstream(a.Context(), a.who, a.PathValue("entry"))
	return Done{err == nil}, err
}

// CaseExposure is how far the projects downstream run what a case is about.
type CaseExposure struct {
	Weighed    string              `json:"weighed,omitempty" doc:"What they are weighed by; absent: each counts one."`
	Total      int64               `json:"total"`
	Affected   int64               `json:"affected" doc:"Weight of those that run an affected version."`
	Downstream []ExposedDownstream `json:"downstream"`
}

// ExposedDownstream is one of them.
type ExposedDownstream struct {
	ID      string    `json:"id"`
	Name    string    `json:"name"`
	Version string    `json:"version,omitempty"`
	State   string    `json:"state" enum:"affected,unknown,fixed,not_affected"`
	Line    string    `json:"line,omitempty"`
	Weight  int64     `json:"weight,omitempty"`
	Knows   string    `json:"knows,omitempty" enum:"not_told,told,acknowledged,fixed,declined"`
	Pull    string    `json:"pull,omitempty"`
	At      time.Time `json:"at,omitzero"`
}

// CaseExposure reads which projects downstream run what a case is about.
func (c *Client) CaseExposure(ctx context.Context, project cvd.ProjectID, id cvd.CaseID) (CaseExposure, error) {
	var out CaseExposure
	return out, c.do(ctx, call{method: http.MethodGet, path: projectPathOf(project) + "/cases/" + url.PathEscape(string(id)) + "/exposure"}, &out)
}

func (s *server) exposure(a *asked, _ nothing) (CaseExposure, error) {
	id, err := a.caseID()
	if err != nil {
		return CaseExposure{}, err
	}
	x, err := s.Casework.Exposure(a.Context(), a.who, id)
	out := CaseExposure{Weighed: x.Weigh, Total: x.Total, Affected: x.Weights["affected"], Downstream: []ExposedDownstream{}}
	for _, d := range x.All {
		out.Downstream = append(out.Downstream, ExposedDownstream{ID: d.ID, Name: d.Name, Version: d.Version, State: d.State, Line: d.In, Weight: d.Weights[x.Weigh], Knows: d.Relay.Status,
			Pull: d.Relay.Pull, At: d.Relay.ChangedAt})
	}
	return out, err
}
