package casework

import (
	"context"

	"github.com/tipstaff/tipstaff/cvd"
)

// Reward decides that no bounty is due for a report. What is paid is proposed, approved by somebody else and then paid, each by a
// step of its own.
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
		case r.Paid:
			return cvd.What{}, cvd.Fieldf("/paid", "a bounty is proposed, approved by somebody else and then paid: bounty_eligible, bounty_propose, bounty_approve, bounty_pay")
		case r.Because == "":
			return cvd.What{}, cvd.Fieldf("/because", "say why no bounty is due")
		}
		if _, paid := a.c.Bounty.Paid(r.Report); paid {
			return cvd.What{}, cvd.Errorf(cvd.Refused, "the bounty of report %d was paid", r.Report)
		}
		return cvd.What{Rewarded: &r}, nil
	})
}
