package store

import (
	"context"
	"database/sql"
	"strconv"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// PolicyVersion is one version of a project's policy, without its text.
type PolicyVersion struct {
	Version  int64
	At       time.Time   // when it came into force
	Author   cvd.ActorID // who put it in force; "system": whoever operates the machine
	Proposal int64       // that it came from; 0: none
}

// byMachine is the author of what was put in force on the machine itself.
const byMachine = "system"

const (
	nextPolicy   = `UPDATE projects SET policy = policy + 1 WHERE id = $1 RETURNING policy`
	readPolicy   = `SELECT sealed FROM policies WHERE project = $1 AND version = $2`
	listPolicies = `SELECT version, at, author, proposal FROM policies WHERE project = $1 ORDER BY version`
)

func policyOf(version int64) string { return "policy " + strconv.FormatInt(version, 10) }

// AddPolicy keeps a new version of the policy document and puts it in force, on the word of whoever operates the machine.
// Cases stay bound to theirs.
func (s *Store) AddPolicy(ctx context.Context, id cvd.ProjectID, document []byte) (version int64, err error) {
	p, err := s.open(ctx, id)
	if err != nil {
		return 0, err
	}
	err = s.within(ctx, func(tx *sql.Tx) error {
		version, err = s.putPolicy(ctx, tx, p, document, byMachine, 0)
		return err
	})
	return version, s.wrap(err, "add a policy to project %s", id)
}

// putPolicy puts the next version in force within a transaction.
func (s *Store) putPolicy(ctx context.Context, tx *sql.Tx, p *project, document []byte, author cvd.ActorID, proposal int64) (version int64, err error) {
	if err := tx.QueryRowContext(ctx, nextPolicy, string(p.ID)).Scan(&version); err != nil {
		return 0, err
	}
	sealed := p.content.Seal(document, string(p.ID), policyOf(version))
	_, err = tx.ExecContext(ctx, insertPolicy, string(p.ID), version, s.now(), string(author), proposal, sealed)
	return version, err
}

// Policy is one version of the policy document, byte for byte.
func (s *Store) Policy(ctx context.Context, id cvd.ProjectID, version int64) ([]byte, error) {
	p, err := s.open(ctx, id)
	if err != nil {
		return nil, err
	}
	var sealed []byte
	err = s.read.QueryRowContext(ctx, readPolicy, string(id), version).Scan(&sealed)
	if err != nil {
		return nil, s.wrap(exists(err, "project %s has no policy %d", id, version), "read policy %d of project %s", version, id)
	}
	document, err := p.content.Open(sealed, string(id), policyOf(version))
	return document, s.wrap(err, "read policy %d of project %s", version, id)
}

// Policies lists the versions of a project's policy, oldest first.
func (s *Store) Policies(ctx context.Context, id cvd.ProjectID) ([]PolicyVersion, error) {
	all, err := list(ctx, s.read, func(scan func(...any) error) (v PolicyVersion, err error) {
		var at int64
		err = scan(&v.Version, &at, &v.Author, &v.Proposal)
		v.At = instant(at)
		return v, err
	}, listPolicies, string(id))
	return all, s.wrap(err, "list the policies of project %s", id)
}
