package policy

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// weigh asks for a keeper, in a team of two.
func (s *tale) weigh(at string, who cvd.ActorID, step string, what cvd.What) []cvd.Objection {
	return s.p.Weigh(Ask{Case: s.c, Who: keeper(who), Step: step, What: what, Now: on(at), Roster: 2})
}

// clauses are those of objections, in their order.
func clauses(objections []cvd.Objection) []string {
	var all []string
	for _, o := range objections {
		all = append(all, o.Clause)
	}
	return all
}

func TestTheStatesOfAReportAllowTheirMovesOnly(t *testing.T) {
	moves := map[cvd.RM][]string{ // CERT/CC Vultron, Report Management
		cvd.Arrived: {"validate", "invalidate"}, cvd.NotValid: {"validate", "close"}, cvd.Valid: {"prioritise", "defer"},
		cvd.Accepted: {"defer", "close"}, cvd.Deferred: {"prioritise", "close"}, cvd.Closed: nil,
	}
	p := sample(t)
	for rm, may := range moves {
		c := cvd.Case{Project: "harbour", ID: "HRB-1", Rev: 1, Reports: []cvd.Report{{Number: 1, RM: rm}}}
		for _, step := range []string{"validate", "invalidate", "prioritise", "defer", "close"} {
			got := p.Weigh(Ask{Case: c, Who: cvd.Tipstaff("harbour"), Step: step, Now: on("2026-03-02 09:00")})
			if (len(got) == 0) != slices.Contains(may, step) {
				t.Errorf("%s a report that is %s: %v", step, rm.Word(), got)
			}
			if len(got) > 0 && (!strings.Contains(got[0].Says, "the report is "+rm.Word()) || got[0].Clause != "") {
				t.Errorf("%s a report that is %s does not say so: %+v", step, rm.Word(), got[0])
			}
		}
	}
	closed := cvd.Case{Project: "harbour", ID: "HRB-1", Reports: []cvd.Report{{Number: 1, RM: cvd.Closed}}}
	for step, may := range map[string]bool{"release": false, "triage": false, "remedy": false, "message": true, "credit": true} {
		got := p.Weigh(Ask{Case: closed, Who: cvd.Tipstaff("harbour"), Step: step, Now: on("2026-03-02 09:00")})
		if slices.ContainsFunc(got, func(o cvd.Objection) bool { return strings.Contains(o.Says, "the case is closed") }) == may {
			t.Errorf("%s in a closed case: %v", step, got)
		}
	}
}

func TestAStateOfTheCaseIsSaidInWords(t *testing.T) {
	s := told(t)
	got := s.weigh("2026-03-02 10:00", "ann", "prioritise", cvd.What{})
	if len(got) != 1 || got[0].Says != "the report is received; this needs one that is valid or deferred" {
		t.Errorf("got %v", got)
	}
	if got := s.weigh("2026-03-02 10:00", "ann", "disarm", cvd.What{}); len(got) != 1 {
		t.Errorf("nothing is armed, and disarming passes: %v", got)
	}
	s.then("2026-03-02 11:00", "ann", cvd.What{Acknowledged: &cvd.Acknowledged{}})
	if got := s.weigh("2026-03-02 12:00", "ann", "acknowledge", cvd.What{}); len(got) != 1 {
		t.Errorf("it was acknowledged already, and may be again: %v", got)
	}
}

func TestPublicationCannotBeTakenBackInItsLastSeconds(t *testing.T) {
	s := told(t)
	s.c.Disclosure.Due = on("2026-03-09 12:00")
	for before, stands := range map[time.Duration]bool{time.Hour: false, 10 * time.Second: false, 9 * time.Second: true, -time.Second: true} {
		got := s.p.Weigh(Ask{Case: s.c, Who: keeper("ann"), Step: "disarm", Now: on("2026-03-09 12:00").Add(-before), Roster: 2})
		if (len(got) > 0) != stands {
			t.Errorf("%s before: %v", before, got)
		}
	}
	past := cvd.What{Armed: &cvd.Armed{Due: on("2026-03-02 09:00")}}
	if got := s.weigh("2026-03-02 09:00", "ann", "disclose", past); !slices.ContainsFunc(got, func(o cvd.Objection) bool {
		return strings.Contains(o.Says, "must lie ahead")
	}) {
		t.Errorf("publication was set for now: %v", got)
	}
}

