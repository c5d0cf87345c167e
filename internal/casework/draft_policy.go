package casework

import (
	"context"
	"errors"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/policy"
)

// Scenario is a case that a policy is asked about.
type Scenario = policy.Scenario

// Timeline is what a policy says of a scenario.
type Timeline = policy.Timeline

// PolicyProblem is what keeps a document from being a policy.
type PolicyProblem = policy.Problem

// DraftPolicy is what can be said of a document while somebody writes it.
type DraftPolicy struct {
	Policy   *policy.Policy  // nil: it is none yet
	Problems []PolicyProblem // that keep it from being one
	Unfit    error           // it is a policy, and the project could not live with it; nil: it could
	Findings []Finding
	Base     int64          // the version in force
	Changes  []PolicyChange // how its meaning differs from that
}

// DraftPolicy looks at a document that a member of a project is writing, and keeps nothing of it.
func (w *Casework) DraftPolicy(ctx context.Context, who cvd.Actor, text []byte) (DraftPolicy, error) {
	if err := onRoster(who); err != nil {
		return DraftPolicy{}, err
	}
	p, err := w.freshProject(ctx, who.Project)
	if err != nil {
		return DraftPolicy{}, err
	}
	out := DraftPolicy{Base: p.Policy}
	doc, err := policy.Read("policy.yaml", text, w.bases)
	if problems, ok := errors.AsType[policy.Problems](err); ok {
		out.Problems = problems
		return out, nil
	}
	if err != nil {
		return out, err
	}
	if _, err := w.fit(ctx, p, text); cvd.KindOf(err) == cvd.Invalid {
		out.Unfit = err
	} else if err != nil {
		return out, err
	}
	out.Policy, out.Findings, out.Changes = doc, policy.LintAround(doc, policy.Around{Now: w.now(), People: p.people}), policy.Diff(p.inForce(), doc)
	return out, nil
}
