package policies_test

import (
	"strings"
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/policy"
	"github.com/tipstaff/tipstaff/policies"
)

// https://curl.se/dev/vuln-disclosure.html and https://curl.se/dev/release-procedure.html: a release every eighth Wednesday (8.22.0
// on 2 September 2026, so the next one on 28 October), the distributions "no more than seven days before release", the private
// branch merged "no more than 48 hours before the release".
func TestCurlHighLeavesWithTheNextRelease(t *testing.T) {
	tl := instants(t, "curl.yaml", policy.Scenario{At: on("2026-10-05 09:00"), Class: "high", Set: map[string]time.Time{
		"fix_ready": on("2026-10-15 09:00"), "cve_reserved": on("2026-10-20 10:00"), "merged": on("2026-10-26 12:00")}}, map[string]string{
		"target clocks.response":    "2026-10-06 09:00", // a day; reading
		"notice notices.distros":    "2026-10-21 07:00", // 28 October 07:00 less 7 days: later than the fix, because earlier is too early
		"deadline clocks.merge":     "2026-10-28 12:00", // 26 October 12:00 + 48 hours
		"warning clocks.merge":      "2026-10-28 00:00", // half a day before
		"release steps.release":     "2026-10-28 07:00", // 08:00 in Stockholm, where summer time ended three days before: CET, not CEST
		"disclosure steps.disclose": "2026-10-28 07:00", // "synchronized with an upcoming release"
		"notice notices.available":  "2026-10-28 07:00",
		"step disclosure.reports":   "2026-10-28 07:00", // "as soon as the vulnerability has been published"
		"embargo embargo.offer":     "2026-11-30 09:00", // 8 weeks
	})
	if tl.Track != "private" || len(tl.Conflicts) != 0 {
		t.Errorf("track %s, conflicts %+v", tl.Track, tl.Conflicts)
	}
	// Merged on Sunday, the fix lies open for longer than two days.
	tl = instants(t, "curl.yaml", policy.Scenario{At: on("2026-10-05 09:00"), Class: "high", Set: map[string]time.Time{
		"fix_ready": on("2026-10-15 09:00"), "cve_reserved": on("2026-10-20 10:00"), "merged": on("2026-10-25 12:00")}}, nil)
	if len(tl.Conflicts) != 1 || tl.Conflicts[0].Clause != "clocks.merge" || tl.Conflicts[0].By != 19*time.Hour {
		t.Errorf("25 October 12:00 + 48 hours is 19 hours before the release, got %+v", tl.Conflicts)
	}
}

// "If the severity level … is set to Low or Medium, the fix is allowed to get merged … via a normal PR": another track, no merge to wait for.
func TestCurlLowIsFixedInPublicWithoutAWord(t *testing.T) {
	tl := instants(t, "curl.yaml", policy.Scenario{At: on("2026-09-07 09:00"), Class: "low", Set: map[string]time.Time{
		"fix_ready": on("2026-09-14 09:00"), "cve_reserved": on("2026-09-15 09:00")}}, map[string]string{
		"notice notices.distros":    "2026-10-21 07:00",
		"release steps.release":     "2026-10-28 07:00",
		"disclosure steps.disclose": "2026-10-28 07:00",
	})
	if _, there := tl.Find("deadline", "clocks.merge"); there || tl.Track != "quiet" {
		t.Errorf("track %s has no merge to count from", tl.Track)
	}

	w := begin(t, "curl.yaml")
	dan, eva := w.person("dan", "security"), w.person("eva", "security")
	told := report("Overread in a parser")
	told.Received.Report.Component, told.Received.Report.Version, told.Received.Report.Steps = "url parser", "8.21.0", []string{"run it"}
	told.Received.Report.AI = cvd.AIUse{Used: true, How: "to word it"}
	w.does(cvd.Nobody("p"), "2026-09-07 09:00", told)
	w.does(dan, "2026-09-07 10:00", cvd.What{Validated: &cvd.Validated{Evidence: "seen"}})
	low := cvd.Triaged{Class: "low", Sensitive: claim(true)}
	if err := w.p.Classify(w.c, &low, 0, false); err != nil || low.Track != "quiet" || low.Public {
		t.Fatalf("low: %+v %v; the case itself stays private", low, err)
	}
	w.does(dan, "2026-09-07 11:00", cvd.What{Triaged: &low})
	w.does(dan, "2026-09-07 12:00", cvd.What{Prioritised: &cvd.Prioritised{Priority: "low"}})
	open := patched("curl", "current")
	open.Remedied.Patches[0].Private = false
	open.Remedied.Patches[0].URL = "https://github.com/curl/curl/pull/1-security-fix"
	w.objects(dan, "2026-09-14 09:00", open, "content.forbidden") // "without mentioning it being a security vulnerability"
	open.Remedied.Patches[0].URL = "https://github.com/curl/curl/pull/1"
	w.does(dan, "2026-09-14 09:00", open)
	w.does(dan, "2026-10-20 10:00", edition("It could read past the end."))
	w.does(eva, "2026-10-20 11:00", approval)
	w.objects(dan, "2026-10-21 10:00", released("curl", "current"), "schedule.train") // a Wednesday, but not an eighth one
	both := released("curl", "current")
	both.Released.Staged = true
	w.does(dan, "2026-10-28 07:00", both)
	w.does(dan, "2026-10-28 07:00", disclosure)
}

