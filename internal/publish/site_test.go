package publish_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/publish"
)

func TestPreparedBytesAreTheSameEachTime(t *testing.T) {
	plain := []byte(strings.Repeat("an advisory ", 1000))
	a, b := publish.Prepare("/a", "text/plain", plain), publish.Prepare("/a", "text/plain", plain)
	if diff := cmp.Diff(a, b); diff != "" {
		t.Errorf("two preparations differ:\n%s", diff)
	}
	if a.Size != len(plain) || len(a.Gzip) >= len(plain)/10 {
		t.Errorf("got %d bytes in %d, want %d in less than a tenth", a.Size, len(a.Gzip), len(plain))
	}
	z, err := gzip.NewReader(bytes.NewReader(a.Gzip))
	if err != nil {
		t.Fatal(err)
	}
	if !z.ModTime.IsZero() || z.Name != "" || z.Comment != "" {
		t.Errorf("the compressed bytes tell of their making: %+v", z.Header)
	}
	if got, err := a.Plain(); err != nil || !bytes.Equal(got, plain) {
		t.Errorf("unpacked %d bytes, %v; want the %d prepared ones", len(got), err, len(plain))
	}
	a.Hash = strings.Repeat("0", 64)
	if _, err := a.Plain(); err == nil {
		t.Error("bytes that are not those of the hash were taken for them")
	}
}

func TestAPublicationSurvivesBeingKept(t *testing.T) {
	for name, p := range map[string]publish.Publication{
		"nothing":     {At: noon},
		"a document":  {Project: "juno", ID: "1", At: noon, Documents: []publish.Document{publish.Prepare("/a", "text/plain", []byte("a"))}},
		"only a gap":  {Project: "juno", ID: "2", At: noon.Add(time.Microsecond), Gone: []string{"/a", "/b"}},
		"several":     {Project: "juno", ID: "3", At: noon, Documents: []publish.Document{publish.Prepare("/a", "text/plain", nil), publish.Prepare("/ü", "x/y", []byte("\x00\xff"))}},
		"many bytes":  {Project: "juno", ID: "4", At: noon, Documents: []publish.Document{publish.Prepare("/a", "x/y", noise(1<<16, 1))}},
		"index alone": {Project: "juno", ID: "5", At: noon, Documents: []publish.Document{{Path: "/a", Hash: strings.Repeat("0", 64), Gzip: []byte{}}}},
	} {
		t.Run(name, func(t *testing.T) {
			b, err := p.Marshal()
			if err != nil {
				t.Fatal(err)
			}
			got, err := publish.Unmarshal(b)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(p, got); diff != "" {
				t.Errorf("(-kept +read):\n%s", diff)
			}
			for i := range min(len(b), 512) {
				if _, err := publish.Unmarshal(b[:i]); err == nil {
					t.Fatalf("the first %d of %d bytes were taken for a publication", i, len(b))
				}
			}
		})
	}
}

func FuzzUnmarshal(f *testing.F) {
	p := publish.Publication{Project: "juno", ID: "1", At: noon, Documents: []publish.Document{publish.Prepare("/a", "text/plain", []byte("a"))}, Gone: []string{"/b"}}
	b, err := p.Marshal()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Add([]byte{1, 2, '{', '}'})
	f.Add([]byte{1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1})
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := publish.Unmarshal(b)
		if err != nil {
			return
		}
		again, err := p.Marshal()
		if err != nil {
			t.Fatal(err)
		}
		if q, err := publish.Unmarshal(again); err != nil || !cmp.Equal(p, q) {
			t.Errorf("read %+v, then %+v, %v", p, q, err)
		}
	})
}

