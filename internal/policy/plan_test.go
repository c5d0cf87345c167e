package policy

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tipstaff/tipstaff/cvd"
)

func TestThePlanCarriesWaitsThroughTheStages(t *testing.T) {
	s := told(t)
	s.then("2026-03-02 10:00", "ann", cvd.What{Acknowledged: &cvd.Acknowledged{}})
	s.then("2026-03-02 11:00", "ann", cvd.What{Validated: &cvd.Validated{Evidence: "x"}})
	s.then("2026-03-02 12:00", "ann", triaged("high", "shut"))
	want := []cvd.Planned{
		{At: on("2026-03-04 12:00"), What: "Studied", Clause: "stages.study", Kind: "earliest"}, // said to take two days
		{At: on("2026-03-09 12:00"), What: "Study", Clause: "clocks.study", Kind: "due"},
		{At: on("2026-03-04 12:00"), What: "Fixed", Clause: "stages.fix", Kind: "earliest"},
		{At: on("2026-03-05 09:00"), What: "Fix (target)", Clause: "clocks.fix", Kind: "due"},
		{At: on("2026-03-07 09:00"), What: "Fix", Clause: "clocks.fix", Kind: "due"},
		{At: on("2026-03-02 15:00"), What: "Watch", Clause: "clocks.watch", Kind: "due"},
		{At: on("2026-03-04 12:00"), What: "Horn blown", Clause: "stages.horn", Kind: "earliest"},
		{At: on("2026-03-06 12:00"), What: "Released", Clause: "stages.release", Kind: "earliest"}, // two days after the horn
		{At: on("2026-03-06 12:00"), What: "Told", Clause: "stages.advisory", Kind: "earliest"},
		{What: "Nothing says when this becomes public, or why not", Kind: "unplanned"},
	}
	if diff := cmp.Diff(want, s.p.Plan(s.c, on("2026-03-02 13:00"))); diff != "" {
		t.Errorf("the plan (-want +got):\n%s", diff)
	}

	// When attacks are seen the wait is gone, from the plan too.
	s.then("2026-03-02 14:00", "ann", cvd.What{Observed: &cvd.Observed{Fact: "attacks"}})
	if got := stageAt(s, "2026-03-05 00:00", "release"); !got.IsZero() {
		t.Errorf("nothing holds the release in an emergency, and the plan says %s", got)
	}
}

func TestAWaitThatCountsFromAStageAheadBeginsWithIt(t *testing.T) {
	s := told(t)
	s.p.Document.Steps[1].Requires[1].Wait.After = cvd.MarkFixReady
	s.then("2026-03-02 12:00", "ann", triaged("high", "shut"))
	if got := stageAt(s, "2026-03-02 13:00", "release"); !got.Equal(on("2026-03-06 12:00")) {
		t.Errorf("the study takes until 4 March and the wait two days more, and the plan says %s", got)
	}
}

func stageAt(s *tale, now, stage string) time.Time {
	for _, x := range s.p.Plan(s.c, on(now)) {
		if x.Clause == "stages."+stage {
			return x.At
		}
	}
	return on("1999-01-01 00:00")
}

func TestThePlanHoldsTheInstantsThatPeopleSet(t *testing.T) {
	s := told(t)
	s.then("2026-03-02 12:00", "ann", triaged("low", "open"))
	s.then("2026-03-02 13:00", "ann", cvd.What{Embargoed: &cvd.Embargoed{Until: on("2026-03-20 00:00")}})
	s.then("2026-03-02 14:00", "ann", cvd.What{Armed: &cvd.Armed{Due: on("2026-03-21 12:00")}})
	plan := s.p.Plan(s.c, on("2026-03-03 00:00"))
	want := []cvd.Planned{{At: on("2026-03-21 12:00"), What: "Publication", Clause: "steps.disclose", Kind: "set"},
		{At: on("2026-03-20 00:00"), What: "End of the embargo", Clause: "embargo", Kind: "set"},
		{At: on("2026-03-20 00:00"), What: "The embargo ends before the publication: from then on nothing binds anybody to wait for it",
			Clause: "embargo", Kind: "conflict"}}
	if diff := cmp.Diff(want, plan[len(plan)-3:]); diff != "" {
		t.Errorf("the end of the plan (-want +got):\n%s", diff)
	}
	if got := stageAt(s, "2026-03-03 00:00", "advisory"); !got.Equal(on("2026-03-20 00:00")) {
		t.Errorf("the advisory cannot come under the embargo, and the plan says %s", got)
	}
}

func TestWhoActsNext(t *testing.T) {
	s := told(t)
	next := func(at, who, what, by string) {
		t.Helper()
		want := cvd.Next{Who: who, What: what}
		if by != "" {
			want.By = on(by)
		}
		if diff := cmp.Diff(want, s.p.Next(s.c, on(at))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", at, diff)
		}
	}
	next("2026-03-02 09:30", "the project", "Answered", "2026-03-03 09:00") // the limit, before the target
	s.then("2026-03-02 10:00", "ann", cvd.What{Acknowledged: &cvd.Acknowledged{Message: "Which pump is it?"}})
	next("2026-03-02 10:30", "the reporter", "Answer the project's question.", "")
	s.then("2026-03-02 11:00", "reporter:1", cvd.What{Messaged: &cvd.Messaged{Text: "The big one?"}})
	next("2026-03-02 11:30", "the project", "Studied", "") // its clock begins with triage; that the fix is hoped for earlier is not its date
	s.then("2026-03-02 12:00", "ann", cvd.What{Invalidated: &cvd.Invalidated{Reason: "known"}})
	next("2026-03-02 12:30", "nobody", "The report is invalid.", "")
	if plan := s.p.Plan(s.c, on("2026-03-02 12:30")); len(plan) > 0 {
		t.Errorf("nothing is planned for a report that is not valid: %v", plan)
	}

	s = closedAfterRelease(t)
	next("2026-03-06 09:00", "the project", "Story", "2026-03-11 09:00") // owed after closing
	s.then("2026-03-06 10:00", "ann", cvd.What{Explained: &cvd.Explained{URL: "u"}})
	next("2026-03-06 11:00", "nobody", "The report is closed.", "")
}

func TestSilenceIsAskedForWhileItProtects(t *testing.T) {
	s := told(t)
	const asked = "Please keep quiet. Pirates listen."
	if got := s.p.Silence(cvd.Case{}); got != asked {
		t.Errorf("before the report: %q", got)
	}
	if got := s.p.Silence(s.c); got != "" {
		t.Errorf("on a track that does not ask for it: %q", got)
	}
	s.then("2026-03-02 12:00", "ann", triaged("low", "shut"))
	if got := s.p.Silence(s.c); got != asked {
		t.Errorf("on its track: %q", got)
	}
	for name, what := range map[string]cvd.What{
		"the matter is public":    {Observed: &cvd.Observed{Fact: "public"}},
		"it is disclosed":         {Disclosed: &cvd.Disclosed{}},
		"the fix is ready":        {Remedied: &cvd.Remedied{Product: "lamp", Line: "1", Status: "patched"}},
		"the report is not valid": {Invalidated: &cvd.Invalidated{}},
	} {
		over := &tale{p: s.p, c: s.c}
		if over.then("2026-03-03 12:00", "ann", what); over.p.Silence(over.c) != "" {
			t.Errorf("%s, and silence is still asked for", name)
		}
	}
	if strings.Contains(asked, "\n") {
		t.Error("one line")
	}
}
