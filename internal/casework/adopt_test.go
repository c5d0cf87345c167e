package casework_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

// amend puts another version of the policy in force.
func (d *desk) amend(pairs ...string) {
	d.t.Helper()
	if _, err := d.store.AddPolicy(context.Background(), solo, document(d.t, pairs...)); err != nil {
		d.t.Fatal(err)
	}
	if err := d.Refresh(context.Background()); err != nil {
		d.t.Fatal(err)
	}
}

// due is when a promise of a case ends.
func (d *desk) due(id cvd.CaseID, clock string) time.Time {
	d.t.Helper()
	v, err := d.Case(context.Background(), d.who("mara"), id)
	if err != nil {
		d.t.Fatal(err)
	}
	for _, k := range v.Clocks {
		if k.Name == clock && k.Kind == cvd.Limit && k.Open() {
			return k.Due
		}
	}
	return time.Time{}
}

const slower, slowest = "within: {critical: 24h, high: 48h, medium: 7d, low: 14d, informational: 1mo}", "within: {critical: 72h, high: 72h, medium: 7d, low: 14d, informational: 1mo}"

func TestOneCaseMovesToTheVersionInForce(t *testing.T) {
	onBoth(t, func(t *testing.T, d *desk) {
		ctx := context.Background()
		d.hire("mara")
		id := d.report("Overflow", "It reads too far.")
		was := d.due(id, "response")
		_, err := d.Adopt(ctx, d.who("mara"), casework.About{Case: id}, "For nothing.")
		refused(t, err, cvd.Refused, "already")
		d.amend(slower, slowest)
		_, err = d.Adopt(ctx, d.who("milo"), casework.About{Case: id}, "I want it.")
		refused(t, err, cvd.Refused, "may administer")
		_, err = d.Adopt(ctx, d.who("mara"), casework.About{Case: id}, " ")
		refused(t, err, cvd.Invalid, "why")
		if got := d.due(id, "response"); !got.Equal(was) {
			t.Fatalf("nobody moved the case, and its promise moved to %s", got)
		}
		_, err = d.Adopt(ctx, d.who("mara"), casework.About{Case: id, Rev: 7}, "We are fewer now.")
		refused(t, err, cvd.Conflict, "has changed")
		_, err = d.Adopt(ctx, d.who("mara"), casework.About{Case: id}, "We are\nfewer now.")
		refused(t, err, cvd.Invalid, "one line")
		v, err := d.Adopt(ctx, d.who("mara"), casework.About{Case: id}, "We are fewer now.")
		if err != nil || v.Policy != 2 {
			t.Fatalf("%+v, %v", v.Policy, err)
		}
		if got := d.due(id, "response"); !got.Equal(was.Add(48 * time.Hour)) {
			t.Errorf("the promise runs until %s, want %s", got, was.Add(48*time.Hour))
		}
		last := v.Timeline[len(v.Timeline)-1]
		if last.Kind != "adopted" || last.Who != "mara" || last.Says != "Moved from version 1 to version 2 of the policy: We are fewer now." {
			t.Errorf("the timeline tells %+v", last)
		}
		if !slices.ContainsFunc(v.OldClocks, func(k cvd.Clock) bool { return k.Name == "response" && k.Due.Equal(was) }) {
			t.Errorf("what was promised is gone: %+v", v.OldClocks)
		}
		if err := d.store.VerifyCases(ctx, solo); err != nil {
			t.Error(err)
		}
	})
}

