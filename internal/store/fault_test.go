package store_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/apptest"
	"github.com/tipstaff/tipstaff/internal/seal"
	"github.com/tipstaff/tipstaff/internal/store"
)

// hold is another process that writes to the project juno, until it lets go.
func (w *world) hold() (letGo func()) {
	w.t.Helper()
	held, err := w.raw.Conn(context.Background())
	if err != nil {
		w.t.Fatal(err)
	}
	lock, unlock := "BEGIN IMMEDIATE", "ROLLBACK"
	if w.config.DSN != "" {
		lock, unlock = "SELECT pg_advisory_lock(7473, 1)", "SELECT pg_advisory_unlock(7473, 1)"
	}
	if _, err := held.ExecContext(context.Background(), lock); err != nil {
		w.t.Fatal(err)
	}
	return func() {
		w.t.Helper()
		if _, err := held.ExecContext(context.Background(), unlock); err != nil {
			w.t.Fatal(err)
		}
		if err := held.Close(); err != nil {
			w.t.Fatal(err)
		}
	}
}

func TestLockedDatabaseIsUnavailableAndNotForEver(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		w.config.Patience = 50 * time.Millisecond
		s := w.open()
		c := w.report("juno", "Overflow")
		letGo := w.hold()
		began := time.Now()
		var wg sync.WaitGroup
		for range 20 {
			wg.Go(func() {
				_, err := s.Append(t.Context(), c)
				kind(t, "an append to a locked database", err, cvd.Unavailable)
			})
		}
		wg.Wait()
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("20 answers took %s, each of which may take 50 ms", took)
		}
		if _, err := s.Projects(t.Context()); err != nil {
			t.Errorf("reading while somebody else writes: %v", err)
		}
		letGo()
		if _, err := s.Append(t.Context(), c); err != nil {
			t.Errorf("after the lock is gone: %v", err)
		}
	})
}

func TestFullDiskKeepsNothingByHalvesAndRecovers(t *testing.T) {
	w := newWorld(t, "")
	w.append(w.report("juno", "before"))
	if err := w.LimitPages(t.Context(), 40); err != nil {
		t.Fatal(err)
	}
	big := strings.Repeat("x", 20_000)
	kept := 1
	for full := false; !full; kept++ {
		if kept > 100 {
			t.Fatal("the disk does not become full")
		}
		c := w.report("juno", "Overflow")
		c.Event.What.Received.Report.Description = big
		c.Case = cvd.Fold(cvd.Case{}, c.Event)
		if _, err := w.Append(t.Context(), c); err != nil {
			kind(t, "a report to a full disk", err, cvd.Unavailable)
			full = true
			kept--
		}
	}
	n, cases, head := w.count(`SELECT COUNT(*) FROM events`), w.count(`SELECT COUNT(*) FROM cases`), w.count(`SELECT seq FROM heads WHERE project = 'juno'`)
	if n != kept || cases != n || head != n {
		t.Errorf("%d events of %d reports that were confirmed, %d cases, and the head at %d", n, kept, cases, head)
	}
	if err := w.Ready(t.Context()); err != nil {
		t.Errorf("a full disk still reads: %v", err)
	}
	if err := w.LimitPages(t.Context(), 1_000_000); err != nil {
		t.Fatal(err)
	}
	w.append(w.report("juno", "after"))
	if _, err := w.VerifyLedger(t.Context(), "juno"); err != nil {
		t.Error(err)
	}
}

