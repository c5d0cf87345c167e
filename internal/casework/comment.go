package casework

import (
	"context"

	"github.com/tipstaff/tipstaff/cvd"
)

// Comment says something in the discussion of a public case. Whether it is read at once or held first is the policy's word.
func (w *Casework) Comment(ctx context.Context, who cvd.Actor, about About, in cvd.Commented) (cvd.View, error) {
	return w.record(ctx, who, about, "comment", func(a *asking) (cvd.What, error) {
		k := in
		k.Held = a.p.Holds(a.c, who)
		if k.Reproduced != "" {
			if err := oneOf("/reproduced", k.Reproduced, "yes", "no"); err != nil {
				return cvd.What{}, err
			}
		}
		if k.Reproduced != "" && k.Version == "" {
			return cvd.What{}, cvd.Fieldf("/version", "say with which version you tried")
		}
		return cvd.What{Commented: &k}, first(require("/text", k.Text, "write something"), shortLine("/version", k.Version))
	})
}
