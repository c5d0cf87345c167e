package policies_test

import (
	"testing"

	"github.com/tipstaff/tipstaff/cvd"
)

// The figures are those of the Security Response Committee's own pages, "release process":
// https://github.com/kubernetes/committee-security-response/blob/main/security-release-process.md, "on call": src-oncall.md
// beside it, and "page": https://kubernetes.io/docs/reference/issues-security/security/.
func TestKubernetesDatesByTheWall(t *testing.T) {
	follow(t, document(t, "kubernetes.yaml"), []course{{
		name: "a high issue over Christmas", at: "2026-12-18 19:00", class: "high", // a Friday evening
		set: map[string]string{"fix_ready": "2026-12-21 10:00"}, // Monday
		want: []string{
			"target clocks.response 2026-12-21 19:00",   // on call: one business day, so Monday
			"deadline clocks.response 2026-12-23 19:00", // page: 3 working days: Monday, Tuesday, Wednesday
			"target clocks.team 2026-12-19 19:00",       // release process: Fix Team within 24 hours, on a Saturday
			"target clocks.fix 2026-12-25 19:00",        // release process: within 7 days
			"notice notices.distributors 2026-12-21 10:00",
			"wait steps.release.requires.distributors 2026-12-28 10:00", // at least 7 days before the publication
			"wait steps.release.requires.pending 2026-12-22 10:00",      // at least 24 hours before the release
			"release steps.release 2026-12-28 16:00",                    // 4pm UTC, on a Monday
			"disclosure steps.disclose 2026-12-28 16:00",
			"notice notices.announcement 2026-12-28 16:00",
			"wait clocks.retrospective.at_least 2026-12-29 16:00", // retrospective: 1 to 3 days after the release
			"deadline clocks.retrospective 2026-12-31 16:00",
			"step disclosure.reports 2027-01-28 16:00", // a month for the reporter of a bounty
		},
	}, {
		name: "nothing comes out on a Friday, nor at the weekend", at: "2026-12-18 19:00", class: "critical",
		set: map[string]string{"fix_ready": "2026-12-24 17:00"}, // Thursday
		want: []string{
			"wait steps.release.requires.distributors 2026-12-31 17:00", // Thursday, an hour after the hour of publication
			"release steps.release 2027-01-04 16:00",                    // not on Friday 1 January, so on Monday
		},
	}, {
		name: "what must be done for a release on a day", at: "2026-12-18 19:00", class: "high",
		set: map[string]string{"released": "2027-01-07 16:00"}, // Thursday
		want: []string{
			"latest notices.distributors 2026-12-31 16:00", // 7 days before
			"latest notices.pending 2027-01-06 16:00",      // 24 hours before
			"disclosure steps.disclose 2027-01-07 16:00",
		},
	}, {
		name: "a medium issue waits for the next patch release", at: "2026-12-18 19:00", class: "medium",
		set: map[string]string{"next_release": "2027-01-12 16:00"}, // Tuesday
		want: []string{
			"notice notices.distributors 2026-12-18 19:00", // 25 days ahead: within the 1 to 4 weeks
			"release steps.release 2027-01-12 16:00",
		},
	}, {
		name: "distributors hear nothing more than four weeks ahead", at: "2026-12-18 19:00", class: "medium",
		set:  map[string]string{"next_release": "2027-02-09 16:00"}, // Tuesday
		want: []string{"notice notices.distributors 2027-01-12 16:00", "release steps.release 2027-02-09 16:00"},
	}, {
		name: "what is public comes out as soon as possible, on a Saturday too", at: "2026-12-18 19:00", class: "high",
		facts: map[string]bool{"public": true}, set: map[string]string{"fix_ready": "2026-12-19 08:00"},
		want: []string{"release steps.release 2026-12-19 08:00", "disclosure steps.disclose 2026-12-19 08:00", "notice notices.distributors none"},
	}})
}

