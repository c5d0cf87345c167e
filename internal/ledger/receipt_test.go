package ledger

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/sumdb/note"
	"pgregory.net/rapid"
)

var update = flag.Bool("update", false, "rewrite testdata")

func TestAReceiptPromisesAtOnceAndProvesLater(t *testing.T) {
	p := hours(t)
	e := p.entries[1]
	promised, proven := p.promised(e), p.proven(e)

	v, err := promised.Verify(p.signer.VerifierKey())
	if err != nil {
		t.Fatal(err)
	}
	due := time.Date(2026, 3, 1, 14, 0, 0, 0, time.UTC)
	n, err := note.NewVerifier(p.signer.VerifierKey())
	if err != nil {
		t.Fatal(err)
	}
	signer := fmt.Sprintf("example.org/p/juno+%08x", n.KeyHash())
	if diff := cmp.Diff(Verdict{Signer: signer, Pinned: true, At: e.At, Due: due}, v); diff != "" {
		t.Error(diff)
	}
	if v.Overdue(due.Add(-1)) || !v.Overdue(due) {
		t.Errorf("a proof due at %s is not overdue before, and is from then on", v.Due)
	}

	v, err = proven.Verify(p.signer.VerifierKey() + "\n")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(Verdict{Proven: true, Signer: signer, Pinned: true, At: e.At, Due: due}, v); diff != "" {
		t.Error(diff)
	}
	if v.Overdue(due.AddDate(10, 0, 0)) {
		t.Error("what is proven is never overdue")
	}
}

// A receipt brings a key along. Whether it is the project's, only the asker can know.
func TestAReceiptCannotVouchForItsKey(t *testing.T) {
	p, impostor := hours(t), hours(t)
	v, err := p.proven(p.entries[0]).Verify("")
	if err != nil || v.Pinned {
		t.Fatalf("without a key from elsewhere: pinned %v, %v", v.Pinned, err)
	}
	if !strings.Contains(v.String(), "compare it") {
		t.Errorf("the sentence does not warn: %s", v)
	}
	forged := impostor.proven(impostor.entries[0])
	if _, err := forged.Verify(""); err != nil {
		t.Fatalf("the impostor's receipt fits together: %v", err)
	}
	wantMisfit(t, forged, p.signer.VerifierKey(), "key")
}

