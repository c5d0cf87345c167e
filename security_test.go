package tipstaff_test

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tipstaff/tipstaff/internal/policy"
)

// TestSecurityIsRenderedFromOurOwnPolicy holds SECURITY.md to policies/tipstaff.yaml: what we promise is what would be enforced.
func TestSecurityIsRenderedFromOurOwnPolicy(t *testing.T) {
	const document = "policies/tipstaff.yaml"
	text, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	p, err := policy.Read(document, text)
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("SECURITY.md")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(p.SecurityMD(nil, "https://tipstaff.example")), string(got)); diff != "" {
		t.Errorf("SECURITY.md is not what the policy says; render it again: tipstaff policy render %s --base https://tipstaff.example\n%s", document, diff)
	}
}
