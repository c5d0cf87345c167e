package policies_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

const solo = "solo-miner-monitor.yaml"

// soloTeam are a maintainer, a contributor, two reviewers of whom one is an expert, and a tester.
func soloTeam(w *walk) (max, cora, rita, eve, tom cvd.Actor) {
	return w.person("max", "maintainer"), w.person("cora", "contributor"), w.person("rita", "reviewer"),
		w.person("eve", "expert"), w.person("tom", "tester")
}

// triage decides by a score, which the program reads from the vector.
func (w *walk) triage(who cvd.Actor, at string, score float64, d cvd.Triaged) {
	w.Helper()
	d.Vector, d.Impact = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "miners could lose their rewards"
	if err := w.p.Classify(w.c, &d, score, true); err != nil {
		w.Fatal(err)
	}
	w.does(who, at, cvd.What{Triaged: &d})
}

// Severity levels: the bands, at their edges.
func TestSoloBandsAtTheirEdges(t *testing.T) {
	w := begin(t, solo)
	for score, want := range map[float64]string{10.0: "critical", 9.0: "critical", 8.9: "high", 7.0: "high", 6.9: "medium",
		4.0: "medium", 3.9: "low", 0.1: "low", 0.0: "informational"} {
		d := cvd.Triaged{Sensitive: claim(false)}
		if err := w.p.Classify(w.c, &d, score, true); err != nil || d.Class != want {
			t.Errorf("%.1f is %q, want %s (%v)", score, d.Class, want, err)
		}
	}
}

// Severity levels: class, score and category agree, or somebody says why not; the graver of category and score counts.
func TestSoloClassAndScoreAgreeOrSayWhy(t *testing.T) {
	w := begin(t, solo)
	for _, row := range []struct {
		name  string
		score float64
		d     cvd.Triaged
		class string // "" where it is refused
	}{
		{"a label below the score", 9.8, cvd.Triaged{Class: "high"}, ""},
		{"the same, with a reason", 9.8, cvd.Triaged{Class: "high", Because: "only with physical access"}, "high"},
		{"the label of the score", 9.8, cvd.Triaged{Class: "critical"}, "critical"},
		{"a category that is graver needs no other reason", 5.3, cvd.Triaged{Category: "denial_of_service"}, "high"},
		{"nor where its class is stated", 5.3, cvd.Triaged{Category: "denial_of_service", Class: "high"}, "high"},
		{"a category that is milder", 9.1, cvd.Triaged{Category: "cross_site_scripting"}, "critical"},
		{"the score's class against a graver category", 5.3, cvd.Triaged{Category: "denial_of_service", Class: "medium"}, ""},
		{"a category of nobody", 5.3, cvd.Triaged{Category: "bad_weather"}, ""},
		{"a class of nobody", 5.3, cvd.Triaged{Class: "severe"}, ""},
	} {
		row.d.Sensitive = claim(false)
		err := w.p.Classify(w.c, &row.d, row.score, true)
		if refused := cvd.KindOf(err) == cvd.Invalid; refused != (row.class == "") || !refused && row.d.Class != row.class {
			t.Errorf("%s: %q, %v; want %q", row.name, row.d.Class, err, row.class)
		}
	}
}

// Severity levels: the categories are the project's own, and each proposes its class.
func TestSoloCategoriesProposeTheirClass(t *testing.T) {
	w := begin(t, solo)
	count := 0
	for _, class := range w.p.Document.Severity.Classes {
		for _, category := range class.Categories {
			count++
			d := cvd.Triaged{Sensitive: claim(false), Category: category.Name}
			if err := w.p.Classify(w.c, &d, 0, false); err != nil || d.Class != class.Name {
				t.Errorf("%s proposes %q, want %s (%v)", category.Name, d.Class, class.Name, err)
			}
		}
	}
	if count != 23 {
		t.Errorf("the process names 23 categories, the document %d", count)
	}
}

