package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/riverqueue/river/rivertype"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/ledger"
	"github.com/tipstaff/tipstaff/internal/seal"
)

// Change is one event and all that it leads to. It is decided before: nothing in it can fail by a rule except that
// somebody else was faster.
type Change struct {
	Project cvd.ProjectID
	Event   cvd.Event
	Case    cvd.Case          // the fold after the event
	Clocks  []cvd.Clock       // all that run afterwards
	Key     *Once             // the asker's idempotency key, or nil
	Done    *rivertype.JobRow // the job whose result this is, or nil; ctx is then its worker's
	Publish []Publication     // what is armed afterwards, and what changes its state; nil: nothing changes
	Still   *Still            // another case that must not have changed since it was looked at; Conflict if it has
	Known   []Publication     // with Publish: those that it was worked out from; Conflict if others are armed by now
}

// Still names another case at a revision.
type Still struct {
	Case cvd.CaseID
	Rev  int64
}

// Once makes a request that is sent twice count once.
type Once struct {
	Key, Body [32]byte // hashes of the key and of the whole request
	Answer    []byte   // what a repetition is answered; sealed by the caller, kept for a day
}

// Kept is what became of a change.
type Kept struct {
	Seq       int64       // in the project's sequence; outsiders never see it
	At        time.Time   // when it was taken: the promise of a receipt counts from here
	Salt      ledger.Salt // with Canonical, what Leaf is the hash of
	Leaf      ledger.Hash
	Canonical []byte
	Repeated  bool   // the key was known: nothing happened, and Answer is that of the first time
	Answer    []byte // only if Repeated
}

// Fact is what a receipt for the change is about.
func (k Kept) Fact(e cvd.Event) ledger.Fact {
	return ledger.Fact{Project: string(e.Project), Case: string(e.Case), EventID: string(e.ID), Event: k.Canonical, Salt: k.Salt, At: k.At}
}

// Append keeps a change, or nothing of it. When it returns without an error, the change is on the disk.
//
// It returns Conflict if the case is not at the revision before: read, decide and append again. Invalid if the key was
// used for another request. Unavailable if the database does not answer in time or too much is waiting; then it is not
// known to have been kept, and the same change may be appended again.
func (s *Store) Append(ctx context.Context, c Change) (Kept, error) {
	for range 2 {
		p, err := s.prepare(ctx, c)
		if err != nil {
			return Kept{}, err
		}
		kept, err := s.writer.submit(ctx, &item{change: p, done: c.Done})
		if p.wrapped != nil && errors.Is(err, errOrphan) {
			s.forget(c.Project) // another process has changed the project's key, and ours is gone
			continue
		}
		if err != nil {
			return Kept{}, fmt.Errorf("append to case %s: %w", c.Event.Case, err)
		}
		if c.Event.What.Erased != nil {
			s.cases.drop(caseKey{c.Project, c.Event.Case})
			s.unclean.Store(true)
		}
		if !kept.Repeated {
			s.cases.put(caseKey{c.Project, c.Event.Case}, opened{box: p.box, rev: c.Event.Rev, fold: c.Case})
		}
		return kept, nil
	}
	return Kept{}, fmt.Errorf("append to case %s: %w", c.Event.Case, busy("the project's keys are being changed; try again in a few seconds"))
}

// prepared is a change as it is written: whatever takes time is done in the goroutine of its asker.
type prepared struct {
	Change
	project   *project
	box       seal.Box
	salt      ledger.Salt
	leaf      ledger.Hash
	canonical []byte
	event     []byte // sealed
	fold      []byte // sealed; empty for a case of one event
	version   int64  // of the project's key, for a new case
	wrapped   []byte // the case's key, for a new case
	pages     []row  // publications, sealed
}

func (s *Store) prepare(ctx context.Context, c Change) (*prepared, error) {
	e := &c.Event
	if e.Project != c.Project || c.Case.Project != c.Project || c.Case.ID != e.Case || c.Case.Rev != e.Rev || e.Rev < 1 {
		return nil, fmt.Errorf("append to case %s: event %s and the fold after it do not belong together", e.Case, e.ID)
	}
	p := &prepared{Change: c}
	var err error
	if p.project, err = s.open(ctx, c.Project); err != nil {
		return nil, err
	}
	if err := s.keyFor(ctx, p); err != nil {
		return nil, err
	}
	if p.canonical, err = e.Canonical(); err != nil {
		return nil, err
	}
	if e.Rev > 1 { // the first event says it all
		fold, err := json.Marshal(c.Case)
		if err != nil {
			return nil, fmt.Errorf("write case %s: %w", e.Case, err)
		}
		p.fold = p.box.Seal(fold, string(c.Project), string(e.Case), foldOf(e.Rev))
	}
	plain := make([]byte, len(p.salt)+len(p.canonical))
	_, _ = rand.Read(plain[:len(p.salt)]) // never fails
	copy(plain[copy(p.salt[:], plain):], p.canonical)
	p.leaf = ledger.Leaf(p.salt, p.canonical)
	p.event = p.box.Seal(plain, string(c.Project), string(e.Case), string(e.ID))
	p.pages, err = s.sealPublications(p)
	return p, err
}

