package api

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

// CasesQuery asks for a page of cases.
type CasesQuery struct {
	Cursor string `json:"cursor,omitempty" doc:"Where the page before ended: its next."`
	Limit  int    `json:"limit,omitempty" doc:"At most so many: 50, and never more than 100." minimum:"1" maximum:"100"`
	State  string `json:"state,omitempty" doc:"Only those with this state: received, triaged, fixing …; or open: those that are not closed."`
}

// Cases is a page of cases, newest first.
type Cases struct {
	Cases []Summary `json:"cases"`
	Next  string    `json:"next,omitempty" doc:"The cursor of the next page; absent on the last."`
}

// Cases reads a page of the cases that the asker may see.
func (c *Client) Cases(ctx context.Context, project cvd.ProjectID, q CasesQuery) (Cases, error) {
	query := url.Values{}
	if q.Cursor != "" {
		query.Set("cursor", q.Cursor)
	}
	if q.Limit != 0 {
		query.Set("limit", strconv.Itoa(q.Limit))
	}
	if q.State != "" {
		query.Set("state", q.State)
	}
	var out Cases
	return out, c.do(ctx, call{method: http.MethodGet, path: projectPathOf(project) + "/cases", query: query}, &out)
}

func (s *server) cases(a *asked, q CasesQuery) (Cases, error) {
	page := casework.Page{After: q.Cursor, Limit: q.Limit, State: q.State}
	if q.State == "open" {
		page.State, page.Open = "", true
	}
	views, next, err := s.Casework.Cases(a.Context(), a.who, page)
	if err != nil {
		return Cases{}, err
	}
	out := Cases{Cases: []Summary{}, Next: next}
	for _, v := range views {
		out.Cases = append(out.Cases, summaryOf(v))
	}
	return out, nil
}

// SearchQuery asks for cases by words.
type SearchQuery struct {
	Words string `json:"q" doc:"Words that the case must hold, all of them."`
	Limit int    `json:"limit,omitempty" doc:"At most so many: 50, and never more than 100." minimum:"1" maximum:"100"`
}

// Found are ids of cases.
type Found struct {
	Cases []cvd.CaseID `json:"cases"`
}

// Search finds the cases that hold every word.
func (c *Client) Search(ctx context.Context, project cvd.ProjectID, words string) (Found, error) {
	var out Found
	return out, c.do(ctx, call{method: http.MethodGet, path: projectPathOf(project) + "/search", query: url.Values{"q": {words}}}, &out)
}

func (s *server) search(a *asked, q SearchQuery) (Found, error) {
	found, err := s.Casework.Search(a.Context(), a.who, q.Words, most(q.Limit))
	return Found{Cases: append([]cvd.CaseID{}, found...)}, err
}

// Alike finds cases that may be about the same matter as this one.
func (c *Client) Alike(ctx context.Context, project cvd.ProjectID, id cvd.CaseID) (Found, error) {
	var out Found
	return out, c.do(ctx, call{method: http.MethodGet, path: casePathOf(project, id) + "/alike"}, &out)
}

func (s *server) alike(a *asked, _ nothing) (Found, error) {
	id, err := a.caseID()
	if err != nil {
		return Found{}, err
	}
	found, err := s.Casework.Alike(a.Context(), a.who, id, 10)
	return Found{Cases: append([]cvd.CaseID{}, found...)}, err
}

func most(limit int) int {
	if limit < 1 || limit > 100 {
		return 50
	}
	return limit
}
