package publish

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

const (
	ahead = time.Minute      // how long before its instant an armed publication is brought into memory
	stale = 10 * time.Second // how long before an instant what is armed may have been read
)

// Entry names a publication that the store holds.
type Entry struct {
	Project cvd.ProjectID
	ID      string
	At      time.Time
}

func (e Entry) key() key { return key{e.Project, e.ID} }

// Snapshot is what Load read: both lists at one moment, or Armed before Done, so that what is being recorded as done
// stands in one of them at least.
type Snapshot struct {
	Armed  []Entry // all that is armed: what is missing here will not turn
	Done   []Entry // all that was published since the cursor that was handed in; all there is, if that was ""
	Whole  bool    // Done is all there is, and what is missing there was withdrawn
	Cursor string  // handed in next time; "" always asks for all
}

// Refresh reads what is armed and what was published. Call it each second and after each change of one's own; between
// two calls the site knows nothing new, and an armed publication turns only if a call succeeded at most ten seconds
// before its instant. A publication that cannot be read keeps no other back: it is left out, named in the error, and
// tried again by the next call.
func (s *Site) Refresh(ctx context.Context) error {
	s.refreshing.Lock()
	defer s.refreshing.Unlock()

	now := s.config.Now()
	snap, err := s.config.Load(ctx, s.cursor)
	if err != nil {
		return fmt.Errorf("read what is published: %w", err)
	}
	old := s.state.Load()
	next := &state{readAt: now, rest: old.rest, recent: old.recent}
	errDone := s.takeDone(ctx, snap, old, next)
	errArmed := s.takeArmed(ctx, snap.Armed, old, next)
	slices.SortFunc(next.waiting, (*volume).compare)
	s.state.Store(next)
	if errDone == nil {
		s.cursor = snap.Cursor
	}
	return errors.Join(errDone, errArmed)
}

// takeDone brings what is done into next: the index stays, the bodies go to the cache.
func (s *Site) takeDone(ctx context.Context, snap Snapshot, old, next *state) error {
	var errs []error
	var added []*volume
	changed := false // whether something that was there has to go
	for _, e := range snap.Done {
		known := s.done[e.key()]
		if known != nil && known.at.Equal(e.At) {
			continue
		}
		p, err := s.fetch(ctx, e.key())
		if err != nil {
			errs = append(errs, err)
			next.keep(old, e)
			continue
		}
		s.fill(p)
		v := newVolume(e, true, p)
		s.done[v.key] = v
		added = append(added, v)
		changed = changed || known != nil
	}
	if snap.Whole || s.cursor == "" {
		before := len(s.done)
		listed := make(map[key]bool, len(snap.Done))
		for _, e := range snap.Done {
			listed[e.key()] = true
		}
		maps.DeleteFunc(s.done, func(k key, _ *volume) bool { return !listed[k] })
		changed = changed || len(s.done) != before
	}
	if changed {
		next.rebuild(s.done)
	} else {
		next.add(added)
	}
	return errors.Join(errs...)
}

// keep holds on to the bytes of a publication that the public may have seen already, although it cannot be read now.
func (s *state) keep(old *state, e Entry) {
	if v := old.waits(e); v != nil {
		s.waiting = append(s.waiting, &volume{key: v.key, at: v.at, done: true, pages: v.pages})
	}
}

func (s *state) waits(e Entry) *volume {
	for _, v := range s.waiting {
		if v.key == e.key() && v.at.Equal(e.At) {
			return v
		}
	}
	return nil
}

// takeArmed brings what is armed for the next minute into next, bytes and all. They are read again each time, since
// they may have been prepared again, until they have turned.
func (s *Site) takeArmed(ctx context.Context, armed []Entry, old, next *state) error {
	var errs []error
	for _, e := range armed {
		if s.done[e.key()] != nil || next.waits(e) != nil || e.At.Sub(next.readAt) > ahead {
			continue
		}
		if v := old.waits(e); v != nil && old.turned(v, next.readAt) {
			next.waiting = append(next.waiting, v)
			continue
		}
		p, err := s.fetch(ctx, e.key())
		if err != nil {
			errs = append(errs, err)
			continue
		}
		next.waiting = append(next.waiting, newVolume(e, false, p))
	}
	return errors.Join(errs...)
}

func (s *Site) fetch(ctx context.Context, k key) (Publication, error) {
	p, err := s.config.Fetch(ctx, k.project, k.id)
	if err == nil && (p.Project != k.project || p.ID != k.id) {
		err = errors.New("it is another publication")
	}
	if slices.ContainsFunc(p.Documents, func(d Document) bool { return len(d.Hash) != 64 }) {
		err = cmp.Or(err, errors.New("a document has no hash"))
	}
	if err != nil {
		return Publication{}, fmt.Errorf("read publication %s of %s: %w", k.id, k.project, err)
	}
	return p, nil
}

// fill gives the bodies of what is public to the cache.
func (s *Site) fill(p Publication) {
	for _, d := range p.Documents {
		s.bodies.put(d.Hash, d.Gzip)
	}
}
