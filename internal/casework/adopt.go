package casework

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/policy"
	"github.com/tipstaff/tipstaff/internal/store"
)

// Adoption is the open cases of a project on their way to another version of the policy, or what became of them.
type Adoption struct {
	Number  int64
	Version int64
	At      time.Time
	Name    string // of who decided it
	Because string
	Ended   time.Time // zero: it goes on
	Total   int64     // open cases when it began
	Looked  int64     // at how many of them
	Moved   int64
	Kept    int64 // that stay under their version, since the new one has no place for them
}

// adoptionBody is what is sealed of an adoption.
type adoptionBody struct {
	Name    string `json:"name"`
	Because string `json:"because"`
}

// Adopt moves one open case to the version of the policy that is in force. Its clocks run on as that version promises; what they
// were stays in its history.
func (w *Casework) Adopt(ctx context.Context, who cvd.Actor, about About, because string) (cvd.View, error) {
	if err := administers(who); err != nil {
		return cvd.View{}, err
	}
	p, err := w.freshProject(ctx, who.Project)
	if err != nil {
		return cvd.View{}, err
	}
	a, err := w.open(ctx, who, about)
	if err != nil { // before anything is said of what was sent: absent and withheld answer alike
		return cvd.View{}, err
	}
	if err := first(a.gone(), reasoned(because)); err != nil {
		return cvd.View{}, err
	}
	next := p.inForce()
	switch misfits := next.Misfits(a.c); {
	case a.c.RM() == cvd.Closed:
		return cvd.View{}, cvd.Errorf(cvd.Refused, "the case is closed: it stays under the version that it was closed by")
	case a.c.Policy == next.Version:
		return cvd.View{}, cvd.Errorf(cvd.Refused, "the case follows version %d already", next.Version)
	case len(misfits) > 0:
		return cvd.View{}, cvd.Errorf(cvd.Refused, "version %d has no place for the case: %s", next.Version, strings.Join(misfits, "; "))
	}
	if err := w.adopt(ctx, who, about.Case, next, because); err != nil {
		return cvd.View{}, err
	}
	return w.Case(ctx, who, about.Case)
}

// reasoned asks for the reason of a move, in one line of every timeline.
func reasoned(because string) error {
	return first(require("/because", because, "say why: whoever reads one of the cases that move reads it"), shortLine("/because", because))
}

// adopt moves one case, if it is still open, elsewhere and fits.
func (w *Casework) adopt(ctx context.Context, who cvd.Actor, id cvd.CaseID, next *policy.Policy, because string) error {
	return w.notice(ctx, who.Project, id, func(a *asking) (cvd.What, bool) {
		if a.c.RM() == cvd.Closed || a.c.Policy == next.Version || len(next.Misfits(a.c)) > 0 {
			return cvd.What{}, false
		}
		from := a.c.Policy
		a.who.ID, a.who.Name, a.p = who.ID, who.Name, next
		return cvd.What{Adopted: &cvd.Adopted{From: from, To: next.Version, Because: trimmed(because)}}, true
	}, nil)
}

// AdoptAll begins to move all open cases to the version in force, as one act with one reason. It answers at once: the cases
// move one by one while others work, and go on moving after the program was ended and started again.
func (w *Casework) AdoptAll(ctx context.Context, who cvd.Actor, because string) (Adoption, error) {
	if err := first(administers(who), reasoned(because)); err != nil {
		return Adoption{}, err
	}
	p, err := w.freshProject(ctx, who.Project)
	if err != nil {
		return Adoption{}, err
	}
	body, err := json.Marshal(adoptionBody{who.Name, trimmed(because)})
	if err != nil {
		return Adoption{}, err
	}
	number, err := w.store.BeginAdoption(ctx, store.Adoption{Project: p.ID, Version: p.Policy, Author: who.ID, Body: body})
	if err != nil {
		return Adoption{}, err
	}
	all, err := w.Adoptions(ctx, who)
	if i := slices.IndexFunc(all, func(a Adoption) bool { return a.Number == number }); i >= 0 {
		return all[i], err
	}
	return Adoption{}, err
}

// Adoptions lists what was moved from version to version in a project, the newest first, for its members.
func (w *Casework) Adoptions(ctx context.Context, who cvd.Actor) ([]Adoption, error) {
	if err := onRoster(who); err != nil {
		return nil, err
	}
	all, err := w.store.Adoptions(ctx, who.Project, false)
	if err != nil {
		return nil, err
	}
	var out []Adoption
	for _, a := range all {
		var body adoptionBody
		if err := json.Unmarshal(a.Body, &body); err != nil {
			return nil, fmt.Errorf("open adoption %d: %w", a.Number, err)
		}
		out = append(out, Adoption{Number: a.Number, Version: a.Version, At: a.At, Name: body.Name, Because: body.Because, Ended: a.Ended, Total: a.Total,
			Looked: a.Looked, Moved: a.Moved, Kept: a.Kept})
	}
	return out, nil
}

// adoptedAtOnce is how many cases move before the progress is noted: what is looked at again after a sudden end.
const adoptedAtOnce = 50

