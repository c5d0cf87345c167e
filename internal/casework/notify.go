package casework

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/policy"
)

// Notify orders a notice of the policy to go out. The policy composes it: only declared fields, no detail before the release.
func (w *Casework) Notify(ctx context.Context, who cvd.Actor, about About, in cvd.Notified) (cvd.View, error) {
	return w.record(ctx, who, about, "notify", func(a *asking) (cvd.What, error) {
		n := in
		n.Copies = nil
		if err := again(a.c, in); err != nil {
			return cvd.What{}, err
		}
		return cvd.What{Notified: &n}, w.composeTo(ctx, a, &n)
	})
}

// composeTo lets the policy write a notice and finds whom it goes to: its audiences, or of one that moves what another announced
// exactly those who got that.
func (w *Casework) composeTo(ctx context.Context, a *asking, n *cvd.Notified) (err error) {
	if err = w.compose(a, n); err != nil {
		return err
	}
	if rule, ok := a.notice(n.Notice); ok && rule.Corrects != "" {
		if to, err := w.toThose(ctx, a, n, rule.Corrects); to || err != nil {
			return err
		}
	}
	n.Copies, err = w.copies(ctx, a, n.Notice, n.Channels)
	return err
}

// compose lets the policy write a notice.
func (w *Casework) compose(a *asking, n *cvd.Notified) error {
	zone, err := time.LoadLocation(a.p.Document.Zone) // "" is UTC
	if err != nil {
		zone = time.UTC // the machine knows fewer zones than the one that read the policy
	}
	page := w.base + "/p/" + string(a.who.Project) + "/"
	if id := a.c.Advisory.ID; id != "" {
		page += "advisories/" + string(id) + ".html"
	}
	n.Subject, err = a.p.Compose(n, a.c, policy.Release{Advisory: a.c.Advisory.ID, URL: page, Zone: zone, Now: a.now})
	return err
}

// again refuses a notice that was ordered before, since people would get it twice, unless somebody says why.
func again(c cvd.Case, in cvd.Notified) error {
	i := slices.IndexFunc(c.Notices, func(n cvd.Notice) bool { return n.Name == in.Notice })
	switch {
	case i < 0 && in.Again != "":
		return cvd.Fieldf("/again", "this notice was not ordered before")
	case i >= 0 && strings.TrimSpace(in.Again) == "":
		return cvd.Fieldf("/again", "this notice was ordered at %s: say why it must go out again", cvd.Instant(c.Notices[i].At))
	}
	return readable("/again", in.Again)
}
