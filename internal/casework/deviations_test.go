package casework_test

import (
	"slices"
	"testing"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

// J-51: whatever was skipped stands in one list across cases, with its clause, its reason and everybody who let it pass.
func TestDeviationsAreListedAcrossCases(t *testing.T) {
	onBoth(t, func(t *testing.T, d *desk) {
		const clause = "steps.close.requires.monitored"
		first, second := d.report("Overflow", "It overflows."), d.report("Underflow", "It underflows.")
		take(d, d.Waive, "mara", first, cvd.Waiving{Clause: clause, Because: "the release was withdrawn"})
		take(d, d.Waive, "mara", second, cvd.Waiving{Clause: clause, Because: "nobody seconds this"})
		d.now = d.now.AddDate(0, 1, 0)
		take(d, d.Waive, "milo", first, cvd.Waiving{Clause: clause, Because: "agreed"})
		read := func(month string) []casework.Deviation {
			period, err := casework.ReadMonth(month)
			if err != nil {
				t.Fatal(err)
			}
			all, err := d.Deviations(t.Context(), d.who("mara"), period)
			if err != nil {
				t.Fatal(err)
			}
			return all
		}
		got := read("2026-04")
		if len(got) != 1 || got[0].Case != first || got[0].Clause != clause || got[0].Because != "the release was withdrawn" ||
			!slices.Equal(got[0].Who, []string{"mara", "milo"}) || got[0].How != "waived" {
			t.Errorf("got %+v, want the waiver of %s by mara and milo", got, first)
		}
		if march, all := read("2026-03"), read(""); len(march) != 0 || len(all) != 1 {
			t.Errorf("March has %+v, and all time %d: want none and one", march, len(all))
		}
		if _, err := d.Deviations(t.Context(), d.who("vera"), casework.Period{}); cvd.KindOf(err) != cvd.Refused {
			t.Errorf("who sees public cases alone is told of all: %v", err)
		}
		if _, err := casework.ReadMonth("March"); cvd.KindOf(err) != cvd.Invalid {
			t.Errorf("a month in words: %v", err)
		}
	})
}
