package store_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/ledger"
)

func TestWhoeverEditsACaseBesideTheLedgerIsFound(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		projects := map[string]cvd.ProjectID{}
		edits := map[string]struct{ statement, says string }{
			"shown to strangers":   {`UPDATE cases SET public = true WHERE project = $1`, "public true"},
			"another state":        {`UPDATE cases SET state = 'closed' WHERE project = $1`, `state "closed"`},
			"an earlier revision":  {`UPDATE cases SET rev = rev + 1 WHERE project = $1`, "revision 2"},
			"a clock that is gone": {`DELETE FROM clocks WHERE project = $1`, "does not ring"},
			"a clock moved":        {`UPDATE clocks SET due = due + 1 WHERE project = $1`, "does not ring"},
			"another hour":         {`UPDATE events SET taken = taken - 7200000000 WHERE project = $1`, "the hour"},
		}
		for name := range edits {
			id := cvd.ProjectID(strings.ReplaceAll(name, " ", "-"))
			projects[name] = id
			w.project(id)
			change := w.report(id, "Overflow")
			change.Event.Clocks = []cvd.Clock{{Name: "response", Kind: cvd.Limit, From: w.clock, Due: w.clock.Add(72 * time.Hour)}}
			change.Case = cvd.Fold(cvd.Case{Project: id, ID: change.Case.ID}, change.Event)
			change.Clocks = change.Case.Clocks
			w.append(change)
		}
		w.clock = w.clock.Add(3 * time.Hour)
		other := w.open() // as another process would read it, with nothing opened before
		for name, edit := range edits {
			id := projects[name]
			w.close(id)
			if err := w.VerifyCases(t.Context(), id); err != nil {
				t.Fatalf("before anybody edited it: %v", err)
			}
			w.exec(edit.statement, string(id))
			err := other.VerifyCases(t.Context(), id)
			if _, ok := errors.AsType[*ledger.Fault](err); !ok || !strings.Contains(err.Error(), edit.says) {
				t.Errorf("%s: got %v, want a fault that says %q", name, err, edit.says)
			}
		}
	})
}
