package casework

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
)

// Standing says how far a party is, or in which zone: as that party, or as the team for one that said it by other means.
func (w *Casework) Standing(ctx context.Context, who cvd.Actor, about About, in cvd.Stood) (cvd.View, error) {
	return w.record(ctx, who, about, "standing", func(a *asking) (cvd.What, error) {
		x := in
		x.Zone = strings.TrimSpace(x.Zone)
		if who.Standing == cvd.Guest {
			if x.Party != "" && x.Party != who.ID {
				return cvd.What{}, cvd.Fieldf("/party", "a party says it of itself: leave this out")
			}
			x.Party = who.ID
		}
		p := a.c.Party(x.Party)
		switch {
		case p == nil:
			return cvd.What{}, cvd.Fieldf("/party", "name the party that it is of")
		case p.Gone() || !p.Joined():
			return cvd.What{}, cvd.Errorf(cvd.Refused, "%s does not take part in the case: it is %s", p.Name, p.State(a.now))
		case x.Status == "" && x.Move == "" && x.Zone == "":
			return cvd.What{}, cvd.Fieldf("/status", "say how far it is: investigating, affected, not_affected, fix_in_progress, ready, deployed")
		case x.Status != "" && !slices.Contains(cvd.PartyStatuses, x.Status):
			return cvd.What{}, cvd.Fieldf("/status", "%q is not among investigating, affected, not_affected, fix_in_progress, ready, deployed", x.Status)
		case x.Line != "" && !slices.Contains(a.lineNames(), x.Line):
			return cvd.What{}, cvd.Fieldf("/line", "the policy has no release line %q", x.Line)
		}
		if why := p.Bars(x); why != "" {
			return cvd.What{}, cvd.Errorf(cvd.Refused, "%s", why)
		}
		if x.Move != "" {
			if _, ok := cmp.Or(p.RM, cvd.Start).Move(x.Move); !ok {
				return cvd.What{}, cvd.Fieldf("/move", "a report that is %s knows no way to %s", p.RM.Word(), x.Move)
			}
		}
		_, err := Zone("/zone", x.Zone)
		return cvd.What{Stood: &x}, first(err, readable("/says", x.Says))
	})
}

// lineNames are the release lines of all products.
func (a *asking) lineNames() (all []string) {
	for _, product := range a.p.Document.Products {
		for _, l := range product.Lines {
			if !slices.Contains(all, l.Name) {
				all = append(all, l.Name)
			}
		}
	}
	return all
}
