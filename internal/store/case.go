package store

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"math"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/seal"
)

type caseKey struct {
	project cvd.ProjectID
	id      cvd.CaseID
}

// opened is a case that was opened lately: its key, and its fold at a revision (0: only the key is known).
type opened struct {
	box  seal.Box
	rev  int64
	fold cvd.Case
}

const (
	readRev  = `SELECT rev FROM cases WHERE project = $1 AND id = $2 AND (public OR $3)`
	readCase = `SELECT rev, key, wrapped, sealed FROM cases WHERE project = $1 AND id = $2`
	readKey  = `SELECT key, wrapped FROM cases WHERE project = $1 AND id = $2`
)

// Case is the fold of a case's events. It is shared with other readers: whoever changes it, changes a copy, as cvd.Fold does.
func (s *Store) Case(ctx context.Context, project cvd.ProjectID, id cvd.CaseID) (cvd.Case, error) {
	return s.readCase(ctx, project, id, true)
}

// PublicCase is Case for whoever may see public cases alone. Another one is not opened, and so answers no later than one that is
// absent: how long an answer takes must not tell them apart.
func (s *Store) PublicCase(ctx context.Context, project cvd.ProjectID, id cvd.CaseID) (cvd.Case, error) {
	return s.readCase(ctx, project, id, false)
}

func (s *Store) readCase(ctx context.Context, project cvd.ProjectID, id cvd.CaseID, every bool) (cvd.Case, error) {
	p, err := s.open(ctx, project)
	if err != nil {
		return cvd.Case{}, err
	}
	var rev int64
	if err := s.read.QueryRowContext(ctx, readRev, string(project), string(id), every).Scan(&rev); err != nil {
		return cvd.Case{}, s.wrap(exists(err, "there is no case %s", id), "read case %s", id)
	}
	return s.fold(ctx, p, id, rev)
}

// fold opens a case, unless it is open already at that revision.
func (s *Store) fold(ctx context.Context, p *project, id cvd.CaseID, rev int64) (cvd.Case, error) {
	if o, ok := s.cases.get(caseKey{p.ID, id}); ok && o.rev == rev {
		return o.fold, nil
	}
	var version int64
	var wrapped, sealed []byte
	err := s.read.QueryRowContext(ctx, readCase, string(p.ID), string(id)).Scan(&rev, &version, &wrapped, &sealed)
	if err != nil {
		return cvd.Case{}, s.wrap(exists(err, "there is no case %s", id), "read case %s", id)
	}
	o := opened{rev: rev}
	if o.box, err = s.unwrap(ctx, p, id, version, wrapped); err != nil {
		return cvd.Case{}, err
	}
	if len(sealed) == 0 && rev == 1 { // a case of one event is made from it
		return s.firstFold(ctx, p, id, o)
	}
	plain, err := o.box.Open(sealed, string(p.ID), string(id), foldOf(rev))
	if err != nil {
		return cvd.Case{}, fmt.Errorf("open case %s: %w", id, err)
	}
	if err := json.Unmarshal(plain, &o.fold); err != nil {
		return cvd.Case{}, fmt.Errorf("open case %s: %w", id, err)
	}
	s.cases.put(caseKey{p.ID, id}, o)
	return o.fold, nil
}

// firstFold makes a case of its first event.
func (s *Store) firstFold(ctx context.Context, p *project, id cvd.CaseID, o opened) (cvd.Case, error) {
	s.cases.put(caseKey{p.ID, id}, opened{box: o.box}) // for whoever opens the event
	events, err := s.Events(ctx, p.ID, id)
	if err != nil || len(events) == 0 {
		return cvd.Case{}, fmt.Errorf("make case %s of its first event: %w", id, err)
	}
	o.rev, o.fold = 1, cvd.Fold(cvd.Case{}, events[0])
	s.cases.put(caseKey{p.ID, id}, o)
	return o.fold, nil
}

