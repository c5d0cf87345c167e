package policies_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/policy"
)

// What a process promises to readers stands in the page that they read, printed from the clause that says it.
func TestTheWrittenPoliciesSayWhatIsPromised(t *testing.T) {
	for file, promised := range map[string][]struct{ clause, words string }{
		"juno.yaml": {
			{"silence.also", "If other chains are affected, please tell them as well"},
			{"kinds.feature.says", "Say what you would use it for and what other users or developers gain"},
			{"kinds.parameter.says", "consider a governance proposal"},
			{"kinds.critical_bug.says", "The chain halts or is about to, whether or not anybody means harm"},
			{"tracks.private.routes", "Join the project's Discord (https://discord.gg/wHdzjS5vXx), then write to the core engineers"},
			{"tracks.private.reason", "A public issue about a vulnerability makes its harm larger"},
			{"terms.time", "a reasonable time to correct the vulnerability or to deal with it in another way"},
			{"terms.no_exploitation", "Do not use the vulnerabilities that you find"},
			{"terms.good_faith", "do not disturb or slow down the network, its data or its services"},
			{"terms.confidential", "Keep what we write to each other about the report between us"},
			{"advisory.targets", "at: GitHub security advisory and CVE record"},
			{"advisory.cve", "published with it"},
			{"embargo.offer", "We offer to agree on an embargo of 90 days"},
			{"embargo.longest", "No embargo is longer than 180 days"},
			{"bounty.says", "once the community has been told"},
			{"stages.details.says", "explains the vulnerability, and our response to it"},
			{"notices.coming.audiences", "partners and validators of the chain, by announcements on Discord, account on X, mail to partners and mail to validators"},
			{"products.juno.lines.26", "| Juno | 26 | < 27.0.0 | no |"},
		},
		solo: {
			{"summary", "We handle security in the open"},
			{"tracks.public.reason", "We prefer it, since everybody can then see, judge and help"},
			{"tracks.public.routes", "with the label security and the template"},
			{"tracks.public.criteria", "no details that would help somebody to exploit it"},
			{"tracks.private.routes", "with the label private-security that says only that you want to report something"},
			{"tracks.private.criteria", "would help somebody to exploit it before a release is out"},
			{"kinds.discussion.says", "What turns out to be an issue becomes a report"},
			{"kinds.improvement.url", "Go to <https://github.com/smokeysrh/bitcoin-solo-miner-monitor/issues>"},
			{"stages.triage.says", "Community members review the report, rate it, try to reproduce it and judge its impact"},
			{"stages.release.says", "released through all channels, with notes"},
			{"advisory.targets", "in this order, at: GitHub security advisories, Documentation of the project, Channels of the community and Security databases"},
			{"advisory.parts", "description, impact, affected versions, resolution, mitigation and credit"},
			{"notices.release.channels", "by issues and releases on GitHub, announcements on Discord, security mailing lists, social media and mail to integration partners"},
			{"notices.users", "to users who asked to be told"},
			{"recognition.says", "thanked in the advisory and in the hall of fame, under the name they choose or not at all"},
			{"recognition.says", "help with the report and with the process, and hear from us at every step"},
			{"recognition.says", "may help to write the security documentation"},
			{"recurring.process_review.does", "every month: look at the measures of the month; read what the community says"},
			{"roles.validator.says", "**Issue validator**: Reviews reports"},
			{"roles.contributor.says", "**Solution contributor**: Analyses the cause and develops the fix"},
			{"roles.tester.says", "**Tester**: Tests fixes"},
			{"roles.reviewer.says", "**Reviewer**: Reviews fixes and advisories"},
			{"roles.legal.says", "where the rights of others are touched"},
			{"waivers.fix-waits", "which together leave no day to work"},
		},
	} {
		w := begin(t, file)
		page := string(w.p.SecurityMD(nil, "https://tips.example"))
		for _, row := range promised {
			if !w.p.Has(row.clause) || !strings.Contains(page, row.words) {
				t.Errorf("%s: %s does not say %q in:\n%s", file, row.clause, row.words, page)
			}
		}
	}
}

// Process, fifth and last point: advisory and post follow the releases, and neither is published while one is missing.
func TestJunoNothingIsPublishedBeforeTheReleases(t *testing.T) {
	w := junoPatched(t)
	jake, _, mia, kim := junoTeam(w)
	post := cvd.What{Explained: &cvd.Explained{URL: "https://example.org", Vulnerability: "A counter.", Response: "What we did."}}
	w.does(kim, "2026-03-09 12:00", edition("A counter was not checked."))
	w.does(jake, "2026-03-09 12:10", approval)
	w.does(mia, "2026-03-09 12:00", junoComing)
	for _, channel := range []string{"discord", "x", "partners", "validators"} {
		w.does(mia, "2026-03-09 12:00", arrived("coming", channel))
	}
	w.does(mia, "2026-03-10 12:00", released("juno", "28"))
	w.refuses(kim, "2026-03-10 12:01", disclosure, "steps.disclose.requires.released", "")
	w.objects(kim, "2026-03-20 12:00", post, "steps.explain.requires.released")
	w.does(mia, "2026-03-10 12:05", released("juno", "27"))
	w.does(kim, "2026-03-10 12:06", disclosure)
	w.does(kim, "2026-03-17 12:06", post)
}

