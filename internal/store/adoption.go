package store

import (
	"context"
	"database/sql"
	"strconv"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// Adoption is open cases on their way to another version of the policy.
type Adoption struct {
	Project cvd.ProjectID
	Number  int64
	Version int64 // that they move to
	At      time.Time
	Author  cvd.ActorID
	Ended   time.Time // zero: it goes on
	Total   int64     // open cases when it began
	Looked  int64     // at how many of them
	Moved   int64
	Kept    int64 // that stay where they are, since the version has no place for them
	Last    Cursor
	Body    []byte // why, and whose name; sealed
}

const (
	countOpen      = `SELECT COUNT(*) FROM cases WHERE project = $1 AND state NOT IN ('closed', 'erased')`
	nextAdoption   = `SELECT COALESCE(MAX(number), 0) + 1 FROM adoptions WHERE project = $1`
	insertAdoption = `INSERT INTO adoptions (project, number, version, at, author, ended, total, looked, moved, kept, opened, case_id, sealed)
		VALUES ($1, $2, $3, $4, $5, 0, $6, 0, 0, 0, 0, '', $7)`
	underWay = `SELECT COUNT(*) FROM adoptions WHERE project = $1 AND ended = 0`
)

func adoptionOf(p *project, number int64) []string {
	return []string{string(p.ID), "adoption " + strconv.FormatInt(number, 10)}
}

// BeginAdoption keeps that all open cases are to move to a version. One at a time: Conflict while another is under way.
func (s *Store) BeginAdoption(ctx context.Context, a Adoption) (number int64, err error) {
	p, err := s.open(ctx, a.Project)
	if err != nil {
		return 0, err
	}
	err = s.within(ctx, func(tx *sql.Tx) error {
		id, total, running := string(p.ID), int64(0), 0
		if err := tx.QueryRowContext(ctx, underWay, id).Scan(&running); err != nil {
			return err
		}
		if running > 0 {
			return cvd.Errorf(cvd.Conflict, "the open cases are being moved already: wait until that has ended")
		}
		if err := tx.QueryRowContext(ctx, countOpen, id).Scan(&total); err != nil {
			return err
		}
		if err := tx.QueryRowContext(ctx, nextAdoption, id).Scan(&number); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, insertAdoption, id, number, a.Version, s.now(), string(a.Author), total, p.content.Seal(a.Body, adoptionOf(p, number)...))
		return err
	})
	if s.engine.trouble(err) == duplicate {
		return 0, cvd.Errorf(cvd.Conflict, "somebody else began to move the open cases at the same moment")
	}
	return number, s.wrap(err, "begin an adoption in project %s", a.Project)
}

const moveAdoption = `UPDATE adoptions SET opened = $3, case_id = $4, looked = looked + $5, moved = moved + $6, kept = kept + $7, ended = $8
	WHERE project = $1 AND number = $2 AND ended = 0 AND opened = $9 AND case_id = $10`

// MoveAdoption notes how far an adoption has come, by what was done since it was read; last is the case that was looked at last. If
// another process has noted more meanwhile, nothing is noted.
func (s *Store) MoveAdoption(ctx context.Context, a Adoption, last Cursor, looked, moved, kept int64, ended bool) error {
	end := int64(0)
	if ended {
		end = s.now()
	}
	_, err := s.write.ExecContext(ctx, moveAdoption, string(a.Project), a.Number, placeOf(last), string(last.Case), looked, moved, kept, end,
		placeOf(a.Last), string(a.Last.Case))
	return s.wrap(err, "note how far an adoption of project %s is", a.Project)
}

// placeOf is where a cursor stands; the beginning is 0.
func placeOf(c Cursor) int64 {
	if c == (Cursor{}) {
		return 0
	}
	return c.Opened.UnixMicro()
}

const listAdoptions = `SELECT project, number, version, at, author, ended, total, looked, moved, kept, opened, case_id, sealed FROM adoptions
	WHERE project = $1 AND (ended = 0 OR NOT $2) ORDER BY number DESC LIMIT 50`

// Adoptions lists the adoptions of a project, the newest first; only the one under way, if that is asked for.
func (s *Store) Adoptions(ctx context.Context, id cvd.ProjectID, running bool) ([]Adoption, error) {
	p, err := s.open(ctx, id)
	if err != nil {
		return nil, err
	}
	all, err := list(ctx, s.read, func(scan func(...any) error) (a Adoption, err error) {
		var at, ended, opened int64
		var sealed []byte
		if err := scan(&a.Project, &a.Number, &a.Version, &at, &a.Author, &ended, &a.Total, &a.Looked, &a.Moved, &a.Kept, &opened, &a.Last.Case, &sealed); err != nil {
			return a, err
		}
		if a.At = instant(at); ended > 0 {
			a.Ended = instant(ended)
		}
		if a.Last.Case != "" {
			a.Last.Opened = instant(opened)
		}
		a.Body, err = p.content.Open(sealed, adoptionOf(p, a.Number)...)
		return a, err
	}, listAdoptions, string(id), running)
	return all, s.wrap(err, "list the adoptions of project %s", id)
}
