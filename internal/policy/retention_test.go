package policy

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tipstaff/tipstaff/cvd"
)

// TestAClosedCaseIsKeptForItsTime: noise goes after thirty days, what was handled in private after a year, and what no rule
// names stays. Each refusal names the clause, and the instant if one will come.
func TestAClosedCaseIsKeptForItsTime(t *testing.T) {
	cases := map[string]struct {
		track, outcome string
		now            string
		want           []cvd.Objection
	}{
		"spam, a second too early": {"open", "spam", "2026-04-02 09:59", []cvd.Objection{{Clause: "retention.noise", Earliest: on("2026-04-02 10:00"),
			Says: "the case is kept for 30 days after its close, until Thu 2026-04-02 10:00 UTC"}}},
		"spam, in time":                       {"open", "spam", "2026-04-02 10:00", nil},
		"spam in private goes by its outcome": {"shut", "spam", "2026-04-02 10:00", nil},
		"private, too early": {"shut", "fixed", "2027-03-03 09:59", []cvd.Objection{{Clause: "retention.shut", Earliest: on("2027-03-03 10:00"),
			Says: "the case is kept for 12 months after its close, until Wed 2027-03-03 10:00 UTC"}}},
		"private, in time": {"shut", "fixed", "2027-03-03 10:00", nil},
		"public, which no rule names": {"open", "fixed", "2036-03-03 10:00", []cvd.Objection{{Clause: "retention",
			Says: "the policy keeps this case; give the reason why it must be erased"}}},
	}
	for name, x := range cases {
		t.Run(name, func(t *testing.T) {
			s := closedAs(t, x.track, x.outcome)
			ok, got := s.p.Erasable(s.c, on(x.now))
			if ok != (len(x.want) == 0) {
				t.Errorf("erasable is %v", ok)
			}
			if diff := cmp.Diff(x.want, got); diff != "" {
				t.Errorf("objections (-want +got):\n%s", diff)
			}
		})
	}
}

// TestNothingIsErasedThatIsStillNeeded: these objections stand, whoever asks and why.
func TestNothingIsErasedThatIsStillNeeded(t *testing.T) {
	open := told(t)
	erased := closedAs(t, "shut", "fixed")
	erased.c.Round = map[string]time.Time{"closed": on("2026-03-03 10:00"), "erased": on("2027-03-03 10:00")}
	armed := closedAs(t, "shut", "fixed")
	armed.c.Disclosure.Due = on("2027-06-01 10:00")
	for says, s := range map[string]*tale{"the case is received; close it first": open, "the case is erased already": erased,
		"a publication is set for Tue 2027-06-01 10:00 UTC; take it back first, or wait for it": armed} {
		ok, got := s.p.Erasable(s.c, on("2027-03-03 10:00"))
		if want := []cvd.Objection{{Says: says}}; ok || !cmp.Equal(want, got) {
			t.Errorf("erasable is %v, with %v; want %v", ok, got, want)
		}
	}
	owed := closedAs(t, "open", "fixed", cvd.What{Released: &cvd.Released{Product: "lamp", Line: "1", Version: "1.1"}})
	_, got := owed.p.Erasable(owed.c, on("2027-03-03 10:00"))
	if !slices.ContainsFunc(got, func(o cvd.Objection) bool { return o.Clause == "clocks.story" && strings.HasSuffix(o.Says, "Story") }) {
		t.Errorf("the story is still owed, and nobody says so: %v", got)
	}
}

