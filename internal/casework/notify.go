package casework

import (
	"context"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/policy"
)

// Notify orders a notice of the policy to go out. The policy composes it: only declared fields, no detail before the release.
func (w *Casework) Notify(ctx context.Context, who cvd.Actor, about About, in cvd.Notified) (cvd.View, error) {
	return w.record(ctx, who, about, "notify", func(a *asking) (cvd.What, error) {
		n := in
		zone, err := time.LoadLocation(a.p.Document.Zone) // "" is UTC
		if err != nil {
			zone = time.UTC // the machine knows fewer zones than the one that read the policy
		}
		page := w.base + "/p/" + string(who.Project) + "/"
		if id := a.c.Advisory.ID; id != "" {
			page += "advisories/" + string(id) + ".html"
		}
		n.Subject, err = a.p.Compose(&n, a.c, policy.Release{Advisory: a.c.Advisory.ID, URL: page, Zone: zone})
		return cvd.What{Notified: &n}, err
	})
}
