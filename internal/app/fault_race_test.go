package app_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/api"
	"github.com/tipstaff/tipstaff/internal/apptest"
)

// raced is how many recipients a notice of these tests has.
const raced = 48

// Two instances on one database race for the same publications and for the letters of the same notice. One of them is stopped in
// the middle for longer than its jobs are its own, and goes on later; or it is killed, and started again. Each recipient has the
// notice, under one name; who may have it twice is said; each publication is written down once.
func TestTwoInstancesRaceForOneNoticeAndOnePublication(t *testing.T) {
	for name, cut := range map[string]func(*race){"one is paused past its leases": (*race).paused, "one is killed": (*race).killed} {
		t.Run(name, func(t *testing.T) {
			apptest.Long(t)
			t.Parallel()
			r := newRace(t, build(t, nil))
			cut(r)
			if len(r.wrong) > 0 {
				t.Errorf("%d things are wrong:\n%s", len(r.wrong), strings.Join(r.wrong, "\n"))
			}
			if r.twice == 0 {
				t.Error("nobody got the notice twice: it was cut off at no interesting moment")
			}
			r.a.kill()
			r.b.kill()
			r.a.verify()
		})
	}
}

// The control: a program that draws the name of a mail anew for each try is found.
func TestLettersNamedAfterTheirTryAreFound(t *testing.T) {
	apptest.Long(t)
	t.Parallel()
	r := newRace(t, build(t, &breakage{"renaming", "internal/channel/mail.go", []string{
		"id = messageID(l.Job, from.Address)", "id = messageID(l.Job+out.Now().String(), from.Address)"}}))
	r.killed()
	if !slices.ContainsFunc(r.wrong, func(s string) bool { return strings.Contains(s, "several names") }) {
		t.Errorf("a program that names each try of a letter was not found, only %q", r.wrong)
	}
}

// An instance that is stopped inside a transaction keeps the turn to write for as long as it sleeps, unless the database takes it
// back: the others must go on.
func TestAnInstanceThatSleepsInATransactionHoldsUpNobodyForLong(t *testing.T) {
	apptest.Long(t)
	t.Parallel()
	r := newRace(t, build(t, nil))
	conn := r.database()
	r.do(conn, `SELECT pg_advisory_lock(7473, 1)`)
	done := make(chan error, 1)
	go func() {
		_, err := r.a.client(r.a.token).Step(context.WithoutCancel(t.Context()), faultProject, r.cases[0].id, "note", 0, cvd.Noted{Text: "from who sleeps"})
		done <- err
	}()
	apptest.Eventually(t, 4*time.Second, "the first waiting for its turn", func() error {
		var n int
		err := conn.QueryRow(t.Context(), `SELECT COUNT(*) FROM pg_stat_activity WHERE application_name = 'a' AND wait_event = 'advisory'`).Scan(&n)
		return errors.Join(err, enough(n, 1))
	})
	r.signal(syscall.SIGSTOP)
	r.do(conn, `SELECT pg_advisory_unlock(7473, 1)`) // it is the sleeper's turn now
	began := time.Now()
	apptest.Eventually(t, 30*time.Second, "a step at the other", func() error {
		_, err := r.b.client(r.b.token).Step(t.Context(), faultProject, r.cases[0].id, "note", 0, cvd.Noted{Text: "from who is awake"})
		return err
	})
	t.Logf("the other went on after %s", time.Since(began).Round(time.Second))
	r.signal(syscall.SIGCONT)
	if err := <-done; err != nil && cvd.KindOf(err) != cvd.Unavailable {
		t.Errorf("who slept is told %v", err)
	}
	r.a.awake()
	r.a.step(r.cases[0].id, "note", cvd.Noted{Text: "awake again"})
	r.a.kill()
	r.b.kill()
	r.a.verify()
}

// race is two instances on one database, with a notice and publications that both of them want to bring out.
type race struct {
	t      *testing.T
	a, b   *installation
	leader string // what the jobs of a bear
	post   *postOffice
	cases  []*waiting
	wrong  []string
	twice  int
}