// TestTheEraseClockRemindsAndPromisesNothing follows it through close, a matter that comes back, and a second close.
func TestTheEraseClockRemindsAndPromisesNothing(t *testing.T) {
	s := closedAs(t, "shut", "fixed")
	want := cvd.Clock{Name: "erase", Kind: cvd.Reminder, Clause: "retention.shut", Anchor: "closed", From: on("2026-03-03 10:00"),
		Due: on("2027-03-03 10:00"), Until: "erased"}
	if diff := cmp.Diff(want, s.clock("erase.reminder")); diff != "" {
		t.Errorf("at the close (-want +got):\n%s", diff)
	}
	plan := s.p.Plan(s.c, on("2026-03-04 09:00"))
	if last := plan[len(plan)-1]; last != (cvd.Planned{At: want.Due, What: "Erasure of what was sent", Clause: "retention.shut", Kind: "earliest"}) {
		t.Errorf("the plan ends with %v", last)
	}
	if next := s.p.Next(s.c, on("2026-03-04 09:00")); next.Who != "nobody" {
		t.Errorf("after the close %v is asked to act: %s", next.Who, next.What)
	}

	s.then("2026-05-01 09:00", "stranger", received("Water again"))
	if got := s.clock("erase.reminder"); !got.Replaced.Equal(on("2026-05-01 09:00")) || got.Because != "the case was taken up again" {
		t.Errorf("the matter came back, and the clock is %+v", got)
	}
	s.then("2026-05-02 09:00", "ann", cvd.What{Invalidated: &cvd.Invalidated{}})
	s.then("2026-05-03 09:00", "ann", cvd.What{Ended: &cvd.Ended{Outcome: "invalid"}})
	if got := s.clock("erase.reminder"); !got.Due.Equal(on("2026-06-02 09:00")) || got.Clause != "retention.noise" || !got.Open() {
		t.Errorf("after the second close the clock is %+v", got)
	}
}

// TestErasingIsBlockedUntilItsTime is what a member sees on the case, and what is weighed when somebody has a reason.
func TestErasingIsBlockedUntilItsTime(t *testing.T) {
	s := closedAs(t, "shut", "fixed")
	who := keeper("ann")
	who.Can = append(who.Can, "erase")
	ask := Ask{Case: s.c, Who: who, Step: "erase", Now: on("2026-06-01 09:00"), Roster: 2}
	if got := s.p.Weigh(ask); len(got) != 1 || got[0].Clause != "retention.shut" {
		t.Errorf("before its time: %v", got)
	}
	ask.What = cvd.What{Erased: &cvd.Erased{Why: "retention"}}
	if got := s.p.Weigh(ask); len(got) != 1 || got[0].Clause != "retention.shut" || !got[0].Earliest.Equal(on("2027-03-03 10:00")) {
		t.Errorf("for its age, before its time: %v", got)
	}
	ask.What.Erased = &cvd.Erased{Why: "request"}
	if got := s.p.Weigh(ask); len(got) != 0 {
		t.Errorf("because somebody has a right to it: %v", got)
	}
	ask.Case = told(t).c
	if got := s.p.Weigh(ask); len(got) != 1 || got[0].Clause != "" {
		t.Errorf("a case that is open: %v", got)
	}
	ask.Case, ask.What = s.c, cvd.What{Erased: &cvd.Erased{Why: "retention"}}
	ask.Now = on("2027-03-03 10:00")
	if got := s.p.Weigh(ask); len(got) != 0 {
		t.Errorf("at its time: %v", got)
	}
	ask.Who = keeper("ben")
	if got := s.p.Weigh(ask); len(got) != 1 || got[0].Clause != "roles" {
		t.Errorf("without the capability: %v", got)
	}
}

// closedAs tells of a case that was confirmed on a track and closed on 3 March 2026 at 10.
func closedAs(t testing.TB, track, outcome string, before ...cvd.What) *tale {
	s := told(t)
	s.then("2026-03-02 10:00", "ann", cvd.What{Acknowledged: &cvd.Acknowledged{}})
	s.then("2026-03-02 11:00", "ann", triaged("low", track))
	if outcome == "spam" {
		s.then("2026-03-02 12:00", "ann", cvd.What{Invalidated: &cvd.Invalidated{}})
	} else {
		s.then("2026-03-02 12:00", "ann", cvd.What{Validated: &cvd.Validated{}})
		s.then("2026-03-02 13:00", "ann", cvd.What{Prioritised: &cvd.Prioritised{}})
	}
	for _, what := range before {
		s.then("2026-03-03 09:00", "ann", what)
	}
	s.then("2026-03-03 10:00", "ann", cvd.What{Ended: &cvd.Ended{Outcome: outcome}})
	return s
}
