package store_test

import (
	"strings"
	"testing"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/store"
)

// Who writes from an older reading changes nothing, and none of the others in the same act either.
func TestARecordIsWrittenFromItsNewestReading(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		ctx, other := t.Context(), w.open()
		put := func(s *store.Store, rev int64, body string, more ...store.Record) error {
			return s.PutRecords(ctx, "juno", append(more, store.Record{Kind: "member", ID: "m1", Rev: rev, By: "anna", Body: []byte(body)}))
		}
		if err := put(w.Store, 0, "first"); err != nil {
			t.Fatal(err)
		}
		if err := put(other, 1, "second"); err != nil {
			t.Fatal(err)
		}
		kind(t, "written from an older reading", put(w.Store, 1, "lost", store.Record{Kind: "member", ID: "m2", Body: []byte("beside")}), cvd.Conflict)
		kind(t, "written as if it were new", put(w.Store, 0, "lost"), cvd.Conflict)
		all, err := other.Records(ctx, "juno", "member")
		if err != nil || len(all) != 1 || string(all[0].Body) != "second" || all[0].Rev != 2 {
			t.Fatalf("the records are %+v, %v; want m1 alone, as it was written second", all, err)
		}
		was, err := w.Writings(ctx, "juno", "member", "m1")
		if err != nil || len(was) != 2 || string(was[0].Body) != "first" {
			t.Errorf("what was written is %+v, %v", was, err)
		}
		if none, err := w.Records(ctx, "juno", "downstream"); err != nil || len(none) != 0 {
			t.Errorf("of another kind there is %+v, %v", none, err)
		}
	})
}

// What is forgotten is gone with everything that was written before, and cannot be written on.
func TestAForgottenRecordSaysNothingAnyMore(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		for rev := range int64(2) {
			if err := w.PutRecords(ctx, "juno", []store.Record{{Kind: "member", ID: "m1", Rev: rev, By: "anna", Body: []byte("mira@example.org")}}); err != nil {
				t.Fatal(err)
			}
		}
		kind(t, "what is not there", w.ForgetRecord(ctx, "juno", "member", "m2"), cvd.NotFound)
		if err := w.ForgetRecord(ctx, "juno", "member", "m1"); err != nil {
			t.Fatal(err)
		}
		kind(t, "what was forgotten already", w.ForgetRecord(ctx, "juno", "member", "m1"), cvd.NotFound)
		_, err := w.Record(ctx, "juno", "member", "m1")
		kind(t, "what was forgotten", err, cvd.NotFound)
		was, err := w.Writings(ctx, "juno", "member", "m1")
		if err != nil || len(was) != 2 || !was[0].Gone || len(was[0].Body)+len(was[1].Body) != 0 || was[1].By != "anna" {
			t.Errorf("what is left is %+v, %v; want two empty writings of anna", was, err)
		}
		if n := w.count(`SELECT COUNT(*) FROM register WHERE LENGTH(sealed) > 0`); n != 0 {
			t.Errorf("%d rows still hold something", n)
		}
	})
}

// A letter that is about no case has its receipt and its job, in one act with the record that it is about.
func TestALetterOfTheRegisterNeedsNoCase(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		d := cvd.Delivery{Project: "juno", Job: "m1.confirm.1", Event: "m1", Channel: "mail", State: cvd.Waiting, At: w.clock}
		if err := w.PutRecords(ctx, "juno", []store.Record{{Kind: "member", ID: "m1", Body: []byte("x")}}, d); err != nil {
			t.Fatal(err)
		}
		got, err := w.Delivery(ctx, "juno", d.Job)
		if err != nil {
			t.Fatal(err)
		}
		same(t, "the receipt", got, d)
		n, err := w.restored(t, "", w.recoverable(), w.backup())
		if err != nil {
			t.Fatal(err)
		}
		held, err := n.HeldLetters(ctx, "juno", "", 10)
		if err != nil || len(held) != 1 || !held[0].Maybe || !strings.HasPrefix(held[0].Job, "m1.") {
			t.Errorf("after a restore %+v, %v is held; want the letter, which may have gone out", held, err)
		}
	})
}
