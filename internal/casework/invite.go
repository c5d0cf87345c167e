package casework

import (
	"context"
	"fmt"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/seal"
)

// Invite asks one person to join one case, in roles of the policy, until an instant. The code is shown once and kept nowhere;
// with it the guest sees this case and nothing else.
func (w *Casework) Invite(ctx context.Context, who cvd.Actor, about About, in cvd.Invitation) (v cvd.View, code string, err error) {
	var secret string
	v, err = w.record(ctx, who, about, "invite", func(a *asking) (cvd.What, error) {
		var roles []string
		for _, r := range a.p.Document.Roles {
			roles = append(roles, r.Name)
		}
		if err := require("/name", in.Name, "name the guest"); err != nil {
			return cvd.What{}, err
		}
		if len(in.Roles) == 0 {
			return cvd.What{}, cvd.Fieldf("/roles", "name the roles of the guest")
		}
		for i, r := range in.Roles {
			if err := oneOf(fmt.Sprintf("/roles/%d", i), r, roles...); err != nil {
				return cvd.What{}, err
			}
		}
		if !in.Until.IsZero() && !in.Until.After(a.now) {
			return cvd.What{}, cvd.Fieldf("/until", "%s is past", cvd.Instant(in.Until))
		}
		if secret, err = seal.NewSecret(w.rand); err != nil {
			return cvd.What{}, fmt.Errorf("draw invitation code: %w", err)
		}
		i := in
		i.Ends = a.p.GuestEnds(in.Roles)
		i.ID = cvd.ActorID(fmt.Sprintf("guest:%d", len(a.c.Parties)+1))
		i.Code = seal.HashSecret(string(who.Project), string(a.c.ID), secret)
		return cvd.What{Invitation: &i}, nil
	})
	return v, string(about.Case) + "-" + secret, err
}
