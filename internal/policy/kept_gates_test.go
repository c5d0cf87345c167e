package policy

import (
	"slices"
	"strings"
	"testing"

	"github.com/tipstaff/tipstaff/cvd"
)

// required is a requirement of its own before a release of the harbour, with nothing else beside it.
func required(requirement string, more ...string) []string {
	return append([]string{`      - {name: lines, says: all lines need their fix, lines: settled}
      - {name: wait, says: two days after the horn, when: track == "shut", unless: emergency, wait: {after: "delivered:horn", for: 48h}}
      - {name: grave, says: a high one needs its cause, when: at_least("high"), sections: [root_cause]}
`, "      - {name: ripe, says: it must be ripe, " + requirement + "}\n"}, more...)
}

func withMilestones() []string {
	return []string{"stages:\n", "milestones: [{name: merged, title: Merged upstream}, {name: validators_ready, title: Validators are ready}]\nstages:\n"}
}

func TestWaitsAreWeighedByTheirOwnMeasure(t *testing.T) {
	horn := cvd.What{Notified: &cvd.Notified{Notice: "horn", Channels: []string{"radio", "mail"}, Pre: true}}
	arrived := func(channel string) cvd.What {
		return cvd.What{Delivered: &cvd.Delivered{Notice: "horn", Channel: channel}}
	}
	for name, row := range map[string]struct {
		wait, says, earliest string
	}{
		"from every channel":        {"wait: {notice: horn, for: 24h}", "still open: mail", ""},
		"from the first":            {"wait: {notice: horn, from: first, for: 24h}", "24 hours after", "2026-03-07 09:00"},
		"from a share that came":    {"wait: {notice: horn, from: share, share: 60, for: 24h}", "24 hours after", "2026-03-07 09:00"},
		"from a share that did not": {"wait: {notice: horn, from: share, share: 80, for: 24h}", "the delivery to 80 % of those it is for; still open: mail", ""},
		"in working days":           {"wait: {notice: horn, from: first, for: 1wd, calendar: week}", "1 working day after", "2026-03-09 09:00"},
		"or by time":                {"wait: {notice: horn, for: 24h}, or: {after: received, for: 30d}", "or 30 days after", "2026-04-01 09:00"},
	} {
		s := varied(t, append(required(row.wait), "kind: webhook}", "kind: webhook, reach: 70}", "kind: mail}", "kind: mail, reach: 30}", "stages:\n", "calendars: [{name: week}]\nstages:\n")...)
		s.then("2026-03-06 08:00", "ann", horn)
		s.then("2026-03-06 09:00", "system", arrived("radio")) // a Friday
		got := s.weigh("2026-03-06 10:00", "ann", "release", cvd.What{})
		if len(got) != 1 || !strings.Contains(got[0].Says, row.says) || got[0].Clause != "steps.release.requires.ripe" {
			t.Errorf("%s: %+v, want %q", name, got, row.says)
			continue
		}
		if row.earliest == "" != got[0].Earliest.IsZero() || row.earliest != "" && !got[0].Earliest.Equal(on(row.earliest)) {
			t.Errorf("%s: it passes from %s, want %s", name, cvd.Instant(got[0].Earliest), row.earliest)
		}
		if row.earliest != "" {
			if late := s.weigh(row.earliest, "ann", "release", cvd.What{}); len(late) > 0 {
				t.Errorf("%s: at its instant it still says %+v", name, late)
			}
		}
	}
}

