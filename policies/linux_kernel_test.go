package policies_test

import (
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/policy"
)

// https://docs.kernel.org/process/security-bugs.html: "up to 7 calendar days from the start of the release process, with an
// exceptional extension to 14 calendar days". The process starts with the fix, so a month in which there was none counts nothing.
func TestKernelCountsFromTheFix(t *testing.T) {
	tl := instants(t, "linux-kernel.yaml", policy.Scenario{At: on("2026-02-20 16:00"), Set: map[string]time.Time{
		"fix_ready": on("2026-03-25 10:00"), "released": on("2026-03-31 10:00"), "cve_assigned": on("2026-04-02 09:00")}}, map[string]string{
		"target clocks.response":    "2026-02-23 16:00", // three days, reading; Saturday and Sunday count
		"deadline clocks.embargo":   "2026-04-01 10:00", // 25 March + 7 days; the clocks of Europe went on in between, and days are days of 24 hours
		"embargo embargo.longest":   "2026-04-08 10:00", // 25 March + 14 days, and not 20 February + 14 days
		"embargo silence":           "2026-03-31 10:00", // "until there is a fix" that is out
		"disclosure steps.disclose": "",                 // never
	})
	if len(tl.Conflicts) != 0 {
		t.Errorf("a release on the sixth day keeps every promise, got %+v", tl.Conflicts)
	}
	// On the eighth day after the fix the week is over.
	tl = instants(t, "linux-kernel.yaml", policy.Scenario{At: on("2026-02-20 16:00"), Set: map[string]time.Time{
		"fix_ready": on("2026-03-25 10:00"), "released": on("2026-04-02 10:00")}}, nil)
	if len(tl.Conflicts) != 1 || tl.Conflicts[0].Clause != "clocks.embargo" || tl.Conflicts[0].By != 24*time.Hour {
		t.Errorf("the release is a day late, got %+v", tl.Conflicts)
	}
}

// "All other information submitted to the security list … are treated confidentially even after the embargo has been lifted, in
// perpetuity": whatever becomes known, this team publishes nothing.
func TestKernelNeverDiscloses(t *testing.T) {
	w := begin(t, "linux-kernel.yaml")
	greta, hugo := w.person("greta", "security"), w.person("hugo", "security")
	w.does(cvd.Nobody("p"), "2026-03-02 09:00", report("Use after free"))
	w.does(greta, "2026-03-02 10:00", cvd.What{Validated: &cvd.Validated{Evidence: "seen"}})

	// No embargo without a fix; with one, fourteen days from it and no more.
	until := func(at string) cvd.What { return cvd.What{Embargoed: &cvd.Embargoed{Until: on(at)}} }
	w.refuses(greta, "2026-03-03 10:00", until("2026-03-06 10:00"), "steps.embargo.requires.fix", "")
	w.does(greta, "2026-03-03 11:00", cvd.What{Remedied: &cvd.Remedied{Product: "linux", Line: "stable", Status: "affected"}})
	w.does(greta, "2026-03-10 10:00", patched("linux", "mainline"))
	w.does(greta, "2026-03-10 10:30", patched("linux", "stable"))
	w.clock("embargo.limit", "2026-03-17 10:30") // 7 days
	w.refuses(greta, "2026-03-12 09:00", until("2026-03-24 10:31"), "embargo.longest", "")
	w.does(greta, "2026-03-12 09:00", until("2026-03-24 10:30")) // 10 March 10:30 + 14 days, although it was agreed on the 12th

	// "exceptional extension": once, by another week.
	longer := func(at string) cvd.What {
		return cvd.What{Extended: &cvd.Extended{Clock: "embargo", Until: on(at), Because: "a large rollout"}}
	}
	if got := w.p.Weigh(policy.Ask{Case: w.c, Who: greta, Step: "extend", What: longer("2026-03-24 10:31"), Now: on("2026-03-13 09:00"), Roster: 4}); len(got) != 1 || got[0].Clause != "clocks.embargo.extend.by" {
		t.Errorf("fifteen days: got %s", list(got))
	}
	if got := w.p.Weigh(policy.Ask{Case: w.c, Who: greta, Step: "extend", What: longer("2026-03-24 10:30"), Now: on("2026-03-13 09:00"), Roster: 4}); len(got) > 0 {
		t.Errorf("fourteen days: got %s", list(got))
	}

	w.does(greta, "2026-03-17 09:00", released("linux", "mainline"))
	w.does(greta, "2026-03-17 09:10", released("linux", "stable"))
	w.does(hugo, "2026-03-18 09:00", edition("A pointer was used after its object was gone."))
	w.does(greta, "2026-03-18 10:00", approval)
	w.objects(greta, "2026-03-18 11:00", disclosure, "steps.disclose.requires.never")
	for _, fact := range []string{"public", "exploit_public", "attacks"} {
		w.happens(greta, "2026-03-19 09:00", cvd.What{Observed: &cvd.Observed{Fact: fact, Evidence: "seen"}})
	}
	w.objects(greta, "2027-03-18 11:00", disclosure, "steps.disclose.requires.never")
	w.does(greta, "2027-03-19 08:00", cvd.What{Prioritised: &cvd.Prioritised{Priority: "done", Because: "the fix is out"}})
	w.does(greta, "2027-03-19 09:00", cvd.What{Ended: &cvd.Ended{Outcome: "resolved"}}) // and the case is complete without it
}

// https://docs.kernel.org/process/cve.html: an identifier is assigned to a fix that is in a stable tree, and not before.
func TestKernelAssignsIdentifiersAfterTheFix(t *testing.T) {
	w := begin(t, "linux-kernel.yaml")
	greta := w.person("greta", "security")
	w.does(cvd.Nobody("p"), "2026-03-02 09:00", report("Use after free"))
	w.does(greta, "2026-03-02 10:00", cvd.What{Validated: &cvd.Validated{Evidence: "seen"}})
	assigned := cvd.What{Dated: &cvd.Dated{Event: "cve_assigned", On: on("2026-03-03 12:00")}}
	w.refuses(greta, "2026-03-03 12:00", assigned, "steps.date.requires.released", "")
}
