package store_test

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/apptest"
	"github.com/tipstaff/tipstaff/internal/store"
)

// A report of 1.4 KB, as people write them.
var description = strings.Repeat("The parser reads the length of a header before it checks the end of the packet, and writes behind it. ", 13)

// benchReport prepares everything that casework would, outside of what is measured.
func benchReport(w *world, id cvd.CaseID) store.Change {
	c := w.event(cvd.Case{Project: "juno", ID: id}, cvd.What{Received: &cvd.Received{Track: "private", Kind: "vulnerability",
		Report: cvd.Report{Door: "api", Title: "Overflow in the parser", Description: description, Kind: "vulnerability", Version: "1.2.3"}}})
	for i, name := range []string{"acknowledge", "response"} {
		c.Event.Clocks = append(c.Event.Clocks, cvd.Clock{Name: name, Kind: cvd.Limit, Clause: "clocks." + name, Anchor: "received", From: w.clock,
			Due: w.clock.AddDate(0, 0, 3+i), Until: "acknowledged"})
	}
	c.Case = cvd.Fold(cvd.Case{}, c.Event)
	c.Clocks = c.Case.Clocks
	return c
}

// BenchmarkAppend keeps new reports from 1, 8 and 32 askers at once, and, to compare with, the same reports as plain JSON in
// three plain rows with one commit for many: the least that durable intake can cost.
func BenchmarkAppend(b *testing.B) {
	for _, askers := range []int{1, 8, 32} {
		b.Run(fmt.Sprintf("sqlite/%d", askers), func(b *testing.B) { benchAppend(b, newWorld(b, ""), askers) })
		b.Run(fmt.Sprintf("postgres/%d", askers), func(b *testing.B) { benchAppend(b, newWorld(b, apptest.Postgres(b)), askers) })
		b.Run(fmt.Sprintf("plain/%d", askers), func(b *testing.B) { benchPlain(b, askers) })
	}
}

func benchAppend(b *testing.B, w *world, askers int) {
	b.ReportAllocs()
	each(b, askers, func() error {
		id, err := w.NewCaseID(context.Background(), "juno")
		if err != nil {
			return err
		}
		_, err = w.Append(context.Background(), benchReport(w, id))
		return err
	})
	stats := w.Stats()
	b.ReportMetric(float64(stats.Changes)/float64(stats.Batches), "reports/commit")
}

// each spreads the benchmark's rounds over a number of askers.
func each(b *testing.B, askers int, f func() error) {
	rounds := make(chan struct{}, b.N)
	for range b.N {
		rounds <- struct{}{}
	}
	close(rounds)
	var wg sync.WaitGroup
	before := cpu(b)
	b.ResetTimer()
	for range askers {
		wg.Go(func() {
			for range rounds {
				if err := f(); err != nil {
					b.Error(err)
				}
			}
		})
	}
	wg.Wait()
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "reports/s")
	// On a machine that others use too, the processor time of this process is what can be compared.
	b.ReportMetric((cpu(b)-before).Seconds()*1e6/float64(b.N), "cpu-µs/report")
}

func cpu(b *testing.B) time.Duration {
	b.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

type plain struct {
	title, body, code string
	done              chan error
}

func benchPlain(b *testing.B, askers int) {
	db, err := sql.Open("sqlite", "file:"+filepath.Join(b.TempDir(), "plain.db")+"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_txlock=immediate")
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	if _, err := db.Exec(`CREATE TABLE cases (id INTEGER PRIMARY KEY, code TEXT UNIQUE, title TEXT, body TEXT);
		CREATE TABLE events (id INTEGER PRIMARY KEY, case_id INTEGER, kind TEXT); CREATE INDEX e ON events (case_id);
		CREATE TABLE outbox (id INTEGER PRIMARY KEY, case_id INTEGER, kind TEXT)`); err != nil {
		b.Fatal(err)
	}
	queue := make(chan *plain, 1024)
	defer close(queue)
	go writePlain(db, queue)
	body, err := json.Marshal(map[string]string{"title": "Overflow in the parser", "body": description})
	if err != nil {
		b.Fatal(err)
	}
	each(b, askers, func() error {
		var in struct{ Title, Body string }
		if err := json.Unmarshal(body, &in); err != nil {
			return err
		}
		var code [16]byte
		_, _ = rand.Read(code[:])
		p := &plain{in.Title, in.Body, hex.EncodeToString(code[:]), make(chan error, 1)}
		queue <- p
		return <-p.done
	})
}

func writePlain(db *sql.DB, queue chan *plain) {
	for first := range queue {
		batch := []*plain{first}
		for more := true; more && len(batch) < 256; {
			select {
			case p, ok := <-queue:
				if more = ok; ok {
					batch = append(batch, p)
				}
			default:
				more = false
			}
		}
		err := keepPlain(db, batch)
		for _, p := range batch {
			p.done <- err
		}
	}
}

func keepPlain(db *sql.DB, batch []*plain) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	for _, p := range batch {
		r, err := tx.Exec(`INSERT INTO cases (code, title, body) VALUES ($1, $2, $3)`, p.code, p.title, p.body)
		if err != nil {
			return err
		}
		id, err := r.LastInsertId()
		if err != nil {
			return err
		}
		for _, statement := range []string{`INSERT INTO events (case_id, kind) VALUES ($1, 'received')`, `INSERT INTO outbox (case_id, kind) VALUES ($1, 'acknowledge')`} {
			if _, err := tx.Exec(statement, id); err != nil {
				return err
			}
		}
	}
	return tx.Commit()
}
