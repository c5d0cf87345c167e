package casework

import (
	"context"

	"github.com/tipstaff/tipstaff/cvd"
)

// Remove takes a party out of the case because what it knew got out. It reads nothing more; the embargo holds for the others.
func (w *Casework) Remove(ctx context.Context, who cvd.Actor, about About, in cvd.Removed) (cvd.View, error) {
	return w.record(ctx, who, about, "remove", func(a *asking) (cvd.What, error) {
		switch p := a.c.Party(in.Party); {
		case p == nil:
			return cvd.What{}, cvd.Fieldf("/party", "name a party of the case")
		case p.Removed:
			return cvd.What{}, cvd.Fieldf("/party", "%s was removed already", p.Name)
		}
		return cvd.What{Removed: &in}, require("/because", in.Because, "say what got out, and what shows it")
	})
}