func TestAnExactWaitIsAPromiseToo(t *testing.T) {
	s := varied(t, required("wait: {notice: horn, from: first, for: 24h, tolerance: 2h}")...)
	s.then("2026-03-06 08:00", "ann", cvd.What{Notified: &cvd.Notified{Notice: "horn", Channels: []string{"radio"}, Pre: true}})
	s.then("2026-03-06 09:00", "system", cvd.What{Delivered: &cvd.Delivered{Notice: "horn", Channel: "radio"}})
	k := s.clock("release_ripe_window.limit")
	if !k.Due.Equal(on("2026-03-07 11:00")) || k.Clause != "steps.release.requires.ripe" || k.Until != "released" {
		t.Fatalf("26 hours after the first delivery it is late: %+v", k)
	}
	if !slices.ContainsFunc(s.p.Plan(s.c, on("2026-03-06 10:00")), func(x cvd.Planned) bool {
		return x.Kind == "due" && x.At.Equal(k.Due) && strings.Contains(x.What, "ripe")
	}) {
		t.Errorf("it is not in the plan: %+v", s.p.Plan(s.c, on("2026-03-06 10:00")))
	}
	s.then("2026-03-07 09:30", "ann", cvd.What{Remedied: &cvd.Remedied{Product: "lamp", Line: "1", Status: "patched"}})
	s.then("2026-03-07 10:00", "ann", cvd.What{Released: &cvd.Released{Product: "lamp", Line: "1"}})
	if k := s.clock("release_ripe_window.limit"); !k.Met.Equal(on("2026-03-07 10:00")) {
		t.Errorf("the release was in the window: %+v", k)
	}
}

func TestAQuorumIsMetByItsMilestone(t *testing.T) {
	s := varied(t, append(required("quorum: {audience: fleet, weight: voting_power, at_least: 67, marks: [34, 50], mark: validators_ready}"), withMilestones()...)...)
	got := s.weigh("2026-03-06 10:00", "ann", "release", cvd.What{})
	if len(got) != 1 || !strings.Contains(got[0].Says, "67 % of The fleet by voting power") || !strings.Contains(got[0].Says, "34 %, 50 %") {
		t.Errorf("nobody has counted: %+v", got)
	}
	s.then("2026-03-06 11:00", "ann", cvd.What{Dated: &cvd.Dated{Event: "validators_ready", On: on("2026-03-08 00:00")}})
	if got := s.weigh("2026-03-07 23:59", "ann", "release", cvd.What{}); len(got) != 1 {
		t.Error("the date lies ahead, and the quorum counts already")
	}
	if got := s.weigh("2026-03-08 00:00", "ann", "release", cvd.What{}); len(got) != 0 {
		t.Errorf("it was reached: %+v", got)
	}
}

func TestAMilestoneIsOfItsCaseAndRound(t *testing.T) {
	s := varied(t, append(withMilestones(), storyClock, storyClock+"  - {name: after, title: After, from: merged, until: explained, within: 2d}\n  - {name: upto, title: Upto, from: received, until: merged, within: 20d}\n")...)
	s.then("2026-03-03 09:00", "ann", cvd.What{Dated: &cvd.Dated{Event: "merged", On: on("2026-03-10 09:00")}})
	if k := s.clock("after.limit"); !k.Due.Equal(on("2026-03-12 09:00")) {
		t.Errorf("it counts from the date: %+v", k)
	}
	if k := s.clock("upto.limit"); !k.Open() {
		t.Errorf("the date lies ahead, and this is met already: %+v", k)
	}
	if k := s.clock("merged.arrival"); !k.Due.Equal(on("2026-03-10 09:00")) || k.Clause != "milestones.merged" {
		t.Fatalf("nothing rings when the date comes: %+v", k)
	}
	if plan := s.p.Plan(s.c, on("2026-03-04 09:00")); !slices.Contains(plan, cvd.Planned{At: on("2026-03-10 09:00"), What: "Merged upstream", Clause: "milestones.merged", Kind: "set"}) {
		t.Errorf("the plan says nothing of it: %+v", plan)
	}
	s.then("2026-03-10 09:01", "system", cvd.What{Breached: &cvd.Breached{Clock: "merged", Kind: cvd.Arrival, Due: on("2026-03-10 09:00")}})
	if k := s.clock("upto.limit"); !k.Met.Equal(on("2026-03-10 09:00")) || s.clock("merged.arrival").Open() {
		t.Errorf("the date has come: %+v", k)
	}
	s.then("2026-03-11 09:00", "ann", cvd.What{Invalidated: &cvd.Invalidated{Reason: "x"}})
	s.then("2026-03-12 09:00", "stranger", received("The hole is back"))
	if reached(s.c, "merged", on("2026-03-13 00:00")) {
		t.Error("what was merged for the first matter was not merged for the second")
	}
}

