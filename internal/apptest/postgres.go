package apptest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// Postgres returns the address of a fresh, empty database on a real PostgreSQL server.
//
// All tests of a process share one server: it starts at the first call, listens on no network, and is gone with all it
// held when the process ends, however the process ends. The C collation is that of production; commits are as durable.
func Postgres(t testing.TB) string {
	t.Helper()
	server, err := startOnce(Need(t, "postgres"))
	if err != nil {
		t.Fatal(err)
	}
	address, err := server.create(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return address
}

// postgres is a running server.
type postgres struct {
	dir     string // holds data, socket and log, and nothing else
	created atomic.Int64
	// alive ends the server when it is closed, which the operating system does at the latest when this process ends.
	// It is kept only so that nothing closes it earlier.
	alive *os.File
}

var shared struct {
	once sync.Once
	*postgres
	err error
}

func startOnce(programs string) (*postgres, error) {
	shared.once.Do(func() { shared.postgres, shared.err = start(programs) })
	return shared.postgres, shared.err
}

// create makes a database. Databases are not dropped one by one, since each drop waits for a checkpoint.
func (p *postgres) create(ctx context.Context) (string, error) {
	conn, err := pgx.Connect(ctx, p.address("postgres"))
	if err != nil {
		return "", fmt.Errorf("reach PostgreSQL in %s: %w", p.dir, err)
	}
	defer conn.Close(ctx)
	name := "test" + strconv.FormatInt(p.created.Add(1), 10)
	if _, err := conn.Exec(ctx, "CREATE DATABASE "+name); err != nil {
		return "", fmt.Errorf("create database %s: %w", name, err)
	}
	return p.address(name), nil
}

func (p *postgres) address(database string) string {
	where := url.Values{"host": {p.dir}, "user": {"tipstaff"}, "sslmode": {"disable"}}
	return "postgres:///" + database + "?" + where.Encode()
}

// start makes a cluster in a new folder and serves it.
func start(programs string) (*postgres, error) {
	owner, err := owner()
	if err != nil {
		return nil, err
	}
	dir, err := newFolder(owner)
	if err != nil {
		return nil, err
	}
	initdb := exec.Command(filepath.Join(programs, "initdb"), "--pgdata="+filepath.Join(dir, "data"),
		"--locale=C", "--encoding=UTF8", "--auth=trust", "--username=tipstaff", "--no-sync", "--no-instructions")
	initdb.Dir, initdb.SysProcAttr = dir, &syscall.SysProcAttr{Credential: owner}
	if out, err := initdb.CombinedOutput(); err != nil {
		_ = os.RemoveAll(dir) // nothing to keep
		return nil, fmt.Errorf("initdb: %w\n%s", err, out)
	}
	p := &postgres{dir: dir}
	if err := p.serve(programs, owner); err != nil {
		return nil, err
	}
	return p, nil
}

// keeper serves a cluster as long as its standard input is open, then stops it at once and removes its folder. As a
// process of its own it does so even if ours is killed, and no other package's server is touched.
const keeper = `
"$1/postgres" -D "$2/data" -k "$2" -c listen_addresses= -c max_connections=300 -c shared_buffers=64MB >"$2/log" 2>&1 &
server=$!
read -r _
kill -QUIT $server
wait $server
rm -rf "$2"
`

func (p *postgres) serve(programs string, owner *syscall.Credential) error {
	stdin, alive, err := os.Pipe()
	if err != nil {
		return err
	}
	defer stdin.Close() // the keeper has its own
	cmd := exec.Command("sh", "-c", keeper, "keeper", programs, p.dir)
	cmd.Dir, cmd.Stdin = p.dir, stdin
	// Its own session: an interrupt at the terminal must not reach it before it has cleaned up.
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: owner, Setsid: true}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start the keeper of PostgreSQL: %w", err)
	}
	p.alive = alive
	return p.ready(cmd)
}

// ready waits until the server answers. Only the operating system can tell, so this polls, within a limit.
func (p *postgres) ready(keeper *exec.Cmd) error {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	poll := time.NewTicker(10 * time.Millisecond)
	defer poll.Stop()
	for {
		conn, err := pgx.Connect(ctx, p.address("postgres"))
		if err == nil {
			return conn.Close(ctx)
		}
		select {
		case <-poll.C:
		case <-ctx.Done():
			log, _ := os.ReadFile(filepath.Join(p.dir, "log")) // only for the message
			_ = p.alive.Close()                                // the keeper ends and cleans up
			_ = keeper.Wait()
			return fmt.Errorf("PostgreSQL does not answer: %w\n%s", err, bytes.TrimSpace(log))
		}
	}
}

// owner says as whom the server runs if it cannot run as us: PostgreSQL refuses root.
func owner() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		account, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err := strconv.ParseUint(account.Uid, 10, 32)
		if err != nil {
			return nil, err
		}
		gid, err := strconv.ParseUint(account.Gid, 10, 32)
		if err != nil {
			return nil, err
		}
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
	}
	return nil, errors.New("PostgreSQL does not run as root, and there is no account postgres or nobody to run it as")
}

// newFolder makes the server's folder, with a short name: the path of a socket has at most 107 bytes.
func newFolder(owner *syscall.Credential) (string, error) {
	dir, err := os.MkdirTemp("", "tipstaff-pg-")
	if err != nil {
		return "", err
	}
	if owner != nil {
		err = os.Chown(dir, int(owner.Uid), int(owner.Gid))
	}
	return dir, err
}
