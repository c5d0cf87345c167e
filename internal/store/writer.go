package store

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"github.com/tipstaff/tipstaff/cvd"
)

const (
	queueMax = 1024 // what waits; more is refused, so that everybody is answered in time
	batchMax = 256  // what one transaction keeps
)

// writer is the one goroutine that writes cases, events, clocks and heads. It takes what is queued, without waiting for
// more, and keeps it in one transaction: the more arrive at once, the less each costs.
type writer struct {
	engine  engine
	now     func() time.Time
	fatal   func(error)
	queue   chan *item
	stop    chan struct{}
	ended   chan struct{}
	closing sync.Once

	broken           atomic.Bool // the disk failed: nothing is written any more
	batches, changes atomic.Int64
}

// item is what one asker wants kept: a change of a case, or rows that no rule can refuse.
type item struct {
	ctx    context.Context // the asker's without its end: River's client travels in it, and a client that left still counts
	change *prepared
	rows   []row
	about  *project // whose rows they are, if they must wait for other processes that write its events
	jobs   []river.InsertManyParams
	claim  *claim
	done   *rivertype.JobRow
	answer chan outcome
}

// claim is a statement that one of several askers wins: it changes its row only if that is as the asker believes.
type claim struct {
	row
	into []any // what the statement returns goes here
	won  bool  // whether it changed a row
}

// row is a statement with its arguments.
type row struct {
	statement string
	args      []any
}

type outcome struct {
	kept Kept
	err  error
}

func startWriter(e engine, now func() time.Time, fatal func(error)) *writer {
	w := &writer{engine: e, now: now, fatal: fatal, queue: make(chan *item, queueMax),
		stop: make(chan struct{}), ended: make(chan struct{})}
	go w.run()
	return w
}

// submit queues an item and waits for its outcome, even if the asker is gone.
func (w *writer) submit(ctx context.Context, it *item) (Kept, error) {
	it.ctx, it.answer = context.WithoutCancel(ctx), make(chan outcome, 1)
	select {
	case w.queue <- it:
	default:
		return Kept{}, busy("too much is being written at once; try again in a few seconds")
	}
	select {
	case out := <-it.answer:
		return out.kept, out.err
	case <-w.ended:
	}
	select {
	case out := <-it.answer: // it was the last one
		return out.kept, out.err
	default:
		return Kept{}, busy("the program is stopping; try again in a few seconds")
	}
}

func (w *writer) close() {
	w.closing.Do(func() { close(w.stop) })
	<-w.ended
}

func (w *writer) run() {
	defer close(w.ended)
	batch := make([]*item, 0, batchMax)
	for {
		select {
		case it := <-w.queue:
			batch = w.take(append(batch[:0], it))
		case <-w.stop:
			for batch = w.take(batch[:0]); len(batch) > 0; batch = w.take(batch[:0]) {
				w.keep(batch)
			}
			return
		}
		w.keep(batch)
		clear(batch)
	}
}

func (w *writer) take(batch []*item) []*item {
	for len(batch) < batchMax {
		select {
		case it := <-w.queue:
			batch = append(batch, it)
		default:
			return batch
		}
	}
	return batch
}

// keep answers every item of the batch. If one of them cannot be kept, which no rule foresaw, the others must not suffer:
// each is tried once alone. A database that is gone is gone for all of them.
func (w *writer) keep(batch []*item) {
	outs, err := w.attempt(batch)
	switch {
	case err == nil:
		for i, it := range batch {
			it.answer <- outs[i]
		}
	case len(batch) == 1 || w.engine.trouble(err) >= lost:
		err = w.explain(err)
		for _, it := range batch {
			it.answer <- outcome{err: err}
		}
	default:
		for i := range batch {
			w.keep(batch[i : i+1])
		}
	}
}

