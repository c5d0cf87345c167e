package policy

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestEveryLintIsInTheGuide holds the table of the guide to the code; -update writes it.
func TestEveryLintIsInTheGuide(t *testing.T) {
	const file, begins, ends = "../../docs/guide/lint.md", "<!-- codes -->\n", "<!-- /codes -->"
	table := "\n| code | asks after | why it matters | how it is mended |\n| --- | --- | --- | --- |\n"
	for _, q := range Questions() {
		rules := strings.Join(q.Rules, " ")
		if q.Informs {
			rules = strings.TrimSpace(rules + " (for information)")
		}
		table += row("`"+q.Code+"`", rules, q.Why, q.Fix) + "\n"
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(text), begins)
	_, after, also := strings.Cut(rest, ends)
	if !ok || !also {
		t.Fatalf("%s has no place for the table", file)
	}
	want := before + begins + table + "\n" + ends + after
	if *update {
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want, string(text)); diff != "" {
		t.Errorf("%s (-want +got); go test ./internal/policy -run InTheGuide -update writes it:\n%s", file, diff)
	}
}

// TestEveryKnownFaultHasItsLint: no number of the catalogues is forgotten, and no code stands for two lints.
func TestEveryKnownFaultHasItsLint(t *testing.T) {
	by := map[string][]string{}
	var codes []string
	for _, q := range Questions() {
		codes = append(codes, q.Code)
		for _, rule := range q.Rules {
			by[rule] = append(by[rule], q.Code)
		}
		if q.Why == "" || q.Fix == "" {
			t.Errorf("%s helps nobody", q.Code)
		}
	}
	for kind, last := range map[string]int{"L": 20, "F": 13} {
		for n := 1; n <= last; n++ {
			if rule := strings.TrimPrefix(nth("", n-1), "."); len(by[kind+rule]) == 0 {
				t.Errorf("nothing answers %s%s", kind, rule)
			}
		}
	}
	slices.Sort(codes)
	if distinct := slices.Compact(slices.Clone(codes)); len(distinct) != len(codes) {
		t.Errorf("a code stands for two lints: %v", codes)
	}
}
