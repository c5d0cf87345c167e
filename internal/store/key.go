package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/seal"
)

// rewrapMax is how many cases get their new wrapping in one transaction.
const rewrapMax = 256

// RotateKeys gives every project a new key, sealed to the recipients, and wraps the keys of all its cases under it. From
// the first moment on, identity (whose public half must be one of the recipients) opens everything, and the one before
// opens nothing any more, as far as this database goes; what it has opened in a backup stays open.
//
// It may be ended at any moment and called again: it goes on where it was.
func (s *Store) RotateKeys(ctx context.Context, identity seal.Identity, recipients seal.Recipients) error {
	if !slices.Contains(recipients, identity.Recipient()) {
		return cvd.Errorf(cvd.Invalid, "the new key file is not one of the recipients: nobody here could open what is sealed to them")
	}
	all, err := s.Projects(ctx)
	if err != nil {
		return err
	}
	if err := s.newProjectKeys(ctx, all, recipients); err != nil {
		return s.wrap(err, "change the projects' keys")
	}
	s.mu.Lock()
	s.identity, s.recipients = identity, recipients
	clear(s.projects)
	s.mu.Unlock()
	for _, each := range all {
		if err := s.rewrapAll(ctx, each.ID); err != nil {
			return s.wrap(err, "change the key of project %s", each.ID)
		}
	}
	return nil
}

// newProjectKeys draws the new keys in one transaction, so that at each moment one identity opens all projects.
func (s *Store) newProjectKeys(ctx context.Context, all []Project, recipients seal.Recipients) error {
	var rows []row
	for _, each := range all {
		p, err := s.open(ctx, each.ID)
		if err != nil {
			return err
		}
		begun, err := s.rotating(ctx, p, recipients)
		if err != nil {
			return err
		}
		if begun {
			continue
		}
		if rows, err = p.newKey(rows, recipients); err != nil {
			return err
		}
	}
	return s.within(ctx, func(tx *sql.Tx) error { return execAll(ctx, tx, rows...) })
}

// rewrapAll moves every case of a project to its newest key and destroys the others.
func (s *Store) rewrapAll(ctx context.Context, id cvd.ProjectID) error {
	p, err := s.open(ctx, id)
	if err != nil {
		return err
	}
	for more := true; more; {
		if more, err = s.rewrap(ctx, p); err != nil {
			return err
		}
	}
	return s.dropKeys(ctx, p)
}

const (
	countKeys    = `SELECT COUNT(*), MAX(version) FROM keys WHERE project = $1`
	readSealedTo = `SELECT recipients FROM keys WHERE project = $1 AND version = $2`
)

// rotating says whether a rotation to these recipients was begun and not ended.
func (s *Store) rotating(ctx context.Context, p *project, recipients seal.Recipients) (bool, error) {
	var n, newest int64
	if err := s.write.QueryRowContext(ctx, countKeys, string(p.ID)).Scan(&n, &newest); err != nil {
		return false, err
	}
	var to string
	err := s.write.QueryRowContext(ctx, readSealedTo, string(p.ID), newest).Scan(&to)
	return n > 1 && to == recipientList(recipients), err
}

// SealedKey is a version of a project's key, without the key: the public halves of those who can open it.
type SealedKey struct {
	Version    int64
	Recipients []string
}

const listSealedTo = `SELECT version, recipients FROM keys WHERE project = $1 ORDER BY version`

// Keys lists the versions of a project's key. There is more than one while a rotation goes on.
func (s *Store) Keys(ctx context.Context, project cvd.ProjectID) ([]SealedKey, error) {
	all, err := list(ctx, s.read, func(scan func(...any) error) (k SealedKey, err error) {
		var to string
		err = scan(&k.Version, &to)
		k.Recipients = strings.Fields(to)
		return k, err
	}, listSealedTo, string(project))
	return all, s.wrap(err, "list the keys of project %s", project)
}

// Recipient is the public half of the installation's key: what others seal to it.
func (s *Store) Recipient() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.identity.Recipient()
}

// Unseal opens what others sealed to the installation's key.
func (s *Store) Unseal(sealed []byte) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.identity.Open(sealed)
}

// recipientList is how the recipients of a key are kept beside it.
func recipientList(r seal.Recipients) string {
	return strings.Join(slices.Sorted(slices.Values(r)), " ")
}

const (
	resealKey = `UPDATE keys SET sealed = $3 WHERE project = $1 AND version = $2`
	wrapRoot  = `UPDATE projects SET root_key = $2, root = $3 WHERE id = $1`
)

// newKey draws a key and wraps the project's root under it. The keys that still wrap cases are sealed to the same
// recipients, so that whoever can open the new one can go on.
func (p *project) newKey(rows []row, recipients seal.Recipients) ([]row, error) {
	key, err := seal.NewKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	id, version := string(p.ID), p.newest+1
	sealed, err := key.SealTo(recipients, id, strconv.FormatInt(version, 10))
	if err != nil {
		return nil, err
	}
	rows = append(rows, row{insertKey, []any{id, version, recipientList(recipients), sealed}},
		row{wrapRoot, []any{id, version, key.Box().WrapKey(p.root, id, "root")}})
	for v, old := range p.keys {
		again, err := old.SealTo(recipients, id, strconv.FormatInt(v, 10))
		if err != nil {
			return nil, err
		}
		rows = append(rows, row{resealKey, []any{id, v, again}})
	}
	return rows, nil
}

const (
	listOldCases = `SELECT id, key, wrapped FROM cases WHERE project = $1 AND key < $2 LIMIT $3`
	rewrapCase   = `UPDATE cases SET key = $3, wrapped = $4 WHERE project = $1 AND id = $2 AND key = $5 AND wrapped = $6`
)

// rewrap moves some cases to the newest key; more is false when none was left.
func (s *Store) rewrap(ctx context.Context, p *project) (more bool, err error) {
	type old struct {
		id      cvd.CaseID
		version int64
		wrapped []byte
	}
	cases, err := list(ctx, s.write, func(scan func(...any) error) (o old, err error) {
		err = scan(&o.id, &o.version, &o.wrapped)
		return o, err
	}, listOldCases, string(p.ID), p.newest, rewrapMax)
	if err != nil || len(cases) == 0 {
		return false, err
	}
	rows := make([]row, len(cases))
	for i, o := range cases {
		by, ok := p.keys[o.version]
		if !ok {
			return false, fmt.Errorf("key %d of case %s is missing", o.version, o.id)
		}
		key, err := by.box.UnwrapKey(o.wrapped, string(p.ID), string(o.id))
		if err != nil {
			return false, fmt.Errorf("open the key of case %s: %w", o.id, err)
		}
		version, wrapped := p.wrap(key, o.id)
		rows[i] = row{rewrapCase, []any{string(p.ID), string(o.id), version, wrapped, o.version, o.wrapped}} // never over the new key of a case that was erased meanwhile
	}
	return true, s.within(ctx, func(tx *sql.Tx) error { return execAll(ctx, tx, rows...) })
}

const dropOldKeys = `DELETE FROM keys WHERE project = $1 AND version < $2`

// dropKeys destroys the keys that wrap nothing any more. If another process has wrapped a new case under one of them
// meanwhile, the database refuses, and the next rotation finds it.
func (s *Store) dropKeys(ctx context.Context, p *project) error {
	for {
		_, err := s.write.ExecContext(ctx, dropOldKeys, string(p.ID), p.newest)
		if s.engine.trouble(err) != orphan {
			return err
		}
		if _, err := s.rewrap(ctx, p); err != nil {
			return err
		}
	}
}
