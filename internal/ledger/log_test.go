package ledger

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// long makes a project whose log has n idle epochs.
func long(t testing.TB, n int64) *project {
	p := newProject(t, "example.org/p/juno")
	for i := range n {
		p.publish(EpochRecord{Number: i, First: 1, Root: Hash{byte(i), byte(i >> 8)}})
	}
	return p
}

func TestTheLogIsTheStandardsTreeOfItsRecords(t *testing.T) {
	p := newProject(t, "example.org/p/juno")
	var hashes []Hash
	for i := range int64(70) {
		l := p.log()
		root, err := l.Root()
		if err != nil {
			t.Fatal(err)
		}
		if want := merkle(hashes); root != want {
			t.Fatalf("root at size %d is %s, RFC 6962 says %s", i, root, want)
		}
		p.publish(EpochRecord{Number: i, First: 1})
		hashes = append(hashes, tlog.RecordHash(p.records[i]))
	}
	root, err := p.log().Root()
	if err != nil {
		t.Fatal(err)
	}
	for i := range p.log().Size {
		proof, err := p.log().Prove(i)
		if err != nil {
			t.Fatal(err)
		}
		if err := proof.Check(root, p.records[i]); err != nil {
			t.Errorf("record %d: %v", i, err)
		}
		if err := proof.Check(root, p.records[(i+1)%70]); err == nil {
			t.Errorf("the proof of record %d proves another one", i)
		}
	}
	if _, err := p.log().Prove(70); err == nil {
		t.Error("a record behind the end is proved")
	}
}

func TestARecordShowsNumberAndRootAlone(t *testing.T) {
	got := string(EpochRecord{Number: 492348, First: 17, Last: 42, Root: Hash{1}}.Record("example.org/p/juno"))
	want := "tipstaff-epoch/v1\nexample.org/p/juno\n492348\n" + Hash{1}.String() + "\n"
	if got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestACheckpointIsASignedNoteLikeAnyOther(t *testing.T) {
	p := long(t, 5)
	v, err := note.NewVerifier(p.signer.VerifierKey())
	if err != nil {
		t.Fatal(err)
	}
	n, err := note.Open([]byte(p.checkpoint()), note.VerifierList(v))
	if err != nil {
		t.Fatal(err)
	}
	root, err := p.log().Root()
	if err != nil {
		t.Fatal(err)
	}
	if want := "example.org/p/juno\n5\n" + root.String() + "\n"; n.Text != want {
		t.Errorf("text is %q, want %q", n.Text, want)
	}
}

func TestAWitnessMayAddItsSignature(t *testing.T) {
	p := long(t, 5)
	witness := newProject(t, "witness.example")
	v, err := note.NewVerifier(p.signer.VerifierKey())
	if err != nil {
		t.Fatal(err)
	}
	n, err := note.Open([]byte(p.checkpoint()), note.VerifierList(v))
	if err != nil {
		t.Fatal(err)
	}
	cosigned, err := note.Sign(n, witness.signer)
	if err != nil {
		t.Fatal(err)
	}
	if c, err := OpenCheckpoint(string(cosigned), p.signer.VerifierKey()); err != nil || c.Size != 5 {
		t.Errorf("got %+v, %v", c, err)
	}
	if _, err := OpenCheckpoint(string(cosigned), witness.signer.VerifierKey()); err == nil {
		t.Error("a witness's signature passes for the log's")
	}
}

func TestACheckpointHasOneSpelling(t *testing.T) {
	p := long(t, 1)
	root := Hash{1}.String()
	for name, text := range map[string]string{
		"a leading zero":     "example.org/p/juno\n05\n" + root + "\n",
		"a plus":             "example.org/p/juno\n+5\n" + root + "\n",
		"a negative size":    "example.org/p/juno\n-5\n" + root + "\n",
		"a short root":       "example.org/p/juno\n5\n" + root[:40] + "\n",
		"stray bits":         "example.org/p/juno\n5\n" + root[:42] + "B=\n",
		"no root":            "example.org/p/juno\n5\n",
		"another log's name": "example.org/p/luna\n5\n" + root + "\n",
	} {
		signed, err := sign(text, p.signer)
		if err != nil {
			t.Fatal(err)
		}
		if c, err := OpenCheckpoint(signed, p.signer.VerifierKey()); err == nil {
			t.Errorf("%s: read as %+v", name, c)
		}
	}
	if _, err := (Checkpoint{Origin: "example.org/p/luna"}).Sign(p.signer); err == nil {
		t.Error("one log's key signed for another")
	}
	if _, err := (Promise{Origin: "example.org/p/luna"}).Sign(p.signer); err == nil {
		t.Error("one log's key promised for another")
	}
}

// client reads a log as a stranger does: by the addresses of its tiles, checking what it gets.
type client struct {
	t   *testing.T
	log *project
}

func (c client) Height() int { return 8 }

func (c client) SaveTiles([]tlog.Tile, [][]byte) {}

func (c client) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var out [][]byte
	for _, want := range tiles {
		// The Go checksum database names the height; C2SP does not.
		address := strings.Replace(want.Path(), "tile/8/", "/tile/", 1)
		tile, err := ParseTile(address)
		if err != nil || tile != want {
			return nil, fmt.Errorf("%s is read as %+v, %v", address, tile, err)
		}
		data, err := c.log.log().Tile(tile)
		if err != nil {
			return nil, err
		}
		out = append(out, data)
	}
	return out, nil
}

