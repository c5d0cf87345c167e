package api

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

// ProcessReview is the pack of one period for something that the policy says is done again and again, and what was decided on it.
type ProcessReview struct {
	Review     string           `json:"review" doc:"Its name in addresses: process_review.2026-03-01."`
	Title      string           `json:"title"`
	From       time.Time        `json:"from"`
	Until      time.Time        `json:"until"`
	At         time.Time        `json:"at" doc:"When it was made."`
	Closed     time.Time        `json:"closed,omitzero" doc:"Absent while the review is not over."`
	Does       []string         `json:"does" doc:"What the policy says is done."`
	Policy     int64            `json:"policy" doc:"The version in force when the period had ended."`
	Measures   []ReviewMeasure  `json:"measures"`
	Breaches   []ReviewCase     `json:"breaches"`
	Deviations []ReviewCase     `json:"deviations"`
	Feedback   []ReviewCase     `json:"feedback"`
	Questions  []ReviewCase     `json:"questions"`
	Decisions  []ReviewDecision `json:"decisions"`
}

// ReviewMeasure is one measure over the cases that came in the period.
type ReviewMeasure struct {
	Name    string         `json:"name"`
	Title   string         `json:"title"`
	Figures []ReviewFigure `json:"figures"`
}

// ReviewFigure is one number of a measure.
type ReviewFigure struct {
	Name  string   `json:"name"`
	Title string   `json:"title"`
	Unit  string   `json:"unit" enum:"days,cases,count,people,share"`
	Value *float64 `json:"value,omitempty" doc:"Absent where no case is behind it."`
}

// ReviewCase is a case that a review should look at, and why; without a case it is about the project.
type ReviewCase struct {
	Case   cvd.CaseID `json:"case,omitempty"`
	At     time.Time  `json:"at,omitzero"`
	Clause string     `json:"clause,omitempty"`
	Says   string     `json:"says"`
}

// ReviewDecision is what a review decided.
type ReviewDecision struct {
	At      time.Time   `json:"at"`
	By      cvd.ActorID `json:"by"`
	Name    string      `json:"name,omitempty"`
	Text    string      `json:"text"`
	Version int64       `json:"version,omitempty" doc:"Of the policy, that followed."`
}

// ProcessReviews are reviews, the newest first.
type ProcessReviews struct {
	Reviews []ProcessReview `json:"reviews"`
}

func reviewPathOf(project cvd.ProjectID, review string) string {
	return projectPathOf(project) + "/reviews/" + url.PathEscape(review)
}

// ProcessReviews reads the reviews of a project's process.
func (c *Client) ProcessReviews(ctx context.Context, project cvd.ProjectID) (ProcessReviews, error) {
	var out ProcessReviews
	return out, c.do(ctx, call{method: http.MethodGet, path: projectPathOf(project) + "/reviews"}, &out)
}

func (s *server) processReviews(a *asked, _ nothing) (ProcessReviews, error) {
	all, err := s.Casework.ProcessReviews(a.Context(), a.who)
	out := ProcessReviews{Reviews: []ProcessReview{}}
	for _, r := range all {
		out.Reviews = append(out.Reviews, processReviewOf(r))
	}
	return out, err
}

func processReviewOf(r casework.ProcessReview) ProcessReview {
	out := ProcessReview{Review: r.Key(), Title: r.Title, From: r.From, Until: r.Until, At: r.At, Closed: r.Closed, Does: append([]string{}, r.Does...), Policy: r.Policy,
		Measures: []ReviewMeasure{}, Breaches: reviewCases(r.Breaches), Deviations: reviewCases(r.Deviations), Feedback: reviewCases(r.Feedback),
		Questions: reviewCases(r.Questions), Decisions: []ReviewDecision{}}
	for _, m := range r.Measures {
		x := ReviewMeasure{Name: m.Name, Title: m.Title, Figures: []ReviewFigure{}}
		for _, n := range m.Figures {
			f := ReviewFigure{Name: n.Name, Title: n.Title, Unit: string(n.Unit)}
			if !n.None {
				f.Value = &n.Value
			}
			x.Figures = append(x.Figures, f)
		}
		out.Measures = append(out.Measures, x)
	}
	for _, d := range r.Decisions {
		out.Decisions = append(out.Decisions, ReviewDecision{d.At, d.By, d.Name, d.Text, d.Version})
	}
	return out
}

func reviewCases(all []casework.PackCase) []ReviewCase {
	out := []ReviewCase{}
	for _, c := range all {
		out = append(out, ReviewCase{c.Case, c.At, c.Clause, c.Says})
	}
	return out
}

// ProcessReview reads one review.
func (c *Client) ProcessReview(ctx context.Context, project cvd.ProjectID, review string) (ProcessReview, error) {
	var out ProcessReview
	return out, c.do(ctx, call{method: http.MethodGet, path: reviewPathOf(project, review)}, &out)
}

func (s *server) processReview(a *asked, _ nothing) (ProcessReview, error) {
	r, err := s.Casework.ProcessReview(a.Context(), a.who, a.PathValue("review"))
	if err != nil {
		return ProcessReview{}, err
	}
	return processReviewOf(r), nil
}

// Decide records what a review decided.
func (c *Client) Decide(ctx context.Context, project cvd.ProjectID, review string, in Decision) (ProcessReview, error) {
	var out ProcessReview
	return out, c.do(ctx, call{method: http.MethodPost, path: reviewPathOf(project, review) + "/decisions", in: in}, &out)
}

// Decision is what a review decided, as it is sent.
type Decision struct {
	Text    string `json:"text"`
	Version int64  `json:"version,omitempty" doc:"Of the policy, if one followed."`
}

func (s *server) decide(a *asked, in Decision) (ProcessReview, error) {
	r, err := s.Casework.Decide(a.Context(), a.who, a.PathValue("review"), in.Text, in.Version)
	if err != nil {
		return ProcessReview{}, err
	}
	return processReviewOf(r), nil
}

func (s *server) closeReview(a *asked, _ nothing) (ProcessReview, error) {
	r, err := s.Casework.CloseReview(a.Context(), a.who, a.PathValue("review"))
	if err != nil {
		return ProcessReview{}, err
	}
	return processReviewOf(r), nil
}

// CloseReview says that a review is over.
func (c *Client) CloseReview(ctx context.Context, project cvd.ProjectID, review string) (ProcessReview, error) {
	var out ProcessReview
	return out, c.do(ctx, call{method: http.MethodPost, path: reviewPathOf(project, review) + "/close", in: struct{}{}}, &out)
}
