package policies_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/policy"
)

// junoTeam are the people of the stories: two who write fixes, one who releases, one who speaks.
func junoTeam(w *walk) (jake, dimi, mia, kim cvd.Actor) {
	return w.person("jake", "core"), w.person("dimi", "core"), w.person("mia", "release"), w.person("kim", "comms")
}

var junoComing = cvd.What{Notified: &cvd.Notified{Notice: "coming", Says: map[string]string{
	"release_at": "2026-03-10T16:00:00Z", "line": "28, 27", "action": "Swap the binary and restart.", "downtime": "10 minutes"}}}

var junoAvailable = cvd.What{Notified: &cvd.Notified{Notice: "available", Says: map[string]string{
	"versions": "28.0.1, 27.0.3", "action": "Swap the binary and restart."}}}

// junoPatched is a sensitive report up to its patches on both eligible lines, reviewed, on Monday 9 March 2026.
func junoPatched(t *testing.T) *walk {
	w := begin(t, "juno.yaml")
	jake, dimi, _, _ := junoTeam(w)
	w.does(cvd.Nobody("p"), "2026-03-02 09:00", report("Overflow in the contract's counter"))
	w.does(jake, "2026-03-02 09:40", cvd.What{Acknowledged: &cvd.Acknowledged{Message: "We have seen it."}})
	w.does(jake, "2026-03-02 15:00", cvd.What{Validated: &cvd.Validated{Evidence: "reproduced on a local chain"}})
	sensitive := cvd.Triaged{Sensitive: claim(true)}
	if err := w.p.Classify(w.c, &sensitive, 0, false); err != nil {
		t.Fatal(err)
	}
	w.does(jake, "2026-03-02 15:30", cvd.What{Triaged: &sensitive})
	w.does(jake, "2026-03-02 15:40", cvd.What{Prioritised: &cvd.Prioritised{Priority: "at once", Because: "funds"}})
	w.does(jake, "2026-03-06 10:00", patched("juno", "28"))
	w.does(jake, "2026-03-09 10:00", patched("juno", "27"))
	w.does(dimi, "2026-03-09 11:00", reviewed("fix", "", "approve"))
	return w
}

