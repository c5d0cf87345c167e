package policies_test

import (
	"strings"
	"testing"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/policy"
)

// "policy": https://openssl-library.org/policies/general/security-policy/; "howto":
// https://github.com/openssl/tools/blob/master/HOWTO-handle-security-issue.md.
func TestOpenSSLDatesByTheWall(t *testing.T) {
	follow(t, document(t, "openssl.yaml"), []course{{
		name: "a high issue over the change to summer time", at: "2026-03-20 12:00", class: "high", // a Friday
		set: map[string]string{"fix_ready": "2026-03-31 09:00", "embargo_accepted": "2026-04-02 16:00"},
		want: []string{
			"target clocks.response 2026-03-23 12:00",
			"notice notices.offer 2026-03-31 09:00",     // howto: two weeks before the release
			"notice notices.customers 2026-03-31 09:00", // and so to customers of extended support
			"notice notices.access 2026-04-02 16:00",    // howto: once they have promised, for this issue
			"notice notices.date 2026-04-07 09:00",      // policy: one week before
			"wait steps.release.requires.vendors 2026-04-14 09:00",
			"wait steps.release.requires.date 2026-04-14 09:00",
			"release steps.release 2026-04-14 09:00",
			"disclosure steps.disclose 2026-04-14 09:00",
			"deadline clocks.release 2026-04-17 12:00", // howto: within 4 weeks: 11 days of March and 17 of April
			"target clocks.kept 2026-04-20 12:00",      // policy, High: no longer than a month
			"embargo embargo.longest 2026-05-15 12:00", // eight weeks
		},
	}, {
		name: "of the four weeks two are for the fix", at: "2026-03-20 12:00", class: "critical",
		set:  map[string]string{"fix_ready": "2026-04-07 09:00"},
		want: []string{"release steps.release 2026-04-21 09:00", "deadline clocks.release 2026-04-17 12:00", "target clocks.kept none"},
		late: []string{"clocks.release"}, // the fix is there on the eighteenth day, and the release on the thirty-second
	}, {
		name: "a moderate issue waits for the next release", at: "2026-03-20 12:00", class: "moderate",
		set: map[string]string{"next_release": "2026-06-02 13:00"}, // a Tuesday
		want: []string{
			"notice notices.offer 2026-05-19 13:00", // not at once, since the list of the distributions keeps nothing for longer than 14 days
			"notice notices.date 2026-05-26 13:00",
			"release steps.release 2026-06-02 13:00",
			"deadline clocks.release 2026-06-02 13:00",
		},
	}, {
		name: "of a low issue nobody is told ahead but of the date", at: "2026-03-20 12:00", class: "low",
		set:  map[string]string{"next_release": "2026-04-07 13:00"},
		want: []string{"notice notices.offer -", "notice notices.customers -", "notice notices.date 2026-03-31 13:00", "release steps.release 2026-04-07 13:00"},
	}, {
		name: "a low issue that helps nobody is fixed in public and gets an advisory", at: "2026-03-20 12:00", class: "low",
		facts: map[string]bool{"sensitive": false}, set: map[string]string{"fix_ready": "2026-03-25 10:00"},
		want: []string{"disclosure steps.disclose 2026-03-25 10:00", "notice notices.date none", "deadline clocks.release none"},
	}, {
		name: "what is used already comes out as soon as it is ready", at: "2026-03-20 12:00", class: "high",
		facts: map[string]bool{"attacks": true}, set: map[string]string{"fix_ready": "2026-03-21 03:00"},
		want: []string{"release steps.release 2026-03-21 03:00", "disclosure steps.disclose 2026-03-21 03:00"},
	}})
}

