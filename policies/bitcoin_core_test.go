package policies_test

import (
	"testing"

	"github.com/tipstaff/tipstaff/cvd"
)

// The figures are those of https://bitcoincore.org/en/security-advisories/, "Policy".
func TestBitcoinCoreDatesByTheWall(t *testing.T) {
	follow(t, document(t, "bitcoin-core.yaml"), []course{{
		name: "low: two weeks after the release, announced with it", at: "2026-02-27 15:00", class: "low",
		set: map[string]string{"released": "2026-04-10 12:00"}, // a Friday
		want: []string{
			"target clocks.response 2026-03-06 15:00",
			"notice notices.coming 2026-04-10 12:00",
			"wait steps.disclose.requires.low 2026-04-24 12:00", // 14 days
			"disclosure steps.disclose 2026-04-24 12:00",
			"deadline clocks.low_details 2026-04-25 12:00",
			"deadline clocks.grave_details none",
		},
	}, {
		name: "high: two weeks after the end of life of the last affected release", at: "2026-02-27 15:00", class: "high",
		set: map[string]string{"released": "2026-04-10 12:00", "end_of_life": "2027-04-10 00:00"},
		want: []string{
			"release steps.release 2026-04-10 12:00",
			"notice notices.coming 2027-04-10 00:00",              // two weeks before the details
			"wait steps.disclose.requires.grave 2027-04-24 00:00", // a year and two weeks after the fix
			"wait steps.disclose.requires.announced 2027-04-24 00:00",
			"disclosure steps.disclose 2027-04-24 00:00",
			"deadline clocks.low_details none",
			"deadline clocks.grave_details 2027-04-25 00:00",
			"embargo embargo.longest 2028-02-27 15:00", // two years
		},
	}, {
		name: "medium: not known until somebody dates the end of life", at: "2026-02-27 15:00", class: "medium",
		set:  map[string]string{"released": "2026-04-10 12:00"},
		want: []string{"release steps.release 2026-04-10 12:00", "disclosure steps.disclose -", "notice notices.coming -"},
	}, {
		name: "critical: when people decide", at: "2026-02-27 15:00", class: "critical",
		set:  map[string]string{"released": "2026-03-01 12:00", "critical_decided": "2026-06-01 12:00"},
		want: []string{"disclosure steps.disclose 2026-06-01 12:00"},
	}, {
		name: "what is known is explained at once", at: "2026-02-27 15:00", class: "high",
		facts: map[string]bool{"public": true}, set: map[string]string{"released": "2026-03-01 12:00"},
		want: []string{"disclosure steps.disclose 2026-03-01 12:00"},
	}})
}

// The gates of a high issue: the release is no reason to speak, and neither is the end of life alone.
func TestBitcoinCoreSpeaksTwoWeeksAfterTheEndOfLife(t *testing.T) {
	w := begin(t, "bitcoin-core.yaml")
	ann, bob := w.person("ann", "security"), w.person("bob", "security")
	w.does(cvd.Nobody("p"), "2026-03-02 09:00", report("A peer can fill the memory"))
	w.does(ann, "2026-03-02 10:00", cvd.What{Validated: &cvd.Validated{Evidence: "seen"}})
	class := cvd.Triaged{Sensitive: claim(true), Category: "network_impact"}
	if err := w.p.Classify(w.c, &class, 0, false); err != nil || class.Class != "high" {
		t.Fatalf("%s, %v", class.Class, err)
	}
	w.does(ann, "2026-03-02 11:00", cvd.What{Triaged: &class})
	w.does(ann, "2026-03-02 12:00", cvd.What{Prioritised: &cvd.Prioritised{Priority: "first", Because: "everybody"}})
	for _, line := range []string{"31.x", "30.x"} {
		w.does(ann, "2026-03-20 09:00", patched("bitcoin-core", line))
	}
	w.does(bob, "2026-03-21 09:00", reviewed("fix", "", "approve"))
	for _, line := range []string{"31.x", "30.x"} {
		w.does(ann, "2026-04-10 12:00", released("bitcoin-core", line))
	}
	w.does(ann, "2026-04-11 09:00", edition("A peer could fill the memory."))
	w.does(bob, "2026-04-11 10:00", approval)
	soon := cvd.What{Notified: &cvd.Notified{Notice: "coming", Says: map[string]string{
		"disclosure_at": "2027-04-24T00:00:00Z", "versions": "before 31.1", "severity": "high"}}}
	w.objects(ann, "2026-04-24 12:00", disclosure, "steps.disclose.requires.grave")
	w.refuses(ann, "2026-04-24 12:00", soon, "notices.coming.requires.late", "")

	w.does(ann, "2027-03-01 09:00", cvd.What{Dated: &cvd.Dated{Event: "end_of_life", On: on("2027-04-10 00:00")}})
	w.refuses(ann, "2027-04-09 23:00", soon, "notices.coming.requires.late", "")
	w.does(ann, "2027-04-12 09:00", soon)
	w.does(ann, "2027-04-12 09:00", arrived("coming", "announce"))
	w.refuses(ann, "2027-04-24 00:00", disclosure, "steps.disclose.requires.announced", "2027-04-26 09:00") // told two days late
	w.does(ann, "2027-04-26 09:00", disclosure)
}