// Process, from the first to the last point, in its order and with its times.
func TestJunoFromReportToDetails(t *testing.T) {
	w := junoPatched(t)
	jake, _, mia, kim := junoTeam(w)

	// "We notify the community": ordered at noon; the validators' mail takes three hours.
	w.does(mia, "2026-03-09 12:00", junoComing)
	w.does(mia, "2026-03-09 12:00", arrived("coming", "discord"))
	w.does(mia, "2026-03-09 12:10", arrived("coming", "x"))
	w.does(mia, "2026-03-09 12:30", arrived("coming", "partners"))

	// "24 hours following this notification": no channel may be missing, and the last one counts.
	w.refuses(mia, "2026-03-10 14:00", released("juno", "28"), "steps.release.requires.wait", "")
	if says := w.objects(mia, "2026-03-10 14:00", released("juno", "28"), "steps.release.requires.wait"); !strings.Contains(says, "validators") {
		t.Errorf("the wait does not say which channel is missing: %s", says)
	}
	w.does(mia, "2026-03-09 15:00", arrived("coming", "validators"))
	w.refuses(mia, "2026-03-10 12:30", released("juno", "28"), "steps.release.requires.wait", "2026-03-10 15:00")
	w.refuses(mia, "2026-03-10 14:59", released("juno", "28"), "steps.release.requires.wait", "2026-03-10 15:00")
	if got := w.earliest("2026-03-09 15:00", "release"); !got.Equal(on("2026-03-10 15:00")) {
		t.Errorf("the plan releases at %s, the gate from Tue 2026-03-10 15:00 UTC", cvd.Instant(got))
	}

	// "the fixes are applied publicly and new releases are issued": together, then the second notice and nothing before.
	w.does(mia, "2026-03-10 15:00", released("juno", "28"))
	w.objects(mia, "2026-03-10 15:05", junoAvailable, "notices.available.requires.released")
	w.does(mia, "2026-03-10 15:10", released("juno", "27"))

	// "once the releases are available": the program has seen both, or somebody says why it cannot.
	w.happens(cvd.Tipstaff("p"), "2026-03-10 15:11", seen("juno", "28", ""))
	w.happens(cvd.Tipstaff("p"), "2026-03-10 15:11", seen("juno", "27", "it answers with 404"))
	w.refuses(mia, "2026-03-10 15:12", junoAvailable, "notices.available.requires.verified", "")
	if says := w.objects(mia, "2026-03-10 15:12", junoAvailable, "notices.available.requires.verified"); !strings.Contains(says, "still open: juno 27 (it answers with 404)") {
		t.Errorf("what is missing is not said: %s", says)
	}
	w.happens(cvd.Tipstaff("p"), "2026-03-10 15:13", seen("juno", "27", ""))
	w.clock("details.limit", "2026-03-17 15:10")

	// "through the same channels": the word goes to all four, and money only after the last has it.
	w.does(mia, "2026-03-10 15:20", junoAvailable)
	w.does(mia, "2026-03-10 15:20", arrived("available", "discord"))
	w.does(mia, "2026-03-10 15:21", arrived("available", "x"))
	w.does(mia, "2026-03-10 15:22", arrived("available", "partners"))
	share := cvd.Money{Units: "5000000000", Code: "JUNO", Decimals: 6}
	w.does(kim, "2026-03-10 15:25", cvd.What{BountyProposed: &cvd.BountyProposed{Total: share, Parts: []cvd.Share{{Report: 1, Amount: share}}}})
	w.does(jake, "2026-03-10 15:26", cvd.What{BountyApproved: &cvd.BountyApproved{Total: share}})
	paid := cvd.What{BountyPaid: &cvd.BountyPaid{Report: 1, Amount: share, Reference: "tx 1"}}
	for _, clause := range []string{"bounty.after", "steps.bounty_pay.requires.told"} {
		w.objects(kim, "2026-03-10 15:30", paid, clause)
	}
	w.does(mia, "2026-03-10 15:40", arrived("available", "validators"))
	w.does(kim, "2026-03-10 15:41", paid)

	// "a Security Advisory … as long as": approved by somebody who did not write this edition.
	w.does(kim, "2026-03-10 16:00", edition("A counter was not checked."))
	w.refuses(kim, "2026-03-10 16:01", disclosure, "steps.disclose.requires.exploit_free", "")
	w.objects(kim, "2026-03-10 16:01", approval, "")
	w.does(jake, "2026-03-10 16:10", approval)
	w.does(kim, "2026-03-10 16:20", edition("A counter was not checked, in two places."))
	w.refuses(kim, "2026-03-10 16:21", disclosure, "steps.disclose.requires.exploit_free", "") // the text is another one
	w.does(jake, "2026-03-10 16:30", approval)
	w.does(kim, "2026-03-10 17:00", disclosure)

	// "One week after the releases go out, we will publish a post".
	ended := cvd.What{Ended: &cvd.Ended{Outcome: "resolved"}}
	w.refuses(jake, "2026-03-16 09:00", ended, "steps.close.requires.explained", "")
	w.objects(kim, "2026-03-17 09:00", cvd.What{Explained: &cvd.Explained{URL: "https://example.org", Vulnerability: "A counter."}}, "disclosure.details")
	w.does(kim, "2026-03-17 09:00", cvd.What{Explained: &cvd.Explained{URL: "https://example.org", Vulnerability: "A counter.", Response: "What we did."}})
	if k := w.clock("details.limit", "2026-03-17 15:10"); k.Late(on("2026-04-01 00:00")) || k.Open() {
		t.Errorf("the post came in time, and its clock says %+v", k)
	}
	w.does(jake, "2026-03-18 09:00", ended)
}