func TestAStrangerChecksTheWholeLogByItsTiles(t *testing.T) {
	for _, size := range []int64{1, 255, 256, 257, 700, 66_000} {
		t.Run(fmt.Sprint(size), func(t *testing.T) {
			p := long(t, size)
			c, err := OpenCheckpoint(p.checkpoint(), p.signer.VerifierKey())
			if err != nil {
				t.Fatal(err)
			}
			hashes := tlog.TileHashReader(tlog.Tree{N: c.Size, Hash: c.Root}, client{t, p})
			for _, i := range []int64{0, size / 3, size / 2, size - 1} {
				proof, err := tlog.ProveRecord(size, i, hashes)
				if err != nil {
					t.Fatal(err)
				}
				if err := tlog.CheckRecord(proof, size, c.Root, i, tlog.RecordHash(p.records[i])); err != nil {
					t.Errorf("record %d: %v", i, err)
				}
			}
		})
	}
}

func TestABundleHoldsTheRecordsOfItsTile(t *testing.T) {
	p := long(t, 300)
	for path, want := range map[string][2]int64{
		"/tile/entries/000":      {0, 256},
		"/tile/entries/000.p/7":  {0, 7},
		"/tile/entries/001.p/44": {256, 300},
		"tile/entries/001.p/1":   {256, 257},
	} {
		tile, err := ParseTile(path)
		if err != nil {
			t.Fatal(err)
		}
		data, err := p.log().Bundle(tile, p.record)
		if err != nil {
			t.Fatal(err)
		}
		for i := want[0]; i < want[1]; i++ {
			n := int(binary.BigEndian.Uint16(data))
			if !bytes.Equal(data[2:2+n], p.records[i]) {
				t.Fatalf("%s: record %d is %q", path, i, data[2:2+n])
			}
			data = data[2+n:]
		}
		if len(data) != 0 {
			t.Errorf("%s: %d bytes too many", path, len(data))
		}
	}
	bundle := Tile{H: 8, L: -1, W: 1}
	if _, err := p.log().Bundle(bundle, func(int64) ([]byte, error) { return make([]byte, 1<<16), nil }); err == nil {
		t.Error("a record longer than its length can say was bundled")
	}
	if _, err := p.log().Bundle(bundle, func(int64) ([]byte, error) { return nil, errors.New("disk") }); err == nil {
		t.Error("a record that cannot be read was bundled")
	}
}

