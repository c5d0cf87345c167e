package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strconv"
	"time"

	"github.com/pressly/goose/v3/database"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
	"github.com/riverqueue/river/rivertype"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// sqliteEngine keeps everything in one file.
//
// Differs because SQLite has one writer at a time: the one connection that writes is shared with River, so that neither
// finds the database locked by the other; reading goes beside it on connections that cannot write.
type sqliteEngine struct {
	file        string
	patience    time.Duration
	read, write *sql.DB
	client      *river.Client[*sql.Tx]
	prepared    map[string]*sql.Stmt
	saw         func(error)
}

func openSQLite(ctx context.Context, config Config) (*sqliteEngine, error) {
	e := &sqliteEngine{file: config.File, patience: config.Patience, prepared: map[string]*sql.Stmt{}}
	// Made by us, for us alone to read: its log and index get the same rights.
	f, err := os.OpenFile(config.File, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := f.Close(); err != nil {
		return nil, err
	}
	e.saw = func(err error) {
		if e.trouble(err) == broken {
			config.broke(err)
		}
	}
	// What is deleted is overwritten with zeros: a case that is erased leaves no copy of its key in a free page.
	// The log is written back four times more seldom than SQLite would: each time costs two syncs, and reporters wait for them.
	if e.write, err = openWatched(e.source(config.File, "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)", "wal_autocheckpoint(4000)",
		"secure_delete(1)"), e.saw); err != nil {
		return nil, err
	}
	e.write.SetMaxOpenConns(1)
	if e.read, err = sql.Open("sqlite", e.source(config.File, "query_only(1)", "foreign_keys(1)")); err != nil {
		return nil, errors.Join(err, e.write.Close())
	}
	e.read.SetMaxOpenConns(8)
	e.read.SetMaxIdleConns(8)
	if e.client, err = river.NewClient(riversqlite.New(e.write), &river.Config{Logger: config.Log}); err != nil {
		return nil, errors.Join(err, e.read.Close(), e.write.Close())
	}
	// One process at a time makes the file, and makes it one with a log: two that change its journal at once do not wait for
	// each other, whatever the busy_timeout.
	if err := e.alone(ctx, func() error { return e.write.PingContext(ctx) }); err != nil {
		return nil, errors.Join(err, e.read.Close(), e.write.Close())
	}
	return e, nil
}

// source is the driver's address of a file. The driver takes pragmas in this spelling only and ignores every other.
func (e *sqliteEngine) source(file string, pragmas ...string) string {
	options := url.Values{"_txlock": {"immediate"}, "_pragma": append(pragmas, fmt.Sprintf("busy_timeout(%d)", e.patience.Milliseconds()))}
	return (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: file}).EscapedPath(), RawQuery: options.Encode()}).String()
}

func (e *sqliteEngine) pools() (read, write *sql.DB) { return e.read, e.write }

// ready asks for the pragmas, since the driver does not say when it ignores one, and prepares the writer's statements.
func (e *sqliteEngine) ready(ctx context.Context) error {
	for pragma, want := range map[string]string{"synchronous": "2", "journal_mode": "wal", "foreign_keys": "1", "wal_autocheckpoint": "4000", "secure_delete": "1",
		"busy_timeout": strconv.FormatInt(e.patience.Milliseconds(), 10)} {
		var got string
		if err := e.write.QueryRowContext(ctx, "PRAGMA "+pragma).Scan(&got); err != nil {
			return fmt.Errorf("ask for %s: %w", pragma, err)
		}
		if got != want {
			return fmt.Errorf("SQLite runs with %s = %s, not %s: a confirmed report could be lost", pragma, got, want)
		}
	}
	for _, text := range writerStatements {
		stmt, err := e.write.PrepareContext(ctx, text)
		if err != nil {
			return fmt.Errorf("prepare %q: %w", text, err)
		}
		e.prepared[text] = stmt
	}
	return nil
}

func (e *sqliteEngine) begin() (transaction, error) {
	// Without a deadline: the driver would watch each statement from a goroutine of its own. The wait for a lock ends by
	// busy_timeout.
	tx, err := e.write.BeginTx(context.Background(), nil)
	if err != nil {
		return nil, err
	}
	return &sqliteTx{engine: e, tx: tx}, nil
}

// lock does nothing: a transaction that writes is the only one from its beginning.
func (e *sqliteEngine) lock(context.Context, *sql.Tx, int64) error { return nil }

// moment needs nothing: whoever reads in a transaction sees the moment of its first statement.
func (e *sqliteEngine) moment() *sql.TxOptions { return &sql.TxOptions{ReadOnly: true} }

