package api

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

// Verdict is somebody's word on a proposal.
type Verdict struct {
	Verdict string `json:"verdict" enum:"approve,object,comment"`
	Text    string `json:"text,omitempty"`
}

// Renewal is another text for a proposal.
type Renewal struct {
	Text string `json:"text" doc:"The whole document."`
}

// Reason says why something is decided.
type Reason struct {
	Because string `json:"because,omitempty"`
}

// decideProposal sends what is done with a proposal.
func (c *Client) decideProposal(ctx context.Context, project cvd.ProjectID, number int64, act string, in any) (PolicyProposal, error) {
	var out PolicyProposal
	return out, c.do(ctx, call{method: http.MethodPost, path: proposalPathOf(project, number) + "/" + act, in: in}, &out)
}

// JudgePolicy adds the asker's word to a proposal.
func (c *Client) JudgePolicy(ctx context.Context, project cvd.ProjectID, number int64, in Verdict) (PolicyProposal, error) {
	return c.decideProposal(ctx, project, number, "judge", in)
}

// RenewPolicy puts another text in the place of a proposed one.
func (c *Client) RenewPolicy(ctx context.Context, project cvd.ProjectID, number int64, in Renewal) (PolicyProposal, error) {
	return c.decideProposal(ctx, project, number, "renew", in)
}

// AcceptPolicy puts a proposed policy in force.
func (c *Client) AcceptPolicy(ctx context.Context, project cvd.ProjectID, number int64, in Reason) (PolicyProposal, error) {
	return c.decideProposal(ctx, project, number, "accept", in)
}

// RejectPolicy ends a proposal with a reason.
func (c *Client) RejectPolicy(ctx context.Context, project cvd.ProjectID, number int64, in Reason) (PolicyProposal, error) {
	return c.decideProposal(ctx, project, number, "reject", in)
}

// WithdrawPolicy takes a proposal of the asker's back.
func (c *Client) WithdrawPolicy(ctx context.Context, project cvd.ProjectID, number int64) (PolicyProposal, error) {
	return c.decideProposal(ctx, project, number, "withdraw", struct{}{})
}

// onProposal does something with the proposal that the path names.
func onProposal(a *asked, do func(number int64) (casework.PolicyProposal, error)) (PolicyProposal, error) {
	number, err := a.proposal()
	if err != nil {
		return PolicyProposal{}, err
	}
	p, err := do(number)
	return policyProposalOf(p), err
}

func (s *server) judgePolicy(a *asked, in Verdict) (PolicyProposal, error) {
	return onProposal(a, func(number int64) (casework.PolicyProposal, error) {
		return s.Casework.Judge(a.Context(), a.who, number, in.Verdict, in.Text)
	})
}

func (s *server) renewPolicy(a *asked, in Renewal) (PolicyProposal, error) {
	return onProposal(a, func(number int64) (casework.PolicyProposal, error) {
		return s.Casework.RenewPolicy(a.Context(), a.who, number, []byte(in.Text))
	})
}

func (s *server) acceptPolicy(a *asked, in Reason) (PolicyProposal, error) {
	return onProposal(a, func(number int64) (casework.PolicyProposal, error) {
		return s.Casework.AcceptPolicy(a.Context(), a.who, number, in.Because)
	})
}

func (s *server) rejectPolicy(a *asked, in Reason) (PolicyProposal, error) {
	return onProposal(a, func(number int64) (casework.PolicyProposal, error) {
		return s.Casework.RejectPolicy(a.Context(), a.who, number, in.Because)
	})
}

func (s *server) withdrawPolicy(a *asked, _ nothing) (PolicyProposal, error) {
	return onProposal(a, func(number int64) (casework.PolicyProposal, error) {
		return s.Casework.WithdrawPolicy(a.Context(), a.who, number)
	})
}

// Adoption is the open cases of a project on their way to another version of the policy, or what became of them.
type Adoption struct {
	Number  int64     `json:"number"`
	Version int64     `json:"version"`
	At      time.Time `json:"at"`
	Name    string    `json:"name,omitempty" doc:"Of who decided it."`
	Because string    `json:"because"`
	Ended   time.Time `json:"ended,omitzero" doc:"Absent while it goes on."`
	Total   int64     `json:"total" doc:"Open cases when it began."`
	Looked  int64     `json:"looked" doc:"At how many of them."`
	Moved   int64     `json:"moved"`
	Kept    int64     `json:"kept" doc:"That stay where they are, since the version has no place for them."`
}