// explain turns an error of the database into what the asker reads, and stops everything if the disk may have lost data.
func (w *writer) explain(err error) error {
	switch w.engine.trouble(err) {
	case broken:
		w.fail(err)
		return errors.Join(busy("the disk failed; the program must be started again"), err)
	case lost:
		return errors.Join(busy("the database does not answer; try again in a few seconds"), err)
	case orphan:
		return errors.Join(errOrphan, err)
	}
	return err
}

// fail ends all writing, and says so once.
func (w *writer) fail(err error) {
	if !w.broken.Swap(true) {
		w.fatal(err)
	}
}

// errOrphan says that a row refers to another that is not there.
var errOrphan = errors.New("it refers to what is not there")

// attempt keeps a batch in one transaction, and only then says so.
func (w *writer) attempt(batch []*item) (outs []outcome, err error) {
	if w.broken.Load() {
		return nil, busy("the disk failed; the program must be started again")
	}
	tx, err := w.engine.begin()
	if err != nil {
		return nil, err
	}
	b := newBatch(tx, batch)
	if err := b.write(w.now, batch); err != nil {
		tx.rollback()
		return nil, err
	}
	if err := tx.commit(); err != nil {
		return nil, err
	}
	w.batches.Add(1)
	w.changes.Add(int64(len(batch)))
	return b.outs, nil
}

// batch is the state of one transaction.
type batch struct {
	tx       transaction
	outs     []outcome
	projects []*place // by number, so that two processes never wait for each other
}

func newBatch(tx transaction, items []*item) *batch {
	b := &batch{tx: tx, outs: make([]outcome, len(items))}
	for _, it := range items {
		if it.change != nil {
			b.at(it.change.project).add(it.change)
		}
		if it.about != nil {
			b.at(it.about)
		}
	}
	slices.SortFunc(b.projects, func(x, y *place) int { return int(x.project.number - y.project.number) })
	return b
}

func (b *batch) at(p *project) *place {
	for _, at := range b.projects {
		if at.project.ID == p.ID {
			return at
		}
	}
	at := &place{project: p, revs: map[cvd.CaseID]int64{}, once: map[string]answered{}}
	b.projects = append(b.projects, at)
	return at
}

// write reads where the projects stand, decides about each change, and writes what remains.
func (b *batch) write(now func() time.Time, items []*item) error {
	numbers := make([]int64, len(b.projects))
	for i, at := range b.projects {
		numbers[i] = at.project.number
	}
	b.tx.lock(numbers)
	instant := now().UnixMicro()
	for _, at := range b.projects {
		if err := at.read(b.tx, instant); err != nil {
			return err
		}
	}
	if err := b.tx.flush(); err != nil {
		return err
	}
	instant = now().UnixMicro() // of the time behind the lock
	for i, it := range items {
		b.outs[i] = b.decide(it, instant)
	}
	for _, at := range b.projects {
		at.write(b.tx)
	}
	if err := b.tx.flush(); err != nil {
		return err
	}
	return b.leave(items)
}

// decide keeps one item or refuses it by a rule.
func (b *batch) decide(it *item, instant int64) outcome {
	for _, r := range it.rows {
		b.tx.exec(r.statement, r.args...)
	}
	if it.claim != nil {
		it.claim.won = false // an attempt before this one counts for nothing
		b.tx.query(it.claim.statement, func(scan func(...any) error) error {
			it.claim.won = true
			return scan(it.claim.into...)
		}, it.claim.args...)
	}
	if it.change == nil {
		return outcome{}
	}
	return b.at(it.change.project).keep(b.tx, it.change, instant)
}

// leave hands River the jobs, and finishes those of which an item is the result.
func (b *batch) leave(items []*item) error {
	for i, it := range items {
		if len(it.jobs) > 0 {
			if err := b.tx.insert(it.jobs); err != nil {
				return err
			}
		}
		if it.done == nil || b.outs[i].err != nil {
			continue
		}
		if err := b.tx.complete(it.ctx, it.done); err != nil {
			return err
		}
	}
	return nil
}
