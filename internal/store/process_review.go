package store

import (
	"context"
	"strconv"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// ProcessReview is the pack of one period for something that the policy says is done again and again, and what was decided
// on it. Body is the caller's, and sealed.
type ProcessReview struct {
	Project     cvd.ProjectID
	Name        string    // of the recurring item
	From, Until time.Time // the period
	Rev         int64     // how often it was written
	At          time.Time // when it was made
	Closed      time.Time // zero: the review is not over
	Body        []byte
}

const addProcessReview = `INSERT INTO process_reviews (project, name, period, until, rev, at, closed, sealed) VALUES ($1, $2, $3, $4, 1, $5, 0, $6)
	ON CONFLICT (project, name, period) DO NOTHING`

func processReviewOf(p *project, r ProcessReview, rev int64) []string {
	return []string{string(p.ID), "review " + r.Name, strconv.FormatInt(r.From.UnixMicro(), 10), strconv.FormatInt(rev, 10)}
}

// AddProcessReview keeps the pack of a period. If there is one already, that one stays as it is.
func (s *Store) AddProcessReview(ctx context.Context, r ProcessReview) error {
	p, err := s.open(ctx, r.Project)
	if err != nil {
		return err
	}
	_, err = s.write.ExecContext(ctx, addProcessReview, string(r.Project), r.Name, r.From.UnixMicro(), r.Until.UnixMicro(), s.now(),
		p.content.Seal(r.Body, processReviewOf(p, r, 1)...))
	return s.wrap(err, "keep a review of project %s", r.Project)
}

const writeProcessReview = `UPDATE process_reviews SET rev = $4, closed = $5, sealed = $6
	WHERE project = $1 AND name = $2 AND period = $3 AND rev = CAST($4 AS BIGINT) - 1`

// WriteProcessReview keeps what was added to a review; Conflict if it is not as it was read.
func (s *Store) WriteProcessReview(ctx context.Context, r ProcessReview) error {
	p, err := s.open(ctx, r.Project)
	if err != nil {
		return err
	}
	closed := int64(0)
	if !r.Closed.IsZero() {
		closed = r.Closed.UnixMicro()
	}
	done, err := s.write.ExecContext(ctx, writeProcessReview, string(r.Project), r.Name, r.From.UnixMicro(), r.Rev+1, closed,
		p.content.Seal(r.Body, processReviewOf(p, r, r.Rev+1)...))
	if err != nil {
		return s.wrap(err, "write a review of project %s", r.Project)
	}
	if n, err := done.RowsAffected(); err != nil || n != 1 {
		return s.wrap(first(err, cvd.Errorf(cvd.Conflict, "somebody else has written to this review meanwhile: read it again")), "write a review")
	}
	return nil
}

// first is the first error.
func first(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

const listProcessReviews = `SELECT project, name, period, until, rev, at, closed, sealed FROM process_reviews
	WHERE project = $1 AND ($2 = '' OR name = $2) ORDER BY period DESC, name LIMIT $3`

// ProcessReviews lists the reviews of a project, the newest period first; those of one item if it is named.
func (s *Store) ProcessReviews(ctx context.Context, id cvd.ProjectID, name string, limit int) ([]ProcessReview, error) {
	p, err := s.open(ctx, id)
	if err != nil {
		return nil, err
	}
	all, err := list(ctx, s.read, func(scan func(...any) error) (r ProcessReview, err error) {
		var from, until, at, closed int64
		var sealed []byte
		if err := scan(&r.Project, &r.Name, &from, &until, &r.Rev, &at, &closed, &sealed); err != nil {
			return r, err
		}
		r.From, r.Until, r.At = instant(from), instant(until), instant(at)
		if closed > 0 {
			r.Closed = instant(closed)
		}
		r.Body, err = p.content.Open(sealed, processReviewOf(p, r, r.Rev)...)
		return r, err
	}, listProcessReviews, string(id), name, limit)
	return all, s.wrap(err, "list the reviews of project %s", id)
}
