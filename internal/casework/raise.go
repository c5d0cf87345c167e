package casework

import (
	"context"

	"github.com/tipstaff/tipstaff/cvd"
)

// raise makes a case graver by the policy's floors, if an event made one of them hold. It looks at the case as it is, so that
// following an event again raises nothing twice.
func (w *Casework) raise(ctx context.Context, a *asking) error {
	if _, due := a.p.Raise(a.c, a.now); !due {
		return nil
	}
	return w.notice(ctx, a.c.Project, a.c.ID, func(a *asking) (cvd.What, bool) {
		x, due := a.p.Raise(a.c, a.now)
		return cvd.What{Raised: &x}, due
	}, nil)
}
