package app_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/api"
	"github.com/tipstaff/tipstaff/internal/app"
	"github.com/tipstaff/tipstaff/internal/apptest"
)

// The tests in the files fault_*_test.go break the world under the program: they kill it, cut its power, fill its disk, take
// its database away. The program is the real one, in a process of its own, asked over HTTP. What is checked is always the
// same: whatever was promised is there, once and whole, the ledger holds, and nobody waits for ever.
//
// Controls are programs that were broken on purpose, at which a test must fail, since a test that cannot fail proves nothing.
// With TIPSTAFF_LONG=1 everything is tried more often, for minutes instead of seconds.

// long says whether there is time.
func long() bool { return os.Getenv("TIPSTAFF_LONG") == "1" }

// times is how often something is tried.
func times(short, ifLong int) int {
	if long() {
		return ifLong
	}
	return short
}

// built holds the programs that this process has built; TestMain removes them.
var built struct {
	sync.Mutex
	dir      string
	programs map[string]string
}

func TestMain(m *testing.M) {
	status := m.Run()
	if built.dir != "" {
		_ = os.RemoveAll(built.dir) // in the folder for temporary files
	}
	os.Exit(status)
}

// breakage is a change of the program's text that makes it break a promise. It is laid over the file while a program is
// built for a control, and stands nowhere else.
type breakage struct {
	name, file string
	changes    []string // old, new, old, new …
}

// build builds the program, once; broken on purpose if a breakage is named.
func build(t *testing.T, broken *breakage) string {
	t.Helper()
	built.Lock()
	defer built.Unlock()
	name := "tipstaff"
	if broken != nil {
		name = broken.name
	}
	if built.programs[name] != "" {
		return built.programs[name]
	}
	if built.dir == "" {
		dir, err := os.MkdirTemp("", "tipstaff-fault-")
		if err != nil {
			t.Fatal(err)
		}
		built.dir, built.programs = dir, map[string]string{}
	}
	program := filepath.Join(built.dir, name)
	args := []string{"build", "-o", program}
	if broken != nil {
		args = append(args, "-overlay", broken.overlay(t))
	}
	cmd := exec.Command("go", append(args, "./cmd/tipstaff")...)
	cmd.Dir = apptest.Root(t)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	built.programs[name] = program
	return program
}

// overlay writes the broken file and the list that the compiler reads.
func (b *breakage) overlay(t *testing.T) string {
	t.Helper()
	file := filepath.Join(apptest.Root(t), b.file)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	changed := string(text)
	for i := 0; i < len(b.changes); i += 2 {
		if strings.Count(changed, b.changes[i]) != 1 {
			t.Fatalf("%s no longer holds %q once: the control %s breaks nothing", b.file, b.changes[i], b.name)
		}
		changed = strings.Replace(changed, b.changes[i], b.changes[i+1], 1)
	}
	broken, list := filepath.Join(built.dir, b.name+".go"), filepath.Join(built.dir, b.name+".json")
	replace, err := json.Marshal(map[string]map[string]string{"Replace": {file: broken}})
	if err := errors.Join(err, os.WriteFile(broken, []byte(changed), 0o600), os.WriteFile(list, replace, 0o600)); err != nil {
		t.Fatal(err)
	}
	return list
}

var errTooFew = errors.New("there are too few")

// faultProject is the project of these tests.
const faultProject cvd.ProjectID = "fault"

// installation is a data directory and the program that serves it, or does not.
type installation struct {
	t        *testing.T
	program  string
	config   app.Config
	settings []string // more of the command line
	env      []string
	token    string // of the administrator
	http     *http.Client

	running *exec.Cmd
	ended   chan struct{} // closed when the program has ended
	said    *log
}

// log is what a program wrote.
type log struct {
	sync.Mutex
	bytes.Buffer
}

func (l *log) Write(b []byte) (int, error) {
	l.Lock()
	defer l.Unlock()
	return l.Buffer.Write(b)
}

func (l *log) String() string {
	l.Lock()
	defer l.Unlock()
	return l.Buffer.String()
}

