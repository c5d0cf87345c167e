package store_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/ledger"
	"github.com/tipstaff/tipstaff/internal/store"
)

// erase makes and keeps the change that erases a case.
func (w *world) erase(c cvd.Case) store.Change {
	w.t.Helper()
	e := cvd.Erase(c, "request")
	change := w.event(c, cvd.What{Erased: &e})
	w.append(change)
	return change
}

// secrets is what of a case lies in the database, and must not after its erasure.
func (w *world) secrets(id cvd.CaseID) [][]byte {
	w.t.Helper()
	rows, err := w.raw.Query(`SELECT wrapped FROM cases WHERE id = $1 UNION ALL SELECT sealed FROM events WHERE case_id = $1
		UNION ALL SELECT sealed FROM attachment_parts WHERE case_id = $1`, string(id))
	if err != nil {
		w.t.Fatal(err)
	}
	defer rows.Close()
	var all [][]byte
	for rows.Next() {
		var b []byte
		if err := rows.Scan(&b); err != nil {
			w.t.Fatal(err)
		}
		all = append(all, b)
	}
	return all
}

// files is every byte of the database's files.
func (w *world) files() []byte {
	w.t.Helper()
	names, err := filepath.Glob(w.config.File + "*")
	if err != nil || len(names) == 0 {
		w.t.Fatalf("the files are %v, %v", names, err)
	}
	var all []byte
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			w.t.Fatal(err)
		}
		all = append(all, b...)
	}
	return all
}

// What a case held is gone: from every table, for every reader, while the chain and the log stay as they were.
func TestAnErasedCaseIsHashesAlone(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		c := w.live()
		neighbour := w.report("juno", "Another matter")
		w.append(neighbour)
		early := w.open() // another process, which has the case open
		if _, err := early.Case(ctx, "juno", c.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := early.Event(ctx, "juno", 1); err != nil {
			t.Fatal(err)
		}
		before := w.secrets(c.ID)
		change := w.erase(c)
		for name, s := range map[string]*store.Store{"here": w.Store, "in a process that had it open": early, "in a new process": w.open()} {
			got, err := s.Case(ctx, "juno", c.ID)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			want := cvd.Case{Project: "juno", ID: c.ID, Rev: c.Rev + 1, Policy: 1, OpenedAt: c.OpenedAt, ChangedAt: w.clock, Title: "Erased",
				Embargo: cvd.Embargo{State: cvd.NoEmbargo}, Marks: map[string]time.Time{"erased": w.clock}, Round: map[string]time.Time{"erased": w.clock},
				Erased: &cvd.Erasure{At: w.clock, By: "anna", Name: "Anna", Why: "request", Closed: c.Marked("closed"), Events: c.Rev, Files: change.Event.What.Erased.Files}}
			same(t, "the erased case "+name, got, want)
			events, err := s.Events(ctx, "juno", c.ID)
			if err != nil || int64(len(events)) != c.Rev+1 {
				t.Fatalf("%s: %d events, %v; want %d", name, len(events), err, c.Rev+1)
			}
			for _, e := range events[:c.Rev] {
				same(t, "an event of it "+name, e, cvd.Event{ID: e.ID, Project: "juno", Case: c.ID})
			}
			_, err = s.Receipt(ctx, "juno", c.ID, events[0].ID)
			kind(t, "a receipt of it "+name, err, cvd.NotFound)
			_, err = s.Attachment(ctx, "juno", c.ID, cvd.Attachment{ID: "f1", Hash: []byte{1}})
			kind(t, "a file of it "+name, err, cvd.NotFound)
		}
		for table, want := range map[string]int{"attachments": 0, "attachment_parts": 0, "readings": 0, "once": 0, "clocks": 0} {
			if n := w.count(`SELECT COUNT(*) FROM `+table+` WHERE case_id = $1`, string(c.ID)); n != want {
				t.Errorf("%d rows of %s are left, want %d", n, table, want)
			}
		}
		for _, old := range before {
			for _, now := range w.secrets(c.ID) {
				if bytes.Equal(old, now) {
					t.Error("what lay in the case's rows still lies there")
				}
			}
		}
		if n := w.count(`SELECT COUNT(*) FROM deliveries WHERE case_id = $1 AND state = 'dropped: erased'`, string(c.ID)); n != 1 {
			t.Errorf("%d letters are dropped, want the one that waited", n)
		}
		if n := w.count(`SELECT COUNT(*) FROM publications WHERE case_id = $1`, string(c.ID)); n != 1 {
			t.Errorf("%d publications are left, want the one that is public", n)
		}
		all, err := w.Publications(ctx, "juno")
		if err != nil {
			t.Fatal(err)
		}
		if docs, err := w.Documents(ctx, all[0]); err != nil || string(docs) != planted {
			t.Errorf("what was published reads %q, %v; want it as it was", docs, err)
		}
		if _, err := w.Events(ctx, "juno", neighbour.Case.ID); err != nil {
			t.Errorf("another case: %v", err)
		}
		erased, err := w.Erased(ctx, "juno")
		if err != nil {
			t.Fatal(err)
		}
		same(t, "the list of erased cases", erased, []store.ErasedCase{{Case: c.ID, At: w.clock}})
		audit, err := w.VerifyLedger(ctx, "juno")
		if err != nil || audit.Erased != c.Rev {
			t.Errorf("the ledger: %+v, %v; want %d events known by their hashes", audit, err, c.Rev)
		}
		if err := w.VerifyCases(ctx, "juno"); err != nil {
			t.Error(err)
		}
		again := w.event(c, cvd.What{Noted: &cvd.Noted{Text: "too late"}})
		_, err = early.Append(ctx, again)
		kind(t, "a change of the case as it was", err, cvd.Conflict)
	})
}

