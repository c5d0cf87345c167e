package casework

import (
	"context"

	"github.com/tipstaff/tipstaff/cvd"
)

// Invalidate decides that the report is not right; the reason and what shows it must be said.
func (w *Casework) Invalidate(ctx context.Context, who cvd.Actor, about About, in cvd.Invalidated) (cvd.View, error) {
	return w.record(ctx, who, about, "invalidate", func(*asking) (cvd.What, error) {
		if err := name("/reason", in.Reason, "name the reason: not_a_vulnerability, out_of_scope, not_reproducible, unsupported_version"); err != nil {
			return cvd.What{}, err
		}
		if err := require("/evidence", in.Evidence, "say what shows it"); err != nil {
			return cvd.What{}, err
		}
		return cvd.What{Invalidated: &in}, nil
	})
}
