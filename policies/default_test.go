package policies_test

import (
	"os"
	"strings"
	"testing"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/policy"
)

// The process for a project that has none, on dates typed by hand: with a team of five, and with a team of one.

const project = "example-project" // its product, before init gives it a name

// team are five people: two who maintain, two who help, one expert.
type team struct{ anna, ben, mia, tom, eve cvd.Actor }

func fiveOf(w *walk) team {
	w.roster = 5
	return team{w.person("anna", "maintainer", "admin"), w.person("ben", "maintainer"), w.person("mia", "member"), w.person("tom", "member"),
		w.person("eve", "expert")}
}

// decided is a report of Monday 2 March 2026 that was answered, confirmed and rated within five hours.
func decided(t *testing.T, score float64, sensitive bool) (*walk, team) {
	w := begin(t, "default.yaml")
	five := fiveOf(w)
	w.does(cvd.Nobody("p"), "2026-03-02 09:00", report("Overflow in the counter"))
	w.does(five.anna, "2026-03-02 10:00", cvd.What{Acknowledged: &cvd.Acknowledged{Message: "I have read it."}})
	w.triage(five.anna, "2026-03-02 13:00", score, cvd.Triaged{Sensitive: claim(sensitive)})
	w.does(five.anna, "2026-03-02 14:00", cvd.What{Validated: &cvd.Validated{Evidence: "seen"}})
	w.does(five.anna, "2026-03-02 14:30", cvd.What{Prioritised: &cvd.Prioritised{Priority: "first", Because: "everybody"}})
	return w, five
}

// tried lets somebody try the fix.
func (w *walk) tried(who cvd.Actor, at string) {
	w.Helper()
	for _, check := range []string{"security", "regression"} {
		w.does(who, at, cvd.What{Checked: &cvd.Checked{Check: check, Result: "passed", Evidence: "log"}})
	}
}

func (w *walk) analysed(who cvd.Actor, at string) {
	w.Helper()
	for _, section := range []string{"root_cause", "scope", "exploit", "mitigation"} {
		w.does(who, at, cvd.What{Analysed: &cvd.Analysed{Section: section, Text: "Known."}})
	}
}

func coming(at, class string) cvd.What {
	return cvd.What{Notified: &cvd.Notified{Notice: "coming", Says: map[string]string{"release_at": at, "line": "current", "severity": class, "action": "Update."}}}
}

func staged() cvd.What {
	what := released(project, "current")
	what.Released.Staged = true
	return what
}

var (
	available = cvd.What{Notified: &cvd.Notified{Notice: "available", Says: map[string]string{"versions": "1.1", "action": "Update."}}}
	story     = cvd.What{Explained: &cvd.Explained{URL: "https://example.org/story", Vulnerability: "A counter.", Response: "What we did."}}
	resolved  = cvd.What{Monitored: &cvd.Monitored{Outcome: "resolved", Evidence: "no report since"}}
	ended     = cvd.What{Ended: &cvd.Ended{Outcome: "fixed"}}
)

