package casework

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/store"
)

// Combine lets a case go into another one of the same project: they are one matter. This case ends with it; the program then
// brings all of it into the other (see bring.go), where the earliest embargo holds and every code of this one leads.
func (w *Casework) Combine(ctx context.Context, who cvd.Actor, about About, in cvd.Combined) (cvd.View, error) {
	return w.record(ctx, who, about, "combine", func(a *asking) (cvd.What, error) {
		b, err := w.other(ctx, a, in.Into)
		if err != nil {
			return cvd.What{}, err
		}
		if err := first(require("/because", in.Because, "say why they are one matter"), a.combines(b.c)); err != nil {
			return cvd.What{}, err
		}
		a.still = &store.Still{Case: b.c.ID, Rev: b.c.Rev}
		return cvd.What{Combined: &cvd.Combined{Into: b.c.ID, Because: in.Because}}, nil
	})
}

// other is the case that this one is to go into, as the asker may see it.
func (w *Casework) other(ctx context.Context, a *asking, named cvd.CaseID) (*asking, error) {
	if named == "" {
		return nil, cvd.Fieldf("/into", "name the case that this one goes into")
	}
	id, err := cvd.ParseCaseID(string(named))
	if err != nil {
		return nil, cvd.Fieldf("/into", "%s", err.Error())
	}
	if id == a.c.ID {
		return nil, cvd.Fieldf("/into", "this is the case itself: name another one")
	}
	b, err := w.open(ctx, a.who, About{Case: id})
	if cvd.KindOf(err) == cvd.NotFound {
		return nil, cvd.Fieldf("/into", "there is no such case, or it is not open to you")
	}
	if err != nil {
		return nil, err
	}
	if tier, _ := cvd.TierOf(b.c, a.who, a.now); tier != cvd.ForTeam {
		return nil, cvd.Fieldf("/into", "there is no such case, or it is not open to you")
	}
	return b, nil
}

// combines says why a case cannot go into another one, nil if it can.
func (a *asking) combines(b cvd.Case) error {
	for _, c := range []cvd.Case{a.c, b} {
		says := ""
		switch {
		case c.Erased != nil:
			says = "it was erased"
		case c.Combined.Case != "":
			says = "it goes on in another case itself"
		case c.RM() == cvd.Closed:
			says = "it is closed; a matter that comes back begins with a new report"
		case !c.Disclosure.At.IsZero():
			says = "it is disclosed, and what is published stays under its own number"
		case c.Disclosure.Armed():
			says = "its publication waits for its instant: take that back first"
		}
		if says != "" {
			return cvd.Errorf(cvd.Refused, "case %s cannot be combined with another: %s", c.ID, says)
		}
	}
	switch {
	case a.c.Public && !b.Public:
		return cvd.Errorf(cvd.Refused, "case %s is public and %s is not: let %s go into %s instead", a.c.ID, b.ID, b.ID, a.c.ID)
	case a.c.Embargo.State.InForce() && b.Embargo.State == cvd.Exited, b.Embargo.State.InForce() && a.c.Embargo.State == cvd.Exited:
		return cvd.Errorf(cvd.Refused, "the embargo of one case is over and that of the other holds: end it first, or keep them apart")
	}
	return nil
}

// Consequences are what would follow if a case went into another one, each as a sentence. Nothing happens by it.
func (w *Casework) Consequences(ctx context.Context, who cvd.Actor, id, into cvd.CaseID) ([]string, error) {
	a, err := w.open(ctx, who, About{Case: id})
	if err != nil {
		return nil, err
	}
	if tier, _ := cvd.TierOf(a.c, who, a.now); tier != cvd.ForTeam {
		return nil, absent(cvd.NotFound)
	}
	b, err := w.other(ctx, a, into)
	if err != nil {
		return nil, err
	}
	if err := first(a.gone(), a.combines(b.c)); err != nil {
		return nil, err
	}
	after := cvd.Fold(b.c, cvd.Event{Project: who.Project, Case: b.c.ID, Rev: b.c.Rev + 1, At: a.now, Who: who.ID, Policy: b.p.Version,
		What: cvd.What{Joined: b.joining(a.c, cvd.EventID("foreseen"), who.ID, "", nil)}})
	return consequences(a.c, b.c, after), nil
}

// consequences says what changes from two cases to the one that they become.
func consequences(a, b, after cvd.Case) []string {
	out := []string{fmt.Sprintf("Case %s ends. It goes on in %s, and every return code and invitation of %s leads there.", a.ID, b.ID, a.ID)}
	add := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	add("%s comes in with its messages, files, credits and rewards. Reporters read their own report, as before.", count(len(a.Reports), "report"))
	switch e := after.Embargo; {
	case e.State.InForce() && !e.Until.Equal(b.Embargo.Until):
		add("The embargo of %s ends %s, which is the earlier of the two ends.", b.ID, cvd.Instant(e.Until))
	case e.State.InForce():
		add("The embargo ends %s, as that of %s says.", cvd.Instant(e.Until), b.ID)
	case b.Embargo.State.InForce():
		add("The embargo of %s ends at once, since what came in is public.", b.ID)
	}
	lapsed := 0
	for i, p := range after.Parties {
		if was := append(slices.Clip(b.Parties), a.Parties...); p.Consent == cvd.Lapsed && was[i].Consent == cvd.Signatory {
			lapsed++
		}
	}
	if lapsed > 0 {
		add("%s signed another end or other terms and is asked anew.", count(lapsed, "party", "parties"))
	}
	if n := len(after.Parties); n > 0 {
		add("%s of both cases keep what they could read, and read what is written from then on. To show one of them all of it, invite them anew.", count(n, "guest"))
	}
	if after.Severity.Class != b.Severity.Class || after.Severity.Score != b.Severity.Score {
		add("The severity is %s, the higher of the two, until somebody triages.", strings.TrimSpace(after.Severity.Class))
	}
	if after.CS != b.CS {
		add("What is known of either holds for both: %s becomes %s.", b.CS, after.CS)
	}
	if len(after.Lines) > len(b.Lines) {
		add("%s come in.", count(len(after.Lines)-len(b.Lines), "release line"))
	}
	add("Of two clocks of one name the one that began first runs on, by version %d of the policy, which binds %s.", b.Policy, b.ID)
	return out
}

// count writes a number with its noun.
func count(n int, noun ...string) string {
	if n == 1 {
		return "1 " + noun[0]
	}
	if len(noun) > 1 {
		return fmt.Sprintf("%d %s", n, noun[1])
	}
	return fmt.Sprintf("%d %ss", n, noun[0])
}
