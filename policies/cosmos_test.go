package policies_test

import (
	"strings"
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/policy"
)

// https://github.com/cosmos/security/blob/main/SECURITY.md, Disclosure Timeline: "Approximately four weeks after public release of the
// fix" (Low, Medium), "After the affected version reaches End-of-Life" (High), "Case-by-case" (Critical).
func TestCosmosGraverIsToldLater(t *testing.T) {
	patch := on("2026-03-12 09:00")
	instants(t, "cosmos.yaml", policy.Scenario{At: on("2026-03-02 09:00"), Class: "medium", Set: map[string]time.Time{"fix_ready": patch}}, map[string]string{
		"target clocks.response":             "2026-03-04 09:00", // 48 hours; reading
		"notice notices.prepare":             "2026-03-12 09:00",
		"release steps.release":              "2026-03-12 09:00",
		"wait steps.disclose.requires.minor": "2026-04-09 09:00", // 12 March + 28 days, over the beginning of summer time
		"disclosure steps.disclose":          "2026-04-09 09:00",
		"notice notices.advisory":            "2026-04-09 09:00",
	})
	high := instants(t, "cosmos.yaml", policy.Scenario{At: on("2026-03-02 09:00"), Class: "high", Set: map[string]time.Time{"fix_ready": patch}}, map[string]string{
		"release steps.release":     "2026-03-12 09:00", // "immediately after a public patch release": no wait in between
		"disclosure steps.disclose": "",
		"target clocks.details":     "",
	})
	if m, _ := high.Find("disclosure", "steps.disclose"); m.Waits != "end_of_life" {
		t.Errorf("what is high waits for %q", m.Waits)
	}
	instants(t, "cosmos.yaml", policy.Scenario{At: on("2026-03-02 09:00"), Class: "high", Set: map[string]time.Time{
		"fix_ready": patch, "end_of_life": on("2027-03-01 00:00")}}, map[string]string{
		"disclosure steps.disclose": "2027-03-01 00:00",
		"target clocks.details":     "2027-03-01 00:00",
	})
	critical := instants(t, "cosmos.yaml", policy.Scenario{At: on("2026-03-02 09:00"), Class: "critical", Set: map[string]time.Time{
		"fix_ready": patch, "validators_ready": on("2026-03-20 14:00"), "end_of_life": on("2027-03-01 00:00"), "safe": on("2027-04-01 12:00")}}, map[string]string{
		"notice notices.prepare":    "2026-03-12 09:00",
		"release steps.release":     "2026-03-20 14:00", // once two thirds of the voting power run it
		"disclosure steps.disclose": "2027-04-01 12:00", // neither the end of life nor anything else but the decision
	})
	if critical.Track != "coordinated" || high.Track != "silent" {
		t.Errorf("tracks: critical %s, high %s", critical.Track, high.Track)
	}
}

// "Exploited or attacker-aware" counts as critical, whatever the matrix says.
func TestCosmosWhatIsUsedIsCritical(t *testing.T) {
	tl := instants(t, "cosmos.yaml", policy.Scenario{At: on("2026-03-02 09:00"), Class: "low", Facts: map[string]bool{"attacks": true}}, nil)
	if tl.Class != "critical" || tl.Track != "coordinated" {
		t.Errorf("a low matter that is attacked: class %s, track %s", tl.Class, tl.Track)
	}
	w := begin(t, "cosmos.yaml")
	for _, row := range []struct{ impact, likelihood, class, track string }{
		{"considerable", "almost_certain", "critical", "coordinated"}, {"considerable", "unlikely", "high", "silent"},
		{"moderate", "likely", "medium", "silent"}, {"minor", "possible", "low", "silent"},
	} {
		d := cvd.Triaged{ImpactLevel: row.impact, Likelihood: row.likelihood, Sensitive: claim(true)}
		if err := w.p.Classify(w.c, &d, 0, false); err != nil || d.Class != row.class || d.Track != row.track {
			t.Errorf("%s and %s: class %s, track %s, %v; want %s, %s", row.impact, row.likelihood, d.Class, d.Track, err, row.class, row.track)
		}
	}
	told := report("Halt")
	told.Received.Report.Component, told.Received.Report.Impact, told.Received.Report.Steps = "ibc", "a halt", []string{"send it"}
	w.does(cvd.Nobody("p"), "2026-03-02 09:00", told)
	w.does(w.person("ida", "security"), "2026-03-02 10:00", cvd.What{Dated: &cvd.Dated{Event: "attacker_aware", On: on("2026-03-02 10:00")}})
	d := cvd.Triaged{ImpactLevel: "minor", Likelihood: "unlikely", Sensitive: claim(true)}
	if err := w.p.Classify(w.c, &d, 0, false); err == nil && d.Class != "critical" {
		t.Errorf("an attacker knows, and it is %s", d.Class)
	}
}