// Severity levels: response and resolution for each class, from the report's arrival on Monday 2 March 2026, 09:00.
func TestSoloClocksOfEachClass(t *testing.T) {
	for _, row := range []struct {
		class                string
		score                float64
		response, resolution string
	}{
		{"critical", 9.8, "2026-03-03 09:00", "2026-03-09 09:00"},
		{"high", 7.5, "2026-03-04 09:00", "2026-03-16 09:00"},
		{"medium", 5.0, "2026-03-09 09:00", "2026-04-01 09:00"},
		{"low", 2.0, "2026-03-16 09:00", "2026-05-01 09:00"},
		{"informational", 0.0, "2026-04-02 09:00", ""},
	} {
		w := begin(t, solo)
		max, _, _, _, _ := soloTeam(w)
		w.does(cvd.Nobody("p"), "2026-03-02 09:00", report("Overflow"))
		w.clock("response.limit", "2026-03-03 09:00") // nobody knows the class yet: the shortest of all
		w.clock("triage.target", "2026-03-03 09:00")
		w.clock("triage.limit", "2026-03-04 09:00")
		w.triage(max, "2026-03-02 20:00", row.score, cvd.Triaged{Sensitive: claim(false)})
		if got := w.clock("response.limit", row.response); got.Class != row.class || got.Clause != "clocks.response" || got.Anchor != "received" {
			t.Errorf("%s: %+v", row.class, got)
		}
		w.clock("analysis.limit", "2026-03-09 20:00") // 2–7 days, from triage
		resolution := w.clock("resolution.limit", row.resolution)
		if row.class != "informational" {
			continue
		}
		// "Next major release" has no date until the project sets one; a new date moves it.
		if resolution.Waits != "next_major_release" {
			t.Errorf("it waits for %q", resolution.Waits)
		}
		w.does(max, "2026-03-20 09:00", cvd.What{Dated: &cvd.Dated{Event: "next_major_release", On: on("2026-06-01 12:00")}})
		w.clock("resolution.limit", "2026-06-01 12:00")
		w.does(max, "2026-04-20 09:00", cvd.What{Dated: &cvd.Dated{Event: "next_major_release", On: on("2026-07-01 12:00")}})
		if got := w.clock("resolution.limit", "2026-07-01 12:00"); got.Waits != "" || got.Late(on("2026-06-02 00:00")) {
			t.Errorf("the date moved, and the clock is %+v", got)
		}
	}
}

// Severity levels: a case that turns out graver has the graver clocks from the same start, and keeps the old ones.
func TestSoloReclassificationKeepsBothTargets(t *testing.T) {
	w := begin(t, solo)
	max, _, _, _, _ := soloTeam(w)
	w.does(cvd.Nobody("p"), "2026-03-02 09:00", report("Overflow"))
	w.does(max, "2026-03-02 10:00", cvd.What{Acknowledged: &cvd.Acknowledged{}})
	w.triage(max, "2026-03-02 12:00", 5.0, cvd.Triaged{Sensitive: claim(true)})
	w.clock("resolution.limit", "2026-04-01 09:00")
	w.triage(max, "2026-03-07 12:00", 9.8, cvd.Triaged{Sensitive: claim(true)})

	now := w.clock("resolution.limit", "2026-03-09 09:00")
	if now.Class != "critical" || !strings.Contains(now.Because, "from medium to critical") {
		t.Errorf("the clock does not say why it moved: %+v", now)
	}
	var old []cvd.Clock
	for _, k := range w.c.OldClocks {
		if k.Name == "resolution" {
			old = append(old, k)
		}
	}
	if len(old) != 1 || !old[0].Due.Equal(on("2026-04-01 09:00")) || old[0].Class != "medium" || !old[0].Replaced.Equal(on("2026-03-07 12:00")) {
		t.Errorf("history holds %+v, want the target of 1 April with the moment of the change", old)
	}
	if got := w.clock("response.limit", "2026-03-03 09:00"); !got.Met.Equal(on("2026-03-02 10:00")) {
		t.Errorf("the answer was given in time under the promise of then: %+v", got)
	}
}

// Initial triage: 24 to 48 hours; a limit that is passed is late, a target is only missed.
func TestSoloTriageTargetAndLimit(t *testing.T) {
	w := begin(t, solo)
	max, _, _, _, _ := soloTeam(w)
	w.does(cvd.Nobody("p"), "2026-03-02 09:00", report("Overflow"))
	w.triage(max, "2026-03-03 21:00", 5.0, cvd.Triaged{Sensitive: claim(false)})
	target, limit := w.clock("triage.target", "2026-03-03 09:00"), w.clock("triage.limit", "2026-03-04 09:00")
	if now := on("2026-03-05 00:00"); !target.Late(now) || limit.Late(now) || target.Kind != cvd.Target || limit.Kind != cvd.Limit {
		t.Errorf("triaged after 36 hours: target %+v, limit %+v", target, limit)
	}
}

