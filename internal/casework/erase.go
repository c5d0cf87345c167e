package casework

import (
	"context"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// Erase destroys all that a case holds and the key that it was sealed under: nobody reads it again. What was published stays
// public, and the hashes of its events stay, so that the ledger and every receipt still prove what they proved. When the time
// that the policy keeps a case for is over, that is the reason; before that there must be another one.
func (w *Casework) Erase(ctx context.Context, who cvd.Actor, about About, in cvd.Erased) (cvd.View, error) {
	return w.record(ctx, who, about, "erase", func(a *asking) (cvd.What, error) {
		if err := oneOf("/why", in.Why, cvd.Reasons...); err != nil {
			return cvd.What{}, err
		}
		if in.Why == "retention" {
			if ready, objections := a.p.Erasable(a.c, a.now); !ready {
				return cvd.What{}, refusal(objections)
			}
		}
		e := cvd.Erase(a.c, in.Why)
		return cvd.What{Erased: &e}, nil
	})
}

// gone refuses whatever would still be done to an erased case.
func (a *asking) gone() error {
	if a.c.Erased == nil {
		return nil
	}
	return cvd.Errorf(cvd.Refused, "the case was erased at %s: nothing can be done with it any more", cvd.Instant(a.c.Erased.At))
}

// lingers is until when backups may still hold what was erased; zero if nobody said how long they are kept.
func (w *Casework) lingers(e *cvd.Erasure) time.Time {
	if w.backups <= 0 {
		return time.Time{}
	}
	return e.At.Add(w.backups)
}

// Lingering is an erased case, and until when backups may still hold it.
type Lingering struct {
	Case  cvd.CaseID
	At    time.Time // of the erasure
	Until time.Time // zero: until the backups made before are destroyed
}

// Erased lists the erased cases of a project for those of its members who may see its cases.
func (w *Casework) Erased(ctx context.Context, who cvd.Actor) ([]Lingering, error) {
	if who.Standing != cvd.Member || !who.May(cvd.See) {
		return nil, nil
	}
	all, err := w.store.Erased(ctx, who.Project)
	if err != nil {
		return nil, err
	}
	var out []Lingering
	for _, e := range all {
		out = append(out, Lingering{Case: e.Case, At: e.At, Until: w.lingers(&cvd.Erasure{At: e.At})})
	}
	return out, nil
}