// A critical issue has seven days, its operators have one of them, and the team has six.
func TestDefaultCriticalInPrivateComesOutWithinItsSevenDays(t *testing.T) {
	w, five := decided(t, 9.8, true)
	if w.c.Track != "private" || w.c.Public {
		t.Fatalf("a sensitive issue is on track %s, public %v", w.c.Track, w.c.Public)
	}
	w.clock("alarm.reminder", "2026-03-02 21:00")
	w.clock("response.limit", "2026-03-04 09:00")
	w.clock("triage.target", "2026-03-05 09:00")
	w.clock("triage.limit", "2026-03-09 09:00")
	w.clock("resolution.limit", "2026-03-09 09:00")
	w.objects(five.mia, "2026-03-03 09:00", patched(project, "current"), "roles")

	w.does(five.anna, "2026-03-07 09:00", patched(project, "current"))
	w.tried(five.tom, "2026-03-07 10:00")
	w.does(five.ben, "2026-03-07 11:00", reviewed("fix", "", "approve"))
	if says := w.objects(five.ben, "2026-03-07 11:10", staged(), "steps.release.requires.expert"); !strings.Contains(says, "0 of 1 experts") {
		t.Errorf("a critical fix that no expert has seen: %s", says)
	}
	w.does(five.eve, "2026-03-07 11:30", reviewed("fix", "", "approve"))
	w.refuses(five.ben, "2026-03-07 11:40", staged(), "steps.release.requires.analysis", "")
	w.analysed(five.eve, "2026-03-07 11:50")

	// Operators hear that it comes and when; a day counts from the delivery.
	w.does(five.ben, "2026-03-07 12:00", coming("2026-03-08T16:00:00Z", "critical"))
	w.does(five.ben, "2026-03-07 15:00", arrived("coming", "operators"))
	w.does(five.ben, "2026-03-07 16:00", staged())
	if got := w.earliest("2026-03-07 16:00", "release"); !got.Equal(on("2026-03-08 15:00")) {
		t.Errorf("the plan releases at %s", cvd.Instant(got))
	}
	w.does(five.anna, "2026-03-07 17:00", edition("A counter was not checked."))
	w.objects(five.anna, "2026-03-07 17:01", approval, "")
	w.does(five.ben, "2026-03-07 17:10", approval)
	w.refuses(five.anna, "2026-03-08 14:59", disclosure, "steps.disclose.requires.wait", "2026-03-08 15:00")
	w.does(five.anna, "2026-03-08 16:00", disclosure)
	if k := w.clock("resolution.limit", "2026-03-09 09:00"); !k.Met.Equal(on("2026-03-08 16:00")) || k.Late(on("2026-04-01 00:00")) {
		t.Errorf("it came out on day 6 of 7: %+v", k)
	}

	// The story follows a week later, and then the case may close.
	w.clock("details.limit", "2026-03-15 16:00")
	w.refuses(five.ben, "2026-03-08 16:05", available, "notices.available.requires.verified", "")
	w.happens(cvd.Tipstaff("p"), "2026-03-08 16:06", seen(project, "current", "it answers with 404"))
	w.objects(five.ben, "2026-03-08 16:07", available, "notices.available.requires.verified")
	w.happens(cvd.Tipstaff("p"), "2026-03-08 16:08", seen(project, "current", ""))
	w.does(five.ben, "2026-03-08 16:10", available)
	w.does(five.ben, "2026-03-08 16:10", arrived("available", "operators"))
	w.objects(five.anna, "2026-03-09 09:00", ended, "steps.close.requires.told")
	w.does(five.ben, "2026-03-09 10:00", arrived("available", "announcements"))
	w.objects(five.anna, "2026-03-09 11:00", ended, "steps.close.requires.explained")
	w.does(five.anna, "2026-03-15 12:00", story)
	w.clock("follow_up.reminder", "2026-04-07 16:00")
	w.does(five.ben, "2026-04-07 09:00", resolved)
	w.does(five.anna, "2026-04-07 10:00", ended)
	w.clock("erase.reminder", "2028-04-07 10:00")
}

// What is neither critical nor high gives its operators a week, and still keeps its time.
func TestDefaultMediumGivesOperatorsAWeek(t *testing.T) {
	w, five := decided(t, 5.3, true)
	w.clock("resolution.limit", "2026-04-01 09:00")
	w.does(five.anna, "2026-03-20 09:00", patched(project, "current"))
	w.tried(five.tom, "2026-03-20 10:00")
	w.does(five.ben, "2026-03-20 11:00", reviewed("fix", "", "approve"))
	w.does(five.ben, "2026-03-20 12:00", coming("2026-03-27T16:00:00Z", "medium"))
	w.does(five.ben, "2026-03-20 12:30", arrived("coming", "operators"))
	w.does(five.ben, "2026-03-20 12:40", staged())
	w.does(five.anna, "2026-03-20 13:00", edition("A counter was not checked."))
	w.does(five.ben, "2026-03-20 13:10", approval)
	w.refuses(five.anna, "2026-03-21 12:30", disclosure, "steps.disclose.requires.wait_longer", "2026-03-27 12:30")
	w.does(five.anna, "2026-03-27 12:30", disclosure)
	if k := w.clock("resolution.limit", "2026-04-01 09:00"); k.Late(on("2026-05-01 00:00")) {
		t.Errorf("it came out in time: %+v", k)
	}
}

