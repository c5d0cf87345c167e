package casework

import (
	"context"

	"github.com/tipstaff/tipstaff/cvd"
)

// Check records the result of one check of the fix that the policy names, or its waiver with the reason.
func (w *Casework) Check(ctx context.Context, who cvd.Actor, about About, in cvd.Checked) (cvd.View, error) {
	return w.record(ctx, who, about, "check", func(a *asking) (cvd.What, error) {
		var known, platforms []string
		for _, k := range a.p.Document.Checks {
			known = append(known, k.Name)
		}
		for _, p := range a.p.Document.Products {
			platforms = append(platforms, p.Platforms...)
		}
		err := first(
			oneOf("/check", in.Check, known...),
			oneOf("/result", in.Result, "passed", "failed", "waived"),
			require("/evidence", in.Evidence, "say what shows the result, or why it is waived"))
		if err == nil && in.Platform != "" {
			err = oneOf("/platform", in.Platform, platforms...)
		}
		return cvd.What{Checked: &in}, err
	})
}
