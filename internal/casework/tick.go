package casework

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/store"
)

// Breach records each clock whose instant has passed unmet: a promise that was missed, a reminder, a date that has come. It says how many there were, so that the ticker may ask again.
func (w *Casework) Breach(ctx context.Context) (int, error) {
	due, err := w.store.Due(ctx, w.Now(), 1000)
	if err != nil {
		return 0, fmt.Errorf("read due clocks: %w", err)
	}
	var errs []error
	for _, d := range due {
		errs = append(errs, w.breach(ctx, d))
	}
	return len(due), errors.Join(errs...)
}

func (w *Casework) breach(ctx context.Context, d store.DueClock) error {
	return w.notice(ctx, d.Project, d.Case, func(a *asking) (cvd.What, bool) {
		i := slices.IndexFunc(a.c.Clocks, func(k cvd.Clock) bool { return k.Name == d.Name && k.Kind == d.Kind })
		if i < 0 || !a.c.Clocks[i].Open() || !a.c.Clocks[i].Breached.IsZero() || !a.now.After(a.c.Clocks[i].Due) {
			return cvd.What{}, false
		}
		k := a.c.Clocks[i]
		if k.Name == cvd.SilenceClock {
			x := a.c.Unanswered(a.now)
			return cvd.What{Rejecting: x}, x != nil
		}
		if k.Kind == cvd.Agreed {
			return cvd.What{Lifted: &cvd.Lifted{Why: "date"}}, true
		}
		return cvd.What{Breached: &cvd.Breached{Clock: k.Name, Kind: k.Kind, Clause: k.Clause, Due: k.Due, Expires: k.Expires, Inside: k.Inside}}, true
	}, nil)
}

// mostTries is how often something is recorded anew because the case changed meanwhile. Each time something else was, and a notice to
// a hundred lists brings as many at once.
const mostTries = 200

// notice records something that the program itself noticed, if decide still thinks so of the case as it is.
func (w *Casework) notice(ctx context.Context, project cvd.ProjectID, id cvd.CaseID, decide func(*asking) (cvd.What, bool), more func(*asking, *store.Change) error) error {
	return w.noticeBy(ctx, cvd.Tipstaff(project), id, decide, more)
}

// noticeBy records something that the program noticed of somebody, in their name.
func (w *Casework) noticeBy(ctx context.Context, who cvd.Actor, id cvd.CaseID, decide func(*asking) (cvd.What, bool), more func(*asking, *store.Change) error) error {
	for try := 1; ; try++ {
		a, err := w.open(ctx, who, About{Case: id})
		if err != nil {
			return err
		}
		what, still := decide(a)
		if !still {
			return nil
		}
		at := a.now
		if what.Disclosed != nil {
			at = a.c.Disclosure.Due // the publication was at its instant, whenever this is written
		}
		if what.Lifted != nil && a.c.Embargo.State.InForce() {
			at = a.c.Embargo.Until // and so was the end
		}
		change, err := w.change(a, "", what, at)
		if err != nil {
			return err
		}
		if more != nil {
			if err := more(a, &change); err != nil {
				return err
			}
		}
		_, err = w.store.Append(ctx, change)
		if errors.Is(err, cvd.Conflict) && try < mostTries {
			continue
		}
		return err
	}
}

// Publish records each publication whose instant has come. The public has been reading it since: this writes it down.
func (w *Casework) Publish(ctx context.Context) error {
	all, err := w.store.Publications(ctx, "")
	if err != nil {
		return fmt.Errorf("read publications: %w", err)
	}
	var errs []error
	for _, b := range all {
		if b.State == store.Armed && !b.Held && !b.Behind && !w.Now().Before(b.At) {
			errs = append(errs, w.publish(ctx, b))
		}
	}
	return errors.Join(errs...)
}

func (w *Casework) publish(ctx context.Context, b store.Publication) error {
	decide := func(a *asking) (cvd.What, bool) {
		d := a.c.Disclosure
		if !d.Armed() || !d.Due.Equal(b.At) {
			return cvd.What{}, false
		}
		id, _, _ := strings.Cut(b.ID, ".")
		return cvd.What{Disclosed: &cvd.Disclosed{Advisory: cvd.AdvisoryID(id), Edition: d.Edition}}, true
	}
	return w.notice(ctx, b.Project, b.Case, decide, func(_ *asking, change *store.Change) error {
		known, err := w.store.Publications(ctx, b.Project)
		if err != nil {
			return fmt.Errorf("read publications of %s: %w", b.Project, err)
		}
		change.Known, change.Publish = append([]store.Publication{}, known...), nil
		for _, other := range known {
			if other.State != store.Armed {
				continue
			}
			if other.ID == b.ID {
				other.State = store.Done
			}
			change.Publish = append(change.Publish, other)
		}
		return nil
	})
}