// Initial triage, maintainer review: the priority rests on severity and impact.
func TestSoloPriorityNeedsTheImpact(t *testing.T) {
	w := begin(t, solo)
	max, _, _, _, _ := soloTeam(w)
	accept := cvd.What{Prioritised: &cvd.Prioritised{Priority: "high", Because: "pools"}}
	w.does(cvd.Nobody("p"), "2026-03-02 09:00", report("Overflow"))
	w.does(max, "2026-03-02 10:00", cvd.What{Validated: &cvd.Validated{Evidence: "seen"}})
	w.objects(max, "2026-03-02 10:30", accept, "steps.prioritise.requires.triaged")
	w.objects(max, "2026-03-02 10:30", accept, "steps.prioritise.requires.impact")
	w.triage(max, "2026-03-02 11:00", 7.5, cvd.Triaged{Sensitive: claim(true)})
	w.does(max, "2026-03-02 11:30", accept)
}

// openly is a review of the fix that everybody can read.
var openly = cvd.What{Reviewed: &cvd.Reviewed{Of: "fix", Verdict: "approve", URL: "https://example.org/pull/7#review"}}

// soloFixed is a critical report whose fix is ready, tested and reviewed on day 6, Sunday 8 March 2026.
func soloFixed(t *testing.T, sensitive bool) *walk {
	w := begin(t, solo)
	max, cora, rita, eve, tom := soloTeam(w)
	w.does(cvd.Nobody("p"), "2026-03-02 09:00", report("Overflow in the pool client"))
	w.does(max, "2026-03-02 10:00", cvd.What{Acknowledged: &cvd.Acknowledged{}})
	w.does(max, "2026-03-02 12:00", cvd.What{Validated: &cvd.Validated{Evidence: "seen"}})
	w.triage(max, "2026-03-02 13:00", 9.8, cvd.Triaged{Sensitive: claim(sensitive)})
	w.does(max, "2026-03-02 14:00", cvd.What{Prioritised: &cvd.Prioritised{Priority: "first", Because: "pools"}})
	for _, section := range []string{"root_cause", "scope", "exploit", "mitigation"} {
		w.does(cora, "2026-03-05 09:00", cvd.What{Analysed: &cvd.Analysed{Section: section, Text: "Known."}})
	}
	w.does(cora, "2026-03-08 09:00", patched("monitor", "0.1.x"))
	for _, check := range []string{"security", "regression", "performance", "community", "reproduction", "edge_case", "integration"} {
		w.does(tom, "2026-03-08 09:10", cvd.What{Checked: &cvd.Checked{Check: check, Result: "passed", Evidence: "log"}})
	}
	for _, platform := range []string{"linux", "macos", "windows"} {
		w.does(tom, "2026-03-08 09:10", cvd.What{Checked: &cvd.Checked{Check: "compatibility", Platform: platform, Result: "passed", Evidence: "log"}})
	}
	w.does(rita, "2026-03-08 09:20", openly)
	w.does(eve, "2026-03-08 09:30", reviewed("fix", "", "approve"))
	return w
}

var soloComing = cvd.What{Notified: &cvd.Notified{Notice: "pre_release", Says: map[string]string{
	"release_at": "2026-03-15T12:00:00Z", "line": "0.1.x", "severity": "critical"}}}

