package casework

import (
	"context"

	"github.com/tipstaff/tipstaff/cvd"
)

// Explain records the post that tells the vulnerability and the response to it.
func (w *Casework) Explain(ctx context.Context, who cvd.Actor, about About, in cvd.Explained) (cvd.View, error) {
	return w.record(ctx, who, about, "explain", func(*asking) (cvd.What, error) {
		return cvd.What{Explained: &in}, first(
			webLink("/url", in.URL),
			require("/vulnerability", in.Vulnerability, "tell the vulnerability"),
			require("/response", in.Response, "tell the response to it"))
	})
}
