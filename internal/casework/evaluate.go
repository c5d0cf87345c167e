package casework

import (
	"context"

	"github.com/tipstaff/tipstaff/cvd"
)

// Evaluate looks back at how well the response worked, once there was one.
func (w *Casework) Evaluate(ctx context.Context, who cvd.Actor, about About, in cvd.Evaluated) (cvd.View, error) {
	return w.record(ctx, who, about, "evaluate", func(a *asking) (cvd.What, error) {
		if a.c.Marked(cvd.MarkReleased).IsZero() && a.c.Disclosure.At.IsZero() {
			return cvd.What{}, cvd.Errorf(cvd.Refused, "there is nothing to look back at before a release or a disclosure")
		}
		return cvd.What{Evaluated: &in}, first(
			oneOf("/outcome", in.Outcome, "effective", "partly", "not_effective"),
			require("/says", in.Says, "say what worked and what did not"), readable("/better", in.Better))
	})
}
