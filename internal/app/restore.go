package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/seal"
	"github.com/tipstaff/tipstaff/internal/store"
)

// Restored says what came out of a backup, and what of it waits for a person.
type Restored struct {
	BackedUp
	Letters, UnderWay, Publications int // held; how many of the letters were on their way when the backup was made
	Key                             string
}

// restoring is the file that says that a data directory is being made out of a backup, and is not ready. It names the key file
// that is made for it, and no other key is ever removed.
const restoring = "restoring"

// Restore makes a new data directory, with a new key of the installation, out of a backup that the recovery key opens. It
// checks the backup to its end before it writes anything, and the ledger before it says that it is done. Nothing goes out of
// the restored installation until a person lets it.
func Restore(ctx context.Context, cfg Config, file, recoveryFile string) (done Restored, err error) {
	if err := cfg.Check(); err != nil {
		return done, err
	}
	recovery, err := readIdentity(recoveryFile)
	if err != nil {
		return done, err
	}
	if err := readBackup(file, recovery, func(r io.Reader) error {
		_, err := store.CheckBackup(r)
		return err
	}); err != nil {
		return done, err
	}
	if err := beginRestore(cfg); err != nil {
		return done, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, clearRestore(cfg))
		}
	}()
	id, err := seal.GenerateIdentity()
	if err != nil {
		return done, err
	}
	if err := os.WriteFile(filepath.Join(cfg.Data, "recovery.pub"), []byte(recovery.Recipient()+"\n"), 0o600); err != nil {
		return done, fmt.Errorf("keep the recovery recipient: %w", err)
	}
	if err := writeNew(cfg.Key, id.Text()); err != nil { // durable before anything is sealed to it
		return done, err
	}
	if done.BackedUp, err = fill(ctx, cfg, id, file, recovery); err != nil {
		return done, err
	}
	if err := count(ctx, cfg, &done); err != nil {
		return done, err
	}
	done.Key = cfg.Key
	return done, endRestore(cfg)
}

// fill puts what the backup holds into the empty database.
func fill(ctx context.Context, cfg Config, id seal.Identity, file string, recovery seal.Identity) (done BackedUp, err error) {
	dsn, err := cfg.dsn()
	if err != nil {
		return done, err
	}
	world := World{}.filled()
	config := store.Config{File: filepath.Join(cfg.Data, databaseName), DSN: dsn, Identity: id, Recipients: recipients(cfg, id), Now: world.Now, Log: world.Log}
	err = readBackup(file, recovery, func(r io.Reader) error {
		back, err := store.Restore(ctx, config, recovery, r)
		done = BackedUp{At: back.At, Projects: back.Rows["projects"], Cases: back.Rows["cases"], Events: back.Rows["events"]}
		return err
	})
	return done, err
}

// count verifies what was restored, and counts what is held.
func count(ctx context.Context, cfg Config, done *Restored) error {
	if is, err := os.Stat(filepath.Join(cfg.Data, databaseName)); err == nil {
		done.Bytes = is.Size()
	}
	return beside(ctx, cfg, func(s *store.Store) error {
		m, err := caseworkOn(ctx, cfg, s)
		if err != nil {
			return err
		}
		for _, id := range m.Projects() {
			if _, err := verify(ctx, s, id); err != nil {
				return fmt.Errorf("what came out of the backup does not hold: %w", err)
			}
			h, err := m.Held(ctx, cvd.Tipstaff(id))
			if err != nil {
				return err
			}
			done.Letters, done.Publications = done.Letters+h.Count, done.Publications+len(h.Publications)
			done.UnderWay += h.UnderWay
		}
		return nil
	})
}

// readIdentity reads a file with a key.
func readIdentity(name string) (seal.Identity, error) {
	text, err := secretFile(name)
	if err != nil {
		return seal.Identity{}, err
	}
	id, err := seal.ParseIdentity(text)
	if err != nil {
		return seal.Identity{}, fmt.Errorf("read key %s: %w", name, err)
	}
	return id, nil
}

// readBackup opens a backup with the recovery key, and says in words what is wrong with one that does not open.
func readBackup(name string, recovery seal.Identity, read func(io.Reader) error) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // read-only
	plain, err := recovery.OpenStream(f)
	if err != nil {
		return cvd.Errorf(cvd.Invalid, "the recovery key does not open %s: it is no backup, its beginning is damaged, or it was sealed to another recovery key", name)
	}
	err = read(plain)
	if errors.Is(err, store.ErrBackup) {
		return cvd.Errorf(cvd.Invalid, "%s is damaged or cut off: restore another backup (%v)", name, err)
	}
	return err
}

// beginRestore takes an empty directory, or one that an earlier restore left unfinished, for a new installation.
func beginRestore(cfg Config) error {
	if err := clearRestore(cfg); err != nil {
		return err
	}
	if err := os.MkdirAll(cfg.Data, 0o700); err != nil {
		return fmt.Errorf("make the data directory: %w", err)
	}
	there, err := os.ReadDir(cfg.Data)
	if err != nil {
		return fmt.Errorf("look into %s: %w", cfg.Data, err)
	}
	for _, f := range there {
		if f.Name() != settingsName && f.Name() != "lost+found" {
			return cvd.Errorf(cvd.Conflict, "%s is not empty: restore into a new directory", cfg.Data)
		}
	}
	if _, err := os.Stat(cfg.Key); err == nil {
		return cvd.Errorf(cvd.Conflict, "the key file %s is there already: name another one", cfg.Key)
	}
	return os.WriteFile(filepath.Join(cfg.Data, restoring), []byte(cfg.Key+"\n"), 0o600)
}

// clearRestore removes what a restore made that did not end.
func clearRestore(cfg Config) error {
	key, err := secretFile(filepath.Join(cfg.Data, restoring))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	made, err := filepath.Glob(filepath.Join(cfg.Data, databaseName+"*"))
	made = append(made, key, filepath.Join(cfg.Data, "recovery.pub"), filepath.Join(cfg.Data, "lock"), filepath.Join(cfg.Data, restoring))
	for _, name := range made { // the mark last
		err = errors.Join(err, ignoreGone(os.Remove(name)))
	}
	if err != nil {
		return fmt.Errorf("remove what an unfinished restore left: %w", err)
	}
	return nil
}

// endRestore makes the directory ready.
func endRestore(cfg Config) error {
	if err := os.Remove(filepath.Join(cfg.Data, restoring)); err != nil {
		return fmt.Errorf("end the restore: %w", err)
	}
	return errors.Join(syncDir(cfg.Data), syncDir(filepath.Dir(cfg.Data)))
}

// unfinished refuses a directory in which a restore began and did not end.
func unfinished(cfg Config) error {
	if _, err := os.Stat(filepath.Join(cfg.Data, restoring)); err == nil {
		return fmt.Errorf("a restore into %s began and did not end: begin it again", cfg.Data)
	}
	return nil
}
