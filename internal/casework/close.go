package casework

import (
	"context"

	"github.com/tipstaff/tipstaff/cvd"
)

// Close ends the case; a matter that comes back is a new report in it.
func (w *Casework) Close(ctx context.Context, who cvd.Actor, about About, in cvd.Ended) (cvd.View, error) {
	return w.record(ctx, who, about, "close", func(*asking) (cvd.What, error) {
		if err := name("/outcome", in.Outcome, "say how it ended: fixed, not_fixed, invalid, duplicate"); err != nil {
			return cvd.What{}, err
		}
		return cvd.What{Ended: &in}, nil
	})
}
