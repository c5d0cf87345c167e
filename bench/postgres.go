package main

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
)

// postgres starts a server of our own, as durable as one in production, and returns the file that holds its address; "" if
// there is no PostgreSQL here.
func (b *bench) postgres() (file string, stop func(), err error) {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin")
	if err != nil {
		return "", nil, err
	}
	if len(found) == 0 {
		fmt.Println("accept on PostgreSQL: not measured, it is not installed")
		return "", nil, nil
	}
	bin := slices.Max(found)
	dir, err := os.MkdirTemp("", "tipstaff-bench-pg-") // a short name: the path of a socket is short
	if err != nil {
		return "", nil, err
	}
	as, err := owner(dir)
	if err != nil {
		return "", nil, errors.Join(err, os.RemoveAll(dir))
	}
	run := func(program string, args ...string) error {
		cmd := exec.Command(filepath.Join(bin, program), args...)
		cmd.Dir, cmd.SysProcAttr = dir, &syscall.SysProcAttr{Credential: as}
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("%s: %w\n%s", program, err, out)
		}
		return nil
	}
	data := filepath.Join(dir, "data")
	stop = func() {
		_ = run("pg_ctl", "stop", "-D", data, "-m", "immediate") // it is thrown away
		_ = os.RemoveAll(dir)
	}
	err = errors.Join(
		run("initdb", "-D", data, "--locale=C", "--encoding=UTF8", "--auth=trust", "--username=tipstaff", "--no-sync", "--no-instructions"),
		run("pg_ctl", "start", "-w", "-D", data, "-l", filepath.Join(dir, "log"), "-o", "-c listen_addresses= -c shared_buffers=256MB -k "+dir))
	if err != nil {
		stop()
		return "", nil, err
	}
	file = filepath.Join(b.dir, "dsn")
	where := url.Values{"host": {dir}, "user": {"tipstaff"}, "sslmode": {"disable"}}
	return file, stop, os.WriteFile(file, []byte("postgres:///postgres?"+where.Encode()), 0o600)
}

// owner gives a folder to somebody as whom PostgreSQL runs: it refuses root.
func owner(dir string) (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	account, err := user.Lookup("postgres")
	if err != nil {
		return nil, err
	}
	uid, errUser := strconv.ParseUint(account.Uid, 10, 32)
	gid, errGroup := strconv.ParseUint(account.Gid, 10, 32)
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, errors.Join(errUser, errGroup, os.Chown(dir, int(uid), int(gid)))
}
