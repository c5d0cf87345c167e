package app

import (
	"bytes"
	"testing"

	"github.com/tipstaff/tipstaff/policies"
)

// The gallery may change; the proposal that visitors of the demonstration find must still change something in it.
func TestTheProposalOfTheDemonstrationChangesItsPolicy(t *testing.T) {
	text, err := policies.Files.ReadFile(string(demoProposal.project) + ".yaml")
	if err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(text, []byte(demoProposal.was)); n != 1 {
		t.Errorf("%s says %q %d times, want once", demoProposal.project, demoProposal.was, n)
	}
}
