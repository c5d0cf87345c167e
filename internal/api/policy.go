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

// PolicyChange is one difference in meaning between two versions of a policy.
type PolicyChange struct {
	Clause string `json:"clause"`
	Title  string `json:"title"`
	Kind   string `json:"kind" enum:"added,removed,changed,moved"`
	Effect string `json:"effect" enum:"looser,tighter,other"`
	Was    string `json:"was,omitempty"`
	Now    string `json:"now,omitempty"`
	Says   string `json:"says" doc:"The change in one line: First response, High: 48 hours → 72 hours."`
}

// PolicyVersion is one version of a project's policy.
type PolicyVersion struct {
	Version  int64          `json:"version"`
	At       time.Time      `json:"at" doc:"When it came into force."`
	By       cvd.ActorID    `json:"by" doc:"Who put it in force; system: whoever runs the machine."`
	Proposal int64          `json:"proposal,omitempty"`
	Because  string         `json:"because,omitempty"`
	Changes  []PolicyChange `json:"changes" doc:"Since the version before."`
}

// PolicyVersions is the history of a policy, the newest version first.
type PolicyVersions struct {
	Versions []PolicyVersion `json:"versions"`
}

// PolicyVersions reads the history of a project's policy.
func (c *Client) PolicyVersions(ctx context.Context, project cvd.ProjectID) (PolicyVersions, error) {
	var out PolicyVersions
	return out, c.do(ctx, call{method: http.MethodGet, path: projectPathOf(project) + "/policy/versions"}, &out)
}

func (s *server) policyVersions(a *asked, _ nothing) (PolicyVersions, error) {
	all, err := s.Casework.PolicyHistory(a.Context(), a.who)
	out := PolicyVersions{Versions: []PolicyVersion{}}
	for _, v := range all {
		out.Versions = append(out.Versions, PolicyVersion{Version: v.Version, At: v.At, By: v.Author, Proposal: v.Proposal, Because: v.Because, Changes: policyChanges(v.Changes)})
	}
	return out, err
}

func policyChanges(all []casework.PolicyChange) []PolicyChange {
	out := []PolicyChange{}
	for _, c := range all {
		out = append(out, PolicyChange{c.Clause, c.Title, string(c.Kind), string(c.Effect), c.Was, c.Now, c.String()})
	}
	return out
}

// PolicyDiffQuery names two versions of a policy.
type PolicyDiffQuery struct {
	From int `json:"from" doc:"The older version."`
	To   int `json:"to" doc:"The newer one."`
}

// PolicyDiff is how the meaning of a policy changed.
type PolicyDiff struct {
	Changes []PolicyChange `json:"changes"`
}

// PolicyDiff reads how the meaning of a project's policy changed from one version to another.
func (c *Client) PolicyDiff(ctx context.Context, project cvd.ProjectID, from, to int64) (PolicyDiff, error) {
	query := url.Values{"from": {strconv.FormatInt(from, 10)}, "to": {strconv.FormatInt(to, 10)}}
	var out PolicyDiff
	return out, c.do(ctx, call{method: http.MethodGet, path: projectPathOf(project) + "/policy/diff", query: query}, &out)
}

func (s *server) policyDiff(a *asked, q PolicyDiffQuery) (PolicyDiff, error) {
	if q.From < 1 || q.To < 1 {
		return PolicyDiff{}, cvd.Errorf(cvd.Invalid, "name two versions: ?from=1&to=2")
	}
	all, err := s.Casework.PolicyDiff(a.Context(), a.who, int64(q.From), int64(q.To))
	return PolicyDiff{policyChanges(all)}, err
}

// PolicyProposal is a change of a policy that somebody proposed, and what became of it.
type PolicyProposal struct {
	Number   int64           `json:"number"`
	Base     int64           `json:"base" doc:"The version that it changes."`
	At       time.Time       `json:"at"`
	By       cvd.ActorID     `json:"by"`
	Name     string          `json:"name,omitempty"`
	Source   string          `json:"source" enum:"editor,forge"`
	State    string          `json:"state" enum:"open,accepted,rejected,withdrawn"`
	Version  int64           `json:"version,omitempty" doc:"That it became."`
	Because  string          `json:"because"`
	Text     string          `json:"text,omitempty" doc:"The whole document; only where one proposal is asked for."`
	Changes  []PolicyChange  `json:"changes,omitempty"`
	Stale    bool            `json:"stale,omitempty" doc:"Another version came into force since: it has to be renewed."`
	Since    []PolicyChange  `json:"since,omitempty" doc:"What changed since its base, if it is stale."`
	Findings []PolicyFinding `json:"findings,omitempty" doc:"What the linter says."`
	Opinions []PolicyOpinion `json:"opinions,omitempty"`
}

