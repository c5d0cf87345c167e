package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"strconv"
	"sync"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/ledger"
	"github.com/tipstaff/tipstaff/internal/seal"
)

// Project is one project and the version of its policy that is in force.
type Project struct {
	ID      cvd.ProjectID
	Prefix  string // of its cases' ids: "JUNO"
	Name    string
	Policy  int64
	Created time.Time // when it was made; set by CreateProject
}

// project is an open project: what of it never changes, and its keys.
type project struct {
	Project
	number   int64
	origin   string
	verifier string
	signer   ledger.Signer
	keys     map[int64]projectKey // by version; they wrap the root and the cases' keys
	newest   int64                // version under which new cases are wrapped
	root     seal.Key             // the other keys derive from it; it never changes
	content  seal.Box             // seals what belongs to the project and to no case
	pending  seal.Box             // wraps the keys of cases that do not exist yet
	pads     []byte               // fill the hours of the ledger
	permute  []byte               // hides the numbers of cases
}

// projectKey is one version of a project's key, to be sealed again and to wrap with.
type projectKey struct {
	seal.Key
	box seal.Box
}

func (p *project) derive(root seal.Key) {
	p.root = root
	p.content = root.Derive("content").Box()
	p.pending = root.Derive("pending").Box()
	p.pads = root.Derive("ledger pads").MAC()
	p.permute = root.Derive("case numbers").MAC()
}

// wrap seals the key of a case under the newest key of the project.
func (p *project) wrap(key seal.Key, c cvd.CaseID) (version int64, wrapped []byte) {
	return p.newest, p.keys[p.newest].box.WrapKey(key, string(p.ID), string(c))
}

const (
	nextNumber    = `SELECT COALESCE(MAX(number), 0) + 1 FROM projects`
	insertProject = `INSERT INTO projects (id, number, prefix, name, policy, origin, verifier, signer, root_key, root, next_case, created)
		VALUES ($1, $2, $3, $4, 1, $5, $6, $7, 1, $8, 0, $9)`
	insertKey    = `INSERT INTO keys (project, version, recipients, sealed) VALUES ($1, $2, $3, $4)`
	insertPolicy = `INSERT INTO policies (project, version, at, author, proposal, sealed) VALUES ($1, $2, $3, $4, $5, $6)`
	insertHead   = `INSERT INTO heads (project, seq, chain, taken, closed) VALUES ($1, 0, $2, $3, $4)`
	insertLog    = `INSERT INTO logs (project, size, checkpoint) VALUES ($1, 0, $2)`
)

// CreateProject draws the project's keys and keeps its first policy document. A project that exists is a Conflict.
func (s *Store) CreateProject(ctx context.Context, p Project, document []byte) error {
	fresh, key, skey, err := s.draw(p)
	if err != nil {
		return fmt.Errorf("create project %s: %w", p.ID, err)
	}
	s.mu.RLock()
	recipients := s.recipients
	s.mu.RUnlock()
	sealed, err := key.SealTo(recipients, string(p.ID), "1")
	if err != nil {
		return fmt.Errorf("create project %s: %w", p.ID, err)
	}
	checkpoint, err := ledger.Log{}.Checkpoint(fresh.signer)
	if err != nil {
		return fmt.Errorf("create project %s: %w", p.ID, err)
	}
	id, now, empty := string(p.ID), s.config.Now(), ledger.Hash{}
	err = s.within(ctx, func(tx *sql.Tx) error {
		if err := tx.QueryRowContext(ctx, nextNumber).Scan(&fresh.number); err != nil {
			return err
		}
		return execAll(ctx, tx,
			row{insertProject, []any{id, fresh.number, p.Prefix, p.Name, fresh.origin, fresh.verifier,
				fresh.content.Seal([]byte(skey), id, "signer"), key.Box().WrapKey(fresh.root, id, "root"), now.UnixMicro()}},
			row{insertKey, []any{id, 1, recipientList(recipients), sealed}},
			row{insertPolicy, []any{id, 1, now.UnixMicro(), byMachine, 0, fresh.content.Seal(document, id, policyOf(1))}},
			row{insertHead, []any{id, empty[:], 0, ledger.EpochOf(now) - 1}},
			row{insertLog, []any{id, checkpoint}})
	})
	if s.engine.trouble(err) == duplicate {
		return cvd.Errorf(cvd.Conflict, "there is a project %s already", p.ID)
	}
	return s.wrap(err, "create project %s", p.ID)
}

func (s *Store) draw(p Project) (fresh *project, key seal.Key, skey string, err error) {
	fresh = &project{Project: p, origin: s.config.Origin + "/" + string(p.ID)}
	if key, err = seal.NewKey(rand.Reader); err != nil {
		return nil, key, "", err
	}
	root, err := seal.NewKey(rand.Reader)
	if err != nil {
		return nil, key, "", err
	}
	fresh.derive(root)
	if skey, fresh.verifier, err = ledger.GenerateKey(rand.Reader, fresh.origin); err != nil {
		return nil, key, "", err
	}
	fresh.signer, err = ledger.OpenSigner(skey)
	return fresh, key, skey, err
}

func execAll(ctx context.Context, tx *sql.Tx, rows ...row) error {
	for _, r := range rows {
		if _, err := tx.ExecContext(ctx, r.statement, r.args...); err != nil {
			return err
		}
	}
	return nil
}

const (
	listProjects = `SELECT id, prefix, name, policy, created FROM projects ORDER BY id`
	readProject  = `SELECT id, prefix, name, policy, created FROM projects WHERE id = $1`
)

