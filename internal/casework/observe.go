package casework

import (
	"context"

	"github.com/tipstaff/tipstaff/cvd"
)

// Observe records a fact about the world that changes the plan. What the policy says ends the embargo ends it with it.
func (w *Casework) Observe(ctx context.Context, who cvd.Actor, about About, in cvd.Observed) (cvd.View, error) {
	return w.record(ctx, who, about, "observe", func(a *asking) (cvd.What, error) {
		err := first(
			oneOf("/fact", in.Fact, "public", "exploit_public", "attacks", "fix_deployed"),
			require("/evidence", in.Evidence, "say what shows it"))
		if err != nil {
			return cvd.What{}, err
		}
		if _, ok := a.c.CS.Learn(cvd.FactLetters[in.Fact]); !ok {
			return cvd.What{}, cvd.Errorf(cvd.Refused, "the case's state %s does not take this: it is known already, or something must come first", a.c.CS)
		}
		if in.Claim != 0 {
			if _, err := a.confirms(in.Claim, in.Fact); err != nil {
				return cvd.What{}, err
			}
		}
		o := in
		o.Embargo, o.DecideBy = a.p.EmbargoAfter(in.Fact), a.p.DecideBy(a.c, in.Fact, a.now)
		return cvd.What{Observed: &o}, nil
	})
}
