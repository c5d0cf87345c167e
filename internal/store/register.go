package store

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"time"

	"github.com/riverqueue/river"

	"github.com/tipstaff/tipstaff/cvd"
)

// Record is one writing of something that a project keeps beside its cases: a member of an audience, a project downstream. The
// newest counts, and those before it stay until it is forgotten. Body is the caller's, and sealed.
type Record struct {
	Project cvd.ProjectID
	Kind    string // "member", "downstream" …
	ID      string
	Rev     int64 // how often it was written
	At      time.Time
	By      cvd.ActorID
	Gone    bool // it was removed, and all that it said was destroyed
	Body    []byte
}

const (
	insertRecord = `INSERT INTO register (project, kind, id, rev, newest, at, author, gone, sealed) VALUES ($1, $2, $3, $4, TRUE, $5, $6, FALSE, $7)`
	ageRecord    = `UPDATE register SET newest = FALSE WHERE project = $1 AND kind = $2 AND id = $3 AND newest`
)

func recordOf(r Record) []string {
	return []string{string(r.Project), "register " + r.Kind, r.ID, strconv.FormatInt(r.Rev, 10)}
}

// PutRecords keeps new writings of records, each one after the revision that it names as read (0: it is new), and the letters that
// they lead to with their jobs: all of it or nothing. Conflict if one was written meanwhile.
func (s *Store) PutRecords(ctx context.Context, id cvd.ProjectID, records []Record, letters ...cvd.Delivery) error {
	p, err := s.open(ctx, id)
	if err != nil {
		return err
	}
	now := s.now()
	it := &item{}
	for _, r := range records {
		r.Project, r.Rev = id, r.Rev+1
		it.rows = append(it.rows,
			row{ageRecord, []any{string(id), r.Kind, r.ID}},
			row{insertRecord, []any{string(id), r.Kind, r.ID, r.Rev, now, string(r.By), p.content.Seal(r.Body, recordOf(r)...)}})
	}
	for _, d := range letters {
		it.rows = append(it.rows, letterRow(d))
		if d.State == cvd.Waiting {
			it.jobs = append(it.jobs, river.InsertManyParams{Args: Deliver{Project: d.Project, Job: d.Job}})
		}
	}
	_, err = s.writer.submit(ctx, it)
	if s.engine.trouble(err) == duplicate {
		return cvd.Errorf(cvd.Conflict, "somebody else has written this meanwhile: read it again")
	}
	return s.wrap(err, "keep %d records of project %s", len(records), id)
}

const (
	forgetRecord = `UPDATE register SET gone = TRUE, sealed = $4 WHERE project = $1 AND kind = $2 AND id = $3`
	// Letters that wait are written when they go: there is nobody left to write them to.
	dropOwnLetters = `UPDATE deliveries SET state = $3, at = $4 WHERE project = $1 AND case_id IS NULL AND event = $2 AND state NOT IN ('sent', 'gave up')`
	countRecord    = `SELECT COUNT(*) FROM register WHERE project = $1 AND kind = $2 AND id = $3 AND NOT gone`
)

// ForgetRecord destroys all that was ever written of a record. What stays is that there was one, when it was written and by whom.
func (s *Store) ForgetRecord(ctx context.Context, id cvd.ProjectID, kind, record string) error {
	p, err := s.open(ctx, id)
	if err != nil {
		return err
	}
	var n int
	if err := s.read.QueryRowContext(ctx, countRecord, string(id), kind, record).Scan(&n); err != nil {
		return s.wrap(err, "find a record of project %s", id)
	}
	if n == 0 {
		return cvd.Errorf(cvd.NotFound, "there is no such entry")
	}
	_, err = s.writer.submit(ctx, &item{about: p, rows: []row{{forgetRecord, []any{string(id), kind, record, []byte{}}},
		{dropOwnLetters, []any{string(id), record, string(cvd.DroppedErased), s.now()}}}})
	s.unclean.Store(true)
	return s.wrap(err, "forget a record of project %s", id)
}

const (
	recordColumns = `SELECT project, kind, id, rev, at, author, gone, sealed FROM register WHERE project = $1 AND kind = $2`
	listRecords   = recordColumns + ` AND newest AND NOT gone ORDER BY id`
	readEntry     = recordColumns + ` AND newest AND NOT gone AND id = $3`
	listWritings  = recordColumns + ` AND id = $3 ORDER BY rev`
)

func (p *project) scanRecord(scan func(...any) error) (r Record, err error) {
	var at int64
	var sealed []byte
	if err := scan(&r.Project, &r.Kind, &r.ID, &r.Rev, &at, &r.By, &r.Gone, &sealed); err != nil {
		return r, err
	}
	r.At = instant(at)
	if !r.Gone {
		r.Body, err = p.content.Open(sealed, recordOf(r)...)
	}
	return r, err
}

// Records lists the records of a kind as they are now, by their ids.
func (s *Store) Records(ctx context.Context, id cvd.ProjectID, kind string) ([]Record, error) {
	p, err := s.open(ctx, id)
	if err != nil {
		return nil, err
	}
	all, err := list(ctx, s.read, p.scanRecord, listRecords, string(id), kind)
	return all, s.wrap(err, "list the records of project %s", id)
}

// Record is one record as it is now.
func (s *Store) Record(ctx context.Context, id cvd.ProjectID, kind, record string) (Record, error) {
	p, err := s.open(ctx, id)
	if err != nil {
		return Record{}, err
	}
	r, err := p.scanRecord(s.read.QueryRowContext(ctx, readEntry, string(id), kind, record).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return Record{}, cvd.Errorf(cvd.NotFound, "there is no such entry")
	}
	return r, s.wrap(err, "read a record of project %s", id)
}

// Writings is everything that was written of a record, the first first.
func (s *Store) Writings(ctx context.Context, id cvd.ProjectID, kind, record string) ([]Record, error) {
	p, err := s.open(ctx, id)
	if err != nil {
		return nil, err
	}
	all, err := list(ctx, s.read, p.scanRecord, listWritings, string(id), kind, record)
	return all, s.wrap(err, "read a record of project %s", id)
}
