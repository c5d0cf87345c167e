package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/ledger"
)

// epochsMax is how many hours one transaction closes: after a long standstill the writer must get its turn.
const epochsMax = 256

const (
	readClosed  = `SELECT seq, closed FROM heads WHERE project = $1`
	readLog     = `SELECT size, checkpoint FROM logs WHERE project = $1`
	readLast    = `SELECT COALESCE(MAX(last), 0) FROM epochs WHERE project = $1`
	listLeaves  = `SELECT leaf, taken FROM events WHERE project = $1 AND seq > $2 AND taken < $3 ORDER BY seq`
	insertEpoch = `INSERT INTO epochs (project, number, place, first, last, root) VALUES ($1, $2, $3, $4, $5, $6)`
	insertHash  = `INSERT INTO log_hashes (project, place, hash) VALUES ($1, $2, $3)`
	updateLog   = `UPDATE logs SET size = $2, checkpoint = $3 WHERE project = $1`
	setClosed   = `UPDATE heads SET closed = $2 WHERE project = $1`
)

// CloseEpochs closes every hour of a project that is over at now, also those in which nothing happened: each becomes one
// record of the public log, whose new head is signed. Afterwards no event can come into these hours.
func (s *Store) CloseEpochs(ctx context.Context, project cvd.ProjectID, now time.Time) error {
	p, err := s.open(ctx, project)
	if err != nil {
		return err
	}
	for until := ledger.EpochOf(now) - 1; ; {
		closed := until
		err := s.within(ctx, func(tx *sql.Tx) error {
			if err := s.engine.lock(ctx, tx, p.number); err != nil {
				return err
			}
			closed, err = s.closeSome(ctx, tx, p, until)
			return err
		})
		if err != nil {
			return s.wrap(err, "close the hours of project %s", project)
		}
		if closed >= until {
			return nil
		}
	}
}

// closeSome closes at most epochsMax hours, in order, up to the epoch until; closed is the last one.
func (s *Store) closeSome(ctx context.Context, tx *sql.Tx, p *project, until int64) (closed int64, err error) {
	id := string(p.ID)
	var seq, size, last int64
	var checkpoint string
	if err := tx.QueryRowContext(ctx, readClosed, id).Scan(&seq, &closed); err != nil {
		return 0, err
	}
	if closed >= until {
		return closed, nil
	}
	if err := tx.QueryRowContext(ctx, readLog, id).Scan(&size, &checkpoint); err != nil {
		return 0, err
	}
	if err := tx.QueryRowContext(ctx, readLast, id).Scan(&last); err != nil {
		return 0, err
	}
	until = min(until, closed+epochsMax)
	leaves, err := s.leaves(ctx, tx, p, last, until)
	if err != nil {
		return 0, err
	}
	log := ledger.Log{Size: size, Hashes: logReader{ctx, tx, id}}
	for n := closed + 1; n <= until; n++ {
		e := ledger.EpochRecord{Number: n, First: last + 1, Last: last + int64(len(leaves[n]))}
		e.Root, last = ledger.EpochRoot(p.pads, n, leaves[n]), e.Last
		if err := growLog(ctx, tx, p, &log, e); err != nil {
			return 0, err
		}
	}
	if checkpoint, err = log.Checkpoint(p.signer); err != nil {
		return 0, err
	}
	return until, execAll(ctx, tx, row{updateLog, []any{id, log.Size, checkpoint}}, row{setClosed, []any{id, until}})
}

// leaves are those of the hours up to and with until, by hour, behind the event last.
func (s *Store) leaves(ctx context.Context, tx *sql.Tx, p *project, last, until int64) (map[int64][]ledger.Hash, error) {
	rows, err := tx.QueryContext(ctx, listLeaves, string(p.ID), last, ledger.EpochEnd(until).UnixMicro())
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	leaves := map[int64][]ledger.Hash{}
	for rows.Next() {
		var leaf []byte
		var taken int64
		if err := rows.Scan(&leaf, &taken); err != nil {
			return nil, err
		}
		h, err := hash(leaf)
		if err != nil {
			return nil, err
		}
		n := ledger.EpochOf(instant(taken))
		leaves[n] = append(leaves[n], h)
	}
	return leaves, rows.Err()
}

func growLog(ctx context.Context, tx *sql.Tx, p *project, log *ledger.Log, e ledger.EpochRecord) error {
	id := string(p.ID)
	hashes, err := log.Grow(e.Record(p.origin))
	if err != nil {
		return err
	}
	for i, h := range hashes {
		if _, err := tx.ExecContext(ctx, insertHash, id, log.Stored()+int64(i), h[:]); err != nil {
			return err
		}
	}
	_, err = tx.ExecContext(ctx, insertEpoch, id, e.Number, log.Size, e.First, e.Last, e.Root[:])
	log.Size++
	return err
}

func hash(b []byte) (ledger.Hash, error) {
	if len(b) != len(ledger.Hash{}) {
		return ledger.Hash{}, fmt.Errorf("a hash of %d bytes", len(b))
	}
	return ledger.Hash(b), nil
}

// querier is a database or a transaction.
type querier interface {
	QueryContext(ctx context.Context, statement string, args ...any) (*sql.Rows, error)
}

// logReader reads the hashes of a project's public log.
type logReader struct {
	ctx     context.Context // of the one question that it is made for: the ledger asks without
	from    querier
	project string
}

const readHashes = `SELECT place, hash FROM log_hashes
	WHERE project = $1 AND place IN (SELECT CAST(key AS BIGINT) FROM json_each($2))`

// ReadHashes returns the stored hashes at the places, in their order.
func (r logReader) ReadHashes(places []int64) ([]ledger.Hash, error) {
	wanted := map[int64]int{}
	for _, n := range places {
		wanted[n] = 0
	}
	set, err := json.Marshal(wanted)
	if err != nil {
		return nil, err
	}
	rows, err := r.from.QueryContext(r.ctx, readHashes, r.project, string(set))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	found := make(map[int64]ledger.Hash, len(places))
	for rows.Next() {
		var place int64
		var b []byte
		if err := rows.Scan(&place, &b); err != nil {
			return nil, err
		}
		if found[place], err = hash(b); err != nil {
			return nil, err
		}
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	hashes := make([]ledger.Hash, len(places))
	for i, n := range places {
		h, ok := found[n]
		if !ok {
			return nil, fmt.Errorf("hash %d of the log of project %s is missing", n, r.project)
		}
		hashes[i] = h
	}
	return hashes, nil
}
