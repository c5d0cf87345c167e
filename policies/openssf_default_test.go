package policies_test

import (
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/policy"
)

// https://github.com/ossf/oss-vulnerability-guide/blob/main/maintainer-guide.md: an answer "within 1-2 days", ninety days at most,
// providers told "anywhere from 1-30 workdays before", a release "on Monday, Tuesday, or Wednesday", and not around Black Friday.
func TestOpenSSFOverThanksgiving(t *testing.T) {
	tl := instants(t, "openssf-default.yaml", policy.Scenario{At: on("2026-11-16 15:00"), Set: map[string]time.Time{
		"fix_ready": on("2026-11-19 15:00"), "cve_reserved": on("2026-11-19 15:00")}}, map[string]string{
		"target clocks.response":            "2026-11-17 15:00", // 1 day
		"deadline clocks.response":          "2026-11-18 15:00", // 2 days
		"target clocks.assessment":          "2026-12-01 15:00", // 10 workdays: 17-20, 23-25, 27, 30 November, 1 December; the 26th is Thanksgiving
		"notice notices.embargoed":          "2026-11-19 15:00",
		"wait steps.release.requires.ahead": "2026-11-20 15:00", // a workday: Friday
		"release steps.release":             "2026-12-01 15:00", // Monday 23 to Monday 30 are the days around Black Friday; Tuesday, 10:00 in New York
		"disclosure steps.disclose":         "2026-12-01 15:00", // the same moment
		"notice notices.disclosure":         "2026-12-01 15:00",
		"deadline clocks.publication":       "2027-02-14 15:00", // 90 days: 14 of November, 31, 31, 14 of February
		"warning clocks.publication":        "2027-01-15 15:00", // 30 days before
	})
	if len(tl.Conflicts) != 0 {
		t.Errorf("conflicts: %+v", tl.Conflicts)
	}
}

func TestOpenSSFOverADayOffAndSummerTime(t *testing.T) {
	// Friday 15 January 2027, 10:00 in New York; Monday 18 is Martin Luther King's day.
	instants(t, "openssf-default.yaml", policy.Scenario{At: on("2027-01-14 15:00"), Set: map[string]time.Time{
		"fix_ready": on("2027-01-15 15:00"), "cve_reserved": on("2027-01-15 15:00")}}, map[string]string{
		"wait steps.release.requires.ahead": "2027-01-19 15:00", // Friday + 1 workday is Tuesday
		"release steps.release":             "2027-01-19 15:00", // Tuesday, 10:00 EST
	})
	// Friday 6 March 2026, 15:00 in New York (EST, UTC-5); summer time (EDT, UTC-4) begins on Sunday.
	instants(t, "openssf-default.yaml", policy.Scenario{At: on("2026-03-06 15:00"), Set: map[string]time.Time{
		"fix_ready": on("2026-03-06 20:00"), "cve_reserved": on("2026-03-06 20:00")}}, map[string]string{
		"wait steps.release.requires.ahead": "2026-03-09 19:00", // Monday, 15:00 EDT
		"release steps.release":             "2026-03-10 14:00", // Tuesday, 10:00 EDT
		"deadline clocks.publication":       "2026-06-04 15:00", // 90 days: 25 of March, 30, 31, 4 of June
	})
}

// "The best thing to do is treat it as a regular project issue"; "it is better that users know than not know".
func TestOpenSSFTroubles(t *testing.T) {
	tl := instants(t, "openssf-default.yaml", policy.Scenario{At: on("2026-11-20 15:00"), Facts: map[string]bool{"public": true}, Set: map[string]time.Time{
		"fix_ready": on("2026-11-27 15:00"), "cve_reserved": on("2026-11-20 16:00")}}, map[string]string{
		"release steps.release": "2026-11-27 15:00", // Black Friday itself: what is known waits for no day
	})
	if tl.Track != "public" {
		t.Errorf("what is known is handled in public, got %s", tl.Track)
	}

	w := begin(t, "openssf-default.yaml")
	ann, ben := w.person("ann", "team"), w.person("ben", "team")
	told := report("Overflow")
	told.Received.Report.Version, told.Received.Report.Steps = "1.2.0", []string{"run it"}
	w.does(cvd.Nobody("p"), "2026-03-02 15:00", told)
	w.does(ann, "2026-03-02 16:00", cvd.What{Validated: &cvd.Validated{Evidence: "seen"}})
	w.happens(ann, "2026-03-02 16:10", cvd.What{Triaged: &cvd.Triaged{Sensitive: claim(true), Track: "private"}})
	w.does(ann, "2026-03-02 16:20", cvd.What{Embargoed: &cvd.Embargoed{Until: on("2026-03-10 14:00")}})
	w.clock("publication.limit", "2026-05-31 15:00") // 90 days: 29 of March, 30, 31
	w.does(ann, "2026-03-03 16:00", patched("example-project", "current"))
	w.does(ann, "2026-03-03 16:10", cvd.What{Dated: &cvd.Dated{Event: "cve_reserved", On: on("2026-03-03 16:10")}})
	w.does(ann, "2026-03-03 16:20", edition("A length was not checked."))
	w.does(ben, "2026-03-03 16:30", approval)
	staged := released("example-project", "current")
	staged.Released.Staged = true
	w.does(ann, "2026-03-03 16:40", staged)
	w.objects(ann, "2026-03-10 15:00", disclosure, "steps.disclose.requires.ahead") // nobody was told
	w.does(ann, "2026-03-06 20:00", cvd.What{Notified: &cvd.Notified{Notice: "embargoed", Says: map[string]string{"line": "current", "release_at": "2026-03-10T14:00:00Z"}}})
	w.does(ann, "2026-03-06 20:00", arrived("embargoed", "providers"))
	w.objects(ann, "2026-03-09 18:59", disclosure, "steps.disclose.requires.ahead") // Friday 15:00 in New York + 1 workday is Monday 19:00 UTC
	if got := w.weigh(ann, "2026-03-09 19:00", disclosure); len(got) != 1 || got[0].Clause != "" {
		t.Errorf("the workday is over, and only the agreed instant is left to wait for: %s", list(got))
	}
	w.does(ann, "2026-03-10 14:00", disclosure)
}
