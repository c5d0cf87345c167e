package cvd

import (
	"maps"
	"slices"
	"testing"
)

// The tables below are typed from the CERT/CC Vultron protocol, not from the code.

func TestReportManagementKnowsElevenMovesAndNoOther(t *testing.T) {
	want := map[string]RM{
		"S receive": "R", "R validate": "V", "R invalidate": "I", "I validate": "V", "V accept": "A", "V defer": "D",
		"D accept": "A", "A defer": "D", "I close": "C", "D close": "C", "A close": "C",
	}
	got := map[string]RM{}
	for _, from := range []RM{"S", "R", "I", "V", "A", "D", "C"} {
		for _, trigger := range []string{"receive", "validate", "invalidate", "accept", "defer", "close", "reopen"} {
			if to, ok := from.Move(trigger); ok {
				got[string(from)+" "+trigger] = to
			}
		}
	}
	if !maps.Equal(got, want) {
		t.Errorf("moves\ngot  %v\nwant %v", got, want)
	}
}

func TestEmbargoManagementKnowsTenMovesAndNoOther(t *testing.T) {
	want := map[string]EM{
		"N propose": "P", "P propose": "P", "P accept": "A", "P reject": "N", "A propose": "R", "R propose": "R",
		"R accept": "A", "R reject": "A", "A terminate": "X", "R terminate": "X",
	}
	got := map[string]EM{}
	for _, from := range []EM{"N", "P", "A", "R", "X"} {
		for _, trigger := range []string{"propose", "accept", "reject", "terminate"} {
			if to, ok := from.Move(trigger); ok {
				got[string(from)+" "+trigger] = to
			}
		}
	}
	if !maps.Equal(got, want) {
		t.Errorf("moves\ngot  %v\nwant %v", got, want)
	}
}

func TestExactlySeventyHistoriesOfACaseAreComplete(t *testing.T) {
	var histories []string
	seen := map[string]bool{}
	var walk func(s CS, path string)
	walk = func(s CS, path string) {
		seen[s.String()] = true
		if len(path) == 6 {
			histories = append(histories, path)
			return
		}
		for _, letter := range []byte("VFDPXA") {
			if to, ok := s.Next(letter); ok {
				walk(to, path+string(letter))
			}
		}
	}
	walk(CS{}, "")
	if len(histories) != 70 {
		t.Errorf("%d complete histories, want 70", len(histories))
	}
	if len(seen) != 32 {
		t.Errorf("%d states are reachable, want 32", len(seen))
	}
	for _, h := range histories {
		at := func(letter string) int { return slices.Index([]byte(h), letter[0]) }
		if at("V") > at("F") || at("F") > at("D") {
			t.Errorf("history %s: the fix path is out of order", h)
		}
		if at("P") < at("V") && at("V") != at("P")+1 {
			t.Errorf("history %s: what is public is known to the vendor next", h)
		}
		if at("X") < at("P") && at("P") != at("X")+1 {
			t.Errorf("history %s: a public exploit makes the matter public next", h)
		}
	}
}

func TestCaseStateForcesTheNextEvent(t *testing.T) {
	for state, only := range map[CS]byte{
		{Public: true}:                'V',
		{Public: true, Attacks: true}: 'V',
		{ExploitKnown: true}:          'P',
		{VendorAware: true, FixReady: true, ExploitKnown: true}: 'P',
		{Public: true, ExploitKnown: true}:                      'V',
	} {
		for _, letter := range []byte("VFDPXA") {
			if _, ok := state.Next(letter); ok != (letter == only) {
				t.Errorf("%s then %c: allowed %v", state, letter, ok)
			}
		}
	}
	if to, ok := (CS{VendorAware: true, FixReady: true, Public: true, Attacks: true}).Next('X'); !ok || to.String() != "VFdPXA" {
		t.Errorf("VFdPxA then X: got %s, want VFdPXA", to)
	}
}
