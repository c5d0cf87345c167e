package store

import (
	"context"
	"database/sql"
	"errors"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
	"github.com/riverqueue/river/rivertype"

	"github.com/pressly/goose/v3/database"
)

// engine is all in which SQLite (sqlite.go) and PostgreSQL (postgres.go) differ. The statements are the same.
type engine interface {
	// pools are the connections for reading and for writing outside of the writer; they may be the same.
	pools() (read, write *sql.DB)
	// ready checks what a database must promise before anything is written to it.
	ready(ctx context.Context) error
	// begin opens a transaction of the writer.
	begin() (transaction, error)
	// lock makes a transaction that is not the writer's the only one of its project.
	lock(ctx context.Context, tx *sql.Tx, project int64) error
	// moment are the options of a transaction that only reads, and sees one moment.
	moment() *sql.TxOptions
	// clean overwrites what was deleted in files that the engine keeps beside the tables; done is false if it could not now.
	clean(ctx context.Context) (done bool, err error)
	// health asks the database about itself.
	health(ctx context.Context) (Health, error)
	// trouble says what an error means for the next transaction.
	trouble(err error) trouble
	// alone runs f while no other process migrates the same database.
	alone(ctx context.Context, f func() error) error
	dialect() database.Dialect
	migrator() (migrator, error)
	river() (*riversqlite.Driver, *riverpgxv5.Driver)
	close() error
}

// transaction is one batch of the writer. What is asked and executed may lie queued until flush, in order; the first
// error makes the rest do nothing and is returned by flush.
type transaction interface {
	lock(projects []int64)
	query(statement string, row func(scan func(...any) error) error, args ...any)
	exec(statement string, args ...any)
	flush() error
	// insert leaves jobs to River. With unique, jobs that are there already are left out.
	insert(jobs []river.InsertManyParams) error
	// complete finishes a job; ctx is that of the job's worker.
	complete(ctx context.Context, job *rivertype.JobRow) error
	commit() error
	rollback()
}

// trouble is what an error of the database means.
type trouble int

const (
	harmless  trouble = iota // the statement was wrong, not the database
	duplicate                // the row is there already
	orphan                   // the statement refers to a row that is not there
	lost                     // the database is gone, locked or full: it may come back
	broken                   // what was written may be lost: never write again
)

// Differs because the engines differ in everything below SQL; the DSN chooses.
func openEngine(ctx context.Context, config Config) (engine, error) {
	if config.DSN != "" {
		return openPostgres(ctx, config)
	}
	if config.File == "" {
		return nil, errors.New("neither a file for SQLite nor an address of PostgreSQL is given")
	}
	return openSQLite(ctx, config)
}

// lostAnyway are the errors by which database/sql says that a connection is gone, on both engines.
func lostAnyway(err error) bool {
	return errors.Is(err, sql.ErrConnDone) || errors.Is(err, context.DeadlineExceeded)
}

// finished stands for a job of any kind that the store completes without reading its arguments.
type finished struct{}

// Kind is never stored.
func (finished) Kind() string { return "finished" }

// completeTx finishes a job in a transaction, as River asks: with its own client, which the worker's context carries.
func completeTx[D riverdriver.Driver[T], T any](ctx context.Context, tx T, job *rivertype.JobRow) error {
	_, err := river.JobCompleteTx[D](ctx, tx, &river.Job[finished]{JobRow: job})
	return err
}

// insertTx leaves jobs to River in a transaction; one that is there already stays as it is.
func insertTx[T any](ctx context.Context, client *river.Client[T], tx T, jobs []river.InsertManyParams) error {
	_, err := client.InsertManyTx(ctx, tx, jobs)
	return err
}

// migrator brings River's own tables up to date.
type migrator interface {
	AllVersions() []rivermigrate.Migration
	ExistingVersions(ctx context.Context) ([]rivermigrate.Migration, error)
	Migrate(ctx context.Context, direction rivermigrate.Direction, opts *rivermigrate.MigrateOpts) (*rivermigrate.MigrateResult, error)
}
