package policies_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tipstaff/tipstaff/internal/policy"
	"github.com/tipstaff/tipstaff/policies"
)

// Each expectation is a finding, typed by hand, with the fault of the published process that it is. What bears no number was
// found besides, and is true as well.

// TestJunoAsWrittenHasItsKnownFaults: F1 to F5.
func TestJunoAsWrittenHasItsKnownFaults(t *testing.T) {
	asWritten(t, "juno-as-written.yaml", map[string]string{
		"two-minimums steps.release.requires.validators": "F1", // 24 hours in one file, 48 to 72 in another
		"source-contacts-differ sources.2.contacts":      "F2", // four people in the copy, five in the source
		"personal-contacts contacts.alarm":               "F3", // nobody but single people
		"legacy-handle people.jake.reach.1":              "F3",
		"legacy-handle people.dimi.reach.1":              "F3",
		"legacy-handle people.alex.reach.1":              "F3",
		"legacy-handle people.jacob.reach.1":             "F3",
		"legacy-handle people.giansalex.reach.1":         "F3",
		"no-response-clock clocks":                       "F4",
		"no-severity-scheme severity.scheme":             "F4",
		"no-end-to-embargo embargo":                      "F4",
		"no-identifier-source advisory":                  "F4",
		"no-bounty-date bounty":                          "F4",
		"silence-ends-early silence.until":               "F5",

		"days-not-defined clocks.details": "", // "one week", not said of which days
		"self-approval steps.disclose":    "", // nobody but its author has to read the advisory
		"no-retention retention":          "",
	})
}

// TestSoloAsWrittenHasItsKnownFaults: F6 to F12.
func TestSoloAsWrittenHasItsKnownFaults(t *testing.T) {
	asWritten(t, "solo-miner-monitor-as-written.yaml", map[string]string{
		"infeasible clocks.resolution.within":                "F6", // 1 + 2 + 7 days of 7
		"class-not-known-yet clocks.response.within":         "F7",
		"class-not-known-yet clocks.resolution.within":       "F7",
		"public-gate steps.release.requires.review":          "F8",
		"public-text-review steps.disclose.requires.review":  "F8",
		"private-begins-in-public tracks.sensitive.routes.1": "F9",
		"source-routes-differ sources.1.routes":              "F10", // private reporting on the forge
		"source-routes-differ sources.2.routes":              "F10", // one mailbox
		"source-routes-differ sources.3.routes":              "F10", // and another one
		"precedence-undefined severity":                      "F11",
		"bands severity.classes":                             "F12", // a score of 0.0
		"days-not-defined clocks.response":                   "F12", // "2 weeks"

		"source-promise-differs sources.1.promises.1":                                    "", // 24 hours for all in the template
		"immediate-is-no-time clocks.response.title":                                     "", // "Immediate (within 24 hours)"
		"period-tells-nobody steps.release.requires.period":                              "", // seven days "for preparation", of whom?
		"same-title severity.classes.high.categories.local_privilege_escalation":         "",
		"same-title severity.classes.low.categories.minor_information_disclosure":        "",
		"same-title severity.classes.low.categories.configuration_issue":                 "",
		"same-title severity.classes.informational.categories.documentation_improvement": "",
		"field-twice form.fields.app_version":                                            "", // Version, and Version
		"unreached-audience notices.release.audiences.users":                             "", // "direct user notification"
		"no-end-to-embargo embargo":                                                      "",
		"no-identifier-source advisory":                                                  "",
		"no-retention retention":                                                         "",
	})
}

// TestKubernetesAsWrittenHasItsKnownFault: F13.
func TestKubernetesAsWrittenHasItsKnownFault(t *testing.T) {
	asWritten(t, "kubernetes-as-written.yaml", map[string]string{
		"template-literal notices.coming.text": "F13", // 9 AM PT and 16:00 UTC are one instant in summer only
	})
}

// TestTheWaysOutOfSevenDaysAreTold: who is told that a promise cannot be kept must be told what to change, in figures.
func TestTheWaysOutOfSevenDaysAreTold(t *testing.T) {
	for _, f := range policy.Lint(published(t, "solo-miner-monitor-as-written.yaml")) {
		if f.Code != "infeasible" {
			continue
		}
		if want := "critical on the track sensitive: released comes at the earliest 10 days after received, and 7 days is promised: nothing is left to work in"; f.Says != want {
			t.Errorf("got %q, want %q", f.Says, want)
		}
		if diff := cmp.Diff([]string{"clocks.triage.at_least", "clocks.analysis.at_least", "steps.release.requires.period"}, f.Conflicts); diff != "" {
			t.Errorf("what is on the way (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]string{
			"shorten steps.release.requires.period.wait.for, now 7 days, by more than 3 days",
			"promise more than 10 days for critical",
			"let the clock end at fix_ready, which can be 3 days after its beginning",
			"ship early: write a contingency that lifts what is on the way when users are in danger",
		}, f.Ways); diff != "" {
			t.Errorf("ways out (-want +got):\n%s", diff)
		}
		return
	}
	t.Error("seven days that need ten are not found")
}

// published reads a document of testdata.
func published(t *testing.T, file string) *policy.Policy {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", file))
	if err != nil {
		t.Fatal(err)
	}
	p, err := policy.Read(file, text, policies.Files.ReadFile)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// asWritten compares the findings of a document with those expected of it, no fewer and no more.
func asWritten(t *testing.T, file string, faults map[string]string) {
	t.Helper()
	var want, got []string
	for finding, fault := range faults {
		want = append(want, strings.TrimSpace(finding+" "+fault))
	}
	for _, f := range policy.Lint(published(t, file)) {
		finding := f.Code + " " + f.Clause
		fault := faults[finding]
		if fault != "" && !slices.Contains(f.Rules, fault) {
			t.Errorf("%s does not say that it is %s: %v", f.Code, fault, f.Rules)
		}
		got = append(got, strings.TrimSpace(finding+" "+fault))
	}
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("findings of %s (-want +got):\n%s", file, diff)
	}
}
