package casework

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/policy"
)

// Emergency is one act by which a case learns that quiet is over: the fact, how it is known, since when the project knows, where the
// announced release moves to, and the notices that go out because of it. All of it is one event, so that nothing of it can happen
// without the rest.
type Emergency struct {
	Fact    string         // one of Facts
	Because string         // left out: what was said by whoever made the claim
	Claim   int            // the claim of an outsider that this confirms; 0: none
	Party   cvd.ActorID    // of a leak: who of the case let it out, where that is known
	Aware   []cvd.Dated    // milestones that a law counts from
	Slip    *cvd.Slipped   // where the announced release moves to; nil: it stays
	Notices []cvd.Notified // of the policy, with what they say
}

// Facts are what an emergency can be about, in the order in which a page offers them.
var Facts = []string{"public", "leaked", "attacks", "exploit_public"}

// learns says whether a fact is news to a case. What leaked is public.
func (a *asking) learns(fact string) bool {
	if fact == "leaked" {
		fact = "public"
	}
	_, news := a.c.CS.Learn(cvd.FactLetters[fact])
	return news
}

// Emergency records the act. The slip and the notices are weighed and composed for the case as it is afterwards; follow sends them on.
func (w *Casework) Emergency(ctx context.Context, who cvd.Actor, about About, in Emergency) (cvd.View, error) {
	return w.record(ctx, who, about, "observe", func(a *asking) (cvd.What, error) {
		o, err := a.observation(in)
		if err != nil {
			return cvd.What{}, err
		}
		then := a.after(cvd.What{Observed: &o})
		if in.Slip != nil {
			x, err := w.slipsToo(ctx, then, *in.Slip, o.Evidence)
			if err != nil {
				return cvd.What{}, under("/slip", err)
			}
			o.Slip = &x
			then = then.after(cvd.What{Slipped: &x})
		}
		for i, n := range in.Notices {
			n, err := w.composed(ctx, then, n)
			if err != nil {
				return cvd.What{}, under(fmt.Sprintf("/notices/%d", i), err)
			}
			o.Then = append(o.Then, n)
			then = then.after(cvd.What{Notified: &n})
		}
		return cvd.What{Observed: &o}, nil
	})
}

// under is an error about a field of something that was sent along with something else.
func under(at string, err error) error {
	if e, ok := errors.AsType[*cvd.Error](err); ok && e.Field != "" {
		return cvd.Fieldf(at+e.Field, "%s", e.Says)
	}
	return err
}

// slipsToo is a slip that goes with an emergency, if nothing stands in its way.
func (w *Casework) slipsToo(ctx context.Context, then *asking, in cvd.Slipped, because string) (cvd.Slipped, error) {
	if in.Because == "" {
		in.Because = because
	}
	x, err := w.slipped(ctx, then, in)
	if err != nil {
		return x, err
	}
	return x, then.weigh("slip", cvd.What{Slipped: &x})
}

// observation is what an emergency observes, without its slip and its notices.
func (a *asking) observation(in Emergency) (cvd.Observed, error) {
	o := cvd.Observed{Fact: in.Fact, Evidence: in.Because, Dates: in.Aware, Claim: in.Claim}
	if in.Fact == "leaked" {
		o.Fact, o.Cause, o.Party = "public", "leak", in.Party
	}
	if in.Claim != 0 {
		k, err := a.confirms(in.Claim, o.Fact)
		if err != nil {
			return o, err
		}
		o.Evidence = cmp.Or(strings.TrimSpace(in.Because), k.Evidence)
	}
	if err := first(oneOf("/fact", in.Fact, Facts...), require("/because", o.Evidence, "say how it is known")); err != nil {
		return o, err
	}
	switch known := slices.ContainsFunc(a.c.Parties, func(p cvd.Party) bool { return p.ID == in.Party }); {
	case in.Party != "" && in.Fact != "leaked":
		return o, cvd.Fieldf("/party", "only a leak has somebody who let it out")
	case in.Party != "" && !known:
		return o, cvd.Fieldf("/party", "nobody of this case has that name")
	}
	if !a.learns(in.Fact) {
		return o, cvd.Errorf(cvd.Refused, "the case knows this already: its state is %s", a.c.CS)
	}
	for i, d := range in.Aware {
		at := fmt.Sprintf("/aware/%d", i)
		if !slices.ContainsFunc(a.p.Awareness(), func(m policy.Milestone) bool { return m.Name == d.Event }) {
			return o, cvd.Fieldf(at+"/event", "the policy has no such moment of becoming aware")
		}
		if d.On.IsZero() || d.On.After(a.now) {
			return o, cvd.Fieldf(at+"/on", "nobody becomes aware of what lies ahead: say when somebody first had evidence")
		}
		if err := a.weigh("date", cvd.What{Dated: &in.Aware[i]}); err != nil {
			return o, err
		}
	}
	o.Embargo, o.DecideBy = a.p.EmbargoAfter(o.Fact), a.p.DecideBy(a.c, o.Fact, a.now)
	return o, nil
}

// after is what would be asked of the case once something has happened to it. Nothing happens by it.
func (a *asking) after(what cvd.What) *asking {
	e := cvd.Event{ID: "foreseen", Project: a.c.Project, Case: a.c.ID, Rev: a.c.Rev + 1, At: a.now, Who: a.who.ID, Name: a.who.Name, Policy: a.p.Version, What: what}
	e.Clocks = a.p.Clocks(a.c, cvd.Fold(a.c, e), e)
	then := *a
	then.c = cvd.Fold(a.c, e)
	return &then
}

// composed is a notice as it would go out, if nothing stands in its way.
func (w *Casework) composed(ctx context.Context, a *asking, in cvd.Notified) (cvd.Notified, error) {
	n := in
	if err := first(again(a.c, in), w.composeTo(ctx, a, &n)); err != nil {
		return n, err
	}
	return n, a.weigh("notify", cvd.What{Notified: &n})
}

// order orders the notices of an emergency, each once, as whoever recorded it. They were weighed then.
func (w *Casework) order(ctx context.Context, e cvd.Event) error {
	for i := range e.What.Observed.Then {
		if err := w.orderOne(ctx, e, &e.What.Observed.Then[i]); err != nil {
			return err
		}
	}
	return nil
}

func (w *Casework) orderOne(ctx context.Context, e cvd.Event, n *cvd.Notified) error {
	for try := 1; ; try++ {
		a, err := w.open(ctx, cvd.Tipstaff(e.Project), About{Case: e.Case})
		if err != nil {
			return err
		}
		ordered := slices.ContainsFunc(a.c.Notices, func(x cvd.Notice) bool { return x.Name == n.Notice && !x.At.Before(e.At) })
		if ordered || a.c.Erased != nil {
			return nil
		}
		if a.wholes, err = w.wholes(ctx, e.Project, a.p); err != nil {
			return err
		}
		a.who.ID, a.who.Name = e.Who, e.Name
		change, err := w.change(a, "notify", cvd.What{Notified: n}, a.now)
		if err != nil {
			return err
		}
		if _, err = w.store.Append(ctx, change); !errors.Is(err, cvd.Conflict) || try == mostTries {
			return err
		}
	}
}