// Projects lists all projects of the installation.
func (s *Store) Projects(ctx context.Context) ([]Project, error) {
	all, err := list(ctx, s.read, scanProject, listProjects)
	return all, s.wrap(err, "list projects")
}

// Project finds a project as it is now.
func (s *Store) Project(ctx context.Context, id cvd.ProjectID) (Project, error) {
	p, err := scanProject(s.read.QueryRowContext(ctx, readProject, string(id)).Scan)
	return p, s.wrap(exists(err, "there is no project %s", id), "read project %s", id)
}

func scanProject(scan func(...any) error) (Project, error) {
	var p Project
	var created int64
	err := scan(&p.ID, &p.Prefix, &p.Name, &p.Policy, &created)
	p.Created = instant(created)
	return p, err
}

// list reads all rows of a statement.
func list[T any](ctx context.Context, db querier, read func(scan func(...any) error) (T, error), statement string, args ...any) ([]T, error) {
	rows, err := db.QueryContext(ctx, statement, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		one, err := read(rows.Scan)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, rows.Err()
}

const (
	openProject = `SELECT id, prefix, name, policy, number, origin, verifier, signer, root_key, root FROM projects WHERE id = $1`
	listKeys    = `SELECT version, sealed FROM keys WHERE project = $1 ORDER BY version`
)

// open finds a project and its keys, which the identity opens once.
func (s *Store) open(ctx context.Context, id cvd.ProjectID) (*project, error) {
	s.mu.RLock()
	known, identity := s.projects[id], s.identity
	s.mu.RUnlock()
	if known != nil {
		return known, nil
	}
	p := &project{keys: map[int64]projectKey{}}
	var signer, root []byte
	var rootKey int64
	err := s.read.QueryRowContext(ctx, openProject, string(id)).
		Scan(&p.ID, &p.Prefix, &p.Name, &p.Policy, &p.number, &p.origin, &p.verifier, &signer, &rootKey, &root)
	if err != nil {
		return nil, s.wrap(exists(err, "there is no project %s", id), "open project %s", id)
	}
	type sealedKey struct {
		version int64
		sealed  []byte
	}
	keys, err := list(ctx, s.read, func(scan func(...any) error) (k sealedKey, err error) {
		return k, scan(&k.version, &k.sealed)
	}, listKeys, string(id))
	if err != nil {
		return nil, s.wrap(err, "open project %s", id)
	}
	for _, k := range keys {
		key, err := identity.OpenKey(k.sealed, string(id), strconv.FormatInt(k.version, 10))
		if err != nil {
			return nil, fmt.Errorf("open project %s: the key file is not the one that its keys were sealed to: %w", id, err)
		}
		p.keys[k.version], p.newest = projectKey{key, key.Box()}, k.version
	}
	if err := p.unseal(rootKey, root, signer); err != nil {
		return nil, fmt.Errorf("open project %s: %w", id, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.projects[id] = p
	return p, nil
}

func (p *project) unseal(rootKey int64, root, signer []byte) error {
	by, ok := p.keys[rootKey]
	if !ok {
		return fmt.Errorf("its key %d is missing", rootKey)
	}
	key, err := by.box.UnwrapKey(root, string(p.ID), "root")
	if err != nil {
		return err
	}
	p.derive(key)
	skey, err := p.content.Open(signer, string(p.ID), "signer")
	if err != nil {
		return err
	}
	p.signer, err = ledger.OpenSigner(string(skey))
	return err
}

// forget makes the next asker read the project's keys anew.
func (s *Store) forget(id cvd.ProjectID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.projects, id)
}

// Signer signs for the project's log; its name is the log's origin, and it knows its verifier key.
func (s *Store) Signer(ctx context.Context, id cvd.ProjectID) (ledger.Signer, error) {
	p, err := s.open(ctx, id)
	if err != nil {
		return ledger.Signer{}, err
	}
	return p.signer, nil
}

// Verifier is the public half of the key with which the project's log signs.
func (s *Store) Verifier(ctx context.Context, id cvd.ProjectID) (string, error) {
	p, err := s.open(ctx, id)
	if err != nil {
		return "", err
	}
	return p.verifier, nil
}

// MAC names a value that must be found again without being stored, such as the address of a mail thread.
func (s *Store) MAC(ctx context.Context, id cvd.ProjectID, parts ...string) ([]byte, error) {
	p, err := s.open(ctx, id)
	if err != nil {
		return nil, err
	}
	return p.root.Derive("names").MAC(parts...), nil
}

// numbers hands out case numbers from blocks, so that a report costs no transaction for its id.
type numbers struct {
	mu     sync.Mutex
	blocks map[cvd.ProjectID]*block
}

type block struct{ next, end int64 }

const (
	blockSize = 64
	takeBlock = `UPDATE projects SET next_case = next_case + $2 WHERE id = $1 RETURNING next_case`
)

// NewCaseID draws the id of a new case. Ids of cases that were never made are lost, and nobody can tell.
func (s *Store) NewCaseID(ctx context.Context, id cvd.ProjectID) (cvd.CaseID, error) {
	p, err := s.open(ctx, id)
	if err != nil {
		return "", err
	}
	s.numbers.mu.Lock()
	defer s.numbers.mu.Unlock()
	b := s.numbers.blocks[id]
	if b == nil {
		b = &block{}
		s.numbers.blocks[id] = b
	}
	if b.next == b.end {
		var end int64
		if err := s.write.QueryRowContext(ctx, takeBlock, string(id), blockSize).Scan(&end); err != nil {
			return "", s.wrap(err, "number a case of project %s", id)
		}
		b.next, b.end = end-blockSize, end
	}
	n := b.next
	b.next++
	return cvd.NewCaseID(p.Prefix, p.permute, n), nil
}