// Coordinated disclosure: assessment, development, seven days of preparation, then release and disclosure in one moment. For
// a critical issue the fix is in time on day 6, and comes out on day 13.
func TestSoloCriticalInPrivateComesOutOnDayThirteen(t *testing.T) {
	w := soloFixed(t, true)
	max, _, _, _, _ := soloTeam(w)
	if w.c.Track != "private" || w.c.Public {
		t.Fatalf("a sensitive issue is on track %s, public %v", w.c.Track, w.c.Public)
	}
	if k := w.clock("resolution.limit", "2026-03-09 09:00"); !k.Met.Equal(on("2026-03-08 09:00")) || k.Late(on("2026-03-20 00:00")) {
		t.Errorf("the fix was ready on day 6 of 7: %+v", k)
	}
	w.refuses(max, "2026-03-08 10:00", released("monitor", "0.1.x"), "steps.release.requires.wait", "")
	w.does(max, "2026-03-08 10:00", soloComing)
	for _, channel := range []string{"discord", "partners"} {
		w.does(max, "2026-03-08 10:00", arrived("pre_release", channel))
	}
	w.does(max, "2026-03-08 10:30", arrived("pre_release", "users"))
	if got := w.earliest("2026-03-08 11:00", "release"); !got.Equal(on("2026-03-15 10:30")) {
		t.Errorf("the plan releases at %s", cvd.Instant(got))
	}
	if got := w.earliest("2026-03-08 11:00", "disclosure"); !got.Equal(on("2026-03-15 10:30")) {
		t.Errorf("the plan discloses at %s", cvd.Instant(got))
	}
	soloAdvisory(w)
	w.refuses(max, "2026-03-09 12:00", released("monitor", "0.1.x"), "steps.release.requires.wait", "2026-03-15 10:30")
	w.objects(max, "2026-03-09 12:10", disclosure, "steps.disclose.requires.staged")
	staged := released("monitor", "0.1.x") // ready, and not out: its wait is that of the disclosure
	staged.Released.Staged = true
	w.does(max, "2026-03-09 12:30", staged)
	w.refuses(max, "2026-03-15 10:29", disclosure, "steps.disclose.requires.wait", "2026-03-15 10:30")

	// To set the instant ahead of time is no disclosure: it is weighed at that instant.
	w.refuses(max, "2026-03-10 12:00", cvd.What{Armed: &cvd.Armed{Due: on("2026-03-15 10:00")}}, "steps.disclose.requires.wait", "2026-03-15 10:30")
	w.does(max, "2026-03-10 12:00", cvd.What{Armed: &cvd.Armed{Due: on("2026-03-15 12:00")}})

	w.does(max, "2026-03-15 12:00", disclosure)
	for _, mark := range []string{cvd.MarkReleased, "disclosed"} { // one step: day 13, for both
		if got := w.c.Marked(mark); !got.Equal(on("2026-03-15 12:00")) {
			t.Errorf("%s at %s, want both in the same moment", mark, cvd.Instant(got))
		}
	}
}

// soloAdvisory drafts the advisory and takes it through its chain on 8 March.
func soloAdvisory(w *walk) {
	w.Helper()
	max, cora, rita, eve, _ := soloTeam(w)
	w.does(cora, "2026-03-08 12:00", edition("A message of the pool could be counted twice."))
	w.does(rita, "2026-03-08 12:30", reviewed("advisory", "technical", "approve"))
	if w.c.Track == "public" {
		w.does(eve, "2026-03-08 12:40", reviewed("advisory", "community", "approve"))
	}
	w.does(max, "2026-03-08 13:00", approval)
}

// Immediate disclosure: what is not sensitive is released as soon as it is tested and reviewed: on day 6.
func TestSoloCriticalInPublicComesOutOnDaySix(t *testing.T) {
	w := soloFixed(t, false)
	max, _, _, _, _ := soloTeam(w)
	if w.c.Track != "public" || !w.c.Public {
		t.Fatalf("an issue that is not sensitive is on track %s, public %v", w.c.Track, w.c.Public)
	}
	soloAdvisory(w)
	w.refuses(max, "2026-03-08 13:01", disclosure, "steps.disclose.requires.released", "")
	w.does(max, "2026-03-08 13:02", released("monitor", "0.1.x"))
	w.does(max, "2026-03-08 13:03", disclosure)
}

// A leak turns the coordinated track into the immediate one at once.
func TestSoloALeakLiftsThePreparation(t *testing.T) {
	w := soloFixed(t, true)
	max, _, _, _, _ := soloTeam(w)
	w.refuses(max, "2026-03-08 10:00", released("monitor", "0.1.x"), "steps.release.requires.wait", "")
	w.does(max, "2026-03-08 10:00", cvd.What{Observed: &cvd.Observed{Fact: "public", Evidence: "a post"}})
	w.does(max, "2026-03-08 10:01", released("monitor", "0.1.x"))
}

