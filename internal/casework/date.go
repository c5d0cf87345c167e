package casework

import (
	"context"

	"github.com/tipstaff/tipstaff/cvd"
)

// Date gives an event of the project its date; clocks that waited for it get theirs.
func (w *Casework) Date(ctx context.Context, who cvd.Actor, about About, in cvd.Dated) (cvd.View, error) {
	return w.record(ctx, who, about, "date", func(*asking) (cvd.What, error) {
		d := in
		if in.On.IsZero() {
			return cvd.What{}, cvd.Fieldf("/on", "write the exact instant, with a zone: 2026-12-01T16:00:00Z")
		}
		d.On = in.On.UTC()
		return cvd.What{Dated: &d}, oneOf("/event", in.Event, cvd.MarkRelease)
	})
}