// Process, first point: the team verifies the report; nothing later is reachable without it.
func TestJunoNothingBeforeVerification(t *testing.T) {
	w := begin(t, "juno.yaml")
	jake, dimi, mia, kim := junoTeam(w)
	w.does(cvd.Nobody("p"), "2026-03-02 09:00", report("Overflow"))
	for _, later := range []struct {
		who  cvd.Actor
		what cvd.What
	}{
		{jake, patched("juno", "28")}, {jake, cvd.What{Analysed: &cvd.Analysed{Section: "scope", Text: "all"}}},
		{kim, edition("x")}, {dimi, reviewed("fix", "", "approve")}, {mia, junoComing}, {mia, released("juno", "28")},
		{kim, disclosure}, {kim, cvd.What{Rewarded: &cvd.Rewarded{Report: 1, Because: "none"}}}, {kim, cvd.What{BountyPaid: &cvd.BountyPaid{Report: 1}}},
		{kim, cvd.What{Explained: &cvd.Explained{URL: "https://example.org", Vulnerability: "v", Response: "r"}}},
		{jake, cvd.What{Checked: &cvd.Checked{Check: "x", Result: "passed"}}},
	} {
		w.objects(later.who, "2026-03-02 10:00", later.what, "steps."+stepOf[later.what.Kind()]+".requires.verified")
	}
	if got := w.weigh(jake, "2026-03-02 10:00", cvd.What{Prioritised: &cvd.Prioritised{Priority: "high"}}); len(got) != 2 {
		t.Errorf("an unverified report: both the state and the policy refuse the work, got %s", list(got))
	}
}

// Process, second point: patches for every eligible release, in private places.
func TestJunoPatchesEveryEligibleLineInPrivate(t *testing.T) {
	w := begin(t, "juno.yaml")
	jake, dimi, mia, _ := junoTeam(w)
	w.does(cvd.Nobody("p"), "2026-03-02 09:00", report("Overflow"))
	w.does(jake, "2026-03-02 10:00", cvd.What{Validated: &cvd.Validated{Evidence: "seen"}})
	w.happens(jake, "2026-03-02 10:00", cvd.What{Triaged: &cvd.Triaged{Sensitive: claim(true), Track: "private"}})
	w.does(jake, "2026-03-03 10:00", patched("juno", "28"))
	if says := w.objects(mia, "2026-03-03 11:00", released("juno", "28"), "steps.release.requires.lines"); !strings.Contains(says, "juno 27") || strings.Contains(says, "juno 26") {
		t.Errorf("27 is eligible and open, 26 is not eligible: %s", says)
	}
	w.does(dimi, "2026-03-03 11:00", cvd.What{Remedied: &cvd.Remedied{Product: "juno", Line: "27", Status: "exempt", Because: "it lacks the module"}})
	for _, o := range w.weigh(mia, "2026-03-03 12:00", released("juno", "28")) {
		if o.Clause == "steps.release.requires.lines" || o.Clause == "steps.release.requires.patches" {
			t.Errorf("a patch and an exemption settle the lines, got %s", o.Says)
		}
	}
	open := patched("juno", "28")
	open.Remedied.Patches[0].Private = false
	w.does(jake, "2026-03-03 13:00", open)
	w.objects(mia, "2026-03-03 14:00", released("juno", "28"), "steps.release.requires.patches")
}

// Process, third point: the notice says that a release is coming and cannot say what it fixes.
func TestJunoTheFirstNoticeCarriesNoDetail(t *testing.T) {
	w := junoPatched(t)
	jake, _, _, _ := junoTeam(w)
	w.does(jake, "2026-03-09 11:30", cvd.What{Analysed: &cvd.Analysed{Section: "root_cause", Text: "The fee handler trusts the sender of a relayed packet."}})
	for name, says := range map[string]map[string]string{
		"a word of the title":    {"action": "Avoid any overflow until then."},
		"an identifier":          {"action": "Read CVE-2026-12345."},
		"a link to the change":   {"action": "See https://git.example.org/private/28"},
		"a commit":               {"action": "See https://github.com/CosmosContracts/juno/commit/1a2b3c4d5e6f"},
		"a sentence of analysis": {"action": "Note: the fee handler trusts the sender."},
		"a field of its own":     {"details": "none"},
	} {
		full := map[string]string{"release_at": "2026-03-10T16:00:00Z", "line": "28", "action": "Swap the binary.", "downtime": "none"}
		var field string
		for field = range says {
			full[field] = says[field]
		}
		n := cvd.Notified{Notice: "coming", Says: full}
		_, err := w.p.Compose(&n, w.c, policy.Release{})
		if e, ok := errors.AsType[*cvd.Error](err); !ok || e.Kind != cvd.Invalid || e.Field != "/says/"+field {
			t.Errorf("%s: got %v, want an Invalid error at /says/%s", name, err, field)
		}
		if n.Text != "" || n.Channels != nil {
			t.Errorf("%s: the refused notice was filled in: %+v", name, n)
		}
	}
	n := *junoComing.Notified
	if subject, err := w.p.Compose(&n, w.c, policy.Release{}); err != nil || subject != "A Juno security release is coming" || !n.Pre ||
		!strings.Contains(n.Text, "Tue 2026-03-10 16:00 UTC") || !strings.Contains(n.Text, "10 minutes") {
		t.Errorf("got %q, %v, %+v", subject, err, n)
	}
	if want := "discord x partners validators"; strings.Join(n.Channels, " ") != want {
		t.Errorf("the notice goes by %v, want %s", n.Channels, want)
	}
}

