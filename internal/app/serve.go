package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"time"
)

// Serve runs the program until ctx ends or the disk fails.
func Serve(ctx context.Context, cfg Config, log io.Writer) error {
	if err := cfg.Check(); err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(cfg.Data, demoMark)); err == nil {
		return fmt.Errorf("%s holds a demonstration: serve from another directory", cfg.Data)
	}
	a, err := Open(ctx, cfg, World{Log: LogTo(log), Watch: true})
	if err != nil {
		return err
	}
	return a.Run(ctx, cfg, nil)
}

// Run listens and serves; ready is called once requests are answered.
func (a *App) Run(ctx context.Context, cfg Config, ready func(net.Addr)) error {
	if err := cfg.Check(); err != nil {
		return err
	}
	l, err := net.Listen("tcp", cfg.Listen)
	if err != nil {
		return errors.Join(fmt.Errorf("listen on %s: %w", cfg.Listen, err), a.Close(context.WithoutCancel(ctx)))
	}
	servers := []*http.Server{server(a.Handler)}
	failed := make(chan error, 2)
	go func() { failed <- serveOn(servers[0], l, cfg) }()
	if cfg.Metrics != "" {
		h := server(a.Health)
		h.Addr = cfg.Metrics
		servers = append(servers, h)
		go func() { failed <- h.ListenAndServe() }()
	}
	for _, id := range a.Casework.Projects() {
		if a.Casework.Holding(id) {
			a.log.Warn("held: nothing goes out until tipstaff held release", "project", string(id))
		}
	}
	a.log.Info("serving", "address", l.Addr().String(), "version", Version)
	if ready != nil {
		ready(l.Addr())
	}
	select {
	case <-ctx.Done():
		err = nil
	case err = <-failed:
	case err = <-a.fatal: // what was written may be lost: say nothing more to anybody, recover by restart
		return fmt.Errorf("the disk did not keep what was written: %w", err)
	}
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	for _, s := range servers {
		err = errors.Join(err, s.Shutdown(ending))
	}
	return errors.Join(err, a.Close(ending))
}

func serveOn(s *http.Server, l net.Listener, cfg Config) error {
	if cfg.TLSCert != "" {
		return s.ServeTLS(l, cfg.TLSCert, cfg.TLSKey)
	}
	return s.Serve(l)
}

// server has limits for those who are slow, by malice or by line.
func server(h http.Handler) *http.Server {
	return &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 2 * time.Minute, WriteTimeout: 2 * time.Minute,
		IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 32 << 10}
}

// leastDisk is the free space below which the program says that it is not ready.
const leastDisk = 64 << 20

// health serves what watches over the program; it stands on its own address, or on loopback.
func (a *App) health() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", alive)
	mux.HandleFunc("GET /readyz", a.ready)
	mux.Handle("GET /metrics", a.metrics())
	return mux
}

// alive says that the program answers, and nothing else.
func alive(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "ok\n") }

// ready says whether the database, the jobs and the disk are there.
func (a *App) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
	defer cancel()
	state := map[string]string{"database": "ok", "jobs": "ok", "disk": "ok"}
	code := http.StatusOK
	say := func(what string, err error) {
		if err != nil {
			state[what], code = "not ok", http.StatusServiceUnavailable
			a.log.Error("not ready", "part", what, "error", err)
		}
	}
	say("database", a.Store.Ready(ctx))
	say("jobs", a.Jobs.Ready(ctx))
	say("disk", enoughDisk(a.data))
	if slices.ContainsFunc(a.Casework.Projects(), a.Casework.Holding) { // it answers, and nothing goes out
		state["letters"] = "held"
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(state)
}

func enoughDisk(dir string) error {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return fmt.Errorf("ask for the disk's free space: %w", err)
	}
	if free := s.Bavail * uint64(s.Bsize); free < leastDisk {
		return fmt.Errorf("%d MiB are free on the disk", free>>20)
	}
	return nil
}
