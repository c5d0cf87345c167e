package api

import (
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// Bounty is what is paid for the reports of a case. A reporter sees their own part alone.
type Bounty struct {
	Judged   []BountyJudgement `json:"judged,omitempty"`
	Offer    *BountyOffer      `json:"proposal,omitempty"`
	Payments []BountyPayment   `json:"payments,omitempty"`
	Payouts  []BountyPayout    `json:"payouts,omitempty" doc:"Where reporters want their shares sent; for those who may pay."`
}

// BountyJudgement is whether a report earns a part of the bounty.
type BountyJudgement struct {
	Report   int         `json:"report"`
	Eligible bool        `json:"eligible"`
	Because  string      `json:"because,omitempty"`
	At       time.Time   `json:"at"`
	By       cvd.ActorID `json:"by,omitempty"`
}

// BountyOffer is a proposed bounty with its shares, which sum to it exactly.
type BountyOffer struct {
	At         time.Time   `json:"at"`
	By         cvd.ActorID `json:"by,omitempty"`
	Total      cvd.Money   `json:"total" doc:"In the smallest unit of its currency; to a reporter their own share."`
	Shares     []cvd.Share `json:"shares"`
	Because    string      `json:"because,omitempty"`
	ApprovedAt time.Time   `json:"approved_at,omitzero"`
	ApprovedBy cvd.ActorID `json:"approved_by,omitempty"`
	Alone      bool        `json:"alone,omitempty" doc:"The second look was the same person's."`
}

// BountyPayment is a share that was paid.
type BountyPayment struct {
	Report    int         `json:"report"`
	Amount    cvd.Money   `json:"amount"`
	Reference string      `json:"reference"`
	At        time.Time   `json:"at"`
	By        cvd.ActorID `json:"by,omitempty"`
}

// BountyPayout is where a reporter wants their share sent.
type BountyPayout struct {
	Report  int       `json:"report"`
	Address string    `json:"address"`
	At      time.Time `json:"at"`
}

// bountyOf writes a bounty; nil for none.
func bountyOf(b cvd.Bounty) *Bounty {
	out := &Bounty{Judged: each(b.Judged, func(x cvd.Judgement) BountyJudgement { return BountyJudgement(x) }),
		Payments: each(b.Payments, func(x cvd.Payment) BountyPayment { return BountyPayment(x) }),
		Payouts:  each(b.Payouts, func(x cvd.Payout) BountyPayout { return BountyPayout(x) })}
	if b.Offer != nil {
		out.Offer = new(BountyOffer(*b.Offer))
	}
	if out.Offer == nil && len(out.Judged)+len(out.Payments)+len(out.Payouts) == 0 {
		return nil
	}
	return out
}

// Ahead is what is planned of a private matter's publication.
type Ahead struct {
	At      time.Time   `json:"at,omitzero" doc:"Absent: none is planned."`
	Because string      `json:"because,omitempty"`
	SaidAt  time.Time   `json:"said_at"`
	By      cvd.ActorID `json:"by"`
}
