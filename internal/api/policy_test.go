package api_test

import (
	"strings"
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/api"
	"github.com/tipstaff/tipstaff/internal/apptest"
	"github.com/tipstaff/tipstaff/policies"
)

// A program proposes, judges, accepts and adopts as people do, and reads the history; every answer is as described.
func TestAProgramTakesAPolicyFromProposalToAdoption(t *testing.T) {
	p := apptest.New(t, apptest.Options{})
	const project cvd.ProjectID = "solo-miner-monitor"
	as := func(who cvd.ActorID) *api.Client { return asJuno(t, p, p.Token(project, who)) }
	text, err := policies.Files.ReadFile(string(project) + ".yaml")
	if err != nil {
		t.Fatal(err)
	}
	got, err := asJuno(t, p, "").Report(t.Context(), project, api.Report{Title: "Overflow", Description: "It reads too far."}, "")
	if err != nil {
		t.Fatal(err)
	}
	ctx, vera, mara := t.Context(), as("vera"), as("maintainer-1")
	_, err = vera.ProposePolicy(ctx, project, api.PolicyDraft{Text: "policy: [", Because: "Why not."})
	if cvd.KindOf(err) != cvd.Invalid || !strings.Contains(err.Error(), "policy.yaml:2:1: this is no YAML") {
		t.Errorf("what is no policy: %v", err)
	}
	shorter := strings.Replace(string(text), "longest: 90d", "longest: 60d", 1)
	x, err := vera.ProposePolicy(ctx, project, api.PolicyDraft{Text: shorter, Because: "Shorter."})
	if err != nil || x.Number != 1 || len(x.Changes) != 1 || x.Changes[0].Says != "Embargo, longest: 90 days → 60 days" || x.Changes[0].Effect != "tighter" {
		t.Fatalf("%+v, %v", x, err)
	}
	if x, err = as("carl").JudgePolicy(ctx, project, 1, api.Verdict{Verdict: "approve"}); err != nil || len(x.Opinions) != 1 || x.Opinions[0].By != "carl" {
		t.Errorf("%+v, %v", x, err)
	}
	if _, err := vera.AcceptPolicy(ctx, project, 1, api.Reason{}); cvd.KindOf(err) != cvd.Refused {
		t.Errorf("vera accepted: %v", err)
	}
	if x, err = mara.AcceptPolicy(ctx, project, 1, api.Reason{}); err != nil || x.State != "accepted" || x.Version != 2 {
		t.Fatalf("%+v, %v", x, err)
	}
	if all, err := vera.PolicyProposals(ctx, project); err != nil || len(all.Proposals) != 1 || all.Proposals[0].Text != "" {
		t.Errorf("%+v, %v", all, err)
	}
	if all, err := vera.PolicyVersions(ctx, project); err != nil || len(all.Versions) != 2 || all.Versions[0].By != "maintainer-1" || all.Versions[0].Because != "Shorter." {
		t.Errorf("%+v, %v", all, err)
	}
	if d, err := vera.PolicyDiff(ctx, project, 2, 1); err != nil || len(d.Changes) != 1 || d.Changes[0].Effect != "looser" {
		t.Errorf("%+v, %v", d, err)
	}
	if see, err := mara.PreviewAdoption(ctx, project); err != nil || see.Moves != 1 || see.Version != 2 {
		t.Errorf("%+v, %v", see, err)
	}
	if c, err := mara.Adopt(ctx, project, got.Case, api.Reason{Because: "For this one."}); err != nil || c.Policy != 2 {
		t.Errorf("%+v, %v", c.Policy, err)
	}
	if a, err := mara.AdoptAll(ctx, project, api.Reason{Because: "And all."}); err != nil || a.Total != 1 || a.Version != 2 {
		t.Errorf("%+v, %v", a, err)
	}
	p.Settle()
	if all, err := vera.Adoptions(ctx, project); err != nil || len(all.Adoptions) != 1 || all.Adoptions[0].Ended.IsZero() {
		t.Errorf("%+v, %v", all, err)
	}

	p.Wait(31 * 24 * time.Hour)
	all, err := mara.ProcessReviews(ctx, project)
	if err != nil || len(all.Reviews) != 1 || all.Reviews[0].Review != "process_review.2026-03-01" || len(all.Reviews[0].Measures) == 0 {
		t.Fatalf("%+v, %v", all, err)
	}
	review := all.Reviews[0].Review
	if r, err := mara.Decide(ctx, project, review, api.Decision{Text: "Keep it shorter.", Version: 2}); err != nil || len(r.Decisions) != 1 || r.Decisions[0].By != "maintainer-1" {
		t.Errorf("%+v, %v", r, err)
	}
	if r, err := mara.CloseReview(ctx, project, review); err != nil || r.Closed.IsZero() {
		t.Errorf("%+v, %v", r, err)
	}
	if _, err := vera.ProcessReview(ctx, project, review); cvd.KindOf(err) != cvd.NotFound {
		t.Errorf("who may not see cases reads a review: %v", err)
	}
}