// Adoptions are the moves of open cases, the newest first.
type Adoptions struct {
	Adoptions []Adoption `json:"adoptions"`
}

func adoptionOf(a casework.Adoption) Adoption {
	return Adoption{a.Number, a.Version, a.At, a.Name, a.Because, a.Ended, a.Total, a.Looked, a.Moved, a.Kept}
}

// Adoptions reads the moves of open cases from version to version.
func (c *Client) Adoptions(ctx context.Context, project cvd.ProjectID) (Adoptions, error) {
	var out Adoptions
	return out, c.do(ctx, call{method: http.MethodGet, path: projectPathOf(project) + "/policy/adoptions"}, &out)
}

func (s *server) adoptions(a *asked, _ nothing) (Adoptions, error) {
	all, err := s.Casework.Adoptions(a.Context(), a.who)
	out := Adoptions{Adoptions: []Adoption{}}
	for _, x := range all {
		out.Adoptions = append(out.Adoptions, adoptionOf(x))
	}
	return out, err
}

// AdoptAll begins to move all open cases to the version in force.
func (c *Client) AdoptAll(ctx context.Context, project cvd.ProjectID, in Reason) (Adoption, error) {
	var out Adoption
	return out, c.do(ctx, call{method: http.MethodPost, path: projectPathOf(project) + "/policy/adoptions", in: in}, &out)
}

// adoptAll takes If-Match as the version in force that the asker looked at (RFC 9110, 13.1.1).
func (s *server) adoptAll(a *asked, in Reason) (Adoption, error) {
	p, err := s.Casework.PolicyOf(a.project())
	if err != nil {
		return Adoption{}, err
	}
	if match := a.Header.Get("If-Match"); match != "" && match != "*" && match != strconv.Quote(strconv.FormatInt(p.Version, 10)) {
		return Adoption{}, cvd.Errorf(cvd.Conflict, "version %d is in force, and you looked at another; look again at what would follow", p.Version)
	}
	x, err := s.Casework.AdoptAll(a.Context(), a.who, in.Because)
	return adoptionOf(x), err
}

// AdoptionPreview is what would follow if the open cases moved to the version in force.
type AdoptionPreview struct {
	Version int64          `json:"version"`
	Open    int64          `json:"open" doc:"Open cases."`
	Looked  int64          `json:"looked" doc:"At how many of them, the oldest."`
	Moves   int64          `json:"moves"`
	Kept    int64          `json:"kept"`
	Overdue []OverdueClock `json:"overdue" doc:"Promises that would be missed at once."`
}

// OverdueClock is a promise that would be missed, and by how many cases.
type OverdueClock struct {
	Clause string `json:"clause"`
	Title  string `json:"title"`
	Cases  int64  `json:"cases"`
}

// PreviewAdoption works out what would follow if the open cases moved.
func (c *Client) PreviewAdoption(ctx context.Context, project cvd.ProjectID) (AdoptionPreview, error) {
	var out AdoptionPreview
	return out, c.do(ctx, call{method: http.MethodGet, path: projectPathOf(project) + "/policy/adoptions/preview"}, &out)
}

func (s *server) previewAdoption(a *asked, _ nothing) (AdoptionPreview, error) {
	p, err := s.Casework.PreviewAdoption(a.Context(), a.who)
	out := AdoptionPreview{Version: p.Version, Open: p.Open, Looked: p.Looked, Moves: p.Moves, Kept: p.Kept, Overdue: []OverdueClock{}}
	for _, k := range p.Overdue {
		out.Overdue = append(out.Overdue, OverdueClock{k.Clause, k.Title, k.Cases})
	}
	return out, err
}

// Adopt moves one case to the version in force.
func (c *Client) Adopt(ctx context.Context, project cvd.ProjectID, id cvd.CaseID, in Reason) (Case, error) {
	var out Case
	return out, c.do(ctx, call{method: http.MethodPost, path: casePathOf(project, id) + "/policy", in: in}, &out)
}

func (s *server) adopt(a *asked, in Reason) (Case, error) {
	return a.changed(func(about casework.About) (cvd.View, error) {
		return s.Casework.Adopt(a.Context(), a.who, about, in.Because)
	})
}
