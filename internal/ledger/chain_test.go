package ledger

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestAnUntouchedPastIsInOrder(t *testing.T) {
	p := hours(t)
	got, err := p.past().Verify(rows(p.entries))
	if err != nil {
		t.Fatal(err)
	}
	root, err := p.log().Root()
	if err != nil {
		t.Fatal(err)
	}
	want := Audit{Entries: 6, Waiting: 1, Epochs: 3, LogRoot: root}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	empty := newProject(t, "example.org/p/new")
	if got, err := empty.past().Verify(rows(nil)); err != nil || got.Entries != 0 {
		t.Errorf("a project without events: %+v, %v", got, err)
	}
}

// Who destroys a case's key makes its events unreadable; the rest of the past still verifies.
func TestAnErasedCaseLeavesTheChainWhole(t *testing.T) {
	p := hours(t)
	entries := slices.Clone(p.entries)
	entries[1] = Entry{Seq: 2, EventID: "e2", At: entries[1].At, Erased: true, Leaf: entries[1].Leaf, Head: entries[1].Head}
	got, err := p.past().Verify(rows(entries))
	if err != nil || got.Erased != 1 {
		t.Errorf("got %+v, %v; want one erased event and no fault", got, err)
	}
	entries[1].Leaf[0] ^= 1
	if _, err := p.past().Verify(rows(entries)); err == nil {
		t.Error("the leaf of an erased event was changed, and nothing was noticed")
	}
}

// renumber gives the entries sequences without gaps, as somebody who removes or inserts would.
func renumber(entries []Entry) []Entry {
	for i := range entries {
		entries[i].Seq = int64(i + 1)
	}
	return entries
}

// exchange puts the whole rows i and j in each other's place; heads too, or not.
func exchange(entries []Entry, i, j int, headsToo bool) []Entry {
	entries[i], entries[j] = entries[j], entries[i]
	if !headsToo {
		entries[i].Head, entries[j].Head = entries[j].Head, entries[i].Head
	}
	return renumber(entries)
}

// edit replaces what an event says, as somebody would who has the keys.
func edit(e Entry, relink bool, prev Hash) Entry {
	e.Event = []byte(strings.Replace(string(e.Event), "hour", "HOUR", 1))
	e.Leaf = Leaf(e.Salt, e.Event)
	if relink {
		e.Head = Link(prev, e.Leaf)
	}
	return e
}

