package main

import (
	"errors"
	"fmt"
	"net/http"
	"os/exec"
	"time"

	"github.com/tipstaff/tipstaff/bench/load"
)

// A report that was accepted is on the disk: what that costs, compared with the least that it can cost.

var (
	ourReports   = load.Reports("/api/v1/projects/juno/reports")
	theirReports = load.Reports("/reports")
)

func (b *bench) acceptSQLite() error {
	dir, err := b.init("sqlite")
	if err != nil {
		return err
	}
	b.kept, err = b.accept("SQLite", dir)
	return err
}

func (b *bench) acceptPostgres() error {
	address, stop, err := b.postgres()
	if err != nil || address == "" {
		return err
	}
	defer stop()
	dir, err := b.init("postgres", "--database-file", address)
	if err != nil {
		return err
	}
	_, err = b.accept("PostgreSQL", dir, "--database-file", address)
	return err
}

// accept compares one client, eight and thirty-two; kept is how many reports the program has taken in afterwards.
func (b *bench) accept(engine, dir string, settings ...string) (kept int, err error) {
	ours, err := b.tipstaff(dir, nil, settings...)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, ours.stop()) }()
	theirs, err := b.plain("reference", nil)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, theirs.stop()) }()
	if _, err := b.pair(ours, theirs, 8, 1); err != nil { // caches are filled, statements prepared
		return 0, err
	}
	for _, c := range []struct {
		clients int
		goal    goal
	}{{1, goal{least: 0.30}}, {8, goal{least: 0.30}}, {32, goal{least: 0.40}}} {
		p, err := b.pair(ours, theirs, c.clients, b.rounds)
		if err != nil {
			return 0, err
		}
		for _, r := range p.ours {
			kept += len(r.Waits)
		}
		what := fmt.Sprintf("accept, %s, %d clients [1/s]", engine, c.clients)
		b.row(what, rate(p.ours), rate(p.theirs), p.ratios(load.Result.Rate), c.goal)
		if c.clients == 32 {
			b.row("  99% of the answers within [ms]", wait(p.ours), wait(p.theirs), p.ratios(slowest), goal{most: 3})
		}
	}
	return kept, nil
}

// acceptSlowly puts both servers on a disk that takes 2 ms to say that something is kept: there many must share one commit.
func (b *bench) acceptSlowly() error {
	strace, err := exec.LookPath("strace")
	if err != nil {
		fmt.Println("accept on a slow disk: not measured without strace")
		return nil
	}
	slow := []string{strace, "-f", "--seccomp-bpf", "-qq", "-o", "/dev/null", "-e", "trace=fdatasync,fsync", "-e", "inject=fdatasync,fsync:delay_exit=2000"}
	dir, err := b.init("slow")
	if err != nil {
		return err
	}
	for _, s := range []struct {
		name    string
		start   func() (*server, error)
		reports func(int) load.Request
		goal    goal
	}{
		{"program", func() (*server, error) { return b.tipstaff(dir, slow) }, ourReports, goal{least: 8}},
		{"reference", func() (*server, error) { return b.plain("slow-reference", slow) }, theirReports, goal{}},
	} {
		if err := b.scaling(s.name, s.start, s.reports, s.goal); err != nil {
			return err
		}
	}
	return nil
}

// scaling compares 32 clients of a server with one.
func (b *bench) scaling(name string, run func() (*server, error), reports func(int) load.Request, g goal) (err error) {
	s, err := run()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.stop()) }()
	var one, many []load.Result
	var times []float64
	for range b.rounds {
		one = append(one, load.Run(s.address, 1, b.window, http.StatusCreated, reports))
		many = append(many, load.Run(s.address, 32, b.window, http.StatusCreated, reports))
		times = append(times, many[len(many)-1].Rate()/one[len(one)-1].Rate())
	}
	if err := refused(append(one, many...)); err != nil {
		return err
	}
	what := fmt.Sprintf("fsync of 2 ms, %s: 32 clients, 1 [1/s]", name)
	b.row(what, rate(many), rate(one), times, g)
	return nil
}

// pair is what two servers gave in windows that took turns.
type pair struct{ ours, theirs []load.Result }

func (b *bench) pair(ours, theirs *server, clients, rounds int) (p pair, err error) {
	return b.turns(ours, theirs, rounds, func(s *server) load.Result {
		if s == ours {
			return load.Run(s.address, clients, b.window, http.StatusCreated, ourReports)
		}
		return load.Run(s.address, clients, b.window, http.StatusCreated, theirReports)
	})
}

// turns measures two servers in turn; while one is measured the other stands still.
func (b *bench) turns(ours, theirs *server, rounds int, measure func(*server) load.Result) (p pair, err error) {
	for range rounds {
		err = errors.Join(err, theirs.pause(true))
		p.ours = append(p.ours, measure(ours))
		err = errors.Join(err, theirs.pause(false), ours.pause(true))
		p.theirs = append(p.theirs, measure(theirs))
		err = errors.Join(err, ours.pause(false))
	}
	return p, errors.Join(err, refused(p.ours), refused(p.theirs))
}

// refused is an error if anything but the wanted answer came.
func refused(all []load.Result) error {
	for _, r := range all {
		if len(r.Others) > 0 {
			return fmt.Errorf("other answers came: %v", r.Others)
		}
	}
	return nil
}

func (p pair) ratios(of func(load.Result) float64) []float64 {
	var all []float64
	for i := range p.ours {
		all = append(all, of(p.ours[i])/of(p.theirs[i]))
	}
	return all
}

func slowest(r load.Result) float64 { return r.Wait(0.99).Seconds() }

func rate(all []load.Result) string {
	var rates []float64
	for _, r := range all {
		rates = append(rates, r.Rate())
	}
	return fmt.Sprintf("%.0f", median(rates))
}

func wait(all []load.Result) string {
	var waits []time.Duration
	for _, r := range all {
		waits = append(waits, r.Wait(0.99))
	}
	return fmt.Sprintf("%.1f", median(waits).Seconds()*1000)
}