func TestAnEmbargoThatEndedNeverBeginsAgain(t *testing.T) {
	s := told(t)
	s.then("2026-03-02 10:00", "ann", cvd.What{Embargoed: &cvd.Embargoed{Until: on("2026-04-01 00:00")}})
	if got := s.weigh("2026-03-03 10:00", "ann", "disclose", cvd.What{}); !slices.Contains(clauses(got), "steps.disclose.requires.quiet") {
		t.Errorf("the policy's own clause about the embargo is not named: %v", got)
	}
	s.then("2026-03-03 10:00", "ann", cvd.What{Lifted: &cvd.Lifted{Why: "agreed"}})
	if got := s.weigh("2026-03-03 11:00", "ann", "embargo", cvd.What{}); len(got) != 1 {
		t.Errorf("the embargo has ended, got %v", got)
	}
}

func TestAWaiverPassesItsClauseAndNoOther(t *testing.T) {
	s := told(t)
	s.then("2026-03-02 12:00", "ann", cvd.What{Validated: &cvd.Validated{Evidence: "x"}})
	s.then("2026-03-02 13:00", "ann", triaged("high", "shut"))
	s.then("2026-03-03 09:00", "ann", cvd.What{Remedied: &cvd.Remedied{Product: "lamp", Line: "1", Status: "patched"}})
	want := []string{"steps.release.requires.lines", "steps.release.requires.wait", "steps.release.requires.grave"}
	if got := clauses(s.weigh("2026-03-03 10:00", "ann", "release", cvd.What{})); !slices.Equal(got, want) {
		t.Fatalf("before the waiver: %v, want %v", got, want)
	}

	waiving := cvd.What{Waiving: &cvd.Waiving{Clause: "steps.release.requires.wait", Because: "the horn is broken"}}
	if got := s.weigh("2026-03-03 10:00", "ann", "waive", cvd.What{Waiving: &cvd.Waiving{Clause: "steps.release.requires.luck"}}); len(got) != 1 {
		t.Errorf("the policy has no such clause, got %v", got)
	}
	s.then("2026-03-03 10:00", "ann", waiving)
	if got := clauses(s.weigh("2026-03-03 10:30", "ann", "release", cvd.What{})); !slices.Equal(got, want) {
		t.Errorf("one person asked for it and nobody seconded: %v", got)
	}
	if got := s.weigh("2026-03-09 10:00", "ann", "waive", waiving); len(got) != 1 || !strings.Contains(got[0].Says, "second person") {
		t.Errorf("ann seconds herself: %v", got)
	}
	if got := s.weigh("2026-03-03 11:00", "ben", "waive", waiving); len(got) > 0 {
		t.Errorf("ben may second it: %v", got)
	}
	s.then("2026-03-03 11:00", "ben", waiving)
	if got := clauses(s.weigh("2026-03-03 12:00", "ann", "release", cvd.What{})); !slices.Equal(got, []string{want[0], want[2]}) {
		t.Errorf("after the waiver: %v", got)
	}
	ask := Ask{Case: s.c, Who: keeper("ann"), Step: "release", Now: on("2026-03-03 12:00"), Roster: 2}
	if got := s.p.Passed(ask); !slices.Equal(got, []string{"steps.release.requires.wait"}) {
		t.Errorf("passed by the waiver: %v", got)
	}
	ask.Step = "validate"
	if got := s.p.Passed(ask); len(got) > 0 {
		t.Errorf("a step that never waits passed %v by the waiver", got)
	}
}

func TestATeamOfOneSecondsItsOwnWaiverAfterADay(t *testing.T) {
	s := told(t)
	waiving := cvd.What{Waiving: &cvd.Waiving{Clause: "steps.release.requires.wait", Because: "the horn is broken"}}
	s.then("2026-03-03 10:00", "ann", waiving)
	ask := Ask{Case: s.c, Who: keeper("ann"), Step: "waive", What: waiving, Now: on("2026-03-04 09:59"), Roster: 1}
	if got := s.p.Weigh(ask); len(got) != 1 || !got[0].Earliest.Equal(on("2026-03-04 10:00")) {
		t.Errorf("a minute early: %v", got)
	}
	ask.Now = on("2026-03-04 10:00")
	if got := s.p.Weigh(ask); len(got) > 0 || !s.p.SecondLook(ask) {
		t.Errorf("after a day: %v, second look %v", got, s.p.SecondLook(ask))
	}
	s.p.Document.Alone = nil
	if got := s.p.Weigh(ask); len(got) != 1 || !got[0].Earliest.IsZero() {
		t.Errorf("a policy without the rule needs a second person: %v", got)
	}
}

