package web_test

import (
	"context"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/apptest"
	"github.com/tipstaff/tipstaff/internal/casework"
)

// event is an event of a calendar as a calendar program has it.
type event struct {
	UID, Summary, Start, Status, Class string
	Sequence                           int
}

// calendarOf follows a calendar as a program does, by ical.js where it is installed, and by a few lines here.
func (b browser) calendarOf(address string) map[string]event {
	b.t.Helper()
	a := b.get(strings.TrimPrefix(address, b.URL))
	if a.status != http.StatusOK {
		b.t.Fatalf("the calendar: got %d\n%s", a.status, a.body)
	}
	if got := a.header.Get("Content-Type"); got != "text/calendar; charset=utf-8" || a.header.Get("Cache-Control") != "no-store" {
		b.t.Errorf("the calendar is %q, kept %q", got, a.header.Get("Cache-Control"))
	}
	all := map[string]event{}
	for _, text := range strings.Split(strings.ReplaceAll(a.body, "\r\n ", ""), "BEGIN:VEVENT")[1:] {
		of := func(name string) string {
			m := regexp.MustCompile(`(?m)^` + name + `:(.*)\r$`).FindStringSubmatch(text)
			if m == nil {
				b.t.Fatalf("an event has no %s:\n%s", name, text)
			}
			return m[1]
		}
		e := event{UID: of("UID"), Summary: of("SUMMARY"), Start: of("DTSTART"), Status: of("STATUS"), Class: of("CLASS")}
		if err := json.Unmarshal([]byte(of("SEQUENCE")), &e.Sequence); err != nil {
			b.t.Fatal(err)
		}
		all[e.Summary] = e
	}
	return all
}

// take takes an address for whoever holds a code, as the page gives it.
func (b browser) takeCalendar(secret string) string {
	b.t.Helper()
	form := code(secret)
	form.Set("do", "take")
	a := b.post("/p/juno/status/calendar", form)
	m := regexp.MustCompile(`id="calendar-address">([^<]+)<`).FindStringSubmatch(a.body)
	if a.status != http.StatusOK || m == nil {
		b.t.Fatalf("taking an address: got %d\n%s", a.status, a.body)
	}
	return m[1]
}

func (b browser) teamCalendar(handle cvd.ActorID) string {
	b.t.Helper()
	token, err := b.Auth.TakeFeed(context.Background(), "juno", b.Actor("juno", handle), "")
	if err != nil {
		b.t.Fatal(err)
	}
	return b.URL + "/p/juno/calendar/" + token
}

// Everybody's calendar tells what they may know and nothing of the matter; an end that moves is the same event in a later edition,
// and one that no longer holds is struck out.
func TestACalendarTellsInstantsAndNoSecret(t *testing.T) {
	b := open(t)
	secret := b.report("juno", aReport())
	id := string(of(secret))
	end := "Tipstaff: embargo ends (" + id + ")"
	step(b, (*casework.Casework).Validate, "juno", "dimi", secret, cvd.Validated{Evidence: "a local chain"})
	step(b, (*casework.Casework).Embargo, "juno", "dimi", secret, cvd.Embargoed{Until: b.Casework.Now().Add(20 * 24 * time.Hour)})
	team, reporter := b.teamCalendar("dimi"), b.takeCalendar(secret)
	first := map[string]event{}
	for name, address := range map[string]string{"team": team, "reporter": reporter} {
		all := b.calendarOf(address)
		first[name] = all[end]
		if e := all[end]; e.Status != "CONFIRMED" || e.Sequence != 0 || e.Class != "PRIVATE" || e.Start != b.Casework.Now().Add(20*24*time.Hour).UTC().Format("20060102T150405Z") {
			t.Errorf("%s: the end is %+v", name, e)
		}
		for says := range all {
			if !regexp.MustCompile(`^Tipstaff: (embargo ends|answer is due|answer to a proposal is due|publication|planned publication|release|promise is due|deadline|planned date) \(` + id + `\)$`).MatchString(says) {
				t.Errorf("%s: a title says more than its kind: %q", name, says)
			}
		}
		body := b.get(strings.TrimPrefix(address, b.URL)).body
		for _, never := range []string{"query", "wasm", "Rita", "dimi", "juno/", "critical", "validated", "http"} {
			if strings.Contains(strings.ToLower(body), strings.ToLower(never)) {
				t.Errorf("%s: the calendar says %q", name, never)
			}
		}
		if again := b.get(strings.TrimPrefix(address, b.URL)).body; again != body {
			t.Errorf("%s: nothing happened, and the calendar is another", name)
		}
	}
	if all := b.calendarOf(reporter); all["Tipstaff: answer is due ("+id+")"].Status != "CONFIRMED" {
		t.Errorf("the reporter is not told until when an answer is waited for: %v", all)
	}
	b.Wait(time.Hour)
	step(b, (*casework.Casework).Embargo, "juno", "dimi", secret, cvd.Embargoed{Until: b.Casework.Now().Add(10 * 24 * time.Hour)})
	for name, address := range map[string]string{"team": team, "reporter": reporter} {
		if e := b.calendarOf(address)[end]; e.UID != first[name].UID || e.Sequence != 1 || e.Start == first[name].Start || e.Status != "CONFIRMED" {
			t.Errorf("%s: the end that moved is %+v, it was %+v", name, e, first[name])
		}
	}
	b.Wait(time.Hour)
	step(b, (*casework.Casework).Lift, "juno", "dimi", secret, cvd.Lifted{Why: "agreed"})
	for name, address := range map[string]string{"team": team, "reporter": reporter} {
		if e := b.calendarOf(address)[end]; e.UID != first[name].UID || e.Sequence != 2 || e.Status != "CANCELLED" {
			t.Errorf("%s: the end that was lifted is %+v", name, e)
		}
	}
	b.Wait(50 * 24 * time.Hour)
	if e, there := b.calendarOf(team)[end]; there {
		t.Errorf("a calendar keeps for ever what is over: %+v", e)
	}
}