// Process, fourth point, when the matter is known already: waiting protects nobody.
func TestJunoAnEmergencyLiftsTheWait(t *testing.T) {
	for _, fact := range []string{"public", "exploit_public", "attacks"} {
		w := junoPatched(t)
		jake, _, mia, _ := junoTeam(w)
		w.does(mia, "2026-03-09 12:00", junoComing)
		w.refuses(mia, "2026-03-09 13:00", released("juno", "28"), "steps.release.requires.wait", "")
		w.does(jake, "2026-03-09 13:00", cvd.What{Observed: &cvd.Observed{Fact: fact, Evidence: "seen on the network"}})
		w.does(mia, "2026-03-09 13:01", released("juno", "28"))
		w.does(mia, "2026-03-09 13:02", released("juno", "27"))
		if w.refuses(jake, "2026-03-09 13:03", cvd.What{Embargoed: &cvd.Embargoed{Until: on("2026-04-01 00:00")}}, "", ""); w.Failed() {
			t.Errorf("after %q no embargo can begin", fact)
		}
	}
}

// Process, fifth point: whoever was told that a release is coming is told that it is out.
func TestJunoTheSecondNoticeReachesWhomTheFirstReached(t *testing.T) {
	w := junoPatched(t)
	_, _, mia, _ := junoTeam(w)
	w.does(mia, "2026-03-09 12:00", junoComing)
	for _, channel := range []string{"discord", "x", "partners", "validators"} {
		w.does(mia, "2026-03-09 12:00", arrived("coming", channel))
	}
	w.does(mia, "2026-03-10 12:00", released("juno", "28"))
	w.does(mia, "2026-03-10 12:00", released("juno", "27"))
	w.happens(cvd.Tipstaff("p"), "2026-03-10 12:01", seen("juno", "28", ""))
	w.happens(cvd.Tipstaff("p"), "2026-03-10 12:01", seen("juno", "27", ""))
	fewer := cvd.Notified{Notice: "available", Channels: []string{"discord", "x", "partners"}, Audiences: []string{"community", "partners"}}
	got := w.weigh(mia, "2026-03-10 12:10", cvd.What{Notified: &fewer})
	if len(got) != 1 || got[0].Clause != "notices.available.requires.channels" || !strings.Contains(got[0].Says, "validators") {
		t.Errorf("validators were left out, got %s", list(got))
	}
	fewer.Because = "the list is down; they read Discord"
	if got := w.weigh(mia, "2026-03-10 12:10", cvd.What{Notified: &fewer}); len(got) > 0 {
		t.Errorf("a reason was given, got %s", list(got))
	}
}

// Standard priority bug: "a couple of days", then named people may be tagged; Silence: until a patch is developed.
func TestJunoRemindersAndSilence(t *testing.T) {
	w := begin(t, "juno.yaml")
	jake, _, _, _ := junoTeam(w)
	w.does(cvd.Nobody("p"), "2026-03-02 09:00", report("Overflow"))
	w.clock("nudge.reminder", "2026-03-04 09:00")
	w.clock("alarm.reminder", "2026-03-02 09:30")
	if got := w.p.Silence(w.c); !strings.HasPrefix(got, "Please do not speak about this in public") || !strings.Contains(got, "can use it") {
		t.Errorf("the request for silence comes with its reason, got %q", got)
	}
	w.does(jake, "2026-03-02 10:00", cvd.What{Validated: &cvd.Validated{Evidence: "seen"}})
	w.does(jake, "2026-03-02 11:00", cvd.What{Remedied: &cvd.Remedied{Product: "juno", Line: "27", Status: "affected"}})
	w.does(jake, "2026-03-03 10:00", patched("juno", "28"))
	if w.p.Silence(w.c) == "" {
		t.Error("one line has no patch yet, and the request for silence is gone")
	}
	w.does(jake, "2026-03-04 10:00", patched("juno", "27"))
	if got := w.p.Silence(w.c); got != "" {
		t.Errorf("the patches are developed, still: %q", got)
	}
}

