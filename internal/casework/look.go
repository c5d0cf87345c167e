package casework

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/policy"
	"github.com/tipstaff/tipstaff/internal/store"
)

// A look at a release is a job like a letter: EVENT.look.LINE-ARTEFACT, both counted from 0. Its name is its idempotency key, its
// row the receipt; it is tried again, with longer and longer waits, until what was recorded is there.

// IsLook says whether a delivery is a look.
func IsLook(d cvd.Delivery) bool { return d.Channel == toLook }

// looks adds a look for each artefact of a released line that this event lets be looked at.
func (a *asking) looks(e cvd.Event, add func(what, whom, channel string, state cvd.DeliveryState)) {
	for i, l := range a.c.Lines {
		if l.Status != "released" { // what is only made ready is nowhere yet
			continue
		}
		for j, x := range l.Artefacts {
			var now bool
			switch w := e.What; {
			case w.Released != nil:
				now = w.Released.Product == l.Product && w.Released.Line == l.Name && w.Released.Channel == x.Channel
			case w.Distributed != nil:
				now = w.Distributed.Product == l.Product && w.Distributed.Line == l.Name && w.Distributed.Channel == x.Channel
			case w.Disclosed != nil:
				now = x.Saw.At.IsZero()
			}
			if now && x.Exempt == "" {
				add(toLook, fmt.Sprintf("%d-%d", i, j), toLook, cvd.Waiting)
			}
		}
	}
}

// Looking is one look: what should be where.
type Looking struct {
	Delivery      cvd.Delivery
	Product, Line string
	Artefact      cvd.Artefact
	Keys          []string
	Over          bool // there is nothing left to look at
}

// LookAt reads what a look is at, as the case has it now.
func (w *Casework) LookAt(ctx context.Context, d cvd.Delivery) (Looking, error) {
	a, err := w.open(ctx, cvd.Tipstaff(d.Project), About{Case: d.Case})
	if err != nil {
		return Looking{}, err
	}
	l := Looking{Delivery: d, Over: true}
	var i, j int
	_, which, _ := strings.Cut(d.Job, "."+toLook+".")
	if _, err := fmt.Sscanf(which, "%d-%d", &i, &j); err != nil || i < 0 || j < 0 || i >= len(a.c.Lines) || j >= len(a.c.Lines[i].Artefacts) {
		return l, nil // the case was erased, or another version took the place of this one
	}
	line := a.c.Lines[i]
	l.Product, l.Line, l.Artefact, l.Keys = line.Product, line.Name, line.Artefacts[j], a.p.ReleaseKeys(line.Product)
	l.Over = l.Artefact.Done() || l.Artefact.URL == ""
	return l, nil
}

// Looked keeps what a look saw: the case gets an event when that is something new, and the job ends when it is what was recorded
// or will not be tried again.
func (w *Casework) Looked(ctx context.Context, l Looking, saw cvd.Sight, last bool, done *store.Job) error {
	d := l.Delivery
	if !l.Over {
		err := w.notice(ctx, d.Project, d.Case, func(a *asking) (cvd.What, bool) {
			for _, line := range a.c.Lines {
				if line.Product != l.Product || line.Name != l.Line {
					continue
				}
				x, there := line.ArtefactOf(l.Artefact.Channel)
				if !there || x.URL != l.Artefact.URL || x.SHA256 != l.Artefact.SHA256 || !x.Saw.At.IsZero() && x.Saw.Same(saw) {
					return cvd.What{}, false
				}
			}
			return cvd.What{Looked: &cvd.Looked{Product: l.Product, Line: l.Line, Channel: l.Artefact.Channel, URL: l.Artefact.URL, Saw: saw}}, true
		}, nil)
		if err != nil {
			return err
		}
	}
	d.At, d.Tries = w.Now(), d.Tries+1
	switch {
	case l.Over || saw.Failed == "":
		d.State = cvd.Sent
	case last:
		d.State = cvd.GaveUp
	default:
		d.State = cvd.Waiting
		if err := w.store.SetDelivery(ctx, d, nil); err != nil {
			return err
		}
		return cvd.Errorf(cvd.Unavailable, "the release is not there as it was recorded")
	}
	return w.store.SetDelivery(ctx, d, done)
}

// Hidden are the commits of a project's private fixes that should be nowhere in public, by case, with the repositories that they
// are looked for in.
func (w *Casework) Hidden(ctx context.Context, id cvd.ProjectID) ([]HiddenCommit, error) {
	p, err := w.project(id)
	if err != nil {
		return nil, err
	}
	if !searches(p.inForce().Document.Products) {
		return nil, nil
	}
	var out []HiddenCommit
	for after := (store.Cursor{}); ; {
		cases, next, err := w.store.Cases(ctx, id, store.Page{After: after, Limit: 100, Open: true})
		if err != nil {
			return nil, fmt.Errorf("read cases of %s: %w", id, err)
		}
		for _, c := range cases {
			for _, x := range c.Hidden() {
				if at := p.inForce().Repository(x.Product); at != "" {
					out = append(out, HiddenCommit{Case: c.ID, Repository: at, Surfaced: x})
				}
			}
		}
		if next == (store.Cursor{}) {
			return out, nil
		}
		after = next
	}
}

func searches(products []policy.Product) bool {
	return slices.ContainsFunc(products, func(p policy.Product) bool { return p.Repository != "" })
}

// HiddenCommit is one of them.
type HiddenCommit struct {
	Case       cvd.CaseID
	Repository string
	cvd.Surfaced
}

// Surface records that a commit of a private fix was found in public. Those in alarm hear of it.
func (w *Casework) Surface(ctx context.Context, id cvd.ProjectID, x HiddenCommit, address string) error {
	return w.notice(ctx, id, x.Case, func(a *asking) (cvd.What, bool) {
		for _, still := range a.c.Hidden() {
			if still == x.Surfaced {
				found := still
				found.URL = address
				return cvd.What{Surfaced: &found}, true
			}
		}
		return cvd.What{}, false
	}, nil)
}
