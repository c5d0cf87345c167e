package casework

import (
	"context"
	"fmt"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/store"
)

// The places of private patches are looked at by the program as a stranger: when they are named, before a publication is set, and
// every day. A look is a job like a letter; what it shows is an event of the case.

// looks says whether an event makes the places of a case's patches worth a look.
func looks(e cvd.Event) bool {
	b := e.What.Breached
	return e.What.Remedied != nil && len(e.What.Remedied.Patches) > 0 || e.What.Armed != nil || b != nil && b.Kind == cvd.Lookout
}

// lookouts are the jobs to look that an event leads to.
func (a *asking) lookouts(e cvd.Event) (out []cvd.Delivery) {
	if !looks(e) {
		return nil
	}
	for _, place := range a.places() {
		out = append(out, cvd.Delivery{Project: e.Project, Case: e.Case, Job: string(e.ID) + "." + toPlace + "." + place, Event: e.ID,
			Channel: toPlace, State: cvd.Waiting, At: a.now})
	}
	return out
}

// places are the names of the patches whose places must be private, as jobs name them: LINE-PATCH, counted from 0.
func (a *asking) places() (names []string) {
	for i, l := range a.c.Lines {
		for j, p := range l.Patches {
			if l.Watched(p) {
				names = append(names, fmt.Sprintf("%d-%d", i, j))
			}
		}
	}
	return names
}

// place is the patch that a job names; ok is false when there is nothing to look at any more.
func (a *asking) place(name string) (l cvd.Line, p cvd.Patch, ok bool) {
	var i, j int
	if n, _ := fmt.Sscanf(name, "%d-%d", &i, &j); n != 2 || i < 0 || i >= len(a.c.Lines) || j < 0 || j >= len(a.c.Lines[i].Patches) {
		return l, p, false
	}
	l = a.c.Lines[i]
	return l, l.Patches[j], l.Watched(l.Patches[j])
}

// Visited keeps what a look showed, once.
func (w *Casework) Visited(ctx context.Context, out Outgoing, place, seen, how string, done *store.Job) error {
	d := out.Delivery
	err := w.notice(ctx, d.Project, d.Case, func(a *asking) (cvd.What, bool) {
		l, p, ok := a.place(place)
		if !ok || p.SeenAt.After(d.At) { // a look that ended later began earlier, or the other way round: one is enough
			return cvd.What{}, false
		}
		return cvd.What{Located: &cvd.Located{Product: l.Product, Line: l.Name, URL: p.URL, Seen: seen, How: how, Same: p.Seen == seen}}, true
	}, nil)
	if err != nil {
		return err
	}
	d.State, d.At = cvd.Sent, w.Now()
	return w.store.SetDelivery(ctx, d, done)
}

// exposed says whether an event shows that what was said to be private is not.
func exposed(e cvd.Event) bool {
	x := e.What.Located
	return x != nil && x.Seen == cvd.SeenPublic && !x.Same
}
