package policy

import (
	"strings"
	"testing"

	"github.com/tipstaff/tipstaff/cvd"
)

func TestBeforeClassificationTheShortestPromiseRuns(t *testing.T) {
	s := told(t)
	if k := s.clock("answer.limit"); !k.Due.Equal(on("2026-03-03 09:00")) || k.Class != "" {
		t.Errorf("nobody knows the class yet, and the answer is due %+v", k)
	}
	if k := s.clock("fix.limit"); k.Name != "" {
		t.Errorf("unclassified: none promises nothing yet, got %+v", k)
	}
	if k := s.clock("fix.target"); !k.Due.Equal(on("2026-03-05 09:00")) || k.Kind != cvd.Target {
		t.Errorf("a target for all classes runs from the start, got %+v", k)
	}
}

func TestAnEventThatTouchesNoClockMovesNone(t *testing.T) {
	s := told(t)
	if moved := s.then("2026-03-02 10:00", "ann", cvd.What{Noted: &cvd.Noted{Text: "hm"}}); len(moved) > 0 {
		t.Errorf("a note moved %+v", moved)
	}
	s.then("2026-03-03 09:01", "system", cvd.What{Breached: &cvd.Breached{Clock: "answer", Kind: cvd.Limit, Due: on("2026-03-03 09:00")}})
	if k := s.clock("answer.limit"); !k.Breached.Equal(on("2026-03-03 09:01")) || !k.Open() {
		t.Errorf("a breach is recorded and the promise stays open, got %+v", k)
	}
	s.then("2026-03-03 11:00", "ann", cvd.What{Acknowledged: &cvd.Acknowledged{}})
	if k := s.clock("answer.limit"); k.Open() || k.Breached.IsZero() || !k.Late(on("2026-03-09 00:00")) {
		t.Errorf("an answer that came late stays late, got %+v", k)
	}
}

func TestAReminderAfterReclassificationCountsFromTheChange(t *testing.T) {
	s := told(t)
	s.then("2026-03-02 12:00", "ann", triaged("low", "shut"))
	if k := s.clock("watch.limit"); !k.Due.Equal(on("2026-03-09 09:00")) {
		t.Errorf("the first class counts from the anchor, got %+v", k)
	}
	s.then("2026-03-04 12:00", "ann", triaged("high", "shut"))
	if k := s.clock("watch.limit"); !k.Due.Equal(on("2026-03-04 18:00")) || !k.From.Equal(on("2026-03-04 12:00")) {
		t.Errorf("from_change counts six hours from the change, got %+v", k)
	}
	if k := s.clock("fix.limit"); !k.Due.Equal(on("2026-03-07 09:00")) || !strings.Contains(k.Because, "from low to high") {
		t.Errorf("from_anchor counts five days from the report, got %+v", k)
	}
	if moved := s.then("2026-03-05 12:00", "ann", triaged("high", "shut")); len(moved) > 0 {
		t.Errorf("the same class again moved %+v", moved)
	}
}

func TestTheFirstClassIsNoChange(t *testing.T) {
	s := &tale{p: sample(t)}
	s.p.Document.Clocks[2].Unclassified, s.p.Document.Clocks[2].Tracks = "shortest", nil
	s.then("2026-03-02 09:00", "stranger", received("A hole"))
	s.then("2026-03-02 12:00", "ann", triaged("low", "shut"))
	if k := s.clock("watch.limit"); !k.Due.Equal(on("2026-03-09 09:00")) {
		t.Errorf("to decide the severity first is no reclassification, got %+v", k)
	}
}

func TestAPromiseOfAnotherTrackEndsAndComesBack(t *testing.T) {
	s := told(t)
	s.then("2026-03-02 12:00", "ann", triaged("low", "shut"))
	s.then("2026-03-03 12:00", "ann", triaged("low", "open"))
	if k := s.clock("watch.limit"); k.Open() || !k.Replaced.Equal(on("2026-03-03 12:00")) || !strings.Contains(k.Because, "open") {
		t.Errorf("the clock is for the track shut only, got %+v", k)
	}
	s.then("2026-03-04 12:00", "ann", triaged("low", "shut"))
	if k := s.clock("watch.limit"); !k.Open() || !k.Due.Equal(on("2026-03-09 09:00")) {
		t.Errorf("back on its track it runs from the same start, got %+v", k)
	}
}

