package casework

import (
	"context"

	"github.com/tipstaff/tipstaff/cvd"
)

// Leave takes a party out of the case by its own word, and says whether it keeps the embargo, which goes on without it.
func (w *Casework) Leave(ctx context.Context, who cvd.Actor, about About, in cvd.Left) (cvd.View, error) {
	return w.record(ctx, who, about, "leave", func(a *asking) (cvd.What, error) {
		p := a.c.Party(who.ID)
		if p == nil || p.Gone() || !p.Joined() {
			return cvd.What{}, cvd.Errorf(cvd.Refused, "you do not take part in this case")
		}
		x := in
		x.Party = who.ID
		return cvd.What{Left: &x}, readable("/says", in.Says)
	})
}
