package store_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/seal"
	"github.com/tipstaff/tipstaff/internal/store"
)

func TestNewKeyFileOpensEverythingAndTheOldOneNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		w.project("luna")
		var changes []store.Change
		for i := range 600 { // more than two transactions of the rotation
			c := w.report("juno", fmt.Sprint(i))
			changes = append(changes, c)
			w.append(c)
		}
		ago := w.clock
		w.clock = w.clock.Add(time.Hour)
		w.close("juno")
		before := w.count(`SELECT COUNT(DISTINCT key) FROM cases`)
		fresh, err := seal.GenerateIdentity()
		if err != nil {
			t.Fatal(err)
		}
		recovery, err := seal.GenerateIdentity()
		if err != nil {
			t.Fatal(err)
		}
		kind(t, "a rotation that locks us out", w.RotateKeys(ctx, fresh, seal.Recipients{recovery.Recipient()}), cvd.Invalid)
		if err := w.RotateKeys(ctx, fresh, seal.Recipients{fresh.Recipient(), recovery.Recipient()}); err != nil {
			t.Fatal(err)
		}
		if n := w.count(`SELECT COUNT(*) FROM keys`); n != 2 || before != 1 {
			t.Errorf("%d keys are left, want one for each of the 2 projects", n)
		}
		if n := w.count(`SELECT COUNT(*) FROM cases WHERE key <> 2`); n != 0 {
			t.Errorf("%d cases are wrapped under the old key", n)
		}
		change := w.event(changes[0].Case, cvd.What{Noted: &cvd.Noted{Text: "after"}})
		w.append(change) // the running program goes on
		w.append(w.report("luna", "after"))

		s, err := store.Open(ctx, w.config)
		if !errors.Is(err, seal.ErrClosed) {
			t.Errorf("opened with the old key file: %v; want %v", err, seal.ErrClosed)
			_ = s.Close()
		}
		for _, identity := range []seal.Identity{fresh, recovery} {
			w.config.Identity = identity
			again := w.open()
			got, err := again.Case(ctx, "juno", changes[599].Case.ID)
			if err != nil {
				t.Fatal(err)
			}
			same(t, "a case from before", got, changes[599].Case)
			if document, err := again.Policy(ctx, "luna", 1); err != nil || string(document) != "policy of luna" {
				t.Errorf("the policy is %q, %v", document, err)
			}
			if _, err := again.VerifyLedger(ctx, "juno"); err != nil {
				t.Error(err)
			}
			r, err := again.Receipt(ctx, "juno", changes[5].Case.ID, changes[5].Event.ID)
			if err != nil {
				t.Fatal(err)
			}
			if v, err := r.Verify(""); err != nil || !v.Proven || !v.At.Equal(ago) {
				t.Errorf("a receipt from before: proven %v at %s, %v", v.Proven, v.At, err)
			}
		}
	})
}

// Another process that has not heard of the rotation wraps new cases under a key that is gone, notices, and goes on.
func TestOtherProcessesLearnOfANewKey(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		other := w.open()
		w.append(w.report("juno", "before"))
		if err := w.RotateKeys(t.Context(), w.identity, w.config.Recipients); err != nil {
			t.Fatal(err)
		}
		change := w.report("juno", "after")
		if _, err := other.Append(t.Context(), change); err != nil {
			t.Fatal(err)
		}
		got, err := w.Case(t.Context(), "juno", change.Case.ID)
		if err != nil {
			t.Fatal(err)
		}
		same(t, "the case of the other process", got, change.Case)
	})
}

func TestRotationThatWasKilledGoesOn(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		for range 3 {
			w.append(w.report("juno", "Overflow"))
		}
		// As it is after the first transaction: a second key, under which no case is wrapped yet.
		if err := w.BeginRotation(t.Context(), w.config.Recipients); err != nil {
			t.Fatal(err)
		}
		if n := w.count(`SELECT COUNT(*) FROM keys`); n != 2 {
			t.Fatalf("%d keys, want the old and the new", n)
		}
		s := w.open()
		if err := s.RotateKeys(t.Context(), w.identity, w.config.Recipients); err != nil {
			t.Fatal(err)
		}
		if n := w.count(`SELECT MAX(version) FROM keys`); n != 2 || w.count(`SELECT COUNT(*) FROM keys`) != 1 {
			t.Errorf("the newest key is %d of %d, want 2 alone: the rotation began anew", n, w.count(`SELECT COUNT(*) FROM keys`))
		}
		cases, _, err := s.Cases(t.Context(), "juno", store.Page{})
		if err != nil || len(cases) != 3 {
			t.Errorf("%d cases can be read, %v; want 3", len(cases), err)
		}
	})
}

func TestAttachmentsComeBeforeTheirCase(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		change := w.report("juno", "with files")
		var files []cvd.Attachment
		contents := map[string][]byte{"empty": {}, "small": []byte("PoC"), "large": bytes.Repeat([]byte("0123456789abcdef"), 50_000)}
		for _, name := range []string{"empty", "small", "large"} {
			sum := sha256.Sum256(contents[name])
			a := cvd.Attachment{ID: "f" + name, Name: name, Type: "text/plain", Size: int64(len(contents[name])), Hash: sum[:]}
			if err := w.PutAttachment(ctx, "juno", change.Case.ID, a, contents[name]); err != nil {
				t.Fatal(err)
			}
			files = append(files, a)
		}
		_, err := w.Attachment(ctx, "juno", change.Case.ID, files[1])
		kind(t, "a file before its event", err, cvd.NotFound)
		change.Event.What.Received.Report.Attachments = files
		change.Case = cvd.Fold(cvd.Case{}, change.Event)
		w.append(change)

		sum := sha256.Sum256([]byte("later"))
		later := cvd.Attachment{ID: "flater", Size: 5, Hash: sum[:]}
		if err := w.PutAttachment(ctx, "juno", change.Case.ID, later, []byte("later")); err != nil {
			t.Fatal(err)
		}
		orphan := cvd.Attachment{ID: "forphan", Size: 5, Hash: sum[:]}
		if err := w.PutAttachment(ctx, "juno", change.Case.ID, orphan, []byte("later")); err != nil {
			t.Fatal(err)
		}
		w.append(w.event(change.Case, cvd.What{Messaged: &cvd.Messaged{Text: "here", Attachments: []cvd.Attachment{later}}}))
		w.clock = w.clock.Add(25 * time.Hour)
		if err := w.Purge(ctx, w.clock); err != nil {
			t.Fatal(err)
		}
		s := w.open()
		for _, a := range files {
			got, err := s.Attachment(ctx, "juno", change.Case.ID, a)
			if err != nil || !bytes.Equal(got, contents[a.Name]) {
				t.Errorf("the file %s has %d bytes, %v; want %d", a.Name, len(got), err, len(contents[a.Name]))
			}
		}
		if got, err := s.Attachment(ctx, "juno", change.Case.ID, later); err != nil || string(got) != "later" {
			t.Errorf("the file of the message is %q, %v", got, err)
		}
		_, err = s.Attachment(ctx, "juno", change.Case.ID, orphan)
		kind(t, "a file that no event names", err, cvd.NotFound)
		if n := w.count(`SELECT COUNT(*) FROM attachments`); n != 4 {
			t.Errorf("%d files are kept, want the 4 that are named", n)
		}
		wrong := later
		wrong.Hash = slices.Clone(later.Hash)
		wrong.Hash[0] ^= 1
		if _, err := s.Attachment(ctx, "juno", change.Case.ID, wrong); err == nil {
			t.Error("a file was handed out that is not the one its event names")
		}
	})
}