// Process, third point, where it goes wrong: whoever was told an instant that slips is told the new one, by the same channels.
func TestJunoASlippedReleaseIsAnnouncedAgain(t *testing.T) {
	w := junoPatched(t)
	_, _, mia, _ := junoTeam(w)
	moved := func() cvd.What {
		return cvd.What{Notified: &cvd.Notified{Notice: "moved", Says: map[string]string{"release_at": "2026-03-12T16:00:00Z", "line": "28, 27"}}}
	}
	w.refuses(mia, "2026-03-09 11:30", moved(), "notices.moved.requires.announced", "")
	w.does(mia, "2026-03-09 12:00", junoComing)
	for _, channel := range []string{"discord", "x", "partners", "validators"} {
		w.does(mia, "2026-03-09 12:00", arrived("coming", channel))
	}
	w.does(mia, "2026-03-10 10:00", moved())
	n := w.c.Notices[slices.IndexFunc(w.c.Notices, func(n cvd.Notice) bool { return n.Name == "moved" })]
	if got := strings.Join(n.Channels, " "); got != "discord x partners validators" || !strings.Contains(n.Text, "Thu 2026-03-12 16:00 UTC") {
		t.Errorf("the word goes by %s: %s", got, n.Text)
	}
	w.refuses(mia, "2026-03-10 11:00", released("juno", "28"), "steps.release.requires.wait", "2026-03-10 12:00") // the wait of the first word goes on
}

// Public disclosure timeline: the track follows what the details would do, and the criteria are named to who decides otherwise.
func TestSoloTheTrackFollowsItsCriteria(t *testing.T) {
	w := begin(t, solo)
	w.does(cvd.Nobody("p"), "2026-03-02 09:00", report("Overflow"))
	if w.c.Track != "public" {
		t.Errorf("a report without a wish begins on the track %s, want public: it is preferred", w.c.Track)
	}
	for sensitive, track := range map[bool]string{true: "private", false: "public"} {
		d := cvd.Triaged{Sensitive: claim(sensitive), Category: "denial_of_service"}
		if err := w.p.Classify(w.c, &d, 0, false); err != nil || d.Track != track || d.Public == sensitive {
			t.Errorf("sensitive %v: track %s, public %v, %v", sensitive, d.Track, d.Public, err)
		}
		other := cvd.Triaged{Sensitive: claim(!sensitive), Category: "denial_of_service", Track: track}
		rule, _ := w.p.TrackOf(track)
		e, ok := errors.AsType[*cvd.Error](w.p.Classify(w.c, &other, 0, false))
		if !ok || e.Field != "/because" || e.Clause != "tracks."+track || !strings.Contains(e.Says, rule.Criteria) {
			t.Errorf("%s against its criteria: got %v, want them named", track, e)
		}
		other.Because = "the reporter's example helps nobody without the hardware"
		if err := w.p.Classify(w.c, &other, 0, false); err != nil || other.Public {
			t.Errorf("%s with a reason: %v, public %v; what is sensitive is never shown", track, err, other.Public)
		}
	}
}

// Coordinated disclosure: assessment, development, preparation, publication; each with its date, and the last two acts in one.
func TestSoloTheCoordinatedTrackHasFourDatedPhases(t *testing.T) {
	w := begin(t, solo)
	max, _, _, _, _ := soloTeam(w)
	sensitive := report("Overflow")
	sensitive.Received.Report.Kind = "sensitive"
	w.does(cvd.Nobody("p"), "2026-03-02 09:00", sensitive)
	dated := func(now string) map[string]string {
		dates := map[string]string{}
		for _, s := range w.p.Plan(w.c, on(now)) {
			dates[s.Kind+" "+s.Clause+" "+s.What] = cvd.Instant(s.At)
		}
		return dates
	}
	for what, date := range map[string]string{"due clocks.triage Initial triage (target)": "Tue 2026-03-03 09:00 UTC", "due clocks.triage Initial triage": "Wed 2026-03-04 09:00 UTC"} {
		if got := dated("2026-03-02 09:00"); got[what] != date {
			t.Errorf("assessment: %s is %q, want %s; the plan is %v", what, got[what], date, got)
		}
	}
	w.does(max, "2026-03-02 12:00", cvd.What{Validated: &cvd.Validated{Evidence: "seen"}})
	w.triage(max, "2026-03-02 13:00", 7.5, cvd.Triaged{Sensitive: claim(true)})
	for what, date := range map[string]string{
		"due clocks.resolution Resolution":              "Mon 2026-03-16 09:00 UTC", // development, 14 days from the report
		"earliest stages.preparation Release announced": "Wed 2026-03-04 13:00 UTC", // after two days of analysis
		"earliest stages.release Released":              "Wed 2026-03-11 13:00 UTC", // seven days later
		"earliest stages.disclosure Advisory published": "Wed 2026-03-11 13:00 UTC", // in the same moment
		"due clocks.analysis Detailed analysis":         "Mon 2026-03-09 13:00 UTC",
		"due clocks.triage Initial triage":              "", // it is done
	} {
		if got := dated("2026-03-02 13:00"); got[what] != date {
			t.Errorf("%s is %q, want %q; the plan is %v", what, got[what], date, got)
		}
	}
}

