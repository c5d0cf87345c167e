package store

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// PolicySource is the last reading of the file at a forge that a project's policy comes from.
type PolicySource struct {
	At   time.Time // when it began
	Body []byte    // what was found, sealed; empty before the first one has ended
}

const (
	readSource   = `SELECT at, sealed FROM policy_sources WHERE project = $1`
	insertSource = `INSERT INTO policy_sources (project, at, sealed) VALUES ($1, $2, NULL) ON CONFLICT (project) DO NOTHING`
	claimSource  = `UPDATE policy_sources SET at = $2 WHERE project = $1 AND at = $3`
	putSource    = `UPDATE policy_sources SET sealed = $2 WHERE project = $1`
)

func sourceOf(project cvd.ProjectID) []string { return []string{string(project), "policy source"} }

// PolicySource is the last reading of a project's file; its zero value says that there was none.
func (s *Store) PolicySource(ctx context.Context, id cvd.ProjectID) (x PolicySource, err error) {
	p, err := s.open(ctx, id)
	if err != nil {
		return x, err
	}
	var at int64
	var sealed []byte
	err = s.read.QueryRowContext(ctx, readSource, string(id)).Scan(&at, &sealed)
	if errors.Is(err, sql.ErrNoRows) {
		return x, nil
	}
	x.At = instant(at)
	if err == nil && sealed != nil {
		x.Body, err = p.content.Open(sealed, sourceOf(id)...)
	}
	return x, s.wrap(err, "read the policy's source of %s", id)
}

// ClaimSource says that the file is read now, if nobody did since the instant at which the caller believes that it was read last;
// a zero instant means never. It says whether the caller is the one to do it.
func (s *Store) ClaimSource(ctx context.Context, id cvd.ProjectID, last time.Time) (claimed bool, err error) {
	err = s.within(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, insertSource, string(id), zeroInstant); err != nil {
			return err
		}
		claimed, err = touched(tx.ExecContext(ctx, claimSource, string(id), s.now(), last.UnixMicro()))
		return err
	})
	return claimed, s.wrap(err, "claim the policy's source of %s", id)
}

// PutSource keeps what was found in the file.
func (s *Store) PutSource(ctx context.Context, id cvd.ProjectID, body []byte) error {
	p, err := s.open(ctx, id)
	if err != nil {
		return err
	}
	_, err = s.write.ExecContext(ctx, putSource, string(id), p.content.Seal(body, sourceOf(id)...))
	return s.wrap(err, "keep the policy's source of %s", id)
}

// PolicyPull is the written forms of one version of the policy on their way into one repository.
type PolicyPull struct {
	Version int64
	Place   string    // policy, docs
	State   string    // open, failed, done
	Tries   int64     // that have begun
	Due     time.Time // when it is tried next; of what is done, when that was
	Body    []byte    // where it is or what stands in the way, sealed; empty before the first try has ended
}

const (
	listPulls  = `SELECT version, place, state, tries, due, sealed FROM policy_pulls WHERE project = $1 ORDER BY version DESC, place`
	insertPull = `INSERT INTO policy_pulls (project, version, place, state, tries, due, sealed) VALUES ($1, $2, $3, 'open', 0, $4, NULL)
		ON CONFLICT (project, version, place) DO NOTHING`
	claimPull = `UPDATE policy_pulls SET tries = CAST($4 AS BIGINT) + 1, due = $5 WHERE project = $1 AND version = $2 AND place = $3 AND tries = $4 AND state <> 'done'`
	putPull   = `UPDATE policy_pulls SET state = $4, due = $5, sealed = $6 WHERE project = $1 AND version = $2 AND place = $3`
)

func pullOf(project cvd.ProjectID, version int64, place string) []string {
	return []string{string(project), "policy pull", strconv.FormatInt(version, 10), place}
}

// PolicyPulls lists what was or is on its way into repositories, the newest version first.
func (s *Store) PolicyPulls(ctx context.Context, id cvd.ProjectID) ([]PolicyPull, error) {
	p, err := s.open(ctx, id)
	if err != nil {
		return nil, err
	}
	all, err := list(ctx, s.read, func(scan func(...any) error) (x PolicyPull, err error) {
		var due int64
		var sealed []byte
		if err := scan(&x.Version, &x.Place, &x.State, &x.Tries, &due, &sealed); err != nil {
			return x, err
		}
		x.Due = instant(due)
		if sealed != nil {
			x.Body, err = p.content.Open(sealed, pullOf(id, x.Version, x.Place)...)
		}
		return x, err
	}, listPulls, string(id))
	return all, s.wrap(err, "list the pull requests of %s", id)
}

// ClaimPull begins a try, if nobody began one since the caller counted x.Tries; x.Due is when another may begin although this one
// has not ended. It says whether the caller is the one to try.
func (s *Store) ClaimPull(ctx context.Context, id cvd.ProjectID, x PolicyPull) (claimed bool, err error) {
	err = s.within(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, insertPull, string(id), x.Version, x.Place, zeroInstant); err != nil {
			return err
		}
		claimed, err = touched(tx.ExecContext(ctx, claimPull, string(id), x.Version, x.Place, x.Tries, x.Due.UnixMicro()))
		return err
	})
	return claimed, s.wrap(err, "claim a pull request of %s", id)
}

// PutPull keeps how a try ended.
func (s *Store) PutPull(ctx context.Context, id cvd.ProjectID, x PolicyPull) error {
	p, err := s.open(ctx, id)
	if err != nil {
		return err
	}
	_, err = s.write.ExecContext(ctx, putPull, string(id), x.Version, x.Place, x.State, x.Due.UnixMicro(), p.content.Seal(x.Body, pullOf(id, x.Version, x.Place)...))
	return s.wrap(err, "keep a pull request of %s", id)
}

// touched says whether a statement found its row.
func touched(done sql.Result, err error) (bool, error) {
	if err != nil {
		return false, err
	}
	n, err := done.RowsAffected()
	return n == 1, err
}
