package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/seal"
)

// CheckBackup reads a backup to its end and says whether it is whole. Nothing is kept of it.
func CheckBackup(r io.Reader) (Backed, error) { return readBackup(r, idle{}) }

// idle is a sink that takes nothing.
type idle struct{}

func (idle) head(backupHead) error   { return nil }
func (idle) table(backupTable) error { return nil }
func (idle) row([]any) error         { return nil }

// Restore fills an empty database with a backup, in one transaction. The recovery identity opens the projects' keys, which
// are sealed again to the config's recipients. Every project is held: what waited, waits for a person; what was on its way may
// have arrived, and says so. Sessions end; numbers of cases jump, so that none is given twice.
func Restore(ctx context.Context, config Config, recovery seal.Identity, r io.Reader) (back Backed, err error) {
	if config.Log == nil {
		config.Log = slog.New(slog.DiscardHandler)
	}
	if config.Patience == 0 {
		config.Patience = patience
	}
	config.broke = func(error) {} // every error of a restore ends it
	s := &Store{config: config}
	if s.engine, err = openEngine(ctx, config); err != nil {
		return back, opening(config, err)
	}
	defer func() { err = errors.Join(err, s.engine.close()) }()
	s.read, s.write = s.engine.pools()
	in := &loader{ctx: ctx, store: s}
	defer in.end()
	if back, err = readBackup(r, in); err != nil {
		return back, err
	}
	if err := in.flush(); err != nil {
		return back, err
	}
	if err := in.hold(recovery, back); err != nil {
		return back, err
	}
	if err := in.tx.Commit(); err != nil {
		return back, fmt.Errorf("keep what the backup holds: %w", err)
	}
	return back, s.migrate(ctx)
}

// loader is a sink that puts rows into an empty database.
type loader struct {
	ctx   context.Context
	store *Store
	tx    *sql.Tx
	at    backupTable
	rows  [][]any
	size  int // bytes of rows
}

const (
	rowsAtOnce  = 200     // in one statement …
	valuesMax   = 20_000  // … with at most so many values, below the limits of both engines …
	bytesAtOnce = 4 << 20 // … and about so many bytes
)

func (l *loader) head(h backupHead) error {
	if err := l.store.migrateTo(l.ctx, h.Schema); err != nil {
		return err
	}
	var err error
	if l.tx, err = l.store.write.BeginTx(l.ctx, nil); err != nil {
		return err
	}
	var projects int64
	if err := l.tx.QueryRowContext(l.ctx, countProjects).Scan(&projects); err != nil {
		return err
	}
	if projects > 0 {
		return cvd.Errorf(cvd.Conflict, "the database holds projects already: restore into an empty one")
	}
	return nil
}

func (l *loader) end() {
	if l.tx != nil {
		_ = l.tx.Rollback() // after the commit there is nothing to take back
	}
}

func (l *loader) table(t backupTable) error {
	if err := l.flush(); err != nil {
		return err
	}
	if !slices.Contains(backedUp, t.Name) {
		return fmt.Errorf("%w: it has a table %q", ErrBackup, t.Name)
	}
	for _, c := range t.Columns { // they become part of a statement
		if c.Name == "" || strings.Trim(c.Name, "abcdefghijklmnopqrstuvwxyz_") != "" {
			return fmt.Errorf("%w: the table %s has a column %q", ErrBackup, t.Name, c.Name)
		}
	}
	l.at = t
	return nil
}

func (l *loader) row(values []any) error {
	l.rows = append(l.rows, values)
	for _, v := range values {
		switch v := v.(type) {
		case []byte:
			l.size += len(v)
		case string:
			l.size += len(v)
		}
	}
	if len(l.rows) == rowsAtOnce || l.size > bytesAtOnce || (len(l.rows)+1)*len(values) > valuesMax {
		return l.flush()
	}
	return nil
}

// flush inserts the rows that were read. Differs from every other statement in being made here, as copyOut does.
func (l *loader) flush() error {
	if len(l.rows) == 0 {
		return nil
	}
	var names, places []string
	var args []any
	for _, c := range l.at.Columns {
		names = append(names, c.Name)
	}
	for _, r := range l.rows {
		var place []string
		for _, v := range r {
			args = append(args, v)
			place = append(place, "$"+strconv.Itoa(len(args)))
		}
		places = append(places, "("+strings.Join(place, ", ")+")")
	}
	_, err := l.tx.ExecContext(l.ctx, "INSERT "+"INTO "+l.at.Name+" ("+strings.Join(names, ", ")+") VALUES "+strings.Join(places, ", "), args...)
	l.rows, l.size = l.rows[:0], 0
	if err != nil {
		return fmt.Errorf("put %s into the database: %w", l.at.Name, err)
	}
	return nil
}

// skippedCases is how far the numbers of a project's cases jump: more than it had reports since the backup. Four characters
// serve a million.
const skippedCases = 16 * blockSize

const (
	putHold          = `INSERT INTO holds (project, kept, since) VALUES ($1, $2, $3)`
	holdLetters      = `UPDATE deliveries SET repeated = (repeated OR state = 'sending'), state = 'held' WHERE project = $1 AND state IN ('waiting', 'sending')`
	holdPublications = `UPDATE publications SET held = TRUE WHERE project = $1 AND state = 'armed'`
	dropSessions     = `DELETE FROM tokens WHERE project = $1 AND session`
	skipCases        = `UPDATE projects SET next_case = next_case + $2 WHERE id = $1`
	sealedKeys       = `SELECT version, sealed FROM keys WHERE project = $1 ORDER BY version`
	sealKeyTo        = `UPDATE keys SET recipients = $3, sealed = $4 WHERE project = $1 AND version = $2`
)

// hold seals the keys of every project to who may open them here, and lets nothing out.
func (l *loader) hold(recovery seal.Identity, back Backed) error {
	all, err := list(l.ctx, l.tx, scanProject, listProjects)
	if err != nil {
		return err
	}
	now := l.store.now()
	for _, p := range all {
		rows, err := l.reseal(recovery, p.ID)
		if err != nil {
			return err
		}
		id := string(p.ID)
		rows = append(rows, row{putHold, []any{id, back.At.UnixMicro(), now}}, row{holdLetters, []any{id}}, row{holdPublications, []any{id}},
			row{dropSessions, []any{id}}, row{skipCases, []any{id, skippedCases}})
		if err := execAll(l.ctx, l.tx, rows...); err != nil {
			return fmt.Errorf("hold project %s: %w", id, err)
		}
	}
	_, err = l.tx.ExecContext(l.ctx, putInstallation, lastBackup, back.At.UnixMicro())
	return err
}

func (l *loader) reseal(recovery seal.Identity, project cvd.ProjectID) (rows []row, err error) {
	to := l.store.config.Recipients
	_, err = list(l.ctx, l.tx, func(scan func(...any) error) (none struct{}, err error) {
		var version int64
		var sealed []byte
		if err := scan(&version, &sealed); err != nil {
			return none, err
		}
		bound := []string{string(project), strconv.FormatInt(version, 10)}
		key, err := recovery.OpenKey(sealed, bound...)
		if err != nil {
			return none, fmt.Errorf("open key %d of project %s with the recovery key: %w", version, project, err)
		}
		again, err := key.SealTo(to, bound...)
		rows = append(rows, row{sealKeyTo, []any{bound[0], version, recipientList(to), again}})
		return none, err
	}, sealedKeys, string(project))
	return rows, err
}

// patience is how long to wait for a locked database, unless said otherwise. Whoever asks waits at most twice as long: for the
// batch that is under way, and with their own.
const patience = 4 * time.Second
