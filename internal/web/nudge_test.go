package web_test

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// J-14: the button is there from the policy's instant on; before it the page says when, and a form that is sent all the same is
// refused with the clause.
func TestAReporterRemindsTheTeamOnceTheTimeHasCome(t *testing.T) {
	b := open(t)
	form := aReport()
	form.Set("kind", "bug")
	secret := b.report("juno", form)
	a := b.post("/p/juno/status", code(secret))
	a.says(t, "Remind the team", "from Wed 2026-03-04 09:00 UTC on")
	if strings.Contains(a.body, "/status/nudge") {
		t.Error("the button is there before its time")
	}
	a = b.post("/p/juno/status/nudge", code(secret))
	a.says(t, "Nobody was reminded", "You may remind the team from Wed 2026-03-04 09:00 UTC on (clocks.nudge).")
	if a.status != http.StatusForbidden {
		t.Errorf("before its time: got %d, want 403", a.status)
	}
	b.Wait(48 * time.Hour)
	if a = b.post("/p/juno/status", code(secret)); !strings.Contains(a.body, `action="/p/juno/status/nudge"`) {
		t.Error("the button is not there when its time has come")
	}
	a = b.post("/p/juno/status/nudge", code(secret))
	a.says(t, "are reminded", "The team was reminded Wed 2026-03-04 09:00 UTC", "from Thu 2026-03-05 09:00 UTC on", "Reminded the team that the report waits")
	if strings.Contains(a.body, `action="/p/juno/status/nudge"`) {
		t.Error("the team can be reminded twice at once")
	}
}