// PolicyFinding is what the linter says about a proposed policy.
type PolicyFinding struct {
	Code    string `json:"code"`
	Line    int    `json:"line"`
	Clause  string `json:"clause"`
	Says    string `json:"says"`
	Informs bool   `json:"informs,omitempty" doc:"Nothing is wrong."`
	Waived  string `json:"waived,omitempty" doc:"Why the document leaves it so."`
}

// PolicyOpinion is what somebody said about a proposal, or did with it.
type PolicyOpinion struct {
	At      time.Time   `json:"at"`
	By      cvd.ActorID `json:"by"`
	Name    string      `json:"name,omitempty"`
	Verdict string      `json:"verdict" enum:"approve,object,comment,accept,reject,withdraw,renew"`
	Text    string      `json:"text,omitempty"`
	Round   int         `json:"round" doc:"Of the text that it is about: a renewed proposal begins another."`
}

// PolicyProposals are proposals, the newest first.
type PolicyProposals struct {
	Proposals []PolicyProposal `json:"proposals"`
}

func policyProposalOf(p casework.PolicyProposal) PolicyProposal {
	out := PolicyProposal{Number: p.Number, Base: p.Base, At: p.At, By: p.Author, Name: p.Name, Source: p.Source, State: p.State, Version: p.Version, Because: p.Because,
		Text: string(p.Text), Stale: p.Stale}
	if p.Changes != nil {
		out.Changes = policyChanges(p.Changes)
	}
	if p.Since != nil {
		out.Since = policyChanges(p.Since)
	}
	for _, f := range p.Findings {
		out.Findings = append(out.Findings, PolicyFinding{f.Code, f.Line, f.Clause, f.Says, f.Informs, f.Waived})
	}
	for _, o := range p.Opinions {
		out.Opinions = append(out.Opinions, PolicyOpinion{o.At, o.By, o.Name, o.Verdict, o.Text, o.Round})
	}
	return out
}

// PolicyProposals reads the newest proposals of a project, without their texts.
func (c *Client) PolicyProposals(ctx context.Context, project cvd.ProjectID) (PolicyProposals, error) {
	var out PolicyProposals
	return out, c.do(ctx, call{method: http.MethodGet, path: proposalPathOf(project, 0)}, &out)
}

func (s *server) policyProposals(a *asked, _ nothing) (PolicyProposals, error) {
	all, err := s.Casework.PolicyProposals(a.Context(), a.who)
	out := PolicyProposals{Proposals: []PolicyProposal{}}
	for _, p := range all {
		p.Text = nil
		out.Proposals = append(out.Proposals, policyProposalOf(p))
	}
	return out, err
}

// proposalPathOf is the address of a proposal, or of all of them.
func proposalPathOf(project cvd.ProjectID, number int64) string {
	path := projectPathOf(project) + "/policy/proposals"
	if number > 0 {
		path += "/" + strconv.FormatInt(number, 10)
	}
	return path
}

// PolicyProposal reads one proposal whole.
func (c *Client) PolicyProposal(ctx context.Context, project cvd.ProjectID, number int64) (PolicyProposal, error) {
	var out PolicyProposal
	return out, c.do(ctx, call{method: http.MethodGet, path: proposalPathOf(project, number)}, &out)
}

func (s *server) policyProposal(a *asked, _ nothing) (PolicyProposal, error) {
	number, err := a.proposal()
	if err != nil {
		return PolicyProposal{}, err
	}
	p, err := s.Casework.PolicyProposal(a.Context(), a.who, number)
	return policyProposalOf(p), err
}

// proposal is the number that the path names.
func (a *asked) proposal() (int64, error) {
	number, err := strconv.ParseInt(a.PathValue("number"), 10, 64)
	if err != nil || number < 1 {
		return 0, cvd.Errorf(cvd.NotFound, "there is no such proposal")
	}
	return number, nil
}

// PolicyDraft is a policy that somebody wants to be in force, and why.
type PolicyDraft struct {
	Text    string `json:"text" doc:"The whole document."`
	Because string `json:"because"`
}

// ProposePolicy proposes a policy.
func (c *Client) ProposePolicy(ctx context.Context, project cvd.ProjectID, in PolicyDraft) (PolicyProposal, error) {
	var out PolicyProposal
	return out, c.do(ctx, call{method: http.MethodPost, path: proposalPathOf(project, 0), in: in}, &out)
}

func (s *server) proposePolicy(a *asked, in PolicyDraft) (PolicyProposal, error) {
	p, err := s.Casework.ProposePolicy(a.Context(), a.who, []byte(in.Text), in.Because)
	return policyProposalOf(p), err
}
