package casework

import (
	"context"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// Propose is the reporter's wish for the instant of publication. The team agrees by an embargo until that very instant.
func (w *Casework) Propose(ctx context.Context, who cvd.Actor, about About, in cvd.Proposing) (cvd.View, error) {
	return w.record(ctx, who, about, "propose", func(a *asking) (cvd.What, error) {
		if in.Until.IsZero() {
			return cvd.What{}, cvd.Fieldf("/until", "write the exact instant, with its zone: 2026-12-01T16:00:00Z")
		}
		p := in
		p.Until, p.Report = in.Until.UTC().Truncate(time.Microsecond), who.Report
		return cvd.What{Proposing: &p}, readable("/because", in.Because)
	})
}
