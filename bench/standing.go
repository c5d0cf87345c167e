package main

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"time"

	"github.com/tipstaff/tipstaff/bench/load"
)

// What the program costs while nobody asks, and how long it takes until somebody is answered.

// startFull goes on with the installation that took the reports in, and fills it up.
func (b *bench) startFull() error {
	dir, err := b.init("sqlite")
	if err != nil {
		return err
	}
	if b.kept, err = b.fill(dir, b.kept, b.cases); err != nil {
		return err
	}
	var starts []float64
	var memory string
	for range b.rounds {
		s, err := b.tipstaff(dir, nil)
		if err != nil {
			return err
		}
		starts = append(starts, s.ready.Seconds()*1000)
		pss, rss, err := s.memory()
		if err := errors.Join(err, s.stop()); err != nil {
			return err
		}
		memory = fmt.Sprintf("%.0f/%.0f", pss, rss)
	}
	b.row(fmt.Sprintf("start to the first 200, %d cases [ms]", b.cases), fmt.Sprintf("%.0f", median(starts)), "", starts, goal{most: 300, unit: " ms"})
	fmt.Printf("%-44s %12s\n", "  memory then, share/resident [MiB]", memory)
	return nil
}

// fill sends reports to an installation that has some until it has so many cases, and says how many those are.
func (b *bench) fill(dir string, have, cases int) (int, error) {
	s, err := b.tipstaff(dir, nil)
	if err != nil {
		return 0, err
	}
	for have < cases {
		r := load.Run(s.address, 32, min(b.window, 2*time.Second), http.StatusCreated, ourReports)
		if have += len(r.Waits); len(r.Waits) == 0 {
			return 0, errors.Join(fmt.Errorf("no report was taken: %v", r.Others), s.stop())
		}
	}
	return have, s.stop()
}

// idle is a new installation that nobody asks.
func (b *bench) idle() error {
	dir, err := b.init("idle")
	if err != nil {
		return err
	}
	var shares []float64
	var resident float64
	for range b.rounds {
		s, err := b.tipstaff(dir, nil)
		if err != nil {
			return err
		}
		time.Sleep(b.window)
		pss, rss, err := s.memory()
		if err := errors.Join(err, s.stop()); err != nil {
			return err
		}
		shares, resident = append(shares, pss), rss
	}
	b.row("idle, share of the memory, resident [MiB]", fmt.Sprintf("%.0f", median(shares)), fmt.Sprintf("%.0f", resident), shares, goal{most: 64, unit: " MiB"})
	info, err := os.Stat(b.program)
	if err != nil {
		return err
	}
	size := float64(info.Size()) / 1e6
	b.row("the program [MB]", fmt.Sprintf("%.1f", size), "", []float64{size}, goal{most: 50, unit: " MB"})
	return nil
}
