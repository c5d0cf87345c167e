package policies_test

import (
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/policy"
)

// https://github.com/nodejs/node/blob/main/SECURITY.md: "acknowledged within 5 days", "within 10 days", "within 6 business days";
// security-release-process.md: "one week in advance of the planned release".
func TestNodeWeekAheadOverAWeekend(t *testing.T) {
	tl := instants(t, "nodejs.yaml", policy.Scenario{At: on("2026-03-05 09:00"), Class: "high", Set: map[string]time.Time{
		"fix_ready": on("2026-03-12 09:00"), "listed": on("2026-03-10 12:00"), "cve_reserved": on("2026-03-11 10:00"),
		"reporter_tried": on("2026-03-13 09:00")}}, map[string]string{
		"deadline clocks.response":         "2026-03-10 09:00", // Thursday 5 March + 5 days
		"reminder clocks.escalation":       "2026-03-13 09:00", // 6 business days: 6, 9, 10, 11, 12, 13 March
		"deadline clocks.answer":           "2026-03-15 09:00", // 10 days
		"notice notices.coming":            "2026-03-13 09:00", // the reporter was the last to say yes
		"wait steps.release.requires.week": "2026-03-20 09:00", // a Friday
		"release steps.release":            "2026-03-23 00:00", // not before a weekend: Monday
		"disclosure steps.disclose":        "2026-03-23 00:00",
		"notice notices.available":         "2026-03-23 00:00",
		"deadline clocks.blog":             "2026-03-23 06:00", // "Within 6 hours of the mailing list being notified"
		"step disclosure.reports":          "2026-03-23 00:00", // if the reporter agrees
	})
	if len(tl.Conflicts) != 0 {
		t.Errorf("conflicts: %+v", tl.Conflicts)
	}
	// Nobody heard from the reporter: after three days the announcement waits no longer (reading).
	instants(t, "nodejs.yaml", policy.Scenario{At: on("2026-03-05 09:00"), Class: "high", Set: map[string]time.Time{
		"fix_ready": on("2026-03-12 09:00"), "listed": on("2026-03-10 12:00"), "cve_reserved": on("2026-03-11 10:00")}}, map[string]string{
		"notice notices.coming": "2026-03-15 09:00", // 12 March + 3 days
		"release steps.release": "2026-03-23 00:00", // 22 March is a Sunday
	})
}

// "Particularly at the end of the year": nothing comes out between Christmas Eve and New Year, and 2 January 2027 is a Saturday.
func TestNodeAtTheEndOfTheYear(t *testing.T) {
	when := map[string]time.Time{"fix_ready": on("2026-12-17 09:00"), "listed": on("2026-12-17 09:00"), "cve_reserved": on("2026-12-17 09:00"),
		"reporter_tried": on("2026-12-17 09:00")}
	instants(t, "nodejs.yaml", policy.Scenario{At: on("2026-12-10 09:00"), Class: "critical", Set: when}, map[string]string{
		"reminder clocks.escalation":       "2026-12-18 09:00", // 11, 14, 15, 16, 17, 18 December
		"wait steps.release.requires.week": "2026-12-24 09:00",
		"release steps.release":            "2027-01-04 00:00", // the first Monday after the blackout
	})
	// Attacks are seen: neither the week nor the holidays protect anybody.
	instants(t, "nodejs.yaml", policy.Scenario{At: on("2026-12-10 09:00"), Class: "critical", Set: when, Facts: map[string]bool{"attacks": true}}, map[string]string{
		"release steps.release": "2026-12-17 09:00",
	})
}

