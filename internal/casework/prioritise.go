package casework

import (
	"context"

	"github.com/tipstaff/tipstaff/cvd"
)

// Prioritise accepts the work, with a priority that is explained.
func (w *Casework) Prioritise(ctx context.Context, who cvd.Actor, about About, in cvd.Prioritised) (cvd.View, error) {
	return w.record(ctx, who, about, "prioritise", func(*asking) (cvd.What, error) {
		if err := require("/priority", in.Priority, "name the priority"); err != nil {
			return cvd.What{}, err
		}
		if err := require("/because", in.Because, "say why this priority"); err != nil {
			return cvd.What{}, err
		}
		return cvd.What{Prioritised: &in}, nil
	})
}
