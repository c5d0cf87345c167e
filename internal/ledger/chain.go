package ledger

import (
	"encoding/json"
	"fmt"
	"iter"
	"time"

	"golang.org/x/mod/sumdb/tlog"
)

// Entry is an event's row, as the store finds it.
type Entry struct {
	Seq     int64 // from 1, without gaps
	EventID string
	At      time.Time // as the row shows it; the event says the same as "at"
	Salt    Salt
	Event   []byte // canonical bytes: a JSON document with "id" and "at"
	Erased  bool   // the case's key is destroyed: Salt and Event are gone, leaf and head remain
	Leaf    Hash
	Head    Hash // Link of the head before and the leaf
}

// Head is the end of a project's chain, kept beside the rows. The zero Head is that of a
// project without events.
type Head struct {
	Seq  int64
	Link Hash
}

// Past is all that a project's ledger says happened, except the events, which are handed to
// Verify one by one.
type Past struct {
	Origin string        // the log's name
	PadKey []byte        // the key that EpochRoot was given
	Epochs []EpochRecord // all that are closed, by number
	Head   Head

	// Checkpoint is one that was published, or nil. Best is a copy that others keep: whoever
	// can rewrite the whole database, and has its keys, cannot rewrite that.
	Checkpoint *Checkpoint
}

// Audit is what was found in order.
type Audit struct {
	Entries int64
	Erased  int64 // of them, known by leaf and head alone: each should belong to an erased case
	Waiting int64 // of them, not yet in a closed epoch
	Epochs  int64
	LogRoot Hash // of the public log with these epochs: what the stored hashes must give
}

// Verify recomputes the past from the entries, which come by Seq, and compares it with what is
// stored. The error is a *[Fault] that names the first thing which is not as it was, or an error of
// reading. A fault is found in one pass; memory is that of an hour's leaves.
func (p Past) Verify(entries iter.Seq2[Entry, error]) (Audit, error) {
	w := walk{past: p}
	if err := w.begin(); err != nil {
		return w.audit, err
	}
	for e, err := range entries {
		if err != nil {
			return w.audit, fmt.Errorf("read the event after %d: %w", w.seq, err)
		}
		if w.breach != nil {
			w.breach.look(e) // the chain is broken; what follows tells how
			continue
		}
		if err := w.take(e); err != nil {
			return w.audit, err
		}
	}
	if w.breach != nil {
		return w.audit, w.breach.fault(w.lastSeq())
	}
	if err := w.end(); err != nil {
		return w.audit, err
	}
	return w.audit, nil
}

// walk is the state of Verify after the event seq.
type walk struct {
	past         Past
	audit        Audit
	seq          int64
	id           string // of the event
	head, before Hash   // the chain's head after the event, and before it
	waiting      []Hash // leaves that no epoch has closed yet
	breach       *breach
}

// begin checks the row of epochs as such, and closes those before the first event.
func (w *walk) begin() error {
	last := int64(0)
	for i, e := range w.past.Epochs {
		if i > 0 {
			switch want := w.past.Epochs[i-1].Number + 1; {
			case e.Number > want:
				return &Fault{Kind: EpochRemoved, Epoch: want, Says: fmt.Sprintf("epochs %d to %d are missing", want, e.Number-1)}
			case e.Number < want:
				return &Fault{Kind: EpochEdited, Epoch: e.Number, Says: "it stands behind a later one, or twice"}
			}
		}
		if e.First != last+1 || e.Last < last {
			return &Fault{Kind: EpochEdited, Epoch: e.Number, Says: fmt.Sprintf("it covers events %d to %d; the epoch before ended with %d", e.First, e.Last, last)}
		}
		last = e.Last
	}
	return w.close()
}

// take goes one event further.
func (w *walk) take(e Entry) error {
	want := w.seq + 1
	switch {
	case e.Seq < want:
		return &Fault{Kind: Reordered, Seq: e.Seq, EventID: e.EventID, Says: fmt.Sprintf("it stands behind event %d, or twice", w.seq)}
	case e.Seq > want:
		return &Fault{Kind: Removed, Seq: want, Says: fmt.Sprintf("events %d to %d are missing", want, e.Seq-1)}
	case e.Seq > w.past.Head.Seq:
		return &Fault{Kind: Added, Seq: e.Seq, EventID: e.EventID, Says: fmt.Sprintf("the chain ends with event %d", w.past.Head.Seq)}
	case Link(w.head, e.Leaf) != e.Head:
		w.breach = &breach{entry: e, id: w.id, head: w.head, before: w.before, last: e.Seq}
		return nil
	}
	if err := e.content(); err != nil {
		return err
	}
	w.seq, w.id, w.before, w.head = e.Seq, e.EventID, w.head, e.Head
	w.waiting = append(w.waiting, e.Leaf)
	w.audit.Entries++
	w.audit.Waiting++
	if e.Erased {
		w.audit.Erased++
	}
	return w.close()
}

