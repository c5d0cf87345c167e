package policy

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tipstaff/tipstaff/cvd"
)

func TestALeakIsForeseen(t *testing.T) {
	s := varied(t, storyClock, storyClock+"  - {name: law, title: Law, from: attacks, until: released, within: 24h}\n",
		"  classes:\n", "  floors: [{name: attacked, class: high, when: attacks, says: Attacks were seen.}]\n  classes:\n",
		"embargo: {offer: 30d, longest: 60d}", "embargo: {offer: 30d, longest: 60d, ends: [attacks]}")
	s.then("2026-03-02 12:00", "ann", triaged("low", "shut"))
	s.then("2026-03-02 13:00", "ann", cvd.What{Embargoed: &cvd.Embargoed{Until: on("2026-03-20 00:00")}})
	rev := s.c.Rev
	got := s.p.Effects(Ask{Case: s.c, Who: keeper("ann"), Step: "observe", Now: on("2026-03-03 09:00"),
		What: cvd.What{Observed: &cvd.Observed{Fact: "attacks", Embargo: s.p.EmbargoAfter("attacks")}}})
	want := []string{"The embargo ends at once. It was to hold until Fri 2026-03-20 00:00 UTC.", "The severity is raised to High (severity.floors.attacked).",
		"“Law” is promised from then on, until Wed 2026-03-04 09:00 UTC.", "No longer in the way: two days after the horn (steps.release.requires.wait).",
		"No longer in the way: no embargo may hold (steps.disclose.requires.quiet)."}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("what would follow (-want +got):\n%s", diff)
	}
	if s.c.Rev != rev || s.c.CS.Attacks || s.clock("law.limit").Name != "" {
		t.Error("asking what would follow did it")
	}
}

func TestThatAnOpenCaseIsFoundSensitiveIsForeseen(t *testing.T) {
	s, yes, no := told(t), true, false
	s.then("2026-03-02 12:00", "ann", cvd.What{Triaged: &cvd.Triaged{Class: "low", Track: "open", Sensitive: &no, Public: true}})
	hide := cvd.What{Triaged: &cvd.Triaged{Class: "low", Track: "shut", Sensitive: &yes}}
	got := s.p.Effects(Ask{Case: s.c, Who: keeper("ann"), Step: "triage", Now: on("2026-03-03 09:00"), What: hide})
	if !slices.Contains(got, "Strangers no longer see the case. What they saw counts as known, and is kept on the record.") {
		t.Errorf("got %q", got)
	}
	s.then("2026-03-03 09:00", "ann", hide)
	x := s.c.Exposed
	if len(x) != 1 || !x[0].From.Equal(on("2026-03-02 12:00")) || !x[0].Until.Equal(on("2026-03-03 09:00")) || x[0].Seen.Title != "A hole below the waterline" ||
		x[0].Seen.Severity.Class != "low" || x[0].Seen.Track != "open" {
		t.Errorf("what strangers saw is on record as %+v", x)
	}
	if s.c.Public || !s.c.CS.Public || !s.c.Emergency() {
		t.Errorf("it is hidden and counts as known: %+v", s.c.CS)
	}
	if _, sees := cvd.Look(s.c, cvd.Nobody("harbour"), on("2026-03-03 10:00")); sees {
		t.Error("a stranger still sees it")
	}
}
