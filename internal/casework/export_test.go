package casework

import (
	"context"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/metrics"
)

// ReadBy sets how many events the indexes read at a time.
func (w *Casework) ReadBy(n int) { w.indexes.batch = n }

// HashLike makes the same words the same to two programs that have read nothing yet.
func (w *Casework) HashLike(other *Casework) { w.indexes.seed = other.indexes.seed }

// ReadEvents makes a project's index the plain way: of all that happened, each case folded from its events.
func (w *Casework) ReadEvents(ctx context.Context, id cvd.ProjectID) error {
	p, err := w.project(id)
	if err != nil {
		return err
	}
	events, err := w.store.Reading(ctx, id, 0, math.MaxInt32)
	if err != nil {
		return err
	}
	ix, by := w.indexes.of(id), map[cvd.CaseID]*news{}
	var all []*news
	for _, e := range events {
		n := by[e.Event.Case]
		if n == nil {
			n = &news{id: e.Event.Case, fold: &cvd.Case{}}
			by[n.id], all = n, append(all, n)
		}
		if e.What.Kind() == "" {
			continue
		}
		if r := e.What.Received; r != nil {
			n.words = append(n.words, w.indexes.hashes(reported(r.Report))...)
		}
		n.words = append(n.words, w.indexes.hashes(spoken(e.What))...)
		*n.fold, n.trail = cvd.Fold(*n.fold, e.Event), n.trail.And(e.What.Kind(), e.Event)
	}
	for _, n := range all {
		if err := w.see(ctx, p, n); err != nil {
			return err
		}
		ix.add(n)
	}
	ix.whole, ix.cursor = true, events[len(events)-1].Seq
	return nil
}

// Known is what an index knows of a case for one audience.
type Known struct {
	Facets []string
	Late   int64
	Facts  *metrics.Facts
	Words  []uint64
}

// Known is all that a project's index knows, for the team and for the public, and the order of the cases.
func (w *Casework) Known(ctx context.Context, id cvd.ProjectID) (team, public map[cvd.CaseID]*Known, order []cvd.CaseID, err error) {
	p, err := w.project(id)
	if err != nil {
		return nil, nil, nil, err
	}
	ix, done, err := w.index(ctx, p)
	if err != nil || ix == nil {
		return nil, nil, nil, err
	}
	defer done()
	return ix.team.known(ix.ids), ix.public.known(ix.ids), slices.Clone(ix.ids), nil
}

func (s *side) known(ids []cvd.CaseID) map[cvd.CaseID]*Known {
	out := map[cvd.CaseID]*Known{}
	for n, c := range s.cases {
		k := &Known{Late: c.late, Facts: c.facts}
		for _, f := range c.under {
			k.Facets = append(k.Facets, strings.Trim(s.facets[f].what+" "+s.facets[f].value, " "))
		}
		if slices.Sort(k.Facets); len(k.Facets) > 0 {
			out[ids[n]] = k
		}
	}
	for _, h := range slices.Sorted(maps.Keys(s.words)) {
		for n := range s.words[h].from(-1) {
			if k := out[ids[n]]; k != nil {
				k.Words = append(k.Words, h)
			}
		}
	}
	return out
}

// Bring lets arrive what left a case, as a process does that was held up.
func (w *Casework) Bring(ctx context.Context, project cvd.ProjectID, id cvd.CaseID) error {
	events, err := w.store.Events(ctx, project, id)
	if err != nil {
		return err
	}
	return w.bring(ctx, events[len(events)-1])
}