func TestWhatIsNotInTheLogIsNoTile(t *testing.T) {
	p := long(t, 300)
	for _, path := range []string{
		"/tile/0/001", "/tile/0/001.p/45", "/tile/0/002.p/1", "/tile/1/000", "/tile/1/000.p/2",
		"/tile/2/000.p/1", "/tile/63/000.p/1", "/tile/0/x999/x999/x999/x999/x999/999",
		"/tile/entries/001", "/tile/entries/001.p/45", "/tile/entries/002.p/1",
	} {
		tile, err := ParseTile(path)
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		_, errTile := p.log().Tile(tile)
		_, errBundle := p.log().Bundle(tile, p.record)
		if !errors.Is(errTile, ErrNoTile) || !errors.Is(errBundle, ErrNoTile) {
			t.Errorf("%s is served: %v, %v", path, errTile, errBundle)
		}
	}
	hashes, records := Tile{H: 8, L: 0, W: 1}, Tile{H: 8, L: -1, W: 1}
	if _, err := p.log().Tile(records); !errors.Is(err, ErrNoTile) {
		t.Error("records are served as hashes")
	}
	if _, err := p.log().Bundle(hashes, p.record); !errors.Is(err, ErrNoTile) {
		t.Error("hashes are served as records")
	}
}

func TestATileHasOneAddress(t *testing.T) {
	for _, path := range []string{
		"", "/", "tile", "/tile/", "/tile/0", "/tile/0/", "/tile/0/0", "/tile/0/00", "/tile/0/1000",
		"/tile/00/000", "/tile/-1/000", "/tile/64/000", "/tile/+0/000", "/tile/data/000", "//tile/0/000",
		"/tile/0/000.p/0", "/tile/0/000.p/256", "/tile/0/000.p/01", "/tile/0/000.p/", "/tile/0/000/",
		"/tile/0/x000/001", "/tile/0/001/002", "/tile/0/x001", "/tile/entries", "/tile/entries/data/000",
		"/tile/8/0/000", "/tile/0/000?x", "/tile/0/%30", "/tile/0/x999/x999/x999/x999/x999/x999/x999/999",
	} {
		if tile, err := ParseTile(path); !errors.Is(err, ErrNoTile) {
			t.Errorf("%q is read as %+v", path, tile)
		}
	}
}

// J-10: nothing public tells a project that works on three hundred restricted cases from one
// that sleeps.
func TestABusyProjectLooksLikeAnIdleOne(t *testing.T) {
	busy, idle := newProject(t, "example.org/p/busy"), newProject(t, "example.org/p/idle")
	for hour := range 5 {
		for i := range 150 * hour {
			busy.take(noon.Add(time.Duration(hour)*time.Hour+time.Duration(i)*time.Second), "restricted")
		}
		busy.close()
		idle.close()
	}
	if b, i := busy.log().Size, idle.log().Size; b != i || len(busy.stored) != len(idle.stored) {
		t.Errorf("sizes %d and %d, hashes %d and %d", b, i, len(busy.stored), len(idle.stored))
	}
	if b, i := len(busy.checkpoint()), len(idle.checkpoint()); b != i {
		t.Errorf("checkpoints of %d and %d bytes", b, i)
	}
	for _, path := range []string{"/tile/0/000.p/5", "/tile/entries/000.p/5", "/tile/0/000.p/6", "/tile/1/000.p/1"} {
		b, errB := public(t, busy, path)
		i, errI := public(t, idle, path)
		if len(b) != len(i) || !errors.Is(errB, errI) {
			t.Errorf("%s: %d bytes (%v) and %d bytes (%v)", path, len(b), errB, len(i), errI)
		}
	}
}

func public(t *testing.T, p *project, path string) ([]byte, error) {
	t.Helper()
	tile, err := ParseTile(path)
	if err != nil {
		t.Fatal(err)
	}
	if tile.L < 0 {
		return p.log().Bundle(tile, p.record)
	}
	return p.log().Tile(tile)
}

func FuzzParseTile(f *testing.F) {
	f.Add("/tile/0/000")
	f.Add("/tile/3/x001/x234/067.p/8")
	f.Add("/tile/entries/x001/000.p/255")
	l := long(f, 300).log()
	f.Fuzz(func(t *testing.T, path string) {
		tile, err := ParseTile(path)
		if err != nil {
			return
		}
		again := strings.Replace(strings.Replace(tile.Path(), "tile/8/", "tile/", 1), "/data/", "/entries/", 1)
		if again != strings.TrimPrefix(path, "/") {
			t.Errorf("%q is read as %+v, whose address is %q", path, tile, again)
		}
		data, err := l.Tile(tile)
		if err == nil && len(data) != tile.W*32 || err != nil && !errors.Is(err, ErrNoTile) {
			t.Errorf("%q: %d bytes, %v", path, len(data), err)
		}
	})
}
