package policies_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/internal/policy"
)

// TestTheWrittenFormsSayWhatTheProjectsSay goes through the checklists of both projects' own pages: each heading and item is in
// some written form, or the checklist says why it is not.
func TestTheWrittenFormsSayWhatTheProjectsSay(t *testing.T) {
	for name, least := range map[string]int{"juno": 30, "solo-miner-monitor": 100} {
		t.Run(name, func(t *testing.T) {
			checklist, err := os.ReadFile("testdata/" + name + "-checklist.md")
			if err != nil {
				t.Fatal(err)
			}
			text, items := written(t, gallery(t, name+".yaml")), 0
			for line := range strings.Lines(string(checklist)) {
				says, is := strings.CutPrefix(strings.TrimSpace(line), "- ")
				if !is {
					continue
				}
				items++
				if _, reason, differs := strings.Cut(says, " ✗ "); differs {
					if len(strings.Fields(reason)) < 5 {
						t.Errorf("%q: a difference needs its reason", says)
					}
					continue
				}
				heading, wanted, ok := strings.Cut(says, " → ")
				if !ok {
					t.Errorf("%q says neither what to find nor why it is not there", says)
				}
				for want := range strings.SplitSeq(wanted, "` + `") {
					if want = strings.Trim(want, "`"); !strings.Contains(text, want) {
						t.Errorf("%s: no written form says %q", heading, want)
					}
				}
			}
			if items < least {
				t.Errorf("the checklist has %d items; the page has at least %d", items, least)
			}
		})
	}
}

var anchors = regexp.MustCompile(`<a id="[^"]*"></a>`)

// written is every written form as people see it.
func written(t *testing.T, p *policy.Policy) string {
	t.Helper()
	var all strings.Builder
	for _, o := range policy.Outputs() {
		out, err := p.Render(o.Name, policy.Copy{Base: "https://tips.example", Expires: time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)})
		if err != nil {
			t.Fatal(err)
		}
		all.Write(anchors.ReplaceAll(out, nil))
	}
	return all.String()
}