// A low issue that helps no attacker is public from the decision on: no notice, no wait, and the community reads the advisory
// before it is approved.
func TestDefaultLowInPublic(t *testing.T) {
	w, five := decided(t, 3.1, false)
	if w.c.Track != "public" || !w.c.Public {
		t.Fatalf("what helps no attacker is on track %s, public %v", w.c.Track, w.c.Public)
	}
	w.clock("resolution.limit", "2026-05-01 09:00")
	w.does(five.mia, "2026-03-03 09:00", cvd.What{Reproduced: &cvd.Reproduced{Environment: "Debian", Version: "1.0", Outcome: "reproduced", Evidence: "log"}})
	w.does(five.ben, "2026-03-04 09:00", patched(project, "current"))
	w.objects(five.ben, "2026-03-04 09:10", released(project, "current"), "steps.release.requires.review")
	w.objects(five.ben, "2026-03-04 09:10", coming("2026-03-05T09:00:00Z", "low"), "notices.coming.tracks")
	w.does(five.mia, "2026-03-04 10:00", reviewed("fix", "", "approve"))
	w.refuses(five.ben, "2026-03-04 10:10", released(project, "current"), "steps.release.requires.checks", "")
	w.tried(five.mia, "2026-03-04 10:20")
	w.does(five.ben, "2026-03-04 11:00", released(project, "current"))
	if k := w.clock("resolution.limit", "2026-05-01 09:00"); !k.Met.Equal(on("2026-03-04 11:00")) {
		t.Errorf("it is released: %+v", k)
	}
	w.does(five.ben, "2026-03-04 12:00", edition("A counter was not checked."))
	if says := w.objects(five.anna, "2026-03-04 12:10", approval, ""); !strings.Contains(says, "community") {
		t.Errorf("the community comes first, and the refusal says %s", says)
	}
	w.does(five.tom, "2026-03-04 12:20", reviewed("advisory", "community", "approve"))
	w.does(five.anna, "2026-03-04 12:30", approval)
	w.does(five.anna, "2026-03-04 12:40", disclosure)
	w.refuses(five.anna, "2026-03-04 13:00", ended, "steps.close.requires.monitored", "")
	w.does(five.anna, "2026-04-01 09:00", resolved)
	w.does(five.anna, "2026-04-01 09:10", ended)
}

// An attack lifts what protects a secret and what takes long, and leaves the second pair of eyes.
func TestDefaultEmergency(t *testing.T) {
	w, five := decided(t, 9.8, true)
	w.does(five.anna, "2026-03-03 09:00", patched(project, "current"))
	w.does(five.ben, "2026-03-03 09:30", reviewed("fix", "", "approve"))
	w.tried(five.tom, "2026-03-03 09:40")
	w.does(five.anna, "2026-03-03 10:00", coming("2026-03-05T10:00:00Z", "critical"))
	w.does(five.anna, "2026-03-03 10:00", arrived("coming", "operators"))
	w.objects(five.anna, "2026-03-03 11:00", released(project, "current"), "steps.release.requires.wait")

	w.does(five.anna, "2026-03-03 12:00", cvd.What{Observed: &cvd.Observed{Fact: "attacks", Evidence: "two servers"}})
	w.does(five.anna, "2026-03-03 12:10", released(project, "current"))
	w.does(five.anna, "2026-03-03 12:20", edition("A counter was not checked."))
	w.refuses(five.anna, "2026-03-03 12:21", disclosure, "steps.disclose.requires.approval", "")
	w.does(five.ben, "2026-03-03 12:25", approval)
	w.does(five.anna, "2026-03-03 12:30", disclosure)
	w.clock("details.limit", "2026-03-10 12:10")
}

// Whoever is alone walks the whole way: each second look is their own, a day later, and marked; it stands for the expert's too.
func TestDefaultTeamOfOneFromReportToDetails(t *testing.T) {
	w := begin(t, "default.yaml")
	w.roster = 1
	sam := w.person("sam", "maintainer", "admin")
	w.does(cvd.Nobody("p"), "2026-03-02 09:00", report("Overflow in the counter"))
	w.does(sam, "2026-03-02 10:00", cvd.What{Acknowledged: &cvd.Acknowledged{}})
	w.triage(sam, "2026-03-02 11:00", 9.8, cvd.Triaged{Sensitive: claim(true)})
	w.does(sam, "2026-03-02 12:00", cvd.What{Validated: &cvd.Validated{Evidence: "seen"}})
	w.does(sam, "2026-03-02 12:10", cvd.What{Prioritised: &cvd.Prioritised{Priority: "first", Because: "everybody"}})
	w.analysed(sam, "2026-03-03 09:00")
	w.does(sam, "2026-03-03 10:00", patched(project, "current"))
	w.tried(sam, "2026-03-03 11:00")

	w.refuses(sam, "2026-03-04 09:59", reviewed("fix", "", "approve"), "", "2026-03-04 10:00")
	w.does(sam, "2026-03-04 10:00", reviewed("fix", "", "approve"))
	if last := w.c.Reviews[len(w.c.Reviews)-1]; !last.Alone {
		t.Errorf("a second look at one's own work is not marked: %+v", last)
	}
	w.does(sam, "2026-03-04 10:10", coming("2026-03-06T12:00:00Z", "critical"))
	w.does(sam, "2026-03-04 11:00", arrived("coming", "operators"))
	w.roster = 2 // somebody joins: one person's word is not an expert's any more
	w.objects(sam, "2026-03-04 11:05", staged(), "steps.release.requires.expert")
	w.roster = 1
	w.does(sam, "2026-03-04 11:10", staged())
	w.does(sam, "2026-03-04 12:00", edition("A counter was not checked."))
	w.refuses(sam, "2026-03-05 11:59", approval, "", "2026-03-05 12:00")
	w.does(sam, "2026-03-05 12:00", approval)
	w.does(sam, "2026-03-06 12:00", disclosure)
	w.happens(cvd.Tipstaff("p"), "2026-03-06 12:05", seen(project, "current", ""))
	w.does(sam, "2026-03-06 12:10", available)
	w.does(sam, "2026-03-06 12:10", arrived("available", "operators"))
	w.does(sam, "2026-03-06 12:20", arrived("available", "announcements"))
	w.clock("details.limit", "2026-03-13 12:00")
	w.does(sam, "2026-03-13 09:00", story)
	w.does(sam, "2026-04-01 09:00", resolved)
	w.does(sam, "2026-04-01 09:10", ended)
}

