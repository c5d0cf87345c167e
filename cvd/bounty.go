package cvd

import (
	"math/big"
	"slices"
	"time"
)

// Bounty is what is paid for the reports of a case: who earns a part of it, what somebody proposed, that somebody else approved
// it, and what was paid. Whatever is changed of a proposal needs another approval.
type Bounty struct {
	Judged   []Judgement
	Offer    *Offer
	Payments []Payment
	Payouts  []Payout
}

// Judgement is whether a report earns a part of the bounty.
type Judgement struct {
	Report   int
	Eligible bool
	Because  string
	At       time.Time
	By       ActorID
}

// Offer is a proposed bounty with its shares, which sum to it exactly.
type Offer struct {
	At         time.Time
	By         ActorID
	Total      Money
	Shares     []Share
	Because    string
	ApprovedAt time.Time // zero: it was not approved, and nothing is paid
	ApprovedBy ActorID
	Alone      bool // the second look was the same person's, as the policy allows a team of one
}

// Payment is a share that was paid.
type Payment struct {
	Report    int
	Amount    Money
	Reference string
	At        time.Time
	By        ActorID
}

// Payout is where a reporter wants their share sent. It is read by those alone who may pay.
type Payout struct {
	Report  int
	Address string
	At      time.Time
}

// Share is what the newest offer gives a report; ok is false where it gives it nothing.
func (b Bounty) Share(report int) (Money, bool) {
	if b.Offer == nil {
		return Money{}, false
	}
	i := slices.IndexFunc(b.Offer.Shares, func(s Share) bool { return s.Report == report })
	if i < 0 {
		return Money{}, false
	}
	return b.Offer.Shares[i].Amount, true
}

// Paid is the payment of a report's share.
func (b Bounty) Paid(report int) (Payment, bool) {
	i := slices.IndexFunc(b.Payments, func(p Payment) bool { return p.Report == report })
	if i < 0 {
		return Payment{}, false
	}
	return b.Payments[i], true
}

// Judgement is what was decided last of a report.
func (b Bounty) Judgement(report int) (Judgement, bool) {
	i := slices.IndexFunc(b.Judged, func(j Judgement) bool { return j.Report == report })
	if i < 0 {
		return Judgement{}, false
	}
	return b.Judged[i], true
}

// Approved says whether the newest offer was approved.
func (b Bounty) Approved() bool { return b.Offer != nil && !b.Offer.ApprovedAt.IsZero() }

// Proposable says what is wrong with an offer, or nil: its shares sum to it, go to reports that earn one, once each, and leave
// alone what is paid.
func (b Bounty) Proposable(total Money, shares []Share) error {
	seen := map[int]bool{}
	for _, s := range shares {
		j, judged := b.Judgement(s.Report)
		switch {
		case seen[s.Report]:
			return Fieldf("/shares", "report %d has two shares", s.Report)
		case !judged || !j.Eligible:
			return Fieldf("/shares", "report %d was not found eligible", s.Report)
		case s.Amount.Zero():
			return Fieldf("/shares", "the share of report %d is nothing: leave it out", s.Report)
		}
		seen[s.Report] = true
	}
	for _, p := range b.Payments {
		if !slices.ContainsFunc(shares, func(s Share) bool { return s.Report == p.Report && s.Amount == p.Amount }) {
			return Fieldf("/shares", "%s were paid for report %d: its share stays as it is", p.Amount, p.Report)
		}
	}
	switch {
	case len(shares) == 0:
		return Fieldf("/shares", "say whose the bounty is: a line for each report, 1: 700.00")
	case !total.SumsTo(shares):
		return Fieldf("/shares", "the shares do not sum to %s", total)
	}
	return nil
}

// Payable says why a report's share cannot be paid, or nil.
func (b Bounty) Payable(report int) error {
	_, shared := b.Share(report)
	_, paid := b.Paid(report)
	switch {
	case !b.Approved():
		return Errorf(Refused, "nobody has approved the bounty as it is proposed now")
	case !shared:
		return Fieldf("/report", "report %d has no share of the bounty", report)
	case paid:
		return Errorf(Refused, "the share of report %d is paid", report)
	}
	return nil
}

