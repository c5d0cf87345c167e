// Package store keeps everything: projects, cases and their events, clocks, deliveries, publications, people and the
// ledger. It holds the only SQL of the program, one text for SQLite and PostgreSQL.
//
// Begin with Append (append.go), the only way in for what happens to a case, and the one writer behind it (writer.go),
// which keeps many changes in one transaction. schema/ holds the tables; engine.go says where the two engines differ.
//
// To add something that is kept, add its table to a new schema/NNNN_what.sql and a file with its word: the value, and
// above each method the statement that it runs. A case's own content belongs into an event instead.
//
// It never decides anything about a case, and never writes in clear what a reporter or the team wrote: content is sealed
// before it is queued, and jobs hold ids only.
package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/riverdriver/riversqlite"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/seal"
)

// Config says where everything is kept and who can read it.
type Config struct {
	File       string           // of the SQLite database
	DSN        string           // of the PostgreSQL database; wins over File
	Identity   seal.Identity    // opens the projects' keys
	Recipients seal.Recipients  // to whom the keys of new projects are sealed: the installation, and its recovery identity
	Origin     string           // where logs are found, without scheme: "security.example.org"; empty: "tipstaff.local"
	Now        func() time.Time // the clock
	Log        *slog.Logger     // may be nil
	Fatal      func(error)      // called once if the disk may have lost what was written: the program must stop
	Patience   time.Duration    // how long to wait for a locked database; zero: 5 s

	broke func(error) // what an engine calls when a disk may have lost what was written, whoever wrote it
}

// Store is an open database.
type Store struct {
	config  Config
	engine  engine
	read    *sql.DB // for SQLite, connections that cannot write
	write   *sql.DB // for SQLite, the one connection that can
	writer  *writer
	cases   *cache[caseKey, opened]
	numbers numbers
	filing  sync.Mutex  // of files that come before their case
	unclean atomic.Bool // something was erased since the files were last overwritten

	mu         sync.RWMutex
	identity   seal.Identity
	recipients seal.Recipients
	projects   map[cvd.ProjectID]*project
}

// Open opens the database, creates or migrates what is in it, and starts the writer. It refuses a database of a newer
// program, and one whose projects the identity does not open. Close what it returns.
func Open(ctx context.Context, config Config) (*Store, error) {
	config.Origin = cmp.Or(config.Origin, "tipstaff.local")
	config.Patience = cmp.Or(config.Patience, patience)
	if config.Log == nil {
		config.Log = slog.New(slog.DiscardHandler)
	}
	if config.Fatal == nil {
		config.Fatal = func(error) {}
	}
	s := &Store{config: config, identity: config.Identity, recipients: config.Recipients,
		projects: map[cvd.ProjectID]*project{}, cases: newCache[caseKey, opened](4096)}
	s.numbers.blocks = map[cvd.ProjectID]*block{}
	config.broke = func(err error) {
		if s.writer != nil { // else Open returns the error itself
			s.writer.fail(err)
		}
	}
	var err error
	if s.engine, err = openEngine(ctx, config); err != nil {
		return nil, opening(config, err)
	}
	s.read, s.write = s.engine.pools()
	if err := s.start(ctx); err != nil {
		return nil, errors.Join(opening(config, err), s.engine.close())
	}
	s.writer = startWriter(s.engine, config.Now, s.fatal)
	return s, nil
}

// opening says in words what keeps a database from being opened, where it is not the key.
func opening(config Config, err error) error {
	switch {
	case config.DSN != "" && (*postgresEngine)(nil).trouble(err) == lost:
		return fmt.Errorf("PostgreSQL does not answer, or does not let us in: %w", err)
	case config.DSN == "" && (*sqliteEngine)(nil).trouble(err) == broken:
		return fmt.Errorf("the database %s is damaged, or is none: keep it as it is and restore a backup (tipstaff restore): %w", config.File, err)
	}
	return fmt.Errorf("open database: %w", err)
}

func (s *Store) start(ctx context.Context) error {
	if err := s.migrate(ctx); err != nil {
		return err
	}
	if err := s.engine.ready(ctx); err != nil {
		return err
	}
	all, err := s.Projects(ctx)
	if err != nil {
		return err
	}
	for _, p := range all {
		if _, err := s.open(ctx, p.ID); err != nil {
			return err
		}
	}
	return nil
}

// Close ends the writer, which keeps what is queued first, and closes the database.
func (s *Store) Close() error {
	s.writer.close()
	return s.engine.close()
}

const ping = `SELECT 1`

// Ready says whether the database answers and the writer still writes.
func (s *Store) Ready(ctx context.Context) error {
	if s.writer.broken.Load() {
		return busy("the disk failed; the program must be started again")
	}
	var one int
	return s.wrap(s.read.QueryRowContext(ctx, ping).Scan(&one), "ask the database")
}

// Stats counts what the writer did since the start.
type Stats struct {
	Batches int64 // transactions
	Changes int64 // that were kept by them
	Queued  int   // waiting now
}

// Stats returns the counts for the metrics.
func (s *Store) Stats() Stats {
	return Stats{Batches: s.writer.batches.Load(), Changes: s.writer.changes.Load(), Queued: len(s.writer.queue)}
}

// River returns the drivers with which package jobs opens its working client: one of them, the other is nil.
func (s *Store) River() (*riversqlite.Driver, *riverpgxv5.Driver) { return s.engine.river() }

func (s *Store) fatal(err error) {
	s.config.Log.Error("the disk failed; nothing is kept any more", "error", err)
	s.config.Fatal(err)
}

// now is the handed-in clock's instant, as it is stored.
func (s *Store) now() int64 { return s.config.Now().UnixMicro() }

// instant is the opposite of time.Time.UnixMicro: UTC, and zero for the zero instant.
func instant(micro int64) time.Time {
	if micro == zeroInstant {
		return time.Time{}
	}
	return time.UnixMicro(micro).UTC()
}

var zeroInstant = time.Time{}.UnixMicro()

// busy is what an asker reads when the database does not answer.
func busy(format string, args ...any) *cvd.Error {
	e := cvd.Errorf(cvd.Unavailable, format, args...)
	e.After = 3 * time.Second
	return e
}

// wrap says what was tried. An error that comes from a database which is gone, locked or full becomes Unavailable.
func (s *Store) wrap(err error, format string, args ...any) error {
	if err == nil {
		return nil
	}
	what := fmt.Sprintf(format, args...)
	if cvd.KindOf(err) == "" && s.engine.trouble(err) >= lost {
		return fmt.Errorf("%s: %w: %w", what, busy("the database does not answer; try again in a few seconds"), err)
	}
	return fmt.Errorf("%s: %w", what, err)
}

// within runs f in a transaction of its own: for what is not the writer's.
func (s *Store) within(ctx context.Context, f func(*sql.Tx) error) error {
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := f(tx); err != nil {
		return errors.Join(err, ignoreDone(tx.Rollback()))
	}
	return tx.Commit()
}

func ignoreDone(err error) error {
	if errors.Is(err, sql.ErrTxDone) {
		return nil
	}
	return err
}

// exists turns the absence of a row into NotFound.
func exists(err error, format string, args ...any) error {
	if errors.Is(err, sql.ErrNoRows) {
		return cvd.Errorf(cvd.NotFound, format, args...)
	}
	return err
}
