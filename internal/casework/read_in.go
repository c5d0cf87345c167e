package casework

import (
	"context"
	"fmt"

	"github.com/tipstaff/tipstaff/cvd"
)

// readIn makes candidates of those whom the policy's standing rules add to a case, and invites them where a rule says so. It
// looks at the case as it is, so that following an event again adds nobody twice.
func (w *Casework) readIn(ctx context.Context, a *asking) error {
	for _, rule := range a.p.ReadsIn(&a.c) {
		var all []cvd.Nominated
		for _, j := range rule.Add {
			all = append(all, cvd.Nominated{Name: j.Title, Kind: cvd.PartyKind(j.Kind), Organisation: j.Organisation, Address: j.Address, Component: j.Component})
		}
		if rule.Audience != "" {
			members, err := w.Members(ctx, a.c.Project, rule.Audience, a.c.ID)
			if err != nil {
				return fmt.Errorf("read the members of %s for %s: %w", rule.Audience, a.c.ID, err)
			}
			for _, m := range members {
				all = append(all, partyOf(m))
			}
		}
		for _, n := range all {
			n.Clause, n.Because = "read_in."+rule.Name, "the policy names them for such cases"
			if err := w.readInOne(ctx, a, sensible(n), rule.Invite); err != nil {
				return err
			}
		}
	}
	return nil
}

// readInOne adds one of them, unless they are there.
func (w *Casework) readInOne(ctx context.Context, a *asking, n cvd.Nominated, invite bool) error {
	if onCase(&a.c, n.Name, n.Address) != nil {
		return nil
	}
	return w.notice(ctx, a.c.Project, a.c.ID, func(a *asking) (cvd.What, bool) {
		if onCase(&a.c, n.Name, n.Address) != nil || described(a, n) != nil || a.c.Erased != nil {
			return cvd.What{}, false
		}
		if !invite {
			x := n
			x.ID = nextParty(&a.c)
			return cvd.What{Nominated: &x}, true
		}
		i, _, err := w.invitation(a, cvd.Invitation{Name: n.Name, Kind: n.Kind, Organisation: n.Organisation, Address: n.Address, Contacts: n.Contacts,
			Zone: n.Zone, Component: n.Component, Audience: n.Audience, Weights: n.Weights})
		return cvd.What{Invitation: &i}, err == nil
	}, nil)
}