// High: the release waits for the merge, and the merge starts a clock of 48 hours.
func TestCurlMergesNoMoreThanTwoDaysBefore(t *testing.T) {
	w := begin(t, "curl.yaml")
	dan := w.person("dan", "security")
	told := report("Overread in a parser")
	told.Received.Report.Component, told.Received.Report.Version, told.Received.Report.Steps = "url parser", "8.21.0", []string{"run it"}
	told.Received.Report.AI = cvd.AIUse{Used: true, How: "to word it"}
	w.does(cvd.Nobody("p"), "2026-10-05 09:00", told)
	w.does(dan, "2026-10-05 10:00", cvd.What{Validated: &cvd.Validated{Evidence: "seen"}})
	high := cvd.Triaged{Class: "high", Sensitive: claim(true)}
	if err := w.p.Classify(w.c, &high, 0, false); err != nil || high.Track != "private" {
		t.Fatalf("high: %+v %v", high, err)
	}
	w.does(dan, "2026-10-05 11:00", cvd.What{Triaged: &high})
	w.does(dan, "2026-10-15 09:00", patched("curl", "current"))
	w.objects(dan, "2026-10-28 07:00", released("curl", "current"), "steps.release.requires.merged")
	w.does(dan, "2026-10-26 12:00", cvd.What{Dated: &cvd.Dated{Event: "merged", On: on("2026-10-26 12:00")}})
	if k := w.clock("merge.limit", "2026-10-28 12:00"); k.Late(on("2026-10-28 12:00")) || !k.Late(on("2026-10-28 12:01")) {
		t.Errorf("48 hours after the merge, and a minute more: %+v", k)
	}
	// "a separate earlier release should be considered": once it is decided, no train is waited for.
	w.objects(dan, "2026-10-27 07:00", released("curl", "current"), "schedule.train")
	w.does(dan, "2026-10-27 08:00", cvd.What{Dated: &cvd.Dated{Event: "sooner", On: on("2026-10-27 08:00")}})
	for _, o := range w.weigh(dan, "2026-10-27 09:00", released("curl", "current")) {
		if strings.HasPrefix(o.Clause, "schedule") {
			t.Errorf("%s: %s", o.Clause, o.Says)
		}
	}
}

// The summer of 2026: shut from July to 3 August, 00:00 in Stockholm, which is 22:00 UTC of the day before.
func TestCurlsDoorOpensByItself(t *testing.T) {
	p := begin(t, "curl.yaml").p
	if says, until := p.Shut(on("2026-07-15 12:00")); !strings.Contains(says, "rests") || !until.Equal(on("2026-08-02 22:00")) {
		t.Errorf("in July: %q until %s", says, until)
	}
	if says, _ := p.Shut(on("2026-08-02 21:59")); says == "" {
		t.Error("a minute before it opens it is shut")
	}
	if says, _ := p.Shut(on("2026-08-02 22:00")); says != "" {
		t.Errorf("on 3 August: %q", says)
	}
	for at, want := range map[string]int{"2026-07-15 12:00": 1, "2026-08-05 12:00": 0} {
		tl := instants(t, "curl.yaml", policy.Scenario{At: on(at), Class: "low", Set: map[string]time.Time{"cve_reserved": on("2026-08-10 12:00")}}, nil)
		got := 0
		for _, x := range tl.Conflicts {
			if x.Clause == "door" {
				got++
			}
		}
		if got != want {
			t.Errorf("%s: %d conflicts with the door, want %d", at, got, want)
		}
	}
}

// "Attach the advisory draft for information with CVE and current patch": whoever has accepted the embargo is told, and nobody else.
func TestCurlTellsTheDistributionsWhatItIs(t *testing.T) {
	w := begin(t, "curl.yaml")
	dan := w.person("dan", "security")
	told := report("Overread in a parser")
	told.Received.Report.Component, told.Received.Report.Version, told.Received.Report.Steps = "url parser", "8.21.0", []string{"run it"}
	told.Received.Report.AI = cvd.AIUse{Used: true, How: "to word it"}
	w.does(cvd.Nobody("p"), "2026-10-05 09:00", told)
	w.does(dan, "2026-10-05 10:00", cvd.What{Validated: &cvd.Validated{Evidence: "seen"}})
	w.does(dan, "2026-10-15 09:00", patched("curl", "current"))
	says := map[string]string{"release_at": "2026-10-28T07:00:00Z", "severity": "high", "cve": "CVE-2026-12345", "problem": "An overread in the URL parser."}
	w.does(dan, "2026-10-21 07:00", cvd.What{Notified: &cvd.Notified{Notice: "distros", Says: says}})

	text, err := policies.Files.ReadFile("curl.yaml")
	if err != nil {
		t.Fatal(err)
	}
	open, err := policy.Read("open.yaml", []byte(strings.Replace(string(text), "accepts: once, ", "", 1)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := open.Compose(&cvd.Notified{Notice: "distros", Says: says}, w.c, policy.Release{}); cvd.KindOf(err) != cvd.Invalid {
		t.Errorf("an audience that accepted nothing is told: %v", err)
	}
}
