package publish

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// Site answers requests with what is public at the moment of reading. It is an http.Handler for many goroutines.
//
// Until its instant an armed publication changes nothing whatever: no status, no header, no byte. From its instant on
// all of its documents are there, in one step, whether or not anything else of the program still runs.
type Site struct {
	config     Config
	state      atomic.Pointer[state]
	bodies     *cache
	refreshing sync.Mutex      // one Refresh at a time; guards what follows
	cursor     string          // of the last snapshot that was taken in whole
	done       map[key]*volume // all that is done
}

// Config is what a site needs of the rest of the program. Next and Memory may be left out.
type Config struct {
	// Now is the clock that decides what is public.
	Now func() time.Time
	// Load reads what is armed, and what was published since the snapshot with this Cursor ("" at first).
	Load func(ctx context.Context, since string) (Snapshot, error)
	// Fetch reads one publication that Load named, with its bytes. Of an armed one it is asked at most a minute before
	// its instant.
	Fetch func(ctx context.Context, project cvd.ProjectID, id string) (Publication, error)
	// Next answers for whatever is no document of the site; without it, that is not found.
	Next http.Handler
	// Memory is how many bytes of compressed documents are kept besides the index; 0 means 32 MiB.
	Memory int
}

// New returns a site that shows nothing until its first Refresh.
func New(c Config) *Site {
	if c.Memory == 0 {
		c.Memory = 32 << 20
	}
	s := &Site{config: c, bodies: newCache(c.Memory), done: map[key]*volume{}}
	s.state.Store(&state{})
	return s
}

// Paths lists the paths below prefix that a stranger can read now, sorted.
func (s *Site) Paths(prefix string) []string {
	now, st := s.config.Now(), s.state.Load()
	var paths []string
	st.paths(now, func(path string) {
		if strings.HasPrefix(path, prefix) && st.find(path, now) != nil {
			paths = append(paths, path)
		}
	})
	slices.Sort(paths)
	return slices.Compact(paths)
}

// These never differ from one document to another: an age that may be cached would cross an instant, or tell of it.
var (
	noCache = []string{"public, no-cache"}
	noStore = []string{"no-store"}
	noSniff = []string{"nosniff"}
	vary    = []string{"Accept-Encoding"}
	packed  = []string{"gzip"}
)

// ServeHTTP answers GET and HEAD for documents; ranges are not offered. Everything else is Next's.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		s.otherwise(w, r, http.StatusMethodNotAllowed)
		return
	}
	p := s.state.Load().find(r.URL.Path, s.config.Now())
	if p == nil {
		s.otherwise(w, r, http.StatusNotFound)
		return
	}
	zip := acceptsGzip(r.Header["Accept-Encoding"])
	tag := etag(p.hash)
	h := w.Header()
	h["Cache-Control"], h["Vary"], h["X-Content-Type-Options"] = noCache, vary, noSniff
	h["Etag"] = []string{tag}
	if !zip {
		h["Etag"] = []string{"W/" + tag}
	}
	if matches(r.Header["If-None-Match"], tag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	var body []byte
	if r.Method == http.MethodGet {
		var err error
		if body, err = s.body(r.Context(), p); err != nil {
			unavailable(w)
			return
		}
	}
	length := p.size
	if zip {
		h["Content-Encoding"], length = packed, p.packed
	}
	h["Content-Type"], h["Content-Length"] = []string{p.ctype}, []string{strconv.Itoa(length)}
	if body != nil {
		send(w, body, zip)
	}
}

// send ignores that a client went away. Bytes that do not unpack end the connection short of the length that was
// announced, which clients notice.
func send(w http.ResponseWriter, body []byte, zip bool) {
	if zip {
		_, _ = w.Write(body)
		return
	}
	z, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	_, _ = io.Copy(w, z)
}

// otherwise answers where there is no document: the same for paths that never were, that are gone, and that wait.
func (s *Site) otherwise(w http.ResponseWriter, r *http.Request, status int) {
	if s.config.Next != nil {
		s.config.Next.ServeHTTP(w, r)
		return
	}
	if status == http.StatusMethodNotAllowed {
		w.Header().Set("Allow", "GET, HEAD")
	}
	plainly(w, status)
}

func unavailable(w http.ResponseWriter) {
	clear(w.Header())
	w.Header().Set("Retry-After", "5")
	plainly(w, http.StatusServiceUnavailable)
}

// plainly says a status in words. It must not be stored: whoever asks again after the instant must see it.
func plainly(w http.ResponseWriter, status int) {
	text := strings.ToLower(http.StatusText(status)) + "\n"
	h := w.Header()
	h["Cache-Control"], h["X-Content-Type-Options"] = noStore, noSniff
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(len(text)))
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text) // a client that went away
}

// body returns the compressed bytes of a page, from memory if they are there.
func (s *Site) body(ctx context.Context, p *page) ([]byte, error) {
	if p.body != nil {
		return p.body, nil
	}
	if b, ok := s.bodies.get(p.hash); ok {
		return b, nil
	}
	// Everybody asks for a new page at once: one of them reads it.
	p.from.reading.Lock()
	defer p.from.reading.Unlock()
	if b, ok := s.bodies.get(p.hash); ok {
		return b, nil
	}
	all, err := s.fetch(ctx, p.from.key)
	if err != nil {
		return nil, err
	}
	for _, d := range all.Documents {
		if d.Hash == p.hash {
			s.bodies.put(d.Hash, d.Gzip)
			return d.Gzip, nil
		}
	}
	return nil, fmt.Errorf("read publication %s of %s: a document is missing", p.from.id, p.from.project)
}

// matches says whether the client has the page already, as weak comparison finds (RFC 9110, 8.8.3.2 and 13.1.2).
func matches(ifNoneMatch []string, tag string) bool {
	for _, line := range ifNoneMatch {
		for has := range strings.SplitSeq(line, ",") {
			has = strings.TrimSpace(has)
			if has == "*" || strings.TrimPrefix(has, "W/") == tag {
				return true
			}
		}
	}
	return false
}

// acceptsGzip reads Accept-Encoding (RFC 9110, 12.5.3): gzip, or whatever, unless with the weight nought.
func acceptsGzip(lines []string) bool {
	accepts, named := false, false
	for _, line := range lines {
		for part := range strings.SplitSeq(line, ",") {
			coding, weight, _ := strings.Cut(part, ";")
			switch coding = strings.ToLower(strings.TrimSpace(coding)); {
			case coding == "gzip" || coding == "x-gzip":
				accepts, named = !nought(weight), true
			case coding == "*" && !named:
				accepts = !nought(weight)
			}
		}
	}
	return accepts
}

// nought says whether a weight is "q=0" in one of its spellings.
func nought(weight string) bool {
	name, value, found := strings.Cut(strings.ReplaceAll(weight, " ", ""), "=")
	if !found || !strings.EqualFold(name, "q") {
		return false
	}
	q, err := strconv.ParseFloat(value, 64)
	return err == nil && q == 0
}