func TestAVerdictIsASentence(t *testing.T) {
	at, due := noon.Add(7*time.Minute), noon.Add(2*time.Hour)
	for want, v := range map[string]Verdict{
		"promised, proof due 2026-03-01T14:00:00Z: taken at 2026-03-01T12:07:00.000000Z by the log of k+1": {Signer: "k+1", Pinned: true, At: at, Due: due},
		"proven: taken at 2026-03-01T12:07:00.000000Z by the log of k+1":                                   {Signer: "k+1", Pinned: true, At: at, Due: due, Proven: true},
		"proven, later than promised: taken at 2026-03-01T12:07:00.000000Z by the log of k+1":              {Signer: "k+1", Pinned: true, At: at, Due: due, Proven: true, Late: true},
	} {
		if got := v.String(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// The promise alone is evidence: a stranger reads from it, with a tool of somebody else, who
// promised what until when, and nothing of the case.
func TestAPromiseIsEvidenceByItself(t *testing.T) {
	p := hours(t)
	e := p.entries[1]
	r := p.promised(e)
	v, err := note.NewVerifier(r.Key)
	if err != nil {
		t.Fatal(err)
	}
	n, err := note.Open([]byte(r.Promise), note.VerifierList(v))
	if err != nil {
		t.Fatal(err)
	}
	want := "tipstaff-promise/v1\nexample.org/p/juno\nleaf " + e.Leaf.String() +
		"\nat 2026-03-01T12:07:00.000000Z\nepoch 492325\ndue 2026-03-01T14:00:00Z\n" + promiseTerms
	if n.Text != want {
		t.Errorf("got %q\nwant %q", n.Text, want)
	}
	for _, never := range []string{"first hour", e.EventID, "c1"} {
		if strings.Contains(n.Text, never) {
			t.Errorf("the promise tells %q", never)
		}
	}
	if again := p.promised(e).Promise; again != r.Promise {
		t.Error("the same promise has two spellings: it would have to be stored")
	}
}

// What a promise means is fixed. A log that signs other terms has not promised.
func TestAPromiseHasOneText(t *testing.T) {
	p := hours(t)
	good := Promise{Origin: p.signer.Name(), Leaf: p.entries[1].Leaf, At: p.entries[1].At}.text()
	for name, text := range map[string]string{
		"a later epoch":      strings.Replace(good, "epoch 492325", "epoch 592325", 1),
		"a later instant":    strings.Replace(good, "due 2026", "due 2036", 1),
		"softer terms":       strings.Replace(good, "the promise was broken", "something went wrong", 1),
		"more terms":         good + "Not valid on Sundays.\n",
		"another format":     strings.Replace(good, "/v1", "/v2", 1),
		"a finer instant":    strings.Replace(good, "00.000000Z", "00.0000001Z", 1),
		"a leaf mislabelled": strings.Replace(good, "leaf ", "", 1),
		"one line":           "tipstaff-promise/v1\n",
	} {
		signed, err := sign(text, p.signer)
		if err != nil || text == good {
			t.Fatalf("%s: %v", name, err)
		}
		if got, err := OpenPromise(signed, p.signer.VerifierKey()); err == nil {
			t.Errorf("%s: read as %+v", name, got)
		}
	}
}

// A log that forgets an event cannot make good its promise: no proof of another event, no other
// epoch, no other log of its own will pass.
func TestABrokenPromiseCannotBeCovered(t *testing.T) {
	p := hours(t)
	forgotten := Entry{EventID: "e2", At: p.entries[1].At, Event: []byte(`{"id":"e2","project":"juno","case":"c1"}`)}
	promised := p.promised(forgotten)
	for _, other := range p.entries[:5] {
		r := promised
		r.Proof = p.proven(other).Proof
		if _, err := r.Verify(""); err == nil {
			t.Errorf("the proof of event %d covers for a forgotten one", other.Seq)
		}
	}
	v, err := promised.Verify(p.signer.VerifierKey())
	if err != nil || !v.Overdue(noon.Add(3*time.Hour)) {
		t.Errorf("the holder cannot show that the proof is overdue (%v)", err)
	}
}

func TestAPromiseKeptLateIsSaidToBeLate(t *testing.T) {
	p := newProject(t, "example.org/p/juno")
	e := p.take(noon.Add(time.Minute), "first hour")
	for i, last := range []int64{0, 0, 0, 1} {
		r := EpochRecord{Number: EpochOf(noon) + int64(i), First: 1, Last: last}
		r.Root = p.tree(r).Root()
		p.publish(r)
	}
	v, err := p.proven(e).Verify("")
	if err != nil || !v.Proven || !v.Late {
		t.Errorf("taken in the first hour, in the tree of the fourth: %+v, %v", v, err)
	}
	early := newProject(t, "example.org/p/juno")
	e = early.take(noon.Add(time.Minute), "first hour")
	r := EpochRecord{Number: EpochOf(noon) - 1, First: 1, Last: 1}
	r.Root = early.tree(r).Root()
	early.publish(r)
	wantMisfit(t, early.proven(e), "", "epoch")
}

func wantMisfit(t *testing.T, r Receipt, pinned, part string) {
	t.Helper()
	_, err := r.Verify(pinned)
	m, ok := errors.AsType[*Misfit](err)
	if !ok || m.Part != part || m.Says == "" {
		t.Errorf("got %v, want a misfit of %s", err, part)
	}
}

func TestWhatDoesNotFitIsNamed(t *testing.T) {
	p, other := hours(t), hours(t)
	for name, tt := range map[string]struct {
		spoil func(*Receipt)
		want  string
	}{
		"a version from the future":   {func(r *Receipt) { r.Version = 2 }, "version"},
		"no key":                      {func(r *Receipt) { r.Key = "" }, "key"},
		"another key":                 {func(r *Receipt) { r.Key = other.signer.VerifierKey() }, "promise"},
		"another log's name":          {func(r *Receipt) { r.Origin = "example.org/p/luna" }, "origin"},
		"another promise":             {func(r *Receipt) { r.Promise = p.promised(p.entries[2]).Promise }, "leaf"},
		"an impostor's promise":       {func(r *Receipt) { r.Promise = other.promised(other.entries[1]).Promise }, "promise"},
		"a promise with two signers":  {func(r *Receipt) { r.Promise = cosign(t, r, other.signer) }, "promise"},
		"a checkpoint for a promise":  {func(r *Receipt) { r.Promise = r.Checkpoint }, "promise"},
		"another leaf":                {func(r *Receipt) { r.Leaf = p.entries[2].Leaf }, "leaf"},
		"another instant":             {func(r *Receipt) { r.At = r.At.Add(time.Microsecond) }, "at"},
		"an instant between":          {func(r *Receipt) { r.At = r.At.Add(1) }, "at"},
		"another event":               {func(r *Receipt) { r.Event = p.entries[2].Event }, "event"},
		"another salt":                {func(r *Receipt) { r.Salt = p.entries[2].Salt[:] }, "event"},
		"a byte from salt to event":   {func(r *Receipt) { r.Event = append(r.Salt[15:16:16], r.Event...); r.Salt = r.Salt[:15] }, "salt"},
		"another event's name":        {func(r *Receipt) { r.EventID = "e3" }, "event_id"},
		"another project":             {func(r *Receipt) { r.Project = "luna" }, "project"},
		"another case":                {func(r *Receipt) { r.Case = "c2" }, "case"},
		"another epoch":               {func(r *Receipt) { r.Epoch++ }, "log_proof"},
		"another place in the epoch":  {func(r *Receipt) { r.Index ^= 1 }, "epoch_proof"},
		"another width":               {func(r *Receipt) { r.Size = 4096 }, "epoch_proof"},
		"another epoch's root":        {func(r *Receipt) { r.EpochRoot = p.epochs[2].Root }, "epoch_proof"},
		"no way to the epoch's root":  {func(r *Receipt) { r.EpochProof = nil }, "epoch_proof"},
		"another epoch's whole proof": {func(r *Receipt) { r.Proof = p.proven(p.entries[4]).Proof }, "epoch_proof"},
		"another place in the log":    {func(r *Receipt) { r.LogIndex++ }, "log_proof"},
		"another size of the log":     {func(r *Receipt) { r.LogSize++ }, "log_size"},
		"no way to the log's root":    {func(r *Receipt) { r.LogProof = nil }, "log_proof"},
		"an impostor's checkpoint":    {func(r *Receipt) { r.Checkpoint = other.checkpoint() }, "checkpoint"},
		"a promise for a checkpoint":  {func(r *Receipt) { r.Checkpoint = r.Promise }, "checkpoint"},
		"no checkpoint":               {func(r *Receipt) { r.Checkpoint = "" }, "checkpoint"},
	} {
		t.Run(name, func(t *testing.T) {
			r := p.proven(p.entries[1])
			tt.spoil(&r)
			wantMisfit(t, r, "", tt.want)
		})
	}
}

// A log may sign that it is as long as it likes; checking must end.
func TestALogTooLongToBeTrueIsRefused(t *testing.T) {
	p := hours(t)
	r := p.proven(p.entries[1])
	r.LogSize = 1<<62 + 1
	signed, err := Checkpoint{Origin: r.Origin, Size: r.LogSize}.Sign(p.signer)
	if err != nil {
		t.Fatal(err)
	}
	r.Checkpoint = signed
	wantMisfit(t, r, "", "log_proof")
}

func cosign(t *testing.T, r *Receipt, second note.Signer) string {
	t.Helper()
	v, err := note.NewVerifier(r.Key)
	if err != nil {
		t.Fatal(err)
	}
	n, err := note.Open([]byte(r.Promise), note.VerifierList(v))
	if err != nil {
		t.Fatal(err)
	}
	signed, err := note.Sign(n, second)
	if err != nil {
		t.Fatal(err)
	}
	return string(signed)
}

// Each receipt of each history holds, at once and when its epoch is closed.
func TestEveryReceiptOfEveryHistoryVerifies(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		p := newProject(t, "example.org/p/juno")
		hours := rapid.SliceOfN(rapid.IntRange(0, 4), 1, 6).Draw(rt, "events an hour")
		for hour, n := range hours {
			for range n {
				micros := rapid.Int64Range(0, 3600e6-1).Draw(rt, "instant")
				at := noon.Add(time.Duration(hour)*time.Hour + time.Duration(micros)*time.Microsecond)
				p.take(at, rapid.String().Draw(rt, "words"))
			}
			p.close()
		}
		for _, e := range p.entries {
			for stage, r := range map[string]Receipt{"promised": p.promised(e), "proven": p.proven(e)} {
				js, err := json.Marshal(r)
				if err != nil {
					rt.Fatal(err)
				}
				read, err := ParseReceipt(js)
				if err != nil {
					rt.Fatalf("%s: %v\n%s", stage, err, js)
				}
				if diff := cmp.Diff(r, read); diff != "" {
					rt.Fatalf("%s: read otherwise than written:\n%s", stage, diff)
				}
				v, err := read.Verify(p.signer.VerifierKey())
				if err != nil || v.Proven != (stage == "proven") || v.Late || !v.At.Equal(e.At) {
					rt.Fatalf("%s: %+v, %v", stage, v, err)
				}
			}
		}
		if _, err := p.past().Verify(rows(p.entries)); err != nil {
			rt.Fatal(err)
		}
	})
}

// Whatever single bit of a receipt's meaning is changed, it is refused. All of them are tried.
func TestNoBitOfAReceiptCanBeChanged(t *testing.T) {
	p := hours(t)
	fields := flip(t, p.proven(p.entries[1]))
	want := []string{
		"At", "Case", "Checkpoint", "Epoch", "EpochProof", "EpochRoot", "Event", "EventID", "Index", "Key", "Leaf",
		"LogIndex", "LogProof", "LogSize", "Origin", "Project", "Promise", "Salt", "Size", "Version",
	}
	if diff := cmp.Diff(want, fields); diff != "" {
		t.Errorf("not every field was tried:\n%s", diff)
	}
}

// flip changes each bit of each field of the receipt, one at a time, and returns the fields' names.
func flip(t *testing.T, r Receipt) []string {
	var names []string
	try := func(name string, bits int, change func(bit int, r *Receipt)) {
		names = append(names, name)
		for bit := range bits {
			spoilt := r
			proof := *r.Proof
			spoilt.Proof = &proof
			change(bit, &spoilt)
			if v, err := spoilt.Verify(""); err == nil {
				t.Errorf("bit %d of %s changed: %s", bit, name, v)
			}
		}
	}
	for _, f := range reflect.VisibleFields(reflect.TypeFor[Receipt]()) {
		if f.Anonymous {
			continue
		}
		field := func(r *Receipt) reflect.Value { return reflect.ValueOf(r).Elem().FieldByIndex(f.Index) }
		switch v := field(&r).Interface().(type) {
		case string:
			try(f.Name, 8*len(v), func(bit int, r *Receipt) { field(r).SetString(string(flipped([]byte(v), bit))) })
		case []byte:
			try(f.Name, 8*len(v), func(bit int, r *Receipt) { field(r).SetBytes(flipped(v, bit)) })
		case Hash:
			try(f.Name, 256, func(bit int, r *Receipt) { field(r).Set(reflect.ValueOf(Hash(flipped(v[:], bit)))) })
		case []Hash:
			try(f.Name, 256*len(v), func(bit int, r *Receipt) {
				path := slices.Clone(v)
				path[bit/256] = Hash(flipped(v[bit/256][:], bit%256))
				field(r).Set(reflect.ValueOf(path))
			})
		case time.Time:
			try(f.Name, 64, func(bit int, r *Receipt) { field(r).Set(reflect.ValueOf(time.UnixMicro(v.UnixMicro() ^ 1<<bit).UTC())) })
		case int, int64:
			n := field(&r).Int()
			try(f.Name, 64, func(bit int, r *Receipt) { field(r).SetInt(n ^ 1<<bit) })
		default:
			t.Errorf("%s is of a type that this test does not change", f.Name)
		}
	}
	slices.Sort(names)
	return names
}

func flipped(b []byte, bit int) []byte {
	out := slices.Clone(b)
	out[bit/8] ^= 1 << (bit % 8)
	return out
}

func TestAReceiptIsReadStrictly(t *testing.T) {
	p := hours(t)
	good, err := json.Marshal(p.proven(p.entries[1]))
	if err != nil {
		t.Fatal(err)
	}
	with := func(field string) []byte { return append(append([]byte("{"+field+","), good[1:]...), '\n') }
	for name, data := range map[string][]byte{
		"nothing":            nil,
		"an unknown field":   with(`"witness":"w"`),
		"a field twice":      with(`"case":"c2"`),
		"a field in capital": with(`"Case":"c2"`),
		"two documents":      append(slices.Clone(good), good...),
		"a list":             append(append([]byte("["), good...), ']'),
		"half of it":         good[:len(good)/2],
		"too much of it":     with(`"x":"` + strings.Repeat("x", maxReceipt) + `"`),
		"a short leaf":       bytes.Replace(good, []byte(`"leaf":"`), []byte(`"leaf":"AA`), 1),
		"null":               []byte("null"),
	} {
		if r, err := ParseReceipt(data); err == nil {
			t.Errorf("%s: read as %+v", name, r)
		}
	}
	// But the hands through which it went may have written it otherwise.
	var fields map[string]any
	if err := json.Unmarshal(good, &fields); err != nil {
		t.Fatal(err)
	}
	sorted, err := json.MarshalIndent(fields, "", "\t")
	if err != nil {
		t.Fatal(err)
	}
	r, err := ParseReceipt(sorted)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Verify(p.signer.VerifierKey()); err != nil {
		t.Errorf("indented and sorted: %v", err)
	}
}

// What was handed out once must be written the same, and verify, for ever.
func TestReceiptsOfVersion1AreKept(t *testing.T) {
	const file = "testdata/receipt-v1.json"
	skey, vkey, err := GenerateKey(bytes.NewReader(make([]byte, 32)), "example.org/p/juno")
	if err != nil {
		t.Fatal(err)
	}
	signer, err := OpenSigner(skey)
	if err != nil {
		t.Fatal(err)
	}
	p := &project{t: t, signer: signer, padKey: []byte("pads")}
	e := Entry{Seq: 1, EventID: "e1", At: noon.Add(7 * time.Microsecond), Salt: Salt{1, 2, 3}}
	e.Event = []byte(`{"id":"e1","project":"juno","case":"c1","at":"2026-03-01T12:00:00.000007Z","what":{}}`)
	e.Leaf = Leaf(e.Salt, e.Event)
	e.Head = Link(Hash{}, e.Leaf)
	p.entries, p.head = []Entry{e}, Head{Seq: 1, Link: e.Head}
	p.close()
	p.close()
	js, err := json.MarshalIndent(p.proven(e), "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	js = append(js, '\n')
	if *update {
		if err := os.WriteFile(file, js, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(kept), string(js)); diff != "" {
		t.Errorf("receipts are written otherwise than they were (-update rewrites, but those in people's hands stay):\n%s", diff)
	}
	r, err := ParseReceipt(kept)
	if err != nil {
		t.Fatal(err)
	}
	if v, err := r.Verify(vkey); err != nil || !v.Proven {
		t.Errorf("%v, %v", v, err)
	}
}

func TestAKeyHasAName(t *testing.T) {
	for _, name := range []string{"", "two words", "a+b", "line\nbreak"} {
		if _, _, err := GenerateKey(bytes.NewReader(make([]byte, 32)), name); err == nil {
			t.Errorf("a key called %q was made", name)
		}
	}
	if _, _, err := GenerateKey(bytes.NewReader(nil), "example.org"); err == nil {
		t.Error("a key was made of no randomness")
	}
	skey, vkey, err := GenerateKey(bytes.NewReader(make([]byte, 32)), "example.org")
	if err != nil {
		t.Fatal(err)
	}
	name, rest, _ := strings.Cut(vkey, "+")
	hash, key, _ := strings.Cut(rest, "+")
	upper := name + "+" + strings.ToUpper(hash) + "+" + key
	if _, err := note.NewVerifier(upper); err != nil || upper == vkey {
		t.Fatalf("%s is no other spelling of %s (%v)", upper, vkey, err)
	}
	if _, _, err := verifierName(upper); err == nil {
		t.Error("a verifier key has two spellings")
	}
	for _, bad := range []string{"", vkey, skey[:len(skey)-4], strings.Replace(skey, "example", "another", 1)} {
		if _, err := OpenSigner(bad); err == nil {
			t.Errorf("%q was read as a key", bad)
		}
	}
}

func FuzzParseReceipt(f *testing.F) {
	p := hours(f)
	for _, r := range []Receipt{p.promised(p.entries[0]), p.proven(p.entries[0]), {}} {
		js, err := json.Marshal(r)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(js)
	}
	f.Add([]byte(`{"epoch":null,"at":"2026-03-01T12:00:00+23:59"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := ParseReceipt(data)
		if err != nil {
			return
		}
		_, errFirst := r.Verify("")
		js, err := json.Marshal(r)
		if err != nil {
			t.Fatalf("read, but cannot be written: %v", err)
		}
		again, err := ParseReceipt(js)
		if err != nil {
			t.Fatalf("written as %s, which is refused: %v", js, err)
		}
		if _, errAgain := again.Verify(""); (errFirst == nil) != (errAgain == nil) {
			t.Errorf("verified with %v, then %v", errFirst, errAgain)
		}
	})
}

func BenchmarkPromise(b *testing.B) {
	p := newProject(b, "example.org/p/juno")
	f := Fact{Project: "juno", Case: "c1", EventID: "e1", Event: make([]byte, 1400), At: noon}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := NewReceipt(p.signer, f); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkVerifyReceipt(b *testing.B) {
	p := hours(b)
	r := p.proven(p.entries[0])
	for b.Loop() {
		if _, err := r.Verify(""); err != nil {
			b.Fatal(err)
		}
	}
}