// Quality assurance and testing validation: each check is answered, on each platform where that is asked, or waived with a
// reason; without one of them nothing is released.
func TestSoloEachCheckHoldsTheRelease(t *testing.T) {
	for check, group := range map[string]string{"security": "quality", "regression": "quality", "performance": "quality",
		"community": "testing", "reproduction": "testing", "edge_case": "testing", "integration": "testing"} {
		w := soloFixed(t, false)
		max, _, _, _, tom := soloTeam(w)
		clause := "steps.release.requires." + group
		w.does(tom, "2026-03-08 10:00", cvd.What{Checked: &cvd.Checked{Check: check, Result: "failed", Evidence: "it crashed"}})
		w.refuses(max, "2026-03-08 10:01", released("monitor", "0.1.x"), clause, "")
		w.does(tom, "2026-03-08 10:02", cvd.What{Checked: &cvd.Checked{Check: check, Result: "waived"}})
		w.refuses(max, "2026-03-08 10:03", released("monitor", "0.1.x"), clause, "")
		w.does(tom, "2026-03-08 10:04", cvd.What{Checked: &cvd.Checked{Check: check, Result: "waived", Evidence: "the part is not in this line"}})
		w.does(max, "2026-03-08 10:05", released("monitor", "0.1.x"))
	}
	w := soloFixed(t, false)
	max, cora, rita, eve, tom := soloTeam(w)
	w.does(tom, "2026-03-08 10:00", cvd.What{Checked: &cvd.Checked{Check: "compatibility", Platform: "macos", Result: "failed"}})
	if says := w.objects(max, "2026-03-08 10:01", released("monitor", "0.1.x"), "steps.release.requires.quality"); !strings.Contains(says, "compatibility on macos") {
		t.Errorf("the open cell of the platforms is not named: %s", says)
	}
	// A new patch is a new fix: what was tested and reviewed before says nothing about it.
	w.does(cora, "2026-03-08 11:00", patched("monitor", "0.1.x"))
	for _, group := range []string{"quality", "testing", "review"} {
		w.objects(max, "2026-03-08 11:01", released("monitor", "0.1.x"), "steps.release.requires."+group)
	}
	w.does(rita, "2026-03-08 11:10", openly)
	w.does(eve, "2026-03-08 11:10", reviewed("fix", "", "approve"))
	if got := w.weigh(max, "2026-03-08 11:11", released("monitor", "0.1.x")); len(got) != 2 {
		t.Errorf("reviewed again, not tested again; got %s", list(got))
	}
}

// Code review: several reviewers besides the author, one of them an expert, and no objection that stands.
func TestSoloReviewOfTheFix(t *testing.T) {
	const clause = "steps.release.requires.review"
	w := soloFixed(t, false)
	max, cora, rita, eve, _ := soloTeam(w)
	sam := w.person("sam", "reviewer")
	w.c.Reviews = nil

	w.objects(cora, "2026-03-08 09:20", reviewed("fix", "", "approve"), "roles") // contributors do not review at all
	both := w.person("cora", "contributor", "reviewer")
	w.refuses(both, "2026-03-08 09:20", reviewed("fix", "", "approve"), "", "") // nor anybody their own work
	w.does(rita, "2026-03-08 09:20", openly)
	w.does(rita, "2026-03-08 09:21", openly) // the same person twice is one
	w.refuses(max, "2026-03-08 10:00", released("monitor", "0.1.x"), clause, "")
	w.does(sam, "2026-03-08 09:30", reviewed("fix", "", "approve"))
	if says := w.objects(max, "2026-03-08 10:00", released("monitor", "0.1.x"), clause); !strings.Contains(says, "0 of 1 experts") {
		t.Errorf("two reviewers and no expert: %s", says)
	}
	w.does(eve, "2026-03-08 09:40", reviewed("fix", "", "object"))
	if says := w.objects(max, "2026-03-08 10:00", released("monitor", "0.1.x"), clause); !strings.Contains(says, "objection by eve") {
		t.Errorf("an objection stands: %s", says)
	}
	w.does(eve, "2026-03-08 10:10", reviewed("fix", "", "approve"))
	w.does(max, "2026-03-08 10:11", released("monitor", "0.1.x"))
}

// Code review: public review. In public one of the reviews stands where everybody reads it, or nothing is released.
func TestSoloTheFixIsReviewedInPublic(t *testing.T) {
	w := soloFixed(t, false)
	max, _, rita, _, _ := soloTeam(w)
	w.c.Reviews = slices.DeleteFunc(w.c.Reviews, func(r cvd.Review) bool { return r.By == rita.ID })
	w.does(rita, "2026-03-08 09:40", reviewed("fix", "", "approve"))
	w.refuses(max, "2026-03-08 10:00", released("monitor", "0.1.x"), "steps.release.requires.open_review", "")
	w.does(rita, "2026-03-08 10:01", openly)
	w.does(max, "2026-03-08 10:02", released("monitor", "0.1.x"))
}

