package policies_test

import (
	"errors"
	"testing"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/policy"
)

// The figures are those of https://go.dev/doc/security/policy. That minor releases leave on the first Tuesday of a month at noon in
// New York is the document's own reading of "monthly".
func TestGoDatesByTheWall(t *testing.T) {
	follow(t, document(t, "go.yaml"), []course{{
		name: "PRIVATE, over the change to summer time", at: "2026-03-07 15:00", // a Saturday; New York changes on Sunday 8 March
		want: []string{
			"deadline clocks.response 2026-03-14 15:00",   // "within 7 days"
			"reminder clocks.nudge 2026-03-17 15:00",      // "after 3 more days"
			"escalation clocks.response 2026-03-17 15:00", // and the team hears of it
			"notice notices.coming 2026-03-31 16:00",      // "Three to seven days before the release": no sooner than seven
			"wait steps.release.requires.announced 2026-04-03 16:00",
			"release steps.release 2026-04-07 16:00", // the first Tuesday of April at 12:00 EDT
			"disclosure steps.disclose 2026-04-07 16:00",
			"notice notices.available 2026-04-07 16:00", // "On the date that the fixes are applied"
			"deadline clocks.fix 2026-06-05 15:00",      // "within 90 days": 24 of March, 30, 31 and 5 of June
			"embargo embargo.longest 2026-06-05 15:00",
		},
	}, {
		name: "PRIVATE, three days before a train is enough", at: "2026-02-27 15:00", // a Friday
		want: []string{
			"notice notices.coming 2026-02-27 15:00",
			"wait steps.release.requires.announced 2026-03-02 15:00",
			"release steps.release 2026-03-03 17:00", // 12:00 EST
		},
	}, {
		name: "PRIVATE, two days before it is too late", at: "2026-02-27 15:00",
		set:  map[string]string{"fix_ready": "2026-03-01 12:00"}, // a Sunday: three days end on Wednesday
		want: []string{"notice notices.coming 2026-03-31 16:00", "release steps.release 2026-04-07 16:00"},
	}, {
		name: "PRIVATE, over the change to winter time", at: "2026-10-20 09:00",
		want: []string{"notice notices.coming 2026-10-27 17:00", "release steps.release 2026-11-03 17:00"}, // 12:00 EST; seven days are 168 hours
	}, {
		name: "PUBLIC is fixed in the open and leaves with the train, unannounced", at: "2026-03-07 15:00", track: "public",
		want: []string{"notice notices.coming none", "release steps.release 2026-04-07 16:00", "embargo embargo.longest none"},
	}, {
		name: "URGENT leaves at once, on a Saturday", at: "2026-03-07 15:00", track: "urgent",
		set:  map[string]string{"fix_ready": "2026-03-07 23:30"},
		want: []string{"notice notices.coming none", "release steps.release 2026-03-07 23:30", "disclosure steps.disclose 2026-03-07 23:30"},
	}, {
		name: "what is attacked is URGENT", at: "2026-03-07 15:00", facts: map[string]bool{"attacks": true},
		want: []string{"set contingencies.urgent 2026-03-07 15:00", "release steps.release 2026-03-07 15:00"},
	}})
}

// The team decides a track and nothing else: there is no class, no score that counts and no category.
func TestGoTracksInsteadOfSeverities(t *testing.T) {
	w := begin(t, "go.yaml")
	ana, bo := w.person("ana", "security"), w.person("bo", "security")
	w.does(cvd.Nobody("p"), "2026-03-02 09:00", report("A parser runs for ever"))
	w.does(ana, "2026-03-02 10:00", cvd.What{Validated: &cvd.Validated{Evidence: "seen"}})
	classed := cvd.Triaged{Sensitive: claim(true), Class: "high"}
	if e, ok := errors.AsType[*cvd.Error](w.p.Classify(w.c, &classed, 0, false)); !ok || e.Field != "/class" {
		t.Errorf("a severity is taken: %v", e)
	}
	if _, err := w.p.Simulate(policy.Scenario{At: on("2026-03-02 09:00"), Class: "high"}); cvd.KindOf(err) != cvd.Invalid {
		t.Errorf("a severity is simulated: %v", err)
	}
	for sensitive, track := range map[bool]string{true: "private", false: "public"} {
		d := cvd.Triaged{Sensitive: claim(sensitive)}
		if err := w.p.Classify(w.c, &d, 0, false); err != nil || d.Track != track {
			t.Errorf("sensitive %v: %s, %v; want %s", sensitive, d.Track, err, track)
		}
	}

	// PRIVATE: no day but that of the minor releases.
	private := cvd.Triaged{Sensitive: claim(true)}
	if err := w.p.Classify(w.c, &private, 0, false); err != nil {
		t.Fatal(err)
	}
	w.does(ana, "2026-03-02 11:00", cvd.What{Triaged: &private})
	w.does(ana, "2026-03-02 12:00", cvd.What{Prioritised: &cvd.Prioritised{Priority: "first", Because: "everybody"}})
	for _, line := range []string{"1.26", "1.25"} {
		w.does(ana, "2026-03-09 09:00", patched("go", line))
	}
	w.does(bo, "2026-03-10 09:00", reviewed("fix", "", "approve"))
	w.does(ana, "2026-03-31 16:00", cvd.What{Notified: &cvd.Notified{Notice: "coming", Says: map[string]string{
		"release_at": "2026-04-07T16:00:00Z", "line": "1.26, 1.25", "area": "the standard library"}}})
	w.does(ana, "2026-03-31 16:00", arrived("coming", "announce"))
	w.objects(ana, "2026-04-02 16:00", released("go", "1.26"), "steps.release.requires.announced")
	w.refuses(ana, "2026-04-06 16:00", released("go", "1.26"), "schedule.train", "2026-04-07 16:00")

	// URGENT: as soon as it is attacked neither the day nor the announcement counts.
	w.does(ana, "2026-04-01 08:00", cvd.What{Observed: &cvd.Observed{Fact: "attacks", Evidence: "seen in logs"}})
	urgent := cvd.Triaged{Sensitive: claim(true)}
	if err := w.p.Classify(w.c, &urgent, 0, false); err != nil || urgent.Track != "urgent" {
		t.Fatalf("what is attacked is on %s, %v", urgent.Track, err)
	}
	w.does(ana, "2026-04-01 08:10", cvd.What{Triaged: &urgent})
	w.does(ana, "2026-04-01 08:20", released("go", "1.26"))
}
