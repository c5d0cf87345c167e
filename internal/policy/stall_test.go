package policy

import (
	"slices"
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// A case in which nothing happens reminds its team: whatever somebody does begins the wait anew, what the program notes does not,
// and where nobody is expected to act it does not run.
func TestACaseThatStandsStillRemindsItsTeam(t *testing.T) {
	p, err := Read("harbour.yaml", []byte(harbour+"stalled: 14d\n"))
	if err != nil {
		t.Fatal(err)
	}
	day := func(n int) time.Time { return time.Date(2026, 3, n, 9, 0, 0, 0, time.UTC) }
	c := cvd.Case{}
	happen := func(at time.Time, who cvd.ActorID, what cvd.What) {
		e := cvd.Event{Project: "harbour", Case: "HARB-0001", Rev: c.Rev + 1, At: at, Who: who, What: what}
		e.Clocks = p.Clocks(c, cvd.Fold(c, e), e)
		c = cvd.Fold(c, e)
	}
	due := func() time.Time {
		for _, k := range c.Clocks {
			if k.Name == cvd.StallClock && k.Open() {
				return k.Due
			}
		}
		return time.Time{}
	}
	for _, step := range []struct {
		name string
		at   time.Time
		who  cvd.ActorID
		what cvd.What
		want time.Time
	}{
		{"a report", day(1), "reporter:1", cvd.What{Received: &cvd.Received{Report: cvd.Report{Title: "t"}, Kind: "hole", Track: "open"}}, day(15)},
		{"a note", day(5), "anna", cvd.What{Noted: &cvd.Noted{Text: "n"}}, day(19)},
		{"the reminder itself", day(20), "system", cvd.What{Breached: &cvd.Breached{Clock: cvd.StallClock, Kind: cvd.Reminder}}, day(19)},
		{"a word after it", day(21), "anna", cvd.What{Noted: &cvd.Noted{Text: "n"}}, day(21).AddDate(0, 0, 14)},
		{"found not valid", day(22), "anna", cvd.What{Invalidated: &cvd.Invalidated{Reason: "out_of_scope"}}, time.Time{}},
	} {
		if happen(step.at, step.who, step.what); !due().Equal(step.want) {
			t.Errorf("after %s the reminder is due %v, want %v", step.name, due(), step.want)
		}
	}
	if slices.ContainsFunc(c.OldClocks, func(k cvd.Clock) bool { return k.Name == cvd.StallClock }) {
		t.Errorf("the fold keeps a history of who did something when: %v", c.OldClocks)
	}
	if v, _ := cvd.Look(c, cvd.Actor{Project: "harbour", Standing: cvd.Finder, Case: c.ID, Report: 1}, day(22)); slices.ContainsFunc(v.Clocks, func(k cvd.Clock) bool { return k.Name == cvd.StallClock }) {
		t.Errorf("the reporter sees when the team last did something: %v", v.Clocks)
	}
}
