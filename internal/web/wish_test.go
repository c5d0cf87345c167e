package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

// J-25: the reporter sees the time until publication and where it comes from, proposes another, and reads the answer.
func TestAReporterProposesWhenItBecomesPublic(t *testing.T) {
	b := open(t)
	secret := b.report("juno", aReport())
	a := b.post("/p/juno/status", code(secret))
	a.says(t, "When it becomes public", "Until Sun 2026-05-31 09:00 UTC", "This is what the policy offers", "This can take time")
	propose := func(until, zone string) answer {
		form := code(secret)
		form.Set("until", until)
		form.Set("zone", zone)
		form.Set("because", "There is a talk.")
		return b.post("/p/juno/status/propose", form)
	}
	for name, row := range map[string]struct{ until, zone, says string }{
		"a date":              {"2026-04-20", "UTC", "A date alone is no instant"},
		"no zone":             {"2026-04-20T16:00", "", "Say in which zone that is"},
		"an unknown zone":     {"2026-04-20T16:00", "Mars/Olympus", "Say in which zone that is"},
		"this machine's zone": {"2026-04-20T16:00", "Local", "Say in which zone that is"},
		"an hour that is not": {"2026-03-29T02:30", "Europe/Berlin", "That time does not exist"},
		"an hour that is two": {"2026-10-25T02:30", "Europe/Berlin", "That time comes twice in Europe/Berlin"},
		"half an hour of two": {"2026-04-05T01:45", "Australia/Lord_Howe", "That time comes twice in Australia/Lord_Howe"},
		"the past":            {"2026-02-20T16:00", "UTC", "is past"},
		"longer than allowed": {"2027-04-20T16:00", "UTC", "propose an instant until"},
		"words":               {"next week", "UTC", "Write the day and the time"},
	} {
		a := propose(row.until, row.zone)
		if a.status == http.StatusOK || !strings.Contains(a.words(t), row.says) {
			t.Errorf("%s: got %d, which does not say %q:\n%s", name, a.status, row.says, a.words(t))
		}
		if got := a.field(t, "until"); got != row.until {
			t.Errorf("%s: the page shows %q and not what was typed", name, got)
		}
	}
	propose("2026-04-20T16:00", "Europe/Berlin").says(t, "Your proposal was sent.", "You proposed Mon 2026-04-20 14:00 UTC: There is a talk.",
		"The project has not answered yet.", "The project: answer the proposal for the date of publication.")
	v, err := b.Casework.Case(t.Context(), b.Actor("juno", "dimi"), of(secret))
	if err != nil || len(v.Proposals) != 1 {
		t.Fatalf("the team sees %d proposals, %v", len(v.Proposals), err)
	}
	step(b, (*casework.Casework).Validate, "juno", "dimi", secret, cvd.Validated{Evidence: "seen"})
	step(b, (*casework.Casework).Embargo, "juno", "dimi", secret, cvd.Embargoed{Until: v.Proposals[0].Until})
	b.post("/p/juno/status", code(secret)).says(t, "The project agreed.", "You proposed this instant, and the project agreed to it.", "Until Mon 2026-04-20 14:00 UTC")
	propose("2026-05-20 16:00", "UTC")
	step(b, (*casework.Casework).Embargo, "juno", "dimi", secret, cvd.Embargoed{Until: v.Proposals[0].Until.Add(24 * time.Hour)})
	b.post("/p/juno/status", code(secret)).says(t, "The project chose another instant.", "The project set this instant.")
}

// B-89 to B-91: the name is the reporter's, and what they said last holds: on their page, in the advisory to come, in the hall.
func TestAReporterSaysHowTheyAreNamedAtAnyTime(t *testing.T) {
	b := open(t)
	secret := demonstrated(b, "solo-miner-monitor", "disclosed")
	hall := func() string { return b.get("/p/solo-miner-monitor/thanks").words(t) }
	if words := hall(); !strings.Contains(words, "Oskar Lund finder BSMM-SA-2026-001") {
		t.Fatalf("the hall does not thank the finder:\n%s", words)
	}
	say := func(as, name string) answer {
		form := code(secret)
		form.Set("as", as)
		form.Set("name", name)
		return b.post("/p/solo-miner-monitor/status/credit", form)
	}
	say("name", "rr").says(t, "You are named as you said.", "you are named as “rr”")
	if words := hall(); strings.Contains(words, "Oskar Lund") || !strings.Contains(words, "rr finder") {
		t.Errorf("after another name was chosen the hall says:\n%s", words)
	}
	if a := say("name", " "); a.status != http.StatusUnprocessableEntity {
		t.Errorf("no name: got %d", a.status)
	}
	say("nobody", "rr").says(t, "You are named nowhere from now on.", "You are not named in the advisory, as you asked.")
	words := hall()
	for _, never := range []string{"Oskar Lund", "rr finder"} {
		if strings.Contains(words, never) {
			t.Errorf("the hall still says %q:\n%s", never, words)
		}
	}
	_, err := b.Casework.Credit(t.Context(), b.Actor("solo-miner-monitor", "maintainer-1"), casework.About{Case: of(secret)},
		cvd.Credited{Name: "Oskar Lund", Role: "finder", Consent: true})
	if cvd.KindOf(err) != cvd.Refused {
		t.Errorf("the project names somebody who took the name back: %v", err)
	}
	if a := b.get("/p/juno/thanks"); a.status != http.StatusNotFound {
		t.Errorf("a project without a hall of fame has a page for it: %d", a.status)
	}
}

func TestOneReporterCannotRenameAnother(t *testing.T) {
	b := open(t)
	secret, other := b.report("juno", aReport()), b.report("juno", url.Values{"kind": {"security"}, "title": {"b"}, "description": {"b"}, "once": {"2"}})
	form := code(other)
	form.Set("name", "Nora Other")
	form.Set("as", "name")
	b.post("/p/juno/status/credit", form)
	if a := b.post("/p/juno/status", code(secret)); strings.Contains(a.body, "Nora Other") {
		t.Error("one reporter named another")
	}
}

// demonstrated plays one story of the demonstration, forty days long.
func demonstrated(b browser, project, story string) (secret string) {
	b.t.Helper()
	all, err := txtar.ParseFile("../app/demo/" + project + ".txtar")
	if err != nil {
		b.t.Fatal(err)
	}
	b.Journey.Base = b.Clock.Now().Add(40 * 24 * time.Hour)
	for _, f := range all.Files {
		if f.Name == story+".txt" {
			b.Play(cvd.ProjectID(project), story, string(f.Data))
			b.Settle()
			return b.Journey.Codes[story+"/rita"]
		}
	}
	b.t.Fatalf("%s has no story %s", project, story)
	return ""
}
