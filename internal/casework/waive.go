package casework

import (
	"context"

	"github.com/tipstaff/tipstaff/cvd"
)

// Waive asks that the case may pass one clause of the policy, with the reason. It counts once a second person says the same;
// where the policy lets a team of one, the same person may second it after the policy's wait, and it is marked for ever.
func (w *Casework) Waive(ctx context.Context, who cvd.Actor, about About, in cvd.Waiving) (cvd.View, error) {
	return w.record(ctx, who, about, "waive", func(a *asking) (cvd.What, error) {
		v := in
		if err := first(require("/clause", v.Clause, "name the clause"), require("/because", v.Because, "say why the case may pass it")); err != nil {
			return cvd.What{}, err
		}
		if !a.p.Has(v.Clause) {
			return cvd.What{}, cvd.Fieldf("/clause", "the policy has no clause %q", v.Clause)
		}
		what := cvd.What{Waiving: &v}
		v.Alone = a.p.SecondLook(a.ask("waive", what))
		return what, nil
	})
}