func TestAResponseSaysWhatAClientNeeds(t *testing.T) {
	text := strings.Repeat("an advisory ", 1000)
	s := newShelf(noon)
	s.publish(t, "a", noon, map[string]string{"/a": text})
	site := s.site(t)
	d := publish.Prepare("/a", "", []byte(text))
	strong, weak := d.ETag(), "W/"+d.ETag()
	always := func(h http.Header) http.Header {
		h.Set("Cache-Control", "public, no-cache")
		h.Set("Vary", "Accept-Encoding")
		h.Set("X-Content-Type-Options", "nosniff")
		return h
	}
	plain := always(http.Header{"Etag": {weak}, "Content-Type": {"text/html; charset=utf-8"}, "Content-Length": {"12000"}})
	zipped := always(http.Header{"Etag": {strong}, "Content-Type": {"text/html; charset=utf-8"}, "Content-Length": {itoa(len(d.Gzip))}, "Content-Encoding": {"gzip"}})
	for name, test := range map[string]struct {
		method  string
		headers []string
		status  int
		header  http.Header
		body    string
	}{
		"plain bytes for who cannot unpack":  {"GET", nil, 200, plain, text},
		"packed bytes for who can":           {"GET", []string{"Accept-Encoding", "deflate, GZIP;q=0.5"}, 200, zipped, string(d.Gzip)},
		"packed bytes for who takes all":     {"GET", []string{"Accept-Encoding", "*"}, 200, zipped, string(d.Gzip)},
		"plain bytes for who refuses packed": {"GET", []string{"Accept-Encoding", "gzip; q=0.000, *"}, 200, plain, text},
		"plain bytes for other codings":      {"GET", []string{"Accept-Encoding", "br, identity"}, 200, plain, text},
		"HEAD is GET without the bytes":      {"HEAD", []string{"Accept-Encoding", "gzip"}, 200, zipped, ""},
		"HEAD of plain bytes":                {"HEAD", nil, 200, plain, ""},
		"a range is the whole":               {"GET", []string{"Range", "bytes=0-9"}, 200, plain, text},
		"known by its strong name":           {"GET", []string{"Accept-Encoding", "gzip", "If-None-Match", strong}, 304, always(http.Header{"Etag": {strong}}), ""},
		"known by its weak name":             {"GET", []string{"If-None-Match", weak}, 304, always(http.Header{"Etag": {weak}}), ""},
		"known by the other coding's name":   {"GET", []string{"If-None-Match", strong}, 304, always(http.Header{"Etag": {weak}}), ""},
		"known among others":                 {"HEAD", []string{"If-None-Match", `"x", ` + weak + `,"y"`}, 304, always(http.Header{"Etag": {weak}}), ""},
		"known whatever it is":               {"GET", []string{"If-None-Match", "*"}, 304, always(http.Header{"Etag": {weak}}), ""},
		"known in another version":           {"GET", []string{"If-None-Match", `"00000000000000000000000000000000"`}, 200, plain, text},
		"a date does not make it known":      {"GET", []string{"If-Modified-Since", "Sun, 05 Apr 2099 12:00:00 GMT"}, 200, plain, text},
		"no other method is taken":           {"POST", nil, 405, refusal("GET, HEAD", "19"), "method not allowed\n"},
		"a preflight tells nothing":          {"OPTIONS", nil, 405, refusal("GET, HEAD", "19"), "method not allowed\n"},
	} {
		t.Run(name, func(t *testing.T) {
			w := ask(site, test.method, "/a", test.headers...)
			if w.Code != test.status {
				t.Errorf("got status %d, want %d", w.Code, test.status)
			}
			if diff := cmp.Diff(test.header, w.Header()); diff != "" {
				t.Errorf("headers (-want +got):\n%s", diff)
			}
			if got := w.Body.String(); got != test.body {
				t.Errorf("got %d bytes, want %d", len(got), len(test.body))
			}
		})
	}
	if got, want := answer(ask(site, "GET", "/b")), answer(ask(site, "GET", "/a/")); got != want || !strings.Contains(got, "no-store") {
		t.Errorf("absent paths: got %s and %s, want the same, not to be stored", got, want)
	}
}

func refusal(allow, length string) http.Header {
	return http.Header{"Allow": {allow}, "Cache-Control": {"no-store"}, "Content-Length": {length},
		"Content-Type": {"text/plain; charset=utf-8"}, "X-Content-Type-Options": {"nosniff"}}
}

func TestWhatIsNoDocumentIsForTheNextHandler(t *testing.T) {
	s := newShelf(noon.Add(-time.Second))
	s.publish(t, "a", noon.Add(-time.Hour), before)
	s.arm(t, "b", noon, after)
	site := publish.New(publish.Config{Now: s.clock, Load: s.load, Fetch: s.fetch, Next: http.HandlerFunc(
		func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.WriteString(w, "next "+r.Method+" "+r.URL.Path)
		})})
	refresh(t, site)
	for _, test := range []struct{ method, path, want string }{
		{"GET", "/sa/1", "first"},
		{"GET", "/sa/2", "next GET /sa/2"},
		{"GET", "/sa/3", "next GET /sa/3"},
		{"POST", "/sa/1", "next POST /sa/1"},
		{"POST", "/sa/2", "next POST /sa/2"},
	} {
		w := ask(site, test.method, test.path)
		if got := w.Body.String(); got != test.want || test.path != "/sa/1" && w.Header().Get("Cache-Control") != "" {
			t.Errorf("%s %s: got %q with %v, want %q", test.method, test.path, got, w.Header(), test.want)
		}
	}
}