// content checks that the event is the one that the leaf commits to, and that the row's open
// columns say what the event says.
func (e Entry) content() error {
	if e.Erased {
		return nil
	}
	edited := func(says string) error {
		return &Fault{Kind: Edited, Seq: e.Seq, EventID: e.EventID, Says: says}
	}
	if Leaf(e.Salt, e.Event) != e.Leaf {
		return edited("event and salt do not make the leaf")
	}
	var named struct {
		ID string    `json:"id"`
		At time.Time `json:"at"`
	}
	if err := json.Unmarshal(e.Event, &named); err != nil {
		return edited("the event is not a JSON document with an id and an instant")
	}
	if named.ID != e.EventID {
		return edited(fmt.Sprintf("the event calls itself %q", named.ID))
	}
	if !named.At.Equal(e.At) {
		return edited("the event says that it was at " + named.At.Format(microseconds))
	}
	return nil
}

// close recomputes the epochs that end with the event reached.
func (w *walk) close() error {
	for w.audit.Epochs < int64(len(w.past.Epochs)) {
		e := w.past.Epochs[w.audit.Epochs]
		if e.Last > w.seq {
			return nil
		}
		if EpochRoot(w.past.PadKey, e.Number, w.waiting) != e.Root {
			return &Fault{Kind: EpochEdited, Epoch: e.Number, Seq: e.First, Says: fmt.Sprintf("its root is not that of its events, %d to %d", e.First, e.Last)}
		}
		w.waiting = w.waiting[:0]
		w.audit.Waiting = 0
		w.audit.Epochs++
	}
	return nil
}

// end compares what was reached with where the chain says it ends, and with the public log.
func (w *walk) end() error {
	if last := w.lastSeq(); w.seq < last {
		return &Fault{Kind: Truncated, Seq: w.seq + 1, Says: fmt.Sprintf("events %d to %d are missing at the end", w.seq+1, last)}
	}
	if w.head != w.past.Head.Link {
		return &Fault{Kind: Edited, Seq: w.seq, EventID: w.id, Says: "the last event is not the one that the head was made with"}
	}
	return w.log()
}

// lastSeq is the last event that there must be: that of the head, or of the last epoch.
func (w *walk) lastSeq() int64 {
	last := w.past.Head.Seq
	if n := len(w.past.Epochs); n > 0 {
		last = max(last, w.past.Epochs[n-1].Last)
	}
	return last
}

// log recomputes the public log from the epochs, and compares it with the checkpoint.
func (w *walk) log() error {
	var stored []Hash
	log := Log{Hashes: tlog.HashReaderFunc(func(places []int64) ([]Hash, error) {
		out := make([]Hash, len(places))
		for i, at := range places {
			out[i] = stored[at]
		}
		return out, nil
	})}
	for _, e := range w.past.Epochs {
		hashes, err := log.Grow(e.Record(w.past.Origin))
		if err != nil {
			return err
		}
		stored = append(stored, hashes...)
		log.Size++
	}
	root, err := log.Root()
	if err != nil {
		return err
	}
	w.audit.LogRoot = root
	c := w.past.Checkpoint
	switch {
	case c == nil:
		return nil
	case c.Origin != w.past.Origin:
		return &Fault{Kind: LogEdited, Says: fmt.Sprintf("the checkpoint is of %s, the log is %s", c.Origin, w.past.Origin)}
	case c.Size > log.Size:
		return &Fault{Kind: LogEdited, Says: fmt.Sprintf("a checkpoint was signed for %d epochs, %d are left", c.Size, log.Size)}
	}
	then, err := Log{Size: c.Size, Hashes: log.Hashes}.Root()
	if err != nil {
		return err
	}
	if then != c.Root {
		return &Fault{Kind: LogEdited, Says: fmt.Sprintf("the first %d epochs are not those that the checkpoint was signed for", c.Size)}
	}
	return nil
}
