package app

import (
	"log/slog"
	"os"
)

// warnReadable says at the start that others on the machine can read the installation's key, and with it every case.
func warnReadable(log *slog.Logger, key string) {
	is, err := os.Stat(key)
	if err != nil || is.Mode().Perm()&0o077 == 0 {
		return
	}
	log.Warn("the key file can be read by others on this machine: chmod 600 it", "file", key, "mode", is.Mode().Perm().String())
}