// newRace starts both, with a list of recipients and a case.
func newRace(t *testing.T, program string) *race {
	t.Helper()
	dsn := apptest.Postgres(t)
	r := &race{t: t, a: install(t, program, t.TempDir(), dsn), post: newPostOffice(t)}
	r.a.settings = []string{"--database-file", named(t, dsn, "a"), "--smtp", r.post.address, "--mail-from", "security@fault.example.org"}
	r.b = &installation{t: t, program: program, config: r.a.config, env: r.a.env, http: r.a.http, token: r.a.token, said: &log{}}
	r.b.settings = append([]string{"--database-file", named(t, dsn, "b")}, r.a.settings[2:]...)
	r.b.config.Listen = freeAddress(t)
	t.Cleanup(r.b.kill)
	r.a.start()
	conn := r.database()
	apptest.Eventually(t, time.Minute, "a leader", func() error {
		return conn.QueryRow(t.Context(), `SELECT leader_id FROM river_leader`).Scan(&r.leader)
	})
	r.b.start()
	for n := range raced {
		m, err := r.a.client(r.a.token).AddMember(t.Context(), faultProject, api.Member{Audience: "operators", Kind: "organisation", Name: fmt.Sprintf("Operator %d", n),
			Handles: []cvd.Handle{{Service: "mail", Is: fmt.Sprintf("operator-%d@example.org", n)}}, Consent: "by letter"})
		if err != nil || !m.Told {
			t.Fatalf("%+v, %v", m, err)
		}
	}
	r.arm()
	return r
}