// Technical investigation: cause, extent, exploitation and mitigation are written down before a release; what is missing is named.
func TestSoloTheAnalysisComesBeforeTheRelease(t *testing.T) {
	for _, section := range []string{"root_cause", "scope", "exploit", "mitigation"} {
		w := soloFixed(t, false)
		max, cora, _, _, _ := soloTeam(w)
		w.c.Sections = slices.DeleteFunc(slices.Clone(w.c.Sections), func(s cvd.Section) bool { return s.Name == section })
		says := w.objects(max, "2026-03-08 10:00", released("monitor", "0.1.x"), "steps.release.requires.analysis")
		if !strings.Contains(says, "not written: "+strings.ReplaceAll(section, "_", " ")) {
			t.Errorf("without %s: %s", section, says)
		}
		w.does(cora, "2026-03-08 10:10", cvd.What{Analysed: &cvd.Analysed{Section: section, Text: "Known."}})
		w.does(max, "2026-03-08 10:20", released("monitor", "0.1.x"))
	}
}

// Community roles: validators, solution contributors, testers and reviewers each do their work, and none of them decides.
func TestSoloRolesOfTheCommunity(t *testing.T) {
	w := begin(t, solo)
	for role, want := range map[string]string{
		"validator":   "comment note rate reproduce",
		"contributor": "analyse comment draft grant note patch remedy revoke",
		"tester":      "check comment note reproduce",
		"reviewer":    "comment note rate review",
	} {
		var got []string
		for _, can := range w.p.Can([]string{role}) {
			got = append(got, string(can))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("a %s may %v, want %s", role, got, want)
		}
		for _, can := range strings.Fields(want) { // the same by invitation to one case
			guest := cvd.Actor{Project: "p", ID: "guest:1", Standing: cvd.Guest, Case: "P-1", Roles: []string{role}}
			w.c = cvd.Case{Project: "p", ID: "P-1", Rev: 1, Track: "private", Parties: []cvd.Party{{ID: "guest:1", Kind: cvd.Adviser, RM: cvd.Arrived,
				InvitedAt: on("2026-03-01 10:00"), AnsweredAt: on("2026-03-01 11:00")}}, Embargo: cvd.Embargo{State: cvd.NoEmbargo}}
			options := w.p.Options(policy.Ask{Case: w.c, Who: guest, Now: on("2026-03-02 10:00"), Roster: w.roster}, []string{can, "triage", "approve", "release", "disclose", "waive"})
			if len(options) != 1 || options[0].Step != can {
				t.Errorf("a %s who was asked to join one case may take %v, want %s alone", role, options, can)
			}
		}
	}
}

// Release and deployment, communication channels: the release is told to everybody by every channel, and not before it is out.
func TestSoloTheReleaseIsToldByEveryChannel(t *testing.T) {
	w := soloFixed(t, false)
	max, _, _, _, _ := soloTeam(w)
	out := func() cvd.What {
		return cvd.What{Notified: &cvd.Notified{Notice: "release", Says: map[string]string{"versions": "0.1.4", "action": "Update."}}}
	}
	w.objects(max, "2026-03-08 10:00", out(), "notices.release.requires.released")
	w.does(max, "2026-03-08 10:10", released("monitor", "0.1.x"))
	w.refuses(max, "2026-03-08 10:11", out(), "notices.release.requires.distributed", "")
	w.happens(cvd.Tipstaff("p"), "2026-03-08 10:12", seen("monitor", "0.1.x", ""))
	w.does(max, "2026-03-08 10:20", out())
	n := w.c.Notices[slices.IndexFunc(w.c.Notices, func(n cvd.Notice) bool { return n.Name == "release" })]
	if got := strings.Join(n.Channels, " "); got != "github discord security_lists social partners" {
		t.Errorf("the word goes by %s", got)
	}
	for i, channel := range n.Channels {
		if at := w.c.Marked("delivered:release"); !at.IsZero() {
			t.Errorf("told everywhere at %s, with %s still open", cvd.Instant(at), channel)
		}
		w.does(max, "2026-03-08 11:0"+string(rune('0'+i)), arrived("release", channel))
	}
	if got := w.c.Marked("delivered:release"); !got.Equal(on("2026-03-08 11:04")) {
		t.Errorf("told everywhere at %s, want the last channel's", cvd.Instant(got))
	}
}
