package apptest_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/tipstaff/tipstaff/internal/apptest"
)

func TestEachTestHasItsOwnEmptyDatabase(t *testing.T) {
	first, second := connect(t, apptest.Postgres(t)), connect(t, apptest.Postgres(t))
	if _, err := first.Exec(t.Context(), "CREATE TABLE secret (word TEXT)"); err != nil {
		t.Fatal(err)
	}
	var tables int
	if err := second.QueryRow(t.Context(), "SELECT count(*) FROM pg_tables WHERE tablename = 'secret'").Scan(&tables); err != nil {
		t.Fatal(err)
	}
	if tables != 0 {
		t.Error("the second database holds the table of the first")
	}
}

func TestTheServerIsLikeTheOneInProduction(t *testing.T) {
	conn := connect(t, apptest.Postgres(t))
	for setting, want := range map[string]string{
		"fsync":              "on",
		"synchronous_commit": "on",
		"server_encoding":    "UTF8",
		"listen_addresses":   "",
	} {
		var got string
		if err := conn.QueryRow(t.Context(), "SELECT current_setting($1)", setting).Scan(&got); err != nil {
			t.Fatal(err)
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", setting, got, want)
		}
	}
	var collation string
	if err := conn.QueryRow(t.Context(), "SELECT datcollate FROM pg_database WHERE datname = current_database()").Scan(&collation); err != nil {
		t.Fatal(err)
	}
	if collation != "C" {
		t.Errorf("collation: got %q, want C", collation)
	}
}

// The child of this test is this program again, running only the test that waits to be killed.
func TestAKilledProcessLeavesNoServerAndNoFolder(t *testing.T) {
	apptest.Need(t, "postgres")
	child := exec.Command(os.Args[0], "-test.run=^TestWaitsToBeKilled$", "-test.v")
	child.Env = append(os.Environ(), "APPTEST_TELL=1")
	if _, err := child.StdinPipe(); err != nil { // open as long as we are
		t.Fatal(err)
	}
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	address := awaitAddress(t, out)
	conn := connect(t, address)
	var folder string
	if err := conn.QueryRow(t.Context(), "SELECT current_setting('unix_socket_directories')").Scan(&folder); err != nil {
		t.Fatal(err)
	}
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = child.Wait() // killed, as we know

	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	poll := time.NewTicker(10 * time.Millisecond)
	defer poll.Stop()
	for {
		if _, err := os.Stat(folder); os.IsNotExist(err) {
			return
		}
		select {
		case <-poll.C:
		case <-ctx.Done():
			t.Fatalf("%s is still there", folder)
		}
	}
}

func TestWaitsToBeKilled(t *testing.T) {
	if os.Getenv("APPTEST_TELL") == "" {
		return // only for the child of the test above
	}
	fmt.Printf("\naddress %s\n", apptest.Postgres(t))
	_, _ = io.Copy(io.Discard, os.Stdin) // until the parent is gone
}

func awaitAddress(t *testing.T, out io.Reader) string {
	t.Helper()
	var seen strings.Builder
	buffer := make([]byte, 4096)
	for {
		n, err := out.Read(buffer)
		seen.Write(buffer[:n])
		if _, rest, ok := strings.Cut(seen.String(), "\naddress "); ok {
			if address, _, ok := strings.Cut(rest, "\n"); ok {
				return address
			}
		}
		if err != nil {
			t.Fatalf("the child said no address: %v\n%s", err, seen.String())
		}
	}
}

func connect(t *testing.T, address string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}