// opensslReady is a high issue of Monday 2 March 2026 with its fix and an early text of the advisory, a week later.
func opensslReady(t *testing.T) (w *walk, ann, bob, cle cvd.Actor) {
	w = begin(t, "openssl.yaml")
	ann, bob, cle = w.person("ann", "srt"), w.person("bob", "srt"), w.person("cle", "srt")
	w.does(cvd.Nobody("p"), "2026-03-02 09:00", report("A length is not looked at"))
	w.does(ann, "2026-03-02 10:00", cvd.What{Validated: &cvd.Validated{Evidence: "seen"}})
	class := cvd.Triaged{Sensitive: claim(true), Class: "high"}
	if err := w.p.Classify(w.c, &class, 0, false); err != nil || class.Track != "private" {
		t.Fatalf("high by judgement: %v on %s", err, class.Track)
	}
	w.does(ann, "2026-03-02 11:00", cvd.What{Triaged: &class})
	w.does(ann, "2026-03-02 12:00", cvd.What{Prioritised: &cvd.Prioritised{Priority: "first", Because: "everybody"}})
	w.does(ann, "2026-03-03 09:00", edition("A length was not looked at."))
	for _, line := range []string{"4.0", "3.6", "3.5"} {
		w.does(ann, "2026-03-09 09:00", patched("openssl", line))
	}
	return w, ann, bob, cle
}

// "We make them go through this every time": what was promised for one issue opens nothing for the next.
func TestOpenSSLRecipientsPromiseForEachIssue(t *testing.T) {
	offer := cvd.What{Notified: &cvd.Notified{Notice: "offer", Says: map[string]string{"release_at": "2026-03-24T13:00:00Z", "severity": "high", "line": "4.0, 3.6, 3.5"}}}
	access := cvd.What{Notified: &cvd.Notified{Notice: "access", Says: map[string]string{"release_at": "2026-03-24T13:00:00Z"}}}
	for _, issue := range []string{"the first issue", "the second one"} {
		w, ann, _, _ := opensslReady(t)
		n := *offer.Notified
		subject, err := w.p.Compose(&n, w.c, policy.Release{})
		if err != nil || !strings.HasPrefix(subject, "[vs] ") {
			t.Errorf("%s: the subject %q is refused by the list, %v", issue, subject, err)
		}
		w.does(ann, "2026-03-10 13:00", offer)
		for _, channel := range []string{"distros", "forks"} {
			w.does(ann, "2026-03-10 13:00", arrived("offer", channel))
		}
		w.does(ann, "2026-03-10 13:00", cvd.What{Notified: &cvd.Notified{Notice: "customers", Says: map[string]string{"release_at": "2026-03-24T13:00:00Z", "severity": "high"}}})
		w.does(ann, "2026-03-10 13:00", arrived("customers", "customers"))
		w.refuses(ann, "2026-03-10 14:00", access, "notices.access.requires.accepted", "")
		w.does(ann, "2026-03-11 09:00", cvd.What{Dated: &cvd.Dated{Event: "embargo_accepted", On: on("2026-03-11 09:00")}})
		w.does(ann, "2026-03-11 09:05", access)
	}
}

// Two weeks for those who got the text, a week for everybody; two people besides the author approve the fix.
func TestOpenSSLReleaseWaitsForBothNotices(t *testing.T) {
	w, ann, bob, cle := opensslReady(t)
	tell := func(notice, at string, says map[string]string, channels ...string) {
		w.does(ann, at, cvd.What{Notified: &cvd.Notified{Notice: notice, Says: says}})
		for _, c := range channels {
			w.does(ann, at, arrived(notice, c))
		}
	}
	at := "2026-03-24T13:00:00Z"
	tell("offer", "2026-03-10 13:00", map[string]string{"release_at": at, "severity": "high", "line": "4.0, 3.6, 3.5"}, "distros", "forks")
	tell("customers", "2026-03-10 13:00", map[string]string{"release_at": at, "severity": "high"}, "customers")
	tell("date", "2026-03-17 13:00", map[string]string{"release_at": at, "severity": "high", "line": "4.0, 3.6, 3.5"}, "announce", "oss_security")
	w.does(bob, "2026-03-18 09:00", reviewed("fix", "", "approve"))
	w.refuses(ann, "2026-03-24 13:00", released("openssl", "3.5"), "steps.release.requires.reviewed", "")
	w.does(cle, "2026-03-18 10:00", reviewed("fix", "", "approve"))
	w.objects(ann, "2026-03-24 12:59", released("openssl", "3.5"), "steps.release.requires.vendors")
	w.objects(ann, "2026-03-24 12:59", released("openssl", "3.5"), "steps.release.requires.date")
	w.does(ann, "2026-03-24 13:00", released("openssl", "3.5"))
}
