package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
)

// watched opens SQLite's connections so that every error of theirs is looked at, whoever asked.
//
// Differs because a failed sync is reported once, to whoever happened to be writing: River, a session, the writer. All write
// to the same log, and what comes behind a hole in it is gone after a power cut. PostgreSQL stops itself then.
type watched struct {
	driver driver.Driver
	source string
	saw    func(error)
}

// openWatched opens a database whose errors are shown to saw.
func openWatched(source string, saw func(error)) (*sql.DB, error) {
	unwatched, err := sql.Open("sqlite", source) // for its driver; it connects to nothing
	if err != nil {
		return nil, err
	}
	w := &watched{driver: unwatched.Driver(), source: source, saw: saw}
	return sql.OpenDB(w), unwatched.Close()
}

func (w *watched) Driver() driver.Driver { return w.driver }

func (w *watched) Connect(context.Context) (driver.Conn, error) {
	c, err := w.driver.Open(w.source)
	if err != nil {
		return nil, w.look(err)
	}
	whole, ok := c.(connection)
	if !ok {
		return nil, errors.Join(fmt.Errorf("the driver's connection %T cannot do what is needed", c), c.Close())
	}
	return &watchedConn{whole, w}, nil
}

// look shows an error to whoever watches, and returns it.
func (w *watched) look(err error) error {
	if err != nil && !errors.Is(err, io.EOF) {
		w.saw(err)
	}
	return err
}

// connection is what database/sql uses of the driver's connections.
type connection interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

type watchedConn struct {
	connection
	w *watched
}

func (c *watchedConn) BeginTx(ctx context.Context, opts driver.TxOptions) (driver.Tx, error) {
	tx, err := c.connection.BeginTx(ctx, opts)
	if err != nil {
		return nil, c.w.look(err)
	}
	return &watchedTx{tx, c.w}, nil
}

func (c *watchedConn) PrepareContext(ctx context.Context, text string) (driver.Stmt, error) {
	s, err := c.connection.PrepareContext(ctx, text)
	if err != nil {
		return nil, c.w.look(err)
	}
	whole, ok := s.(statement)
	if !ok {
		return nil, errors.Join(fmt.Errorf("the driver's statement %T cannot do what is needed", s), s.Close())
	}
	return &watchedStmt{whole, c.w}, nil
}

func (c *watchedConn) ExecContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Result, error) {
	r, err := c.connection.ExecContext(ctx, text, args)
	return r, c.w.look(err)
}

func (c *watchedConn) QueryContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Rows, error) {
	return c.w.rows(c.connection.QueryContext(ctx, text, args))
}

type watchedTx struct {
	driver.Tx
	w *watched
}

func (t *watchedTx) Commit() error { return t.w.look(t.Tx.Commit()) }

type statement interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

type watchedStmt struct {
	statement
	w *watched
}

func (s *watchedStmt) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	r, err := s.statement.ExecContext(ctx, args)
	return r, s.w.look(err)
}

func (s *watchedStmt) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	return s.w.rows(s.statement.QueryContext(ctx, args))
}

// watchedRows ends a statement that returns what it wrote, and with it perhaps a transaction of its own.
type watchedRows struct {
	driver.Rows
	w *watched
}

func (w *watched) rows(r driver.Rows, err error) (driver.Rows, error) {
	if err != nil {
		return nil, w.look(err)
	}
	return &watchedRows{r, w}, nil
}

func (r *watchedRows) Next(row []driver.Value) error { return r.w.look(r.Rows.Next(row)) }
func (r *watchedRows) Close() error                  { return r.w.look(r.Rows.Close()) }
