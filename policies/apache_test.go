package policies_test

import (
	"strings"
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/policy"
)

// https://www.apache.org/security/committers.html names steps and no times: what is waited for are the reporter's word and the
// identifier. The times are readings.
func TestApacheGoesWithTheReporter(t *testing.T) {
	tl := instants(t, "apache.yaml", policy.Scenario{At: on("2026-03-02 09:00"), Class: "important", Set: map[string]time.Time{
		"fix_ready": on("2026-03-12 09:00"), "allocated": on("2026-03-11 14:00"), "drafted": on("2026-03-13 09:00"),
		"reporter_agreed": on("2026-03-17 18:00"), "archived": on("2026-03-18 08:00"), "record_public": on("2026-03-19 08:00")}}, map[string]string{
		"target clocks.response":      "2026-03-05 09:00", // 3 days
		"target clocks.decision":      "2026-03-16 09:00", // 14 days
		"escalation clocks.decision":  "2026-04-01 09:00", // 30 days: March has 31
		"release steps.release":       "2026-03-17 18:00", // the moment in which the reporter agreed
		"disclosure steps.disclose":   "2026-03-17 18:00", // "may be at the same time"
		"notice notices.announcement": "2026-03-17 18:00",
		"target clocks.record":        "2026-03-20 08:00", // 2 days after the archive shows it
	})
	if len(tl.Conflicts) != 0 {
		t.Errorf("conflicts: %+v", tl.Conflicts)
	}
	// A reporter who says nothing holds nothing up for more than a fortnight, over the beginning of summer time.
	instants(t, "apache.yaml", policy.Scenario{At: on("2026-03-02 09:00"), Class: "important", Set: map[string]time.Time{
		"fix_ready": on("2026-03-19 09:00"), "drafted": on("2026-03-20 09:00"), "allocated": on("2026-03-19 09:00")}}, map[string]string{
		"release steps.release": "2026-04-03 09:00", // 20 March + 14 days
	})
}

// Step 11: "agrees the fix, the announcement and the release schedule with the reporter". Step 12: the commit says nothing.
func TestApacheReleasesNothingWithoutTheReporter(t *testing.T) {
	w := begin(t, "apache.yaml")
	pam, leo, fay := w.person("pam", "committee"), w.person("leo", "committee"), w.person("fay", "foundation")
	told := report("Traversal")
	told.Received.Report.Component = "httpd"
	w.does(cvd.Nobody("p"), "2026-03-02 09:00", told)
	w.does(pam, "2026-03-02 10:00", cvd.What{Validated: &cvd.Validated{Evidence: "seen"}})
	important := cvd.Triaged{Class: "important", Sensitive: claim(true)}
	if err := w.p.Classify(w.c, &important, 0, false); err != nil {
		t.Fatal(err)
	}
	w.does(pam, "2026-03-02 11:00", cvd.What{Triaged: &important})
	w.does(pam, "2026-03-02 11:10", cvd.What{Prioritised: &cvd.Prioritised{Priority: "next release"}})
	loud := patched("project", "3.x")
	loud.Remedied.Patches[0].Private, loud.Remedied.Patches[0].URL = false, "https://github.com/apache/example/pull/7-fix-CVE-2026-1"
	w.objects(pam, "2026-03-09 09:00", loud, "content.forbidden")
	w.does(pam, "2026-03-09 09:00", patched("project", "3.x"))
	w.does(pam, "2026-03-09 09:10", patched("project", "2.x"))
	w.does(fay, "2026-03-09 10:00", cvd.What{Dated: &cvd.Dated{Event: "allocated", On: on("2026-03-09 10:00")}})
	w.does(pam, "2026-03-10 09:00", edition("A path was not checked."))
	w.does(leo, "2026-03-10 10:00", approval)

	w.refuses(pam, "2026-03-11 09:00", released("project", "3.x"), "steps.release.requires.agreed", "2026-03-24 09:00") // drafted + 14 days
	if says := w.objects(pam, "2026-03-11 09:00", disclosure, "steps.disclose.requires.agreed"); !strings.Contains(says, "reporter") {
		t.Errorf("it says %q", says)
	}
	w.does(pam, "2026-03-12 09:00", cvd.What{Dated: &cvd.Dated{Event: "reporter_agreed", On: on("2026-03-12 09:00")}})
	w.does(pam, "2026-03-12 09:01", released("project", "3.x"))
	w.does(pam, "2026-03-12 09:02", released("project", "2.x"))
	w.does(pam, "2026-03-12 10:00", disclosure)

	// Steps 15 and 16: the case is over when the record is public.
	ended := cvd.What{Ended: &cvd.Ended{Outcome: "resolved"}}
	w.refuses(pam, "2026-03-13 09:00", ended, "steps.close.requires.record", "")
	w.does(fay, "2026-03-13 10:00", cvd.What{Dated: &cvd.Dated{Event: "record_public", On: on("2026-03-13 10:00")}})
	w.does(pam, "2026-03-13 11:00", ended)
}

// What is public already waits for nobody's word.
func TestApachePublicMatterNeedsNoAgreement(t *testing.T) {
	instants(t, "apache.yaml", policy.Scenario{At: on("2026-03-02 09:00"), Class: "low", Facts: map[string]bool{"public": true}, Set: map[string]time.Time{
		"fix_ready": on("2026-03-04 09:00"), "allocated": on("2026-03-04 10:00")}}, map[string]string{
		"release steps.release": "2026-03-04 10:00",
	})
}