func TestBodiesInMemoryAreBounded(t *testing.T) {
	s := newShelf(noon)
	texts := map[string]string{"/a": string(noise(5000, 1)), "/b": string(noise(5000, 2)), "/c": string(noise(5000, 3)), "/huge": string(noise(50000, 4))}
	for path, text := range texts {
		s.publish(t, path, noon, map[string]string{path: text})
	}
	site := publish.New(publish.Config{Now: s.clock, Load: s.load, Fetch: s.fetch, Memory: 12000})
	refresh(t, site)
	clear(s.fetched)
	ask := func(path string) {
		t.Helper()
		if got := get(t, site, path); got != texts[path] {
			t.Fatalf("%s: got %d bytes, want %d", path, len(got), len(texts[path]))
		}
	}
	for _, path := range []string{"/a", "/b", "/a", "/b"} {
		ask(path)
	}
	if n := s.fetched["/a"] + s.fetched["/b"]; n > 2 {
		t.Errorf("two that fit were read %d times, want each at most once", n)
	}
	clear(s.fetched)
	for _, path := range []string{"/a", "/c", "/a", "/b", "/a", "/c", "/a"} {
		ask(path)
	}
	if diff := cmp.Diff(map[string]int{"/b": 1, "/c": 2}, s.fetched); diff != "" {
		t.Errorf("readings when the one not used for longest has to go (-want +got):\n%s", diff)
	}
	clear(s.fetched)
	ask("/huge")
	ask("/huge")
	ask("/a")
	if diff := cmp.Diff(map[string]int{"/huge": 2}, s.fetched); diff != "" {
		t.Errorf("readings of what is larger than the memory (-want +got):\n%s", diff)
	}
}

func TestAHerdReadsAPageOnce(t *testing.T) {
	s := newShelf(noon)
	s.publish(t, "a", noon, map[string]string{"/a": string(noise(5000, 1)), "/other": string(noise(9000, 1))})
	const herd = 50
	var asking sync.WaitGroup
	var reads atomic.Int64
	site := publish.New(publish.Config{Memory: 10000, Load: s.load,
		Now: func() time.Time { asking.Done(); return noon }, // each request looks at the clock once, and then for the page
		Fetch: func(ctx context.Context, project cvd.ProjectID, id string) (publish.Publication, error) {
			reads.Add(1)
			asking.Wait() // until all are here
			return s.fetch(ctx, project, id)
		}})
	asking.Add(1)
	refresh(t, site)
	asking.Add(1)
	get(t, site, "/other") // and /a is forgotten
	reads.Store(0)
	asking.Add(herd)
	var done sync.WaitGroup
	for range herd {
		done.Go(func() {
			if w := ask(site, "GET", "/a"); w.Body.Len() != 5000 {
				t.Errorf("got %d bytes, want 5000", w.Body.Len())
			}
		})
	}
	done.Wait()
	if got := reads.Load(); got != 1 {
		t.Errorf("read %d times, want once", got)
	}
}

func TestAPageThatCannotBeReadAsksToComeBack(t *testing.T) {
	s := newShelf(noon)
	s.publish(t, "a", noon, map[string]string{"/a": string(noise(5000, 1))})
	site := publish.New(publish.Config{Now: s.clock, Load: s.load, Fetch: s.fetch, Memory: 1})
	refresh(t, site)
	s.down = true
	w := ask(site, "GET", "/a")
	want := refusal("", "20")
	want.Del("Allow")
	want.Set("Retry-After", "5")
	if diff := cmp.Diff(want, w.Header()); w.Code != 503 || diff != "" {
		t.Errorf("got %d, want 503; headers (-want +got):\n%s", w.Code, diff)
	}
}

func TestAPublicationUnderAnotherNameIsRefused(t *testing.T) {
	s := newShelf(noon)
	s.publish(t, "a", noon, before)
	s.publish(t, "b", noon, after)
	s.kept["juno/b"] = s.kept["juno/a"]
	site := publish.New(publish.Config{Now: s.clock, Load: s.load, Fetch: s.fetch})
	if err := site.Refresh(t.Context()); err == nil || !strings.Contains(err.Error(), "another publication") {
		t.Errorf("got %v, want that it is another publication", err)
	}
}

func TestABrokenBodyEndsTheConnection(t *testing.T) {
	s := newShelf(noon)
	d := publish.Prepare("/a", "text/plain", []byte("text"))
	d.Gzip = []byte("no gzip")
	b, err := publish.Publication{Project: "juno", ID: "a", At: noon, Documents: []publish.Document{d}}.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	s.kept["juno/a"] = b
	s.done = []publish.Entry{{Project: "juno", ID: "a", At: noon}}
	server := httptest.NewServer(s.site(t))
	defer server.Close()
	client := &http.Client{Transport: &http.Transport{DisableCompression: true}}
	res, err := client.Get(server.URL + "/a")
	if err == nil {
		_, err = io.ReadAll(res.Body)
		_ = res.Body.Close() // read only
	}
	if err == nil || !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("got %v, want that the answer ends too early", err)
	}
}

// noise does not compress, so that sizes are what they seem; another seed makes other bytes.
func noise(n int, seed uint64) []byte {
	b := make([]byte, n)
	r := rand.New(rand.NewPCG(uint64(n), seed))
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}
