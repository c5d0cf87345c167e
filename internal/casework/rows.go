package casework

import (
	"context"

	"github.com/tipstaff/tipstaff/cvd"
)

// Rows are cases of the given ids as an actor sees them in a list, in that order; what they may not see is left out.
func (w *Casework) Rows(ctx context.Context, who cvd.Actor, ids []cvd.CaseID) ([]Row, error) {
	p, err := w.project(who.Project)
	if err != nil {
		return nil, err
	}
	if err := onRoster(who); err != nil {
		return nil, err
	}
	cases, err := w.store.Some(ctx, p.ID, ids)
	if err != nil {
		return nil, err
	}
	return w.rows(ctx, p, who, cases)
}
