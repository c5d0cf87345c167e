package casework

import (
	"context"

	"github.com/tipstaff/tipstaff/cvd"
)

// Foreseen is what would follow from one thing that somebody may say of a case.
type Foreseen struct {
	If   string // a clause of a sentence: "If the matter is public"
	Then []string
}

// Foresee works out what would follow from a step that turns the way a case is handled: that something became known, or that an
// open case is found sensitive. It is for the team, and nothing happens by it.
func (w *Casework) Foresee(ctx context.Context, who cvd.Actor, id cvd.CaseID, step string) ([]Foreseen, error) {
	a, err := w.open(ctx, who, About{Case: id})
	if err != nil {
		return nil, err
	}
	if tier, _ := cvd.TierOf(a.c, who, a.now); tier != cvd.ForTeam || a.gone() != nil {
		return nil, nil
	}
	var all []Foreseen
	add := func(when string, what cvd.What) {
		if then := a.p.Effects(a.ask(step, what)); len(then) > 0 {
			all = append(all, Foreseen{when, then})
		}
	}
	switch {
	case step == "observe":
		for _, x := range []struct{ fact, when string }{{"public", "If the matter is public"}, {"exploit_public", "If an exploit is public"}, {"attacks", "If attacks were seen"}} {
			if _, ok := a.c.CS.Learn(cvd.FactLetters[x.fact]); ok {
				add(x.when, cvd.What{Observed: &cvd.Observed{Fact: x.fact, Embargo: a.p.EmbargoAfter(x.fact), DecideBy: a.p.DecideBy(a.c, x.fact, a.now)}})
			}
		}
	case step == "triage" && a.c.Public:
		yes, s := true, a.c.Severity
		t := cvd.Triaged{Class: s.Class, Category: s.Category, Sensitive: &yes, Kind: a.c.Kind, Because: "foreseen"}
		if a.p.Classify(a.c, &t, s.Score, s.Scored) == nil {
			add("If the details would help an attacker after all", cvd.What{Triaged: &t})
		}
	}
	return all, nil
}
