package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3/database"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
	"github.com/riverqueue/river/rivertype"
)

// lockClass keeps our advisory locks apart from those of others: the form with two integers, which River does not use.
const lockClass = 7473

const (
	minConnections = 12               // River's listener and workers, the writer, and readers
	transactionMax = 10 * time.Second // no transaction of the writer takes longer on a database that is alive
)

// postgresEngine keeps everything on a server.
//
// Differs because several processes may write to one server: a project's writers take turns by an advisory lock. And
// because the server is far away: statements are sent many at a time.
type postgresEngine struct {
	pool   *pgxpool.Pool
	db     *sql.DB // the same pool
	client *river.Client[pgx.Tx]
}

func openPostgres(ctx context.Context, config Config) (*postgresEngine, error) {
	settings, err := pgxpool.ParseConfig(config.DSN)
	if err != nil {
		// Not wrapped: it may repeat the password.
		return nil, errors.New("the address of PostgreSQL cannot be read; expected postgres://user@host/database")
	}
	settings.MaxConns = max(settings.MaxConns, minConnections)
	if _, ok := settings.ConnConfig.RuntimeParams["lock_timeout"]; !ok {
		settings.ConnConfig.RuntimeParams["lock_timeout"] = fmt.Sprintf("%dms", config.Patience.Milliseconds())
	}
	pool, err := pgxpool.NewWithConfig(ctx, settings)
	if err != nil {
		return nil, err
	}
	client, err := river.NewClient(riverpgxv5.New(pool), &river.Config{Logger: config.Log})
	if err != nil {
		pool.Close()
		return nil, err
	}
	return &postgresEngine{pool: pool, db: stdlib.OpenDBFromPool(pool), client: client}, nil
}

func (e *postgresEngine) pools() (read, write *sql.DB) { return e.db, e.db }

func (e *postgresEngine) ready(ctx context.Context) error {
	var durable string
	if err := e.pool.QueryRow(ctx, "SELECT current_setting('fsync') || ' ' || current_setting('synchronous_commit')").Scan(&durable); err != nil {
		return err
	}
	if fsync, commit, _ := strings.Cut(durable, " "); fsync != "on" || commit == "off" {
		return fmt.Errorf("PostgreSQL runs with fsync = %s and synchronous_commit = %s: a confirmed report could be lost", fsync, commit)
	}
	return nil
}

func (e *postgresEngine) begin() (transaction, error) {
	ctx, cancel := context.WithTimeout(context.Background(), transactionMax)
	tx, err := e.pool.Begin(ctx)
	if err != nil {
		cancel()
		return nil, err
	}
	t := &postgresTx{ctx: ctx, cancel: cancel, client: e.client, tx: tx}
	t.batch.Queue(wakeful, transactionMax.String())
	return t, nil
}

// wakeful makes the server end a transaction whose process has said nothing for as long as a transaction may take: a machine that
// is paused or gone would keep the turn to write, and nobody else would get it before its connection is given up, hours later.
const wakeful = `SELECT set_config('idle_in_transaction_session_timeout', $1, TRUE)`

const advisoryLock = `SELECT pg_advisory_xact_lock(CAST($1 AS INTEGER), CAST($2 AS INTEGER))`

func (e *postgresEngine) lock(ctx context.Context, tx *sql.Tx, project int64) error {
	_, err := tx.ExecContext(ctx, wakeful, transactionMax.String())
	if err == nil {
		_, err = tx.ExecContext(ctx, advisoryLock, lockClass, project)
	}
	return err
}

// clean leaves the rows as they were to the server's vacuum, and the server's own log to whoever keeps it.
func (e *postgresEngine) clean(context.Context) (done bool, err error) { return true, nil }

func (e *postgresEngine) moment() *sql.TxOptions {
	return &sql.TxOptions{ReadOnly: true, Isolation: sql.LevelRepeatableRead}
}

// trouble takes what the server did not answer for as lost. A server whose disk fails stops itself.
func (e *postgresEngine) trouble(err error) trouble {
	if lostAnyway(err) {
		return lost
	}
	if answer, ok := errors.AsType[*pgconn.PgError](err); ok {
		switch answer.Code[:2] {
		case "08", "53", "57", "58", "40", "55": // connection, resources, operator, system, rollback, lock
			return lost
		}
		switch answer.Code {
		case "25P03": // idle_in_transaction_session_timeout: we slept
			return lost
		case "23503": // foreign_key_violation
			return orphan
		case "23505": // unique_violation
			return duplicate
		}
		return harmless
	}
	if _, ok := errors.AsType[*pgconn.ConnectError](err); ok {
		return lost
	}
	_, network := errors.AsType[net.Error](err)
	if network || pgconn.SafeToRetry(err) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return lost
	}
	return harmless
}

func (e *postgresEngine) alone(ctx context.Context, f func() error) (err error) {
	conn, err := e.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	// A session's lock, since each migration is a transaction of its own; and no lock_timeout: another process may take long.
	if _, err := conn.Exec(ctx, "SET lock_timeout = 0"); err != nil {
		return err
	}
	if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock(CAST($1 AS INTEGER), 0)", lockClass); err != nil {
		return fmt.Errorf("wait for another process that migrates: %w", err)
	}
	defer func() {
		_, unlock := conn.Exec(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock(CAST($1 AS INTEGER), 0)", lockClass)
		_, reset := conn.Exec(context.WithoutCancel(ctx), "RESET lock_timeout")
		err = errors.Join(err, unlock, reset)
	}()
	return f()
}

func (e *postgresEngine) dialect() database.Dialect { return database.DialectPostgres }

func (e *postgresEngine) migrator() (migrator, error) {
	return rivermigrate.New(riverpgxv5.New(e.pool), nil)
}

func (e *postgresEngine) river() (*riversqlite.Driver, *riverpgxv5.Driver) {
	return nil, riverpgxv5.New(e.pool)
}

func (e *postgresEngine) close() error {
	err := e.db.Close()
	e.pool.Close()
	return err
}

// postgresTx sends what is queued in one go.
type postgresTx struct {
	ctx    context.Context
	cancel context.CancelFunc
	client *river.Client[pgx.Tx]
	tx     pgx.Tx
	batch  pgx.Batch
}

func (t *postgresTx) lock(projects []int64) {
	for _, p := range projects {
		t.batch.Queue(advisoryLock, lockClass, p)
	}
}

func (t *postgresTx) query(statement string, row func(scan func(...any) error) error, args ...any) {
	t.batch.Queue(statement, args...).Query(func(rows pgx.Rows) error {
		for rows.Next() {
			if err := row(rows.Scan); err != nil {
				return err
			}
		}
		return rows.Err()
	})
}

func (t *postgresTx) exec(statement string, args ...any) { t.batch.Queue(statement, args...) }

func (t *postgresTx) flush() error {
	if t.batch.Len() == 0 {
		return nil
	}
	err := t.tx.SendBatch(t.ctx, &t.batch).Close()
	t.batch = pgx.Batch{}
	return err
}

func (t *postgresTx) insert(jobs []river.InsertManyParams) error {
	return insertTx(t.ctx, t.client, t.tx, jobs)
}

func (t *postgresTx) complete(ctx context.Context, job *rivertype.JobRow) error {
	return completeTx[*riverpgxv5.Driver](ctx, t.tx, job)
}

func (t *postgresTx) commit() error {
	defer t.cancel()
	return t.tx.Commit(t.ctx)
}

func (t *postgresTx) rollback() {
	defer t.cancel()
	_ = t.tx.Rollback(t.ctx) // the error that led here is the one to tell
}