// foldOf is what the fold of a revision is bound to, so that an older one cannot take its place.
func foldOf(rev int64) string { return "fold " + strconv.FormatInt(rev, 10) }

// keyFor finds the case's key, or draws the key of a new case, or of one that is being erased: what opened it before goes.
func (s *Store) keyFor(ctx context.Context, p *prepared) error {
	e := &p.Event
	if e.Rev > 1 && e.What.Erased == nil {
		known, err := s.key(ctx, p.project, e.Case)
		p.box = known
		return err
	}
	key, err := s.newKey(ctx, p.project, e)
	if err != nil {
		return err
	}
	p.box = key.Box()
	p.version, p.wrapped = p.project.wrap(key, e.Case)
	return nil
}

// place is where one project stands in a transaction.
type place struct {
	project *project
	changes []*prepared
	seq     int64
	chain   ledger.Hash
	taken   int64
	closed  int64
	revs    map[cvd.CaseID]int64
	once    map[string]answered
	armed   map[string]cvd.EventID // publications that wait, by id; read only if a change is about them
	moved   bool
}

type answered struct{ body, answer []byte }

func (at *place) add(p *prepared) { at.changes = append(at.changes, p) }

const (
	readHead = `SELECT seq, chain, taken, closed FROM heads WHERE project = $1`
	readRevs = `SELECT id, rev FROM cases WHERE project = $1 AND id IN (SELECT key FROM json_each($2))`
	readOnce = `SELECT key, body, answer FROM once WHERE project = $1 AND at > $2 AND key IN (SELECT key FROM json_each($3))`
)

// read asks for the head, the revisions of the cases and the keys that were used before.
func (at *place) read(tx transaction, now int64) error {
	cases, keys := map[cvd.CaseID]int{}, map[string]int{}
	for _, p := range at.changes {
		cases[p.Event.Case] = 0
		if p.Still != nil {
			cases[p.Still.Case] = 0
		}
		if p.Key != nil {
			keys[hex.EncodeToString(p.Key.Key[:])] = 0
		}
	}
	id := string(at.project.ID)
	tx.query(readHead, func(scan func(...any) error) error {
		var chain []byte
		if err := scan(&at.seq, &chain, &at.taken, &at.closed); err != nil {
			return err
		}
		if copy(at.chain[:], chain) != len(at.chain) {
			return fmt.Errorf("the head of project %s has %d bytes", id, len(chain))
		}
		return nil
	}, id)
	set, err := json.Marshal(cases)
	if err != nil {
		return err
	}
	tx.query(readRevs, func(scan func(...any) error) error {
		var id string
		var rev int64
		err := scan(&id, &rev)
		at.revs[cvd.CaseID(id)] = rev
		return err
	}, id, string(set))
	if slices.ContainsFunc(at.changes, func(p *prepared) bool { return p.Publish != nil }) {
		at.readArmed(tx)
	}
	if len(keys) == 0 {
		return nil
	}
	if set, err = json.Marshal(keys); err != nil {
		return err
	}
	tx.query(readOnce, func(scan func(...any) error) error {
		var key string
		var a answered
		err := scan(&key, &a.body, &a.answer)
		at.once[key] = a
		return err
	}, id, now-onceKept.Microseconds(), string(set))
	return nil
}

const (
	insertOnce = `INSERT INTO once (project, key, case_id, body, answer, at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (project, key) DO UPDATE SET case_id = excluded.case_id, body = excluded.body, answer = excluded.answer, at = excluded.at`
	insertCase = `INSERT INTO cases (project, id, rev, opened, changed, state, public, size, key, wrapped, sealed)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`
	updateCase = `UPDATE cases SET rev = $3, changed = $4, state = $5, public = $6, size = $7, sealed = $8
		WHERE project = $1 AND id = $2 AND rev = CAST($3 AS BIGINT) - 1`
	insertEvent = `INSERT INTO events (project, seq, id, case_id, rev, at, taken, kind, actor, size, leaf, chain, sealed)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`
)