func TestAClassWithoutAPromiseEndsTheClock(t *testing.T) {
	s := told(t)
	s.then("2026-03-02 12:00", "ann", triaged("low", "shut"))
	s.then("2026-03-03 12:00", "ann", triaged("none", "shut"))
	if k := s.clock("watch.limit"); k.Open() {
		t.Errorf("nothing is promised for the class none, got %+v", k)
	}
	if k := s.clock("fix.limit"); k.Waits != "next_release" || !k.Due.IsZero() || !k.Open() {
		t.Errorf("the fix waits for the next release, got %+v", k)
	}
	s.then("2026-03-04 12:00", "ann", cvd.What{Dated: &cvd.Dated{Event: "next_release", On: on("2026-05-01 00:00")}})
	if k := s.clock("fix.limit"); k.Waits != "" || !k.Due.Equal(on("2026-05-01 00:00")) || !k.Open() {
		t.Errorf("the next release has a date, got %+v", k)
	}
}

func TestNothingIsOwedOnAReportThatIsNotValid(t *testing.T) {
	s := told(t)
	s.then("2026-03-02 12:00", "ann", cvd.What{Invalidated: &cvd.Invalidated{Reason: "out_of_scope", Evidence: "x"}})
	if k := s.clock("answer.limit"); !k.Met.Equal(on("2026-03-02 12:00")) {
		t.Errorf("finding it not valid is an answer, got %+v", k)
	}
	if k := s.clock("fix.target"); k.Open() || !k.Met.IsZero() {
		t.Errorf("there is nothing to fix, got %+v", k)
	}
	s.then("2026-03-04 12:00", "ann", cvd.What{Validated: &cvd.Validated{Evidence: "it is right after all"}})
	if k := s.clock("fix.target"); !k.Open() || !k.Due.Equal(on("2026-03-05 09:00")) {
		t.Errorf("it is valid after all and the promise holds again, got %+v", k)
	}
	if k := s.clock("answer.limit"); !k.Met.Equal(on("2026-03-02 12:00")) {
		t.Errorf("the answer was given and is not owed again, got %+v", k)
	}
}

func TestAClassWithTheSameInstantForgetsNoBreach(t *testing.T) {
	s := told(t)
	s.then("2026-03-03 09:01", "system", cvd.What{Breached: &cvd.Breached{Clock: "answer", Kind: cvd.Limit, Due: on("2026-03-03 09:00")}})
	s.then("2026-03-03 10:00", "ann", triaged("high", "open"))
	if k := s.clock("answer.limit"); k.Class != "high" || k.Breached.IsZero() {
		t.Errorf("the shortest promise is that of the class high; got %+v", k)
	}
	s.then("2026-03-03 11:00", "ann", triaged("low", "open"))
	if k := s.clock("answer.limit"); !k.Due.Equal(on("2026-03-04 09:00")) || !k.Breached.IsZero() || len(s.c.OldClocks) == 0 || s.c.OldClocks[0].Breached.IsZero() {
		t.Errorf("a later instant is not breached, and the breach stays in history; got %+v, %+v", k, s.c.OldClocks)
	}
}

func TestASecondReporterIsPromisedAnAnswerToo(t *testing.T) {
	s := told(t)
	s.then("2026-03-02 12:00", "ann", cvd.What{Acknowledged: &cvd.Acknowledged{}})
	s.then("2026-03-02 13:00", "ann", triaged("low", "open"))
	s.then("2026-03-05 09:00", "stranger", received("The same hole"))
	if k := s.clock("answer.limit"); !k.Open() || !k.Due.Equal(on("2026-03-07 09:00")) {
		t.Errorf("the second reporter waits for an answer from their own report on, got %+v", k)
	}
	if k := s.clock("fix.limit"); !k.Due.Equal(on("2026-03-12 09:00")) {
		t.Errorf("the fix is not put off by a second report, got %+v", k)
	}
	s.then("2026-03-05 10:00", "ann", cvd.What{Acknowledged: &cvd.Acknowledged{}})
	if k := s.clock("answer.limit"); !k.Met.Equal(on("2026-03-05 10:00")) {
		t.Errorf("the second answer meets the second promise, got %+v", k)
	}
}

// released tells a case up to its release and end.
func closedAfterRelease(t *testing.T) *tale {
	s := told(t)
	s.then("2026-03-02 12:00", "ann", cvd.What{Validated: &cvd.Validated{Evidence: "x"}})
	s.then("2026-03-02 13:00", "ann", triaged("high", "open"))
	s.then("2026-03-02 14:00", "ann", cvd.What{Prioritised: &cvd.Prioritised{Priority: "first"}})
	s.then("2026-03-03 09:00", "ann", cvd.What{Remedied: &cvd.Remedied{Product: "lamp", Line: "1", Status: "patched"}})
	s.then("2026-03-04 09:00", "ann", cvd.What{Released: &cvd.Released{Product: "lamp", Line: "1"}})
	s.then("2026-03-05 09:00", "ann", cvd.What{Ended: &cvd.Ended{Outcome: "resolved"}})
	return s
}