// settled says whether nothing is left to decide or to pay.
func (c *Case) bountySettled() bool {
	b := c.Bounty
	if b.Offer == nil {
		return !slices.ContainsFunc(c.Reports, func(r Report) bool {
			j, ok := b.Judgement(r.Number)
			return r.Left.Case == "" && (!ok || j.Eligible)
		})
	}
	return b.Approved() && !slices.ContainsFunc(b.Offer.Shares, func(s Share) bool { _, paid := b.Paid(s.Report); return !paid })
}

// BountyJudged decides whether a report earns a part of the bounty.
type BountyJudged struct {
	Report   int    `json:"report"`
	Eligible bool   `json:"eligible"`
	Because  string `json:"because"`
}

func (x *BountyJudged) kind() string { return "bounty_judged" }
func (x *BountyJudged) apply(c *Case, e *Event) {
	c.Bounty.Judged = put(slices.Clone(c.Bounty.Judged), Judgement{x.Report, x.Eligible, x.Because, e.At, e.Who},
		func(j Judgement) bool { return j.Report == x.Report })
	if c.Bounty.Offer != nil { // what was approved was approved for other reports
		c.Bounty.Offer = c.Bounty.Offer.unapproved()
	}
	if c.bountySettled() {
		c.mark("rewarded", e.At)
	}
}
func (x *BountyJudged) says() (string, Tier) {
	if x.Eligible {
		return "Found a report eligible for a bounty", ForTeam
	}
	return "Found a report not eligible for a bounty", ForTeam
}

// unapproved is the offer without its approval.
func (o Offer) unapproved() *Offer {
	o.ApprovedAt, o.ApprovedBy, o.Alone = time.Time{}, "", false
	return &o
}

// BountyProposed proposes a bounty and how it is shared. What was approved before counts no more.
type BountyProposed struct {
	Amount  string   `json:"amount,omitempty"`                     // as it was typed: "1250.50 USD"
	Split   string   `json:"split,omitempty" enum:"by_hand,equal"` // equal: what does not divide goes to the earlier reports
	Lines   []string `json:"shares,omitempty"`                     // as they were typed, "1: 700.00"; none where it is split equally
	Because string   `json:"because,omitempty"`
	Total   Money    `json:"total,omitzero" readOnly:"true"`
	Parts   []Share  `json:"parts,omitempty" readOnly:"true"`
}

func (x *BountyProposed) kind() string { return "bounty_proposed" }
func (x *BountyProposed) apply(c *Case, e *Event) {
	c.Bounty.Offer = &Offer{At: e.At, By: e.Who, Total: x.Total, Shares: x.Parts, Because: x.Because}
}
func (x *BountyProposed) says() (string, Tier) {
	return "Proposed a bounty of " + x.Total.String(), ForTeam
}

// BountyApproved approves the bounty as it is proposed now.
type BountyApproved struct {
	Total Money `json:"total,omitzero" readOnly:"true"`
	Alone bool  `json:"alone,omitempty" readOnly:"true"`
}

func (x *BountyApproved) kind() string { return "bounty_approved" }
func (x *BountyApproved) apply(c *Case, e *Event) {
	if c.Bounty.Offer != nil {
		o := *c.Bounty.Offer
		o.ApprovedAt, o.ApprovedBy, o.Alone = e.At, e.Who, x.Alone
		c.Bounty.Offer = &o
	}
}
func (x *BountyApproved) says() (string, Tier) {
	return "Approved the bounty of " + x.Total.String(), ForTeam
}

// BountyPaid is a share that was paid, with where that can be looked up.
type BountyPaid struct {
	Report    int       `json:"report"`
	Reference string    `json:"reference"`
	At        time.Time `json:"at,omitzero"` // when; now, if nobody says
	Amount    Money     `json:"amount,omitzero" readOnly:"true"`
}

func (x *BountyPaid) kind() string { return "bounty_paid" }
func (x *BountyPaid) apply(c *Case, e *Event) {
	c.Bounty.Payments = append(slices.Clip(c.Bounty.Payments), Payment{x.Report, x.Amount, x.Reference, x.At, e.Who})
	if c.bountySettled() {
		c.mark("rewarded", e.At)
	}
}
func (x *BountyPaid) says() (string, Tier) {
	return "Paid a share of the bounty: " + x.Amount.String(), ForTeam
}

