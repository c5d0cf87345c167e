package main

import (
	"os"
	"strings"
	"testing"

	"github.com/tipstaff/tipstaff/internal/api"
	"github.com/tipstaff/tipstaff/policies"
)

// The meaning of two files is compared without a server; what only looks different is no change.
func TestTwoDocumentsAreComparedByTheirMeaning(t *testing.T) {
	text, err := policies.Files.ReadFile("juno.yaml")
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	for name, text := range map[string]string{"old.yaml": string(text), "same.yaml": "# another comment\n" + string(text),
		"new.yaml": strings.Replace(string(text), "alone: {wait: 24h}", "alone: {wait: 3d}", 1)} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if out := does(t, "policy", "diff", "old.yaml", "same.yaml"); out != "Nothing changed in meaning.\n" {
		t.Errorf("a comment is told as %q", out)
	}
	if out := does(t, "policy", "diff", "old.yaml", "new.yaml"); out != "  Alone, wait: 24 hours → 3 days (tighter)\n" {
		t.Errorf("a longer wait is told as %q", out)
	}
	var d api.PolicyDiff
	read(t, does(t, "policy", "diff", "--json", "new.yaml", "old.yaml"), &d)
	if len(d.Changes) != 1 || d.Changes[0].Clause != "alone.wait" || d.Changes[0].Effect != "looser" {
		t.Errorf("backwards it is %+v", d)
	}
	if r := tipstaff(t, "", "policy", "diff", "1", "2"); r.status != wrongUse || !strings.Contains(r.err, "--server") {
		t.Errorf("versions without a server: %+v", r)
	}
}