// install makes an installation with one project. dsn is the address of a PostgreSQL database, "" for SQLite.
func install(t *testing.T, program, dir, dsn string) *installation {
	t.Helper()
	i := &installation{t: t, program: program, config: app.Config{Data: dir, Listen: freeAddress(t)}, said: &log{}}
	i.http = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 100}, Timeout: 30 * time.Second}
	if dsn != "" {
		i.config.DatabaseFile = filepath.Join(t.TempDir(), "dsn")
		if err := os.WriteFile(i.config.DatabaseFile, []byte(dsn), 0o600); err != nil {
			t.Fatal(err)
		}
		i.settings = append(i.settings, "--database-file", i.config.DatabaseFile)
	}
	text, err := os.ReadFile("testdata/fault/policy.yaml")
	if err != nil {
		t.Fatal(err)
	}
	made, err := app.Init(t.Context(), i.config, app.InitOptions{Policy: text, File: "policy.yaml", Admin: "ada", Name: "Ada"})
	if err != nil {
		t.Fatal(err)
	}
	i.token = made.Token
	t.Cleanup(i.kill)
	return i
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// start runs the program, and returns how long it took until it answered.
func (i *installation) start() time.Duration {
	i.t.Helper()
	began := time.Now()
	i.launch()
	apptest.Eventually(i.t, time.Minute, "an answer after the start", func() error {
		if _, err := i.client("").Projects(i.t.Context()); err != nil {
			return fmt.Errorf("%w\n%s", err, i.said)
		}
		return nil
	})
	return time.Since(began)
}

// launch runs the program and does not wait.
func (i *installation) launch() {
	i.t.Helper()
	args := append([]string{"serve", "--data", i.config.Data, "--listen", i.config.Listen}, i.settings...)
	i.running, i.ended = exec.Command(i.program, args...), make(chan struct{})
	i.running.Stdout, i.running.Stderr, i.running.Env = i.said, i.said, append(os.Environ(), i.env...)
	i.running.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := i.running.Start(); err != nil {
		i.t.Fatal(err)
	}
	go func(cmd *exec.Cmd, ended chan struct{}) {
		_ = cmd.Wait() // how it ended stands in its ProcessState
		close(ended)
	}(i.running, i.ended)
}

// kill ends the program as nobody can prevent.
func (i *installation) kill() {
	if i.running == nil {
		return
	}
	_ = i.running.Process.Kill() // it may have ended already
	<-i.ended
	i.running = nil
	i.http.CloseIdleConnections()
}

// client asks the program as the bearer of a token or a return code; "" is a stranger.
func (i *installation) client(bearer string) *api.Client {
	return &api.Client{Server: "http://" + i.config.Listen, Token: bearer, HTTP: i.http}
}

// verify recomputes the ledger of the installation, which must not run.
func (i *installation) verify() {
	i.t.Helper()
	reports, err := app.VerifyLedger(context.WithoutCancel(i.t.Context()), i.config)
	if err != nil || len(reports) != 1 {
		i.t.Fatalf("verify the ledger: %v, %d projects", err, len(reports))
	}
	if reports[0].Err != nil {
		i.t.Errorf("the ledger does not hold: %v", reports[0].Err)
	}
}

// step takes a step on a case as the administrator.
func (i *installation) step(id cvd.CaseID, step string, in any) api.Case {
	i.t.Helper()
	c, err := i.client(i.token).Step(i.t.Context(), faultProject, id, step, 0, in)
	if err != nil {
		i.t.Fatalf("%s %s: %v", step, id, err)
	}
	return c
}

// pass lets time pass that nothing tells of: how long the program has been under load when the fault comes.
func pass(t *testing.T, d time.Duration) {
	t.Helper()
	select {
	case <-time.NewTimer(d).C:
	case <-t.Context().Done():
		t.Fatal(context.Cause(t.Context()))
	}
}

// crowd is people who report, each one report after the other, and what they were told.
type crowd struct {
	to   *installation
	stop context.CancelFunc
	done sync.WaitGroup

	mu      sync.Mutex
	sent    []*sent
	kept    []*sent // those that were accepted, as soon as they are
	refused []*sent // and the others
}

// note says whether a report was accepted.
func (c *crowd) note(s *sent) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if s.err == nil {
		c.kept = append(c.kept, s)
	} else {
		c.refused = append(c.refused, s)
	}
	return s.err == nil
}

// answers are the reports that were accepted by now, and those that were not.
func (c *crowd) answers() (yes, no []*sent) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.kept), slices.Clone(c.refused)
}

// sent is one report with what became of it: accepted, or an error.
type sent struct {
	report          api.Report
	key             string
	asked, answered time.Time
	accepted        api.Submitted
	err             error
}

// gather makes a crowd report until it is dispersed.
func (i *installation) gather(people int) *crowd {
	ctx, stop := context.WithCancel(i.t.Context())
	c := &crowd{to: i, stop: stop}
	for range people {
		c.done.Go(func() {
			pause := time.NewTicker(50 * time.Millisecond)
			defer pause.Stop()
			for ctx.Err() == nil {
				s := c.next()
				if c.to.send(s); c.note(s) {
					continue
				}
				select { // somebody who was not answered does not ask again at once
				case <-pause.C:
				case <-ctx.Done():
				}
			}
		})
	}
	return c
}

