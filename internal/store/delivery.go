package store

import (
	"context"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"github.com/tipstaff/tipstaff/cvd"
)

// Deliver is the job to send one letter. To whom is worked out when it runs, and is kept nowhere. A letter that is let go
// after it was held is a new job of the same letter: the name that the outside sees stays, Released counts on.
type Deliver struct {
	Project  cvd.ProjectID `json:"project"`
	Job      string        `json:"job"`
	Released int           `json:"released,omitempty"`
}

// Kind is the job's name in River's table.
func (Deliver) Kind() string { return "deliver" }

// InsertOpts makes River take a letter's job once.
func (Deliver) InsertOpts() river.InsertOpts {
	return river.InsertOpts{UniqueOpts: river.UniqueOpts{ByArgs: true}}
}

const (
	insertDelivery = `INSERT INTO deliveries (project, job, case_id, event, channel, state, at, tries, repeated)
		VALUES ($1, $2, NULLIF(CAST($3 AS TEXT), ''), $4, $5, CASE WHEN CAST($6 AS TEXT) = 'waiting' AND EXISTS (SELECT 1 FROM holds WHERE project = $1)
		THEN 'held' ELSE CAST($6 AS TEXT) END, $7, $8, $9) ON CONFLICT (project, job) DO NOTHING`
	putDelivery = `UPDATE deliveries SET state = $3, at = $4, tries = CASE WHEN tries < $5 THEN $5 ELSE tries END, repeated = (repeated OR $6)
		WHERE project = $1 AND job = $2 AND (state <> 'dropped: erased' OR CAST($3 AS TEXT) IN ('sent', 'gave up'))
		AND (CAST($3 AS TEXT) = 'sent' OR state <> 'sent' AND tries <= $5)`
)

// Unfollowed is a project with events whose letters nobody has worked out yet.
type Unfollowed struct {
	Project cvd.ProjectID
	After   int64 // the last event that was followed
}

const listUnfollowed = `SELECT project, followed FROM heads WHERE followed < seq ORDER BY project`

// Unfollowed lists the projects with events that wait to be followed. It is how an event leads to letters without a job of
// its own in the way of whoever sent it.
func (s *Store) Unfollowed(ctx context.Context) ([]Unfollowed, error) {
	all, err := list(ctx, s.read, func(scan func(...any) error) (u Unfollowed, err error) {
		return u, scan(&u.Project, &u.After)
	}, listUnfollowed)
	return all, s.wrap(err, "list events to follow")
}

const moveFollowed = `UPDATE heads SET followed = $3 WHERE project = $1 AND followed = $2`

// Followed keeps the receipts of the letters that the events behind u.After and up to upto lead to, with a job for each that
// waits, and moves the mark: all of it or nothing. Who comes second finds the letters there and changes nothing. In a project
// that is held the letters are held, and their jobs find nothing to do.
func (s *Store) Followed(ctx context.Context, u Unfollowed, upto int64, letters []cvd.Delivery) error {
	p, err := s.open(ctx, u.Project)
	if err != nil {
		return err
	}
	// The mark lies in the head's row: without its turn, two processes with two projects could wait for each other.
	it := &item{about: p, rows: []row{{moveFollowed, []any{string(u.Project), u.After, upto}}}}
	for _, d := range letters {
		it.rows = append(it.rows, letterRow(d))
		if d.State == cvd.Waiting { // what a person carries, or must release, is no job
			it.jobs = append(it.jobs, river.InsertManyParams{Args: Deliver{Project: d.Project, Job: d.Job}})
		}
	}
	_, err = s.writer.submit(ctx, it)
	return s.wrap(err, "keep %d deliveries", len(letters))
}

// letterRow keeps the receipt of a new letter; one of the same name stays as it is.
func letterRow(d cvd.Delivery) row {
	return row{insertDelivery, []any{string(d.Project), d.Job, string(d.Case), string(d.Event), d.Channel,
		string(d.State), d.At.UnixMicro(), d.Tries, d.Repeated}}
}

const beginDelivery = `UPDATE deliveries SET state = 'sending', at = $3, tries = tries + 1, repeated = (repeated OR state = 'sending')
	WHERE project = $1 AND job = $2 AND tries = $4 AND state IN ('waiting', 'sending') RETURNING tries, repeated`

