package main

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/tipstaff/tipstaff/internal/apptest"
)

// A case leaves one installation as a file and opens at the other, by the commands that the guide names.
func TestACaseIsHandedOverFromTheCommandLine(t *testing.T) {
	here, there := apptest.New(t, apptest.Options{Projects: []string{"juno"}}), apptest.New(t, apptest.Options{Projects: []string{"juno"}})
	mine, theirs := keep(t, here.Token("juno", "jake")+"\n"), keep(t, there.Token("juno", "jake")+"\n")
	var sent struct{ Case, Code string }
	read(t, does(t, "report", "submit", "--server", here.URL, "--title", "Quetzal", "--description", "It overflows.", "--json"), &sent)
	bundle := filepath.Join(t.TempDir(), "case.sealed")
	says := does(t, "case", "handover", sent.Case, "--server", here.URL, "--token-file", mine, "--to", there.Casework.Recipient(), "--because", "Theirs.", "--out", bundle)
	if !strings.Contains(says, "sealed in "+bundle) {
		t.Errorf("the first installation says %s", says)
	}
	says = does(t, "case", "take", bundle, "--server", there.URL, "--token-file", theirs)
	code := regexp.MustCompile(`Report 1: (\S+)`).FindStringSubmatch(says)
	if code == nil {
		t.Fatalf("the second installation says %s", says)
	}
	if shown := does(t, "case", "show", strings.Fields(says)[0], "--server", there.URL, "--token-file", keep(t, code[1]+"\n")); !strings.Contains(shown, "Quetzal") {
		t.Errorf("the reporter's new code shows %s", shown)
	}
	if again := does(t, "case", "take", bundle, "--server", there.URL, "--token-file", theirs); !strings.Contains(again, "taken over before") {
		t.Errorf("taken twice, it says %s", again)
	}
}
