package store_test

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	_ "github.com/jackc/pgx/v5/stdlib"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/apptest"
	"github.com/tipstaff/tipstaff/internal/seal"
	"github.com/tipstaff/tipstaff/internal/store"
)

// world is one installation on one engine: its database, its key file and its clock.
type world struct {
	*store.Store
	t        testing.TB
	config   store.Config
	identity seal.Identity
	clock    time.Time
	raw      *sql.DB // beside the store: what somebody with the disk can do
}

// onBoth runs a story on SQLite and on PostgreSQL.
func onBoth(t *testing.T, story func(t *testing.T, w *world)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		story(t, newWorld(t, ""))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		story(t, newWorld(t, apptest.Postgres(t)))
	})
}

func newWorld(t testing.TB, dsn string) *world {
	t.Helper()
	identity, err := seal.GenerateIdentity()
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, identity: identity, clock: time.Date(2026, 4, 5, 10, 20, 30, 123456000, time.UTC)}
	w.config = store.Config{DSN: dsn, Identity: identity, Recipients: seal.Recipients{identity.Recipient()}, Now: func() time.Time { return w.clock },
		Fatal: func(err error) { t.Errorf("the store gave up: %v", err) }}
	if dsn == "" {
		w.config.File = filepath.Join(t.TempDir(), "tipstaff.db")
	}
	w.Store = w.open()
	w.connect()
	w.project("juno")
	return w
}

// connect opens the database beside the store.
func (w *world) connect() {
	w.t.Helper()
	driver, source := "sqlite", "file:"+w.config.File+"?_pragma=busy_timeout(5000)"
	if w.config.DSN != "" {
		driver, source = "pgx", w.config.DSN
	}
	var err error
	if w.raw, err = sql.Open(driver, source); err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = w.raw.Close() })
}

// open opens the same database once more, as another process would.
func (w *world) open() *store.Store {
	w.t.Helper()
	s, err := store.Open(context.Background(), w.config)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() {
		if err := s.Close(); err != nil {
			w.t.Error(err)
		}
	})
	return s
}

func (w *world) project(id cvd.ProjectID) {
	w.t.Helper()
	p := store.Project{ID: id, Prefix: strings.ToUpper(string(id)), Name: "The project " + string(id)}
	if err := w.CreateProject(context.Background(), p, []byte("policy of "+id)); err != nil {
		w.t.Fatal(err)
	}
}

// event makes the next event of a case, and the case after it.
func (w *world) event(c cvd.Case, what cvd.What) store.Change {
	id, err := cvd.NewEventID(rand.Reader)
	if err != nil {
		w.t.Fatal(err)
	}
	e := cvd.Event{ID: id, Project: c.Project, Case: c.ID, Rev: c.Rev + 1, At: w.clock, Who: "anna", Name: "Anna", Policy: 1, What: what}
	return store.Change{Project: c.Project, Event: e, Case: cvd.Fold(c, e)}
}

// report makes the change that opens a new case.
func (w *world) report(project cvd.ProjectID, title string) store.Change {
	w.t.Helper()
	id, err := w.NewCaseID(context.Background(), project)
	if err != nil {
		w.t.Fatal(err)
	}
	return w.event(cvd.Case{Project: project, ID: id}, cvd.What{Received: &cvd.Received{
		Report: cvd.Report{Door: "form", Title: title, Description: "It overflows.", Contact: cvd.Contact{Email: "rita@example.org"}}, Track: "private", Kind: "vulnerability"}})
}

func (w *world) append(c store.Change) store.Kept {
	w.t.Helper()
	kept, err := w.Append(context.Background(), c)
	if err != nil {
		w.t.Fatal(err)
	}
	return kept
}

// exec changes the database behind the store's back.
func (w *world) exec(statement string, args ...any) {
	w.t.Helper()
	if _, err := w.raw.Exec(statement, args...); err != nil {
		w.t.Fatalf("%s: %v", statement, err)
	}
}

