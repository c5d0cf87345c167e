package store_test

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/ledger"
	"github.com/tipstaff/tipstaff/internal/store"
)

func (w *world) close(project cvd.ProjectID) {
	w.t.Helper()
	if err := w.CloseEpochs(w.t.Context(), project, w.clock); err != nil {
		w.t.Fatal(err)
	}
}

func TestReceiptIsAPromiseThatIsKept(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		w.clock = w.clock.Add(2 * time.Hour)
		change := w.report("juno", "Overflow")
		kept := w.append(change)
		vkey, err := w.Verifier(ctx, "juno")
		if err != nil {
			t.Fatal(err)
		}
		promise, err := w.Receipt(ctx, "juno", change.Case.ID, change.Event.ID)
		if err != nil {
			t.Fatal(err)
		}
		signer, err := w.Signer(ctx, "juno")
		if err != nil {
			t.Fatal(err)
		}
		made, err := ledger.NewReceipt(signer, kept.Fact(change.Event))
		if err != nil {
			t.Fatal(err)
		}
		same(t, "the receipt made from what Append returned, and the one asked for", made, promise)
		v, err := promise.Verify(vkey)
		if err != nil || v.Proven {
			t.Fatalf("at once: proven %v, %v; want a promise", v.Proven, err)
		}
		for range 3 {
			w.clock = w.clock.Add(time.Hour)
			w.close("juno")
			proof, err := w.Receipt(ctx, "juno", change.Case.ID, change.Event.ID)
			if err != nil {
				t.Fatal(err)
			}
			if v, err := proof.Verify(vkey); err != nil || !v.Proven || v.Late {
				t.Errorf("after the hour: proven %v, late %v, %v; want it proven in time", v.Proven, v.Late, err)
			}
		}
	})
}

// An event that bears an earlier instant, as a disclosure does, or is written by a clock that runs behind, must not need a
// place in an hour that is closed.
func TestNothingComesIntoAClosedHour(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		w.append(w.report("juno", "before"))
		w.clock = w.clock.Add(time.Hour)
		w.close("juno")
		w.clock = w.clock.Add(-30 * time.Minute)
		late := w.report("juno", "late")
		kept := w.append(late)
		if kept.At.Minute() != 0 || !kept.At.After(w.clock) {
			t.Errorf("taken at %s by a clock that says %s; want the beginning of the hour that is open", kept.At, w.clock)
		}
		w.clock = w.clock.Add(2 * time.Hour)
		w.close("juno")
		if _, err := w.VerifyLedger(t.Context(), "juno"); err != nil {
			t.Error(err)
		}
		r, err := w.Receipt(t.Context(), "juno", late.Case.ID, late.Event.ID)
		if err != nil {
			t.Fatal(err)
		}
		if v, err := r.Verify(""); err != nil || !v.Proven || v.Late {
			t.Errorf("proven %v, late %v, %v; want it proven in time", v.Proven, v.Late, err)
		}
	})
}

// J-10: the public log must not tell whether, or how much, restricted work goes on.
func TestPublicLogOfABusyProjectLooksLikeThatOfAnIdleOne(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		w.project("luna")
		for range 300 {
			w.clock = w.clock.Add(time.Hour)
			if w.clock.Hour()%7 == 0 {
				w.append(w.report("juno", "busy"))
			}
		}
		for _, path := range []string{"tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1", "tile/entries/000", "tile/entries/001.p/44"} {
			var sizes []int
			for _, id := range []cvd.ProjectID{"juno", "luna"} {
				w.close(id)
				data, err := w.Tile(t.Context(), id, path)
				if err != nil {
					t.Fatalf("%s of %s: %v", path, id, err)
				}
				sizes = append(sizes, len(data))
			}
			if sizes[0] != sizes[1] {
				t.Errorf("%s has %d bytes for the busy project and %d for the idle one", path, sizes[0], sizes[1])
			}
		}
		_, err := w.Tile(t.Context(), "juno", "tile/0/002")
		kind(t, "a tile beyond the log", err, cvd.NotFound)
		_, err = w.Tile(t.Context(), "juno", "tile/zero")
		kind(t, "what is no tile", err, cvd.NotFound)
		checkpoint, err := w.Checkpoint(t.Context(), "juno")
		if err != nil || !strings.HasPrefix(checkpoint, "tipstaff.local/juno\n300\n") {
			t.Errorf("the checkpoint is %q, %v; want that of 300 hours", checkpoint, err)
		}
		entries, err := w.Tile(t.Context(), "juno", "tile/entries/000")
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for ; len(entries) > 0; n++ {
			entries = entries[2+binary.BigEndian.Uint16(entries):]
		}
		if n != 256 {
			t.Errorf("the first bundle has %d records, want 256", n)
		}
	})
}

func TestLongStandstillIsClosedHourByHour(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		w.append(w.report("juno", "Overflow"))
		w.clock = w.clock.Add(700 * time.Hour)
		w.close("juno")
		w.close("juno") // nothing is left to close
		audit, err := w.VerifyLedger(t.Context(), "juno")
		if err != nil || audit.Epochs != 700 || audit.Entries != 1 {
			t.Errorf("%d epochs with %d events, %v; want 700 with 1", audit.Epochs, audit.Entries, err)
		}
	})
}

