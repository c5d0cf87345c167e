package apptest_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/tipstaff/tipstaff/internal/apptest"
)

func TestEveryToolIsFoundOnAMachineThatWasPrepared(t *testing.T) {
	for _, name := range []string{"chromium", "csaf_validator", "gpg", "node", "postfix", "strace", "@secvisogram/csaf-validator-lib", "ae-cvss-calculator", "axe-core"} {
		t.Run(name, func(t *testing.T) {
			path := apptest.Need(t, name)
			if _, err := os.Stat(path); err != nil {
				t.Errorf("Need(%q) = %q: %v", name, path, err)
			}
		})
	}
	t.Run("postgres", func(t *testing.T) {
		dir := apptest.Need(t, "postgres")
		for _, program := range []string{"initdb", "pg_ctl", "postgres"} {
			if _, err := os.Stat(filepath.Join(dir, program)); err != nil {
				t.Error(err)
			}
		}
	})
}

func TestAMissingToolSkipsHereAndFailsInCI(t *testing.T) {
	for _, c := range []struct {
		name, require, ci string
		want              outcome
	}{
		{"on a developer's machine", "", "", outcome{skipped: true}},
		{"where all is required", "all", "", outcome{failed: true}},
		{"in CI", "", "true", outcome{failed: true}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Setenv("TIPSTAFF_REQUIRE", c.require)
			t.Setenv("CI", c.ci)
			t.Setenv("PATH", t.TempDir())
			got := observe(t, func(tb testing.TB) { apptest.Need(tb, "gpg") })
			if !strings.Contains(got.said, "make tools") {
				t.Errorf("the message does not say how to install it: %q", got.said)
			}
			if got.skipped != c.want.skipped || got.failed != c.want.failed {
				t.Errorf("got %+v, want %+v", got, c.want)
			}
		})
	}
}

func TestAToolNobodyKnowsIsAMistakeAndNotASkip(t *testing.T) {
	t.Setenv("TIPSTAFF_REQUIRE", "")
	t.Setenv("CI", "")
	got := observe(t, func(tb testing.TB) { apptest.Need(tb, "pgp") })
	if !got.failed || got.skipped {
		t.Errorf("got %+v, want a failure", got)
	}
}

// outcome is how a test ended.
type outcome struct {
	failed, skipped bool
	said            string
}

// witness is a test that only notes how it ended; what else it is asked goes to the real test.
type witness struct {
	testing.TB
	outcome
}

func (w *witness) Fatal(said ...any) { w.end(outcome{failed: true}, said) }
func (w *witness) Fatalf(format string, said ...any) {
	w.end(outcome{failed: true}, append([]any{format}, said...))
}
func (w *witness) Skip(said ...any) { w.end(outcome{skipped: true}, said) }

func (w *witness) end(how outcome, said []any) {
	for _, s := range said {
		if s, ok := s.(string); ok {
			how.said += s
		}
	}
	w.outcome = how
	runtime.Goexit() // as the real ones do
}

func observe(t *testing.T, try func(testing.TB)) outcome {
	w := &witness{TB: t}
	done := make(chan struct{})
	go func() {
		defer close(done)
		try(w)
	}()
	<-done
	return w.outcome
}
