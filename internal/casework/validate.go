package casework

import (
	"context"

	"github.com/tipstaff/tipstaff/cvd"
)

// Validate decides that the report is right; what shows it must be said.
func (w *Casework) Validate(ctx context.Context, who cvd.Actor, about About, in cvd.Validated) (cvd.View, error) {
	return w.record(ctx, who, about, "validate", func(*asking) (cvd.What, error) {
		if err := require("/evidence", in.Evidence, "say what shows that the report is right"); err != nil {
			return cvd.What{}, err
		}
		return cvd.What{Validated: &in}, nil
	})
}
