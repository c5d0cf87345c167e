package ledger

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"
)

// project is a small writer: it keeps in slices what the store keeps in tables.
type project struct {
	t       testing.TB
	signer  Signer
	padKey  []byte
	entries []Entry
	epochs  []EpochRecord
	head    Head
	stored  []Hash
	records [][]byte
}

// noon is the beginning of the first epoch of every test.
var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func newProject(t testing.TB, origin string) *project {
	t.Helper()
	skey, vkey, err := GenerateKey(rand.Reader, origin)
	if err != nil {
		t.Fatal(err)
	}
	s, err := OpenSigner(skey)
	if err != nil || s.VerifierKey() != vkey {
		t.Fatalf("the signer's verifier key is %s, want %s (%v)", s.VerifierKey(), vkey, err)
	}
	return &project{t: t, signer: s, padKey: []byte("pads of " + origin)}
}

// take writes an event at the instant.
func (p *project) take(at time.Time, words string) Entry {
	p.t.Helper()
	e := Entry{Seq: p.head.Seq + 1, At: at}
	e.EventID = fmt.Sprintf("e%d", e.Seq)
	event, err := json.Marshal(map[string]any{
		"id": e.EventID, "project": "juno", "case": "c1", "at": at, "what": words,
	})
	if err != nil {
		p.t.Fatal(err)
	}
	e.Event = event
	if _, err := rand.Read(e.Salt[:]); err != nil {
		p.t.Fatal(err)
	}
	e.Leaf = Leaf(e.Salt, e.Event)
	e.Head = Link(p.head.Link, e.Leaf)
	p.entries = append(p.entries, e)
	p.head = Head{Seq: e.Seq, Link: e.Head}
	return e
}

// close ends the next epoch, as EpochRecord says.
func (p *project) close() EpochRecord {
	p.t.Helper()
	e := EpochRecord{Number: EpochOf(noon), First: 1}
	if n := len(p.epochs); n > 0 {
		e.Number, e.First = p.epochs[n-1].Number+1, p.epochs[n-1].Last+1
	}
	e.Last = e.First - 1
	for _, entry := range p.entries[e.First-1:] {
		if !entry.At.Before(EpochEnd(e.Number)) {
			break
		}
		e.Last = entry.Seq
	}
	e.Root = EpochRoot(p.padKey, e.Number, p.leaves(e))
	p.publish(e)
	return e
}

// publish appends an epoch to the public log.
func (p *project) publish(e EpochRecord) {
	p.t.Helper()
	record := e.Record(p.signer.Name())
	l := p.log()
	if got := l.Stored(); got != int64(len(p.stored)) {
		p.t.Fatalf("a log of %d records has stored %d hashes, want %d", l.Size, len(p.stored), got)
	}
	hashes, err := l.Grow(record)
	if err != nil {
		p.t.Fatal(err)
	}
	p.stored = append(p.stored, hashes...)
	p.records = append(p.records, record)
	p.epochs = append(p.epochs, e)
}

// tree is the tree of an epoch, rebuilt from the rows.
func (p *project) tree(e EpochRecord) Epoch { return NewEpoch(p.padKey, e.Number, p.leaves(e)) }

func (p *project) leaves(e EpochRecord) (leaves []Hash) {
	for _, entry := range p.entries[e.First-1 : e.Last] {
		leaves = append(leaves, entry.Leaf)
	}
	return leaves
}

func (p *project) log() Log {
	return Log{Size: int64(len(p.records)), Hashes: tlog.HashReaderFunc(func(places []int64) ([]Hash, error) {
		var out []Hash
		for _, at := range places {
			if at >= int64(len(p.stored)) {
				return nil, fmt.Errorf("no hash stored at %d", at)
			}
			out = append(out, p.stored[at])
		}
		return out, nil
	})}
}

func (p *project) checkpoint() string {
	p.t.Helper()
	c, err := p.log().Checkpoint(p.signer)
	if err != nil {
		p.t.Fatal(err)
	}
	return c
}

func (p *project) record(i int64) ([]byte, error) { return p.records[i], nil }

// promised is the receipt that is handed out at once.
func (p *project) promised(e Entry) Receipt {
	p.t.Helper()
	r, err := NewReceipt(p.signer, Fact{
		Project: "juno", Case: "c1", EventID: e.EventID, Event: e.Event, Salt: e.Salt, At: e.At,
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return r
}

// proven is the receipt that is handed out when the epoch is closed.
func (p *project) proven(e Entry) Receipt {
	p.t.Helper()
	i := slices.IndexFunc(p.epochs, func(x EpochRecord) bool { return x.First <= e.Seq && e.Seq <= x.Last })
	if i < 0 {
		p.t.Fatalf("event %d is in no closed epoch", e.Seq)
	}
	inEpoch, err := p.tree(p.epochs[i]).Prove(e.Leaf)
	if err != nil {
		p.t.Fatal(err)
	}
	inLog, err := p.log().Prove(int64(i))
	if err != nil {
		p.t.Fatal(err)
	}
	return p.promised(e).Complete(p.epochs[i], inEpoch, inLog, p.checkpoint())
}

// past is what Verify is given; the copies may be spoilt.
func (p *project) past() Past {
	p.t.Helper()
	c, err := OpenCheckpoint(p.checkpoint(), p.signer.VerifierKey())
	if err != nil {
		p.t.Fatal(err)
	}
	return Past{
		Origin: p.signer.Name(), PadKey: p.padKey, Epochs: slices.Clone(p.epochs), Head: p.head, Checkpoint: &c,
	}
}

// rows yields the entries as a store does.
func rows(entries []Entry) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		for _, e := range entries {
			if !yield(e, nil) {
				return
			}
		}
	}
}

// hours makes a project that has taken three events in the first hour, none in the second, two in
// the third, and one since.
func hours(t testing.TB) *project {
	p := newProject(t, "example.org/p/juno")
	for _, minute := range []int{1, 7, 59} {
		p.take(noon.Add(time.Duration(minute)*time.Minute), "first hour")
	}
	p.close()
	p.close()
	for _, minute := range []int{121, 125} {
		p.take(noon.Add(time.Duration(minute)*time.Minute), "third hour")
	}
	p.close()
	p.take(noon.Add(181*time.Minute), "fourth hour")
	return p
}
