package policy

import (
	"slices"
	"strings"
	"testing"

	"github.com/tipstaff/tipstaff/cvd"
)

const callingClock = storyClock + "  - {name: cure, title: Cure, from: received, until: acknowledged, reminder: 30m, pause: [question],\n" +
	"     escalate: [{after: 30m, to: nudge, by: bridge, every: 30m}, {after: 1h, to: keeper, every: 1h}]}\n"

// bridge is the harbour's list of channels with one of the team.
const bridge = "channels:\n  - {name: bridge, title: Bridge, kind: discord}\n"

func rings(at string, s *tale, kind cvd.ClockKind) {
	s.then(at, "system", cvd.What{Breached: &cvd.Breached{Clock: "cure", Kind: kind, Due: s.clock("cure." + string(kind)).Due}})
}

// J-17: without an answer the next channel and the next person are called, again and again, until the first answer.
func TestARungRingsAgainUntilWhatItWaitsForHasHappened(t *testing.T) {
	s := varied(t, storyClock, callingClock, "channels:\n", bridge) // received 2026-03-02 09:00
	due := func(kind, want string) {
		t.Helper()
		k := s.clock("cure." + kind)
		if got := k.Due.Format("2006-01-02 15:04"); got != want || !k.Open() || !k.Breached.IsZero() {
			t.Errorf("%s rings next at %s (%+v), want %s", kind, got, k, want)
		}
	}
	due("rung-1", "2026-03-02 09:30")
	due("rung-2", "2026-03-02 10:00")
	rings("2026-03-02 09:30", s, "rung-1")
	due("rung-1", "2026-03-02 10:00")
	s.then("2026-03-02 10:00", "ann", cvd.What{Noted: &cvd.Noted{Text: "not yet an answer"}})
	due("rung-1", "2026-03-02 10:00") // what is due and has not rung is not jumped over
	due("rung-2", "2026-03-02 10:00")
	rings("2026-03-02 10:00", s, "rung-1")
	rings("2026-03-02 10:00", s, "rung-2")
	due("rung-1", "2026-03-02 10:30")
	due("rung-2", "2026-03-02 11:00")
	rings("2026-03-02 14:10", s, "rung-1") // nothing ran for hours: that is one ring, and the rhythm stays
	due("rung-1", "2026-03-02 14:30")
	s.then("2026-03-02 14:20", "ann", cvd.What{Acknowledged: &cvd.Acknowledged{}})
	for _, kind := range []string{"rung-1", "rung-2"} {
		if k := s.clock("cure." + kind); k.Open() || k.Met.Format("15:04") != "14:20" {
			t.Errorf("somebody answered, and %s is %+v", kind, k)
		}
	}
}

func TestARungThatRingsAgainStandsWithItsPromise(t *testing.T) {
	s := varied(t, storyClock, strings.Replace(callingClock, "until: acknowledged, reminder: 30m", "until: validated, reminder: 9h", 1), "channels:\n", bridge)
	rings("2026-03-02 09:30", s, "rung-1")
	asks("2026-03-02 09:40", s, "Which pump is it?")
	if k := s.clock("cure.rung-1"); !k.Due.IsZero() || !k.Open() {
		t.Errorf("it rings while everybody waits for the reporter: %+v", k)
	}
	answers1("2026-03-02 10:45", s)
	if k := s.clock("cure.rung-1"); k.Due.Format("15:04") != "11:05" {
		t.Errorf("it stood for 65 minutes and rings at %s, want 11:05", k.Due)
	}
}

func TestAClockCallsTheTeamAndNobodyElse(t *testing.T) {
	s := varied(t, storyClock, callingClock, "channels:\n", bridge)
	for kind, want := range map[cvd.ClockKind]string{"rung-1": "bridge", "rung-2": "", "rung-3": "", cvd.Reminder: ""} {
		if got := s.p.Calls(&cvd.Breached{Clock: "cure", Kind: kind}); got != want {
			t.Errorf("%s calls in %q, want %q", kind, got, want)
		}
	}
	for name, x := range map[string]struct{ old, new, says string }{
		"a channel of others":      {"kind: discord}", "kind: discord, audience: crews}", "others read the channel bridge"},
		"a channel that is mail":   {"kind: discord}", "kind: mail}", "does not ring by itself"},
		"a channel that is nobody": {"by: bridge", "by: deck", "there is no channel"},
		"without a pause":          {"every: 30m", "every: 1m", "at most every 5 minutes"},
	} {
		_, err := Read("harbour.yaml", []byte(strings.NewReplacer(storyClock, strings.Replace(callingClock, x.old, x.new, 1), "channels:\n", strings.Replace(bridge, x.old, x.new, 1)).Replace(harbour)))
		if err == nil || !strings.Contains(err.Error(), x.says) {
			t.Errorf("%s: got %v, want %q", name, err, x.says)
		}
	}
}

func TestALadderSaysWhoIsCalledByWhatAndHowOften(t *testing.T) {
	s := varied(t, storyClock, callingClock, "channels:\n", bridge)
	page := written(t, s.p, "process")
	if public := written(t, s.p, "security.md"); strings.Contains(public, "Bridge") {
		t.Error("SECURITY.md tells where the team is called")
	}
	for _, want := range []string{
		"While it is open, whoever may be reminded hears of it after 30 minutes by “Bridge”, and again every 30 minutes.",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	roster := []cvd.Person{{Handle: "ann", Active: true, Roles: []string{"mate"}}, {Handle: "ben", Roles: []string{"keeper"}}}
	found := LintAround(s.p, Around{People: roster})
	if !slices.ContainsFunc(found, func(f Finding) bool {
		return f.Code == "empty-rung" && f.Clause == "clocks.cure.escalate.2.to" && f.Says == "nobody on the roster has the role keeper"
	}) {
		t.Errorf("an alarm that widens to nobody is not found: %v", found)
	}
}

func written(t *testing.T, p *Policy, form string) string {
	t.Helper()
	text, err := p.Render(form, Copy{})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
