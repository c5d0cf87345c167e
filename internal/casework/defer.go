package casework

import (
	"context"

	"github.com/tipstaff/tipstaff/cvd"
)

// Defer puts a valid report off, with the reason.
func (w *Casework) Defer(ctx context.Context, who cvd.Actor, about About, in cvd.Postponed) (cvd.View, error) {
	return w.record(ctx, who, about, "defer", func(*asking) (cvd.What, error) {
		if err := require("/because", in.Because, "say why it is put off"); err != nil {
			return cvd.What{}, err
		}
		return cvd.What{Postponed: &in}, nil
	})
}
