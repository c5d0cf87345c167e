package casework

import (
	"context"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/severity"
)

// Rate adds one member's own view of the severity; the views stay beside each other, and triage decides.
func (w *Casework) Rate(ctx context.Context, who cvd.Actor, about About, in cvd.Rated) (cvd.View, error) {
	return w.record(ctx, who, about, "rate", func(a *asking) (cvd.What, error) {
		r := in
		if r.Vector == "" && r.Class == "" {
			return cvd.What{}, cvd.Fieldf("/class", "name a class of severity or give a vector")
		}
		if r.Vector != "" {
			s, err := severity.Parse(r.Vector)
			if err != nil {
				return cvd.What{}, cvd.Fieldf("/vector", "%v", err)
			}
			r.Vector, r.Score = s.Vector, s.Value
		}
		if r.Class != "" {
			var classes []string
			for _, c := range a.p.Document.Severity.Classes {
				classes = append(classes, c.Name)
			}
			if err := oneOf("/class", r.Class, classes...); err != nil {
				return cvd.What{}, err
			}
		}
		return cvd.What{Rated: &r}, nil
	})
}