// Critical: private distribution first, two thirds of the voting power, then a silent release, and no advisory before it is safe.
func TestCosmosEndOfLifeAndTwoThirds(t *testing.T) {
	w := begin(t, "cosmos.yaml")
	ida, jon := w.person("ida", "security"), w.person("jon", "security")
	told := report("Unlimited minting")
	told.Received.Report.Component, told.Received.Report.Impact, told.Received.Report.Steps = "bank", "supply", []string{"send it"}
	w.does(cvd.Nobody("p"), "2026-03-02 09:00", told)
	w.does(ida, "2026-03-02 10:00", cvd.What{Validated: &cvd.Validated{Evidence: "seen"}})
	d := cvd.Triaged{ImpactLevel: "considerable", Likelihood: "likely", Sensitive: claim(true)}
	if err := w.p.Classify(w.c, &d, 0, false); err != nil {
		t.Fatal(err)
	}
	w.does(ida, "2026-03-02 11:00", cvd.What{Triaged: &d})
	w.does(ida, "2026-03-10 09:00", patched("cosmos-sdk", "0.54.x"))
	w.does(ida, "2026-03-10 09:10", patched("cosmos-sdk", "0.53.x"))
	for product, line := range map[string]string{"cometbft": "0.38.x", "ibc-go": "10.x"} {
		w.does(ida, "2026-03-10 09:20", cvd.What{Remedied: &cvd.Remedied{Product: product, Line: line, Status: "not_affected"}})
	}
	w.does(jon, "2026-03-10 10:00", reviewed("fix", "", "approve"))

	// The notice to the networks has its five fields and takes no other; the component is one that everybody knows.
	five := map[string]string{"severity": "critical", "component": "Cosmos SDK", "line": "0.54.x", "impact_class": "availability", "release_at": "2026-03-20T14:00:00Z"}
	six := map[string]string{"details": "see the commit"}
	for k, v := range five {
		six[k] = v
	}
	if _, err := w.p.Compose(&cvd.Notified{Notice: "prepare", Says: six}, w.c, policy.Release{}); cvd.KindOf(err) != cvd.Invalid {
		t.Errorf("a sixth field: %v", err)
	}
	five["component"] = "bank"
	if _, err := w.p.Compose(&cvd.Notified{Notice: "prepare", Says: five}, w.c, policy.Release{}); cvd.KindOf(err) != cvd.Invalid {
		t.Errorf("the module that the report names: %v", err)
	}
	five["component"] = "Cosmos SDK"
	w.does(ida, "2026-03-11 09:00", cvd.What{Notified: &cvd.Notified{Notice: "prepare", Says: five}})

	w.refuses(ida, "2026-03-12 14:00", released("cosmos-sdk", "0.54.x"), "steps.release.requires.ready", "")
	if says := w.objects(ida, "2026-03-12 14:00", released("cosmos-sdk", "0.54.x"), "steps.release.requires.ready"); !strings.Contains(says, "67") || !strings.Contains(says, "voting power") {
		t.Errorf("the refusal does not say how much of what is missing: %s", says)
	}
	w.does(ida, "2026-03-20 14:00", cvd.What{Dated: &cvd.Dated{Event: "validators_ready", On: on("2026-03-20 14:00")}})
	w.does(ida, "2026-03-20 14:01", released("cosmos-sdk", "0.54.x"))
	w.does(ida, "2026-03-20 14:10", released("cosmos-sdk", "0.53.x"))
	w.does(ida, "2026-03-21 09:00", edition("Supply could be made."))
	w.does(jon, "2026-03-21 10:00", approval)
	w.objects(ida, "2026-04-30 09:00", disclosure, "steps.disclose.requires.end_of_life") // four weeks are for what is low or medium
	w.does(ida, "2026-04-30 09:10", cvd.What{Dated: &cvd.Dated{Event: "end_of_life", On: on("2027-03-01 00:00")}})
	w.objects(ida, "2027-02-28 23:59", disclosure, "steps.disclose.requires.end_of_life")
	w.refuses(ida, "2027-03-01 00:00", disclosure, "steps.disclose.requires.safe", "")
	w.does(ida, "2027-04-01 12:00", cvd.What{Dated: &cvd.Dated{Event: "safe", On: on("2027-04-01 12:00")}})
	w.does(ida, "2027-04-01 12:01", disclosure)
}
