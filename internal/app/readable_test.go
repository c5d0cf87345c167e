package app_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tipstaff/tipstaff/internal/apptest"
)

// A key that others can read opens every case to them: the program says so whenever it starts, and starts all the same.
func TestAKeyThatOthersCanReadIsSaidAtTheStart(t *testing.T) {
	first := apptest.New(t, apptest.Options{Projects: []string{"juno"}})
	if err := first.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
	const warning = "the key file can be read by others"
	for mode, want := range map[os.FileMode]bool{0o600: false, 0o400: false, 0o644: true, 0o640: true} {
		if err := os.Chmod(filepath.Join(first.Data, "key"), mode); err != nil {
			t.Fatal(err)
		}
		p := apptest.New(t, apptest.Options{Projects: []string{"juno"}, Data: first.Data})
		if strings.Contains(p.Log.String(), warning) != want {
			t.Errorf("a key of mode %v: warned %t, want %t\n%s", mode, !want, want, p.Log)
		}
		if err := p.Close(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
}
