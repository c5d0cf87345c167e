package policies_test

import (
	"testing"

	"github.com/tipstaff/tipstaff/cvd"
)

// The figures are those of https://docs.djangoproject.com/en/dev/internals/security/.
func TestDjangoDatesByTheWall(t *testing.T) {
	follow(t, document(t, "django.yaml"), []course{{
		name: "a high issue over New Year", at: "2026-12-31 12:00", class: "high", // a Thursday
		set: map[string]string{"fix_ready": "2027-01-20 12:00"}, // Wednesday
		want: []string{
			"deadline clocks.response 2027-01-05 12:00", // "within 3 working days": Friday, Monday, Tuesday
			"warning clocks.response 2027-01-04 12:00",
			"target clocks.resolution 2027-03-31 12:00",         // "90 days": 31 of January, 28 of February, 31 of March
			"notice notices.date 2027-01-20 12:00",              // "approximately one week before": to everybody,
			"notice notices.advance 2027-01-20 12:00",           // to the short list,
			"notice notices.day 2027-01-20 12:00",               // and "simultaneously" to the reporter
			"wait steps.release.requires.date 2027-01-27 12:00", // a week
			"wait steps.release.requires.advance 2027-01-27 12:00",
			"release steps.release 2027-01-27 12:00", // "On the day of disclosure": all in one step
			"disclosure steps.disclose 2027-01-27 12:00",
			"notice notices.available 2027-01-27 12:00",
		},
	}, {
		name: "a report of Friday evening is answered by Wednesday", at: "2026-03-06 18:00", class: "low",
		want: []string{"deadline clocks.response 2026-03-11 18:00"}, // Monday, Tuesday, Wednesday
	}, {
		name: "what must be done for a day, over the change to summer time", at: "2026-03-02 09:00", class: "moderate",
		set: map[string]string{"disclosed": "2026-04-01 14:00", "fix_ready": "2026-03-20 12:00"},
		want: []string{
			"latest notices.date 2026-03-25 14:00", // 7 days before, in UTC
			"latest notices.advance 2026-03-25 14:00",
			"notice notices.advance 2026-03-24 14:00", // and to the short list no more than a week and a day before
			"release steps.release 2026-04-01 14:00",
		},
	}, {
		name: "a known exploit shortens the week to nothing", at: "2026-12-31 12:00", class: "high",
		facts: map[string]bool{"attacks": true}, set: map[string]string{"fix_ready": "2027-01-01 09:00"},
		want: []string{"notice notices.advance 2027-01-01 09:00", "release steps.release 2027-01-01 09:00"},
	}, {
		name: "what only the development branch has is fixed in public", at: "2026-12-31 12:00", class: "low", kind: "unreleased",
		facts: map[string]bool{"sensitive": false},
		want:  []string{"notice notices.date none", "notice notices.advance none", "release steps.release 2026-12-31 12:00"},
	}})
}

// Two letters, to different people, of the same week; the private one tells what the public one may not.
func TestDjangoTwoNoticesAWeekAhead(t *testing.T) {
	w := begin(t, "django.yaml")
	ann, bob := w.person("ann", "security"), w.person("bob", "security")
	said := report("A filter can be turned into a query")
	said.Received.Report.Version, said.Received.Report.Steps = "6.1", []string{"Filter by a dictionary."}
	w.does(cvd.Nobody("p"), "2026-03-02 09:00", said)
	w.does(ann, "2026-03-02 10:00", cvd.What{Validated: &cvd.Validated{Evidence: "seen"}})
	class := cvd.Triaged{Sensitive: claim(true), Category: "sql_injection"}
	if err := w.p.Classify(w.c, &class, 0, false); err != nil || class.Class != "high" || class.Track != "private" {
		t.Fatalf("an SQL injection is %s on %s, %v", class.Class, class.Track, err)
	}
	w.does(ann, "2026-03-02 11:00", cvd.What{Triaged: &class})
	w.does(ann, "2026-03-02 12:00", cvd.What{Prioritised: &cvd.Prioritised{Priority: "first", Because: "everybody"}})
	for _, line := range []string{"6.1", "6.0", "5.2"} {
		w.does(ann, "2026-03-10 09:00", patched("django", line))
	}
	tell := func(notice, channel, at string, says map[string]string) {
		w.does(ann, at, cvd.What{Notified: &cvd.Notified{Notice: notice, Says: says}})
		w.does(ann, at, arrived(notice, channel))
	}
	date := map[string]string{"release_at": "2026-03-17T14:00:00Z", "severity": "high"}
	w.objects(ann, "2026-03-10 10:00", cvd.What{Notified: &cvd.Notified{Notice: "date", Says: date}}, "notices.date.requires.reviewed")
	w.does(bob, "2026-03-10 10:30", reviewed("fix", "", "approve"))
	tell("date", "announce", "2026-03-10 12:00", date)
	tell("advance", "distributors", "2026-03-10 14:00", map[string]string{"disclosure_at": "2026-03-17T14:00:00Z", "versions": "6.1, 6.0, 5.2", "plan": "Releases of all three."})
	for _, line := range []string{"6.1", "6.0", "5.2"} {
		made := released("django", line)
		made.Released.Staged = true
		w.does(bob, "2026-03-16 09:00", made)
	}
	w.does(ann, "2026-03-16 10:00", edition("A filter took a dictionary for a column."))
	w.does(bob, "2026-03-16 11:00", approval)
	w.objects(ann, "2026-03-17 13:00", disclosure, "steps.disclose.requires.reporter") // who is told "simultaneously"
	tell("day", "reporter", "2026-03-17 13:30", map[string]string{"disclosure_at": "2026-03-17T14:00:00Z"})
	w.refuses(ann, "2026-03-17 13:30", disclosure, "steps.disclose.requires.advance", "2026-03-17 14:00")
	w.does(ann, "2026-03-17 14:00", disclosure)
}
