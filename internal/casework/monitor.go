package casework

import (
	"context"

	"github.com/tipstaff/tipstaff/cvd"
)

// Monitor records what was seen after the release.
func (w *Casework) Monitor(ctx context.Context, who cvd.Actor, about About, in cvd.Monitored) (cvd.View, error) {
	return w.record(ctx, who, about, "monitor", func(a *asking) (cvd.What, error) {
		if err := require("/outcome", in.Outcome, "say what was seen: resolved, not_resolved or watching"); err != nil {
			return cvd.What{}, err
		}
		if err := require("/evidence", in.Evidence, "say what shows it"); err != nil {
			return cvd.What{}, err
		}
		m := in
		m.Reopens = in.Outcome == "not_resolved" && !a.c.Marked(cvd.MarkReleased).IsZero()
		return cvd.What{Monitored: &m}, nil
	})
}
