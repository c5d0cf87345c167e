package app_test

import (
	"database/sql"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/internal/apptest"
)

// A disk that could not keep something says so once, and nobody knows what it has kept since. So the program confirms
// nothing more and ends; started again, it holds whatever it had confirmed.
func TestFailedSyncEndsTheProgram(t *testing.T) {
	strace := apptest.Need(t, "strace")
	for range times(2, 20) {
		i := install(t, build(t, nil), t.TempDir(), "")
		i.start()
		c := i.gather(8)
		apptest.Eventually(t, time.Minute, "reports under way", func() error { return enough(c.count(), 50) })
		breakDisk(t, strace, i)
		status := i.end(10 * time.Second)
		ended := time.Now()
		yes, no := c.disperse()
		first := earliest(no)
		if status == 0 || ended.Sub(first) > time.Second {
			t.Errorf("the program ended with status %d, %s after the disk had failed", status, ended.Sub(first))
		}
		for _, s := range yes {
			if s.asked.After(first) {
				t.Errorf("a report was accepted %s after the disk had failed", s.asked.Sub(first))
			}
		}
		i.start()
		if gone := i.lost(yes); len(gone) > 0 {
			t.Errorf("%d of %d accepted reports are gone: %q", len(gone), len(yes), gone[0])
		}
		i.kill()
		i.verify()
	}
}

// What the program keeps for itself is in the same log as the reports: a failed sync of that ends it too, also while nobody
// reports anything.
func TestFailedSyncEndsTheProgramWhileNobodyReports(t *testing.T) {
	t.Parallel()
	strace := apptest.Need(t, "strace")
	i := install(t, build(t, nil), t.TempDir(), "")
	i.start()
	breakDisk(t, strace, i)
	if status := i.end(30 * time.Second); status == 0 {
		t.Error("the program ended as if all were well")
	}
}

// breakDisk makes every sync of the program fail from now on.
func breakDisk(t *testing.T, strace string, i *installation) {
	t.Helper()
	trace := exec.Command(strace, "-f", "-qq", "-o", filepath.Join(t.TempDir(), "trace"), "-p", strconv.Itoa(i.running.Process.Pid),
		"-e", "trace=fsync,fdatasync", "-e", "inject=fsync,fdatasync:error=EIO")
	if err := trace.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = trace.Process.Kill() // it may have ended with what it traced
		_ = trace.Wait()
	})
}

// earliest is when the first report got no answer, or a bad one.
func earliest(all []*sent) time.Time {
	first := time.Now()
	for _, s := range all {
		if s.answered.Before(first) {
			first = s.answered
		}
	}
	return first
}

// A full disk takes no reports and says so; what is there can be read, and once there is space again reports are taken.
func TestFullDiskRefusesAndRecovers(t *testing.T) {
	dir := t.TempDir()
	if !privileged(t, sh("mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", dir)) {
		return
	}
	t.Cleanup(func() { _ = sh("umount", dir) }) // after the program has ended
	i := install(t, build(t, nil), filepath.Join(dir, "data"), "")
	i.start()
	ballast := filepath.Join(dir, "ballast")
	i.survives(outage{
		begins: func() error { return fill(ballast) },
		ends:   func() error { return os.Remove(ballast) },
		reads:  true,
	})
}

// fill writes until nothing more goes onto the disk.
func fill(name string) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	for err == nil {
		_, err = f.Write(make([]byte, 4096))
	}
	return f.Close()
}

// Somebody else who writes to the database, a backup gone wrong or a curious administrator, keeps the program from writing,
// but from nothing else.
func TestLockedDatabaseRefusesAndRecovers(t *testing.T) {
	apptest.Long(t)
	t.Parallel()
	i := install(t, build(t, nil), t.TempDir(), "")
	i.start()
	db, err := sql.Open("sqlite", filepath.Join(i.config.Data, "tipstaff.db")+"?_pragma=busy_timeout(60000)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1) // the lock is the connection's
	run := func(statement string) func() error {
		return func() error {
			_, err := db.ExecContext(t.Context(), statement)
			return err
		}
	}
	i.survives(outage{begins: run("BEGIN IMMEDIATE"), ends: run("ROLLBACK"), reads: true, lasts: time.Duration(times(0, 25)) * time.Second})
}
