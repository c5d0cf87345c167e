package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/pressly/goose/v3"
)

// backedUp are the tables that a backup holds, each behind those that it refers to. A new table belongs here, or into
// leftOut with the reason.
var backedUp = []string{"projects", "keys", "notice_keys", "policies", "policy_proposals", "adoptions", "process_reviews", "register", "heads", "cases", "events", "clocks", "once", "attachments",
	"attachment_parts", "deliveries", "publications", "epochs", "log_hashes", "logs", "people", "tokens", "feeds", "readings"}

// leftOut are the tables that a backup does not hold.
var leftOut = map[string]string{
	"copies":         "they are compared again within a day",
	"holds":          "a backup of what is held is held again when it is restored",
	"policy_pulls":   "the forge is asked what it has, and told the rest",
	"policy_sources": "the file is read again within minutes",
	"installation":   "it tells of this installation, not of what it keeps",
}

// Backed says what a backup holds.
type Backed struct {
	At       time.Time        // the moment
	Schema   int64            // of the tables
	Rows     map[string]int64 // by table
	Projects int64
}

// Backup writes all that is kept to w, as it was at one moment, while others go on writing. What it writes belongs to no
// engine, and holds words only as they lie in the database, sealed; ids and instants are in clear, so the caller seals the
// whole once more. It needs little memory, however much is kept. Jobs are not part of it: they follow from what is.
func (s *Store) Backup(ctx context.Context, w io.Writer) (Backed, error) {
	out := newBackupWriter(w)
	back, err := s.backup(ctx, out)
	return back, s.wrap(err, "back the database up")
}

func (s *Store) backup(ctx context.Context, out *backupWriter) (back Backed, err error) {
	schema, err := s.schema(ctx)
	if err != nil {
		return back, err
	}
	tx, err := s.read.BeginTx(ctx, s.engine.moment())
	if err != nil {
		return back, err
	}
	defer func() { err = errors.Join(err, ignoreDone(tx.Rollback())) }()
	var projects int64
	if err := tx.QueryRowContext(ctx, countProjects).Scan(&projects); err != nil { // from here on it is one moment
		return back, err
	}
	back = Backed{At: instant(s.now()), Schema: schema, Rows: out.rows, Projects: projects}
	if err := out.head(backupHead{Format: backupFormat, Schema: schema, At: back.At}); err != nil {
		return back, err
	}
	for _, table := range backedUp {
		if err := copyOut(ctx, tx, table, out); err != nil {
			return back, fmt.Errorf("table %s: %w", table, err)
		}
	}
	return back, out.end()
}

const countProjects = `SELECT COUNT(*) FROM projects`

// copyOut writes the rows of one table. Differs from every other statement in being made here: it is the same for all tables,
// and a column that is added must not be forgotten.
func copyOut(ctx context.Context, tx *sql.Tx, table string, out *backupWriter) error {
	rows, err := tx.QueryContext(ctx, "SELECT * "+"FROM "+table)
	if err != nil {
		return err
	}
	defer rows.Close()
	types, err := rows.ColumnTypes()
	if err != nil {
		return err
	}
	t := backupTable{Name: table}
	for _, c := range types {
		kind, ok := columnKinds[strings.ToUpper(c.DatabaseTypeName())]
		if !ok {
			return fmt.Errorf("column %s has the type %q, which a backup cannot hold", c.Name(), c.DatabaseTypeName())
		}
		t.Columns = append(t.Columns, backupColumn{Name: c.Name(), Kind: kind})
	}
	if err := out.table(t); err != nil {
		return err
	}
	values, into := t.cells()
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		if err := out.row(values); err != nil {
			return err
		}
	}
	return rows.Err()
}

// columnKinds are the types of columns as the engines call them.
var columnKinds = map[string]string{"TEXT": kindText, "BIGINT": kindNumber, "INT8": kindNumber, "BYTEA": kindBytes,
	"BOOLEAN": kindTruth, "BOOL": kindTruth}

// schema is the version of our tables.
func (s *Store) schema(ctx context.Context) (int64, error) {
	provider, err := s.provider()
	if err != nil {
		return 0, err
	}
	return provider.GetDBVersion(ctx)
}

const (
	putInstallation  = `INSERT INTO installation (name, at) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET at = excluded.at`
	readInstallation = `SELECT at FROM installation WHERE name = $1`
)

// lastBackup is the name of the fact that a backup was made.
const lastBackup = "backup"

// NoteBackup keeps that a backup of a moment is safe.
func (s *Store) NoteBackup(ctx context.Context, at time.Time) error {
	_, err := s.write.ExecContext(ctx, putInstallation, lastBackup, at.UnixMicro())
	return s.wrap(err, "note the backup")
}

// LastBackup is the moment that the last backup holds; zero if there is none.
func (s *Store) LastBackup(ctx context.Context) (time.Time, error) {
	var at int64
	err := s.read.QueryRowContext(ctx, readInstallation, lastBackup).Scan(&at)
	if errors.Is(err, sql.ErrNoRows) {
		return time.Time{}, nil
	}
	return instant(at), s.wrap(err, "read when the last backup was made")
}

// provider brings our tables up to date.
func (s *Store) provider() (*goose.Provider, error) {
	files, err := schemaFiles()
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(s.engine.dialect(), s.write, files, goose.WithDisableGlobalRegistry(true))
}
