package casework

import (
	"context"
	"errors"
	"hash/maphash"
	"sync"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/metrics"
	"github.com/tipstaff/tipstaff/internal/store"
)

// indexes are what is known of all cases without opening them: what people wrote, what the inbox filters and counts by, what
// is measured. They exist only in memory: no word, no hash of a word and no severity is ever stored in the clear.
type indexes struct {
	mu       sync.Mutex
	seed     maphash.Seed
	batch    int // how many events are read at a time: what the first one to ask waits for, and what lies in memory meanwhile
	projects map[cvd.ProjectID]*index
}

// index is one project's. It reads the events in their sequence, a batch at a time, and goes on where it stood whenever it
// is asked; cases are numbered in the order in which they came.
type index struct {
	reading  sync.Mutex // of one batch; whoever holds it may read the rest, since nobody else changes it
	names    map[string]string
	measured measured

	mu     sync.RWMutex
	cursor int64 // the last event read
	whole  bool  // everything was read once
	ids    []cvd.CaseID
	number map[cvd.CaseID]uint32
	revs   []int64 // in which the cases are listed
	team   *side
	public *side
}

func newIndexes() *indexes {
	return &indexes{seed: maphash.MakeSeed(), batch: 1000, projects: map[cvd.ProjectID]*index{}}
}

func (x *indexes) of(project cvd.ProjectID) *index {
	x.mu.Lock()
	defer x.mu.Unlock()
	ix := x.projects[project]
	if ix == nil {
		ix = &index{names: map[string]string{}, number: map[cvd.CaseID]uint32{}, team: newSide(), public: newSide()}
		x.projects[project] = ix
	}
	return ix
}

// Index reads what the indexes of all projects have not read. app runs it behind the start, where it takes its time, and
// once a second.
func (w *Casework) Index(ctx context.Context) error {
	var errs []error
	for _, id := range w.Projects() {
		p, err := w.project(id)
		for more := err == nil; more && err == nil; {
			more, err = w.readOn(ctx, p, w.indexes.of(id))
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// index is a project's index as it is now, locked for reading until done is called. It is nil while the program was started
// lately and there is more to read than a batch.
func (w *Casework) index(ctx context.Context, p *project) (ix *index, done func(), err error) {
	ix = w.indexes.of(p.ID)
	for {
		more, err := w.readOn(ctx, p, ix)
		if err != nil {
			return nil, nil, err
		}
		ix.mu.RLock()
		now := w.Now()
		switch {
		case more && !ix.whole:
			ix.mu.RUnlock()
			return nil, nil, nil
		case !more && ix.team.passed(now) && ix.public.passed(now):
			return ix, ix.mu.RUnlock, nil
		}
		ix.mu.RUnlock()
		ix.pass(now)
	}
}

// preparing is what is answered to somebody who asks for what only the index can tell.
func preparing() *cvd.Error {
	e := cvd.Errorf(cvd.Unavailable, "the program was started lately and still reads what there is: try again in a few seconds")
	e.After = 3 * time.Second
	return e
}

// side is the part of the index that an actor may ask.
func (ix *index) side(who cvd.Actor) *side {
	if who.May(cvd.See) {
		return ix.team
	}
	return ix.public
}

// pass lets the time pass for what depends on it.
func (ix *index) pass(now time.Time) {
	ix.mu.Lock()
	defer ix.mu.Unlock()
	ix.team.pass(now)
	ix.public.pass(now)
}

// news is what a batch of events says about one case.
type news struct {
	id     cvd.CaseID
	last   int64 // revision of the last event; 0 if the content of all was destroyed
	said   []string
	words  []uint64
	fold   *cvd.Case // the case after the events, or later; nil: not if the index knows it already
	trail  metrics.Trail
	team   *seen
	public *seen // nil: strangers do not see the case
}

// readOn reads one batch of events; more is true when there may be others.
func (w *Casework) readOn(ctx context.Context, p *project, ix *index) (more bool, err error) {
	ix.reading.Lock()
	defer ix.reading.Unlock()
	events, err := w.store.Survey(ctx, p.ID, ix.cursor, w.indexes.batch, heard)
	if err != nil {
		return false, err
	}
	more = len(events) == w.indexes.batch
	if len(events) == 0 && ix.whole {
		return false, nil
	}
	all := ix.gather(events)
	if err := w.fold(ctx, p, ix, all); err != nil {
		return false, err
	}
	if err := w.seeAll(ctx, p, all); err != nil {
		return false, err
	}
	ix.mu.Lock()
	defer ix.mu.Unlock()
	for _, n := range all {
		ix.add(n)
	}
	if len(events) > 0 {
		ix.cursor = events[len(events)-1].Seq
	}
	ix.whole = ix.whole || !more
	return more, nil
}

// gather sorts events by their case.
func (ix *index) gather(events []store.Glimpse) []*news {
	var all []*news
	by := map[cvd.CaseID]*news{}
	for _, g := range events {
		e := g.Event
		n := by[e.Case]
		if n == nil {
			n = &news{id: e.Case, trail: ix.trail(e.Case)}
			by[n.id], all = n, append(all, n)
		}
		if g.Fold != nil {
			n.fold = g.Fold
		}
		if g.Gone { // as a later event says
			continue
		}
		n.last = e.Rev
		if text := spoken(e.What); text != "" {
			n.said = append(n.said, text)
		}
		e.Who = cvd.ActorID(ix.once(string(e.Who)))
		n.trail = n.trail.And(g.Kind, e)
	}
	return all
}

// fold finds the cases as they are. Those that are new came with their first event; what the index knows in a later revision
// is left as it is.
func (w *Casework) fold(ctx context.Context, p *project, ix *index, all []*news) error {
	var unknown []cvd.CaseID
	by := map[cvd.CaseID]*news{}
	for _, n := range all {
		if n.fold == nil && n.last > ix.rev(n.id) {
			unknown, by[n.id] = append(unknown, n.id), n
		}
	}
	cases, err := w.store.Some(ctx, p.ID, unknown)
	for i := range cases {
		by[cases[i].ID].fold = &cases[i]
	}
	return err
}

// once keeps one copy of each of the few words that stand in many cases.
func (ix *index) once(word string) string {
	if kept, known := ix.names[word]; known {
		return kept
	}
	ix.names[word] = word
	return word
}

// rev is the revision in which a case is listed, 0 if it is not.
func (ix *index) rev(id cvd.CaseID) int64 {
	if n, known := ix.number[id]; known {
		return ix.revs[n]
	}
	return 0
}

// trail is what the events read so far say of a case.
func (ix *index) trail(id cvd.CaseID) metrics.Trail {
	if n, known := ix.number[id]; known {
		if f := ix.team.factsOf(n); f != nil {
			return f.Trail
		}
	}
	return metrics.Trail{}
}

// add lists what a batch says about a case. The caller holds both locks.
func (ix *index) add(n *news) {
	number, known := ix.number[n.id]
	if !known {
		number = uint32(len(ix.ids))
		ix.ids, ix.revs, ix.number[n.id] = append(ix.ids, n.id), append(ix.revs, 0), number
	}
	ix.team.read(number, n.words)
	if n.fold == nil {
		ix.team.follow(number, n.trail)
		ix.public.follow(number, n.trail)
		return
	}
	ix.revs[number] = n.fold.Rev
	if n.fold.Erased != nil && known {
		ix.team.forget(number)
		ix.public.forget(number)
	}
	ix.team.put(number, *n.team)
	if n.public == nil {
		ix.public.drop(number)
		return
	}
	ix.public.put(number, *n.public)
	ix.public.read(number, n.public.words)
}
