package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/seal"
	"github.com/tipstaff/tipstaff/internal/store"
)

// BackedUp says what a backup holds.
type BackedUp struct {
	At       time.Time // the moment
	Projects int64
	Cases    int64
	Events   int64
	Bytes    int64
}

// Backup writes a backup of everything to a file, while the server may run: one moment, sealed to the recovery key alone. The
// file is there whole or not at all, and durable when Backup returns. What stands there already is replaced only if told to.
func Backup(ctx context.Context, cfg Config, file string, replace bool) (done BackedUp, err error) {
	if err := cfg.Check(); err != nil {
		return done, err
	}
	to, err := recoveryRecipient(cfg)
	if err != nil {
		return done, err
	}
	if _, err := os.Lstat(file); err == nil && !replace {
		return done, cvd.Errorf(cvd.Conflict, "%s is there already: name another file, or replace it with --force", file)
	}
	err = offline(ctx, cfg, func(s *store.Store) error {
		var back store.Backed
		err := writeWhole(file, replace, func(f *os.File) error {
			sealed, err := seal.SealStream(to, f)
			if err != nil {
				return err
			}
			if back, err = s.Backup(ctx, sealed); err != nil {
				return err
			}
			return sealed.Close()
		})
		if err != nil {
			return fmt.Errorf("write the backup %s: %w", file, err)
		}
		done = BackedUp{At: back.At, Projects: back.Rows["projects"], Cases: back.Rows["cases"], Events: back.Rows["events"]}
		if is, err := os.Stat(file); err == nil {
			done.Bytes = is.Size()
		}
		return s.NoteBackup(ctx, back.At)
	})
	return done, err
}

// recoveryRecipient is whoever keeps the recovery key.
func recoveryRecipient(cfg Config) (seal.Recipients, error) {
	name := filepath.Join(cfg.Data, "recovery.pub")
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("read to whom backups are sealed (tipstaff init keeps it in %s): %w", name, err)
	}
	return seal.Recipients{strings.TrimSpace(string(text))}, nil
}

// writeWhole makes a file that is there whole or not at all: it is written beside its place, made durable, and moved there.
// What an earlier attempt left that was ended in the middle is removed.
func writeWhole(file string, replace bool, write func(*os.File) error) (err error) {
	dir := filepath.Dir(file)
	pattern := "." + filepath.Base(file) + ".*.part"
	if err := removeLeft(filepath.Join(dir, pattern)); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, pattern) // for its owner alone to read
	if err != nil {
		return err
	}
	defer func() {
		err = errors.Join(err, ignoreGone(os.Remove(f.Name())), f.Close())
	}()
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil { // as long as it is being written
		return fmt.Errorf("lock %s: %w", f.Name(), err)
	}
	if err := write(f); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	put := os.Link // which replaces nothing
	if replace {
		put = os.Rename
	}
	if err := put(f.Name(), file); err != nil {
		return err
	}
	return syncDir(dir)
}

// removeLeft removes files that nobody writes to any more.
func removeLeft(pattern string) error {
	left, err := filepath.Glob(pattern)
	for _, name := range left {
		f, opened := os.Open(name)
		if opened != nil {
			continue // somebody else's, or gone
		}
		if syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil {
			err = errors.Join(err, ignoreGone(os.Remove(name)))
		}
		_ = f.Close() // read-only
	}
	return err
}

func ignoreGone(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// syncDir makes the names in a directory durable.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
