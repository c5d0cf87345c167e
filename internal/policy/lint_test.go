package policy

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

// TestLintFindsWhatAProjectDoesNotMean reads testdata/lint.txtar.
func TestLintFindsWhatAProjectDoesNotMean(t *testing.T) {
	archive, err := txtar.ParseFile("testdata/lint.txtar")
	if err != nil {
		t.Fatal(err)
	}
	bases := map[string]string{"small": string(archive.Files[0].Data)}
	for name, text := range shipped(t) {
		bases[strings.TrimSuffix(name, ".yaml")] = string(text)
	}
	found := map[string]bool{}
	for _, f := range archive.Files[1:] {
		t.Run(f.Name, func(t *testing.T) {
			base, _, _ := strings.Cut(f.Name, ":")
			text, want := changed(t, bases[base], string(f.Data))
			p, err := Read("small.yaml", []byte(text))
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, x := range LintAround(p, Around{Now: on("2026-06-01 00:00")}) {
				found[x.Code] = true
				line := x.Code + " " + x.Clause + ": " + x.Says
				if x.Waived != "" {
					line += ": explained"
				}
				got = append(got, line)
				if x.Why == "" || x.Fix == "" || x.Line < 1 || x.Column < 1 || x.File != "small.yaml" {
					t.Errorf("a finding that helps nobody: %+v", x)
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
	for _, code := range append(lintCodes(), idle.code) {
		if !found[code] {
			t.Errorf("no document here shows what %s finds", code)
		}
	}
}

// TestShippedPoliciesHoldNoUnexplainedContradiction: what a project knows and accepts, its document explains.
func TestShippedPoliciesHoldNoUnexplainedContradiction(t *testing.T) {
	for name, text := range shipped(t) {
		p, err := Read(name, text)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range Lint(p) {
			if f.Open() {
				t.Errorf("%s\n\tbecause %s\n\tto mend it, %s", f, f.Why, f.Fix)
			}
		}
	}
}

// TestAFindingPointsAtItsLine is what an editor jumps to.
func TestAFindingPointsAtItsLine(t *testing.T) {
	text := string(shipped(t)["solo-miner-monitor.yaml"])
	p := read(t, "solo-miner-monitor.yaml")
	lines := strings.Split(text, "\n")
	for _, f := range Lint(p) {
		if f.Informs {
			continue // it is about what stands nowhere
		}
		last := f.Clause[strings.LastIndexByte(f.Clause, '.')+1:]
		if got := lines[f.Line-1][f.Column-1:]; !strings.Contains(strings.SplitN(got, ",", 2)[0], last) {
			t.Errorf("%s points at %q", f.Clause, got)
		}
	}
}
