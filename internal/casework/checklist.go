package casework

import (
	"context"
	"slices"

	"github.com/tipstaff/tipstaff/cvd"
)

// Tick ticks an item of a step's checklist off in a case, or takes that back. Who did and when stays with it.
func (w *Casework) Tick(ctx context.Context, who cvd.Actor, about About, in cvd.Ticked) (cvd.View, error) {
	return w.record(ctx, who, about, "tick", func(a *asking) (cvd.What, error) {
		list := a.p.Checklist(in.Step)
		if len(list) == 0 {
			return cvd.What{}, cvd.Fieldf("/step", "the policy has no checklist for %q", in.Step)
		}
		if err := oneOf("/item", in.Item, list...); err != nil {
			return cvd.What{}, err
		}
		done := slices.ContainsFunc(a.c.Ticks, func(t cvd.Tick) bool { return t.Step == in.Step && t.Item == in.Item })
		switch {
		case done && !in.Undo:
			return cvd.What{}, cvd.Errorf(cvd.Refused, "this is ticked off already")
		case !done && in.Undo:
			return cvd.What{}, cvd.Errorf(cvd.Refused, "this is not ticked off")
		}
		return cvd.What{Ticked: &in}, nil
	})
}
