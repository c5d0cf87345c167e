package casework

import (
	"context"

	"github.com/tipstaff/tipstaff/cvd"
)

// Note writes for the team alone.
func (w *Casework) Note(ctx context.Context, who cvd.Actor, about About, in cvd.Noted) (cvd.View, error) {
	return w.record(ctx, who, about, "note", func(*asking) (cvd.What, error) {
		if err := require("/text", in.Text, "write something"); err != nil {
			return cvd.What{}, err
		}
		return cvd.What{Noted: &in}, nil
	})
}
