package policy

import (
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// A critical report alarms after half an hour, by itself; its reporter reminds people of triage, as every other. Where the policy
// has no reminder that runs, the nearest promise counts; of what stands, nothing does.
func TestTheClockAfterWhichAReporterReminds(t *testing.T) {
	at := func(hours int) time.Time { return on("2026-03-02 09:00").Add(time.Duration(hours) * time.Hour) }
	alarm := cvd.Clock{Name: "alarm", Kind: cvd.Reminder, Until: "acknowledged", Due: at(1)}
	nudge := cvd.Clock{Name: "nudge", Kind: cvd.Reminder, Until: "triaged", Due: at(48)}
	promise := cvd.Clock{Name: "details", Kind: cvd.Limit, Until: "explained", Due: at(12)}
	later := cvd.Clock{Name: "later", Kind: cvd.Target, Until: "closed", Due: at(20)}
	stands := nudge
	stands.Due, stands.Paused = time.Time{}, at(1)
	for name, x := range map[string]struct {
		clocks []cvd.Clock
		last   time.Time
		want   time.Time
	}{
		"the reminder":             {[]cvd.Clock{alarm, promise, nudge}, time.Time{}, at(48)},
		"a day after the last one": {[]cvd.Clock{nudge}, at(50), at(74)},
		"the nearest promise":      {[]cvd.Clock{alarm, later, promise}, time.Time{}, at(12)},
		"what stands":              {[]cvd.Clock{stands}, time.Time{}, time.Time{}},
		"only the alarm":           {[]cvd.Clock{alarm}, time.Time{}, time.Time{}},
		"what somebody did":        {[]cvd.Clock{{Name: cvd.StallClock, Kind: cvd.Reminder, Due: at(1)}}, time.Time{}, time.Time{}},
	} {
		c := cvd.Case{Project: "juno", ID: "JUNO-1", Rev: 1, Kind: "security", Clocks: x.clocks, NudgedAt: x.last, Reports: []cvd.Report{{RM: cvd.Arrived}}}
		p := shippedPolicy(t, "juno.yaml")
		if got := p.Nudge(c, at(0)).From; !got.Equal(x.want) {
			t.Errorf("%s: from %s, want %s", name, got, x.want)
		}
		rita := cvd.Actor{Project: "juno", ID: "reporter:1", Standing: cvd.Finder, Case: "JUNO-1", Report: 1}
		for hour := range 100 {
			open := p.Nudge(c, at(hour)).Open
			if passes := len(p.Weigh(Ask{Case: c, Who: rita, Step: "nudge", Now: at(hour)})) == 0; passes != open {
				t.Errorf("%s: after %d hours the page says %v, and the step %v", name, hour, open, passes)
			}
		}
		jake := cvd.Actor{Project: "juno", ID: "jake", Standing: cvd.Member, Can: p.Can([]string{"core"})}
		if len(p.Weigh(Ask{Case: c, Who: jake, Step: "nudge", Now: at(99)})) == 0 {
			t.Errorf("%s: a member reminds the team of itself", name)
		}
	}
}