// kubernetesFix is a report of Monday 2 March 2026 with a fix on all lines that somebody else agreed to.
func kubernetesFix(t *testing.T, score float64, private bool) (w *walk, lead, oncall cvd.Actor) {
	w = begin(t, "kubernetes.yaml")
	lead, oncall = w.person("lead", "fix_lead"), w.person("oncall", "committee")
	w.does(cvd.Nobody("p"), "2026-03-02 09:00", report("The kubelet follows a link"))
	w.does(oncall, "2026-03-02 10:00", cvd.What{Validated: &cvd.Validated{Evidence: "seen"}})
	w.triage(lead, "2026-03-02 11:00", score, cvd.Triaged{Sensitive: claim(true)})
	w.does(lead, "2026-03-02 12:00", cvd.What{Prioritised: &cvd.Prioritised{Priority: "first", Because: "everybody"}})
	for _, line := range []string{"1.36", "1.35", "1.34"} {
		fix := patched("kubernetes", line)
		fix.Remedied.Patches[0].Private = private
		w.does(lead, "2026-03-03 09:00", fix)
	}
	w.does(oncall, "2026-03-03 10:00", reviewed("fix", "", "approve"))
	return w, lead, oncall
}

// Below high the fix lies in the open while what it is for is secret; from high on it lies in the private repository.
func TestKubernetesSemiPublic(t *testing.T) {
	for _, x := range []struct {
		score   float64
		track   string
		refuses bool
	}{{6.9, "semi_public", false}, {7.0, "private", true}} {
		w, lead, _ := kubernetesFix(t, x.score, false)
		if w.c.Track != x.track || w.c.Public {
			t.Errorf("%.1f: the case is on %s, public %v; want %s, not public", x.score, w.c.Track, w.c.Public, x.track)
		}
		refused := false
		for _, o := range w.weigh(lead, "2026-03-03 12:00", released("kubernetes", "1.36")) {
			refused = refused || o.Clause == "steps.release.requires.private"
		}
		if refused != x.refuses {
			t.Errorf("%.1f: a fix that lies in the open is refused: %v, want %v", x.score, refused, x.refuses)
		}
	}
}

// A week for distributors and a day with the text; then the weekday counts, and 16:00 UTC.
func TestKubernetesReleaseDay(t *testing.T) {
	w, lead, _ := kubernetesFix(t, 8.1, true)
	told := func(notice, at string, says map[string]string) {
		w.does(lead, at, cvd.What{Notified: &cvd.Notified{Notice: notice, Says: says}})
		w.does(lead, at, arrived(notice, "distributors"))
	}
	pending := map[string]string{"release_at": "2026-03-16T16:00:00Z"}
	w.objects(lead, "2026-03-05 14:00", cvd.What{Notified: &cvd.Notified{Notice: "pending", Says: pending}}, "notices.pending.requires.told")
	told("distributors", "2026-03-05 15:00", map[string]string{"disclosure_at": "2026-03-16T16:00:00Z", "severity": "high"})
	told("pending", "2026-03-12 18:00", pending)
	w.objects(lead, "2026-03-12 14:00", released("kubernetes", "1.36"), "steps.release.requires.distributors")
	w.refuses(lead, "2026-03-13 18:30", released("kubernetes", "1.36"), "schedule.days", "2026-03-16 16:00") // Friday the 13th
	w.does(lead, "2026-03-16 16:00", released("kubernetes", "1.36"))
}

// Where a warning helps users more than silence, it is published before there is a fix.
func TestKubernetesWarnsBeforeThereIsAFix(t *testing.T) {
	w := begin(t, "kubernetes.yaml")
	lead, oncall := w.person("lead", "fix_lead"), w.person("oncall", "committee")
	w.does(cvd.Nobody("p"), "2026-03-02 09:00", report("kubectl writes where it should not"))
	w.does(oncall, "2026-03-02 10:00", cvd.What{Validated: &cvd.Validated{Evidence: "seen"}})
	w.triage(lead, "2026-03-02 11:00", 8.8, cvd.Triaged{Sensitive: claim(true)})
	w.does(lead, "2026-03-02 12:00", cvd.What{Prioritised: &cvd.Prioritised{Priority: "first", Because: "everybody"}})
	w.does(lead, "2026-03-03 09:00", edition("Do not copy from pods that you do not trust."))
	w.does(oncall, "2026-03-03 10:00", approval)
	w.refuses(lead, "2026-03-03 16:00", disclosure, "steps.disclose.requires.released", "")
	w.does(lead, "2026-03-03 15:00", cvd.What{Dated: &cvd.Dated{Event: "mitigation_first", On: on("2026-03-03 15:00")}})
	w.does(lead, "2026-03-03 16:00", disclosure)
}