// A receipt that somebody took away before proves as much afterwards, with nothing but itself.
func TestAReceiptOutlivesTheErasure(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		report := w.report("juno", "Overflow")
		w.append(report)
		w.clock = w.clock.Add(2 * time.Hour)
		w.close("juno")
		receipt, err := w.Receipt(ctx, "juno", report.Case.ID, report.Event.ID)
		if err != nil || receipt.Proof == nil {
			t.Fatalf("the receipt: %v, proof %v", err, receipt.Proof)
		}
		w.erase(report.Case)
		w.clock = w.clock.Add(2 * time.Hour)
		w.close("juno")
		key, err := w.Verifier(ctx, "juno")
		if err != nil {
			t.Fatal(err)
		}
		v, err := receipt.Verify(key)
		if err != nil || !v.Proven {
			t.Errorf("afterwards: %+v, %v", v, err)
		}
		now, err := w.Checkpoint(ctx, "juno")
		if err != nil {
			t.Fatal(err)
		}
		checkpoint, err := ledger.OpenCheckpoint(now, key)
		if err != nil || checkpoint.Size <= receipt.LogSize {
			t.Errorf("the log went on to %d records, %v; want more than %d", checkpoint.Size, err, receipt.LogSize)
		}
	})
}

// Whoever can write to the database must not pass off what they removed as erased.
func TestOnlyAnErasureExplainsWhatIsMissing(t *testing.T) {
	for name, tamper := range map[string]func(w *world, c cvd.Case){
		"an emptied event": func(w *world, c cvd.Case) {
			w.exec(`UPDATE events SET sealed = '' WHERE case_id = $1 AND rev = 1`, string(c.ID))
		},
		"an emptied case that calls itself erased": func(w *world, c cvd.Case) {
			w.exec(`UPDATE events SET sealed = '' WHERE case_id = $1`, string(c.ID))
			w.exec(`UPDATE cases SET erased = 1 WHERE id = $1`, string(c.ID))
		},
		"an emptied event of another case than the erased one": func(w *world, c cvd.Case) {
			second := w.report("juno", "Second")
			w.append(second)
			w.erase(second.Case)
			w.exec(`UPDATE events SET sealed = '' WHERE case_id = $1 AND rev = 1`, string(c.ID))
		},
		"an erased case moved to another": func(w *world, c cvd.Case) {
			w.erase(c)
			second := w.report("juno", "Second")
			w.append(second)
			w.exec(`UPDATE events SET case_id = $2, rev = 7 WHERE case_id = $1 AND rev = 1`, string(c.ID), string(second.Case.ID))
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, "")
			report := w.report("juno", "Overflow")
			w.append(report)
			tamper(w, report.Case)
			_, err := w.VerifyLedger(t.Context(), "juno")
			if fault, ok := errors.AsType[*ledger.Fault](err); !ok || fault.Kind != ledger.Edited {
				t.Errorf("got %v, want the fault %q", err, ledger.Edited)
			}
		})
	}
}

// The wrapped key of an erased case, and whatever was sealed under it, is in no file any more: not in a free page, not in
// the log, not where a row lay before it was moved. Without its key nothing of the case can be read, wherever a copy lies.
func TestNothingOfAnErasedCaseIsLeftOnTheDisk(t *testing.T) {
	w := newWorld(t, "")
	ctx := t.Context()
	var cases []cvd.Case
	const many = 300
	for i := range many { // so many that pages are split and rows move
		report := w.report("juno", planted)
		file := cvd.Attachment{ID: "f", Size: 9000}
		if i%10 == 0 {
			if err := w.PutAttachment(ctx, "juno", report.Case.ID, file, bytes.Repeat([]byte("x"), 9000)); err != nil {
				t.Fatal(err)
			}
			report.Event.What.Received.Report.Attachments = []cvd.Attachment{file}
			report.Case = cvd.Fold(cvd.Case{Project: "juno", ID: report.Case.ID}, report.Event)
		}
		w.append(report)
		cases = append(cases, report.Case)
	}
	for range 3 {
		for i, c := range cases {
			change := w.event(c, cvd.What{Noted: &cvd.Noted{Text: strings.Repeat(planted, 1+i%60)}})
			w.append(change)
			cases[i] = change.Case
		}
	}
	var gone [][]byte
	for i, c := range cases {
		if i%3 == 0 {
			gone = append(gone, w.secrets(c.ID)...)
		}
	}
	if !slices.ContainsFunc(gone, func(b []byte) bool { return bytes.Contains(w.files(), b[:min(64, len(b))]) }) {
		t.Fatal("nothing is found even before the erasure: the search finds nothing at all")
	}
	for i, c := range cases {
		if i%3 == 0 {
			w.erase(c)
		}
	}
	if err := w.Clean(ctx); err != nil {
		t.Fatal(err)
	}
	if is, err := os.Stat(w.config.File + "-wal"); err != nil || is.Size() != 0 {
		t.Errorf("the log has %d bytes, %v; want none", is.Size(), err)
	}
	left, all := 0, w.files()
	for _, b := range gone {
		for at := 0; at+48 <= len(b); at += 512 { // a piece of each half kilobyte: rows span pages
			if bytes.Contains(all, b[at:at+48]) {
				left++
				break
			}
		}
	}
	if left > 0 {
		t.Errorf("of %d sealed texts and keys %d still lie in the files", len(gone), left)
	}
}
