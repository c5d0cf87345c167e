package casework

import (
	"context"
	"slices"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// Accept agrees to a proposal, or to the embargo that holds. The team's word decides; what the team proposed itself is decided when
// everybody who is asked has agreed. Whoever agrees late is bound all the same if the terms are still those, and is asked anew if
// they are not.
func (w *Casework) Accept(ctx context.Context, who cvd.Actor, about About, in cvd.Accepting) (cvd.View, error) {
	return w.record(ctx, who, about, "accept", func(a *asking) (cvd.What, error) {
		x := cvd.Accepting{}
		var err error
		if x.Proposal, err = a.proposal(in.Proposal); err != nil {
			return cvd.What{}, err
		}
		c := a.c.At(a.now)
		if x.Proposal == 0 {
			x.Proposal = toAccept(c, a)
		}
		p := c.ProposalOf(x.Proposal)
		if p == nil { // the policy says why there is none
			return cvd.What{Accepting: &x}, refusal(a.p.Weigh(a.ask("accept", cvd.What{})))
		}
		x.Until = p.Until
		switch {
		case a.partakes():
			err = a.takesPart(c, p, &x)
		case p.Open():
			x.Decides, x.AnswerBy = true, a.p.AnswerBy(c, time.Time{}, a.now)
		case p.Number == c.Embargo.Number && c.Embargo.State.InForce():
			err = cvd.Errorf(cvd.Refused, "this is agreed on already")
		default:
			err = cvd.Errorf(cvd.Refused, "proposal %d is no longer open: %s", p.Number, p.Answer)
		}
		return cvd.What{Accepting: &x}, err
	})
}

// toAccept is what somebody agrees to who names no proposal: who takes part, to the terms that hold, if they are not bound by them
// already; else the shortest proposal that waits.
func toAccept(c cvd.Case, a *asking) int {
	consent, _ := c.ConsentOf(a.who.ID, a.now)
	if a.partakes() && c.Embargo.State.InForce() && consent != cvd.Signatory {
		return c.Embargo.Number
	}
	for _, p := range cvd.InOrder(c.Proposals) {
		if !a.partakes() || slices.Contains(c.Negotiated(a.who), p.Number) {
			return p.Number
		}
	}
	return 0
}

// takesPart is the agreement of one who takes part.
func (a *asking) takesPart(c cvd.Case, p *cvd.Proposal, x *cvd.Accepting) error {
	consent, _ := c.ConsentOf(a.who.ID, a.now)
	switch holds := p.Number == c.Embargo.Number; {
	case p.Open():
		x.Keeps = c.Embargo.State == cvd.Revise && consent == cvd.Lapsed && !p.Asks
		if x.Decides = p.Report == 0 && p.Party == "" && c.Unanimous(*p, a.who.ID) && a.decides(p); x.Decides {
			x.AnswerBy = a.p.AnswerBy(c, time.Time{}, a.now)
		}
		return nil
	case !c.Embargo.State.InForce():
		return cvd.Errorf(cvd.Refused, "no embargo remains: there is nothing to agree to")
	case holds && consent == cvd.Signatory:
		return cvd.Errorf(cvd.Refused, "you have agreed to this already")
	case holds && a.owesAnswer():
		return cvd.Errorf(cvd.Refused, "answer the invitation first: its terms and the embargo are accepted together")
	case holds:
		x.Joins = true
		return nil
	case p.Answer == "agreed" && consent != cvd.Signatory:
		x.Outdated, x.AnswerBy = true, a.p.AnswerBy(c, time.Time{}, a.now)
		return nil
	}
	return cvd.Errorf(cvd.Refused, "this proposal is no longer open: %s", p.Answer)
}

// owesAnswer says whether the asker was invited and has not accepted: what they say to the embargo binds nobody before.
func (a *asking) owesAnswer() bool {
	p := a.c.Party(a.who.ID)
	return p != nil && !p.Joined()
}

// decides says whether the last agreement would make a proposal hold, so that an answer is never lost to a rule of the negotiation.
func (a *asking) decides(p *cvd.Proposal) bool {
	ask := a.ask("accept", cvd.What{Accepting: &cvd.Accepting{Proposal: p.Number, Decides: true}})
	return len(a.p.Weigh(ask)) == 0
}