// key finds the key of a case that exists.
func (s *Store) key(ctx context.Context, p *project, id cvd.CaseID) (seal.Box, error) {
	if o, ok := s.cases.get(caseKey{p.ID, id}); ok {
		return o.box, nil
	}
	var version int64
	var wrapped []byte
	if err := s.read.QueryRowContext(ctx, readKey, string(p.ID), string(id)).Scan(&version, &wrapped); err != nil {
		return seal.Box{}, s.wrap(exists(err, "there is no case %s", id), "read the key of case %s", id)
	}
	box, err := s.unwrap(ctx, p, id, version, wrapped)
	if err == nil {
		s.cases.put(caseKey{p.ID, id}, opened{box: box})
	}
	return box, err
}

// unwrap opens the key of a case. A version that is not known was made by another process after we looked.
func (s *Store) unwrap(ctx context.Context, p *project, id cvd.CaseID, version int64, wrapped []byte) (seal.Box, error) {
	by, ok := p.keys[version]
	if !ok {
		s.forget(p.ID)
		again, err := s.open(ctx, p.ID)
		if err != nil {
			return seal.Box{}, err
		}
		by, ok = again.keys[version]
		if !ok {
			return seal.Box{}, fmt.Errorf("open case %s: key %d of project %s is missing", id, version, p.ID)
		}
	}
	key, err := by.box.UnwrapKey(wrapped, string(p.ID), string(id))
	if err != nil {
		return seal.Box{}, fmt.Errorf("open the key of case %s: %w", id, err)
	}
	return key.Box(), nil
}

// newKey is the key of a new case: drawn now, or when the first file for it came.
func (s *Store) newKey(ctx context.Context, p *project, e *cvd.Event) (seal.Key, error) {
	if len(attachmentsOf(e.What)) > 0 {
		key, found, err := s.pendingKey(ctx, p, e.Case)
		if found || err != nil {
			return key, err
		}
	}
	return seal.NewKey(rand.Reader)
}

const (
	listCases = `SELECT id, rev, opened FROM cases WHERE project = $1
		AND (opened, id) < ($2, $3)
		AND ($4 = '' OR state = $4) AND (state NOT IN ('closed', 'erased') OR NOT $5)
		ORDER BY opened DESC, id DESC LIMIT $6`
	listPublic = `SELECT id, rev, opened FROM cases WHERE project = $1 AND public
		AND (opened, id) < ($2, $3)
		AND ($4 = '' OR state = $4) AND (state NOT IN ('closed', 'erased') OR NOT $5)
		ORDER BY opened DESC, id DESC LIMIT $6`
	countCases = `SELECT state, COUNT(*) FROM cases WHERE project = $1 GROUP BY state`
)

// Page is one page of a project's cases, newest first.
type Page struct {
	After  Cursor // where the page before ended; zero: the newest
	Limit  int    // at most 200, which zero means too
	State  string // only those with this headline
	Open   bool   // only those that are not closed
	Public bool   // only those that strangers may see
}

// Cursor is a place in the list of cases. The zero Cursor is its beginning.
type Cursor struct {
	Opened time.Time
	Case   cvd.CaseID
}

const pageMax = 200

// Cases lists a page, and where the next one begins: the zero Cursor if there is none.
func (s *Store) Cases(ctx context.Context, project cvd.ProjectID, page Page) (cases []cvd.Case, next Cursor, err error) {
	p, err := s.open(ctx, project)
	if err != nil {
		return nil, Cursor{}, err
	}
	limit := page.Limit
	if limit <= 0 || limit > pageMax {
		limit = pageMax
	}
	after := int64(math.MaxInt64)
	if page.After != (Cursor{}) {
		after = page.After.Opened.UnixMicro()
	}
	statement := listCases
	if page.Public { // a statement of its own: few public ones among many must not be looked for one by one
		statement = listPublic
	}
	lines, err := list(ctx, s.read, scanLine, statement, string(project), after, string(page.After.Case), page.State, page.Open, limit)
	if err != nil {
		return nil, Cursor{}, s.wrap(err, "list the cases of project %s", project)
	}
	return s.lines(ctx, p, lines, limit)
}

// line is a case's row in a list.
type line struct {
	id          cvd.CaseID
	rev, opened int64
}