func TestLazyConsensusSettlesByItself(t *testing.T) {
	s := varied(t, required("reviews: {of: fix, settle: 72h}")...)
	s.then("2026-03-03 09:00", "ann", cvd.What{Remedied: &cvd.Remedied{Product: "lamp", Line: "1", Status: "patched", Patches: []cvd.Patch{{URL: "u"}}}})
	if got := s.weigh("2026-03-04 09:00", "ann", "release", cvd.What{}); len(got) != 1 || !got[0].Earliest.Equal(on("2026-03-06 09:00")) {
		t.Errorf("three days to object in: %+v", got)
	}
	if got := s.weigh("2026-03-06 09:00", "ann", "release", cvd.What{}); len(got) != 0 {
		t.Errorf("nobody objected: %+v", got)
	}
	s.then("2026-03-06 08:00", "ben", cvd.What{Reviewed: &cvd.Reviewed{Of: "fix", Verdict: "object", Says: "no"}})
	if got := s.weigh("2026-03-20 09:00", "ann", "release", cvd.What{}); len(got) != 1 || !strings.Contains(got[0].Says, "open objection by ben") {
		t.Errorf("an objection stands: %+v", got)
	}
}

func TestAContingencyLiftsItsClausesAndTheRecordSaysSo(t *testing.T) {
	s := varied(t, append(required(`wait: {notice: horn, for: 24h, tolerance: 1h}`), "alone: {wait: 24h}", "contingencies: [{name: leak, title: A leak, when: public, lifts: [steps.release.requires], says: We release at once.}]\nalone: {wait: 24h}")...)
	s.then("2026-03-06 09:00", "ann", cvd.What{Notified: &cvd.Notified{Notice: "horn", Channels: []string{"radio"}, Pre: true}})
	s.then("2026-03-06 09:30", "system", cvd.What{Delivered: &cvd.Delivered{Notice: "horn", Channel: "radio"}})
	if got := clauses(s.weigh("2026-03-06 10:00", "ann", "release", cvd.What{})); !slices.Equal(got, []string{"steps.release.requires.ripe"}) {
		t.Fatalf("nothing has leaked: %v", got)
	}
	s.then("2026-03-06 11:00", "ann", cvd.What{Observed: &cvd.Observed{Fact: "public"}})
	if got := s.weigh("2026-03-06 12:00", "ann", "release", cvd.What{}); len(got) > 0 || s.clock("release_ripe_window.limit").Open() {
		t.Errorf("it leaked, and still: %v, %+v", got, s.clock("release_ripe_window.limit"))
	}
	skipped := s.p.Skipped(Ask{Case: s.c, Who: keeper("ann"), Step: "release", Now: on("2026-03-06 12:00"), Roster: 2})
	if !slices.Equal(skipped, []cvd.Passing{{Clause: "steps.release.requires.ripe", By: "contingencies.leak"}}) {
		t.Errorf("the record holds %v", skipped)
	}
}

func TestWhatARequirementExcusesIsOnTheRecordToo(t *testing.T) {
	s := varied(t, required("unless: emergency, wait: {notice: horn, for: 24h}")...)
	s.then("2026-03-06 11:00", "ann", cvd.What{Observed: &cvd.Observed{Fact: "attacks"}})
	skipped := s.p.Skipped(Ask{Case: s.c, Who: keeper("ann"), Step: "release", Now: on("2026-03-06 12:00"), Roster: 2})
	if !slices.Equal(skipped, []cvd.Passing{{Clause: "steps.release.requires.ripe", By: "steps.release.requires.ripe.unless"}}) {
		t.Errorf("the record holds %v", skipped)
	}
}

