package casework

import (
	"context"

	"github.com/tipstaff/tipstaff/cvd"
)

// Close ends the case; a matter that comes back is a new report in it. What goes on elsewhere says where.
func (w *Casework) Close(ctx context.Context, who cvd.Actor, about About, in cvd.Ended) (cvd.View, error) {
	return w.record(ctx, who, about, "close", func(a *asking) (cvd.What, error) {
		if err := name("/outcome", in.Outcome, "say how it ended: fixed, not_fixed, invalid, duplicate, tracker, governance"); err != nil {
			return cvd.What{}, err
		}
		if err := first(a.handedOver(&in), shortLine("/reference", in.Reference)); err != nil {
			return cvd.What{}, err
		}
		return cvd.What{Ended: &in}, nil
	})
}

// handedOver says what is wrong with where a matter goes on. Everybody reads a tracker, so only what strangers see goes there.
func (a *asking) handedOver(in *cvd.Ended) error {
	switch {
	case in.Outcome == "tracker" && (!a.c.Public || a.c.Shown != nil):
		return cvd.Errorf(cvd.Refused, "everybody reads the tracker: triage has to decide first that the details help no attacker")
	case in.URL == "" && in.Outcome == "governance":
		return cvd.Fieldf("/url", "write the address of the discussion where it goes on")
	case in.URL == "" && in.Outcome == "tracker":
		return cvd.Fieldf("/url", "write the address of the issue that you opened in the tracker")
	case in.URL == "":
		return nil
	}
	return first(webLink("/url", in.URL), shortLine("/url", in.URL))
}
