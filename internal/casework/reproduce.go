package casework

import (
	"context"

	"github.com/tipstaff/tipstaff/cvd"
)

// Reproduce records an attempt to reproduce the report, whatever came of it.
func (w *Casework) Reproduce(ctx context.Context, who cvd.Actor, about About, in cvd.Reproduced) (cvd.View, error) {
	return w.record(ctx, who, about, "reproduce", func(*asking) (cvd.What, error) {
		if err := require("/version", in.Version, "say which version was tried"); err != nil {
			return cvd.What{}, err
		}
		if err := require("/outcome", in.Outcome, "say what came of it: reproduced, partly or not_reproduced"); err != nil {
			return cvd.What{}, err
		}
		return cvd.What{Reproduced: &in}, nil
	})
}
