package casework

import (
	"context"

	"github.com/tipstaff/tipstaff/cvd"
)

// Extend makes a promise longer in one case, within what the policy allows. The instant that it had stays in the history.
func (w *Casework) Extend(ctx context.Context, who cvd.Actor, about About, in cvd.Extended) (cvd.View, error) {
	return w.record(ctx, who, about, "extend", func(*asking) (cvd.What, error) {
		x := in
		if in.Until.IsZero() {
			return cvd.What{}, cvd.Fieldf("/until", "write the exact instant, with its zone: 2026-12-01T16:00:00Z")
		}
		x.Until = in.Until.UTC()
		return cvd.What{Extended: &x}, first(require("/clock", in.Clock, "name the clock of the promise"),
			require("/because", in.Because, "say why: the reporter reads it"), readable("/agreed", in.Agreed))
	})
}
