package store_test

import (
	"bytes"
	"os"
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/store"
)

// What is accepted is in force and closed, or neither: of two who accept at once, and of two proposals, one counts.
func TestAProposalIsAcceptedOnceAndAgainstItsBaseOnly(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		for _, body := range []string{"one", "two"} {
			if _, err := w.AddProposal(ctx, store.PolicyProposal{Project: "juno", Base: 1, Author: "anna", Source: "editor", Body: []byte(body)}); err != nil {
				t.Fatal(err)
			}
		}
		other := w.open()
		one, err := w.Proposal(ctx, "juno", 1)
		if err != nil || string(one.Body) != "one" || one.State != "open" || one.Rev != 1 || !one.At.Equal(w.clock) {
			t.Fatalf("%+v, %v", one, err)
		}
		two, err := other.Proposal(ctx, "juno", 2)
		if err != nil {
			t.Fatal(err)
		}
		if version, err := w.AcceptProposal(ctx, one, []byte("stricter"), "ben"); err != nil || version != 2 {
			t.Fatalf("version %d, %v", version, err)
		}
		_, err = other.AcceptProposal(ctx, one, []byte("stricter"), "ben")
		kind(t, "the same again", err, cvd.Conflict)
		_, err = other.AcceptProposal(ctx, two, []byte("looser"), "ben")
		kind(t, "one against an older version", err, cvd.Conflict)
		two.State = "withdrawn"
		if err := other.WriteProposal(ctx, two); err != nil {
			t.Fatal(err)
		}
		kind(t, "one from an older reading", w.WriteProposal(ctx, two), cvd.Conflict)
		if two, err = w.Proposal(ctx, "juno", 2); err != nil || two.State != "withdrawn" {
			t.Fatalf("%+v, %v", two, err)
		}
		kind(t, "one that was closed", w.WriteProposal(ctx, two), cvd.Conflict)
		all, err := w.Policies(ctx, "juno")
		if err != nil {
			t.Fatal(err)
		}
		same(t, "the versions", all, []store.PolicyVersion{{Version: 1, At: w.clock, Author: "system"}, {Version: 2, At: w.clock, Author: "ben", Proposal: 1}})
	})
}

func TestAFileOfAForgeBecomesOneProposal(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		x := store.PolicyProposal{Project: "juno", Base: 1, Author: "system", Source: "forge", Origin: "0badc0de", Body: []byte("x")}
		if _, err := w.AddProposal(t.Context(), x); err != nil {
			t.Fatal(err)
		}
		_, err := w.open().AddProposal(t.Context(), x)
		kind(t, "the same file again", err, cvd.Conflict)
		if n, err := w.Proposed(t.Context(), "juno", "0badc0de"); err != nil || n != 1 {
			t.Errorf("it became proposal %d, %v", n, err)
		}
		if n, err := w.Proposed(t.Context(), "juno", "another"); err != nil || n != 0 {
			t.Errorf("another file became proposal %d, %v", n, err)
		}
	})
}

// What two processes note of one adoption counts once.
func TestAnAdoptionIsNotedFromWhereItWasRead(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		if _, err := w.BeginAdoption(ctx, store.Adoption{Project: "juno", Version: 1, Author: "anna", Body: []byte("why")}); err != nil {
			t.Fatal(err)
		}
		_, err := w.open().BeginAdoption(ctx, store.Adoption{Project: "juno", Version: 1, Author: "anna"})
		kind(t, "a second one at once", err, cvd.Conflict)
		read := func() store.Adoption {
			t.Helper()
			all, err := w.Adoptions(ctx, "juno", true)
			if err != nil || len(all) != 1 || string(all[0].Body) != "why" {
				t.Fatalf("%+v, %v", all, err)
			}
			return all[0]
		}
		a, last := read(), store.Cursor{Opened: w.clock, Case: "JUNO-1"}
		for range 2 { // the second process was slower
			if err := w.MoveAdoption(ctx, a, last, 5, 4, 1, false); err != nil {
				t.Fatal(err)
			}
		}
		if a = read(); a.Looked != 5 || a.Moved != 4 || a.Kept != 1 || a.Last != last {
			t.Errorf("it is noted as %+v", a)
		}
		if err := w.MoveAdoption(ctx, a, last, 0, 0, 0, true); err != nil {
			t.Fatal(err)
		}
		if all, err := w.Adoptions(ctx, "juno", true); err != nil || len(all) != 0 {
			t.Errorf("it goes on: %+v, %v", all, err)
		}
	})
}

// A pack is kept once, and what is sealed is in no file.
func TestAPackIsKeptOnceAndSealed(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		ctx, r := t.Context(), store.ProcessReview{Project: "juno", Name: "monthly", From: w.clock.Add(-time.Hour), Until: w.clock, Body: []byte("PLANTED-IN-A-PACK first")}
		if err := w.AddProcessReview(ctx, r); err != nil {
			t.Fatal(err)
		}
		r.Body = []byte("second")
		if err := w.open().AddProcessReview(ctx, r); err != nil {
			t.Fatal(err)
		}
		all, err := w.ProcessReviews(ctx, "juno", "monthly", 10)
		if err != nil || len(all) != 1 || string(all[0].Body) != "PLANTED-IN-A-PACK first" {
			t.Fatalf("%+v, %v", all, err)
		}
		was := all[0]
		all[0].Closed, all[0].Body = w.clock, []byte("PLANTED-IN-A-PACK third")
		if err := w.WriteProcessReview(ctx, all[0]); err != nil {
			t.Fatal(err)
		}
		kind(t, "written from an older reading", w.WriteProcessReview(ctx, was), cvd.Conflict)
		if _, err := w.AddProposal(ctx, store.PolicyProposal{Project: "juno", Base: 1, Source: "editor", Body: []byte("PLANTED-IN-A-PACK proposal")}); err != nil {
			t.Fatal(err)
		}
		if w.config.File == "" {
			return
		}
		for _, name := range []string{w.config.File, w.config.File + "-wal"} {
			if text, err := os.ReadFile(name); err == nil && bytes.Contains(text, []byte("PLANTED-IN-A-PACK")) {
				t.Errorf("%s holds what was sealed", name)
			}
		}
	})
}
