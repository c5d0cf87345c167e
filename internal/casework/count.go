package casework

import (
	"context"

	"github.com/tipstaff/tipstaff/cvd"
)

// Count records how far the fix has spread, as somebody counted it.
func (w *Casework) Count(ctx context.Context, who cvd.Actor, about About, in cvd.Counted) (cvd.View, error) {
	return w.record(ctx, who, about, "count", func(a *asking) (cvd.What, error) {
		err := first(name("/what", in.What, "say what is counted: nodes, downloads, voting_power"), require("/source", in.Source, "say where the figures come from"))
		switch {
		case err != nil:
			return cvd.What{}, err
		case in.Fixed < 0 || in.Of < 0 || in.Of > 0 && in.Fixed > in.Of:
			return cvd.What{}, cvd.Fieldf("/fixed", "these are numbers from nothing up, and no more have the fix than there are")
		case in.At.After(a.now):
			return cvd.What{}, cvd.Fieldf("/at", "an instant that has been")
		case a.c.Marked(cvd.MarkReleased).IsZero():
			return cvd.What{}, cvd.Errorf(cvd.Refused, "there is no release yet that could spread")
		}
		x := in
		x.At = in.At.UTC()
		return cvd.What{Counted: &x}, nil
	})
}
