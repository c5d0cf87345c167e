package casework

import (
	"context"

	"github.com/tipstaff/tipstaff/cvd"
)

// Acknowledge says that a person, not a machine, has seen the report.
func (w *Casework) Acknowledge(ctx context.Context, who cvd.Actor, about About, in cvd.Acknowledged) (cvd.View, error) {
	return w.record(ctx, who, about, "acknowledge", func(*asking) (cvd.What, error) {
		return cvd.What{Acknowledged: &in}, nil
	})
}
