package casework

import (
	"context"

	"github.com/tipstaff/tipstaff/cvd"
)

// Claim is the word of a reporter or a party that the matter is public, exploited or attacked. It ends nothing: somebody of the team
// confirms it by observing the fact, or dismisses it.
func (w *Casework) Claim(ctx context.Context, who cvd.Actor, about About, in cvd.Claimed) (cvd.View, error) {
	return w.record(ctx, who, about, "claim", func(a *asking) (cvd.What, error) {
		err := first(
			oneOf("/fact", in.Fact, "public", "exploit_public", "attacks"),
			require("/evidence", in.Evidence, "say where it can be seen"))
		if err != nil {
			return cvd.What{}, err
		}
		if !a.learns(in.Fact) {
			return cvd.What{}, cvd.Errorf(cvd.Refused, "the project knows this already, and said so in the timeline")
		}
		for _, k := range a.c.Claims {
			if k.By == who.ID && k.Fact == in.Fact && k.Answer == "" {
				return cvd.What{}, cvd.Errorf(cvd.Refused, "you have said this already, and the project has not answered yet: write a message to add to it")
			}
		}
		x := cvd.Claimed{Fact: in.Fact, Evidence: in.Evidence, DecideBy: a.p.AnswerClaimBy(a.now)}
		switch who.Standing {
		case cvd.Finder:
			x.Report = who.Report
		case cvd.Guest:
			x.Party = who.ID
		}
		return cvd.What{Claimed: &x}, nil
	})
}

// Dismiss decides that a claim is not so, with the reason, which who made it reads.
func (w *Casework) Dismiss(ctx context.Context, who cvd.Actor, about About, in cvd.Dismissed) (cvd.View, error) {
	return w.record(ctx, who, about, "dismiss", func(a *asking) (cvd.What, error) {
		if _, err := a.openClaim(in.Claim); err != nil {
			return cvd.What{}, err
		}
		return cvd.What{Dismissed: &in}, require("/because", in.Because, "say why it is not so: who said it reads this")
	})
}

// openClaim is a claim that waits for its answer.
func (a *asking) openClaim(number int) (*cvd.Claim, error) {
	k := a.c.Claim(number)
	switch {
	case k == nil:
		return nil, cvd.Fieldf("/claim", "there is no claim %d", number)
	case k.Answer != "":
		return nil, cvd.Fieldf("/claim", "claim %d is %s already", number, k.Answer)
	}
	return k, nil
}

// confirms is the claim that an observation confirms: it is open, and says the same.
func (a *asking) confirms(number int, fact string) (*cvd.Claim, error) {
	k, err := a.openClaim(number)
	if err == nil && k.Fact != fact {
		err = cvd.Fieldf("/claim", "claim %d says something else: %s", number, k.Fact)
	}
	return k, err
}
