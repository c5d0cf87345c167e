package policies_test

import (
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/policy"
)

// https://oss-security.openwall.org/wiki/mailing-lists/distros: "The maximum acceptable embargo period … is 14 days", "periods
// shorter than 7 days are preferable", "Reasonable minimum is 1 day": all from the first message, whenever a fix is there.
func TestDistrosCountFromTheFirstMessage(t *testing.T) {
	instants(t, "linux-distros.yaml", policy.Scenario{At: on("2026-10-20 15:00"), Set: map[string]time.Time{"fix_ready": on("2026-10-30 15:00")}}, map[string]string{
		"target clocks.response":             "2026-10-21 15:00", // a day; reading
		"wait steps.disclose.requires.dated": "2026-10-21 15:00", // a day at least
		"embargo embargo.offer":              "2026-10-27 15:00", // 7 days, over the end of summer time
		"target clocks.preferred":            "2026-10-27 15:00",
		"deadline clocks.preferred":          "2026-11-03 15:00", // 14 days; the ten that the fix took are within them
		"embargo embargo.longest":            "2026-11-03 15:00",
	})
	// "you must post the exploits … within at most 7 days of making the mandatory posting".
	tl := instants(t, "linux-distros.yaml", policy.Scenario{At: on("2026-10-20 15:00"), Set: map[string]time.Time{"disclosed": on("2026-10-27 15:00")}}, map[string]string{
		"deadline clocks.exploit": "2026-11-03 15:00",
	})
	if len(tl.Conflicts) != 0 {
		t.Errorf("a week keeps every promise, got %+v", tl.Conflicts)
	}
	tl = instants(t, "linux-distros.yaml", policy.Scenario{At: on("2026-10-20 15:00"), Set: map[string]time.Time{"disclosed": on("2026-11-04 15:00")}}, nil)
	late := map[string]bool{}
	for _, x := range tl.Conflicts {
		late[x.Clause] = x.By == 24*time.Hour
	}
	if len(late) != 2 || !late["clocks.preferred"] || !late["embargo.longest"] {
		t.Errorf("fifteen days are one too many, got %+v", tl.Conflicts)
	}
}

// Nobody on the list can agree on more than fourteen days, however late they agree.
func TestDistrosFourteenDaysAreTheMost(t *testing.T) {
	w := begin(t, "linux-distros.yaml")
	stew := w.person("stew", "steward")
	told := report("Overflow")
	told.Received.Report.Component, told.Received.Report.Disclosure = "libexample", "2026-03-09"
	w.does(cvd.Nobody("p"), "2026-03-02 09:00", told)
	until := func(at string) cvd.What { return cvd.What{Embargoed: &cvd.Embargoed{Until: on(at)}} }
	w.refuses(stew, "2026-03-06 09:00", until("2026-03-16 09:01"), "embargo.longest", "")
	w.does(stew, "2026-03-06 09:00", until("2026-03-16 09:00"))                                   // 2 March + 14 days
	w.does(stew, "2026-03-07 09:00", cvd.What{Validated: &cvd.Validated{Evidence: "it crashes"}}) // before that, no agreement is revised
	w.refuses(stew, "2026-03-15 09:00", until("2026-03-17 09:00"), "embargo.longest", "")
	if got := w.p.Window(w.c, on("2026-03-07 09:00")); !got.Until.Equal(on("2026-03-16 09:00")) {
		t.Errorf("the window is %+v", got)
	}
}

// "In case the fix is already in a publicly accessible repository, we generally consider the issue public": the minimum falls.
func TestDistrosWhatIsPublicWaitsForNothing(t *testing.T) {
	w := begin(t, "linux-distros.yaml")
	stew, anna := w.person("stew", "steward"), w.person("anna", "steward")
	told := report("Overflow")
	told.Received.Report.Component, told.Received.Report.Disclosure = "libexample", "2026-03-09"
	w.does(cvd.Nobody("p"), "2026-03-02 09:00", told)
	w.does(stew, "2026-03-02 10:00", cvd.What{Validated: &cvd.Validated{Evidence: "the authors confirm it"}})
	w.happens(stew, "2026-03-02 10:10", cvd.What{Triaged: &cvd.Triaged{Sensitive: claim(true), Track: "private"}})
	w.does(stew, "2026-03-02 11:00", edition("A length was not checked."))
	w.does(anna, "2026-03-02 11:10", approval)
	w.refuses(stew, "2026-03-02 12:00", disclosure, "steps.disclose.requires.dated", "2026-03-03 09:00")
	w.does(anna, "2026-03-02 12:10", cvd.What{Observed: &cvd.Observed{Fact: "public", Evidence: "the fix is in the public repository"}})
	w.does(stew, "2026-03-02 12:20", disclosure)
}