// Adopting moves a batch of cases of every project in which an adoption is under way. More is true while there are others.
func (w *Casework) Adopting(ctx context.Context) (more bool, err error) {
	var errs []error
	for _, id := range w.Projects() {
		running, err := w.store.Adoptions(ctx, id, true)
		for i := 0; i < len(running) && err == nil; i++ {
			err = w.adoptBatch(ctx, running[i])
			more = more || err == nil
		}
		errs = append(errs, err)
	}
	return more, errors.Join(errs...)
}

func (w *Casework) adoptBatch(ctx context.Context, a store.Adoption) error {
	p, err := w.project(a.Project)
	if err != nil {
		return err
	}
	next, err := w.policy(ctx, p, a.Version)
	if err != nil {
		return err
	}
	var body adoptionBody
	if err := json.Unmarshal(a.Body, &body); err != nil {
		return fmt.Errorf("open adoption %d: %w", a.Number, err)
	}
	who := cvd.Actor{Project: a.Project, ID: a.Author, Name: body.Name}
	cases, more, err := w.store.Arrivals(ctx, a.Project, false, false, a.Last, adoptedAtOnce)
	if err != nil {
		return err
	}
	last, moved, kept := a.Last, int64(0), int64(0)
	for _, c := range cases {
		last = store.Cursor{Opened: c.OpenedAt, Case: c.ID}
		if c.Policy == next.Version {
			moved += counted(c.Marked("adopted").After(c.OpenedAt) && !c.Marked("adopted").Before(a.At)) // before a sudden end of the program
			continue
		}
		if c.Policy > next.Version { // reported, or moved, under a later one meanwhile
			continue
		}
		if len(next.Misfits(c)) > 0 {
			kept++
			continue
		}
		if err := w.adopt(ctx, who, c.ID, next, body.Because); err != nil {
			return fmt.Errorf("move case %s: %w", c.ID, err)
		}
		moved++
	}
	return w.store.MoveAdoption(ctx, a, last, int64(len(cases)), moved, kept, more == store.Cursor{})
}

func counted(claim bool) int64 {
	if claim {
		return 1
	}
	return 0
}

// AdoptionPreview is what would follow if the open cases moved to the version in force.
type AdoptionPreview struct {
	Version int64
	Open    int64 // open cases
	Looked  int64 // at how many of them: the oldest
	Moves   int64 // of these, how many would move
	Kept    int64 // stay, since the version has no place for them
	Overdue []OverdueClock
}

// OverdueClock is a promise that would be missed at once, and by how many cases.
type OverdueClock struct {
	Clause, Title string
	Cases         int64
}

// mostPreviewed is how many cases a preview looks at: it is asked for by somebody who waits.
const mostPreviewed = 20_000

// PreviewAdoption works out what would follow if the open cases moved to the version in force now, for who may decide it. It
// counts, and names no case.
func (w *Casework) PreviewAdoption(ctx context.Context, who cvd.Actor) (AdoptionPreview, error) {
	if err := administers(who); err != nil {
		return AdoptionPreview{}, err
	}
	p, err := w.freshProject(ctx, who.Project)
	if err != nil {
		return AdoptionPreview{}, err
	}
	states, err := w.store.Count(ctx, p.ID)
	if err != nil {
		return AdoptionPreview{}, err
	}
	out := AdoptionPreview{Version: p.Policy}
	for state, n := range states {
		if state != "closed" && state != "erased" {
			out.Open += int64(n)
		}
	}
	overdue := map[string]int64{}
	for last := (store.Cursor{}); out.Looked < mostPreviewed; {
		cases, next, err := w.store.Arrivals(ctx, p.ID, false, false, last, 200)
		if err != nil {
			return AdoptionPreview{}, err
		}
		for _, c := range cases {
			out.look(c, p.inForce(), w.Now(), overdue)
		}
		if last = next; next == (store.Cursor{}) {
			break
		}
	}
	for _, k := range p.inForce().Document.Clocks {
		if n := overdue["clocks."+k.Name]; n > 0 {
			out.Overdue = append(out.Overdue, OverdueClock{"clocks." + k.Name, k.Title, n})
		}
	}
	return out, nil
}

// look adds one case to what would follow.
func (v *AdoptionPreview) look(c cvd.Case, next *policy.Policy, now time.Time, overdue map[string]int64) {
	v.Looked++
	if c.Policy == next.Version {
		return
	}
	if len(next.Misfits(c)) > 0 {
		v.Kept++
		return
	}
	v.Moves++
	e := cvd.Event{Project: c.Project, Case: c.ID, Rev: c.Rev + 1, At: now, Who: "preview", Policy: next.Version,
		What: cvd.What{Adopted: &cvd.Adopted{From: c.Policy, To: next.Version}}}
	missed := map[string]bool{}
	for _, k := range next.Clocks(c, cvd.Fold(c, e), e) {
		if k.Kind == cvd.Limit && k.Late(now) && k.Open() && !late(c, k, now) {
			missed[k.Clause] = true
		}
	}
	for clause := range missed {
		overdue[clause]++
	}
}

// late says whether a case misses a promise already, under the version that binds it now.
func late(c cvd.Case, k cvd.Clock, now time.Time) bool {
	return slices.ContainsFunc(c.Clocks, func(old cvd.Clock) bool { return old.Key() == k.Key() && old.Open() && old.Late(now) })
}