// keep writes a change behind the head, unless it was made before or somebody else was faster.
func (at *place) keep(tx transaction, p *prepared, now int64) outcome {
	project, e, key := string(at.project.ID), &p.Event, ""
	if p.Key != nil {
		key = hex.EncodeToString(p.Key.Key[:])
		if before, known := at.once[key]; known {
			return repeated(before, p.Key)
		}
	}
	if at.revs[e.Case] != e.Rev-1 {
		return outcome{err: cvd.Errorf(cvd.Conflict, "somebody else changed case %s meanwhile; look at it again", e.Case)}
	}
	if p.Still != nil && at.revs[p.Still.Case] != p.Still.Rev {
		return outcome{err: cvd.Errorf(cvd.Conflict, "somebody else changed case %s meanwhile; look at it again", p.Still.Case)}
	}
	if p.Publish != nil && !at.knows(p.Known) {
		return outcome{err: cvd.Errorf(cvd.Conflict, "another publication was set or taken back meanwhile; try again")}
	}
	if p.Key != nil { // only now: the key of a change that is refused stays free
		at.once[key] = answered{p.Key.Body[:], p.Key.Answer}
		tx.exec(insertOnce, project, key, string(e.Case), p.Key.Body[:], append([]byte{}, p.Key.Answer...), now) // never NULL
	}
	at.revs[e.Case], at.moved = e.Rev, true
	link := ledger.Link(at.chain, p.leaf) // a variable of its own: its bytes may lie queued while the chain goes on
	at.seq, at.chain = at.seq+1, link
	// Never before the event in front, nor in an hour whose tree is closed: a receipt promises to be in that of its hour.
	at.taken = max(now, at.taken, ledger.EpochEnd(at.closed).UnixMicro())
	if e.Rev == 1 {
		tx.exec(insertCase, project, string(e.Case), e.Rev, e.At.UnixMicro(), e.At.UnixMicro(), p.Case.Headline(), p.Case.Public,
			len(p.fold), p.version, p.wrapped, append([]byte{}, p.fold...)) // never NULL
	} else {
		tx.exec(updateCase, project, string(e.Case), e.Rev, e.At.UnixMicro(), p.Case.Headline(), p.Case.Public, len(p.fold), p.fold)
	}
	tx.exec(insertEvent, project, at.seq, string(e.ID), string(e.Case), e.Rev, e.At.UnixMicro(), at.taken, e.What.Kind(), string(e.Who),
		len(p.canonical), p.leaf[:], link[:], p.event)
	at.arm(p)
	at.clocks(tx, p)
	at.attachments(tx, p)
	for _, r := range p.pages {
		tx.exec(r.statement, r.args...)
	}
	if e.What.Erased != nil {
		at.erase(tx, p, key, now)
	}
	return outcome{kept: Kept{Seq: at.seq, At: instant(at.taken), Salt: p.salt, Leaf: p.leaf, Canonical: p.canonical}}
}

// repeated answers a key that was used before.
func repeated(before answered, again *Once) outcome {
	if string(before.body) != string(again.Body[:]) {
		return outcome{err: cvd.Errorf(cvd.Invalid, "this idempotency key was used for another request; draw a new one for each request")}
	}
	return outcome{kept: Kept{Repeated: true, Answer: before.answer}}
}

const updateHead = `UPDATE heads SET seq = $2, chain = $3, taken = $4 WHERE project = $1`

// write moves the head behind what was kept.
func (at *place) write(tx transaction) {
	if at.moved {
		tx.exec(updateHead, string(at.project.ID), at.seq, at.chain[:], at.taken)
	}
}

// writerStatements are prepared once on the connection that the writer has for itself.
var writerStatements = []string{readHead, readRevs, readOnce, insertOnce, insertCase, updateCase, insertEvent, deleteClocks,
	insertClock, nameAttachment, updateHead, listArmed, removeArmed, putPublication, setPublication, insertDelivery, putDelivery, beginDelivery, admitDelivery, moveFollowed, insertReading, insertNoticeKey, insertRecord, ageRecord, forgetRecord, dropOwnLetters,
	putNewKey, emptyEvents, removeFiles, removeReadings, removeAnswers, removeUnpublished, dropLetters,
	endHold, releaseDelivery, dropDelivery, releasePublication}

// onceKept is how long a repetition is recognised.
const onceKept = 24 * time.Hour

const findOnce = `SELECT body, answer FROM once WHERE project = $1 AND key = $2 AND at > $3`

// Answered finds the answer to a request that was sent before with the same key; known is false if it was not. A caller
// asks before it decides, since a step that was taken would now be refused.
func (s *Store) Answered(ctx context.Context, project cvd.ProjectID, once Once) (answer []byte, known bool, err error) {
	var before answered
	err = s.read.QueryRowContext(ctx, findOnce, string(project), hex.EncodeToString(once.Key[:]), s.now()-onceKept.Microseconds()).
		Scan(&before.body, &before.answer)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, s.wrap(err, "find a request made before")
	}
	out := repeated(before, &once)
	return out.kept.Answer, out.err == nil, out.err
}
