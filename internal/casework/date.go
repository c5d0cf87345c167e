package casework

import (
	"context"

	"github.com/tipstaff/tipstaff/cvd"
)

// Date gives an event of the project, or a milestone of its policy, its date, which may lie ahead; clocks that waited for it get
// theirs, and what counts from it begins with it.
func (w *Casework) Date(ctx context.Context, who cvd.Actor, about About, in cvd.Dated) (cvd.View, error) {
	return w.record(ctx, who, about, "date", func(a *asking) (cvd.What, error) {
		d := in
		if in.On.IsZero() {
			return cvd.What{}, cvd.Fieldf("/on", "write the exact instant, with a zone: 2026-12-01T16:00:00Z")
		}
		d.On = in.On.UTC()
		return cvd.What{Dated: &d}, oneOf("/event", in.Event, a.p.Events()...)
	})
}
