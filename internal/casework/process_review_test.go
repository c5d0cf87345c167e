package casework_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

// reviews are the packs that somebody of the roster sees, after those that are due were made.
func (d *desk) reviews(w *casework.Casework, who cvd.ActorID) []casework.ProcessReview {
	d.t.Helper()
	if err := w.PrepareReviews(context.Background()); err != nil {
		d.t.Fatal(err)
	}
	all, err := w.ProcessReviews(context.Background(), d.who(who))
	if err != nil {
		d.t.Fatal(err)
	}
	return all
}

// B-105 to B-108: a month's pack is made once, what was decided stays on it, and the version that followed is named.
func TestTheMonthlyReviewIsMadeDecidedAndFollowed(t *testing.T) {
	onBoth(t, func(t *testing.T, d *desk) {
		ctx := context.Background()
		d.hire("mara", "milo")
		late, public := d.report("Numbat", "SECRET one."), d.report("Bilby", "Two.")
		d.triage(public, "low", false)
		take(d, d.Comment, "vera", public, cvd.Commented{Text: "SECRET words that belong to the case"})
		d.now = d.now.Add(3 * 24 * time.Hour)
		if _, err := d.Breach(ctx); err != nil {
			t.Fatal(err)
		}
		if _, err := d.ProposePolicy(ctx, d.who("vera"), document(t, "longest: 90d", "longest: 60d"), "Shorter."); err != nil {
			t.Fatal(err)
		}
		if got := d.reviews(d.Casework, "mara"); len(got) != 0 {
			t.Fatalf("the month has not ended: %+v", got)
		}
		d.now = time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)
		another := d.start(d.open()) // both processes find that it is due
		all := d.reviews(d.Casework, "mara")
		if again := d.reviews(another, "mara"); len(all) != 1 || len(again) != 1 || again[0].At != all[0].At {
			t.Fatalf("%d packs, then %d", len(all), len(again))
		}
		r := all[0]
		if r.Key() != "process_review.2026-03-01" || r.Title != "Review of this process" || len(r.Does) != 5 || r.Policy != 1 || len(r.Measures) == 0 {
			t.Errorf("the pack is %+v", r)
		}
		if !slices.ContainsFunc(r.Breaches, func(c casework.PackCase) bool { return c.Case == late && c.Clause == "clocks.response" }) {
			t.Errorf("the missed promise of %s is not among %+v", late, r.Breaches)
		}
		if len(r.Feedback) != 1 || r.Feedback[0].Case != public || !strings.Contains(r.Feedback[0].Says, "1 comment") {
			t.Errorf("the community's word is told as %+v", r.Feedback)
		}
		if !slices.ContainsFunc(r.Questions, func(c casework.PackCase) bool { return strings.Contains(c.Says, "proposal 1") }) {
			t.Errorf("the open proposal is not among %+v", r.Questions)
		}
		kept, err := d.store.ProcessReviews(ctx, solo, "", 10)
		if err != nil || strings.Contains(string(kept[0].Body), "SECRET") || strings.Contains(string(kept[0].Body), "Numbat") {
			t.Errorf("the pack repeats what was said in a case: %s, %v", kept[0].Body, err)
		}

		_, err = d.CloseReview(ctx, d.who("mara"), r.Key())
		refused(t, err, cvd.Refused, "what was decided")
		_, err = d.Decide(ctx, d.who("mara"), r.Key(), "A shorter embargo.", 2)
		refused(t, err, cvd.Invalid, "no version 2")
		if _, err := d.AcceptPolicy(ctx, d.who("milo"), 1, ""); err != nil {
			t.Fatal(err)
		}
		if _, err := d.Decide(ctx, d.who("mara"), r.Key(), "A shorter embargo.", 2); err != nil {
			t.Fatal(err)
		}
		if r, err = d.CloseReview(ctx, d.who("milo"), r.Key()); err != nil || r.Closed.IsZero() {
			t.Fatalf("%+v, %v", r, err)
		}
		_, err = d.Decide(ctx, d.who("mara"), r.Key(), "And more.", 0)
		refused(t, err, cvd.Refused, "was closed")
		r, err = another.ProcessReview(ctx, d.who("mara"), r.Key())
		if err != nil || len(r.Decisions) != 1 || r.Decisions[0].Version != 2 || r.Decisions[0].Name != "mara" {
			t.Errorf("%+v, %v", r.Decisions, err)
		}
	})
}

func TestAfterAPauseEveryMissedMonthHasItsPackAndNoMoreThanAYear(t *testing.T) {
	onBoth(t, func(t *testing.T, d *desk) {
		d.report("Numbat", "One.")
		d.now = time.Date(2026, 6, 10, 12, 0, 0, 0, time.UTC)
		var keys []string
		for _, r := range d.reviews(d.Casework, "mara") {
			keys = append(keys, r.Key())
		}
		if want := []string{"process_review.2026-05-01", "process_review.2026-04-01", "process_review.2026-03-01"}; !slices.Equal(keys, want) {
			t.Errorf("got %v, want %v", keys, want)
		}
		d.now = time.Date(2029, 1, 10, 12, 0, 0, 0, time.UTC)
		if all := d.reviews(d.Casework, "mara"); len(all) != 3+12 || all[0].Key() != "process_review.2028-12-01" || all[11].Key() != "process_review.2028-01-01" {
			t.Errorf("after years there are %d packs, from %s", len(all), all[0].Key())
		}
	})
}

func TestAPackIsForThoseWhoSeeCases(t *testing.T) {
	onBoth(t, func(t *testing.T, d *desk) {
		ctx := context.Background()
		d.now = time.Date(2026, 4, 2, 0, 0, 0, 0, time.UTC)
		key := d.reviews(d.Casework, "mara")[0].Key()
		_, there := d.ProcessReview(ctx, d.who("vera"), key)
		_, absent := d.ProcessReview(ctx, d.who("mara"), "process_review.2020-01-01")
		if cvd.KindOf(there) != cvd.NotFound || there.Error() != absent.Error() {
			t.Errorf("vera is told %v, and of what is not there: %v", there, absent)
		}
		if _, err := d.ProcessReviews(ctx, cvd.Nobody(solo)); err == nil {
			t.Error("a stranger reads the reviews")
		}
		if _, err := d.Decide(ctx, d.who("vera"), key, "Nothing.", 0); cvd.KindOf(err) != cvd.NotFound {
			t.Errorf("vera decides: %v", err)
		}
	})
}
