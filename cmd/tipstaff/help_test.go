package main

import (
	"strings"
	"testing"
)

// Whoever does not know the program types what every other one understands.
func TestHelpAndVersionAreAskedForAsElsewhere(t *testing.T) {
	for _, c := range []struct{ typed, same string }{
		{"help", "--help"},
		{"help case", "case --help"},
		{"help case triage", "case triage --help"},
		{"help ledger verify", "ledger verify --help"},
		{"--version", "version"},
	} {
		got, want := tipstaff(t, "", strings.Fields(c.typed)...), tipstaff(t, "", strings.Fields(c.same)...)
		if got != want || got.status != done || got.out == "" {
			t.Errorf("tipstaff %s: status %d, printed\n%s%s\nwant what tipstaff %s prints:\n%s", c.typed, got.status, got.out, got.err, c.same, want.out)
		}
	}
	if got := tipstaff(t, "", "help", "dance"); got.status != wrongUse {
		t.Errorf("help for what there is not: status %d, %s%s", got.status, got.out, got.err)
	}
}
