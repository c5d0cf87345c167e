package app_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/apptest"
	"github.com/tipstaff/tipstaff/internal/casework"
)

// J-44: the program says what the advisory tells beyond the patch, to those alone who may read the patch, and what it said is kept
// beside the word of whoever approves.
func TestTheAdvisoryIsComparedWithThePatch(t *testing.T) {
	p := apptest.New(t, apptest.Options{})
	p.Play("juno", "x", `rita reports {kind: security, title: "Counter", description: "The quokka is counted twice."}`)
	p.Play("juno", "x", upToPatches)
	id, jake := p.Journey.Cases["x"], jakeOf(t, p)
	about := casework.About{Case: id}
	dimi := jake
	dimi.ID, dimi.Name = "dimi", "Dimi"
	patch := []byte("From 1111111111111111111111111111111111111111 Mon Sep 17 00:00:00 2001\nFrom: Jake <jake@example.org>\nSubject: [PATCH] Count once\n\n---\ndiff --git a/x.go b/x.go\n--- a/x.go\n+++ b/x.go\n@@ -1 +1 @@\n-\tcountTwice(m)\n+\tcountOnce(m)\n")
	if _, err := p.Casework.Draft(t.Context(), jake, about, cvd.Drafted{Text: cvd.AdvisoryText{Title: "Counting", Summary: "countTwice is reached by relayAll, with 40000 messages.",
		Impact: "Blocks stop.", Resolution: "Upgrade.", Mitigation: "None."}}); err != nil {
		t.Fatal(err)
	}
	if got, err := p.Casework.Compare(t.Context(), jake, id, 0, nil); err != nil || len(got.Patches) != 0 || len(got.Findings) != 0 {
		t.Errorf("without a patch: %+v, %v", got, err)
	}
	given, err := p.Casework.Compare(t.Context(), dimi, id, 1, []casework.File{{Name: "given.patch", Body: patch}})
	if err != nil || wordsFound(given.Findings) != "40000 relayAll" {
		t.Errorf("with a patch that is given: %+v, %v", given, err)
	}
	if _, err := p.Casework.Compare(t.Context(), dimi, id, 1, []casework.File{{Name: "x", Body: []byte("nothing")}}); cvd.KindOf(err) != cvd.Invalid {
		t.Errorf("what is no patch: %v", err)
	}
	if _, err := p.Casework.AttachPatch(t.Context(), jake, about, casework.Patch{Product: "juno", Line: "28", File: casework.File{Name: "fix.patch", Body: patch}}); err != nil {
		t.Fatal(err)
	}
	if got, err := p.Casework.Compare(t.Context(), dimi, id, 0, nil); err != nil || len(got.Patches) != 0 {
		t.Errorf("who may not read the patch is told of it: %+v, %v", got, err)
	}
	if got, err := p.Casework.Preview(t.Context(), jake, id, 0, nil); err != nil || wordsFound(got.Beside.Findings) != "40000 relayAll" || !slices.Equal(got.Beside.Patches, []string{"fix.patch"}) {
		t.Errorf("who may read it: %+v, %v", got.Beside, err)
	}
	if _, err := p.Casework.Draft(t.Context(), dimi, about, cvd.Drafted{Text: cvd.AdvisoryText{Title: "Counting", Summary: "countTwice is gone; relayAll stays.",
		Impact: "Blocks stop.", Resolution: "Upgrade.", Mitigation: "None."}}); err != nil {
		t.Fatal(err)
	}
	v, err := p.Casework.Approve(t.Context(), jake, about, cvd.Approved{Edition: 2})
	if err != nil {
		t.Fatal(err)
	}
	if got := v.Reviews[len(v.Reviews)-1].Compared; !strings.Contains(got, "relayAll") || strings.Contains(got, "countTwice") {
		t.Errorf("beside the approval stands %q", got)
	}
}

func wordsFound(found []cvd.Wording) string {
	var words []string
	for _, f := range found {
		words = append(words, f.Word)
	}
	return strings.Join(words, " ")
}
