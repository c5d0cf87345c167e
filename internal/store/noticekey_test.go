package store_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/tipstaff/tipstaff/internal/ledger"
	"github.com/tipstaff/tipstaff/internal/seal"
)

// Many ask for the first key of a project at once and get one. A renewed key signs from then on, and the one before stays published.
func TestAProjectSignsItsNoticesWithOneKeyAtATime(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		names := make([]string, 8)
		var wg sync.WaitGroup
		for n := range names {
			wg.Go(func() {
				if s, err := w.NoticeSigner(t.Context(), "juno"); err == nil {
					names[n] = s.PGP.Fingerprint() + s.Note.VerifierKey()
				}
			})
		}
		wg.Wait()
		for _, name := range names {
			if name == "" || name != names[0] {
				t.Fatalf("they sign with different keys: %q", names)
			}
		}
		before, err := w.NoticeSigner(t.Context(), "juno")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.RenewNoticeKey(t.Context(), "juno"); err != nil {
			t.Fatal(err)
		}
		after, err := w.NoticeSigner(t.Context(), "juno")
		if err != nil || after.PGP.Fingerprint() == before.PGP.Fingerprint() || after.Note.VerifierKey() == before.Note.VerifierKey() {
			t.Errorf("a renewed key is the one before: %v", err)
		}
		keys, err := w.NoticeKeys(t.Context(), "juno")
		if err != nil || len(keys) != 2 || keys[0] != before.Key || keys[1] != after.Key {
			t.Fatalf("published are %+v, %v", keys, err)
		}
		signed, err := before.PGP.Sign([]byte("A release is coming.\n"), keys[0].At)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := seal.OpenClearSigned(signed, []string{keys[0].OpenPGP, keys[1].OpenPGP}); err != nil || got.Fingerprint != before.PGP.Fingerprint() {
			t.Errorf("what the key before signed: %+v, %v", got, err)
		}
		log, err := w.Verifier(t.Context(), "juno")
		if err != nil || log == keys[0].Verifier || !strings.HasPrefix(keys[0].Verifier, strings.SplitN(log, "+", 2)[0]+"/notices+") {
			t.Errorf("the key for notices is %q beside the log's %q, %v", keys[0].Verifier, log, err)
		}
		note, err := ledger.SignText("A release is coming.\n", after.Note)
		if err != nil {
			t.Fatal(err)
		}
		if _, by, err := ledger.OpenText(note, []string{keys[0].Verifier, keys[1].Verifier}); err != nil || by != keys[1].Verifier {
			t.Errorf("a note of the new key: by %q, %v", by, err)
		}
	})
}
