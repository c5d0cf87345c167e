package store

import (
	"bytes"
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/ledger"
)

// Origin is the name of a project's public log: the first line of its checkpoint, and the name of its key.
func (s *Store) Origin(ctx context.Context, project cvd.ProjectID) (string, error) {
	p, err := s.open(ctx, project)
	if err != nil {
		return "", err
	}
	return p.origin, nil
}

// Checkpoint is the signed head of a project's public log.
func (s *Store) Checkpoint(ctx context.Context, project cvd.ProjectID) (string, error) {
	var size int64
	var checkpoint string
	err := s.read.QueryRowContext(ctx, readLog, string(project)).Scan(&size, &checkpoint)
	return checkpoint, s.wrap(exists(err, "there is no project %s", project), "read the checkpoint of project %s", project)
}

const readRecord = `SELECT number, root FROM epochs WHERE project = $1 AND place = $2`

// Tile is a piece of a project's public log by its C2SP path, "tile/0/000" or "tile/entries/000"; NotFound if the log does
// not reach so far.
func (s *Store) Tile(ctx context.Context, project cvd.ProjectID, path string) ([]byte, error) {
	p, err := s.open(ctx, project)
	if err != nil {
		return nil, err
	}
	t, err := ledger.ParseTile(path)
	if err != nil {
		return nil, cvd.Errorf(cvd.NotFound, "there is no tile %s", path)
	}
	log, _, err := s.log(ctx, p)
	if err != nil {
		return nil, s.wrap(err, "read tile %s of project %s", path, project)
	}
	var data []byte
	if t.L < 0 {
		data, err = log.Bundle(t, func(place int64) ([]byte, error) {
			e, err := s.record(ctx, p, place)
			return e.Record(p.origin), err
		})
	} else {
		data, err = log.Tile(t)
	}
	if errors.Is(err, ledger.ErrNoTile) {
		return nil, cvd.Errorf(cvd.NotFound, "there is no tile %s", path)
	}
	return data, s.wrap(err, "read tile %s of project %s", path, project)
}

// log is a project's public log as its signed head says.
func (s *Store) log(ctx context.Context, p *project) (log ledger.Log, checkpoint string, err error) {
	log.Hashes = logReader{ctx, s.read, string(p.ID)}
	err = s.read.QueryRowContext(ctx, readLog, string(p.ID)).Scan(&log.Size, &checkpoint)
	return log, checkpoint, err
}

func (s *Store) record(ctx context.Context, p *project, place int64) (e ledger.EpochRecord, err error) {
	var root []byte
	if err := s.read.QueryRowContext(ctx, readRecord, string(p.ID), place).Scan(&e.Number, &root); err != nil {
		return e, err
	}
	e.Root, err = hash(root)
	return e, err
}

const (
	findEvent = `SELECT seq, taken, sealed FROM events WHERE project = $1 AND case_id = $2 AND id = $3`
	findEpoch = `SELECT number, place, first, last, root FROM epochs WHERE project = $1 AND last >= $2 ORDER BY last, number LIMIT 1`
)

// Receipt is the proof that an event was recorded: a signed promise at once, and once its hour is closed, the way from the
// event to the signed head of the public log.
func (s *Store) Receipt(ctx context.Context, project cvd.ProjectID, id cvd.CaseID, event cvd.EventID) (ledger.Receipt, error) {
	p, err := s.open(ctx, project)
	if err != nil {
		return ledger.Receipt{}, err
	}
	box, err := s.key(ctx, p, id)
	if err != nil {
		return ledger.Receipt{}, err
	}
	found := sealedEvent{id: event, caseID: id}
	err = s.read.QueryRowContext(ctx, findEvent, string(project), string(id), string(event)).Scan(&found.seq, &found.taken, &found.sealed)
	if err != nil {
		return ledger.Receipt{}, s.wrap(exists(err, "there is no event %s in case %s", event, id), "read event %s", event)
	}
	if found.empty() {
		return ledger.Receipt{}, cvd.Errorf(cvd.NotFound, "event %s was erased: the receipt that its reporter kept still proves it", event)
	}
	salt, canonical, err := found.open(p, box)
	if err != nil {
		return ledger.Receipt{}, err
	}
	r, err := ledger.NewReceipt(p.signer, ledger.Fact{Project: string(project), Case: string(id), EventID: string(event),
		Event: canonical, Salt: salt, At: instant(found.taken)})
	if err != nil {
		return ledger.Receipt{}, err
	}
	r, err = s.complete(ctx, p, r, found.seq)
	return r, s.wrap(err, "prove event %s", event)
}

const findLeaf = `SELECT seq FROM events WHERE project = $1 AND id = $2 AND leaf = $3`

