package casework

import (
	"context"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/policy"
	"github.com/tipstaff/tipstaff/internal/store"
)

// Finding is something that the linter says about a policy.
type Finding = policy.Finding

// SealedKey is a version of a project's key, without the key.
type SealedKey = store.SealedKey

// Findings is what the linter says about the policy in force, for whoever may administer the project.
func (w *Casework) Findings(who cvd.Actor) (version int64, all []Finding, err error) {
	if err := administers(who); err != nil {
		return 0, nil, err
	}
	p, err := w.project(who.Project)
	if err != nil {
		return 0, nil, err
	}
	return p.Policy, policy.Lint(p.inForce()), nil
}

// Keys lists the versions of the project's key and who can open them, for whoever may administer the project.
func (w *Casework) Keys(ctx context.Context, who cvd.Actor) ([]SealedKey, error) {
	if err := administers(who); err != nil {
		return nil, err
	}
	return w.store.Keys(ctx, who.Project)
}