func TestEarliestIsKnownOnlyIfNothingElseIsMissing(t *testing.T) {
	early, late := cvd.Objection{Earliest: on("2026-03-02 09:00")}, cvd.Objection{Earliest: on("2026-03-03 09:00")}
	for name, row := range map[string]struct {
		all  []cvd.Objection
		want time.Time
	}{
		"nothing":                {nil, time.Time{}},
		"two waits":              {[]cvd.Objection{late, early}, on("2026-03-03 09:00")},
		"a wait and a signature": {[]cvd.Objection{early, {Clause: "x"}}, time.Time{}},
	} {
		if got := Earliest(row.all); !got.Equal(row.want) {
			t.Errorf("%s: %s", name, got)
		}
	}
}

func TestOptionsAreTheStepsOfOnesRoles(t *testing.T) {
	s := told(t)
	got := s.p.Options(Ask{Case: s.c, Who: keeper("ann"), Now: on("2026-03-02 10:00"), Roster: 2}, []string{"validate", "date", "release", "notify"})
	var steps []string
	for _, o := range got {
		steps = append(steps, o.Step)
	}
	if !slices.Equal(steps, []string{"validate", "release", "notify"}) || len(got[0].Blocked) > 0 || len(got[1].Blocked) == 0 {
		t.Errorf("ann may not date, may validate now and release later; got %+v", got)
	}
	if want := []string{"notices.bell.requires.released"}; !slices.Equal(clauses(got[2].Blocked), want) {
		t.Errorf("of the notices for this track the first says what it lacks: %v, want %v", clauses(got[2].Blocked), want)
	}
}

func TestTheAdvisorySaysNoMoreThanThePolicyAllows(t *testing.T) {
	s := told(t)
	s.then("2026-03-02 10:00", "ann", cvd.What{Analysed: &cvd.Analysed{Section: "exploit", Text: "Send the pump a negative number and then close the valve."}})
	draft := func(at, summary string) {
		s.then(at, "ann", cvd.What{Drafted: &cvd.Drafted{Text: cvd.AdvisoryText{Title: "Hole", Summary: summary}}})
	}
	if got := s.weigh("2026-03-02 10:30", "ben", "approve", cvd.What{}); len(got) == 0 {
		t.Error("there is no edition, and it may be approved")
	}
	draft("2026-03-02 11:00", "Attackers send the pump a negative number.")
	if got := clauses(s.weigh("2026-03-02 12:00", "ben", "approve", cvd.What{})); !slices.Equal(got, []string{"disclosure.exploit"}) {
		t.Errorf("the exploit analysis is repeated, got %v", got)
	}
	draft("2026-03-02 13:00", " ")
	if got := clauses(s.weigh("2026-03-02 14:00", "ben", "approve", cvd.What{})); !slices.Equal(got, []string{"advisory.parts"}) {
		t.Errorf("the description is empty, got %v", got)
	}
	draft("2026-03-02 15:00", "The pump could be made to run backwards.")
	if got := s.weigh("2026-03-02 16:00", "ben", "approve", cvd.What{}); len(got) > 0 {
		t.Errorf("nothing is wrong with it, got %v", got)
	}
	s.p.Document.Disclosure.Exploit = "with_disclosure"
	draft("2026-03-02 17:00", "Attackers send the pump a negative number.")
	if got := s.weigh("2026-03-02 18:00", "ben", "approve", cvd.What{}); len(got) > 0 {
		t.Errorf("this policy tells everything at once, got %v", got)
	}
}

func TestTheLegalWordComesBeforeTheLastOne(t *testing.T) {
	if got := merge(merge(nil, []string{"technical", "final"}), []string{"technical", "legal", "final"}); !slices.Equal(got, []string{"technical", "legal", "final"}) {
		t.Errorf("merged: %v", got)
	}
	if got := merge([]string{"technical", "final"}, []string{"legal", "final"}); !slices.Equal(got, []string{"technical", "legal", "final"}) {
		t.Errorf("merged: %v", got)
	}
}

