package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/ledger"
)

// Health is what a database says of itself.
type Health struct {
	Engine    string // "SQLite 3.51", "PostgreSQL 15.8"
	Version   int64  // of PostgreSQL, 150008; 0 for SQLite
	Collation string // in which texts are compared: "BINARY" or "C" is right
	Durable   string // the settings on which a confirmed report depends
	Schema    int64
	Clock     time.Time // of the server; for SQLite the newest instant at which an event was taken
}

// Health asks the database about itself.
func (s *Store) Health(ctx context.Context) (Health, error) {
	h, err := s.engine.health(ctx)
	if err == nil {
		h.Schema, err = s.schema(ctx)
	}
	return h, s.wrap(err, "ask the database about itself")
}

const newestTaken = `SELECT COALESCE(MAX(taken), 0) FROM heads`

// health asks the file. SQLite compares texts byte by byte.
func (e *sqliteEngine) health(ctx context.Context) (Health, error) {
	h := Health{Collation: "BINARY"}
	var version, journal, sync string
	var taken int64
	for question, into := range map[string]any{"SELECT sqlite_version()": &version, "PRAGMA journal_mode": &journal, "PRAGMA synchronous": &sync, newestTaken: &taken} {
		if err := e.write.QueryRowContext(ctx, question).Scan(into); err != nil {
			return h, err
		}
	}
	h.Engine, h.Durable, h.Clock = "SQLite "+version, "journal_mode "+journal+", synchronous "+sync, instant(taken)
	return h, nil
}

// serverCollation asks by which rules texts are compared.
const serverCollation = `SELECT datcollate FROM pg_database WHERE datname = current_database()`

// aboutServer asks for settings, and for the clock.
const aboutServer = `SELECT current_setting('server_version'), CAST(current_setting('server_version_num') AS BIGINT), current_setting('fsync'),
	current_setting('synchronous_commit'), CAST(DATE_PART('epoch', clock_timestamp()) * 1000000 AS BIGINT)`

// health asks the server.
func (e *postgresEngine) health(ctx context.Context) (h Health, err error) {
	var version, fsync, commit string
	var micro int64
	err = e.pool.QueryRow(ctx, aboutServer).
		Scan(&version, &h.Version, &fsync, &commit, &micro)
	if err != nil {
		return h, err
	}
	h.Engine, h.Durable, h.Clock = "PostgreSQL "+version, "fsync "+fsync+", synchronous_commit "+commit, instant(micro)
	return h, e.pool.QueryRow(ctx, serverCollation).Scan(&h.Collation)
}

const (
	countStuck  = `SELECT COUNT(*) FROM deliveries WHERE project = $1 AND state IN ('waiting', 'sending') AND at < $2`
	countGaveUp = `SELECT COUNT(*) FROM deliveries WHERE project = $1 AND state = 'gave up' AND at >= $2`
	oldestNews  = `SELECT COALESCE(MIN(e.taken), 0) FROM events e JOIN heads h ON h.project = e.project WHERE e.project = $1 AND e.seq = h.followed + 1`
)

// Backlog is what of a project has been waiting for long.
type Backlog struct {
	Stuck      int       // letters that were not tried, or in vain, for a day
	GaveUp     int       // letters that were given up in the last week
	Unfollowed time.Time // when the oldest event came whose letters nobody has worked out; zero: there is none
}

// Backlog says what of a project has been waiting for long at now.
func (s *Store) Backlog(ctx context.Context, project cvd.ProjectID, now time.Time) (b Backlog, err error) {
	var news int64
	for _, q := range []struct {
		statement string
		args      []any
		into      any
	}{
		{countStuck, []any{string(project), now.AddDate(0, 0, -1).UnixMicro()}, &b.Stuck},
		{countGaveUp, []any{string(project), now.AddDate(0, 0, -7).UnixMicro()}, &b.GaveUp},
		{oldestNews, []any{string(project)}, &news},
	} {
		if err := s.read.QueryRowContext(ctx, q.statement, q.args...).Scan(q.into); err != nil {
			return b, s.wrap(err, "look for what waits in project %s", project)
		}
	}
	if news > 0 {
		b.Unfollowed = instant(news)
	}
	return b, nil
}

const lastEvent = `SELECT seq, chain FROM events WHERE project = $1 ORDER BY seq DESC LIMIT 1`

// CheckHead compares the head of a project's ledger with its last event, and the signature of the public log with the
// project's key: a look that costs nothing. VerifyLedger recomputes all.
func (s *Store) CheckHead(ctx context.Context, project cvd.ProjectID) error {
	p, err := s.open(ctx, project)
	if err != nil {
		return err
	}
	tx, err := s.read.BeginTx(ctx, s.engine.moment())
	if err != nil {
		return s.wrap(err, "check the ledger of project %s", project)
	}
	defer func() { _ = tx.Rollback() }() // it only read
	return s.wrap(s.checkHead(ctx, tx, p), "check the ledger of project %s", project)
}

func (s *Store) checkHead(ctx context.Context, tx *sql.Tx, p *project) error {
	var head, last, size int64
	var chain, link []byte
	var checkpoint string
	if err := tx.QueryRowContext(ctx, readChain, string(p.ID)).Scan(&head, &chain); err != nil {
		return err
	}
	err := tx.QueryRowContext(ctx, lastEvent, string(p.ID)).Scan(&last, &link)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	if head != last || last > 0 && string(chain) != string(link) {
		return &ledger.Fault{Kind: ledger.Edited, Seq: last, Says: fmt.Sprintf("the head is at event %d, and the last event is %d or has another link", head, last)}
	}
	if err := tx.QueryRowContext(ctx, readLog, string(p.ID)).Scan(&size, &checkpoint); err != nil {
		return err
	}
	signed, err := ledger.OpenCheckpoint(checkpoint, p.verifier)
	if err != nil || signed.Size != size {
		return &ledger.Fault{Kind: ledger.LogEdited, Says: "the checkpoint is not signed by the project, or is of another size"}
	}
	return nil
}
