package casework

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// BountyEligible decides whether a report earns a part of the bounty.
func (w *Casework) BountyEligible(ctx context.Context, who cvd.Actor, about About, in cvd.BountyJudged) (cvd.View, error) {
	return w.record(ctx, who, about, "bounty_eligible", func(a *asking) (cvd.What, error) {
		x := in
		if x.Report == 0 && len(a.c.Reports) == 1 {
			x.Report = 1
		}
		if err := a.bountied(x.Report); err != nil {
			return cvd.What{}, err
		}
		if _, paid := a.c.Bounty.Paid(x.Report); paid {
			return cvd.What{}, cvd.Errorf(cvd.Refused, "the share of report %d is paid", x.Report)
		}
		return cvd.What{BountyJudged: &x}, require("/because", x.Because, "say why")
	})
}

// bountied says whether the policy pays bounties, and whether the case has such a report.
func (a *asking) bountied(report int) error {
	switch {
	case a.p.Document.Bounty == nil:
		return cvd.Errorf(cvd.Refused, "the policy of this project pays no bounties")
	case report < 1 || report > len(a.c.Reports) || a.c.Reports[report-1].Left.Case != "":
		return cvd.Fieldf("/report", "say of which report, by its number: the case has %d", len(a.c.Reports))
	}
	return nil
}

// BountyPropose proposes a bounty with its shares. An approval that there was is gone.
func (w *Casework) BountyPropose(ctx context.Context, who cvd.Actor, about About, in cvd.BountyProposed) (cvd.View, error) {
	return w.record(ctx, who, about, "bounty_propose", func(a *asking) (cvd.What, error) {
		rule := a.p.Document.Bounty
		if rule == nil {
			return cvd.What{}, cvd.Errorf(cvd.Refused, "the policy of this project pays no bounties")
		}
		x, code, decimals := in, "", 0
		if rule.Currency != nil {
			code, decimals = rule.Currency.Code, rule.Currency.Decimals
		}
		var err error
		if x.Total, err = cvd.ReadMoney("/amount", in.Amount, code, decimals); err != nil {
			return cvd.What{}, err
		}
		if x.Split == "" && len(in.Lines) == 0 {
			x.Split = rule.Split
		}
		if x.Split == "equal" {
			if len(in.Lines) > 0 {
				return cvd.What{}, cvd.Fieldf("/shares", "shares that are written out are not equal by themselves: leave them out, or split by hand")
			}
			x.Parts = x.Total.Equally(a.eligible())
		} else if x.Parts, err = sharesIn(in.Lines, x.Total); err != nil {
			return cvd.What{}, err
		}
		x.Amount, x.Lines = x.Total.String(), nil
		if err := a.c.Bounty.Proposable(x.Total, x.Parts); err != nil {
			return cvd.What{}, err
		}
		return cvd.What{BountyProposed: &x}, first(oneOf("/split", x.Split, "", "equal", "by_hand"), readable("/because", x.Because))
	})
}

// eligible are the reports of a case that were found to earn a part of the bounty.
func (a *asking) eligible() (all []int) {
	for _, j := range a.c.Bounty.Judged {
		if j.Eligible && a.c.Reports[j.Report-1].Left.Case == "" {
			all = append(all, j.Report)
		}
	}
	return all
}

// sharesIn reads shares as they are written, a line for each report: "1: 700.00". One without a currency is of the total's.
func sharesIn(lines []string, total cvd.Money) (all []cvd.Share, err error) {
	for _, line := range lines {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		number, amount, ok := strings.Cut(line, ":")
		report, bad := strconv.Atoi(strings.TrimSpace(number))
		if !ok || bad != nil {
			return nil, cvd.Fieldf("/shares", "write a line for each report, with its number first: 1: 700.00")
		}
		share, err := cvd.ReadMoney("/shares", amount, total.Code, total.Decimals)
		if err != nil {
			return nil, err
		}
		all = append(all, cvd.Share{Report: report, Amount: share})
	}
	slices.SortStableFunc(all, func(x, y cvd.Share) int { return x.Report - y.Report })
	return all, nil
}

