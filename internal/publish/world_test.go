package publish_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/publish"
)

// noon is the instant that the tests publish at.
var noon = time.Date(2026, 4, 5, 12, 0, 0, 0, time.UTC)

// shelf keeps publications as the program's store does: marshalled, armed or done, and with a list of what was done.
type shelf struct {
	mu      sync.Mutex
	now     time.Time
	kept    map[string][]byte
	armed   []publish.Entry
	done    []publish.Entry // in the order in which it was recorded
	whole   bool
	down    bool
	broken  map[string]bool
	fetched map[string]int
}

func newShelf(now time.Time) *shelf {
	return &shelf{now: now, kept: map[string][]byte{}, broken: map[string]bool{}, fetched: map[string]int{}}
}

func (s *shelf) clock() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

func (s *shelf) set(now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = now
}

func (s *shelf) load(_ context.Context, since string) (publish.Snapshot, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.down {
		return publish.Snapshot{}, errors.New("the database does not answer")
	}
	from, _ := strconv.Atoi(since) // "" is 0
	if s.whole {
		from = 0
	}
	return publish.Snapshot{Armed: slices.Clone(s.armed), Done: slices.Clone(s.done[from:]), Whole: s.whole,
		Cursor: strconv.Itoa(len(s.done))}, nil
}

func (s *shelf) fetch(_ context.Context, project cvd.ProjectID, id string) (publish.Publication, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fetched[id]++
	if s.down || s.broken[id] {
		return publish.Publication{}, errors.New("the database does not answer")
	}
	return publish.Unmarshal(s.kept[string(project)+"/"+id])
}

func (s *shelf) keep(t testing.TB, id string, at time.Time, docs map[string]string, gone ...string) publish.Entry {
	t.Helper()
	p := publish.Publication{Project: "juno", ID: id, At: at, Gone: gone}
	for path, text := range docs {
		p.Documents = append(p.Documents, publish.Prepare(path, "text/html; charset=utf-8", []byte(text)))
	}
	return s.put(t, p)
}

func (s *shelf) put(t testing.TB, p publish.Publication) publish.Entry {
	t.Helper()
	b, err := p.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kept[string(p.Project)+"/"+p.ID] = b
	return publish.Entry{Project: p.Project, ID: p.ID, At: p.At}
}

func (s *shelf) arm(t testing.TB, id string, at time.Time, docs map[string]string, gone ...string) {
	t.Helper()
	e := s.keep(t, id, at, docs, gone...)
	s.disarm(id)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.armed = append(s.armed, e)
}

func (s *shelf) disarm(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.armed = slices.DeleteFunc(s.armed, func(e publish.Entry) bool { return e.ID == id })
}

// publish records a publication as done, whether or not it was armed.
func (s *shelf) publish(t testing.TB, id string, at time.Time, docs map[string]string, gone ...string) {
	t.Helper()
	e := s.keep(t, id, at, docs, gone...)
	s.disarm(id)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.done = append(s.done, e)
}

// record turns an armed publication into one that is done.
func (s *shelf) record(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.armed, func(e publish.Entry) bool { return e.ID == id })
	s.done = append(s.done, s.armed[i])
	s.armed = slices.Delete(s.armed, i, i+1)
}

func (s *shelf) site(t testing.TB) *publish.Site {
	t.Helper()
	site := publish.New(publish.Config{Now: s.clock, Load: s.load, Fetch: s.fetch})
	refresh(t, site)
	return site
}

func refresh(t testing.TB, site *publish.Site) {
	t.Helper()
	if err := site.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// get asks for one path and returns the body, or the status if it is not 200.
func get(t testing.TB, site http.Handler, path string) string {
	t.Helper()
	w := ask(site, http.MethodGet, path)
	if w.Code != http.StatusOK {
		return strconv.Itoa(w.Code)
	}
	return w.Body.String()
}

// ask makes one request; headers are "Name: value" pairs, name first.
func ask(site http.Handler, method, path string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, nil)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	site.ServeHTTP(w, r)
	return w
}

// answer is everything that a stranger sees of a response, but the date.
func answer(w *httptest.ResponseRecorder) string {
	res := w.Result()
	res.Header.Del("Date")
	body, _ := io.ReadAll(res.Body)
	return fmt.Sprintf("%d\n%v\n%q", res.StatusCode, res.Header, body)
}
