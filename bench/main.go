// Bench compares the program with the least that a server could do for the same promise, in one run, on this machine.
//
// Begin with measures, which is what is measured and in which order. To measure something else, write a function like those
// in accept.go and list it there. Every figure is a ratio of windows that follow each other closely, and each is taken several
// times, since a machine that others use as well gives another absolute figure every minute. It never fails because of a
// figure: it says which goals are missed.
package main

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"log"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"
)

// bench is one run.
type bench struct {
	program, reference, policy string // files
	window                     time.Duration
	rounds                     int
	only                       string
	million                    bool
	cases                      int    // of the installation that is started, and walked through
	dir                        string // of this run, thrown away
	kept                       int    // reports that the installation on SQLite took in
	missed                     int
}

// measures is what is measured, in order. Later ones go on with the data directory that earlier ones filled.
var measures = []struct {
	name string
	run  func(*bench) error
}{
	{"accept", (*bench).acceptSQLite},
	{"start", (*bench).startFull},
	{"postgres", (*bench).acceptPostgres},
	{"slow", (*bench).acceptSlowly},
	{"pages", (*bench).pages},
	{"idle", (*bench).idle},
	{"inbox", (*bench).inbox},
	{"walk", (*bench).walk},
}

func main() {
	b := &bench{}
	flag.StringVar(&b.program, "program", "bin/tipstaff", "the program")
	flag.StringVar(&b.reference, "reference", "bin/refaccept", "the reference server")
	flag.StringVar(&b.policy, "policy", "policies/juno.yaml", "policy of the project that gets the reports")
	flag.DurationVar(&b.window, "window", 2*time.Second, "how long each server is asked at a time")
	flag.IntVar(&b.rounds, "rounds", 5, "how often the servers take turns")
	flag.StringVar(&b.only, "only", "", "measure this alone: accept, start, postgres, slow, pages, idle, inbox or walk")
	flag.IntVar(&b.cases, "cases", 100_000, "how many cases the installation has that is started and walked through")
	flag.BoolVar(&b.million, "million", false, "ask the inbox of a million cases instead of a hundred thousand")
	flag.Parse()
	if err := b.run(); err != nil {
		log.Fatal(err)
	}
}

func (b *bench) run() (err error) {
	if b.dir, err = os.MkdirTemp("", "tipstaff-bench-"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(b.dir)) }()
	fmt.Printf("%-44s %12s %12s %18s   %s\n", "", "program", "reference", "ratio (min–max)", "goal")
	for _, m := range measures {
		if b.only != "" && b.only != m.name {
			continue
		}
		if err := m.run(b); err != nil {
			return fmt.Errorf("measure %s: %w", m.name, err)
		}
	}
	if b.missed > 0 {
		fmt.Printf("\n%d goals missed\n", b.missed)
	}
	return nil
}

// init makes a data directory with the project.
func (b *bench) init(name string, settings ...string) (dir string, err error) {
	dir = filepath.Join(b.dir, name)
	if _, err := os.Stat(dir); err == nil {
		return dir, nil
	}
	args := append([]string{"init", "--data", dir, "--policy", b.policy, "--admin", "jake", "--name", "Jake"}, settings...)
	if out, err := exec.Command(b.program, args...).CombinedOutput(); err != nil {
		return "", fmt.Errorf("%s init: %w\n%s", b.program, err, out)
	}
	return dir, nil
}

// free is an address of this machine where nobody listens.
func free() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

// goal is what a figure should be: at least, or at most.
type goal struct {
	least, most float64
	unit        string
}

func (g goal) String() string {
	if g.most > 0 {
		return fmt.Sprintf("≤ %g%s", g.most, g.unit)
	}
	return fmt.Sprintf("≥ %.2f%s", g.least, g.unit)
}

func (g goal) met(x float64) bool { return g.most > 0 && x <= g.most || g.most == 0 && x >= g.least }

// row prints one line. The figure that the goal is about comes with the extremes of the rounds.
func (b *bench) row(what, ours, theirs string, figures []float64, g goal) {
	slices.Sort(figures)
	middle := median(figures)
	verdict := ""
	if !g.met(middle) {
		verdict, b.missed = "  MISSED", b.missed+1
	}
	extent := fmt.Sprintf("%.2f (%.2f–%.2f)", middle, figures[0], figures[len(figures)-1])
	fmt.Printf("%-44s %12s %12s %18s   %s%s\n", what, ours, theirs, extent, g, verdict)
}

func median[T cmp.Ordered](xs []T) T {
	xs = slices.Sorted(slices.Values(xs))
	return xs[len(xs)/2]
}
