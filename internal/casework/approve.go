package casework

import (
	"context"

	"github.com/tipstaff/tipstaff/cvd"
)

// Approve is the final word on one edition. Writing another edition leaves the approval with the old one.
func (w *Casework) Approve(ctx context.Context, who cvd.Actor, about About, in cvd.Approved) (cvd.View, error) {
	return w.record(ctx, who, about, "approve", func(a *asking) (cvd.What, error) {
		e, err := a.edition(in.Edition)
		if err != nil {
			return cvd.What{}, err
		}
		what := cvd.What{Approved: &cvd.Approved{Edition: e.Number, Hash: e.Text.Hash()}}
		what.Approved.Alone = a.p.SecondLook(a.ask("approve", what))
		return what, nil
	})
}
