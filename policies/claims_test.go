package policies_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/tipstaff/tipstaff/cvd"
)

// Whoever may record that the matter is out, or attacked, also answers an outsider who says so, be the answer no.
func TestWhoRecordsWhatGotOutAnswersWhoSaysSo(t *testing.T) {
	files, err := filepath.Glob("*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no policies: %v", err)
	}
	observers := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		doc := document(t, file)
		if strings.HasPrefix(string(text), "overlay:") {
			doc = document(t, "juno.yaml", strings.TrimSuffix(file, ".yaml"))
		}
		for _, r := range doc.Document.Roles {
			can := doc.Can([]string{r.Name})
			may := func(step cvd.Capability) bool { return slices.Contains(can, step) }
			if may("observe") {
				observers++
			}
			if may("observe") != may("dismiss") || may("uphold") && !may("observe") {
				t.Errorf("%s: the role %s may %v", file, r.Name, can)
			}
		}
	}
	if observers < len(files) {
		t.Errorf("%d roles of %d policies may record what got out", observers, len(files))
	}
}