// The document settles what its two models disagree about, and says of each why.
func TestDefaultExplainsEachConflictItSettles(t *testing.T) {
	w := begin(t, "default.yaml")
	if found := policy.Lint(w.p); len(found) > 0 {
		t.Errorf("the first document that a newcomer lints has findings: %v", found)
	}
	text := w.text("default.yaml")
	guide := w.text("../docs/guide/policy.md")
	for _, conflict := range strings.Fields("D1 D2 D3 D4 D5 D6 D7 D8 D9 D10 D11 D12") {
		_, says, there := strings.Cut(text, "# "+conflict+": ")
		comment, _, _ := strings.Cut(says, "\n\n")
		if !there || !strings.Contains(comment, "because") {
			t.Errorf("%s is not settled with a reason in default.yaml", conflict)
		}
		if !strings.Contains(guide, "| "+conflict+" |") {
			t.Errorf("%s is missing in the table of docs/guide/policy.md", conflict)
		}
	}
}

func (w *walk) text(file string) string {
	w.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		w.Fatal(err)
	}
	return string(text)
}

// The two waits of the default and its promises, by the wall.
func TestDefaultDatesByTheWall(t *testing.T) {
	follow(t, document(t, "default.yaml"), []course{{
		name: "critical: six days to work in and one for operators", at: "2026-03-02 09:00", class: "critical",
		set: map[string]string{"fix_ready": "2026-03-08 08:00"}, // Sunday
		want: []string{
			"reminder clocks.alarm 2026-03-02 21:00",
			"deadline clocks.response 2026-03-04 09:00",
			"target clocks.triage 2026-03-05 09:00",
			"deadline clocks.triage 2026-03-09 09:00",
			"notice notices.coming 2026-03-08 08:00",
			"release steps.release 2026-03-09 08:00", // 24 hours
			"disclosure steps.disclose 2026-03-09 08:00",
			"deadline clocks.resolution 2026-03-09 09:00", // 7 days, an hour later
			"details disclosure.details 2026-03-16 08:00",
			"deadline clocks.details 2026-03-16 08:00",
			"embargo embargo.offer 2026-04-01 09:00",
			"embargo embargo.longest 2026-05-31 09:00", // 90 days: 29 of March, 30, 31
			"reminder clocks.follow_up 2026-04-08 08:00",
		},
	}, {
		name: "critical: a fix of the last day is late", at: "2026-03-02 09:00", class: "critical",
		set:  map[string]string{"fix_ready": "2026-03-09 07:00"},
		want: []string{"release steps.release 2026-03-10 07:00"},
		late: []string{"clocks.resolution"},
	}, {
		name: "medium: a week for operators, over the change to summer time", at: "2026-03-02 09:00", class: "medium",
		set:  map[string]string{"fix_ready": "2026-03-25 12:00"},
		want: []string{"release steps.release 2026-04-01 12:00", "deadline clocks.resolution 2026-04-01 09:00"},
		late: []string{"clocks.resolution"}, // a month of thirty days, by three hours
	}, {
		name: "informational: until the next major release", at: "2026-03-02 09:00", class: "informational", facts: map[string]bool{"sensitive": false},
		want: []string{"deadline clocks.resolution -", "notice notices.coming none"},
	}, {
		name: "once it is attacked nobody waits", at: "2026-03-02 09:00", class: "high", facts: map[string]bool{"attacks": true},
		set:  map[string]string{"fix_ready": "2026-03-03 23:00"},
		want: []string{"release steps.release 2026-03-03 23:00", "disclosure steps.disclose 2026-03-03 23:00"},
	}})
}