func TestWhatIsOwedAfterTheReleaseOutlivesTheCase(t *testing.T) {
	s := closedAfterRelease(t)
	if k := s.clock("story.limit"); !k.Open() || !k.Due.Equal(on("2026-03-11 09:00")) {
		t.Errorf("the story is promised a week after the release, got %+v", k)
	}
	s.then("2026-03-06 09:00", "ann", cvd.What{Explained: &cvd.Explained{URL: "u"}})
	if k := s.clock("story.limit"); k.Open() {
		t.Errorf("the story is told, got %+v", k)
	}
	early := told(t)
	early.then("2026-03-02 12:00", "ann", cvd.What{Validated: &cvd.Validated{Evidence: "x"}})
	early.then("2026-03-02 13:00", "ann", cvd.What{Postponed: &cvd.Postponed{Because: "duplicate"}})
	if k := early.clock("fix.target"); !k.Open() {
		t.Errorf("to put work off does not undo a promise, got %+v", k)
	}
	early.then("2026-03-02 14:00", "ann", cvd.What{Ended: &cvd.Ended{Outcome: "duplicate"}})
	for _, k := range early.c.Clocks {
		if k.Open() {
			t.Errorf("the case was closed without a release and still owes %+v", k)
		}
	}
}

func TestAReportInAClosedCaseBeginsEverythingAnew(t *testing.T) {
	s := closedAfterRelease(t)
	s.then("2026-04-01 09:00", "stranger", received("The hole is back"))
	if k := s.clock("fix.limit"); k.Open() {
		t.Errorf("nobody has said yet how grave the new report is, got %+v", k)
	}
	if k := s.clock("story.limit"); !k.Open() || !k.Due.Equal(on("2026-03-11 09:00")) {
		t.Errorf("the story of the first fix is still owed from then, got %+v", k)
	}
	s.then("2026-04-01 10:00", "ann", cvd.What{Acknowledged: &cvd.Acknowledged{}})
	s.then("2026-04-01 11:00", "ann", cvd.What{Validated: &cvd.Validated{Evidence: "x"}})
	s.then("2026-04-01 12:00", "ann", triaged("high", "open"))
	if k := s.clock("fix.limit"); !k.Open() || !k.Due.Equal(on("2026-04-06 09:00")) {
		t.Errorf("the fix is promised anew from the new report, got %+v", k)
	}
	if k := s.clock("study.limit"); !k.From.Equal(on("2026-04-01 12:00")) {
		t.Errorf("the study counts from the new triage, got %+v", k)
	}
	s.then("2026-04-02 09:00", "ann", cvd.What{Remedied: &cvd.Remedied{Product: "lamp", Line: "1", Status: "affected"}})
	if k := s.clock("fix.limit"); !k.Open() {
		t.Errorf("the line is affected again, and the fix of March met the promise of April: %+v", k)
	}
	s.then("2026-04-03 09:00", "ann", cvd.What{Remedied: &cvd.Remedied{Product: "lamp", Line: "1", Status: "patched"}})
	if k := s.clock("fix.limit"); !k.Met.Equal(on("2026-04-03 09:00")) {
		t.Errorf("the second fix meets the second promise, got %+v", k)
	}
	if s.p.Weigh(Ask{Case: s.c, Who: keeper("ann"), Step: "release", Now: on("2026-04-03 10:00"), Roster: 2}) == nil {
		t.Error("the cause and the other line of the second fix are missing, and nothing stands in its way")
	}
	s.then("2026-04-04 09:00", "ann", cvd.What{Released: &cvd.Released{Product: "lamp", Line: "1"}})
	if k := s.clock("story.limit"); !k.Due.Equal(on("2026-04-11 09:00")) {
		t.Errorf("the second release promises a second story, got %+v", k)
	}
}

func BenchmarkReceiving(b *testing.B) {
	p := sample(b)
	e := cvd.Event{Project: "harbour", Case: "HRB-1", Rev: 1, At: on("2026-03-02 09:00"), What: received("A hole below the waterline")}
	e.What.Received.Report.Description = strings.Repeat("Water comes in when the pump runs. ", 40)
	e.What.Received.Report.Fields = map[string]string{"afloat": "yes"}
	after := cvd.Fold(cvd.Case{}, e)
	if err := p.CheckReport(&e.What.Received.Report); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if p.CheckReport(&e.What.Received.Report) != nil || len(p.Clocks(cvd.Case{}, after, e)) == 0 {
			b.Fatal("refused")
		}
	}
}
