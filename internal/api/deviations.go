package api

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

// DeviationsQuery asks for the deviations of one month.
type DeviationsQuery struct {
	Month string `json:"month,omitempty" doc:"Such as 2026-03; without it, all."`
}

// Deviations are all times that cases did not go the way of the policy, oldest first.
type Deviations struct {
	Deviations []Deviation `json:"deviations"`
}

// Deviation is one of them.
type Deviation struct {
	At      time.Time  `json:"at"`
	Case    cvd.CaseID `json:"case"`
	How     string     `json:"how" enum:"waived,passed,lifted" doc:"waived: two people let the case pass the clause; passed: a step used that; lifted: the policy itself lifts it."`
	Step    string     `json:"step" doc:"The kind of event in which it happened."`
	Clause  string     `json:"clause"`
	Because string     `json:"because,omitempty" doc:"What the waiver says, or the clause that lifts."`
	Who     []string   `json:"who"`
	Alone   bool       `json:"alone,omitempty" doc:"One person was both, as the policy allows a team of one."`
}

// Deviations reads the deviations of a project.
func (c *Client) Deviations(ctx context.Context, project cvd.ProjectID, q DeviationsQuery) (Deviations, error) {
	query := url.Values{}
	if q.Month != "" {
		query.Set("month", q.Month)
	}
	var out Deviations
	return out, c.do(ctx, call{method: http.MethodGet, path: projectPathOf(project) + "/deviations", query: query}, &out)
}

func (s *server) deviations(a *asked, q DeviationsQuery) (Deviations, error) {
	period, err := casework.ReadMonth(q.Month)
	if err != nil {
		return Deviations{}, err
	}
	all, err := s.Casework.Deviations(a.Context(), a.who, period)
	if err != nil {
		return Deviations{}, err
	}
	out := Deviations{Deviations: []Deviation{}}
	for _, d := range all {
		out.Deviations = append(out.Deviations, Deviation(d))
	}
	return out, nil
}