func TestAllOpenCasesMoveAsOneActThatSurvivesASuddenEnd(t *testing.T) {
	onBoth(t, func(t *testing.T, d *desk) {
		ctx := context.Background()
		d.hire("mara")
		ids := d.fill(120)
		d.triage(ids[3], "low", false)
		take(d, d.Invalidate, "mara", ids[5], cvd.Invalidated{Reason: "out_of_scope", Evidence: "It is not ours."})
		take(d, d.Close, "mara", ids[5], cvd.Ended{Outcome: "invalid"})
		d.now = d.now.Add(30 * time.Hour)
		d.amend(slower, "within: {critical: 24h, high: 24h, medium: 5d, low: 6d, informational: 1mo}")

		see, err := d.PreviewAdoption(ctx, d.who("mara"))
		if err != nil || see.Open != 119 || see.Moves != 119 || see.Kept != 0 {
			t.Fatalf("the preview says %+v, %v", see, err)
		}
		a, err := d.AdoptAll(ctx, d.who("mara"), "Faster answers.")
		if err != nil || a.Total != 119 || a.Version != 2 || !a.Ended.IsZero() {
			t.Fatalf("%+v, %v", a, err)
		}
		_, err = d.AdoptAll(ctx, d.who("mara"), "Again.")
		refused(t, err, cvd.Conflict, "already")
		if more, err := d.Adopting(ctx); err != nil || !more {
			t.Fatalf("after one batch: %v, %v", more, err)
		}
		fresh := d.report("Meanwhile", "Reports do not wait.")
		// The program ends after cases moved and before that was noted: they move once.
		for _, id := range ids[60:70] {
			if _, err := d.Casework.Adopt(ctx, d.who("mara"), casework.About{Case: id}, "Faster answers."); err != nil {
				t.Fatal(err)
			}
		}
		again := d.start(d.open())
		for more := true; more; {
			if more, err = again.Adopting(ctx); err != nil {
				t.Fatal(err)
			}
		}
		all, err := again.Adoptions(ctx, d.who("mara"))
		if err != nil || len(all) != 1 || all[0].Ended.IsZero() || all[0].Moved != 119 || all[0].Kept != 0 || all[0].Because != "Faster answers." || all[0].Name != "mara" {
			t.Fatalf("%+v, %v", all, err)
		}
		for i, id := range append(ids, fresh) {
			v, err := again.Case(ctx, d.who("mara"), id)
			if err != nil {
				t.Fatal(err)
			}
			times := 0
			for _, n := range v.Timeline {
				if n.Kind == "adopted" {
					times++
				}
			}
			if closed, is := i == 5, id == fresh; closed != (v.Policy == 1) || (times == 1) == (closed || is) || times > 1 {
				t.Errorf("%s (%d) follows version %d and moved %d times", id, i, v.Policy, times)
			}
		}
		if err := d.store.VerifyCases(ctx, solo); err != nil {
			t.Error(err)
		}
	})
}

func TestACaseStaysWhereItsTrackIs(t *testing.T) {
	onBoth(t, func(t *testing.T, d *desk) {
		ctx := context.Background()
		d.hire("mara")
		id := d.report("Overflow", "It reads too far.")
		d.triage(id, "low", false)
		d.amend("  - name: low\n", "  - name: minor\n", "low: ", "minor: ", `at_least("low")`, `at_least("minor")`)
		see, err := d.PreviewAdoption(ctx, d.who("mara"))
		if err != nil || see.Moves != 0 || see.Kept != 1 {
			t.Errorf("the preview says %+v, %v", see, err)
		}
		_, err = d.Adopt(ctx, d.who("mara"), casework.About{Case: id}, "It should.")
		refused(t, err, cvd.Refused, "there is no severity low in it")
		if _, err := d.AdoptAll(ctx, d.who("mara"), "All of them."); err != nil {
			t.Fatal(err)
		}
		if _, err := d.Adopting(ctx); err != nil {
			t.Fatal(err)
		}
		if all, err := d.Adoptions(ctx, d.who("mara")); err != nil || all[0].Kept != 1 || all[0].Moved != 0 || all[0].Ended.IsZero() {
			t.Errorf("%+v, %v", all, err)
		}
	})
}

// What would be late at once is told before anybody decides.
func TestThePreviewTellsWhatWouldBeOverdueAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, d *desk) {
		d.hire("mara")
		d.fill(3)
		d.now = d.now.Add(10 * time.Hour)
		d.amend(slower, "within: {critical: 6h, high: 48h, medium: 7d, low: 14d, informational: 1mo}")
		see, err := d.PreviewAdoption(context.Background(), d.who("mara"))
		if err != nil || len(see.Overdue) != 1 || see.Overdue[0].Clause != "clocks.response" || see.Overdue[0].Cases != 3 || see.Overdue[0].Title == "" {
			t.Errorf("%+v, %v", see, err)
		}
	})
}
