package apptest

import (
	"bytes"
	"cmp"
	"context"
	"io/fs"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/app"
	"github.com/tipstaff/tipstaff/internal/channel"
	"github.com/tipstaff/tipstaff/policies"
)

// Start is where the clock of a test stands at first.
var Start = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// Options say what a test's program is like; the zero value is the usual one.
type Options struct {
	Postgres bool                           // on PostgreSQL instead of SQLite
	Projects []string                       // of the gallery; juno and solo-miner-monitor if none
	Policies map[string]string              // documents of a test's own, by project, instead of the gallery's
	Channels []channel.Channel              // instead of rehearsed ones, which take every letter
	People   map[cvd.ProjectID][]cvd.Person // instead of the demonstration's rosters
	Demo     bool                           // label every page
	URL      string                         // public address that the program believes to have; its real one if empty
	Proxy    string                         // the only address that is answered
	Data     string                         // directory, perhaps one that another program left; a temporary one if empty
	Settings func(*app.Config)              // changes settings before the program is built
	Look     app.Look                       // what lies at the addresses of releases; what was recorded if nil
	Places   app.Looking                    // asks for the places of private patches; nil: nobody does
	Post     func(cvd.Letter)               // is shown each letter that a rehearsed channel takes
}

// Program is the whole program, running for a test, with its clock in the test's hand.
type Program struct {
	*app.App
	URL     string
	Data    string
	Clock   *app.Clock
	Journey *app.Journey
	Config  app.Config
	Log     *Log

	t      testing.TB
	tokens map[string]string
}

// New builds the program on a fresh database and serves it; it is closed with the test.
func New(t testing.TB, opts Options) *Program {
	t.Helper()
	p := &Program{t: t, Data: opts.Data, Clock: app.NewClock(Start), Log: &Log{}, tokens: map[string]string{}}
	if p.Data == "" {
		p.Data = t.TempDir()
	}
	server := httptest.NewUnstartedServer(nil)
	p.URL = "http://" + server.Listener.Addr().String()
	p.Config = app.Config{Data: p.Data, Listen: server.Listener.Addr().String(), URL: cmp.Or(opts.URL, p.URL), Proxy: opts.Proxy}
	if opts.Settings != nil {
		opts.Settings(&p.Config)
	}
	if opts.Postgres {
		p.Config.DatabaseFile = p.Data + "/dsn"
		if err := os.WriteFile(p.Config.DatabaseFile, []byte(Postgres(t)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	ctx := context.Background()
	world := app.World{Now: p.Clock.Now, Log: app.LogTo(p.Log), Channels: opts.Channels, Demo: opts.Demo, Look: opts.Look, Poll: 20 * time.Millisecond, Places: opts.Places}
	if world.Channels == nil {
		for _, c := range channel.All() {
			world.Channels = append(world.Channels, watched(c.Rehearse(), opts.Post))
		}
		world.Quiet = true
	}
	var err error
	if _, none := os.Stat(p.Data + "/key"); none != nil {
		p.App, err = app.Fresh(ctx, p.Config, world, documents(t, opts), opts.People)
	} else { // a directory that another program left
		p.App, err = app.Open(ctx, p.Config, world)
	}
	if err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = p.App.Handler
	server.Start()
	t.Cleanup(func() {
		server.Close()
		if err := p.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	p.Journey = app.NewJourney(p.App, p.Clock, Start)
	return p
}

// watched is a channel that shows its letters.
func watched(c channel.Channel, show func(cvd.Letter)) channel.Channel {
	if send := c.Send; show != nil && !c.ByHand {
		c.Send = func(ctx context.Context, out channel.Out, l cvd.Letter) (channel.Receipt, error) {
			show(l)
			return send(ctx, out, l)
		}
	}
	return c
}

// documents are the policy documents of a test.
func documents(t testing.TB, opts Options) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	for name, text := range opts.Policies {
		out[name] = []byte(text)
	}
	projects := opts.Projects
	if projects == nil && len(out) == 0 {
		projects = []string{"juno", "solo-miner-monitor"}
	}
	for _, name := range projects {
		text, err := fs.ReadFile(policies.Files, name+".yaml")
		if err != nil {
			t.Fatal(err)
		}
		out[name] = text
	}
	return out
}

// Play plays a script for a project, as the demonstration does.
func (p *Program) Play(project cvd.ProjectID, name, script string) {
	p.t.Helper()
	if err := p.Journey.Play(context.Background(), app.Script{Name: name, Project: project, Text: script}); err != nil {
		p.t.Fatal(err)
	}
}

// Wait moves the clock on, halting wherever something is due on the way, and settles.
func (p *Program) Wait(d time.Duration) {
	p.t.Helper()
	if err := p.Journey.Until(context.Background(), p.Clock.Now().Add(d)); err != nil {
		p.t.Fatal(err)
	}
	p.Settle()
}

// Settle waits until no job is due.
func (p *Program) Settle() {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	if err := p.Jobs.Settle(ctx); err != nil {
		p.t.Fatalf("settle: %v\n%s", err, p.Log)
	}
}

// Token is a token of somebody on a project's roster.
func (p *Program) Token(project cvd.ProjectID, handle cvd.ActorID) string {
	p.t.Helper()
	key := string(project) + "/" + string(handle)
	if p.tokens[key] == "" {
		token, err := p.Auth.NewToken(context.Background(), project, handle, time.Time{})
		if err != nil {
			p.t.Fatal(err)
		}
		p.tokens[key] = token
	}
	return p.tokens[key]
}

// Actor is somebody on a project's roster.
func (p *Program) Actor(project cvd.ProjectID, handle cvd.ActorID) cvd.Actor {
	p.t.Helper()
	who, err := p.Auth.Token(context.Background(), project, p.Token(project, handle))
	if err != nil {
		p.t.Fatal(err)
	}
	return who
}

// Log is what the program logged, for tests that look for what must not be there.
type Log struct {
	mu sync.Mutex
	b  bytes.Buffer
}

// Write adds a line.
func (l *Log) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(b)
}

// String is all that was logged.
func (l *Log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Clone(l.b.String())
}
