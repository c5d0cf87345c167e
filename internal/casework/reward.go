package casework

import (
	"context"

	"github.com/tipstaff/tipstaff/cvd"
)

// Reward decides about the bounty of one report.
func (w *Casework) Reward(ctx context.Context, who cvd.Actor, about About, in cvd.Rewarded) (cvd.View, error) {
	return w.record(ctx, who, about, "reward", func(a *asking) (cvd.What, error) {
		r := in
		if r.Report == 0 {
			r.Report = a.c.Newest()
		}
		switch {
		case a.p.Document.Bounty == nil:
			return cvd.What{}, cvd.Errorf(cvd.Refused, "the policy of this project pays no bounties")
		case a.report("/report", r.Report) != nil:
			return cvd.What{}, a.report("/report", r.Report)
		case r.Paid && r.Amount == "":
			return cvd.What{}, cvd.Fieldf("/amount", "say how much was paid, with the currency")
		case !r.Paid && r.Because == "":
			return cvd.What{}, cvd.Fieldf("/because", "say why no bounty is due")
		}
		return cvd.What{Rewarded: &r}, nil
	})
}