func TestNothingIsPublishedInABlackoutOrOffTheTrain(t *testing.T) {
	const winter = "schedule: {at: \"16:00\", days: [mon, tue, wed, thu], blackouts: [{name: winter, title: the winter holidays, from: --12-20, to: --01-02}]}\nstages:\n"
	const train = "schedule: {at: \"16:00\", train: {every: month, on: second tuesday}}\nstages:\n"
	for name, row := range map[string]struct{ schedule, at, clause, next string }{
		"in the holidays":         {winter, "2026-12-21 10:00", "schedule.blackouts.winter", "2027-01-04 16:00"},
		"on a Friday":             {winter, "2026-03-06 10:00", "schedule.days", "2026-03-09 16:00"},
		"on a Thursday":           {winter, "2026-03-05 10:00", "", ""},
		"a day before the train":  {train, "2026-03-09 10:00", "schedule.train", "2026-03-10 16:00"},
		"on the day of the train": {train, "2026-03-10 23:00", "", ""},
	} {
		s := varied(t, "stages:\n", row.schedule)
		got := slices.DeleteFunc(s.weigh("2026-03-02 10:00", "ann", "disclose", cvd.What{Armed: &cvd.Armed{Due: on(row.at)}}), func(o cvd.Objection) bool { return !strings.HasPrefix(o.Clause, "schedule") })
		if row.clause == "" {
			if len(got) > 0 {
				t.Errorf("%s: %+v", name, got)
			}
			continue
		}
		if len(got) != 1 || got[0].Clause != row.clause || !got[0].Earliest.Equal(on(row.next)) {
			t.Errorf("%s: %+v, want %s and %s", name, got, row.clause, row.next)
		}
		s.then("2026-03-02 11:00", "ann", cvd.What{Observed: &cvd.Observed{Fact: "attacks"}})
		if got := clauses(s.weigh("2026-03-02 12:00", "ann", "disclose", cvd.What{Armed: &cvd.Armed{Due: on(row.at)}})); slices.Contains(got, row.clause) {
			t.Errorf("%s: attacks wait for no schedule: %v", name, got)
		}
	}
}

func TestThePlanKeepsTheSchedule(t *testing.T) {
	s := varied(t, "stages:\n", "schedule: {at: \"16:00\", days: [thu]}\nstages:\n")
	s.then("2026-03-02 12:00", "ann", triaged("low", "shut"))
	if got := stageAt(s, "2026-03-02 13:00", "release"); !got.Equal(on("2026-03-12 16:00")) {
		t.Errorf("two days after Wednesday's horn is Friday, and the next Thursday is %s", got)
	}
}

func TestNoForbiddenWordStandsWhereStrangersRead(t *testing.T) {
	s := varied(t, "alone: {wait: 24h}", "content: {forbidden: [CVE-, vuln]}\nalone: {wait: 24h}")
	who := keeper("ann")
	who.Can = append(who.Can, "remedy")
	for name, row := range map[string]struct {
		step   string
		what   cvd.What
		refuse bool
	}{
		"a branch in public":      {"remedy", cvd.What{Remedied: &cvd.Remedied{Patches: []cvd.Patch{{URL: "https://git.example/fix-cve-2026-1"}}}}, true},
		"a branch in private":     {"remedy", cvd.What{Remedied: &cvd.Remedied{Patches: []cvd.Patch{{URL: "https://git.example/fix-cve-2026-1", Private: true}}}}, false},
		"a branch called plainly": {"remedy", cvd.What{Remedied: &cvd.Remedied{Patches: []cvd.Patch{{URL: "https://git.example/fix-pump"}}}}, false},
		"a notice before":         {"notify", cvd.What{Notified: &cvd.Notified{Notice: "horn", Pre: true, Says: map[string]string{"do": "A vulnerability is mended."}}}, true},
		"a notice after":          {"notify", cvd.What{Notified: &cvd.Notified{Notice: "bell", Says: map[string]string{"versions": "vuln"}}}, false},
	} {
		got := clauses(s.p.Weigh(Ask{Case: s.c, Who: who, Step: row.step, What: row.what, Now: on("2026-03-03 09:00"), Roster: 2}))
		if slices.Contains(got, "content.forbidden") != row.refuse {
			t.Errorf("%s: %v", name, got)
		}
	}
}