// What was fixed in private is reviewed in public within two weeks of the release.
func TestSoloAPrivateFixIsReviewedInPublicAfterwards(t *testing.T) {
	w := soloFixed(t, true)
	max, _, rita, _, _ := soloTeam(w)
	w.does(max, "2026-03-08 10:00", cvd.What{Observed: &cvd.Observed{Fact: "public", Evidence: "a post"}})
	w.does(max, "2026-03-08 10:01", released("monitor", "0.1.x"))
	w.clock("public_review.limit", "2026-03-22 10:01")
	w.does(rita, "2026-03-12 09:00", openly)
	if k := w.clock("public_review.limit", "2026-03-22 10:01"); k.Met.IsZero() {
		t.Errorf("it was reviewed in public, and the clock runs on: %+v", k)
	}
}

// Advisory review: technical, community, legal if needed, then final approval; each on the text as it is.
func TestSoloAdvisoryChain(t *testing.T) {
	w := soloFixed(t, false)
	max, cora, rita, eve, _ := soloTeam(w)
	lea := w.person("lea", "legal")
	w.triage(max, "2026-03-08 11:00", 9.8, cvd.Triaged{Sensitive: claim(false), Category: "mining_pool_compromise"}) // a third party is touched
	w.does(max, "2026-03-08 11:10", released("monitor", "0.1.x"))
	w.does(cora, "2026-03-08 12:00", edition("A message could be counted twice."))

	w.refuses(max, "2026-03-08 12:10", approval, "", "")
	w.refuses(eve, "2026-03-08 12:10", reviewed("advisory", "community", "approve"), "", "")
	w.does(rita, "2026-03-08 12:30", reviewed("advisory", "technical", "approve"))
	w.does(eve, "2026-03-08 12:40", reviewed("advisory", "community", "approve"))
	if says := w.objects(max, "2026-03-08 12:45", approval, ""); !strings.Contains(says, "legal") {
		t.Errorf("the final approval waits for the legal review: %s", says)
	}
	w.does(lea, "2026-03-08 12:50", reviewed("advisory", "legal", "approve"))
	w.does(max, "2026-03-08 13:00", approval)
	if got := w.weigh(max, "2026-03-08 13:01", disclosure); len(got) > 0 {
		t.Fatalf("the chain is complete, got %s", list(got))
	}
	w.does(cora, "2026-03-08 13:10", edition("A message of the pool could be counted twice."))
	for _, clause := range []string{"review", "community", "legal"} {
		w.objects(max, "2026-03-08 13:11", disclosure, "steps.disclose.requires."+clause)
	}
}

// Advisory content: six parts, and none of them empty.
func TestSoloAdvisorySaysAllSixParts(t *testing.T) {
	w := soloFixed(t, false)
	max, cora, rita, eve, _ := soloTeam(w)
	w.c.Reports[0].Credit = "Rita Finder"
	w.does(max, "2026-03-08 11:10", released("monitor", "0.1.x"))
	w.does(cora, "2026-03-08 12:00", cvd.What{Drafted: &cvd.Drafted{Text: cvd.AdvisoryText{Title: "Counted twice", Summary: " "}}})
	w.does(rita, "2026-03-08 12:30", reviewed("advisory", "technical", "approve"))
	w.does(eve, "2026-03-08 12:40", reviewed("advisory", "community", "approve"))
	says := w.objects(max, "2026-03-08 13:00", approval, "advisory.parts")
	for _, part := range []string{"description", "impact", "resolution", "mitigation", "credit"} {
		if !strings.Contains(says, part) {
			t.Errorf("%s is missing in the advisory, and not in %q", part, says)
		}
	}
}