const (
	waitLittle = `PRAGMA busy_timeout = 50`
	checkpoint = `PRAGMA wal_checkpoint(TRUNCATE)`
	rewrite    = `VACUUM`
)

// clean rewrites the file, since a page from which rows moved to another may hold them still, secure_delete or not; then it
// writes the log back and cuts it to nothing. A connection of its own waits for others, and only a moment.
func (e *sqliteEngine) clean(ctx context.Context) (done bool, err error) {
	db, err := openWatched(e.source(e.file), e.saw)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	db.SetMaxOpenConns(1)
	if _, err := db.ExecContext(ctx, waitLittle); err != nil {
		return false, err
	}
	if _, err := db.ExecContext(ctx, rewrite); err != nil {
		if failure, ok := errors.AsType[*sqlite.Error](err); ok && failure.Code()&0xff == sqlite3.SQLITE_BUSY {
			return false, nil // somebody writes; the next time
		}
		return false, err
	}
	var busy, pages, written int
	err = db.QueryRowContext(ctx, checkpoint).Scan(&busy, &pages, &written)
	return err == nil && busy == 0, err
}

// trouble tells a full disk, after which nothing is half-written and writing may go on later, from a failed write or
// sync, after which nobody knows what is on the disk (the kernel reports it once and then forgets).
func (e *sqliteEngine) trouble(err error) trouble {
	if lostAnyway(err) {
		return lost
	}
	failure, ok := errors.AsType[*sqlite.Error](err)
	if !ok {
		return harmless
	}
	switch code := failure.Code(); {
	case code == sqlite3.SQLITE_IOERR_SHMSIZE: // no space for the shared index
		return lost
	case code&0xff == sqlite3.SQLITE_IOERR, code&0xff == sqlite3.SQLITE_CORRUPT, code&0xff == sqlite3.SQLITE_NOTADB:
		return broken
	case code == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
		return orphan
	case code == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, code == sqlite3.SQLITE_CONSTRAINT_UNIQUE:
		return duplicate
	}
	switch failure.Code() & 0xff {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY,
		sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_PROTOCOL:
		return lost
	}
	return harmless
}

// alone holds a write lock on a second, empty database beside the first: it ends with the process, on every system.
func (e *sqliteEngine) alone(ctx context.Context, f func() error) (err error) {
	guard, err := sql.Open("sqlite", e.source(e.file+".migrating"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, guard.Close()) }()
	tx, err := guard.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("wait for another process that migrates: %w", err)
	}
	defer func() { err = errors.Join(err, tx.Rollback()) }()
	return f()
}

func (e *sqliteEngine) dialect() database.Dialect { return database.DialectSQLite3 }

func (e *sqliteEngine) migrator() (migrator, error) {
	return rivermigrate.New(riversqlite.New(e.write), nil)
}

func (e *sqliteEngine) river() (*riversqlite.Driver, *riverpgxv5.Driver) {
	return riversqlite.New(e.write), nil
}

func (e *sqliteEngine) close() error { return errors.Join(e.read.Close(), e.write.Close()) }

// sqliteTx executes at once: there is no way to the database that could be saved.
type sqliteTx struct {
	engine *sqliteEngine
	tx     *sql.Tx
	err    error
}

func (t *sqliteTx) lock([]int64) {}

func (t *sqliteTx) query(statement string, row func(scan func(...any) error) error, args ...any) {
	if t.err != nil {
		return
	}
	rows, err := t.tx.StmtContext(context.Background(), t.engine.prepared[statement]).Query(args...)
	if err != nil {
		t.err = err
		return
	}
	for t.err == nil && rows.Next() {
		t.err = row(rows.Scan)
	}
	t.err = errors.Join(t.err, rows.Close(), rows.Err())
}

func (t *sqliteTx) exec(statement string, args ...any) {
	if t.err != nil {
		return
	}
	_, t.err = t.tx.StmtContext(context.Background(), t.engine.prepared[statement]).Exec(args...)
}

func (t *sqliteTx) flush() error { return t.err }

func (t *sqliteTx) insert(jobs []river.InsertManyParams) error {
	return insertTx(context.Background(), t.engine.client, t.tx, jobs)
}

func (t *sqliteTx) complete(ctx context.Context, job *rivertype.JobRow) error {
	return completeTx[*riversqlite.Driver](ctx, t.tx, job)
}

func (t *sqliteTx) commit() error { return t.tx.Commit() }
func (t *sqliteTx) rollback()     { _ = t.tx.Rollback() } // the error that led here is the one to tell
