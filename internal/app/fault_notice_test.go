package app_test

import (
	"context"
	"database/sql"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/internal/api"
	"github.com/tipstaff/tipstaff/internal/apptest"
)

// A notice that was under way to many recipients when the program was killed reaches each of them. Whoever gets it twice
// gets it under the same name, and the case says by which channels that may have happened.
func TestNoticeReachesEverybodyThoughTheProgramIsKilled(t *testing.T) {
	apptest.Long(t)
	t.Parallel()
	i := install(t, build(t, nil), t.TempDir(), "")
	for range times(1, 5) {
		s := newSink(t, 6)
		i.connect(s)
		i.start()
		id := i.arm("Notice", time.Now().Add(time.Hour)).id
		i.step(id, "notify", map[string]any{"notice": "news"})
		apptest.Eventually(t, time.Minute, "letters at the recipients", func() error { return enough(s.arrived(), 12) })
		i.kill()
		i.sleepThrough(3 * time.Minute)
		s.open()
		i.start()
		var n api.Notice
		apptest.Eventually(t, time.Minute, "the notice everywhere", func() error {
			c, err := i.client(i.token).Case(t.Context(), faultProject, id)
			if err != nil {
				return err
			}
			n = c.Notices[0]
			return enough(len(n.Delivered), len(n.Channels))
		})
		s.check(t, n)
		i.kill()
	}
	i.verify()
}

// sink is the recipients, each at a path of its channel's name.
type sink struct {
	*httptest.Server
	mu     sync.Mutex
	came   map[string][]string // the names under which letters came, by channel
	thanks int                 // how many more are thanked for; the others wait for an answer that does not come …
	opened chan struct{}       // … until this is closed
}

func newSink(t *testing.T, thanks int) *sink {
	s := &sink{came: map[string][]string{}, thanks: thanks, opened: make(chan struct{})}
	s.Server = httptest.NewTLSServer(s)
	t.Cleanup(s.Close)
	return s
}

func (s *sink) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	channel := strings.TrimPrefix(r.URL.Path, "/")
	s.came[channel] = append(s.came[channel], r.Header.Get("Webhook-Id"))
	s.thanks--
	thanked := s.thanks >= 0
	s.mu.Unlock()
	if thanked {
		return
	}
	select {
	case <-s.opened:
	case <-r.Context().Done(): // the program is gone
	}
}

func (s *sink) open() { close(s.opened) }

func (s *sink) arrived() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.came)
}

// check compares what came with what the case says.
func (s *sink) check(t *testing.T, n api.Notice) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	twice := 0
	for _, channel := range n.Channels {
		names := s.came[channel]
		if len(names) == 0 {
			t.Errorf("nothing came by %s", channel)
			continue
		}
		if len(slices.Compact(slices.Clone(names))) != 1 {
			t.Errorf("by %s it came under several names: %q", channel, names)
		}
		if len(names) > 1 && !n.Repeated[channel] {
			t.Errorf("by %s it came %d times, which the case does not say", channel, len(names))
		}
		if len(names) > 1 {
			twice++
		}
	}
	t.Logf("%d recipients, %d of them got the notice twice, %d may have as the case says", len(n.Channels), twice, len(n.Repeated))
	if twice == 0 {
		t.Error("nobody got the notice twice: the program was killed at no interesting moment")
	}
}

// connect makes the recipients those of the notice's channels. Their certificate is trusted, as an operator's own would be.
func (i *installation) connect(s *sink) {
	i.t.Helper()
	dir := i.t.TempDir()
	trusted := filepath.Join(dir, "trusted.pem")
	certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw})
	if err := os.WriteFile(trusted, certificate, 0o600); err != nil {
		i.t.Fatal(err)
	}
	var channels []string
	for n := range 16 {
		name := fmt.Sprintf("c%02d", n+1)
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(s.URL+"/"+name), 0o600); err != nil {
			i.t.Fatal(err)
		}
		channels = append(channels, string(faultProject)+"/"+name+"="+file)
	}
	i.env = []string{"SSL_CERT_FILE=" + trusted}
	i.settings = []string{"--hook-hosts", "127.0.0.1", "--channels", strings.Join(channels, ";")}
}

// sleepThrough makes the jobs of the program, which does not run, as old as if the machine had been off for a while: what
// was under way then counts as abandoned after two minutes.
func (i *installation) sleepThrough(d time.Duration) {
	i.t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(i.config.Data, "tipstaff.db"))
	if err != nil {
		i.t.Fatal(err)
	}
	defer db.Close()
	ago := fmt.Sprintf("-%d seconds", int(d.Seconds()))
	for _, statement := range []string{
		`UPDATE river_job SET attempted_at = strftime('%Y-%m-%d %H:%M:%f', attempted_at, $1) WHERE state = 'running'`,
		`UPDATE river_leader SET expires_at = strftime('%Y-%m-%d %H:%M:%f', expires_at, $1)`,
	} {
		if _, err := db.ExecContext(context.Background(), statement, ago); err != nil {
			i.t.Fatal(err)
		}
	}
}