// PayoutNamed is where a reporter wants their share of a bounty sent; empty takes it back.
type PayoutNamed struct {
	Address string `json:"address" said:"always"` // "" takes it back
	Report  int    `json:"report,omitempty" readOnly:"true"`
}

func (x *PayoutNamed) kind() string { return "payout_named" }
func (x *PayoutNamed) apply(c *Case, e *Event) {
	c.Bounty.Payouts = put(slices.Clone(c.Bounty.Payouts), Payout{x.Report, x.Address, e.At}, func(p Payout) bool { return p.Report == x.Report })
}
func (x *PayoutNamed) says() (string, Tier) {
	return "The reporter said where a bounty is to be sent", ForTeam
}

// joinBounty brings what another case owed and paid, under the numbers that its reports have now. Two offers in one currency
// become one, approved if both were; of two currencies the offer of this case stays, without its approval.
func (c *Case) joinBounty(b Bounty, number func(int) int) {
	to := &c.Bounty
	for _, j := range b.Judged {
		j.Report = number(j.Report)
		to.Judged = append(slices.Clip(to.Judged), j)
	}
	for _, p := range b.Payments {
		p.Report = number(p.Report)
		to.Payments = append(slices.Clip(to.Payments), p)
	}
	for _, p := range b.Payouts {
		p.Report = number(p.Report)
		to.Payouts = append(slices.Clip(to.Payouts), p)
	}
	if b.Offer == nil {
		return
	}
	came := *b.Offer
	came.Shares = slices.Clone(came.Shares)
	for i := range came.Shares {
		came.Shares[i].Report = number(came.Shares[i].Report)
	}
	switch here := to.Offer; {
	case here == nil:
		to.Offer = &came
	case here.Total.Code != came.Total.Code || here.Total.Decimals != came.Total.Decimals:
		to.Offer = here.unapproved()
	default:
		both := *here
		both.Total = here.Total.of(new(big.Int).Add(here.Total.count(), came.Total.count()))
		both.Shares = append(slices.Clip(here.Shares), came.Shares...)
		to.Offer = &both
		if here.ApprovedAt.IsZero() || came.ApprovedAt.IsZero() {
			to.Offer = both.unapproved()
		}
	}
}

// part is the bounty of some of the reports, renumbered: number is 0 for those that are not among them.
func (b Bounty) part(number func(int) int) (out Bounty) {
	for _, j := range b.Judged {
		if n := number(j.Report); n > 0 {
			j.Report = n
			out.Judged = append(out.Judged, j)
		}
	}
	for _, p := range b.Payments {
		if n := number(p.Report); n > 0 {
			p.Report = n
			out.Payments = append(out.Payments, p)
		}
	}
	for _, p := range b.Payouts {
		if n := number(p.Report); n > 0 {
			p.Report = n
			out.Payouts = append(out.Payouts, p)
		}
	}
	if b.Offer == nil {
		return out
	}
	offer, sum := *b.Offer, new(big.Int)
	offer.Shares = nil
	for _, s := range b.Offer.Shares {
		if n := number(s.Report); n > 0 {
			s.Report = n
			offer.Shares = append(offer.Shares, s)
			sum.Add(sum, s.Amount.count())
		}
	}
	if len(offer.Shares) > 0 {
		offer.Total = offer.Total.of(sum)
		out.Offer = &offer
	}
	return out
}

// seenBy is the bounty as the reporter of one report may see it: their own part, and what it is together from nobody.
func (b Bounty) seenBy(report int) Bounty {
	own := b.part(func(n int) int {
		if n == report {
			return n
		}
		return 0
	})
	if own.Offer != nil && own.Offer.ApprovedAt.IsZero() {
		own.Offer = nil // what nobody approved is no promise
	}
	if own.Offer != nil {
		own.Offer = &Offer{At: own.Offer.At, Total: own.Offer.Total, Shares: own.Offer.Shares, ApprovedAt: own.Offer.ApprovedAt}
	}
	for i := range own.Judged {
		own.Judged[i].By = ""
	}
	for i := range own.Payments {
		own.Payments[i].By = ""
	}
	return own
}
