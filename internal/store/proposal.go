package store

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// PolicyProposal is a change of the policy that somebody proposed. Body is what the caller makes of it: the text that it would
// have, why, and what others said; it is sealed.
type PolicyProposal struct {
	Project cvd.ProjectID
	Number  int64
	Rev     int64 // how often it was written
	Base    int64 // version of the policy that it changes
	At      time.Time
	Author  cvd.ActorID
	Source  string // editor, forge
	Origin  string // hash of the file in a forge; empty: none
	State   string // open, accepted, rejected, withdrawn
	Version int64  // of the policy that it became; 0: none
	Body    []byte
}

const (
	nextProposal   = `SELECT COALESCE(MAX(number), 0) + 1 FROM policy_proposals WHERE project = $1`
	insertProposal = `INSERT INTO policy_proposals (project, number, rev, base, at, author, source, origin, state, version, sealed)
		VALUES ($1, $2, 1, $3, $4, $5, $6, $7, 'open', 0, $8)`
)

func proposalOf(p *project, number, rev int64) []string {
	return []string{string(p.ID), "proposal " + strconv.FormatInt(number, 10), strconv.FormatInt(rev, 10)}
}

// AddProposal keeps a proposal and numbers it. One of the same origin is a Conflict.
func (s *Store) AddProposal(ctx context.Context, x PolicyProposal) (number int64, err error) {
	p, err := s.open(ctx, x.Project)
	if err != nil {
		return 0, err
	}
	err = s.within(ctx, func(tx *sql.Tx) error {
		if err := tx.QueryRowContext(ctx, nextProposal, string(p.ID)).Scan(&number); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, insertProposal, string(p.ID), number, x.Base, s.now(), string(x.Author), x.Source, x.Origin,
			p.content.Seal(x.Body, proposalOf(p, number, 1)...))
		return err
	})
	if s.engine.trouble(err) == duplicate {
		return 0, cvd.Errorf(cvd.Conflict, "somebody else proposed this at the same moment; try again")
	}
	return number, s.wrap(err, "keep a proposal of project %s", x.Project)
}

const (
	updateProposal = `UPDATE policy_proposals SET rev = $3, state = $4, version = $5, sealed = $6, base = $7
		WHERE project = $1 AND number = $2 AND rev = CAST($3 AS BIGINT) - 1 AND state = 'open'`
)

// errFaster is what an asker reads whose proposal somebody else has written to meanwhile.
func errFaster(number int64) error {
	return cvd.Errorf(cvd.Conflict, "somebody else has written to proposal %d meanwhile, or decided about it: read it again", number)
}

// WriteProposal keeps a new state and body of an open proposal that is as it was read; Conflict if it is not any more.
func (s *Store) WriteProposal(ctx context.Context, x PolicyProposal) error {
	p, err := s.open(ctx, x.Project)
	if err != nil {
		return err
	}
	err = s.within(ctx, func(tx *sql.Tx) error { return writeProposal(ctx, tx, p, x) })
	return s.wrap(err, "write proposal %d of project %s", x.Number, x.Project)
}

func writeProposal(ctx context.Context, tx *sql.Tx, p *project, x PolicyProposal) error {
	done, err := tx.ExecContext(ctx, updateProposal, string(p.ID), x.Number, x.Rev+1, x.State, x.Version,
		p.content.Seal(x.Body, proposalOf(p, x.Number, x.Rev+1)...), x.Base)
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || n != 1 {
		return errors.Join(err, errFaster(x.Number))
	}
	return nil
}

// AcceptProposal puts a document in force that was proposed, and closes the proposal, both or neither. Conflict if another
// version came into force since, or the proposal is not as it was read.
func (s *Store) AcceptProposal(ctx context.Context, x PolicyProposal, document []byte, by cvd.ActorID) (version int64, err error) {
	p, err := s.open(ctx, x.Project)
	if err != nil {
		return 0, err
	}
	err = s.within(ctx, func(tx *sql.Tx) error {
		if version, err = s.putPolicy(ctx, tx, p, document, by, x.Number); err != nil {
			return err
		}
		if version != x.Base+1 {
			return cvd.Errorf(cvd.Conflict, "version %d of the policy came into force since this was proposed against version %d", version-1, x.Base)
		}
		x.State, x.Version = "accepted", version
		return writeProposal(ctx, tx, p, x)
	})
	return version, s.wrap(err, "accept proposal %d of project %s", x.Number, x.Project)
}

const (
	proposalColumns = `SELECT project, number, rev, base, at, author, source, origin, state, version, sealed FROM policy_proposals WHERE project = $1`
	listProposals   = proposalColumns + ` AND number < $2 ORDER BY number DESC LIMIT $3`
	readProposal    = proposalColumns + ` AND number = $2`
	findOrigin      = `SELECT number FROM policy_proposals WHERE project = $1 AND origin = $2`
)

func (p *project) scanProposal(scan func(...any) error) (x PolicyProposal, err error) {
	var at int64
	var sealed []byte
	if err := scan(&x.Project, &x.Number, &x.Rev, &x.Base, &at, &x.Author, &x.Source, &x.Origin, &x.State, &x.Version, &sealed); err != nil {
		return x, err
	}
	x.At = instant(at)
	x.Body, err = p.content.Open(sealed, proposalOf(p, x.Number, x.Rev)...)
	return x, err
}

// Proposals lists proposals of a project, the newest first, those before a number; 0: from the newest.
func (s *Store) Proposals(ctx context.Context, id cvd.ProjectID, before int64, limit int) ([]PolicyProposal, error) {
	p, err := s.open(ctx, id)
	if err != nil {
		return nil, err
	}
	if before <= 0 {
		before = 1 << 62
	}
	all, err := list(ctx, s.read, p.scanProposal, listProposals, string(id), before, limit)
	return all, s.wrap(err, "list the proposals of project %s", id)
}

// Proposal finds one proposal.
func (s *Store) Proposal(ctx context.Context, id cvd.ProjectID, number int64) (PolicyProposal, error) {
	p, err := s.open(ctx, id)
	if err != nil {
		return PolicyProposal{}, err
	}
	x, err := p.scanProposal(s.read.QueryRowContext(ctx, readProposal, string(id), number).Scan)
	return x, s.wrap(exists(err, "there is no proposal %d", number), "read proposal %d of project %s", number, id)
}

// Proposed finds the proposal that a file of a forge became; 0 if it became none.
func (s *Store) Proposed(ctx context.Context, id cvd.ProjectID, origin string) (number int64, err error) {
	err = s.read.QueryRowContext(ctx, findOrigin, string(id), origin).Scan(&number)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return number, s.wrap(err, "find the proposal of a file")
}