func TestServerThatDropsItsConnectionsIsFoundAgain(t *testing.T) {
	w := newWorld(t, apptest.Postgres(t))
	changes := make([]store.Change, 100)
	for i := range changes {
		changes[i] = w.report("juno", "Overflow")
	}
	confirmed := map[cvd.CaseID]bool{}
	for i, c := range changes {
		if i%10 == 5 {
			w.exec(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`)
		}
		_, err := w.Append(t.Context(), c)
		if err != nil {
			kind(t, "an append while connections end", err, cvd.Unavailable)
			continue
		}
		confirmed[c.Case.ID] = true
	}
	if len(confirmed) < 80 {
		t.Errorf("%d of 100 were confirmed; ten losses of the connection cost more than ten", len(confirmed))
	}
	for id := range confirmed {
		if _, err := w.Case(t.Context(), "juno", id); err != nil {
			t.Errorf("%s was confirmed: %v", id, err)
		}
	}
	if _, err := w.VerifyLedger(t.Context(), "juno"); err != nil {
		t.Error(err)
	}
}

func TestClosedStoreAnswers(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		s, err := store.Open(t.Context(), w.config)
		if err != nil {
			t.Fatal(err)
		}
		changes := make([]store.Change, 50)
		for i := range changes {
			changes[i] = w.report("juno", "Overflow")
		}
		var wg sync.WaitGroup
		var mu sync.Mutex
		kept := 0
		for _, c := range changes {
			wg.Go(func() {
				_, err := s.Append(t.Context(), c)
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					kept++
					return
				}
				kind(t, "an append while the program stops", err, cvd.Unavailable)
			})
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		wg.Wait()
		if n := w.count(`SELECT COUNT(*) FROM events`); n != kept {
			t.Errorf("%d were confirmed, %d are kept", kept, n)
		}
	})
}

// victimDir makes the test binary play the program whose disk fails.
const victimDir = "TIPSTAFF_TEST_VICTIM"

// After a failed sync nobody knows what is on the disk, and the kernel reports it once: so nothing may be confirmed any
// more, and the program must be told to stop.
func TestFailedSyncEndsEverything(t *testing.T) {
	if dir := os.Getenv(victimDir); dir != "" {
		playVictim(t, dir)
		return
	}
	strace := apptest.Need(t, "strace")
	w := newWorld(t, "")
	w.append(w.report("juno", "before"))
	key := filepath.Join(filepath.Dir(w.config.File), "key")
	if err := os.WriteFile(key, []byte(w.identity.Text()), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := w.Store.Close(); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(strace, "-f", "-o", filepath.Join(t.TempDir(), "trace"), "-e", "trace=fsync,fdatasync",
		"-e", "inject=fsync,fdatasync:error=EIO", os.Args[0], "-test.run=^TestFailedSyncEndsEverything$", "-test.v")
	cmd.Env = append(os.Environ(), victimDir+"="+filepath.Dir(w.config.File))
	out, err := cmd.CombinedOutput()
	if err != nil || !bytes.Contains(out, []byte("told to stop once, confirmed 0")) {
		t.Errorf("%v\n%s", err, out)
	}
}

func playVictim(t *testing.T, dir string) {
	w := &world{t: t, clock: time.Date(2026, 4, 5, 11, 0, 0, 0, time.UTC)}
	text, err := os.ReadFile(filepath.Join(dir, "key"))
	if err != nil {
		t.Fatal(err)
	}
	if w.identity, err = seal.ParseIdentity(string(text)); err != nil {
		t.Fatal(err)
	}
	stops := 0
	w.config = store.Config{File: filepath.Join(dir, "tipstaff.db"), Identity: w.identity, Recipients: seal.Recipients{w.identity.Recipient()},
		Now: func() time.Time { return w.clock }, Fatal: func(error) { stops++ }}
	s, err := store.Open(context.Background(), w.config)
	if err != nil {
		t.Fatal(err)
	}
	w.Store = s
	confirmed := 0
	for i := range 5 {
		id := cvd.CaseID(fmt.Sprintf("JUNO-000%d", i)) // a number would be a write of its own
		c := w.event(cvd.Case{Project: "juno", ID: id}, cvd.What{Received: &cvd.Received{Report: cvd.Report{Title: "Overflow"}}})
		if _, err := s.Append(t.Context(), c); err == nil {
			confirmed++
		} else {
			kind(t, "an append to a disk that fails", err, cvd.Unavailable)
		}
	}
	kind(t, "whether it is ready", s.Ready(t.Context()), cvd.Unavailable)
	if stops == 1 {
		t.Logf("told to stop once, confirmed %d", confirmed)
	} else {
		t.Errorf("told to stop %d times", stops)
	}
}
