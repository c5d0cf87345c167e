package casework

import (
	"context"
	"slices"

	"github.com/tipstaff/tipstaff/cvd"
)

// Deliver says that a notice was posted by hand on a channel that the program cannot reach, and where it stands.
func (w *Casework) Deliver(ctx context.Context, who cvd.Actor, about About, in cvd.Delivered) (cvd.View, error) {
	return w.record(ctx, who, about, "deliver", func(a *asking) (cvd.What, error) {
		i := slices.IndexFunc(a.c.Notices, func(n cvd.Notice) bool { return n.Name == in.Notice })
		if i < 0 {
			return cvd.What{}, cvd.Fieldf("/notice", "the notice %q was not ordered", in.Notice)
		}
		if err := oneOf("/channel", in.Channel, a.c.Notices[i].Channels...); err != nil {
			return cvd.What{}, err
		}
		if in.Failed == "" {
			if err := webLink("/url", in.URL); err != nil {
				return cvd.What{}, err
			}
		}
		d := in
		if d.At = in.At.UTC(); d.At.IsZero() || d.At.After(a.now) || d.At.Before(a.c.Notices[i].At) {
			d.At = a.now // nobody may say that it went out before it was ordered, nor in the future
		}
		return cvd.What{Delivered: &d}, nil
	})
}