func scanLine(scan func(...any) error) (l line, err error) {
	err = scan(&l.id, &l.rev, &l.opened)
	return l, err
}

// lines opens the cases of a page that has room for limit.
func (s *Store) lines(ctx context.Context, p *project, lines []line, limit int) (cases []cvd.Case, next Cursor, err error) {
	for _, l := range lines {
		c, err := s.fold(ctx, p, l.id, l.rev)
		if err != nil {
			return nil, Cursor{}, err
		}
		cases = append(cases, c)
	}
	if len(lines) == limit {
		last := lines[limit-1]
		next = Cursor{Opened: instant(last.opened), Case: last.id}
	}
	return cases, next, nil
}

// What is not closed has an index of its own, as have public cases. A public one that is not closed is looked for among
// those that are not closed, which are the fewer.
const (
	listOldest = `SELECT id, rev, opened FROM cases WHERE project = $1 AND state NOT IN ('closed', 'erased')
		AND (opened, id) > ($2, $3) AND (public OR NOT $4) ORDER BY opened, id LIMIT $5`
	listNewest = `SELECT id, rev, opened FROM cases WHERE project = $1 AND state NOT IN ('closed', 'erased')
		AND (opened, id) < ($2, $3) AND (public OR NOT $4) ORDER BY opened DESC, id DESC LIMIT $5`
)

// Arrivals lists a page of the cases that are not closed, in the order in which they came, or the newest first; and where
// the next page begins: the zero Cursor if there is none.
func (s *Store) Arrivals(ctx context.Context, project cvd.ProjectID, newest, public bool, after Cursor, limit int) ([]cvd.Case, Cursor, error) {
	p, err := s.open(ctx, project)
	if err != nil {
		return nil, Cursor{}, err
	}
	statement, from := listOldest, int64(math.MinInt64)
	if newest {
		statement, from = listNewest, math.MaxInt64
	}
	if after != (Cursor{}) {
		from = after.Opened.UnixMicro()
	}
	lines, err := list(ctx, s.read, scanLine, statement, string(project), from, string(after.Case), public, limit)
	if err != nil {
		return nil, Cursor{}, s.wrap(err, "list the arrivals of project %s", project)
	}
	return s.lines(ctx, p, lines, limit)
}

// Some are the cases of the given ids, in that order; an id of no case is left out.
func (s *Store) Some(ctx context.Context, project cvd.ProjectID, ids []cvd.CaseID) ([]cvd.Case, error) {
	p, err := s.open(ctx, project)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	asked := make(map[cvd.CaseID]int, len(ids))
	for _, id := range ids {
		asked[id] = 0
	}
	set, err := json.Marshal(asked)
	if err != nil {
		return nil, fmt.Errorf("read %d cases: %w", len(ids), err)
	}
	lines, err := list(ctx, s.read, func(scan func(...any) error) (l line, err error) {
		err = scan(&l.id, &l.rev)
		return l, err
	}, readRevs, string(project), string(set))
	if err != nil {
		return nil, s.wrap(err, "read %d cases", len(ids))
	}
	revs := make(map[cvd.CaseID]int64, len(lines))
	for _, l := range lines {
		revs[l.id] = l.rev
	}
	var cases []cvd.Case
	for _, id := range ids {
		rev, there := revs[id]
		if !there {
			continue
		}
		c, err := s.fold(ctx, p, id, rev)
		if err != nil {
			return nil, err
		}
		cases = append(cases, c)
	}
	return cases, nil
}

// Count says how many cases of a project are in each state.
func (s *Store) Count(ctx context.Context, project cvd.ProjectID) (map[string]int, error) {
	rows, err := s.read.QueryContext(ctx, countCases, string(project))
	if err != nil {
		return nil, s.wrap(err, "count the cases of project %s", project)
	}
	defer rows.Close()
	counts := map[string]int{}
	for rows.Next() {
		var state string
		var n int
		if err := rows.Scan(&state, &n); err != nil {
			return nil, s.wrap(err, "count the cases of project %s", project)
		}
		counts[state] = n
	}
	return counts, s.wrap(rows.Err(), "count the cases of project %s", project)
}