// named is a file with an address of the database under which the server shows who asks.
func named(t *testing.T, dsn, who string) string {
	t.Helper()
	u, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	query := u.Query()
	query.Set("application_name", who)
	u.RawQuery = query.Encode()
	file := filepath.Join(t.TempDir(), "dsn")
	if err := os.WriteFile(file, []byte(u.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// arm sets publications for one instant.
func (r *race) arm() {
	r.t.Helper()
	due := time.Now().Add(3 * time.Second)
	for range 4 {
		r.cases = append(r.cases, r.a.arm(fmt.Sprintf("Race %d", len(r.cases)), due))
	}
}

// begun orders the notice, and waits until letters of it have arrived for which nobody was thanked yet.
func (r *race) begun() cvd.CaseID {
	r.t.Helper()
	id := r.cases[0].id
	r.a.step(id, "notify", map[string]any{"notice": "coming", "says": map[string]string{"release_at": time.Now().Add(72 * time.Hour).UTC().Format(time.RFC3339)}})
	apptest.Eventually(r.t, time.Minute, "letters at the recipients", func() error { return enough(r.post.arrived(), raced*2/3) })
	return id
}

func (r *race) paused() {
	id := r.begun()
	r.signal(syscall.SIGSTOP)
	r.age()
	r.written(r.b) // who is awake publishes
	r.post.open()
	r.reached(r.b, id)
	r.signal(syscall.SIGCONT)
	r.a.awake()
	r.arm() // and now both at once
	r.written(r.a, r.b)
	r.reached(r.a, id)
	r.check(id)
}

func (r *race) killed() {
	id := r.begun()
	r.a.kill()
	r.age()
	r.post.open()
	r.a.start()
	r.written(r.a, r.b)
	r.reached(r.b, id)
	r.arm()
	r.written(r.a, r.b)
	r.check(id)
}

// written checks that each publication is written down once, whomever one asks.
func (r *race) written(by ...*installation) {
	r.t.Helper()
	for _, i := range by {
		for _, w := range r.cases {
			i.written(w)
		}
	}
}

// reached waits until the notice is everywhere.
func (r *race) reached(i *installation, id cvd.CaseID) {
	r.t.Helper()
	apptest.Eventually(r.t, 2*time.Minute, "the notice everywhere", func() error {
		all, err := i.client(i.token).FanOut(r.t.Context(), faultProject, id)
		if err != nil {
			return err
		}
		return enough(all.Notices[0].Reached, raced)
	})
}

// check compares what came with what the case says of each recipient.
func (r *race) check(id cvd.CaseID) {
	r.t.Helper()
	all, err := r.a.client(r.a.token).FanOut(r.t.Context(), faultProject, id)
	if err != nil || len(all.Notices) != 1 {
		r.t.Fatalf("%d notices, %v", len(all.Notices), err)
	}
	n, names := all.Notices[0], map[string]string{}
	r.post.mu.Lock()
	defer r.post.mu.Unlock()
	if len(n.Letters) != raced || n.Reached != raced || n.Of != raced || len(r.post.came) != raced {
		r.note("the case counts %d letters, %d of %d reached, and %d got one", len(n.Letters), n.Reached, n.Of, len(r.post.came))
	}
	said := 0
	for _, l := range n.Letters {
		address := strings.ToLower(strings.ReplaceAll(l.Name, " ", "-")) + "@example.org"
		came := r.post.came[address]
		distinct := slices.Compact(slices.Sorted(slices.Values(came)))
		switch {
		case len(distinct) == 0:
			r.note("nothing came to %s, of which the case says %s", address, l.State)
			continue
		case len(distinct) > 1:
			r.note("it came to %s under several names: %q", address, came)
		case names[distinct[0]] != "":
			r.note("what came to %s bears the name of what came to %s", address, names[distinct[0]])
		}
		names[distinct[0]] = address
		if len(came) > 1 {
			r.twice++
			if !l.Repeated {
				r.note("it came %d times to %s, which the case does not say", len(came), address)
			}
		}
		if l.Repeated {
			said++
		}
	}
	r.t.Logf("%d recipients, %d of them got the notice twice, %d may have as the case says", raced, r.twice, said)
}

func (r *race) note(format string, args ...any) {
	r.wrong = append(r.wrong, fmt.Sprintf(format, args...))
}

func (r *race) signal(to syscall.Signal) {
	r.t.Helper()
	if err := r.a.running.Process.Signal(to); err != nil {
		r.t.Fatal(err)
	}
}

func (r *race) database() *pgx.Conn {
	r.t.Helper()
	dsn, err := os.ReadFile(r.a.config.DatabaseFile)
	if err != nil {
		r.t.Fatal(err)
	}
	conn, err := pgx.Connect(r.t.Context(), string(dsn))
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { _ = conn.Close(context.WithoutCancel(r.t.Context())) }) // it was only for looking
	return conn
}

func (r *race) do(conn *pgx.Conn, statement string, args ...any) {
	r.t.Helper()
	if _, err := conn.Exec(r.t.Context(), statement, args...); err != nil {
		r.t.Fatal(err)
	}
}

// age makes what the first instance has in its hands as old as if it had been silent for three minutes: its jobs are its own for two.
func (r *race) age() {
	r.t.Helper()
	conn := r.database()
	r.do(conn, `UPDATE river_job SET attempted_at = attempted_at - INTERVAL '3 minutes' WHERE state = 'running' AND attempted_by[array_upper(attempted_by, 1)] = $1`, r.leader)
	r.do(conn, `UPDATE river_leader SET expires_at = expires_at - INTERVAL '3 minutes' WHERE leader_id = $1`, r.leader)
}

// awake waits until an instance that was stopped answers again.
func (i *installation) awake() {
	i.t.Helper()
	apptest.Eventually(i.t, time.Minute, "an answer of the one that slept", func() error {
		_, err := i.client("").Projects(i.t.Context())
		return err
	})
}

// postOffice is a mail server that takes each letter, and thanks for none before it is opened.
type postOffice struct {
	address string
	opened  chan struct{}
	mu      sync.Mutex
	came    map[string][]string // the identifiers of the mails, by recipient
}

func newPostOffice(t *testing.T) *postOffice {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &postOffice{address: l.Addr().String(), opened: make(chan struct{}), came: map[string][]string{}}
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go p.serve(conn)
		}
	}()
	t.Cleanup(func() { _ = l.Close() }) // who still speaks is a program that is killed
	return p
}

func (p *postOffice) open() { close(p.opened) }

func (p *postOffice) arrived() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.came)
}

// serve speaks as much SMTP as one letter needs (RFC 5321).
func (p *postOffice) serve(conn net.Conn) {
	defer func() { _ = conn.Close() }() // nobody listens any more
	say := func(line string) { _, _ = fmt.Fprintf(conn, "%s\r\n", line) }
	say("220 post office")
	to, id, data := "", "", false
	for lines := bufio.NewScanner(conn); lines.Scan(); {
		line := lines.Text()
		verb, rest, _ := strings.Cut(line, ":")
		switch {
		case data && line == ".":
			data = false
			p.mu.Lock()
			p.came[to] = append(p.came[to], id)
			p.mu.Unlock()
			<-p.opened
			say("250 thank you")
		case data && strings.EqualFold(verb, "Message-ID"):
			id = strings.TrimSpace(rest)
		case data:
		case strings.EqualFold(line, "DATA"):
			data = true
			say("354 go on")
		case strings.EqualFold(line, "QUIT"):
			say("221 goodbye")
			return
		case strings.EqualFold(verb, "RCPT TO"):
			to = strings.Trim(rest, "<> ")
			say("250 yes")
		default:
			say("250 yes")
		}
	}
}
