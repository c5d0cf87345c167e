package app

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// errRunning says that somebody serves from the data directory now.
var errRunning = errors.New("a server runs on this data directory: stop it first")

// lock takes the data directory's lock, shared by all who serve from it, or alone. Closing the file gives it back, and so does
// the end of the process, however it comes.
func lock(data string, alone bool) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(data, "lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the lock: %w", err)
	}
	how := syscall.LOCK_SH
	if alone {
		how = syscall.LOCK_EX
	}
	if err := syscall.Flock(int(f.Fd()), how|syscall.LOCK_NB); err != nil {
		return nil, errors.Join(errRunning, f.Close())
	}
	return f, nil
}
