package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/ledger"
	"github.com/tipstaff/tipstaff/internal/seal"
)

// Numbered is an event with its place in the project's sequence.
type Numbered struct {
	Seq int64
	cvd.Event
}

// sealedEvent is an event's row as far as it takes to open it. Of an event whose case was erased nothing is sealed any more.
type sealedEvent struct {
	seq, taken int64
	id         cvd.EventID
	caseID     cvd.CaseID
	key        int64
	wrapped    []byte
	sealed     []byte
}

func (e *sealedEvent) open(p *project, box seal.Box) (salt ledger.Salt, canonical []byte, err error) {
	plain, err := box.Open(e.sealed, string(p.ID), string(e.caseID), string(e.id))
	if err != nil || len(plain) < len(salt) {
		return salt, nil, fmt.Errorf("open event %d of project %s: %w", e.seq, p.ID, seal.ErrClosed)
	}
	return ledger.Salt(plain[:len(salt)]), plain[len(salt):], nil
}

// empty says whether the event's content was destroyed.
func (e *sealedEvent) empty() bool { return len(e.sealed) == 0 }

func (e *sealedEvent) read(p *project, box seal.Box) (Numbered, error) {
	if e.empty() {
		return Numbered{Seq: e.seq, Event: cvd.Event{ID: e.id, Project: p.ID, Case: e.caseID}}, nil
	}
	_, canonical, err := e.open(p, box)
	if err != nil {
		return Numbered{}, err
	}
	event, err := cvd.ReadEvent(canonical)
	return Numbered{Seq: e.seq, Event: event}, err
}

const (
	listEvents = `SELECT seq, id, case_id, sealed FROM events WHERE project = $1 AND case_id = $2 ORDER BY rev`
	readEvent  = `SELECT seq, id, case_id, sealed FROM events WHERE project = $1 AND seq = $2`
)

func scanEvent(scan func(...any) error) (e sealedEvent, err error) {
	err = scan(&e.seq, &e.id, &e.caseID, &e.sealed)
	return e, err
}

// Events is all that happened to a case, in order. If it was erased, nothing happened in those before: each is an id alone.
func (s *Store) Events(ctx context.Context, project cvd.ProjectID, id cvd.CaseID) ([]cvd.Event, error) {
	p, err := s.open(ctx, project)
	if err != nil {
		return nil, err
	}
	events, err := s.events(ctx, p, id)
	if errors.Is(err, seal.ErrClosed) { // another process erased the case, and the key that we remember is gone
		s.cases.drop(caseKey{project, id})
		events, err = s.events(ctx, p, id)
	}
	return events, err
}

func (s *Store) events(ctx context.Context, p *project, id cvd.CaseID) ([]cvd.Event, error) {
	box, err := s.key(ctx, p, id)
	if err != nil {
		return nil, err
	}
	rows, err := list(ctx, s.read, scanEvent, listEvents, string(p.ID), string(id))
	if err != nil {
		return nil, s.wrap(err, "read the events of case %s", id)
	}
	events := make([]cvd.Event, len(rows))
	for i := range rows {
		n, err := rows[i].read(p, box)
		if err != nil {
			return nil, err
		}
		events[i] = n.Event
	}
	return events, nil
}

// Event finds an event by its place in the project's sequence.
func (s *Store) Event(ctx context.Context, project cvd.ProjectID, seq int64) (cvd.Event, error) {
	p, err := s.open(ctx, project)
	if err != nil {
		return cvd.Event{}, err
	}
	e, err := scanEvent(s.read.QueryRowContext(ctx, readEvent, string(project), seq).Scan)
	if err != nil {
		return cvd.Event{}, s.wrap(exists(err, "there is no event %d", seq), "read event %d of project %s", seq, project)
	}
	box, err := s.key(ctx, p, e.caseID)
	if err != nil {
		return cvd.Event{}, err
	}
	n, err := e.read(p, box)
	return n.Event, err
}

const readOn = `SELECT e.seq, e.id, e.case_id, e.sealed, c.key, c.wrapped
	FROM events e JOIN cases c ON c.project = e.project AND c.id = e.case_id
	WHERE e.project = $1 AND e.seq > $2 ORDER BY e.seq LIMIT $3`

// Reading goes on behind an event: at most limit events of a project in their sequence, for whoever follows all of them. Of
// those whose case was erased since, only the ids are left.
func (s *Store) Reading(ctx context.Context, project cvd.ProjectID, after int64, limit int) ([]Numbered, error) {
	p, err := s.open(ctx, project)
	if err != nil {
		return nil, err
	}
	rows, err := list(ctx, s.read, func(scan func(...any) error) (e sealedEvent, err error) {
		err = scan(&e.seq, &e.id, &e.caseID, &e.sealed, &e.key, &e.wrapped)
		return e, err
	}, readOn, string(project), after, limit)
	if err != nil {
		return nil, s.wrap(err, "read the events of project %s", project)
	}
	events := make([]Numbered, len(rows))
	for i := range rows {
		// Past the cache: whoever reads everything must not push out what is asked for often.
		box, err := s.unwrap(ctx, p, rows[i].caseID, rows[i].key, rows[i].wrapped)
		if err != nil {
			return nil, err
		}
		if events[i], err = rows[i].read(p, box); err != nil {
			return nil, err
		}
		if events[i].What.Erased != nil { // by whichever process: what we remember of the case goes too
			s.cases.drop(caseKey{project, rows[i].caseID})
		}
	}
	return events, nil
}