// An address that was given up, one that was replaced, one whose reader left and one that never was are one answer.
func TestACalendarsAddressCanBeTakenAnewAndGivenUp(t *testing.T) {
	b := open(t)
	secret := b.report("juno", aReport())
	old := b.takeCalendar(secret)
	fresh := b.takeCalendar(secret)
	b.calendarOf(fresh)
	none := b.get("/p/juno/calendar/tsc_00000000000000000000000000000000")
	absent := func(why, address string) {
		t.Helper()
		if a := b.get(strings.TrimPrefix(address, b.URL)); a.status != http.StatusNotFound || a.body != none.body {
			t.Errorf("%s: got %d, and another page than for an address that never was", why, a.status)
		}
	}
	absent("replaced", old)
	absent("of another project", strings.Replace(fresh, "/juno/", "/solo-miner-monitor/", 1))
	absent("cut off", fresh[:len(fresh)-1])
	form := code(secret)
	form.Set("do", "end")
	b.post("/p/juno/status/calendar", form).says(t, "The address leads nowhere from now on.")
	absent("given up", fresh)
	team := b.teamCalendar("dimi")
	b.calendarOf(team + ".ics")
	dimi, _ := b.Casework.Person("juno", "dimi")
	dimi.Active = false
	if err := b.Casework.PutPerson(context.Background(), b.Actor("juno", "jake"), dimi, ""); err != nil {
		t.Fatal(err)
	}
	absent("of somebody who left", team)
}

// A party's calendar shrinks with what it may read: not struck out, but gone.
func TestACalendarForgetsWhatItsReaderMayNoLongerRead(t *testing.T) {
	b := open(t)
	secret := b.report("juno", aReport())
	id := string(of(secret))
	step(b, (*casework.Casework).Validate, "juno", "dimi", secret, cvd.Validated{Evidence: "a local chain"})
	until := b.Casework.Now().Add(20 * 24 * time.Hour)
	step(b, (*casework.Casework).Embargo, "juno", "dimi", secret, cvd.Embargoed{Until: until})
	step(b, (*casework.Casework).Countdown, "juno", "dimi", secret, cvd.Timed{At: until.Add(-48 * time.Hour), Says: "the ocelot halts"})
	_, invitation, err := b.Casework.Invite(context.Background(), b.Actor("juno", "dimi"), casework.About{Case: of(secret)}, cvd.Invitation{Name: "Osmosis", Kind: cvd.Vendor})
	if err != nil {
		t.Fatal(err)
	}
	address := b.takeCalendar(invitation)
	end, release, answer := "Tipstaff: embargo ends ("+id+")", "Tipstaff: release ("+id+")", "Tipstaff: answer is due ("+id+")"
	if all := b.calendarOf(address); len(all) != 2 || all[end].UID == "" || all[answer].UID == "" {
		t.Errorf("who is asked reads %v", all)
	}
	form := code(invitation)
	form.Set("answer", "yes")
	form["terms"] = []string{"private", "time", "no_exploitation", "good_faith", "confidential"}
	form.Set("keep", "yes")
	form.Set("embargo", until.UTC().Format(time.RFC3339Nano))
	b.post("/p/juno/status/answer", form).says(t, "The case that you are invited to")
	if all := b.calendarOf(address); all[release].Status != "CONFIRMED" || all[answer].Status != "CANCELLED" {
		t.Errorf("who takes part reads %v", all)
	}
	form = code(invitation)
	form.Set("keeps", "yes")
	b.post("/p/juno/status/leave", form)
	if all := b.calendarOf(address); all[release].UID != "" || all[end].Status != "CONFIRMED" {
		t.Errorf("who left reads %v", all)
	}
}

// A calendar program's own parser reads what we write.
func TestACalendarIsReadByAnotherParser(t *testing.T) {
	node := apptest.Need(t, "node")
	apptest.Need(t, "ical.js")
	b := open(t)
	secret := b.report("juno", aReport())
	step(b, (*casework.Casework).Validate, "juno", "dimi", secret, cvd.Validated{Evidence: "a local chain"})
	step(b, (*casework.Casework).Embargo, "juno", "dimi", secret, cvd.Embargoed{Until: b.Casework.Now().Add(20 * 24 * time.Hour)})
	address := b.teamCalendar("dimi")
	want := b.calendarOf(address)
	file := filepath.Join(t.TempDir(), "team.ics")
	if err := os.WriteFile(file, []byte(b.get(strings.TrimPrefix(address, b.URL)).body), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), node, filepath.Join(apptest.Root(t), "tools", "js", "ics.mjs"), file).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var got struct {
		Name    string
		Refresh int
		Events  []event
	}
	if err := json.Unmarshal(out, &got); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if got.Name != "Tipstaff" || got.Refresh != 3600 || len(got.Events) != len(want) || len(want) == 0 {
		t.Errorf("got %+v, want %v", got, want)
	}
	for _, e := range got.Events {
		w := want[e.Summary]
		at, err := time.Parse("20060102T150405Z", w.Start)
		if err != nil || e.UID != w.UID || e.Status != w.Status || e.Class != w.Class || e.Start != at.Format("2006-01-02T15:04:05.000Z") {
			t.Errorf("got %+v, want %+v", e, w)
		}
	}
}
