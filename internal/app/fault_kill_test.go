package app_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/internal/apptest"
)

// Killed at any moment, the program has kept whatever it accepted. Whoever got no answer sends the same again, and is one
// case. (A kill never tests the disk: what was written survives in the kernel. TestPowerCut does.)
func TestKilledProgramHasKeptWhatItAccepted(t *testing.T) {
	for engine, dsn := range engines(t) {
		t.Run(engine, func(t *testing.T) {
			i := install(t, build(t, nil), t.TempDir(), dsn)
			all, gone := killed(t, i, times(20, 100))
			if len(gone) > 0 {
				t.Errorf("%d of %d accepted reports are gone: %q", len(gone), len(all), gone[:min(len(gone), 5)])
			}
			i.once(all)
			i.kill()
			i.verify()
		})
	}
}

// The control: a program that answers before the commit loses something.
func TestKilledProgramThatAnswersTooEarlyIsFound(t *testing.T) {
	apptest.Long(t)
	t.Parallel()
	i := install(t, build(t, &breakage{"hasty", "internal/store/writer.go", []string{
		"\tselect {\n\tcase out := <-it.answer:\n\t\treturn out.kept, out.err\n\tcase <-w.ended:",
		"\tif it.change != nil {\n\t\treturn Kept{At: w.now(), Salt: it.change.salt, Leaf: it.change.leaf, Canonical: it.change.canonical}, nil\n\t}\n" +
			"\tselect {\n\tcase out := <-it.answer:\n\t\treturn out.kept, out.err\n\tcase <-w.ended:",
	}}), t.TempDir(), "")
	if _, gone := killed(t, i, 20); len(gone) == 0 {
		t.Error("a program that answers before it has kept a report lost none of them: the test would not see it")
	}
}

// engines are the addresses of both databases.
func engines(t *testing.T) map[string]string {
	return map[string]string{"sqlite": "", "postgres": apptest.Postgres(t)}
}

// killed kills the program under load, many times. It returns all reports, each of which was accepted at last, and those
// of them that were gone after a kill.
func killed(t *testing.T, i *installation, rounds int) (all []*sent, gone []string) {
	t.Helper()
	r := rand.New(rand.NewPCG(rand.Uint64(), 0))
	starts := []time.Duration{i.start()}
	unanswered := 0
	for range rounds {
		c := i.gather(8)
		some := 8 + r.IntN(50)
		apptest.Eventually(t, time.Minute, "reports under way", func() error { return enough(c.count(), some) })
		pass(t, time.Duration(r.IntN(3000))*time.Microsecond)
		i.kill()
		yes, no := c.disperse()
		starts = append(starts, i.start())
		gone = append(gone, i.lost(yes)...)
		i.again(no)
		all, unanswered = append(all, c.sent...), unanswered+len(no)
	}
	slices.Sort(starts)
	t.Logf("%d kills; %d reports accepted, %d more after they were sent again; started within %s, at the slowest %s",
		rounds, len(all)-unanswered, unanswered, starts[len(starts)/2], starts[len(starts)-1])
	if middle := starts[len(starts)/2]; middle > 2*time.Second {
		t.Errorf("after a kill it takes %s until somebody is answered", middle)
	}
	return all, gone
}

func enough(n, want int) error {
	if n < want {
		return errTooFew
	}
	return nil
}
