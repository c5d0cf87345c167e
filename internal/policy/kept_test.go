package policy

import (
	"slices"
	"strings"
	"testing"

	"github.com/tipstaff/tipstaff/cvd"
)

// varied is the harbour's policy with some of its text put otherwise: what stands there, then what takes its place.
func varied(t testing.TB, pairs ...string) *tale {
	t.Helper()
	text := harbour
	for i := 0; i < len(pairs); i += 2 {
		if strings.Count(text, pairs[i]) != 1 {
			t.Fatalf("%q stands %d times in the harbour's policy", pairs[i], strings.Count(text, pairs[i]))
		}
		text = strings.Replace(text, pairs[i], pairs[i+1], 1)
	}
	p, err := Read("harbour.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	s := &tale{p: p}
	s.then("2026-03-02 09:00", "stranger", received("A hole below the waterline")) // a Monday
	return s
}

const (
	storyClock = "  - {name: story, title: Story, from: released, until: explained, within: 7d}\n"
	studyClock = "  - {name: study, title: Study, from: triaged, until: analysed, at_least: 2d, within: 1w}\n"
)

func asks(at string, s *tale, text string) []cvd.Clock {
	return s.then(at, "ann", cvd.What{Messaged: &cvd.Messaged{Report: 1, Text: text}})
}

func answers1(at string, s *tale) []cvd.Clock {
	return s.then(at, "reporter:1", cvd.What{Messaged: &cvd.Messaged{Report: 1, Text: "It was the big one."}})
}

func TestAPromiseStandsWhileSomebodyElseHasToAct(t *testing.T) {
	for name, row := range map[string]struct{ clock, stands, goesOn, due string }{
		"a day of waiting moves it by a day":                  {"within: 7d, pause: [question]", "2026-03-03 09:00", "2026-03-04 09:00", "2026-03-10 09:00"},
		"working time is counted in working time":             {"within: 3wd, calendar: week, pause: [question]", "2026-03-03 09:00", "2026-03-09 07:30", "2026-03-11 07:30"},
		"a weekend of waiting costs nothing of working time":  {"within: 6wd, calendar: week, pause: [question]", "2026-03-07 09:00", "2026-03-08 09:00", "2026-03-10 09:00"},
		"a question that the rule does not name stops nobody": {"within: 7d, pause: [deferred]", "2026-03-03 09:00", "2026-03-04 09:00", "2026-03-09 09:00"},
	} {
		s := varied(t, storyClock, storyClock+"  - {name: cure, title: Cure, from: received, until: released, "+row.clock+"}\n",
			"stages:\n", "calendars: [{name: week}]\nstages:\n")
		due := s.clock("cure.limit").Due
		asks(row.stands, s, "Which pump is it?")
		if k := s.clock("cure.limit"); strings.Contains(row.clock, "question") != k.Due.IsZero() || !k.Open() || k.Late(on("2026-05-01 00:00")) && k.Due.IsZero() {
			t.Errorf("%s: while the question is open the clock is %+v", name, k)
		}
		answers1(row.goesOn, s)
		if k := s.clock("cure.limit"); !k.Due.Equal(on(row.due)) || !k.Paused.IsZero() {
			t.Errorf("%s: it goes on until %s, want %s", name, cvd.Instant(k.Due), row.due)
		}
		if strings.Contains(row.clock, "question") && !slices.ContainsFunc(s.c.OldClocks, func(k cvd.Clock) bool { return k.Name == "cure" && k.Due.Equal(due) }) {
			t.Errorf("%s: the first instant is not in the history: %+v", name, s.c.OldClocks)
		}
		if moved := s.then("2026-03-09 08:00", "ann", cvd.What{Noted: &cvd.Noted{Text: "hm"}}); strings.Contains(row.clock, "question") && len(moved) > 0 {
			t.Errorf("%s: a note forgets how long the clock stood: %+v", name, moved)
		}
	}
}

func TestWhatIsLateDoesNotBecomePunctualByAQuestion(t *testing.T) {
	s := varied(t, storyClock, storyClock+"  - {name: cure, title: Cure, from: received, until: released, within: 2d, pause: [question, deferred]}\n")
	s.then("2026-03-05 09:00", "system", cvd.What{Breached: &cvd.Breached{Clock: "cure", Kind: cvd.Limit, Due: on("2026-03-04 09:00")}})
	asks("2026-03-05 10:00", s, "Which pump is it?")
	if k := s.clock("cure.limit"); !k.Late(on("2026-03-05 11:00")) || k.Breached.IsZero() || !k.Paused.IsZero() {
		t.Errorf("it was late before anybody asked: %+v", k)
	}
}

func TestPuttingWorkOffStopsTheClocksThatSaySo(t *testing.T) {
	s := varied(t, storyClock, storyClock+"  - {name: cure, title: Cure, from: received, until: released, within: 7d, pause: [deferred]}\n")
	s.then("2026-03-02 12:00", "ann", cvd.What{Validated: &cvd.Validated{Evidence: "x"}})
	s.then("2026-03-03 09:00", "ann", cvd.What{Postponed: &cvd.Postponed{Because: "later"}})
	if k := s.clock("cure.limit"); !k.Due.IsZero() || !strings.Contains(k.Because, "put off") {
		t.Errorf("the work is put off and the clock is %+v", k)
	}
	if k := s.clock("fix.target"); k.Due.IsZero() || !k.Open() {
		t.Errorf("a clock that says nothing of it runs on, and is %+v", k)
	}
	if n := s.p.Next(s.c, on("2026-03-03 10:00")); n.By != on("2026-03-03 09:00") || n.What != "Answer" {
		t.Errorf("what still runs is named: %+v", n)
	}
	s.then("2026-03-13 09:00", "ann", cvd.What{Prioritised: &cvd.Prioritised{Priority: "first"}})
	if k := s.clock("cure.limit"); !k.Due.Equal(on("2026-03-19 09:00")) {
		t.Errorf("ten days put off are ten days later, got %+v", k)
	}
}

func TestAnOpenPromiseWarnsAndClimbsItsLadder(t *testing.T) {
	s := varied(t, storyClock, storyClock+"  - {name: cure, title: Cure, from: received, until: released, within: 7d, warn: [2d, 8d], owner: mate, pause: [question],\n"+
		"     escalate: [{after: 1d, to: nudge}, {after: 3d, to: keeper}, {after: 9d, to: alarm}]}\n")
	due := func(key string) string { return s.clock("cure." + key).Due.Format("2006-01-02 15:04") }
	for key, want := range map[string]string{"warning-1": "2026-03-07 09:00", "rung-1": "2026-03-03 09:00", "rung-2": "2026-03-05 09:00", "rung-3": "2026-03-11 09:00"} {
		if got := due(key); got != want {
			t.Errorf("%s rings at %s, want %s", key, got, want)
		}
	}
	if k := s.clock("cure.warning-2"); k.Name != "" {
		t.Errorf("a warning longer than the promise would ring at once: %+v", k)
	}
	s.then("2026-03-03 09:01", "system", cvd.What{Breached: &cvd.Breached{Clock: "cure", Kind: "rung-1", Due: on("2026-03-03 09:00")}})
	asks("2026-03-04 09:00", s, "Which pump is it?")
	if k := s.clock("cure.rung-2"); !k.Due.IsZero() || !k.Open() {
		t.Errorf("the ladder stands with its promise, and is %+v", k)
	}
	answers1("2026-03-05 09:00", s)
	if due("rung-2") != "2026-03-06 09:00" || due("warning-1") != "2026-03-08 09:00" || s.clock("cure.rung-1").Breached.IsZero() {
		t.Errorf("a day later all is a day later, and what rang does not ring again: %+v", s.c.Clocks)
	}
	for key, want := range map[cvd.ClockKind]string{"rung-1": "nudge", "rung-2": "keeper", "rung-3": "alarm", "warning-1": "mate", cvd.Limit: "mate"} {
		if got := s.p.Tells(&cvd.Breached{Clock: "cure", Kind: key}); !slices.Equal(got, []string{want}) {
			t.Errorf("%s tells %v, want %s", key, got, want)
		}
	}
	s.then("2026-03-05 10:00", "ann", cvd.What{Remedied: &cvd.Remedied{Product: "lamp", Line: "1", Status: "patched"}})
	s.then("2026-03-05 11:00", "ann", cvd.What{Released: &cvd.Released{Product: "lamp", Line: "1"}})
	for _, k := range s.c.Clocks {
		if k.Name == "cure" && k.Open() {
			t.Errorf("the promise is kept, and this still rings: %+v", k)
		}
	}
	v, _ := cvd.Look(s.c, cvd.Tipstaff("harbour"), on("2026-03-05 12:00"))
	if slices.ContainsFunc(v.Clocks, func(k cvd.Clock) bool { return strings.Contains(string(k.Kind), "-") }) {
		t.Errorf("nobody looks at warnings and rungs: %+v", v.Clocks)
	}
}

func TestAClockRunsOnlyWhileItsPredicateHolds(t *testing.T) {
	s := varied(t, storyClock, storyClock+"  - {name: law, title: Law, from: attacks, until: explained, within: 24h, when: attacks}\n"+
		"  - {name: calm, title: Calm, from: received, until: explained, within: 9d, when: \"!attacks\"}\n")
	if s.clock("law.limit").Name != "" || !s.clock("calm.limit").Open() {
		t.Errorf("no attack was seen: %+v", s.c.Clocks)
	}
	s.then("2026-03-03 09:00", "ann", cvd.What{Observed: &cvd.Observed{Fact: "attacks"}})
	if k := s.clock("law.limit"); !k.Due.Equal(on("2026-03-04 09:00")) {
		t.Errorf("from the attacks on it runs, and is %+v", k)
	}
	if k := s.clock("calm.limit"); k.Open() || !strings.Contains(k.Because, "!attacks") {
		t.Errorf("it ran only without attacks, and is %+v", k)
	}
}

func TestAnEndThatIsNoBreachMissesNothing(t *testing.T) {
	s := varied(t, storyClock, storyClock+"  - {name: hint, title: Hint, from: received, until: released, within: 1d, expires: remind}\n"+
		"  - {name: open, title: Open, from: received, until: disclosed, within: 90d, expires: publish, armed: true}\n")
	k := s.clock("hint.limit")
	x := cvd.Breached{Clock: "hint", Kind: k.Kind, Due: k.Due, Expires: k.Expires}
	s.then("2026-03-03 09:01", "system", cvd.What{Breached: &x})
	entry := cvd.History([]cvd.Event{{At: on("2026-03-03 09:01"), Who: "system", What: cvd.What{Breached: &x}}}, cvd.ForTeam)[0]
	if s.clock("hint.limit").Late(on("2026-04-01 00:00")) || entry.Late || !strings.Contains(entry.Says, "remind") {
		t.Errorf("it reminds, and was recorded as %+v", entry)
	}
	if s.clock("open.limit").Expires != "publish" || s.c.Disclosure.Armed() {
		t.Error("an end that publishes arms nothing by itself")
	}
}

func TestAPromiseIsMadeLongerAsFarAsThePolicyLets(t *testing.T) {
	s := varied(t, storyClock, storyClock+"  - {name: cure, title: Cure, from: received, until: released, within: {high: 7d, low: 14d}, extend: {by: 5d, times: 2, reporter: true}}\n")
	longer := func(until, agreed string) cvd.What {
		return cvd.What{Extended: &cvd.Extended{Clock: "cure", Until: on(until), Because: "the engine has to come out", Agreed: agreed}}
	}
	ask := func(at, until, agreed string) []string {
		who := keeper("ann")
		who.Can = append(who.Can, "extend")
		return clauses(s.p.Weigh(Ask{Case: s.c, Who: who, Step: "extend", What: longer(until, agreed), Now: on(at), Roster: 2}))
	}
	for name, row := range map[string]struct {
		until, agreed string
		want          []string
	}{
		"by five days":               {"2026-03-14 09:00", "message of Tuesday", nil},
		"by more than five days":     {"2026-03-15 09:00", "message of Tuesday", []string{"clocks.cure.extend.by"}},
		"without the reporter":       {"2026-03-14 09:00", " ", []string{"clocks.cure.extend.reporter"}},
		"to what is promised anyway": {"2026-03-09 09:00", "message of Tuesday", []string{""}},
	} {
		if got := ask("2026-03-03 09:00", row.until, row.agreed); !slices.Equal(got, row.want) {
			t.Errorf("%s: %v, want %v", name, got, row.want)
		}
	}
	s.then("2026-03-03 09:00", "ann", longer("2026-03-14 09:00", "x"))
	if k := s.clock("cure.limit"); !k.Due.Equal(on("2026-03-14 09:00")) || k.Times != 1 || !s.c.OldClocks[len(s.c.OldClocks)-1].Due.Equal(on("2026-03-09 09:00")) {
		t.Errorf("it is longer and the old instant is kept: %+v", k)
	}
	s.then("2026-03-04 09:00", "ann", longer("2026-03-18 09:00", "x"))
	if got := ask("2026-03-05 09:00", "2026-03-19 09:00", "x"); !slices.Equal(got, []string{"clocks.cure.extend.times"}) {
		t.Errorf("a third time: %v", got)
	}
	s.then("2026-03-05 09:00", "ann", triaged("low", "open"))
	if k := s.clock("cure.limit"); !k.Due.Equal(on("2026-03-16 09:00")) || k.Times != 2 {
		t.Errorf("a new class is a new promise, and the two times count: %+v", k)
	}
}