// BeginDelivery says that a letter is about to go out, if it still is as the caller read it: of two processes one begins, however
// long the other was asleep. Where a try was under way already, the letter may go out twice, and d says so from then on.
func (s *Store) BeginDelivery(ctx context.Context, d *cvd.Delivery) (begun bool, err error) {
	at := s.now()
	is := &claim{row: row{beginDelivery, []any{string(d.Project), d.Job, at, d.Tries}}, into: []any{&d.Tries, &d.Repeated}}
	if _, err := s.writer.submit(ctx, &item{claim: is}); err != nil {
		return false, s.wrap(err, "begin delivery %s", d.Job)
	}
	d.State, d.At = cvd.Sending, instant(at)
	return is.won, nil
}

// SetDelivery keeps what became of a letter, and finishes its job if done is not nil. That a letter may have gone out
// twice is never taken back, and neither is that it went out: what a try says that another has overtaken counts for nothing else.
func (s *Store) SetDelivery(ctx context.Context, d cvd.Delivery, done *rivertype.JobRow) error {
	_, err := s.writer.submit(ctx, &item{done: done, rows: []row{{putDelivery,
		[]any{string(d.Project), d.Job, string(d.State), d.At.UnixMicro(), d.Tries, d.Repeated}}}})
	return s.wrap(err, "keep delivery %s", d.Job)
}

const (
	readDelivery = `SELECT project, job, COALESCE(case_id, ''), event, channel, state, at, tries, repeated, released
		FROM deliveries WHERE project = $1 AND job = $2`
	listDeliveries = `SELECT project, job, COALESCE(case_id, ''), event, channel, state, at, tries, repeated, released
		FROM deliveries WHERE project = $1 AND case_id = $2 AND ($3 = '' OR event = $3) ORDER BY event, channel, job`
)

func scanDelivery(scan func(...any) error) (d cvd.Delivery, err error) {
	var at int64
	err = scan(&d.Project, &d.Job, &d.Case, &d.Event, &d.Channel, &d.State, &at, &d.Tries, &d.Repeated, &d.Released)
	d.At = instant(at)
	return d, err
}

// Delivery finds a letter's receipt.
func (s *Store) Delivery(ctx context.Context, project cvd.ProjectID, job string) (cvd.Delivery, error) {
	d, err := scanDelivery(s.read.QueryRowContext(ctx, readDelivery, string(project), job).Scan)
	return d, s.wrap(exists(err, "there is no delivery %s", job), "read delivery %s", job)
}

// Deliveries lists the receipts of one event's letters, or, with no event, of all letters of the case.
func (s *Store) Deliveries(ctx context.Context, project cvd.ProjectID, id cvd.CaseID, event cvd.EventID) ([]cvd.Delivery, error) {
	all, err := list(ctx, s.read, scanDelivery, listDeliveries, string(project), string(id), string(event))
	return all, s.wrap(err, "list the deliveries of case %s", id)
}

const listUnaccepted = `SELECT project, job, case_id, event, channel, state, at, tries, repeated, released
	FROM deliveries WHERE project = $1 AND state = 'not accepted' ORDER BY job`

// Unaccepted lists the letters that wait for the word of their recipients.
func (s *Store) Unaccepted(ctx context.Context, project cvd.ProjectID) ([]cvd.Delivery, error) {
	all, err := list(ctx, s.read, scanDelivery, listUnaccepted, string(project))
	return all, s.wrap(err, "list the letters of %s that wait for a word", project)
}

const admitDelivery = `UPDATE deliveries SET at = $3, state = CASE WHEN EXISTS (SELECT 1 FROM holds WHERE project = $1) THEN 'held' ELSE 'waiting' END
	WHERE project = $1 AND job = $2 AND state = 'not accepted'`

// AdmitDelivery lets a letter go whose recipient has given their word. Who comes second changes nothing.
func (s *Store) AdmitDelivery(ctx context.Context, d cvd.Delivery) error {
	_, err := s.writer.submit(ctx, &item{rows: []row{{admitDelivery, []any{string(d.Project), d.Job, s.now()}}},
		jobs: []river.InsertManyParams{{Args: Deliver{Project: d.Project, Job: d.Job}}}})
	return s.wrap(err, "let letter %s go", d.Job)
}

const countHeld = `SELECT COUNT(*) FROM deliveries WHERE project = $1 AND state = 'held'`

// CountHeld is how many letters of a project wait for a person to let them go.
func (s *Store) CountHeld(ctx context.Context, project cvd.ProjectID) (n int, err error) {
	err = s.read.QueryRowContext(ctx, countHeld, string(project)).Scan(&n)
	return n, s.wrap(err, "count the letters held in project %s", project)
}
