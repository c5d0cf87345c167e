// Package app builds the program out of its packages, in order, and runs it.
//
// Begin with Open, which is the order, and config.go, which is the manual of settings. A new part of the program is a line
// in Open. This package decides nothing about cases and writes no page: it only hands things to each other.
package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"
	_ "time/tzdata" // the zones of policies, where the machine has none

	"github.com/tipstaff/tipstaff/docs"
	"github.com/tipstaff/tipstaff/internal/api"
	"github.com/tipstaff/tipstaff/internal/auth"
	"github.com/tipstaff/tipstaff/internal/casework"
	"github.com/tipstaff/tipstaff/internal/channel"
	"github.com/tipstaff/tipstaff/internal/jobs"
	"github.com/tipstaff/tipstaff/internal/publish"
	"github.com/tipstaff/tipstaff/internal/seal"
	"github.com/tipstaff/tipstaff/internal/store"
	"github.com/tipstaff/tipstaff/internal/web"
)

// Version is the program's, set when a release is built.
var Version = "0.1.0-dev"

// App is the whole program, built and running.
type App struct {
	Casework *casework.Casework
	Auth     *auth.Auth
	Store    *store.Store
	Jobs     *jobs.Jobs
	Handler  http.Handler // what the public address serves
	Health   http.Handler // what the metrics address serves

	site    *publish.Site
	outside outside
	looking Looking
	forge   forge
	look    Look
	looker  publish.Looker
	data    string
	base    string // public address
	lock    *os.File
	log     *slog.Logger
	fatal   chan error
	ticked  atomic.Int64 // when Tick ended last, in microseconds
}

// The names of files in a data directory.
const (
	databaseName = "tipstaff.db"
	settingsName = "tipstaff.yaml"
)

// World is what a program has of the world besides its settings; tests and the demo hand in their own.
type World struct {
	Now      func() time.Time
	Log      *slog.Logger
	Channels []channel.Channel // instead of the real ones
	Demo     bool              // label every page
	Quiet    bool              // the channels are rehearsed ones: every letter has somewhere to go
	Look     Look              // what lies at the addresses of releases, instead of asking them; of a quiet world what was recorded, if nil
	Places   Looking           // at the places of private patches; nil: nobody does unless Watch asks the servers of others
	Watch    bool              // compare published copies with the policies, which asks the servers of others
	Poll     time.Duration     // how often jobs are looked for; zero: four times a second
}

// Open builds the program on the data directory of cfg. Close what it returns.
func Open(ctx context.Context, cfg Config, world World) (*App, error) {
	if err := cfg.Check(); err != nil {
		return nil, err
	}
	if err := unfinished(cfg); err != nil {
		return nil, err
	}
	world = world.filled()
	a := &App{data: cfg.Data, base: cfg.URL, log: world.Log, fatal: make(chan error, 1)}
	var err error
	if a.lock, err = lock(cfg.Data, false); err != nil {
		return nil, fmt.Errorf("the keys are being changed: %w", err)
	}
	if a.Store, err = openStore(ctx, cfg, world, a.fatally); err != nil {
		return nil, errors.Join(err, a.lock.Close())
	}
	warnReadable(world.Log, cfg.Key)
	if a.forge, err = newForge(cfg); err != nil {
		return nil, errors.Join(err, a.Store.Close())
	}
	if a.looking = world.Places; a.looking == nil && world.Watch {
		a.looking = stranger(channel.NewClient(cfg.HookHosts...))
	}
	routes, fetch := world.others(cfg)
	a.Casework, err = casework.New(ctx, casework.Config{Routes: routes, Fetch: fetch, Lists: lists(), Store: a.Store, Now: world.Now, Base: cfg.URL, Packing: packing, Bases: Beside(""), Banner: world.banner(),
		Backups: cfg.BackupsKept, Looks: a.looking != nil, Sources: a.forge.addresses})
	if err != nil {
		return nil, errors.Join(err, a.Store.Close())
	}
	a.Auth = auth.New(auth.Auth{Store: a.Store, Now: world.Now, Can: a.Casework.Can, Holder: a.Casework.Holder, Held: a.Casework.HolderOf})
	if a.outside, err = newOutside(cfg, world); err != nil {
		return nil, errors.Join(err, a.Store.Close())
	}
	a.lookOutside(cfg, world)
	a.site = publish.New(publish.Config{Now: world.Now, Load: a.published, Fetch: a.fetch, Next: notFound(world.Demo)})
	if err := a.Tick(ctx); err != nil {
		return nil, errors.Join(err, a.Store.Close())
	}
	a.Jobs, err = jobs.Start(ctx, jobs.Config{Store: a.Store, Log: world.Log, Follow: a.Casework.Follow, Deliver: a.deliver, Tick: a.Tick,
		Later: a.later, Watch: both(a.watching(cfg, world), a.searching(world)), Forge: a.asking(world), Index: a.Casework.Index, Poll: world.Poll})
	if err != nil {
		return nil, errors.Join(err, a.Store.Close())
	}
	a.Handler, a.Health = a.routes(cfg, world), a.health()
	return a, nil
}

// banner labels what is published by a demonstration.
func (w World) banner() string {
	if w.Demo {
		return "Demonstration. Nothing here is real, nothing is sent to anybody, and it may be gone tomorrow."
	}
	return ""
}

// filled is the real world where nothing else was handed in.
func (w World) filled() World {
	if w.Now == nil {
		w.Now = time.Now
	}
	if w.Log == nil {
		w.Log = slog.New(slog.NewJSONHandler(os.Stderr, nil))
	}
	if w.Channels == nil {
		w.Channels = channel.All()
	}
	return w
}

