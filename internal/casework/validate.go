package casework

import (
	"context"

	"github.com/tipstaff/tipstaff/cvd"
)

// Validate decides that the report is right; what shows it must be said. From then on the case asks about every release line
// that the policy promises fixes for.
func (w *Casework) Validate(ctx context.Context, who cvd.Actor, about About, in cvd.Validated) (cvd.View, error) {
	return w.record(ctx, who, about, "validate", func(a *asking) (cvd.What, error) {
		v := in
		v.Lines = a.p.Eligible()
		return cvd.What{Validated: &v}, require("/evidence", v.Evidence, "say what shows that the report is right")
	})
}
