package policies_test

import (
	"os"
	"strings"
	"testing"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/policy"
	"github.com/tipstaff/tipstaff/policies"
)

// A document of twenty lines enforces what the default says, in its project's name: the text that an installation keeps of it
// answers within the time of the project, and keeps the waits and second looks of the default.
func TestShortestDocumentEnforcesTheDefault(t *testing.T) {
	text, err := os.ReadFile("testdata/shortest.yaml")
	if err != nil {
		t.Fatal(err)
	}
	short, err := policy.Read("shortest.yaml", text, policies.Files.ReadFile)
	if err != nil {
		t.Fatal(err)
	}
	kept, err := policy.Read("lantern.yaml", short.Flat())
	if err != nil {
		t.Fatal(err)
	}
	w := &walk{T: t, p: kept, roster: 2}
	ida, ole := w.person("ida", "maintainer", "admin"), w.person("ole", "maintainer")
	w.does(cvd.Nobody("p"), "2026-03-02 09:00", report("Overflow in the counter"))
	w.clock("response.limit", "2026-03-07 09:00") // five days, its own
	w.clock("triage.limit", "2026-03-09 09:00")   // seven, the default's
	w.does(ida, "2026-03-02 10:00", cvd.What{Acknowledged: &cvd.Acknowledged{Message: "I have read it."}})
	w.triage(ida, "2026-03-02 11:00", 5.3, cvd.Triaged{Sensitive: claim(true)})
	w.does(ida, "2026-03-02 12:00", cvd.What{Validated: &cvd.Validated{Evidence: "seen"}})
	w.does(ida, "2026-03-02 12:30", cvd.What{Prioritised: &cvd.Prioritised{Priority: "first", Because: "everybody"}})
	w.does(ida, "2026-03-20 09:00", patched("lantern", "1"))
	w.tried(ida, "2026-03-20 10:00")
	notice := cvd.What{Notified: &cvd.Notified{Notice: "coming", Says: map[string]string{"release_at": "2026-03-27T16:00:00Z", "line": "1", "severity": "medium", "action": "Update."}}}
	w.objects(ida, "2026-03-20 10:30", notice, "notices.coming.requires.review")
	w.does(ole, "2026-03-20 11:00", reviewed("fix", "", "approve"))
	w.does(ole, "2026-03-20 12:00", notice)
	w.does(ole, "2026-03-20 12:30", arrived("coming", "operators"))
	made := released("lantern", "1")
	made.Released.Staged = true
	w.does(ole, "2026-03-20 12:40", made)
	w.does(ida, "2026-03-20 13:00", edition("A counter was not checked."))
	w.objects(ida, "2026-03-20 13:05", approval, "")
	w.does(ole, "2026-03-20 13:10", approval)
	w.refuses(ida, "2026-03-21 12:30", disclosure, "steps.disclose.requires.wait_longer", "2026-03-27 12:30")
	w.does(ida, "2026-03-27 12:30", disclosure)

	subject, err := kept.Compose(notice.Notified, w.c, policy.Release{})
	if err != nil || subject != "A security release of Lantern is coming" || !strings.Contains(notice.Notified.Text, "A security release of Lantern is coming on Fri 2026-03-27") {
		t.Errorf("the notice speaks of %q %v:\n%s", subject, err, notice.Notified.Text)
	}
}