func TestWhateverWasDoneToThePastIsNamed(t *testing.T) {
	type change struct {
		past    *Past
		entries []Entry
	}
	tests := map[string]struct {
		do   func(p *project, c *change)
		want Fault
	}{
		"event edited": {func(_ *project, c *change) {
			c.entries[1].Event = []byte(strings.Replace(string(c.entries[1].Event), "hour", "HOUR", 1))
		}, Fault{Kind: Edited, Seq: 2, EventID: "e2"}},
		"salt edited": {func(_ *project, c *change) {
			c.entries[1].Salt[3] ^= 4
		}, Fault{Kind: Edited, Seq: 2, EventID: "e2"}},
		"event and leaf edited": {func(_ *project, c *change) {
			c.entries[1] = edit(c.entries[1], false, Hash{})
		}, Fault{Kind: Edited, Seq: 2, EventID: "e2"}},
		"head edited": {func(_ *project, c *change) {
			c.entries[1].Head[0] ^= 1
		}, Fault{Kind: Edited, Seq: 2, EventID: "e2"}},
		"id edited in the row": {func(_ *project, c *change) {
			c.entries[1].EventID = "e9"
		}, Fault{Kind: Edited, Seq: 2, EventID: "e9"}},
		"instant edited in the row": {func(_ *project, c *change) {
			c.entries[1].At = c.entries[1].At.Add(-1e6)
		}, Fault{Kind: Edited, Seq: 2, EventID: "e2"}},
		"last event edited with its head": {func(_ *project, c *change) {
			c.entries[5] = edit(c.entries[5], true, c.entries[4].Head)
		}, Fault{Kind: Edited, Seq: 6, EventID: "e6"}},
		"chain rewritten from an edited event on": {func(_ *project, c *change) {
			c.entries[1] = edit(c.entries[1], true, c.entries[0].Head)
			for i := 2; i < len(c.entries); i++ {
				c.entries[i].Head = Link(c.entries[i-1].Head, c.entries[i].Leaf)
			}
			c.past.Head.Link = c.entries[5].Head
		}, Fault{Kind: EpochEdited, Seq: 1, Epoch: EpochOf(noon)}},
		"chain and epoch rewritten": {func(p *project, c *change) {
			c.entries[1] = edit(c.entries[1], true, c.entries[0].Head)
			for i := 2; i < len(c.entries); i++ {
				c.entries[i].Head = Link(c.entries[i-1].Head, c.entries[i].Leaf)
			}
			c.past.Head.Link = c.entries[5].Head
			c.past.Epochs[0].Root = NewEpoch(p.padKey, EpochOf(noon), []Hash{c.entries[0].Leaf, c.entries[1].Leaf, c.entries[2].Leaf}).Root()
		}, Fault{Kind: LogEdited}},

		"event removed": {func(_ *project, c *change) {
			c.entries = slices.Delete(c.entries, 1, 2)
		}, Fault{Kind: Removed, Seq: 2}},
		"first event removed": {func(_ *project, c *change) {
			c.entries = c.entries[1:]
		}, Fault{Kind: Removed, Seq: 1}},
		"two events removed, the rest renumbered": {func(_ *project, c *change) {
			c.entries = renumber(slices.Delete(c.entries, 1, 3))
		}, Fault{Kind: Removed, Seq: 2, EventID: "e4"}},
		"event removed, the rest and the head renumbered": {func(_ *project, c *change) {
			c.entries = renumber(slices.Delete(c.entries, 1, 4))
			c.past.Head.Seq -= 3
		}, Fault{Kind: Removed, Seq: 2, EventID: "e5"}},
		"last event removed": {func(_ *project, c *change) {
			c.entries = c.entries[:5]
		}, Fault{Kind: Truncated, Seq: 6}},
		"last events removed with the head": {func(_ *project, c *change) {
			c.entries = c.entries[:4]
			c.past.Head = Head{Seq: 4, Link: c.entries[3].Head}
		}, Fault{Kind: Truncated, Seq: 5}},
		"all removed": {func(_ *project, c *change) {
			c.entries, c.past.Head = nil, Head{}
		}, Fault{Kind: Truncated, Seq: 1}},

		"neighbours exchanged": {func(_ *project, c *change) {
			c.entries = exchange(c.entries, 1, 2, true)
		}, Fault{Kind: Reordered, Seq: 2, EventID: "e3"}},
		"neighbours exchanged under their heads": {func(_ *project, c *change) {
			c.entries = exchange(c.entries, 1, 2, false)
		}, Fault{Kind: Reordered, Seq: 2, EventID: "e3"}},
		"distant events exchanged": {func(_ *project, c *change) {
			c.entries = exchange(c.entries, 0, 4, true)
		}, Fault{Kind: Reordered, Seq: 1, EventID: "e5"}},
		"distant events exchanged under their heads": {func(_ *project, c *change) {
			c.entries = exchange(c.entries, 0, 4, false)
		}, Fault{Kind: Reordered, Seq: 1, EventID: "e5"}},
		"one sequence twice": {func(_ *project, c *change) {
			c.entries[2].Seq = 2
		}, Fault{Kind: Reordered, Seq: 2, EventID: "e3"}},

		"event appended": {func(p *project, c *change) {
			c.entries = append(c.entries, Entry{Seq: 7, EventID: "e7"})
		}, Fault{Kind: Added, Seq: 7, EventID: "e7"}},
		"event appended with its head": {func(p *project, c *change) {
			c.entries = append(slices.Clone(c.entries), p.take(noon, "backdated"))
		}, Fault{Kind: Added, Seq: 7, EventID: "e7"}},
		"event inserted, the rest renumbered": {func(_ *project, c *change) {
			c.entries = renumber(slices.Insert(c.entries, 1, Entry{EventID: "new"}))
		}, Fault{Kind: Added, Seq: 2, EventID: "new"}},
		"event inserted with its head, the rest renumbered": {func(p *project, c *change) {
			e := c.entries[4]
			e.Head = Link(c.entries[0].Head, e.Leaf)
			c.entries = renumber(slices.Insert(c.entries, 1, e))
		}, Fault{Kind: Added, Seq: 2, EventID: "e5"}},

		"root of an epoch edited": {func(_ *project, c *change) {
			c.past.Epochs[2].Root[0] ^= 1
		}, Fault{Kind: EpochEdited, Seq: 4, Epoch: EpochOf(noon) + 2}},
		"root of an idle epoch edited": {func(_ *project, c *change) {
			c.past.Epochs[1].Root[0] ^= 1
		}, Fault{Kind: EpochEdited, Seq: 4, Epoch: EpochOf(noon) + 1}},
		"event moved into the epoch before": {func(_ *project, c *change) {
			c.past.Epochs[1].Last, c.past.Epochs[2].First = 4, 5
		}, Fault{Kind: EpochEdited, Seq: 4, Epoch: EpochOf(noon) + 1}},
		"bounds of an epoch edited": {func(_ *project, c *change) {
			c.past.Epochs[2].First = 5
		}, Fault{Kind: EpochEdited, Epoch: EpochOf(noon) + 2}},
		"bounds of an epoch turned around": {func(_ *project, c *change) {
			c.past.Epochs[2].Last = 2
		}, Fault{Kind: EpochEdited, Epoch: EpochOf(noon) + 2}},
		"idle epoch removed": {func(_ *project, c *change) {
			c.past.Epochs = slices.Delete(c.past.Epochs, 1, 2)
		}, Fault{Kind: EpochRemoved, Epoch: EpochOf(noon) + 1}},
		"last epoch removed": {func(_ *project, c *change) {
			c.past.Epochs = c.past.Epochs[:2]
		}, Fault{Kind: LogEdited}},
		"epochs exchanged": {func(_ *project, c *change) {
			c.past.Epochs[0], c.past.Epochs[1] = c.past.Epochs[1], c.past.Epochs[0]
		}, Fault{Kind: EpochEdited, Epoch: EpochOf(noon) + 1}},
		"checkpoint of another log": {func(_ *project, c *change) {
			c.past.Checkpoint.Origin = "example.org/p/luna"
		}, Fault{Kind: LogEdited}},
		"checkpoint of another past": {func(_ *project, c *change) {
			c.past.Checkpoint.Root[0] ^= 1
		}, Fault{Kind: LogEdited}},
		"pads of another key": {func(_ *project, c *change) {
			c.past.PadKey = []byte("another")
		}, Fault{Kind: EpochEdited, Seq: 1, Epoch: EpochOf(noon)}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			p := hours(t)
			past := p.past()
			c := &change{past: &past, entries: slices.Clone(p.entries)}
			tt.do(p, c)
			_, err := c.past.Verify(rows(c.entries))
			got, ok := errors.AsType[*Fault](err)
			if !ok {
				t.Fatalf("got %v, want a fault", err)
			}
			if got.Says == "" || !strings.Contains(got.Error(), string(got.Kind)) {
				t.Errorf("the fault does not say what it is: %v", got)
			}
			said := *got
			said.Says = ""
			if diff := cmp.Diff(tt.want, said); diff != "" {
				t.Errorf("%v\n%s", got, diff)
			}
		})
	}
}

