package app_test

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/tipstaff/tipstaff/internal/apptest"
)

// A PostgreSQL that stops in the middle of everything and comes back: what it had confirmed it has kept, so we have.
func TestPostgresThatRestartsIsFoundAgain(t *testing.T) {
	t.Parallel()
	db := newCluster(t)
	i := install(t, build(t, nil), t.TempDir(), db.dsn())
	var all []*sent
	for range times(2, 10) {
		i.start()
		all = i.survives(outage{begins: db.crash, ends: db.start, before: all})
	}
}

// A PostgreSQL that is gone for longer than anybody waits: everybody is told to come back.
func TestPostgresThatIsGoneIsWaitedFor(t *testing.T) {
	apptest.Long(t)
	t.Parallel()
	db := newCluster(t)
	i := install(t, build(t, nil), t.TempDir(), db.dsn())
	i.start()
	i.survives(outage{begins: db.crash, ends: db.start, lasts: time.Duration(times(3, 60)) * time.Second})
}

// cluster is a PostgreSQL server that can be stopped, unlike the one that the other tests share.
type cluster struct {
	programs, dir string
	owner         *syscall.Credential
	server        *exec.Cmd
}

func newCluster(t *testing.T) *cluster {
	t.Helper()
	dir, err := os.MkdirTemp("", "tipstaff-pg-") // a short name: the path of a socket has at most 107 bytes
	if err != nil {
		t.Fatal(err)
	}
	c := &cluster{programs: apptest.Need(t, "postgres"), dir: dir}
	t.Cleanup(func() {
		if err := errors.Join(c.crash(), os.RemoveAll(dir)); err != nil {
			t.Error(err)
		}
	})
	if os.Geteuid() == 0 { // PostgreSQL refuses root
		if c.owner, err = credential("postgres"); err == nil {
			err = os.Chown(dir, int(c.owner.Uid), int(c.owner.Gid))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	initdb := c.command("initdb", "--pgdata="+filepath.Join(dir, "data"), "--locale=C", "--encoding=UTF8", "--auth=trust", "--username=tipstaff", "--no-instructions")
	if out, err := initdb.CombinedOutput(); err != nil {
		t.Fatalf("initdb: %v\n%s", err, out)
	}
	if err := c.start(); err != nil {
		t.Fatal(err)
	}
	return c
}

func credential(name string) (*syscall.Credential, error) {
	account, err := user.Lookup(name)
	if err != nil {
		return nil, err
	}
	uid, errUser := strconv.ParseUint(account.Uid, 10, 32)
	gid, errGroup := strconv.ParseUint(account.Gid, 10, 32)
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, errors.Join(errUser, errGroup)
}

func (c *cluster) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(c.programs, name), args...)
	cmd.Dir, cmd.SysProcAttr = c.dir, &syscall.SysProcAttr{Credential: c.owner, Pdeathsig: syscall.SIGQUIT}
	return cmd
}

func (c *cluster) dsn() string {
	where := url.Values{"host": {c.dir}, "user": {"tipstaff"}, "sslmode": {"disable"}}
	return "postgres:///postgres?" + where.Encode()
}

// start runs the server and waits until it answers.
func (c *cluster) start() error {
	c.server = c.command("postgres", "-D", filepath.Join(c.dir, "data"), "-k", c.dir, "-c", "listen_addresses=", "-c", "shared_buffers=64MB")
	if err := c.server.Start(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	poll := time.NewTicker(5 * time.Millisecond)
	defer poll.Stop()
	for {
		conn, err := pgx.Connect(ctx, c.dsn())
		if err == nil {
			return conn.Close(ctx)
		}
		select {
		case <-poll.C:
		case <-ctx.Done():
			return fmt.Errorf("PostgreSQL does not answer: %w", err)
		}
	}
}

// crash stops the server as "pg_ctl stop -m immediate" does: without a word to anybody, to recover at the next start.
func (c *cluster) crash() error {
	if c.server == nil {
		return nil
	}
	err := c.server.Process.Signal(syscall.SIGQUIT)
	_ = c.server.Wait() // it did not end well, as it was told to
	c.server = nil
	return err
}
