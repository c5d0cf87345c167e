package casework

import (
	"context"

	"github.com/tipstaff/tipstaff/cvd"
)

// Lift ends the embargo; nobody has to publish for it.
func (w *Casework) Lift(ctx context.Context, who cvd.Actor, about About, in cvd.Lifted) (cvd.View, error) {
	return w.record(ctx, who, about, "lift", func(*asking) (cvd.What, error) {
		if err := name("/why", in.Why, "say why it ends: agreed, quorum, leaked"); err != nil {
			return cvd.What{}, err
		}
		return cvd.What{Lifted: &in}, nil
	})
}
