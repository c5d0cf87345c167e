package casework

import (
	"context"

	"github.com/tipstaff/tipstaff/cvd"
)

// Reject refuses a proposal with a reason. The team's word decides; who proposed may take the proposal back; anybody else who takes
// part says what they think of it, or that they do not take part in the embargo that holds.
func (w *Casework) Reject(ctx context.Context, who cvd.Actor, about About, in cvd.Rejecting) (cvd.View, error) {
	return w.record(ctx, who, about, "reject", func(a *asking) (cvd.What, error) {
		x := cvd.Rejecting{Because: in.Because}
		err := require("/because", in.Because, "say why: who proposed it reads it")
		if err != nil {
			return cvd.What{}, err
		}
		if x.Proposal, err = a.proposal(in.Proposal); err != nil {
			return cvd.What{}, err
		}
		c := a.c.At(a.now)
		if x.Proposal == 0 {
			if x.Proposal, err = a.toReject(c); err != nil {
				return cvd.What{}, err
			}
		}
		p := c.ProposalOf(x.Proposal)
		if p == nil {
			return cvd.What{Rejecting: &x}, refusal(a.p.Weigh(a.ask("reject", cvd.What{})))
		}
		x.Until = p.Until
		consent, _ := c.ConsentOf(who.ID, a.now)
		switch {
		case p.Open():
			x.Decides = !a.partakes() || p.By == who.ID
			if x.Decides && c.Embargo.State.InForce() && !p.Asks && p.By != who.ID && a.p.ShortestWins() {
				x.Dropped = longer(c, p)
			}
		case p.Number != c.Embargo.Number || !c.Embargo.State.InForce():
			err = cvd.Errorf(cvd.Refused, "this proposal is no longer open: %s", p.Answer)
		case !a.partakes():
			err = cvd.Errorf(cvd.Refused, "this is agreed on: propose another instant, or lift the embargo with a reason")
		case consent == cvd.Signatory:
			err = cvd.Errorf(cvd.Refused, "you have agreed to this embargo: propose another instant, or ask the project to let you leave")
		case consent == cvd.Declined:
			err = cvd.Errorf(cvd.Refused, "you have declined this embargo, or did not answer in time: accept it if you take part after all")
		default:
			x.Refuses = true
		}
		return cvd.What{Rejecting: &x}, err
	})
}

// toReject is what somebody refuses who names no proposal: the only one that waits, else the terms that hold.
func (a *asking) toReject(c cvd.Case) (int, error) {
	var open []int
	if a.partakes() {
		for _, n := range c.Negotiated(a.who) {
			if c.ProposalOf(n).Open() {
				open = append(open, n)
			}
		}
	} else {
		for _, p := range cvd.InOrder(c.Proposals) {
			open = append(open, p.Number)
		}
	}
	switch {
	case len(open) == 1:
		return open[0], nil
	case len(open) > 1:
		return 0, cvd.Fieldf("/proposal", "several proposals are open: name the one that you refuse by its number")
	case c.Embargo.State.InForce():
		return c.Embargo.Number, nil
	}
	return 0, nil
}

// longer are the open revisions that fall with one that is refused: they are answered from the earliest on, up to the first refusal.
// A request is no revision: nothing falls with it, and it falls with none.
func longer(c cvd.Case, refused *cvd.Proposal) (fall []int) {
	for _, p := range cvd.InOrder(c.Proposals) {
		if p.Number != refused.Number && !p.Asks && !p.Until.Before(refused.Until) {
			fall = append(fall, p.Number)
		}
	}
	return fall
}
