package store

import (
	"context"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"github.com/tipstaff/tipstaff/cvd"
)

// Hold is that a project came out of a backup: nothing of it goes out until a person lets it.
type Hold struct {
	Project cvd.ProjectID
	Kept    time.Time // the moment that the backup holds: what was due then may have gone out since, from where it ran before
	Since   time.Time
}

const listHolds = `SELECT project, kept, since FROM holds ORDER BY project`

// Holds lists the projects that are held.
func (s *Store) Holds(ctx context.Context) ([]Hold, error) {
	all, err := list(ctx, s.read, func(scan func(...any) error) (h Hold, err error) {
		var kept, since int64
		err = scan(&h.Project, &kept, &since)
		h.Kept, h.Since = instant(kept), instant(since)
		return h, err
	}, listHolds)
	return all, s.wrap(err, "list what is held")
}

const endHold = `DELETE FROM holds WHERE project = $1`

// EndHold lets new letters and publications of a project go their way again. What is held already stays so until it is let go
// by its name.
func (s *Store) EndHold(ctx context.Context, project cvd.ProjectID) error {
	p, err := s.open(ctx, project)
	if err != nil {
		return err
	}
	_, err = s.writer.submit(ctx, &item{about: p, rows: []row{{endHold, []any{string(project)}}}})
	return s.wrap(err, "let project %s go", project)
}

// HeldLetter is a letter that waits for a person.
type HeldLetter struct {
	cvd.Delivery
	Maybe bool // it may have gone out already: the event that led to it came out of a backup
}

const (
	heldColumns = `SELECT d.project, d.job, COALESCE(d.case_id, ''), d.event, d.channel, d.state, d.at, d.tries, d.repeated, d.released,
		EXISTS (SELECT 1 FROM holds h JOIN events e ON e.project = h.project
			WHERE h.project = d.project AND e.case_id = d.case_id AND e.id = d.event AND e.taken < h.since)
		OR d.case_id IS NULL AND EXISTS (SELECT 1 FROM holds h WHERE h.project = d.project AND d.at < h.since)
		FROM deliveries d WHERE d.project = $1 AND d.state = 'held'`
	listHeld = heldColumns + ` AND d.job > $2 ORDER BY d.job LIMIT $3`
	readHeld = heldColumns + ` AND d.job = $2`
)

func scanHeld(scan func(...any) error) (l HeldLetter, err error) {
	l.Delivery, err = scanDelivery(func(into ...any) error { return scan(append(into, &l.Maybe)...) })
	return l, err
}

// HeldLetter finds a letter that is held.
func (s *Store) HeldLetter(ctx context.Context, project cvd.ProjectID, job string) (HeldLetter, error) {
	l, err := scanHeld(s.read.QueryRowContext(ctx, readHeld, string(project), job).Scan)
	return l, s.wrap(exists(err, "nothing is held under the name %q", job), "find a held letter")
}

// HeldLetters lists letters of a project that are held, by their names and behind the name after.
func (s *Store) HeldLetters(ctx context.Context, project cvd.ProjectID, after string, limit int) ([]HeldLetter, error) {
	all, err := list(ctx, s.read, scanHeld, listHeld, string(project), after, limit)
	return all, s.wrap(err, "list the held letters of project %s", project)
}

const countUnderWay = `SELECT COUNT(*) FROM deliveries WHERE project = $1 AND state = 'held' AND repeated`

// CountUnderWay is how many of the held letters were on their way when the program ended, or the backup was made.
func (s *Store) CountUnderWay(ctx context.Context, project cvd.ProjectID) (n int, err error) {
	err = s.read.QueryRowContext(ctx, countUnderWay, string(project)).Scan(&n)
	return n, s.wrap(err, "count the letters held in project %s", project)
}

const releaseDelivery = `UPDATE deliveries SET state = 'waiting', at = $3, released = $4, repeated = (repeated OR $5)
	WHERE project = $1 AND job = $2 AND state = 'held' AND released = CAST($4 AS BIGINT) - 1`

// ReleaseLetters lets letters go that are held, as they were read: each waits again, with a new job. One that somebody else
// let go or dropped meanwhile stays as it is. What may have gone out already is marked as repeated.
func (s *Store) ReleaseLetters(ctx context.Context, project cvd.ProjectID, letters []HeldLetter) error {
	p, err := s.open(ctx, project)
	if err != nil {
		return err
	}
	it := &item{about: p}
	for _, l := range letters {
		next := l.Released + 1
		it.rows = append(it.rows, row{releaseDelivery, []any{string(project), l.Job, s.now(), next, l.Maybe}})
		it.jobs = append(it.jobs, river.InsertManyParams{Args: Deliver{Project: project, Job: l.Job, Released: next}})
	}
	_, err = s.writer.submit(ctx, it)
	return s.wrap(err, "let %d letters go", len(letters))
}

const dropDelivery = `UPDATE deliveries SET state = 'dropped', at = $3 WHERE project = $1 AND job = $2 AND state = 'held'`

// DropLetter keeps that a held letter will never go out.
func (s *Store) DropLetter(ctx context.Context, project cvd.ProjectID, job string) error {
	_, err := s.writer.submit(ctx, &item{rows: []row{{dropDelivery, []any{string(project), job, s.now()}}}})
	return s.wrap(err, "drop letter %s", job)
}

// FinishJob ends a job that found nothing to do.
func (s *Store) FinishJob(ctx context.Context, done *rivertype.JobRow) error {
	_, err := s.writer.submit(ctx, &item{done: done})
	return s.wrap(err, "end a job")
}

const releasePublication = `UPDATE publications SET held = FALSE WHERE project = $1 AND id = $2 AND state = 'armed'`

// ReleasePublication gives a publication that is held its instant back.
func (s *Store) ReleasePublication(ctx context.Context, project cvd.ProjectID, id string) error {
	p, err := s.open(ctx, project)
	if err != nil {
		return err
	}
	_, err = s.writer.submit(ctx, &item{about: p, rows: []row{{releasePublication, []any{string(project), id}}}})
	return s.wrap(err, "let publication %s go", id)
}