// External communication: users are told directly of a critical issue before it is closed.
func TestSoloCriticalClosesOnlyAfterUsersWereTold(t *testing.T) {
	w := soloFixed(t, false)
	max, _, _, _, _ := soloTeam(w)
	ended := cvd.What{Ended: &cvd.Ended{Outcome: "resolved"}}
	soloAdvisory(w)
	w.does(max, "2026-03-08 13:02", released("monitor", "0.1.x"))
	w.does(max, "2026-03-08 13:03", disclosure)
	w.clock("follow_up.reminder", "2026-04-07 13:02")
	w.objects(max, "2026-03-09 09:00", ended, "steps.close.requires.monitored")
	w.does(max, "2026-03-20 09:00", cvd.What{Monitored: &cvd.Monitored{Outcome: "resolved", Evidence: "no crash in two weeks"}})
	w.refuses(max, "2026-03-20 09:10", ended, "steps.close.requires.users", "")
	w.does(max, "2026-03-20 10:00", cvd.What{Notified: &cvd.Notified{Notice: "users", Says: map[string]string{"versions": "0.1.9", "action": "Update."}}})
	w.does(max, "2026-03-20 10:10", arrived("users", "users"))
	w.does(max, "2026-03-20 10:20", ended)

	// A matter that comes back is a new report in the case; what is promised to a reporter begins anew with it.
	again := report("It still overflows")
	again.Received.Report.Continues = 1
	w.happens(cvd.Nobody("p"), "2026-04-01 08:00", again)
	w.clock("response.limit", "2026-04-02 08:00")
	w.objects(max, "2026-04-01 09:00", patched("monitor", "0.1.x"), "steps.remedy.requires.validated")
}

// Where one person is the whole project, their own second look after a day takes the place of a second person, marked for ever.
func TestSoloTeamOfOne(t *testing.T) {
	w := begin(t, solo)
	w.roster = 1
	one := w.person("one", "maintainer", "expert")
	w.does(cvd.Nobody("p"), "2026-03-02 09:00", report("Overflow"))
	w.does(one, "2026-03-02 12:00", cvd.What{Validated: &cvd.Validated{Evidence: "seen"}})
	w.triage(one, "2026-03-02 13:00", 5.0, cvd.Triaged{Sensitive: claim(false)})
	w.does(one, "2026-03-03 09:00", patched("monitor", "0.1.x"))
	w.refuses(one, "2026-03-03 10:00", reviewed("fix", "", "approve"), "", "2026-03-04 09:00")
	w.does(one, "2026-03-04 09:00", reviewed("fix", "", "approve"))
	if last := w.c.Reviews[len(w.c.Reviews)-1]; !last.Alone {
		t.Errorf("the second look is not marked: %+v", last)
	}
	for _, o := range w.weigh(one, "2026-03-04 09:10", released("monitor", "0.1.x")) {
		if o.Clause == "steps.release.requires.review" {
			t.Errorf("a team of one has looked again, still: %s", o.Says)
		}
	}
	w.roster = 2
	w.refuses(one, "2026-03-05 09:00", reviewed("fix", "", "approve"), "", "")
	w.objects(one, "2026-03-05 09:00", released("monitor", "0.1.x"), "steps.release.requires.review")
}

// Private reporting: the agreed date holds, within what the project bears, and nothing is closed or published under it.
func TestSoloEmbargo(t *testing.T) {
	w := begin(t, solo)
	max, _, _, _, _ := soloTeam(w)
	private := report("Overflow")
	private.Received.Report.Disclosure = "within 30 days"
	w.does(cvd.Nobody("p"), "2026-03-02 09:00", private)
	if w.c.Track != "private" || w.c.Public {
		t.Fatalf("the reporter wished for time, and the case began on track %s", w.c.Track)
	}
	set := func(until string) cvd.What { return cvd.What{Embargoed: &cvd.Embargoed{Until: on(until)}} }
	w.refuses(max, "2026-03-02 10:00", set("2026-03-02 09:59"), "", "")
	w.refuses(max, "2026-03-02 10:00", set("2026-05-31 10:01"), "embargo.longest", "")
	w.does(max, "2026-03-02 10:00", set("2026-04-01 10:00"))
	w.does(max, "2026-03-04 10:00", cvd.What{Validated: &cvd.Validated{Evidence: "it crashes"}})
	w.refuses(max, "2026-03-20 10:00", set("2026-06-01 10:00"), "embargo.longest", "") // extensions count from the first
	w.does(max, "2026-03-20 10:00", set("2026-05-31 10:00"))
	w.objects(max, "2026-04-02 10:00", cvd.What{Ended: &cvd.Ended{Outcome: "resolved"}}, "")
	var until time.Time
	for _, o := range w.weigh(max, "2026-04-02 10:00", disclosure) {
		if o.Clause == "" && strings.Contains(o.Says, "embargo holds") {
			until = o.Earliest
		}
	}
	if !until.Equal(on("2026-05-31 10:00")) {
		t.Errorf("publication under the embargo: got the instant %s", cvd.Instant(until))
	}
	w.does(max, "2026-04-03 10:00", cvd.What{Observed: &cvd.Observed{Fact: "exploit_public", Evidence: "a post"}})
	if w.c.Embargo.Binds(on("2026-04-03 10:01")) {
		t.Error("the exploit is public and the embargo still binds")
	}
}

