package casework

import (
	"context"

	"github.com/tipstaff/tipstaff/cvd"
)

// Approve is the final word on one edition. Writing another edition leaves the approval with the old one. What
// the edition tells beyond the patches that the asker may read is kept beside their word.
func (w *Casework) Approve(ctx context.Context, who cvd.Actor, about About, in cvd.Approved) (cvd.View, error) {
	return w.record(ctx, who, about, "approve", func(a *asking) (cvd.What, error) {
		e, err := a.edition(in.Edition)
		if err != nil {
			return cvd.What{}, err
		}
		beside, err := w.compare(ctx, a, *e, nil)
		if err != nil {
			return cvd.What{}, err
		}
		what := cvd.What{Approved: &cvd.Approved{Edition: e.Number, Hash: e.Text.Hash(), Patches: len(beside.Patches)}}
		for _, f := range beside.Findings {
			what.Approved.Beyond = append(what.Approved.Beyond, f.Word)
		}
		what.Approved.Alone = a.p.SecondLook(a.ask("approve", what))
		return what, nil
	})
}
