package app_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	_ "modernc.org/sqlite" // asks the database itself whether it is whole
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/internal/apptest"
)

// A power cut takes whatever the disk was not made to keep. The data directory lies on a file system in a file; at the cut
// the program is stopped, and the file is copied as it is: what the kernel had not written there yet is not in the copy. A
// second program starts on the copy, as after the power came back, and must hold whatever the first one accepted.
func TestPowerCutLosesNothingAccepted(t *testing.T) {
	apptest.Long(t)
	cuts := times(4, 25)
	acks, gone, ok := powerCuts(t, nil, cuts, times(50, 2500), false)
	if !ok {
		return
	}
	t.Logf("%d cuts, %d accepted, %d lost", cuts, acks, gone)
	if gone > 0 {
		t.Errorf("%d of %d accepted reports are gone", gone, acks)
	}
}

// The control: a program that does not wait for the disk loses something in the same cuts.
func TestPowerCutFindsAProgramThatDoesNotWaitForTheDisk(t *testing.T) {
	apptest.Long(t)
	careless := &breakage{"careless", "internal/store/sqlite.go", []string{`"synchronous(FULL)"`, `"synchronous(NORMAL)"`, `"synchronous": "2"`, `"synchronous": "1"`}}
	acks, gone, ok := powerCuts(t, careless, times(10, 25), 50, true)
	if !ok {
		return
	}
	t.Logf("%d accepted, %d lost, as it should be", acks, gone)
	if gone == 0 {
		t.Errorf("a program that does not wait for the disk lost none of %d reports: the test does not cut the power", acks)
	}
}

// powerCuts cuts the power again and again, each time after some more reports; with enough it ends at the first loss.
func powerCuts(t *testing.T, broken *breakage, cuts, reports int, enoughIsOne bool) (acks, gone int, ok bool) {
	t.Helper()
	disk := filepath.Join(t.TempDir(), "disk")
	err := errors.Join(os.WriteFile(disk, nil, 0o600), os.Truncate(disk, 1<<30), sh("mkfs.ext4", "-q", "-F", disk))
	first, mounted := mount(t, disk)
	if err = errors.Join(err, mounted); !privileged(t, err) {
		return 0, 0, false
	}
	i := install(t, build(t, broken), filepath.Join(first, "data"), "")
	t.Cleanup(i.kill) // before the disk is taken away
	i.start()
	c := i.gather(8)
	var all []*sent
	for range cuts {
		before := c.count()
		apptest.Eventually(t, time.Minute, "reports under way", func() error { return enough(c.count(), before+reports) })
		image := filepath.Join(t.TempDir(), "image")
		if err := errors.Join(i.running.Process.Signal(syscall.SIGSTOP), sh("cp", "--sparse=always", disk, image)); err != nil {
			t.Fatal(err)
		}
		all, _ = c.answers()
		if err := i.running.Process.Signal(syscall.SIGCONT); err != nil {
			t.Fatal(err)
		}
		gone += afterwards(t, i, image, all)
		if gone > 0 && enoughIsOne {
			break
		}
	}
	c.disperse()
	return len(all), gone, true
}

// afterwards is the morning after: a program on what was on the disk at the cut. It returns how many of the accepted
// reports are not there.
func afterwards(t *testing.T, i *installation, image string, all []*sent) int {
	t.Helper()
	dir, err := mount(t, image)
	if err != nil {
		t.Fatal(err)
	}
	again := *i
	again.config.Data, again.config.Key, again.config.URL, again.config.Listen = filepath.Join(dir, "data"), "", "", freeAddress(t)
	again.running, again.said = nil, &log{}
	defer func() {
		if err := errors.Join(sh("umount", dir), os.Remove(image)); err != nil {
			t.Error(err)
		}
	}()
	if err := whole(t.Context(), filepath.Join(again.config.Data, "tipstaff.db")); err != nil {
		t.Error(err)
	}
	again.start()
	gone := again.lost(all)
	again.kill()
	again.verify()
	return len(gone)
}

// whole asks SQLite whether every page of a database is as it should be. This also recovers what is in the log.
func whole(ctx context.Context, file string) error {
	db, err := sql.Open("sqlite", file)
	if err != nil {
		return err
	}
	var says string
	err = db.QueryRowContext(ctx, "PRAGMA integrity_check").Scan(&says)
	if err == nil && says != "ok" {
		err = errors.New(says)
	}
	return errors.Join(err, db.Close())
}

// mount mounts the file system in a file for the time of the test.
func mount(t *testing.T, image string) (dir string, err error) {
	t.Helper()
	dir = t.TempDir()
	if err := sh("mount", "-o", "loop", image, dir); err != nil {
		return "", err
	}
	t.Cleanup(func() { _ = sh("umount", dir) }) // it may be gone already
	return dir, nil
}

// sh runs a program of the system.
func sh(name string, args ...string) error {
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", name, err, out)
	}
	return nil
}