// "Check that all vulnerabilities are ready for release integration": no word goes out while a line, an approval, a test, the CVE or
// the list is missing.
func TestNodeAnnouncesOnlyWhatIsReadyOnEveryLine(t *testing.T) {
	w := begin(t, "nodejs.yaml")
	sam, rik := w.person("sam", "steward"), w.person("rik", "releaser")
	told := report("Header that is read twice")
	told.Received.Report.Version, told.Received.Report.Steps = "24.1.0", []string{"node poc.js"}
	w.does(cvd.Nobody("p"), "2026-03-02 09:00", told)
	w.does(sam, "2026-03-02 10:00", cvd.What{Validated: &cvd.Validated{Evidence: "seen on 22, 24 and 26"}})
	high := cvd.Triaged{Class: "high", Sensitive: claim(true)}
	if err := w.p.Classify(w.c, &high, 7.5, true); err != nil {
		t.Fatal(err)
	}
	w.does(sam, "2026-03-02 11:00", cvd.What{Triaged: &high})
	coming := cvd.What{Notified: &cvd.Notified{Notice: "coming", Says: map[string]string{
		"release_at": "2026-03-19T13:00:00Z", "line": "26.x, 24.x, 22.x", "severity": "high"}}}

	for _, line := range []string{"26.x", "24.x", "22.x"} {
		w.does(sam, "2026-03-02 12:00", cvd.What{Remedied: &cvd.Remedied{Product: "node", Line: line, Status: "affected"}})
	}
	w.does(rik, "2026-03-10 09:00", patched("node", "26.x"))
	w.does(rik, "2026-03-10 10:00", patched("node", "24.x"))
	for _, name := range []string{"every_line", "approved", "tested", "cve", "listed", "tried"} {
		w.objects(sam, "2026-03-10 11:00", coming, "notices.coming.requires."+name)
	}
	w.does(rik, "2026-03-11 09:00", patched("node", "22.x")) // 20.x is no longer kept up
	w.does(sam, "2026-03-11 10:00", reviewed("fix", "", "approve"))
	w.does(sam, "2026-03-11 10:10", cvd.What{Checked: &cvd.Checked{Check: "tests", Result: "passed", Evidence: "all green"}})
	dated := func(event, at string) {
		w.does(sam, at, cvd.What{Dated: &cvd.Dated{Event: event, On: on(at)}})
	}
	dated("cve_reserved", "2026-03-11 10:20")
	dated("listed", "2026-03-11 10:30")
	w.refuses(sam, "2026-03-11 11:00", coming, "notices.coming.requires.tried", "2026-03-14 09:00") // fix ready on the 11th, + 3 days
	dated("reporter_tried", "2026-03-12 12:00")
	w.does(sam, "2026-03-12 12:10", coming)
	for _, channel := range []string{"blog", "nodejs_sec", "oss_security", "docker_node"} {
		w.does(sam, "2026-03-12 12:20", arrived("coming", channel))
	}
	w.objects(rik, "2026-03-19 13:00", released("node", "26.x"), "steps.release.requires.week") // the build group has not got it
	w.does(sam, "2026-03-12 13:00", arrived("coming", "build_wg"))
	w.refuses(rik, "2026-03-19 12:59", released("node", "26.x"), "steps.release.requires.week", "2026-03-19 13:00")
	w.does(rik, "2026-03-19 13:00", released("node", "26.x"))
	w.objects(sam, "2026-03-19 13:01", cvd.What{Notified: &cvd.Notified{Notice: "available", Says: map[string]string{"versions": "26.1.1"}}}, "notices.available.requires.released")
	w.does(rik, "2026-03-19 13:30", released("node", "24.x"))
	w.does(rik, "2026-03-19 14:00", released("node", "22.x"))
	available := cvd.What{Notified: &cvd.Notified{Notice: "available", Says: map[string]string{"versions": "26.1.1, 24.1.1, 22.1.1"}}}
	w.refuses(sam, "2026-03-19 14:00", available, "notices.available.requires.verified", "") // nobody has looked whether they are there
	for _, line := range []string{"26.x", "24.x", "22.x"} {
		w.happens(cvd.Tipstaff("p"), "2026-03-19 14:00", seen("node", line, ""))
	}
	w.does(sam, "2026-03-19 14:01", available)
	w.does(sam, "2026-03-19 14:05", arrived("available", "nodejs_sec"))
	w.clock("blog.limit", "2026-03-19 20:05") // 6 hours after the list
}