// Template: what the form asks is checked field by field, with the place of what is wrong.
func TestSoloReportTemplate(t *testing.T) {
	w := begin(t, solo)
	good := cvd.Report{Title: "Overflow", Description: "It overflows.", Severity: "High", Component: "pool client", Version: "0.1.3",
		Impact: "Rewards", Steps: []string{"Start it", "Send two messages"}, Expected: "One count", Environment: cvd.Environment{OS: "Linux"},
		Evidence: "log", Fields: map[string]string{"integrity": "high", "helps": "yes"}}
	if err := w.p.CheckReport(&good); err != nil {
		t.Fatalf("a filled template is refused: %v", err)
	}
	for field, change := range map[string]func(r *cvd.Report){
		"/title":                    func(r *cvd.Report) { r.Title = " " },
		"/description":              func(r *cvd.Report) { r.Description = strings.Repeat("x", 64<<10+1) },
		"/severity":                 func(r *cvd.Report) { r.Severity = "Grave" },
		"/steps/1":                  func(r *cvd.Report) { r.Steps = []string{"Start it", "Send \xff"} },
		"/fields/helps":             func(r *cvd.Report) { r.Fields = map[string]string{"helps": "perhaps"} },
		"/fields/colour":            func(r *cvd.Report) { r.Fields = map[string]string{"colour": "red"} },
		"/contact/email":            func(r *cvd.Report) { r.Contact.Email = "rita at example" },
		"/kind":                     func(r *cvd.Report) { r.Kind = "gossip" },
		"/fields/expected_checksum": func(r *cvd.Report) { r.Kind = "verification" },
		"/accepted/0":               func(r *cvd.Report) { r.Accepted = []string{"everything"} },
	} {
		bad := good
		change(&bad)
		if e, ok := errors.AsType[*cvd.Error](w.p.CheckReport(&bad)); !ok || e.Field != field {
			t.Errorf("%s: got %+v", field, e)
		}
	}
}

// The table of severities, private and public, by the wall: days of the calendar.
func TestSoloDatesByTheWall(t *testing.T) {
	follow(t, document(t, solo), []course{{
		name: "high in private over Christmas", at: "2026-12-18 09:00", class: "high", facts: map[string]bool{"sensitive": true},
		set: map[string]string{"fix_ready": "2026-12-29 09:00"},
		want: []string{
			"deadline clocks.response 2026-12-19 09:00", // 24 hours, while nobody knows the class
			"deadline clocks.response 2026-12-20 09:00", // High: 48 hours
			"deadline clocks.triage 2026-12-20 09:00",
			"wait clocks.analysis.at_least 2026-12-20 09:00",
			"deadline clocks.analysis 2026-12-25 09:00",   // 2 to 7 days
			"deadline clocks.resolution 2027-01-01 09:00", // High: 14 days, met by the fix
			"notice notices.pre_release 2026-12-29 09:00",
			"release steps.release 2027-01-05 09:00", // 7 days
			"disclosure steps.disclose 2027-01-05 09:00",
			"reminder clocks.follow_up 2027-02-04 09:00", // 30 days: 26 of January and 4
		},
	}, {
		name: "medium in public waits for nobody", at: "2026-03-02 09:00", class: "medium", facts: map[string]bool{"sensitive": false},
		want: []string{
			"deadline clocks.response 2026-03-09 09:00",   // Medium: a week
			"deadline clocks.resolution 2026-04-01 09:00", // Medium: 30 days
			"notice notices.pre_release none",
			"release steps.release 2026-03-04 09:00", // two days of analysis
		},
	}, {
		name: "low and informational", at: "2026-01-31 09:00", class: "low", facts: map[string]bool{"sensitive": false},
		want: []string{"deadline clocks.response 2026-02-14 09:00", "deadline clocks.resolution 2026-04-01 09:00"}, // 14 days; 60: 28, 31 and 1
	}, {
		name: "a month is the calendar's", at: "2026-01-31 09:00", class: "informational", facts: map[string]bool{"sensitive": false},
		set:  map[string]string{"next_major_release": "2026-09-01 12:00"},
		want: []string{"deadline clocks.response 2026-02-28 09:00", "deadline clocks.resolution 2026-09-01 12:00"},
	}})
}
