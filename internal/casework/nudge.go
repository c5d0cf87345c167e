package casework

import (
	"context"

	"github.com/tipstaff/tipstaff/cvd"
)

// Nudge reminds the people of the policy's contacts.nudge that a report waits, as its reporter. Follow writes their letters.
func (w *Casework) Nudge(ctx context.Context, who cvd.Actor, about About, _ cvd.Nudged) (cvd.View, error) {
	return w.record(ctx, who, about, "nudge", func(*asking) (cvd.What, error) {
		return cvd.What{Nudged: &cvd.Nudged{Report: who.Report}}, nil
	})
}
