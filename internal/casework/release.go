package casework

import (
	"context"
	"slices"

	"github.com/tipstaff/tipstaff/cvd"
)

// Release records the release that holds the fix of one line. Where the policy releases and discloses in one step, what is
// recorded before the disclosure is made ready and goes out with it.
func (w *Casework) Release(ctx context.Context, who cvd.Actor, about About, in cvd.Released) (cvd.View, error) {
	return w.record(ctx, who, about, "release", func(a *asking) (cvd.What, error) {
		r := in
		err := first(
			knownLine(a.p, r.Product, r.Line),
			require("/version", r.Version, "name the version that holds the fix"),
			require("/tag", r.Tag, "name the tag"), require("/commit", r.Commit, "name the commit"),
			webLink("/url", r.URL), sha256Hex("/sha256", r.SHA256), optionalLink("/signature", r.Signature), a.distribution(r))
		d := a.p.Document.Disclosure
		together := d.With == "release" && (len(d.Tracks) == 0 || slices.Contains(d.Tracks, a.c.Track))
		r.Staged = together && a.c.Disclosure.At.IsZero() && !a.c.Emergency()
		return cvd.What{Released: &r}, err
	})
}

// distribution refuses a channel that the product does not have.
func (a *asking) distribution(r cvd.Released) error {
	return oneOf("/channel", r.Channel, a.p.Distribution(r.Product)...)
}