// A checkpoint that somebody kept for years still binds the past before it.
func TestAnOldCheckpointIsEnoughToHoldAgainst(t *testing.T) {
	p := hours(t)
	old, err := OpenCheckpoint(p.checkpoint(), p.signer.VerifierKey())
	if err != nil {
		t.Fatal(err)
	}
	p.close()
	p.close()
	past := p.past()
	past.Checkpoint = &old
	if _, err := past.Verify(rows(p.entries)); err != nil {
		t.Errorf("against the checkpoint of size %d: %v", old.Size, err)
	}
	past.Epochs = past.Epochs[:2]
	past.Head = Head{Seq: 3, Link: p.entries[2].Head}
	if _, err := past.Verify(rows(p.entries[:3])); err == nil {
		t.Error("the database was put back to an earlier hour, and nothing was noticed")
	}
}

func TestAFailingReadIsNoFault(t *testing.T) {
	p := hours(t)
	broken := errors.New("disk")
	_, err := p.past().Verify(func(yield func(Entry, error) bool) {
		_ = yield(p.entries[0], nil) && yield(Entry{}, broken)
	})
	if _, ok := errors.AsType[*Fault](err); ok || !errors.Is(err, broken) {
		t.Errorf("got %v, want the error of the disk", err)
	}
}

// Whatever single bit of a row is changed, in whatever history, is noticed.
func TestAnyChangedBitOfAnyRowIsNoticed(t *testing.T) {
	p := hours(t)
	past := p.past()
	rapid.Check(t, func(rt *rapid.T) {
		entries := slices.Clone(p.entries)
		e := &entries[rapid.IntRange(0, len(entries)-1).Draw(rt, "row")]
		bit := rapid.IntRange(0, 7).Draw(rt, "bit")
		field := rapid.SampledFrom([]string{"event", "salt", "leaf", "head", "seq", "id"}).Draw(rt, "field")
		at := rapid.IntRange(0, 15).Draw(rt, "byte")
		switch field {
		case "event":
			e.Event = slices.Clone(e.Event)
			e.Event[at] ^= 1 << bit
		case "salt":
			e.Salt[at] ^= 1 << bit
		case "leaf":
			e.Leaf[at] ^= 1 << bit
		case "head":
			e.Head[at] ^= 1 << bit
		case "seq":
			e.Seq ^= 1 << bit
		case "id":
			e.EventID = fmt.Sprint(e.EventID, bit)
		}
		if _, err := past.Verify(rows(entries)); err == nil {
			rt.Fatalf("bit %d of %s of event %d changed, and nothing was noticed", bit, field, e.Seq)
		}
	})
}