// BountyApprove approves the bounty as it is proposed now. Who proposed it cannot.
func (w *Casework) BountyApprove(ctx context.Context, who cvd.Actor, about About, _ cvd.BountyApproved) (cvd.View, error) {
	return w.record(ctx, who, about, "bounty_approve", func(a *asking) (cvd.What, error) {
		b := a.c.Bounty
		switch {
		case b.Offer == nil:
			return cvd.What{}, cvd.Errorf(cvd.Refused, "no bounty is proposed")
		case b.Approved():
			return cvd.What{}, cvd.Errorf(cvd.Refused, "the bounty is approved as it is")
		}
		if err := b.Proposable(b.Offer.Total, b.Offer.Shares); err != nil {
			return cvd.What{}, cvd.Errorf(cvd.Refused, "the proposal no longer holds, since %v: propose it anew", err)
		}
		return cvd.What{BountyApproved: &cvd.BountyApproved{Total: b.Offer.Total, Alone: b.Offer.By == who.ID}}, nil
	})
}

// BountyPay records that a share was paid. The policy says after what that may be.
func (w *Casework) BountyPay(ctx context.Context, who cvd.Actor, about About, in cvd.BountyPaid) (cvd.View, error) {
	return w.record(ctx, who, about, "bounty_pay", func(a *asking) (cvd.What, error) {
		x := in
		if b := a.c.Bounty.Offer; x.Report == 0 && b != nil && len(b.Shares) == 1 {
			x.Report = b.Shares[0].Report
		}
		if err := a.bountied(x.Report); err != nil {
			return cvd.What{}, err
		}
		if err := a.c.Bounty.Payable(x.Report); err != nil {
			return cvd.What{}, err
		}
		x.Amount, _ = a.c.Bounty.Share(x.Report)
		if x.At.IsZero() {
			x.At = a.now
		}
		if x.At = x.At.UTC().Truncate(time.Microsecond); x.At.After(a.now) {
			return cvd.What{}, cvd.Fieldf("/at", "%s lies ahead: a payment is recorded once it was made", cvd.Instant(x.At))
		}
		return cvd.What{BountyPaid: &x}, first(require("/reference", x.Reference, "say where the payment can be looked up: a transaction, a receipt"), shortLine("/reference", x.Reference))
	})
}

// Payout is a reporter's word on where their share of a bounty is to be sent. Those who may pay read it, and nobody else.
func (w *Casework) Payout(ctx context.Context, who cvd.Actor, about About, in cvd.PayoutNamed) (cvd.View, error) {
	return w.record(ctx, who, about, "payout", func(a *asking) (cvd.What, error) {
		if a.p.Document.Bounty == nil {
			return cvd.What{}, cvd.Errorf(cvd.Refused, "the policy of this project pays no bounties")
		}
		if _, paid := a.c.Bounty.Paid(who.Report); paid {
			return cvd.What{}, cvd.Errorf(cvd.Refused, "your share is paid")
		}
		return cvd.What{PayoutNamed: &cvd.PayoutNamed{Address: strings.TrimSpace(in.Address), Report: who.Report}}, shortLine("/address", in.Address)
	})
}

// Plan says when a matter is to be published, or why it is not. It publishes nothing.
func (w *Casework) Plan(ctx context.Context, who cvd.Actor, about About, in cvd.PlannedFor) (cvd.View, error) {
	return w.record(ctx, who, about, "plan", func(a *asking) (cvd.What, error) {
		x := in
		x.At = in.At.UTC().Truncate(time.Microsecond)
		switch {
		case in.At.IsZero() && strings.TrimSpace(in.Because) == "":
			return cvd.What{}, cvd.Fieldf("/at", "say when it is to be published, or why it is not")
		case !in.At.IsZero() && !x.At.After(a.now):
			return cvd.What{}, cvd.Fieldf("/at", "%s is past", cvd.Instant(x.At))
		}
		if in.At.IsZero() {
			x.At = time.Time{}
		}
		return cvd.What{PlannedFor: &x}, readable("/because", in.Because)
	})
}