// Feature request and what is no report: shown their way, with what they must say.
func TestJunoOnlyReportsBecomeCases(t *testing.T) {
	w := begin(t, "juno.yaml")
	for kind, where := range map[string]string{"feature": "github.com/CosmosContracts/juno/issues", "parameter": "discord.gg"} {
		_, err := w.p.Kind(kind)
		if cvd.KindOf(err) != cvd.Refused || !strings.Contains(err.Error(), where) {
			t.Errorf("%s: got %v, want a refusal that shows the way to %s", kind, err, where)
		}
	}
	for kind, track := range map[string]string{"": "private", "critical_bug": "private", "bug": "public"} {
		k, err := w.p.Kind(kind)
		if got := w.p.Begin(k, "").Name; err != nil || got != track {
			t.Errorf("kind %q begins on %s, want %s (%v)", kind, got, track, err)
		}
	}
	if k, _ := w.p.Kind("bug"); w.p.Begin(k, "please keep it private for a month").Name != "private" {
		t.Error("a reporter's wish for privacy begins a private case")
	}
}

// Triage and progress: a sensitivity decision is due, and only what is not sensitive may be seen.
func TestJunoSensitivityDecidesWhatIsPublic(t *testing.T) {
	w := begin(t, "juno.yaml")
	w.does(cvd.Nobody("p"), "2026-03-02 09:00", report("Overflow"))
	undecided := cvd.Triaged{}
	if e, ok := errors.AsType[*cvd.Error](w.p.Classify(w.c, &undecided, 0, false)); !ok || e.Field != "/sensitive" {
		t.Errorf("triage without the sensitivity decision, got %v", e)
	}
	for sensitive, track := range map[bool]string{true: "private", false: "public"} {
		d := cvd.Triaged{Sensitive: claim(sensitive)}
		if err := w.p.Classify(w.c, &d, 0, false); err != nil || d.Track != track || d.Public == sensitive {
			t.Errorf("sensitive %v: track %s, public %v, %v", sensitive, d.Track, d.Public, err)
		}
	}
	classed := cvd.Triaged{Sensitive: claim(true), Class: "critical"}
	if e, ok := errors.AsType[*cvd.Error](w.p.Classify(w.c, &classed, 0, false)); !ok || e.Field != "/class" {
		t.Errorf("this process has no classes, got %v", e)
	}
}

// The process on its other ways, by the wall: SECURITY.md of the project, "Process".
func TestJunoDatesByTheWall(t *testing.T) {
	follow(t, document(t, "juno.yaml"), []course{{
		name: "over New Year", at: "2026-12-31 20:00", set: map[string]string{"fix_ready": "2027-01-01 08:00"},
		want: []string{
			"reminder clocks.alarm 2026-12-31 20:30",
			"reminder clocks.nudge 2027-01-02 20:00", // "a couple of days"
			"notice notices.coming 2027-01-01 08:00",
			"release steps.release 2027-01-02 08:00",      // "24 hours following this notification", on a Saturday
			"disclosure steps.disclose 2027-01-02 08:00",  // "a Security Advisory" when the releases are out
			"details disclosure.details 2027-01-09 08:00", // "One week after the releases go out"
			"embargo silence 2027-01-01 08:00",            // "until a patch is developed"
			"embargo embargo.offer 2027-03-31 20:00",      // 90 days: 31, 28, 31
		},
	}, {
		name: "an ordinary bug has no notice before", at: "2026-12-31 20:00", kind: "bug",
		want: []string{"notice notices.coming none", "release steps.release 2026-12-31 20:00", "reminder clocks.nudge 2027-01-02 20:00"},
	}, {
		name: "what is public does not wait for the day", at: "2026-12-31 20:00", facts: map[string]bool{"public": true},
		set:  map[string]string{"fix_ready": "2027-01-01 08:00"},
		want: []string{"release steps.release 2027-01-01 08:00"},
	}})
}
