package app_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/internal/app"
	"github.com/tipstaff/tipstaff/internal/apptest"
)

// site is a web site that publishes a copy of a policy, in the hand of a test.
type site struct {
	*httptest.Server
	page atomic.Value // string
	asks atomic.Int64
}

func newSite(t *testing.T) *site {
	s := &site{}
	s.page.Store("")
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/security":
			s.asks.Add(1)
			_, _ = w.Write([]byte(s.page.Load().(string)))
		case "/moved":
			http.Redirect(w, r, "/security", http.StatusFound)
		case "/inside":
			http.Redirect(w, r, "http://10.0.0.1/", http.StatusFound)
		case "/round":
			http.Redirect(w, r, "/round", http.StatusFound)
		case "/issues":
			if r.Method == http.MethodHead { // as some servers do
				w.WriteHeader(http.StatusNotFound)
			}
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(s.Close)
	return s
}

// Each day the published copies are compared. What one says that the policy does not is told once, and stands among the
// checks until it is mended.
func TestACopyThatSaysSomethingElseIsTold(t *testing.T) {
	text, err := os.ReadFile("../../policies/default.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for engine, opts := range map[string]apptest.Options{"SQLite": {}, "PostgreSQL": {Postgres: true}} {
		t.Run(engine, func(t *testing.T) {
			s := newSite(t)
			opts.Policies = map[string]string{"default": strings.NewReplacer(
				"\nroles:", "\nsources:\n  - {title: The site, url: \""+s.URL+"/security\", copy: security.md}\n\nroles:",
				"https://example.org/example-project/issues", s.URL+"/issues").Replace(string(text))}
			p := apptest.New(t, opts)
			pages := app.NewPages("127.0.0.1")
			day := func(page string) []app.Check {
				t.Helper()
				s.page.Store("# Our handbook\n\n" + page)
				p.Clock.Set(p.Clock.Now().Add(25 * time.Hour))
				for range 2 { // whoever looks again finds it done
					if err := p.CompareCopies(t.Context(), pages); err != nil {
						t.Fatal(err)
					}
				}
				all, err := app.Doctor(t.Context(), p.Config, false)
				if err != nil {
					t.Fatal(err)
				}
				return copiesOf(all)
			}
			right, err := p.Casework.Written("default")
			if err != nil {
				t.Fatal(err)
			}
			wrong := strings.Replace(string(right), "No embargo is longer than 90 days", "No embargo is longer than 120 days", 1)

			for _, c := range day(string(right)) {
				if c.Grade != app.OK {
					t.Errorf("a copy that says the same: %+v", c)
				}
			}
			for range 2 { // the second day finds the same
				told := false
				for _, c := range day(wrong) {
					told = told || c.Grade == app.Warning && strings.Contains(c.Says, s.URL+"/security") && strings.Contains(c.Says, "[-90-] {+120+} days")
				}
				if !told {
					t.Error("nobody is told of the copy that says 120 days")
				}
			}
			if n := strings.Count(p.Log.String(), "says something else"); n != 1 {
				t.Errorf("the log tells it %d times, want once:\n%s", n, p.Log)
			}
			for _, c := range day(string(right)) {
				if c.Grade != app.OK {
					t.Errorf("the copy is mended: %+v", c)
				}
			}
			if n := s.asks.Load(); n != 4 {
				t.Errorf("the site was asked %d times in four days", n)
			}
		})
	}
}

func copiesOf(all []app.Check) []app.Check {
	var copies []app.Check
	for _, c := range all {
		if strings.HasPrefix(c.Name, "published copies") {
			copies = append(copies, c)
		}
	}
	return copies
}

func TestPagesAreReadFromTheOpenNetOnly(t *testing.T) {
	s := newSite(t)
	s.page.Store("hello")
	open := app.NewPages("127.0.0.1")
	for path, want := range map[string]string{"/security": "hello", "/moved": "hello", "/inside": "error", "/round": "error", "/nothing": "error"} {
		got, err := open.Read(t.Context(), s.URL+path)
		if err != nil {
			got = []byte("error")
		}
		if string(got) != want {
			t.Errorf("%s: got %q (%v), want %q", path, got, err, want)
		}
	}
	if _, err := app.NewPages().Read(t.Context(), s.URL+"/security"); err == nil {
		t.Error("a page of this machine was read, and nobody allowed it")
	}
	for _, address := range []string{"http://security.example.org/", "file:///etc/passwd", "https://", "gopher://a"} {
		if _, err := open.Read(t.Context(), address); err == nil || !strings.Contains(err.Error(), "https") {
			t.Errorf("%s: got %v, want a word about https", address, err)
		}
	}
}

func TestALinkIsDeadWhenItsServerSaysSo(t *testing.T) {
	s := newSite(t)
	pages := app.NewPages("127.0.0.1")
	for path, dead := range map[string]bool{"/security": false, "/moved": false, "/issues": false, "/nothing": true, "/round": false} {
		if why := pages.Dead(t.Context(), s.URL+path); (why != "") != dead {
			t.Errorf("%s: got %q, want dead: %t", path, why, dead)
		}
	}
}

func TestAFileAtAForgeIsReadAndNotThePageAroundIt(t *testing.T) {
	for page, want := range map[string]string{
		"https://github.com/o/r/blob/main/docs/SECURITY.md?plain=1#L3": "https://raw.githubusercontent.com/o/r/main/docs/SECURITY.md",
		"https://codeberg.org/o/r/src/branch/main/SECURITY.md":         "https://codeberg.org/o/r/raw/branch/main/SECURITY.md",
		"https://gitlab.example/g/s/r/-/blob/main/SECURITY.md":         "https://gitlab.example/g/s/r/-/raw/main/SECURITY.md",
		"https://docs.example/security":                                "https://docs.example/security",
	} {
		if got := app.Raw(page); got != want {
			t.Errorf("%s: got %s, want %s", page, got, want)
		}
	}
}