func (w *world) count(statement string, args ...any) (n int) {
	w.t.Helper()
	if err := w.raw.QueryRow(statement, args...).Scan(&n); err != nil {
		w.t.Fatalf("%s: %v", statement, err)
	}
	return n
}

func same(t testing.TB, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func kind(t testing.TB, what string, err error, want cvd.Kind) {
	t.Helper()
	if cvd.KindOf(err) != want {
		t.Errorf("%s: got %v, want an error of the kind %q", what, err, want)
	}
}

func TestProjectKeepsEveryVersionOfItsPolicy(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		version, err := w.AddPolicy(ctx, "juno", []byte("stricter"))
		if err != nil || version != 2 {
			t.Fatalf("added version %d, %v; want 2", version, err)
		}
		s := w.open() // nothing of it may live in memory only
		p, err := s.Project(ctx, "juno")
		if err != nil {
			t.Fatal(err)
		}
		same(t, "the project", p, store.Project{ID: "juno", Prefix: "JUNO", Name: "The project juno", Policy: 2, Created: w.clock})
		for v, want := range map[int64]string{1: "policy of juno", 2: "stricter"} {
			if got, err := s.Policy(ctx, "juno", v); err != nil || string(got) != want {
				t.Errorf("policy %d is %q, %v; want %q", v, got, err, want)
			}
		}
		_, err = s.Policy(ctx, "juno", 3)
		kind(t, "a version that there is not", err, cvd.NotFound)
		kind(t, "a project that there is already", w.CreateProject(ctx, store.Project{ID: "juno"}, nil), cvd.Conflict)
		_, err = s.Project(ctx, "luna")
		kind(t, "a project that there is not", err, cvd.NotFound)
	})
}

func TestCaseNumbersNeverRepeat(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		seen, other := map[cvd.CaseID]bool{}, w.open()
		for i := range 200 {
			s := w.Store
			if i%3 == 0 {
				s = other
			}
			id, err := s.NewCaseID(t.Context(), "juno")
			if err != nil {
				t.Fatal(err)
			}
			if seen[id] {
				t.Fatalf("%s was given twice", id)
			}
			seen[id] = true
		}
	})
}

func TestNewerSchemaIsRefused(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		w.exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, TRUE)`)
		s, err := store.Open(t.Context(), w.config)
		if err == nil {
			_ = s.Close()
			t.Fatal("a database of a newer program was opened")
		}
		if want := "schema 9999"; !strings.Contains(err.Error(), want) {
			t.Errorf("got %q, want it to name %q", err, want)
		}
	})
}

func TestWrongKeyFileIsRefusedAtTheStart(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		other, err := seal.GenerateIdentity()
		if err != nil {
			t.Fatal(err)
		}
		w.config.Identity = other
		s, err := store.Open(t.Context(), w.config)
		if err == nil {
			_ = s.Close()
		}
		if !errors.Is(err, seal.ErrClosed) {
			t.Errorf("got %v, want %v", err, seal.ErrClosed)
		}
	})
}

// Two processes that start at once must not migrate at once.
func TestManyProcessesStartTogether(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		config := w.config
		if config.DSN == "" {
			config.File = filepath.Join(t.TempDir(), "together.db")
		} else {
			config.DSN = apptest.Postgres(t)
		}
		errs := make(chan error)
		for range 4 {
			go func() {
				s, err := store.Open(context.Background(), config)
				if err == nil {
					err = s.Close()
				}
				errs <- err
			}()
		}
		for range 4 {
			if err := <-errs; err != nil {
				t.Error(err)
			}
		}
	})
}

func TestDatabaseIsForItsOwnerAlone(t *testing.T) {
	w := newWorld(t, "")
	w.append(w.report("juno", "Overflow"))
	for _, suffix := range []string{"", "-wal", "-shm"} {
		is, err := os.Stat(w.config.File + suffix)
		if err != nil {
			t.Fatal(err)
		}
		if is.Mode().Perm() != 0o600 {
			t.Errorf("%s has the mode %v, want it readable by its owner alone", is.Name(), is.Mode())
		}
	}
}
