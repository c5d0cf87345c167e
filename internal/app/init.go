package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/auth"
	"github.com/tipstaff/tipstaff/internal/ledger"
	"github.com/tipstaff/tipstaff/internal/policy"
	"github.com/tipstaff/tipstaff/internal/seal"
	"github.com/tipstaff/tipstaff/internal/store"
)

// InitOptions is what the first start needs to know.
type InitOptions struct {
	Policy []byte        // the first project's policy document
	File   string        // its name, for messages
	Admin  cvd.ActorID   // handle of the first administrator
	Name   string        // and the name
	Roles  []string      // of the policy; empty: the policy's first role that may administer
	Others []cvd.ActorID // who is on the roster besides, in the policy's first role; they get their tokens later
}

// Initialised is what is shown once.
type Initialised struct {
	Project     cvd.ProjectID
	Handle      cvd.ActorID
	Token       string // of the administrator
	RecoveryKey string // opens everything when the installation's key is lost; empty if there was one already
	Verifier    string // verifier key of the project's ledger, to publish
}

// Init makes the data directory with its keys, and the first project with its first administrator. In a directory that has
// keys it only adds the project.
func Init(ctx context.Context, cfg Config, opts InitOptions) (Initialised, error) {
	if err := cfg.Check(); err != nil {
		return Initialised{}, err
	}
	doc, err := readPolicy(opts.File, opts.Policy)
	if err != nil {
		return Initialised{}, err
	}
	recovery, err := makeKeys(cfg)
	if err != nil {
		return Initialised{}, err
	}
	s, err := openStore(ctx, cfg, World{}.filled(), func(error) {})
	if err != nil {
		return Initialised{}, err
	}
	defer func() { _ = s.Close() }() // everything below is durable when it returns
	done := Initialised{Project: cvd.ProjectID(doc.Document.Policy), Handle: opts.Admin, RecoveryKey: recovery}
	if err := addProject(ctx, s, doc); err != nil {
		return Initialised{}, err
	}
	roles := opts.Roles
	if len(roles) == 0 {
		roles = firstRoles(doc)
	}
	person := cvd.Person{Handle: opts.Admin, Name: opts.Name, Roles: roles, Active: true}
	if err := s.PutPerson(ctx, done.Project, person, ""); err != nil {
		return Initialised{}, err
	}
	for _, other := range opts.Others {
		p := cvd.Person{Handle: other, Name: string(other), Roles: []string{doc.Document.Roles[0].Name}, Active: true}
		if err := s.PutPerson(ctx, done.Project, p, ""); err != nil {
			return Initialised{}, err
		}
	}
	a := auth.New(auth.Auth{Store: s, Now: time.Now})
	if done.Token, err = a.NewToken(ctx, done.Project, opts.Admin, time.Time{}); err != nil {
		return Initialised{}, err
	}
	done.Verifier, err = s.Verifier(ctx, done.Project)
	return done, err
}

// firstRoles are what the first person of a project is: the policy's first role, and the one that may administer.
func firstRoles(doc *policy.Policy) []string {
	roles := []string{doc.Document.Roles[0].Name}
	for _, r := range doc.Document.Roles {
		if slices.Contains(r.Can, string(cvd.Administer)) && !slices.Contains(roles, r.Name) {
			return append(roles, r.Name)
		}
	}
	return roles
}

// PolicySet is the version of a project's policy that is in force, and whether it was before.
type PolicySet struct {
	Project cvd.ProjectID
	Version int64
	Same    bool
}

// SetPolicy puts a new version of a project's policy in force, for cases that come from now on, unless the text, with all
// that it stands on, is that of the version which is. A running program reads it within a second.
func SetPolicy(ctx context.Context, cfg Config, file string, text []byte) (PolicySet, error) {
	doc, err := readPolicy(file, text)
	if err != nil {
		return PolicySet{}, err
	}
	set := PolicySet{Project: cvd.ProjectID(doc.Document.Policy)}
	err = offline(ctx, cfg, func(s *store.Store) error {
		p, err := s.Project(ctx, set.Project)
		if err != nil {
			return err
		}
		if address := cfg.PolicySources[string(set.Project)]; address != "" {
			return cvd.Errorf(cvd.Refused, "the policy of %s comes from %s: change it there, or take its line out of policy-sources", set.Project, address)
		}
		if p.Prefix != doc.Document.Prefix {
			return fmt.Errorf("the prefix of %s is %s and stays so: its cases bear it", set.Project, p.Prefix)
		}
		now, err := s.Policy(ctx, set.Project, p.Policy)
		if err != nil {
			return err
		}
		if set.Version, set.Same = p.Policy, bytes.Equal(now, doc.Flat()); set.Same {
			return nil
		}
		set.Version, err = s.AddPolicy(ctx, set.Project, doc.Flat())
		return err
	})
	return set, err
}

// addProject makes a project of a policy document. It keeps the document with all that it stands on, so that nothing changes
// under a case when the program's gallery does.
func addProject(ctx context.Context, s *store.Store, doc *policy.Policy) error {
	return s.CreateProject(ctx, store.Project{ID: cvd.ProjectID(doc.Document.Policy), Prefix: doc.Document.Prefix, Name: doc.Document.Title}, doc.Flat())
}

