package casework

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/tipstaff/tipstaff/cvd"
)

// Move lets a case go on in another project of this installation. Whoever moves it must be one who takes reports in there; the
// members there see it from then on, guests are invited anew, and here nothing is left but where it went (see bring.go).
func (w *Casework) Move(ctx context.Context, who cvd.Actor, about About, in cvd.Moved) (cvd.View, error) {
	return w.record(ctx, who, about, "move", func(a *asking) (cvd.What, error) {
		there, err := w.project(in.To)
		switch {
		case err != nil || in.To == who.Project || !w.takesIn(there, who.ID):
			return cvd.What{}, cvd.Fieldf("/to", "name another project in which you may take reports in")
		case !in.Confirm:
			return cvd.What{}, cvd.Fieldf("/confirm", "confirm that everybody in %s who may see cases will see this one, and that nothing of it is left here", there.inForce().Document.Title)
		case a.c.Public || !a.c.Disclosure.At.IsZero():
			return cvd.What{}, cvd.Errorf(cvd.Refused, "the case is public here, under the name of this project")
		case a.c.Disclosure.Armed():
			return cvd.What{}, cvd.Errorf(cvd.Refused, "the publication waits for its instant: take that back first")
		case len(a.c.Joined)+len(a.c.Branches) > 0 || a.c.Parent.Case != "":
			return cvd.What{}, cvd.Errorf(cvd.Refused, "the case was combined with others or split, and those stay here: hand over an export of it instead")
		}
		m := in
		if m.Case, err = w.store.NewCaseID(ctx, in.To); err != nil {
			return cvd.What{}, fmt.Errorf("number a case of %s: %w", in.To, err)
		}
		return cvd.What{Moved: &m}, require("/because", in.Because, "say why it belongs there")
	})
}

// takesIn says whether somebody of a project's roster may take reports in.
func (w *Casework) takesIn(p *project, handle cvd.ActorID) bool {
	return slices.ContainsFunc(p.people, func(x cvd.Person) bool {
		can := p.inForce().Can(x.Roles)
		return x.Handle == handle && x.Active && slices.Contains(can, cvd.See) && slices.Contains(can, "receive")
	})
}

// moveOn opens the case in the project that it was moved to, and then destroys what is left of it where it was.
func (w *Casework) moveOn(ctx context.Context, e cvd.Event) error {
	m := *e.What.Moved
	left, err := w.store.Case(ctx, e.Project, e.Case)
	if err != nil || left.Erased != nil {
		return err
	}
	if _, err := w.store.Case(ctx, m.To, m.Case); errors.Is(err, cvd.NotFound) {
		err = w.arriveMoved(ctx, e)
		if err != nil {
			return err
		}
	} else if err != nil {
		return err
	}
	return w.notice(ctx, e.Project, e.Case, func(a *asking) (cvd.What, bool) {
		gone := cvd.Erase(a.c, "moved")
		return cvd.What{Erased: &gone}, a.c.Erased == nil
	}, nil)
}

// arriveMoved opens the case that a moved one becomes.
func (w *Casework) arriveMoved(ctx context.Context, e cvd.Event) error {
	m := *e.What.Moved
	before, past, err := w.leaving(ctx, e)
	if err != nil {
		return err
	}
	a := &asking{c: cvd.Case{Project: m.To, ID: m.Case}, who: cvd.Tipstaff(m.To), now: w.Now()}
	if a.project, err = w.project(m.To); err != nil {
		return err
	}
	a.p = a.project.inForce()
	what := &cvd.TakenOver{From: cvd.Pointer{Project: e.Project, Case: e.Case, Event: e.ID}, Because: m.Because, Past: past, Proofs: map[int][]byte{}}
	for n := range before.Reports {
		r, err := w.receiptOf(ctx, before, n+1)
		if err == nil {
			what.Proofs[n+1], err = json.Marshal(r)
		}
		if err != nil {
			return fmt.Errorf("take the receipt of report %d along: %w", n+1, err)
		}
	}
	load, err := w.carry(ctx, before.Load(), spot{e.Project, e.Case}, spot{m.To, m.Case})
	if err != nil {
		return err
	}
	what.Brought = a.settle(load)
	return w.begin(ctx, a, cvd.What{TakenOver: what})
}