// Prove adds the proof to a receipt that this project's log gave before, if the event's hour is closed: the leaf is enough, and
// stays when the case is erased or has left.
func (s *Store) Prove(ctx context.Context, project cvd.ProjectID, r ledger.Receipt) (ledger.Receipt, error) {
	p, err := s.open(ctx, project)
	if err != nil {
		return r, err
	}
	var seq int64
	if err := s.read.QueryRowContext(ctx, findLeaf, string(project), r.EventID, r.Leaf[:]).Scan(&seq); err != nil {
		return r, s.wrap(exists(err, "there is no event %s", r.EventID), "prove event %s", r.EventID)
	}
	r, err = s.complete(ctx, p, r, seq)
	return r, s.wrap(err, "prove event %s", r.EventID)
}

// complete adds the proof to a receipt, if the event's hour is closed.
func (s *Store) complete(ctx context.Context, p *project, r ledger.Receipt, seq int64) (ledger.Receipt, error) {
	// The head first: what it covers was there before it and stays as it is.
	log, checkpoint, err := s.log(ctx, p)
	if err != nil {
		return r, err
	}
	e, place, err := scanEpoch(s.read.QueryRowContext(ctx, findEpoch, string(p.ID), seq).Scan)
	if errors.Is(err, sql.ErrNoRows) || err == nil && place >= log.Size {
		return r, nil
	}
	if err != nil {
		return r, err
	}
	leaves, err := s.leavesOf(ctx, p, e)
	if err != nil {
		return r, err
	}
	inEpoch, err := ledger.NewEpoch(p.pads, e.Number, leaves).Prove(r.Leaf)
	if err != nil {
		return r, err
	}
	inLog, err := log.Prove(place)
	if err != nil {
		return r, err
	}
	return r.Complete(e, inEpoch, inLog, checkpoint), nil
}

func scanEpoch(scan func(...any) error) (e ledger.EpochRecord, place int64, err error) {
	var root []byte
	if err := scan(&e.Number, &place, &e.First, &e.Last, &root); err != nil {
		return e, 0, err
	}
	e.Root, err = hash(root)
	return e, place, err
}

const leavesBetween = `SELECT leaf FROM events WHERE project = $1 AND seq >= $2 AND seq <= $3 ORDER BY seq`

func (s *Store) leavesOf(ctx context.Context, p *project, e ledger.EpochRecord) ([]ledger.Hash, error) {
	return list(ctx, s.read, func(scan func(...any) error) (ledger.Hash, error) {
		var leaf []byte
		if err := scan(&leaf); err != nil {
			return ledger.Hash{}, err
		}
		return hash(leaf)
	}, leavesBetween, string(p.ID), e.First, e.Last)
}

const (
	readChain  = `SELECT seq, chain FROM heads WHERE project = $1`
	listEpochs = `SELECT number, place, first, last, root FROM epochs WHERE project = $1 ORDER BY number`
)

// VerifyLedger recomputes a project's whole past: each event against its leaf, the chain, each closed hour, and the public
// log against its signed head. Events of erased cases are known by their hashes alone; each must belong to a case of which a
// later event says that it was erased. The error is a *ledger.Fault that names the first thing which is not as it was, or one of
// reading. It looks at one moment; what is written meanwhile is left for the next time.
func (s *Store) VerifyLedger(ctx context.Context, project cvd.ProjectID) (audit ledger.Audit, err error) {
	p, err := s.open(ctx, project)
	if err != nil {
		return ledger.Audit{}, err
	}
	tx, err := s.read.BeginTx(ctx, s.engine.moment())
	if err != nil {
		return ledger.Audit{}, s.wrap(err, "verify the ledger of project %s", project)
	}
	defer func() { err = errors.Join(err, tx.Rollback()) }()
	past, err := s.past(ctx, tx, p)
	if err != nil {
		return ledger.Audit{}, s.wrap(err, "verify the ledger of project %s", project)
	}
	erased := erasures{hollow: map[cvd.CaseID]hollowCase{}}
	audit, err = past.Verify(s.entries(ctx, tx, p, &erased))
	if err = cmp.Or(err, erased.end()); err != nil {
		return audit, s.wrap(err, "verify the ledger of project %s", project)
	}
	return audit, s.wrap(verifyHashes(ctx, tx, project, past), "verify the ledger of project %s", project)
}

const listHashes = `SELECT place, hash FROM log_hashes WHERE project = $1 ORDER BY place`

