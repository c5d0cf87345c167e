package casework

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/seal"
)

// Answer is what somebody says who was asked to take part: to each of the terms, and to the end of the embargo.
func (w *Casework) Answer(ctx context.Context, who cvd.Actor, about About, in cvd.Answered) (cvd.View, error) {
	return w.record(ctx, who, about, "answer", func(a *asking) (cvd.What, error) {
		x, err := a.answer(in)
		return cvd.What{Answered: &x}, err
	})
}

// AnswerByLink is Answer by who came by the link of a letter. Who accepts gets a code, with which they come back: the link opens
// nothing any more.
func (w *Casework) AnswerByLink(ctx context.Context, who cvd.Actor, in cvd.Answered) (v cvd.View, code string, err error) {
	v, err = w.record(ctx, who, About{Case: who.Case}, "answer", func(a *asking) (cvd.What, error) {
		x, err := a.answer(in)
		if err != nil || !x.Accept {
			return cvd.What{Answered: &x}, err
		}
		secret, err := seal.NewSecret(w.rand)
		if err != nil {
			return cvd.What{}, fmt.Errorf("draw a party's code: %w", err)
		}
		x.Code, code = seal.HashSecret(string(who.Project), string(who.Case), secret), string(who.Case)+"-"+secret
		return cvd.What{Answered: &x}, nil
	})
	return v, code, err
}

// answer checks an answer against what was asked.
func (a *asking) answer(in cvd.Answered) (cvd.Answered, error) {
	x := cvd.Answered{Accept: in.Accept, Terms: in.Terms, Embargo: in.Embargo.UTC(), Because: in.Because, Asked: a.p.TermNames(), Party: a.who.ID}
	p := a.c.Party(a.who.ID)
	if p == nil {
		return x, cvd.Errorf(cvd.Refused, "nobody answers but who was invited")
	}
	if err := readable("/because", in.Because); err != nil {
		return x, err
	}
	for i, term := range in.Terms {
		if !slices.Contains(x.Asked, term) {
			return x, cvd.Fieldf(fmt.Sprintf("/terms/%d", i), "the policy has no term %q", term)
		}
	}
	asks := a.c.Embargo.State.InForce()
	switch {
	case p.Gone():
		return x, cvd.Errorf(cvd.Refused, "you no longer take part in this case: ask the project to invite you again")
	case p.Refused:
		return x, cvd.Errorf(cvd.Refused, "you have declined: ask the project to invite you again")
	case p.Joined() && !x.Accept:
		return x, cvd.Errorf(cvd.Refused, "you have accepted: to go, leave the case and say whether you keep the embargo")
	case p.Joined() && (p.Consent.Adheres() || !asks):
		return x, cvd.Errorf(cvd.Conflict, "you have accepted already")
	case !x.Accept:
		return x, nil
	case p.Silent(a.now) && !p.Offered.Equal(a.offered()):
		return x, cvd.Errorf(cvd.Refused, "the time for an answer is over and the embargo has changed since: ask the project to invite you again")
	case asks && !x.Embargo.Equal(a.c.Embargo.Until):
		return x, cvd.Fieldf("/embargo", "the embargo ends %s: read it again, and accept that instant", cvd.Instant(a.c.Embargo.Until))
	}
	var open []string
	for _, term := range x.Asked {
		if !slices.Contains(x.Terms, term) {
			open = append(open, term)
		}
	}
	if len(open) > 0 {
		return x, cvd.Fieldf("/terms", "who takes part accepts each of the terms; not accepted: %s. You may decline instead", strings.Join(open, ", "))
	}
	return x, nil
}

// Acquainted notes that a person of a party read the terms, or the case, if nobody has noted it yet.
func (w *Casework) Acquainted(ctx context.Context, who cvd.Actor) error {
	if who.Standing != cvd.Guest {
		return nil
	}
	return w.noticeBy(ctx, who, who.Case, func(a *asking) (cvd.What, bool) {
		p := a.c.Party(who.ID)
		reads := a.c.Reads(who.ID, a.now)
		if p == nil || p.Kind == "" || a.c.Erased != nil || a.c.GoesElsewhere() || reads && !p.BriefedAt.IsZero() || !reads && (!p.SeenAt.IsZero() || p.Gone() || p.Refused) {
			return cvd.What{}, false
		}
		return cvd.What{Acquainted: &cvd.Acquainted{Party: who.ID, Case: reads}}, true
	}, nil)
}

// offered is the end of the embargo that who is asked now is asked to keep; zero if none holds.
func (a *asking) offered() (until time.Time) {
	if a.c.Embargo.State.InForce() {
		until = a.c.Embargo.Until
	}
	return until
}
