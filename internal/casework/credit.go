package casework

import (
	"context"

	"github.com/tipstaff/tipstaff/cvd"
)

// Credit names somebody who helped. Without consent the name stays inside.
func (w *Casework) Credit(ctx context.Context, who cvd.Actor, about About, in cvd.Credited) (cvd.View, error) {
	return w.record(ctx, who, about, "credit", func(*asking) (cvd.What, error) {
		if err := require("/name", in.Name, "write the name as the person wishes it"); err != nil {
			return cvd.What{}, err
		}
		if err := require("/role", in.Role, "name the role: finder, reporter, remediation_developer, tester"); err != nil {
			return cvd.What{}, err
		}
		return cvd.What{Credited: &in}, nil
	})
}
