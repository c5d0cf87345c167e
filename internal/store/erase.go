package store

import (
	"context"
	"fmt"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/ledger"
)

// ErasedCase is a case whose content is gone.
type ErasedCase struct {
	Case cvd.CaseID
	At   time.Time // backups that were made before hold it until they are destroyed
}

const (
	putNewKey      = `UPDATE cases SET key = $3, wrapped = $4, erased = $5 WHERE project = $1 AND id = $2`
	emptyEvents    = `UPDATE events SET sealed = $4, size = 0 WHERE project = $1 AND case_id = $2 AND rev < $3`
	removeFiles    = `DELETE FROM attachments WHERE project = $1 AND case_id = $2`
	removeReadings = `DELETE FROM readings WHERE project = $1 AND case_id = $2`
	removeAnswers  = `DELETE FROM once WHERE project = $1 AND case_id = $2 AND key <> $3`
	// What is public stays, and what became public at its instant is public before anybody wrote it down.
	removeUnpublished = `DELETE FROM publications WHERE project = $1 AND case_id = $2 AND state <> 'done' 
		AND NOT (state = 'armed' AND at <= $3 AND NOT held)`
	dropLetters = `UPDATE deliveries SET state = $3, at = $4 WHERE project = $1 AND case_id = $2 AND state NOT IN ('sent', 'gave up')`
)

// erase destroys all that a case held, in the transaction of the event that says so. The row of the case and its fold are
// written before; from now on they are under a key of their own, which nothing older was ever sealed under. The leaves and
// links of the events stay: they are hashes over salts that are gone too.
func (at *place) erase(tx transaction, p *prepared, key string, now int64) {
	project, id := string(at.project.ID), string(p.Event.Case)
	tx.exec(putNewKey, project, id, p.version, p.wrapped, p.Event.At.UnixMicro())
	tx.exec(emptyEvents, project, id, p.Event.Rev, []byte{})
	tx.exec(removeFiles, project, id)
	tx.exec(removeReadings, project, id)
	tx.exec(removeAnswers, project, id, key)
	tx.exec(removeUnpublished, project, id, now)
	tx.exec(dropLetters, project, id, string(cvd.DroppedErased), now)
}

const listErased = `SELECT id, erased FROM cases WHERE project = $1 AND erased > 0 ORDER BY erased, id`

// Erased lists the erased cases of a project, the first one first.
func (s *Store) Erased(ctx context.Context, project cvd.ProjectID) ([]ErasedCase, error) {
	all, err := list(ctx, s.read, func(scan func(...any) error) (e ErasedCase, err error) {
		var at int64
		err = scan(&e.Case, &at)
		e.At = instant(at)
		return e, err
	}, listErased, string(project))
	return all, s.wrap(err, "list the erased cases of project %s", project)
}

// Clean overwrites what an erasure left in the files of the database, as far as the engine can; it is cheap when nothing was
// erased since the last time. If somebody is reading, it leaves the rest to the next time.
func (s *Store) Clean(ctx context.Context) error {
	if !s.unclean.Load() {
		return nil
	}
	done, err := s.engine.clean(ctx)
	if done {
		s.unclean.Store(false)
	}
	return s.wrap(err, "overwrite what was erased")
}

// erasures watches the events of a ledger go by: content may be missing only of cases that an event behind it says are erased.
type erasures struct {
	hollow map[cvd.CaseID]hollowCase
}

// hollowCase is a case of which some events have no content, and no event has said yet that this is so.
type hollowCase struct {
	first  sealedEvent
	events int64
}

// empty notes an event without content.
func (x *erasures) empty(e sealedEvent) {
	h, known := x.hollow[e.caseID]
	if !known {
		h.first = e
	}
	h.events++
	x.hollow[e.caseID] = h
}

// says holds what was empty so far against the event that erased it.
func (x *erasures) says(e cvd.Event) error {
	h := x.hollow[e.Case]
	delete(x.hollow, e.Case)
	if h.events != e.What.Erased.Events || h.events != e.Rev-1 {
		return &ledger.Fault{Kind: ledger.Edited, Seq: h.first.seq, EventID: string(h.first.id),
			Says: fmt.Sprintf("%d events of case %s are empty, and %d were erased", h.events, e.Case, e.What.Erased.Events)}
	}
	return nil
}

// end asks that nothing is empty of which no event says why.
func (x *erasures) end() error {
	for id, h := range x.hollow {
		return &ledger.Fault{Kind: ledger.Edited, Seq: h.first.seq, EventID: string(h.first.id),
			Says: fmt.Sprintf("it is empty, and no event says that case %s was erased", id)}
	}
	return nil
}
