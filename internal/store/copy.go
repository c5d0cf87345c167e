package store

import (
	"context"
	"database/sql"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// Copy is a published copy of a project's policy: when it was compared last, and what was found.
type Copy struct {
	URL   string
	At    time.Time // when it was compared last
	Since time.Time // since when what was found is the same
	Found []byte    // sealed; empty before the first comparison has ended
}

const (
	listCopies = `SELECT url, at, since, sealed FROM copies WHERE project = $1 ORDER BY url`
	insertCopy = `INSERT INTO copies (project, url, at, since, sealed) VALUES ($1, $2, $3, $3, NULL) ON CONFLICT (project, url) DO NOTHING`
	claimCopy  = `UPDATE copies SET at = $3 WHERE project = $1 AND url = $2 AND at = $4`
	putCopy    = `UPDATE copies SET since = $3, sealed = $4 WHERE project = $1 AND url = $2`
	forgetCopy = `DELETE FROM copies WHERE project = $1 AND url = $2`
)

// copyOf binds what is sealed of a copy to its place.
func copyOf(project cvd.ProjectID, url string) []string {
	return []string{string(project), "copy", url}
}

// Copies lists the published copies of a project's policy that were looked at.
func (s *Store) Copies(ctx context.Context, project cvd.ProjectID) ([]Copy, error) {
	p, err := s.open(ctx, project)
	if err != nil {
		return nil, err
	}
	all, err := list(ctx, s.read, func(scan func(...any) error) (c Copy, err error) {
		var at, since int64
		var sealed []byte
		if err := scan(&c.URL, &at, &since, &sealed); err != nil {
			return c, err
		}
		c.At, c.Since = instant(at), instant(since)
		if sealed != nil {
			c.Found, err = p.content.Open(sealed, copyOf(project, c.URL)...)
		}
		return c, err
	}, listCopies, string(project))
	return all, s.wrap(err, "list the copies of the policy of %s", project)
}

// ClaimCopy says that a copy is compared now, if nobody did since the instant at which the caller believes that it was compared last;
// a zero instant means never. It says whether the caller is the one to do it.
func (s *Store) ClaimCopy(ctx context.Context, project cvd.ProjectID, url string, last time.Time) (claimed bool, err error) {
	err = s.within(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, insertCopy, string(project), url, zeroInstant); err != nil {
			return err
		}
		res, err := tx.ExecContext(ctx, claimCopy, string(project), url, s.now(), last.UnixMicro())
		if err != nil {
			return err
		}
		n, err := res.RowsAffected()
		claimed = n == 1
		return err
	})
	return claimed, s.wrap(err, "claim a copy of the policy of %s", project)
}

// PutCopy keeps what was found in a copy, and since when that is so.
func (s *Store) PutCopy(ctx context.Context, project cvd.ProjectID, c Copy) error {
	p, err := s.open(ctx, project)
	if err != nil {
		return err
	}
	_, err = s.write.ExecContext(ctx, putCopy, string(project), c.URL, c.Since.UnixMicro(), p.content.Seal(c.Found, copyOf(project, c.URL)...))
	return s.wrap(err, "keep what was found in a copy of the policy of %s", project)
}

// ForgetCopy forgets a copy that the policy no longer names.
func (s *Store) ForgetCopy(ctx context.Context, project cvd.ProjectID, url string) error {
	_, err := s.write.ExecContext(ctx, forgetCopy, string(project), url)
	return s.wrap(err, "forget a copy of the policy of %s", project)
}
