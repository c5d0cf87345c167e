package casework

import (
	"context"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/severity"
)

// Triage decides severity, category, sensitivity and track. The policy fills in the class; clocks are re-based and the old
// targets stay in view.
func (w *Casework) Triage(ctx context.Context, who cvd.Actor, about About, in cvd.Triaged) (cvd.View, error) {
	return w.record(ctx, who, about, "triage", func(a *asking) (cvd.What, error) {
		t := in
		if err := first(readable("/impact", t.Impact), readable("/because", t.Because), readable("/title", t.Title), cvd.Shows("/title", t.Title)); err != nil {
			return cvd.What{}, err
		}
		if t.Vector != "" {
			s, err := severity.Parse(t.Vector)
			if err != nil {
				return cvd.What{}, cvd.Fieldf("/vector", "%v", err)
			}
			t.Vector, t.Score, t.Scored, t.System = s.Vector, s.Value, true, s.Nomenclature
		}
		if t.Kind == "" {
			t.Kind = a.c.Kind
		}
		if err := a.p.Classify(a.c, &t, t.Score, t.Scored); err != nil {
			return cvd.What{}, err
		}
		return cvd.What{Triaged: &t}, nil
	})
}
