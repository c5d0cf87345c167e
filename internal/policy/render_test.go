package policy

import (
	"flag"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "rewrite the golden sections of testdata/render.txtar")

// TestAPolicyIsPrintedForPeople compares what is printed of the policy in testdata/render.txtar with what stands beside it.
func TestAPolicyIsPrintedForPeople(t *testing.T) {
	const file = "testdata/render.txtar"
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	p, err := Read("lighthouse.yaml", archive.Files[0].Data)
	if err != nil {
		t.Fatal(err)
	}
	p.Version = 7
	people := map[string]string{"ann": "Ann, on Discord as ann|keeper 🔭", "gone": "Somebody who left"}
	printed := map[string]string{
		"SECURITY.md":  string(p.SecurityMD(people, "https://tips.example")),
		"security.txt": string(p.SecurityTxt("https://tips.example", time.Date(2026, 7, 1, 2, 0, 0, 0, time.FixedZone("", 2*60*60)), "")),
		"report.md":    p.ReportTemplate(),
	}
	for i, f := range archive.Files[1:] {
		if *update {
			archive.Files[i+1].Data = []byte(printed[f.Name])
		} else if diff := cmp.Diff(string(f.Data), printed[f.Name]); diff != "" {
			t.Errorf("%s (-want +got), go test -update rewrites it:\n%s", f.Name, diff)
		}
	}
	if *update {
		if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// TestThePrintedPolicyKeepsTheOrderOfTheProcess follows both projects' promises through their printed page.
func TestThePrintedPolicyKeepsTheOrderOfTheProcess(t *testing.T) {
	for name, want := range map[string][]string{
		"juno.yaml": {
			"/p/juno/report", "In private** (the usual way)", "A public issue about a vulnerability makes its harm larger",
			"Critical bug", "governance", "Please do not speak about this in public", "Whoever hears of a weakness",
			"other chains are affected, please tell them", "reasonable time", "Do not use the vulnerabilities", "do not disturb",
			"The core development team verifies", "private repositories", "a security release is coming", "No sooner than 24 hours",
			"by the same channels", "A security advisory and a CVE", "bounties are paid", "7 days after the releases",
			"mail to partners and mail to validators", "| Juno | 28 |", "policy juno, version 3",
		},
		"solo-miner-monitor.yaml": {
			"In public** (the usual way)", "We prefer it", "security-discussions", "private-security",
			"| Critical | 24 hours |", "| Informational | 1 month |", "the next major release |", "the shortest of these times",
			"remote code execution", "Community members review the report", "experts where needed", "7 days before it",
			"published with the release", "hall of fame", "every month", "which together leave no day to work",
			"policy solo-miner-monitor, version 3",
		},
	} {
		p := read(t, name)
		p.Version = 3
		page := string(p.SecurityMD(nil, "https://tips.example"))
		rest := page
		for _, words := range want {
			_, after, there := strings.Cut(rest, words)
			if !there {
				t.Errorf("%s: %q is missing, or comes too early, in:\n%s", name, words, page)
				break
			}
			rest = after
		}
	}
}

// TestALeaverIsOnNoPrintedPage: people come from the roster that is handed in, never from the document.
func TestALeaverIsOnNoPrintedPage(t *testing.T) {
	p := read(t, "juno.yaml")
	here := string(p.SecurityMD(map[string]string{"jake": "Jake (Meow)", "dimi": "Dimi 🦙"}, "https://tips.example"))
	if !strings.Contains(here, "- Jake (Meow)\n- Dimi 🦙\n") {
		t.Errorf("the contacts are missing in:\n%s", here)
	}
	gone := strings.ToLower(string(p.SecurityMD(map[string]string{"dimi": "Dimi 🦙"}, "https://tips.example")))
	for _, name := range []string{"jake", "meow", "alex", "jacob"} {
		if strings.Contains(gone, name) {
			t.Errorf("%s is still named", name)
		}
	}
}

// TestTheReportTemplateIsTheOneThatTheProjectPublishes compares it with the parts that the project's reporters fill in.
func TestTheReportTemplateIsTheOneThatTheProjectPublishes(t *testing.T) {
	var parts []string
	for line := range strings.Lines(read(t, "solo-miner-monitor.yaml").ReportTemplate()) {
		if strings.HasPrefix(line, "**") || strings.HasPrefix(line, "#") || strings.HasPrefix(line, "- **") {
			parts = append(parts, strings.TrimSpace(line))
		}
	}
	want := []string{
		"## Security Issue Report",
		"**Severity:** [Critical/High/Medium/Low/Informational]", "**Component:** [Affected component]", "**Version:** [Affected version(s)]",
		"### Description", "### Impact Assessment", "### Reproduction Steps", "### Expected Behavior", "### Environment",
		"- **OS:** [Operating system]", "- **Version:** [Application version]", "- **Configuration:** [Relevant configuration details]",
		"### Additional Information",
	}
	if !slices.Equal(parts, want) {
		t.Errorf("(-want +got):\n%s", cmp.Diff(want, parts))
	}
}