// tampering is what somebody with the database's password may do to a project, and what is then found.
var tampering = map[string]struct {
	do   []string
	kind ledger.FaultKind
	seq  int64
}{
	"an event was edited":    {[]string{`UPDATE events SET sealed = (SELECT sealed FROM events WHERE project = $1 AND seq = 5) WHERE project = $1 AND seq = 3`}, ledger.Edited, 3},
	"its kind was edited":    {[]string{`UPDATE events SET kind = 'closed' WHERE project = $1 AND seq = 4`}, ledger.Edited, 4},
	"its actor was edited":   {[]string{`UPDATE events SET actor = 'eve' WHERE project = $1 AND seq = 4`}, ledger.Edited, 4},
	"its instant was edited": {[]string{`UPDATE events SET at = at - 1 WHERE project = $1 AND seq = 4`}, ledger.Edited, 4},
	"an event was removed":   {[]string{`DELETE FROM events WHERE project = $1 AND seq = 3`}, ledger.Removed, 3},
	"the last was removed":   {[]string{`DELETE FROM events WHERE project = $1 AND seq = 6`}, ledger.Truncated, 6},
	"two changed places": {[]string{`UPDATE events SET seq = 99 WHERE project = $1 AND seq = 3`, `UPDATE events SET seq = 3 WHERE project = $1 AND seq = 4`,
		`UPDATE events SET seq = 4 WHERE project = $1 AND seq = 99`}, ledger.Reordered, 3},
	"the end was cut and the head moved back": {[]string{`DELETE FROM events WHERE project = $1 AND seq > 4`,
		`UPDATE heads SET seq = 4, chain = (SELECT chain FROM events WHERE project = $1 AND seq = 4) WHERE project = $1`}, ledger.Truncated, 5},
	"a closed hour was edited":   {[]string{`UPDATE epochs SET root = (SELECT leaf FROM events WHERE project = $1 AND seq = 1) WHERE project = $1 AND last > 0`}, ledger.EpochEdited, 1},
	"a closed hour was removed":  {[]string{`DELETE FROM epochs WHERE project = $1 AND place = 1`}, ledger.EpochRemoved, 0},
	"a hash of the log was lost": {[]string{`DELETE FROM log_hashes WHERE project = $1 AND place = 3`}, ledger.LogEdited, 0},
	"the log was rewritten":      {[]string{`UPDATE log_hashes SET hash = (SELECT leaf FROM events WHERE project = $1 AND seq = 1) WHERE project = $1 AND place = 0`}, ledger.LogEdited, 0},
	"another head was signed in": {[]string{`UPDATE logs SET checkpoint = 'x' WHERE project = $1`}, ledger.LogEdited, 0},
}

func TestWhoeverChangesTheDatabaseIsFound(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		projects := map[string]cvd.ProjectID{}
		for name := range tampering {
			id := cvd.ProjectID(fmt.Sprintf("p%d", len(projects)))
			projects[name] = id
			w.project(id)
			for range 6 {
				w.append(w.report(id, "Overflow"))
			}
		}
		w.clock = w.clock.Add(3 * time.Hour)
		for name, story := range tampering {
			id := projects[name]
			w.close(id)
			if _, err := w.VerifyLedger(t.Context(), id); err != nil {
				t.Fatalf("before anything was changed: %v", err)
			}
			for _, statement := range story.do {
				w.exec(statement, string(id))
			}
			_, err := w.VerifyLedger(t.Context(), id)
			fault, ok := errors.AsType[*ledger.Fault](err)
			if !ok || fault.Kind != story.kind || story.seq != 0 && fault.Seq != story.seq {
				t.Errorf("%s: got %v; want the fault %q at event %d", name, err, story.kind, story.seq)
			}
		}
	})
}

// What is written while the ledger is verified is no fault.
func TestLedgerIsVerifiedWhileItGrows(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		for range 20 {
			w.append(w.report("juno", "Overflow"))
		}
		changes := make([]store.Change, 60)
		for i := range changes {
			changes[i] = w.report("juno", "Overflow")
		}
		done := make(chan error, 1)
		go func() {
			for _, c := range changes {
				if _, err := w.Append(t.Context(), c); err != nil {
					done <- err
					return
				}
			}
			done <- nil
		}()
		for running := true; running; {
			select {
			case err := <-done:
				if err != nil {
					t.Error(err)
				}
				running = false
			default:
			}
			if _, err := w.VerifyLedger(t.Context(), "juno"); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// Two processes close the hours while reports come in by both: each event ends in one closed hour, and each hour is closed
// once.
func TestHoursAreClosedWhileReportsCome(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		stores := []*store.Store{w.Store, w.open()}
		began := w.clock
		var wg sync.WaitGroup
		for i := range 24 {
			changes := []store.Change{w.report("juno", "Overflow"), w.report("juno", "Overflow")}
			wg.Go(func() {
				for n, c := range changes {
					if _, err := stores[n].Append(t.Context(), c); err != nil {
						t.Error(err)
					}
				}
			})
			wg.Go(func() {
				if err := stores[i%2].CloseEpochs(t.Context(), "juno", began.Add(time.Duration(i)*time.Hour)); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		w.clock = began.Add(50 * time.Hour)
		w.close("juno")
		audit, err := w.VerifyLedger(t.Context(), "juno")
		if err != nil || audit.Entries != 48 || audit.Waiting != 0 || audit.Epochs != 50 {
			t.Errorf("%d events, %d of them in no hour, %d hours, %v; want 48, 0 and 50", audit.Entries, audit.Waiting, audit.Epochs, err)
		}
	})
}