func (c *crowd) next() *sent {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := &sent{key: rand.Text()}
	s.report = api.Report{Title: "Report " + s.key, Description: strings.Repeat("The parser writes behind the end of the packet. ", 20)}
	c.sent = append(c.sent, s)
	return s
}

// send sends a report, perhaps once more.
func (i *installation) send(s *sent) {
	// Not the test's context: an answer that is under way when the crowd disperses counts.
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	s.asked = time.Now()
	s.accepted, s.err = i.client("").Report(ctx, faultProject, s.report, s.key)
	s.answered = time.Now()
}

// disperse ends the reporting, waits for the last answer, and says who was accepted and who was not.
func (c *crowd) disperse() (yes, no []*sent) {
	c.stop()
	c.done.Wait()
	return c.answers()
}

// count is how many reports have been sent by now.
func (c *crowd) count() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.sent)
}

// lost are those of the accepted reports that their reporters do not find again with their return codes, whole.
func (i *installation) lost(all []*sent) []string {
	i.t.Helper()
	var mu sync.Mutex
	var gone []string
	each(all, func(s *sent) {
		if err := i.find(s); err != nil {
			mu.Lock()
			defer mu.Unlock()
			gone = append(gone, fmt.Sprintf("%s: %v", s.accepted.Case, err))
		}
	})
	return gone
}

// each does something with all of them, a few at once.
func each(all []*sent, do func(*sent)) {
	queue := make(chan *sent)
	var doing sync.WaitGroup
	for range 8 {
		doing.Go(func() {
			for s := range queue {
				do(s)
			}
		})
	}
	for _, s := range all {
		queue <- s
	}
	close(queue)
	doing.Wait()
}

// find looks for a report as its reporter does.
func (i *installation) find(s *sent) error {
	c, err := i.client(s.accepted.Code).Case(context.Background(), faultProject, s.accepted.Case)
	switch {
	case err != nil:
		return err
	case c.Title != s.report.Title || len(c.Reports) != 1 || c.Reports[0].Description != s.report.Description:
		return fmt.Errorf("it says %q, not %q", c.Title, s.report.Title)
	case len(c.Timeline) == 0 || c.Timeline[0].Kind != "received":
		return errors.New("it has no event")
	}
	return nil
}

// again sends reports that got no answer once more, under the same key, until they are accepted.
func (i *installation) again(all []*sent) {
	i.t.Helper()
	each(all, func(s *sent) {
		for range 100 {
			if i.send(s); s.err == nil {
				return
			}
		}
		i.t.Errorf("a report that is sent again is not accepted: %v", s.err)
	})
}

// once checks that the installation holds each report that was sent once, and nothing else.
func (i *installation) once(all []*sent) {
	i.t.Helper()
	held := map[string]int{}
	for cursor, first := "", true; cursor != "" || first; first = false {
		page, err := i.client(i.token).Cases(i.t.Context(), faultProject, api.CasesQuery{Cursor: cursor, Limit: 100})
		if err != nil {
			i.t.Fatal(err)
		}
		for _, c := range page.Cases {
			held[c.Title]++
		}
		cursor = page.Next
	}
	for _, s := range all {
		if n := held[s.report.Title]; n != 1 {
			i.t.Errorf("%q is held %d times", s.report.Title, n)
		}
		delete(held, s.report.Title)
	}
	for title, n := range held {
		i.t.Errorf("%q, which nobody sent, is held %d times", title, n)
	}
}

// end waits until the program has ended by itself, and returns its exit status.
func (i *installation) end(within time.Duration) int {
	i.t.Helper()
	select {
	case <-i.ended:
		status := i.running.ProcessState.ExitCode()
		i.running = nil
		return status
	case <-time.NewTimer(within).C:
		i.t.Fatalf("the program still runs after %s\n%s", within, i.said)
		return 0
	}
}

// privileged says whether this machine lets the test mount a disk. Without it the test proves nothing, which is said
// aloud, and is a failure where everything must be there.
func privileged(t *testing.T, why error) bool {
	t.Helper()
	if why == nil {
		return true
	}
	if os.Getenv("TIPSTAFF_REQUIRE") == "all" || os.Getenv("CI") == "true" {
		t.Fatalf("this test needs a disk of its own: %v", why)
	}
	t.Logf("nothing was tested: this test needs a disk of its own: %v", why)
	return false
}
