package casework

import (
	"context"

	"github.com/tipstaff/tipstaff/cvd"
)

// Uphold keeps the embargo although attacks were observed, with the reason; Lift is the other answer.
func (w *Casework) Uphold(ctx context.Context, who cvd.Actor, about About, in cvd.Upheld) (cvd.View, error) {
	return w.record(ctx, who, about, "uphold", func(*asking) (cvd.What, error) {
		return cvd.What{Upheld: &in}, require("/because", in.Because, "say why it still protects more people than it harms")
	})
}
