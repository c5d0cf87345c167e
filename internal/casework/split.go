package casework

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// Split lets reports and release lines leave into a new case, which inherits the embargo. The program opens that case (see
// bring.go). Nobody who takes part here is invited there; the reporters' codes lead to it.
func (w *Casework) Split(ctx context.Context, who cvd.Actor, about About, in cvd.Split) (cvd.View, error) {
	return w.record(ctx, who, about, "split", func(a *asking) (cvd.What, error) {
		s := in
		slices.Sort(s.Reports)
		s.Reports = slices.Compact(s.Reports)
		err := first(a.splits(), a.parts(s), require("/title", s.Title, "give the new case a title"), shortLine("/title", s.Title),
			require("/because", s.Because, "say why it is another matter"), a.endsApart(s))
		if err != nil {
			return cvd.What{}, err
		}
		if s.Child, err = w.store.NewCaseID(ctx, who.Project); err != nil {
			return cvd.What{}, fmt.Errorf("number a case of %s: %w", who.Project, err)
		}
		return cvd.What{Split: &s}, nil
	})
}

// splits says why nothing can leave the case now, nil if it can.
func (a *asking) splits() error {
	switch {
	case !a.c.Disclosure.At.IsZero():
		return cvd.Errorf(cvd.Refused, "the case is disclosed: what is another matter begins with a new report")
	case a.c.Disclosure.Armed():
		return cvd.Errorf(cvd.Refused, "the publication waits for its instant: take that back first")
	case a.c.Public && a.c.Shown == nil:
		return cvd.Errorf(cvd.Refused, "the case is public, and nothing of it could leave: open a new one for what is another matter")
	}
	return nil
}

// parts says what is wrong with what is to leave.
func (a *asking) parts(s cvd.Split) error {
	if len(s.Reports) == 0 {
		return cvd.Fieldf("/reports", "name the reports that leave")
	}
	stay := 0
	for i, r := range a.c.Reports {
		if r.Left.Case == "" && !slices.Contains(s.Reports, i+1) {
			stay++
		}
	}
	for i, n := range s.Reports {
		if err := a.report(fmt.Sprintf("/reports/%d", i), n); err != nil {
			return err
		}
		if a.c.Shown != nil && n <= a.c.Shown.Reports {
			return cvd.Fieldf(fmt.Sprintf("/reports/%d", i), "report %d is public", n)
		}
	}
	if stay == 0 {
		return cvd.Fieldf("/reports", "one report has to stay")
	}
	for i, name := range s.Lines {
		if !slices.ContainsFunc(a.c.Lines, func(l cvd.Line) bool { return l.Product+"/"+l.Name == name }) {
			return cvd.Fieldf(fmt.Sprintf("/lines/%d", i), "the case has no release line %q: write PRODUCT/LINE", name)
		}
	}
	return nil
}

// report refuses the number of a report that the case does not have, or has no more.
func (a *asking) report(field string, n int) error {
	switch {
	case n < 1 || n > len(a.c.Reports):
		return cvd.Fieldf(field, "the case has %d reports", len(a.c.Reports))
	case a.c.Reports[n-1].Left.Case != "":
		return cvd.Fieldf(field, "report %d has left into case %s", n, a.c.Reports[n-1].Left.Case)
	}
	return nil
}

// endsApart weighs another end for the embargo of what leaves. A later one takes nothing from what stays; an earlier one may
// tell of it, so that has to be looked at first.
func (a *asking) endsApart(s cvd.Split) error {
	e := a.c.Embargo
	switch {
	case s.Until.IsZero():
		return nil
	case !e.State.InForce():
		return cvd.Fieldf("/until", "no embargo is in force that the new case could inherit")
	case !s.Until.After(a.now):
		return cvd.Fieldf("/until", "%s is past", cvd.Instant(s.Until))
	case a.tooLong(s.Until):
		return cvd.Fieldf("/until", "an embargo lasts at most %s: until %s here", a.p.Document.Embargo.Longest.Words(), cvd.Instant(a.p.Longest(a.c, a.now)))
	case e.Reveals(s.Until) && strings.TrimSpace(s.Assessment) == "":
		return cvd.Fieldf("/assessment", "this ends before %s: say what its end reveals about what stays here", cvd.Instant(e.Until))
	}
	return readable("/assessment", s.Assessment)
}

// tooLong says whether an embargo would outlast the longest that the policy knows.
func (a *asking) tooLong(until time.Time) bool {
	latest := a.p.Longest(a.c, a.now)
	return !latest.IsZero() && until.After(latest)
}

// separate opens the case for what was split off.
func (w *Casework) separate(ctx context.Context, e cvd.Event) error {
	x := *e.What.Split
	if _, err := w.store.Case(ctx, e.Project, x.Child); !errors.Is(err, cvd.NotFound) {
		return err // it is there, or nobody knows
	}
	parent, err := w.store.Case(ctx, e.Project, e.Case)
	if err != nil || parent.Erased != nil {
		return err
	}
	before, _, err := w.leaving(ctx, e)
	if err != nil {
		return err
	}
	part, err := w.carry(ctx, before.Part(x), spot{e.Project, e.Case}, spot{e.Project, x.Child})
	if err != nil {
		return err
	}
	a := &asking{c: cvd.Case{Project: e.Project, ID: x.Child}, who: cvd.Tipstaff(e.Project), now: w.Now()}
	if a.project, err = w.project(e.Project); err != nil {
		return err
	}
	if a.p, err = w.policy(ctx, a.project, parent.Policy); err != nil {
		return err
	}
	return w.begin(ctx, a, cvd.What{SplitFrom: &cvd.SplitFrom{From: cvd.Pointer{Case: e.Case, Event: e.ID}, Because: x.Because, Part: part}})
}

// begin opens a case with something other than a report, unless it was opened meanwhile.
func (w *Casework) begin(ctx context.Context, a *asking, what cvd.What) error {
	change, err := w.change(a, "", what, a.now)
	if err != nil {
		return err
	}
	if _, err = w.store.Append(ctx, change); errors.Is(err, cvd.Conflict) {
		return nil
	}
	return err
}