// verifyHashes makes the stored hashes of the public log once more, from the epochs: a proof may need any of them.
func verifyHashes(ctx context.Context, tx *sql.Tx, project cvd.ProjectID, past ledger.Past) error {
	var made []ledger.Hash
	log := ledger.Log{Hashes: tlog.HashReaderFunc(func(places []int64) ([]ledger.Hash, error) {
		var out []ledger.Hash
		for _, n := range places {
			out = append(out, made[n])
		}
		return out, nil
	})}
	for _, e := range past.Epochs {
		more, err := log.Grow(e.Record(past.Origin))
		if err != nil {
			return err
		}
		made = append(made, more...)
		log.Size++
	}
	at := 0
	_, err := list(ctx, tx, func(scan func(...any) error) (struct{}, error) {
		var place int
		var stored []byte
		err := scan(&place, &stored)
		if err == nil && (place != at || at >= len(made) || !bytes.Equal(stored, made[at][:])) {
			err = &ledger.Fault{Kind: ledger.LogEdited, Says: fmt.Sprintf("the stored hash %d of the public log is not that of its epochs", at)}
		}
		at++
		return struct{}{}, err
	}, listHashes, string(project))
	if err == nil && at < len(made) {
		err = &ledger.Fault{Kind: ledger.LogEdited, Says: fmt.Sprintf("the stored hash %d of the public log is missing", at)}
	}
	return err
}

// past reads all that the ledger says, except the events.
func (s *Store) past(ctx context.Context, tx *sql.Tx, p *project) (past ledger.Past, err error) {
	past = ledger.Past{Origin: p.origin, PadKey: p.pads}
	var size int64
	var checkpoint string
	if err := tx.QueryRowContext(ctx, readLog, string(p.ID)).Scan(&size, &checkpoint); err != nil {
		return past, err
	}
	signed, err := ledger.OpenCheckpoint(checkpoint, p.verifier)
	if err != nil {
		return past, &ledger.Fault{Kind: ledger.LogEdited, Says: "the checkpoint is not signed by the project: " + err.Error()}
	}
	past.Checkpoint = &signed
	past.Epochs, err = list(ctx, tx, func(scan func(...any) error) (ledger.EpochRecord, error) {
		e, _, err := scanEpoch(scan)
		return e, err
	}, listEpochs, string(p.ID))
	if err != nil {
		return past, err
	}
	var chain []byte
	if err := tx.QueryRowContext(ctx, readChain, string(p.ID)).Scan(&past.Head.Seq, &chain); err != nil {
		return past, err
	}
	past.Head.Link, err = hash(chain)
	return past, err
}

const readRows = `SELECT e.seq, e.id, e.case_id, e.rev, e.at, e.kind, e.actor, e.leaf, e.chain, e.sealed, c.key, c.wrapped
	FROM events e JOIN cases c ON c.project = e.project AND c.id = e.case_id WHERE e.project = $1 ORDER BY e.seq`

// entries hands out the rows of a project's events one by one.
func (s *Store) entries(ctx context.Context, tx *sql.Tx, p *project, erased *erasures) iter.Seq2[ledger.Entry, error] {
	return func(yield func(ledger.Entry, error) bool) {
		rows, err := tx.QueryContext(ctx, readRows, string(p.ID))
		if err != nil {
			yield(ledger.Entry{}, err)
			return
		}
		defer rows.Close()
		for rows.Next() {
			if !yield(s.entry(ctx, rows.Scan, p, erased)) {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(ledger.Entry{}, err)
		}
	}
}

// entry opens a row. What does not open is handed out without its event, which then does not make the leaf.
func (s *Store) entry(ctx context.Context, scan func(...any) error, p *project, erased *erasures) (ledger.Entry, error) {
	var e sealedEvent
	var rev, at int64
	var kind, actor string
	var leaf, chain []byte
	if err := scan(&e.seq, &e.id, &e.caseID, &rev, &at, &kind, &actor, &leaf, &chain, &e.sealed, &e.key, &e.wrapped); err != nil {
		return ledger.Entry{}, err
	}
	out := ledger.Entry{Seq: e.seq, EventID: string(e.id), At: instant(at)}
	copy(out.Leaf[:], leaf)
	copy(out.Head[:], chain)
	if e.empty() {
		erased.empty(e)
		out.Erased = true
		return out, nil
	}
	box, err := s.unwrap(ctx, p, e.caseID, e.key, e.wrapped)
	if err != nil {
		return out, err
	}
	salt, canonical, err := e.open(p, box)
	if err != nil {
		return out, nil
	}
	out.Salt, out.Event = salt, canonical
	says, err := cvd.ReadEvent(canonical)
	if err == nil && (says.Rev != rev || says.What.Kind() != kind || string(says.Who) != actor) {
		err = &ledger.Fault{Kind: ledger.Edited, Seq: e.seq, EventID: string(e.id), Says: "revision, kind or actor are not those of the event"}
	}
	if err == nil && says.What.Erased != nil {
		err = erased.says(says)
	}
	return out, err
}