// openStore opens the database with the installation's key, or with the one that a rotation was about to put in its place.
func openStore(ctx context.Context, cfg Config, world World, fatal func(error)) (*store.Store, error) {
	dsn, err := cfg.dsn()
	if err != nil {
		return nil, err
	}
	_, origin, _ := strings.Cut(cfg.URL, "://")
	var errs []error
	for _, name := range []string{cfg.Key, nextKey(cfg)} {
		text, err := secretFile(name)
		if err != nil && name != cfg.Key && errors.Is(err, fs.ErrNotExist) {
			continue // no rotation was begun
		}
		if err != nil {
			errs = append(errs, err)
			continue
		}
		id, err := seal.ParseIdentity(text)
		if err != nil {
			return nil, fmt.Errorf("read key %s: %w", name, err)
		}
		s, err := store.Open(ctx, store.Config{File: filepath.Join(cfg.Data, databaseName), DSN: dsn, Identity: id,
			Recipients: recipients(cfg, id), Origin: origin + "/p", Now: world.Now, Log: world.Log, Fatal: fatal})
		if err == nil {
			return s, nil
		}
		if !errors.Is(err, seal.ErrClosed) { // it is not the key that is wrong
			return nil, err
		}
		errs = append(errs, err)
	}
	return nil, fmt.Errorf("open the database with the installation's key (tipstaff init makes one, --key names its file): %w", errors.Join(errs...))
}

// recipients are those to whom the projects' keys are sealed: the installation, and whoever keeps the recovery key.
func recipients(cfg Config, id seal.Identity) seal.Recipients {
	to := seal.Recipients{id.Recipient()}
	if recovery, err := os.ReadFile(filepath.Join(cfg.Data, "recovery.pub")); err == nil {
		to = append(to, strings.TrimSpace(string(recovery)))
	}
	return to
}

// routes is everything that the public address serves: pages, the API, the ledger, and what is published.
func (a *App) routes(cfg Config, world World) http.Handler {
	mux := http.NewServeMux()
	api.Mount(mux, api.Config{Casework: a.Casework, Auth: a.Auth, Base: cfg.URL, Version: Version, Log: world.Log})
	web.Mount(mux, web.Config{Casework: a.Casework, Auth: a.Auth, Now: world.Now, Machine: a.machine(cfg, world), Demo: world.Demo, Processes: docs.TwoProcesses, Version: Version, Base: cfg.URL,
		Site: a.site, Log: world.Log})
	mux.HandleFunc("GET /healthz", alive)
	mux.HandleFunc("GET /readyz", a.ready)
	if cfg.Proxy != "" {
		return onlyFrom(net.ParseIP(cfg.Proxy), mux)
	}
	return mux
}

// onlyFrom refuses whoever does not come by the proxy that speaks TLS.
func onlyFrom(proxy net.IP, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host, _, err := net.SplitHostPort(r.RemoteAddr)
		if err != nil || !proxy.Equal(net.ParseIP(host)) {
			http.Error(w, "this address is for the proxy in front", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// fatally is called once when the disk may have lost what was written: the program must stop and recover by restart.
func (a *App) fatally(err error) {
	select {
	case a.fatal <- err:
	default:
	}
}

// Fatal is where the reason arrives for which the program must stop at once.
func (a *App) Fatal() <-chan error { return a.fatal }

// Tick is what happens once a second: promises that ran out and publications whose instant has come are written down, the
// hours of the ledger are closed, and what other instances changed is read.
func (a *App) Tick(ctx context.Context) error {
	errs := []error{a.Casework.Refresh(ctx), a.site.Refresh(ctx)}
	for {
		n, err := a.Casework.Breach(ctx)
		errs = append(errs, err)
		if n < 1000 || err != nil {
			break
		}
	}
	errs = append(errs, a.Casework.Publish(ctx))
	for _, id := range a.Casework.Projects() {
		if a.Casework.Holding(id) { // a head that is signed goes out too, and where it ran before may have signed another
			continue
		}
		errs = append(errs, a.Store.CloseEpochs(ctx, id, a.Casework.Now()))
	}
	errs = append(errs, a.Store.Clean(ctx))
	a.ticked.Store(a.Casework.Now().UnixMicro())
	return errors.Join(append(errs, a.site.Refresh(ctx))...)
}

// later is what takes long and nobody waits for: the packs for the reviews of the process, memberships that end, copies whose
// recipients have accepted, and cases that move to another version
// of the policy, a batch at a time.
func (a *App) later(ctx context.Context) (more bool, err error) {
	reviews := a.Casework.PrepareReviews(ctx)
	members := errors.Join(a.Casework.RenewMembers(ctx), a.Casework.AdmitCopies(ctx))
	more, err = a.Casework.Adopting(ctx)
	return more, errors.Join(reviews, members, err)
}

// Close ends the workers and closes the database.
func (a *App) Close(ctx context.Context) error {
	err := errors.Join(a.Jobs.Stop(ctx), a.Store.Close())
	if unlocked := a.lock.Close(); !errors.Is(unlocked, os.ErrClosed) { // to close twice is no fault
		err = errors.Join(err, unlocked)
	}
	return err
}

// LogTo is the program's log: one JSON object a line, ids only.
func LogTo(w io.Writer) *slog.Logger { return slog.New(slog.NewJSONHandler(w, nil)) }