func TestMoneyAfterTheWordAndDetailsInFull(t *testing.T) {
	s := told(t)
	paid, unpaid := cvd.What{Rewarded: &cvd.Rewarded{Report: 1, Paid: true}}, cvd.What{Rewarded: &cvd.Rewarded{Report: 1, Because: "known"}}
	if got := clauses(s.weigh("2026-03-02 10:00", "ann", "reward", paid)); !slices.Equal(got, []string{"bounty.after"}) {
		t.Errorf("nobody was told yet, got %v", got)
	}
	if got := s.weigh("2026-03-02 10:00", "ann", "reward", unpaid); len(got) > 0 {
		t.Errorf("that no bounty is due may be said at any time, got %v", got)
	}
	s.p.Document.Bounty = nil
	if got := s.weigh("2026-03-02 10:00", "ann", "reward", paid); len(got) != 1 {
		t.Errorf("this policy pays no bounties, got %v", got)
	}
	post := cvd.What{Explained: &cvd.Explained{URL: "u", Vulnerability: "A hole."}}
	if got := s.weigh("2026-03-02 10:00", "ann", "explain", post); len(got) != 1 || !strings.Contains(got[0].Says, "response") {
		t.Errorf("the response is missing, got %v", got)
	}
	if sections, due := s.p.Details(s.c); len(sections) != 2 || !due.IsZero() {
		t.Errorf("before the release: %v due %s", sections, due)
	}
	if _, due := s.p.Details(closedAfterRelease(t).c); !due.Equal(on("2026-03-11 09:00")) {
		t.Errorf("after the release of 4 March the details are due %s", due)
	}
}

// Two locks keep an approval from passing to another text, and one's own word from counting: each is tried with the other open.
func TestAnApprovalIsOfItsTextByAnotherHoweverItGotThere(t *testing.T) {
	rule := &Reviews{Of: "advisory", Parts: []string{"final"}}
	for name, row := range map[string]struct {
		by    cvd.ActorID
		hash  string
		alone bool
		met   bool
	}{
		"by another, of this text":               {"ben", "", false, true},
		"by another, of the text before":         {"ben", "0000", false, false},
		"by the author":                          {"ann", "", false, false},
		"by the author, marked, before the wait": {"ann", "", true, false},
	} {
		s := told(t)
		s.then("2026-03-02 10:00", "ann", cvd.What{Drafted: &cvd.Drafted{Text: cvd.AdvisoryText{Summary: "One."}}})
		if row.hash == "" {
			row.hash = s.c.Advisory.Latest().Text.Hash()
		}
		s.then("2026-03-02 11:00", row.by, cvd.What{Approved: &cvd.Approved{Edition: 1, Hash: row.hash, Alone: row.alone}})
		w := weighing{Ask: &Ask{Case: s.c, Now: on("2026-03-02 12:00"), Roster: 2}, policy: s.p}
		if says, _ := w.reviews(rule); (says == "") != row.met {
			t.Errorf("%s: %q", name, says)
		}
	}
}

func TestOnePersonTwiceIsOnePerson(t *testing.T) {
	s := told(t)
	s.then("2026-03-02 10:00", "ann", cvd.What{Remedied: &cvd.Remedied{Product: "lamp", Line: "1", Status: "patched", Patches: []cvd.Patch{{URL: "u"}}}})
	for _, at := range []string{"2026-03-02 11:00", "2026-03-02 11:10"} {
		s.then(at, "ben", cvd.What{Reviewed: &cvd.Reviewed{Of: "fix", Verdict: "approve", Expert: true}})
	}
	w := weighing{Ask: &Ask{Case: s.c, Now: on("2026-03-02 12:00"), Roster: 3}, policy: s.p}
	want := "1 of 2 people besides the author approved what is there now; 1 of 2 experts"
	if says, _ := w.reviews(&Reviews{Of: "fix", Count: 2, Experts: 2}); says != want {
		t.Errorf("got %q, want %q", says, want)
	}
}

func TestNobodySaysThatAReleaseIsComingWhenItIsOut(t *testing.T) {
	s := told(t)
	s.then("2026-03-02 12:00", "ann", triaged("low", "shut"))
	s.then("2026-03-03 09:00", "ann", cvd.What{Released: &cvd.Released{Product: "lamp", Line: "1"}})
	horn := cvd.What{Notified: &cvd.Notified{Notice: "horn"}}
	if got := clauses(s.weigh("2026-03-03 10:00", "ann", "notify", horn)); !slices.Equal(got, []string{"notices.horn.before_release"}) {
		t.Errorf("the release is out, got %v", got)
	}
	if got := s.weigh("2026-03-03 10:00", "ann", "notify", cvd.What{}); len(got) > 0 {
		t.Errorf("the horn is late and the bell may ring: something may be sent, got %v", got)
	}
	s.c.Track = "open"
	if got := clauses(s.weigh("2026-03-02 08:00", "ann", "notify", horn)); !slices.Equal(got, []string{"notices.horn.tracks"}) {
		t.Errorf("the horn is for another track, got %v", got)
	}
}
