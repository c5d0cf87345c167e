package casework

import (
	"context"
	"encoding/hex"
	"slices"

	"github.com/tipstaff/tipstaff/cvd"
)

// Apply records that the fix of one line was merged in public. From then on whoever reads the code can find it, so the policy may
// demand of it what it demands of a release.
func (w *Casework) Apply(ctx context.Context, who cvd.Actor, about About, in cvd.Applied) (cvd.View, error) {
	return w.record(ctx, who, about, "apply", func(a *asking) (cvd.What, error) {
		if err := first(knownLine(a.p, in.Product, in.Line), commitName("/commit", in.Commit), webLink("/url", in.URL)); err != nil {
			return cvd.What{}, err
		}
		i := slices.IndexFunc(a.c.Lines, func(l cvd.Line) bool { return l.Product == in.Product && l.Name == in.Line })
		if i < 0 || len(a.c.Lines[i].Patches) == 0 {
			return cvd.What{}, cvd.Errorf(cvd.Refused, "%s %s has no patch yet: record that first", in.Product, in.Line)
		}
		return cvd.What{Applied: &in}, nil
	})
}

// commitName refuses what is no name of a commit, whole or shortened.
func commitName(field, text string) error {
	padded := text
	if len(padded)%2 == 1 {
		padded += "0"
	}
	if _, err := hex.DecodeString(padded); err != nil || len(text) < 6 || len(text) > 64 {
		return cvd.Fieldf(field, "write the hash of the commit, 6 to 64 hexadecimal digits")
	}
	return nil
}
