package severity

import (
	"iter"
	"strings"
	"testing"
)

// The most severe vectors of each level of each set, as tables 24 to 30 of CVSS 4.0 print them.
var highest40 = [5][][]string{
	eq1: {{"AV:N/PR:N/UI:N"}, {"AV:A/PR:N/UI:N", "AV:N/PR:L/UI:N", "AV:N/PR:N/UI:P"}, {"AV:P/PR:N/UI:N", "AV:A/PR:L/UI:P"}},
	eq2: {{"AC:L/AT:N"}, {"AC:H/AT:N", "AC:L/AT:P"}},
	eq3eq6: {
		{"VC:H/VI:H/VA:H/CR:H/IR:H/AR:H"},
		{"VC:H/VI:H/VA:L/CR:M/IR:M/AR:H", "VC:H/VI:H/VA:H/CR:M/IR:M/AR:M"},
		{"VC:L/VI:H/VA:H/CR:H/IR:H/AR:H", "VC:H/VI:L/VA:H/CR:H/IR:H/AR:H"},
		{
			"VC:L/VI:H/VA:L/CR:H/IR:M/AR:H", "VC:L/VI:H/VA:H/CR:H/IR:M/AR:M", "VC:H/VI:L/VA:H/CR:M/IR:H/AR:M",
			"VC:H/VI:L/VA:L/CR:M/IR:H/AR:H", "VC:L/VI:L/VA:H/CR:H/IR:H/AR:M",
		},
		{"VC:L/VI:L/VA:L/CR:H/IR:H/AR:H"},
	},
	eq4: {{"SC:H/SI:S/SA:S"}, {"SC:H/SI:H/SA:H"}, {"SC:L/SI:L/SA:L"}},
	eq5: {{"E:A"}, {"E:P"}, {"E:U"}},
}

// This is what makes one number per level, top40, enough to measure distances from.
func TestTheMostSevereVectorsOfALevelStandEquallyLow(t *testing.T) {
	for eq, byLevel := range highest40 {
		for level, vectors := range byLevel {
			for _, vector := range vectors {
				c := mustChoose(t, vector)
				at, steps := c.levels40()
				if at[eq] != level || steps[eq] != top40[eq][level] {
					t.Errorf("%s: got level %d, %d steps down; want level %d, %d steps", vector, at[eq], steps[eq], level, top40[eq][level])
				}
			}
		}
	}
}

func TestTheMostSevereVectorsHaveTheScoreOfTheirMacroVector(t *testing.T) {
	n := 0
	for at := range everyMacro() {
		n++
		for _, impact := range highest40[eq3eq6][at[eq3eq6]] {
			for _, exploit := range highest40[eq1][at[eq1]] {
				vector := exploit + "/" + highest40[eq2][at[eq2]][0] + "/" + impact + "/" + highest40[eq4][at[eq4]][0] + "/" + highest40[eq5][at[eq5]][0]
				c := mustChoose(t, vector)
				if got := int(c.score40()); got != at.score() {
					t.Errorf("%s: got %d tenths, want %d, the score of %v", vector, got, at.score(), at)
				}
			}
		}
	}
	if n != 270 {
		t.Errorf("got %d MacroVectors, want 270", n)
	}
}

func TestALowerMacroVectorIsNeverMoreSevere(t *testing.T) {
	for at := range everyMacro() {
		for eq := range at {
			if next, ok := at.below(eq); ok && next > at.score() {
				t.Errorf("%v scores %d tenths, and %d one level down in set %d", at, at.score(), next, eq)
			}
		}
	}
}

// The integers that score40 counts on lose nothing.
func TestEveryDepthDividesTheParts(t *testing.T) {
	for eq, byLevel := range depth40 {
		for level, depth := range byLevel[:lowest40[eq]+1] {
			if depth == 0 || parts%depth != 0 {
				t.Errorf("set %d, level %d: %d parts cannot be divided by %d", eq, level, parts, depth)
			}
		}
	}
}

func everyMacro() iter.Seq[levels] {
	return func(yield func(levels) bool) {
		var at levels
		for at[eq1] = range 3 {
			for at[eq2] = range 2 {
				for at[eq3eq6] = range 5 {
					for at[eq4] = range 3 {
						for at[eq5] = range 3 {
							if !yield(at) {
								return
							}
						}
					}
				}
			}
		}
	}
}

// mustChoose reads the metrics of a vector, with S for SI and SA as the specification's tables have it.
func mustChoose(t *testing.T, metrics string) choices {
	t.Helper()
	var c choices
	for item := range strings.SplitSeq(metrics, "/") {
		if strings.HasSuffix(item, ":S") {
			item = "M" + item
		}
		k, v, err := metrics40.item(item, 0)
		if err != nil {
			t.Fatal(err)
		}
		c[k] = v
	}
	return c
}