// makeKeys makes the installation's key and its recovery key, unless there are some. The recovery key is returned and kept
// nowhere: only its public half stays, so that new projects can be sealed to it.
func makeKeys(cfg Config) (recovery string, err error) {
	if err := os.MkdirAll(cfg.Data, 0o700); err != nil {
		return "", fmt.Errorf("make the data directory: %w", err)
	}
	if _, err := os.Stat(cfg.Key); err == nil || !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	id, err := seal.GenerateIdentity()
	if err != nil {
		return "", err
	}
	spare, err := seal.GenerateIdentity()
	if err != nil {
		return "", err
	}
	if err := os.WriteFile(filepath.Join(cfg.Data, "recovery.pub"), []byte(spare.Recipient()+"\n"), 0o600); err != nil {
		return "", fmt.Errorf("keep the recovery recipient: %w", err)
	}
	if err := writeNew(cfg.Key, id.Text()); err != nil {
		return "", err
	}
	return spare.Text(), nil
}

// writeNew writes a secret to a file that must not exist, and makes it durable before anything is sealed to it.
func writeNew(name, text string) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("keep the key: %w", err)
	}
	_, err = f.WriteString(text)
	return errors.Join(err, f.Sync(), f.Close())
}

// CreateToken makes a token for somebody on a roster, on the machine itself: the way in for an administrator who lost theirs.
func CreateToken(ctx context.Context, cfg Config, project cvd.ProjectID, handle cvd.ActorID, days int) (string, error) {
	var token string
	err := offline(ctx, cfg, func(s *store.Store) error {
		if _, _, err := s.Person(ctx, project, handle); err != nil {
			return err
		}
		var expires time.Time
		if days > 0 {
			expires = time.Now().AddDate(0, 0, days)
		}
		var err error
		token, err = auth.New(auth.Auth{Store: s, Now: time.Now}).NewToken(ctx, project, handle, expires)
		return err
	})
	return token, err
}

// LedgerReport is what verifying one project's ledger found; Err names the first event that was edited, removed or reordered.
type LedgerReport struct {
	Project  cvd.ProjectID
	Verifier string
	Events   int64
	Erased   int64 // of them, known by their hashes alone
	Err      error
}

// VerifyLedger recomputes the ledger of every project from what is kept.
func VerifyLedger(ctx context.Context, cfg Config) ([]LedgerReport, error) {
	var reports []LedgerReport
	err := offline(ctx, cfg, func(s *store.Store) error {
		all, err := s.Projects(ctx)
		if err != nil {
			return err
		}
		for _, p := range all {
			key, err := s.Verifier(ctx, p.ID)
			if err != nil {
				return err
			}
			audit, err := verify(ctx, s, p.ID)
			reports = append(reports, LedgerReport{Project: p.ID, Verifier: key, Events: audit.Entries, Erased: audit.Erased, Err: err})
		}
		return nil
	})
	return reports, err
}

func verify(ctx context.Context, s *store.Store, id cvd.ProjectID) (ledger.Audit, error) {
	audit, err := s.VerifyLedger(ctx, id)
	if err != nil {
		return audit, err
	}
	return audit, s.VerifyCases(ctx, id)
}

// offline opens the database alone, does something and closes it.
func offline(ctx context.Context, cfg Config, do func(*store.Store) error) error {
	if err := cfg.Check(); err != nil {
		return err
	}
	if err := unfinished(cfg); err != nil {
		return err
	}
	return beside(ctx, cfg, do)
}

// beside opens the database, whoever else has it open.
func beside(ctx context.Context, cfg Config, do func(*store.Store) error) error {
	s, err := openStore(ctx, cfg, World{}.filled(), func(error) {})
	if err != nil {
		return err
	}
	return errors.Join(do(s), s.Close())
}

// AddProject adds a project to an installation that has its keys.
func AddProject(ctx context.Context, cfg Config, world World, file string, text []byte) error {
	if err := cfg.Check(); err != nil {
		return err
	}
	doc, err := readPolicy(file, text)
	if err != nil {
		return err
	}
	s, err := openStore(ctx, cfg, world.filled(), func(error) {})
	if err != nil {
		return err
	}
	return errors.Join(addProject(ctx, s, doc), s.Close())
}

// RotateKey gives every project a new key, sealed to a new key of the installation, and wraps every case's key anew. Text
// sealed before stays as it is: what is replaced are the keys above it. Ended at any moment, it goes on when called again.
func RotateKey(ctx context.Context, cfg Config) error {
	if err := cfg.Check(); err != nil {
		return err
	}
	held, err := lock(cfg.Data, true) // a server would go on with the key that is being replaced
	if err != nil {
		return err
	}
	defer func() { _ = held.Close() }() // nothing was written to it
	next, err := nextIdentity(cfg)
	if err != nil {
		return err
	}
	err = offline(ctx, cfg, func(s *store.Store) error {
		return s.RotateKeys(ctx, next, recipients(cfg, next))
	})
	if err != nil {
		return err
	}
	if err := os.Rename(nextKey(cfg), cfg.Key); err != nil {
		return fmt.Errorf("put the new key in its place: %w", err)
	}
	return nil
}

// nextKey is where a new key lies until everything is sealed to it. While it exists either key may be the one that opens.
func nextKey(cfg Config) string { return cfg.Key + ".next" }

// nextIdentity is the new key: the one of a rotation that was begun, or a fresh one, durable before anything is sealed to it.
func nextIdentity(cfg Config) (seal.Identity, error) {
	if text, err := secretFile(nextKey(cfg)); err == nil {
		return seal.ParseIdentity(text)
	}
	next, err := seal.GenerateIdentity()
	if err != nil {
		return seal.Identity{}, err
	}
	return next, writeNew(nextKey(cfg), next.Text())
}
