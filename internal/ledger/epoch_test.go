package ledger

import (
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"
)

// merkle is RFC 6962, 2.1, word for word, over leaf hashes: what another implementation does.
func merkle(leaves []Hash) Hash {
	if len(leaves) == 0 {
		return sha256.Sum256(nil)
	}
	if len(leaves) == 1 {
		return leaves[0]
	}
	k := 1
	for 2*k < len(leaves) {
		k *= 2
	}
	left, right := merkle(leaves[:k]), merkle(leaves[k:])
	return sha256.Sum256(slices.Concat([]byte{1}, left[:], right[:]))
}

func leaves(n int) []Hash {
	out := make([]Hash, n)
	for i := range out {
		out[i] = Leaf(Salt{1}, fmt.Append(nil, i))
	}
	return out
}

func TestLeafIsTheStandardsLeafOfSaltAndEvent(t *testing.T) {
	salt, event := Salt{1, 2, 3}, []byte(`{"id":"e1"}`)
	if got, want := Leaf(salt, event), tlog.RecordHash(slices.Concat(salt[:], event)); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestLinkTellsTheOrder(t *testing.T) {
	a, b := Hash{1}, Hash{2}
	if Link(a, b) == Link(b, a) || Link(Hash{}, a) == Link(a, Hash{}) {
		t.Error("two orders have one head")
	}
	if Link(a, b) == tlog.NodeHash(a, b) {
		t.Error("a head of the chain could be taken for a node of a tree")
	}
}

func TestAnEpochIsAnHour(t *testing.T) {
	for at, want := range map[string]int64{
		"1970-01-01T00:00:00Z":             0,
		"1970-01-01T00:59:59.999999Z":      0,
		"1970-01-01T01:00:00Z":             1,
		"1969-12-31T23:59:59.999999Z":      -1,
		"1969-12-31T22:59:59Z":             -2,
		"2026-03-01T12:00:00Z":             492324,
		"2026-03-01T12:59:59.999999+00:00": 492324,
		"2026-03-01T13:59:00+01:00":        492324,
	} {
		instant, err := time.Parse(time.RFC3339Nano, at)
		if err != nil {
			t.Fatal(err)
		}
		n := EpochOf(instant)
		if n != want {
			t.Errorf("%s is in epoch %d, want %d", at, n, want)
		}
		if end := EpochEnd(n); !instant.Before(end) || EpochOf(end) != n+1 || EpochEnd(n-1).After(instant) {
			t.Errorf("epoch %d of %s ends at %s", n, at, end)
		}
	}
}

func TestEveryLeafOfAnEpochIsProvedByTheStandardsTree(t *testing.T) {
	for _, n := range []int{0, 1, 5, 1023, 1024, 1025, 5000} {
		t.Run(fmt.Sprint(n, " leaves"), func(t *testing.T) {
			ls := leaves(n)
			e := NewEpoch([]byte("key"), 7, ls)
			row := e.nodes[len(e.nodes)/2:]
			if !slices.IsSortedFunc(row, compare) {
				t.Error("the leaves are not sorted: their order tells when they came")
			}
			if got, want := e.Root(), merkle(row); got != want {
				t.Errorf("root is %s, RFC 6962 says %s", got, want)
			}
			for i := 0; i < n; i += max(1, n/50) {
				p, err := e.Prove(ls[i])
				if err != nil {
					t.Fatal(err)
				}
				if err := p.Check(e.Root(), ls[i]); err != nil {
					t.Errorf("leaf %d: %v", i, err)
				}
				if err := p.Check(e.Root(), ls[(i+1)%n]); err == nil && n > 1 {
					t.Errorf("the proof of leaf %d proves another one", i)
				}
			}
		})
	}
}

func TestALeafOfAnotherHourIsNotProved(t *testing.T) {
	e := NewEpoch([]byte("key"), 7, leaves(5))
	if p, err := e.Prove(Hash{9}); err == nil {
		t.Errorf("proved at %d", p.Index)
	}
}

// From outside, an idle hour and a busy one differ in nothing but the value of their root.
func TestAnEpochHidesHowManyAndInWhichOrder(t *testing.T) {
	ls := leaves(600)
	want := NewEpoch([]byte("key"), 7, ls).Root()
	shuffled := slices.Clone(ls)
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(ls), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	if NewEpoch([]byte("key"), 7, shuffled).Root() != want {
		t.Error("the root tells in which order the events came")
	}
	for _, n := range []int{1, 600, 1024} {
		p, err := NewEpoch([]byte("key"), 7, ls[:min(n, len(ls))]).Prove(ls[0])
		if err != nil || p.Size != 1024 || len(p.Path) != 10 {
			t.Errorf("%d events: a proof of %d hashes in a tree of %d (%v)", n, len(p.Path), p.Size, err)
		}
	}
	idle := EpochRoot([]byte("key"), 7, nil)
	if idle == EpochRoot([]byte("key"), 8, nil) || idle == EpochRoot([]byte("other"), 7, nil) {
		t.Error("two idle epochs have one root: whoever compares them learns that they were idle")
	}
	if EpochRoot([]byte("key"), 7, ls) != want {
		t.Error("the root of a busy hour is not that of its tree")
	}
}

func TestAnEpochProofHasOneForm(t *testing.T) {
	ls := leaves(9)
	e := NewEpoch([]byte("key"), 7, ls)
	p, err := e.Prove(ls[4])
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(rt *rapid.T) {
		changed := EpochProof{Index: p.Index, Size: p.Size, Path: slices.Clone(p.Path)}
		switch rapid.IntRange(0, 4).Draw(rt, "what") {
		case 0:
			changed.Index ^= 1 << rapid.IntRange(0, 62).Draw(rt, "bit")
		case 1:
			changed.Size ^= 1 << rapid.IntRange(0, 62).Draw(rt, "bit")
		case 2:
			changed.Path[rapid.IntRange(0, 9).Draw(rt, "hash")][rapid.IntRange(0, 31).Draw(rt, "byte")] ^= 1 << rapid.IntRange(0, 7).Draw(rt, "bit")
		case 3:
			changed.Path = changed.Path[:rapid.IntRange(0, 9).Draw(rt, "length")]
		case 4:
			// A tree of another size can have paths of the same length.
			changed.Size = rapid.Int64Range(513, 1023).Draw(rt, "size")
		}
		if err := changed.Check(e.Root(), ls[4]); err == nil {
			rt.Fatalf("%+v passes", changed)
		}
	})
}

func BenchmarkNewEpoch(b *testing.B) {
	ls := leaves(50)
	b.ReportAllocs()
	for b.Loop() {
		NewEpoch([]byte("key"), 7, ls)
	}
}
