package policy

import (
	"slices"
	"testing"

	"github.com/tipstaff/tipstaff/cvd"
)

// TestABountyIsDecidedInTime: the time for it runs from its mark, and a decision ends it, even one that none is due.
func TestABountyIsDecidedInTime(t *testing.T) {
	s := varied(t, `bounty: {after: "delivered:bell"}`, "bounty: {after: triaged, within: 14d}")
	s.then("2026-03-03 09:00", "ann", cvd.What{Triaged: &cvd.Triaged{Sensitive: new(bool), Track: "open"}})
	if k := s.clock("bounty.limit"); !k.Due.Equal(on("2026-03-17 09:00")) || k.Clause != "bounty.within" || !k.Open() {
		t.Errorf("the clock of the bounty is %+v", k)
	}
	s.then("2026-03-04 09:00", "ann", cvd.What{Rewarded: &cvd.Rewarded{Report: 1, Because: "nothing is paid for this"}})
	if k := s.clock("bounty.limit"); k.Open() || k.Met.IsZero() {
		t.Errorf("after the decision the clock is %+v", k)
	}
}

// TestWhoNeverPublishesIsHeldToIt: a project that says nothing of its reports cannot publish one by mistake.
func TestWhoNeverPublishesIsHeldToIt(t *testing.T) {
	s := varied(t, "disclosure:\n", "disclosure:\n  never: true\n")
	if got := clauses(s.weigh("2026-03-03 10:00", "ann", "disclose", cvd.What{})); !slices.Contains(got, "disclosure.never") {
		t.Errorf("a publication is refused for %v, not for disclosure.never", got)
	}
}
