package main

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// unexplained is the shipped policy of Juno without its waivers.
func unexplained(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "policies", "juno.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(string(text), "\nwaivers:")[0] + "\n"
}

// TestLintTellsScriptsWhatPeopleRead: one list with the same findings in it, and the exit status says whether any is open.
func TestLintTellsScriptsWhatPeopleRead(t *testing.T) {
	document := filepath.Join("..", "..", "policies", "juno.yaml")
	var found []finding
	read(t, does(t, "policy", "lint", "--format", "json", document), &found)
	waived, informs := 0, 0
	for _, f := range found {
		if f.open() || f.File != document || f.Message == "" || f.Fix == "" || f.Line < 1 {
			t.Errorf("of a document that explains what is found: %+v", f)
		}
		if f.Waived != "" {
			waived++
		}
		if f.Informs {
			informs++
		}
	}
	if waived != 4 || informs != 1 {
		t.Errorf("%d explained and %d for information, want 4 and 1: %+v", waived, informs, found)
	}

	text := tipstaff(t, unexplained(t), "policy", "lint", "-")
	if text.status != no || !strings.Contains(text.out, ": no-severity-scheme: severity.scheme: there are no severities\n    why: ") {
		t.Errorf("without its waivers: status %d, %s", text.status, text.out)
	}
	scripts := tipstaff(t, unexplained(t), "policy", "lint", "--json", "-")
	var keys []map[string]any
	read(t, scripts.out, &keys)
	if scripts.status != no || len(keys) != len(found) {
		t.Fatalf("status %d, %d findings, want %d and %d", scripts.status, len(keys), no, len(found))
	}
	for _, key := range []string{"code", "file", "line", "column", "clause", "message", "fix"} {
		if _, there := keys[0][key]; !there {
			t.Errorf("a finding has no %s: %v", key, keys[0])
		}
	}
}

// TestLintTellsProblemsInTheSameList: scripts read one list, whatever is wrong.
func TestLintTellsProblemsInTheSameList(t *testing.T) {
	r := tipstaff(t, strings.Replace(unexplained(t), "stalled: 14d", "stalled: 5 days", 1)+"colour: red\n", "policy", "lint", "--json", "-")
	var found []finding
	read(t, r.out, &found)
	if r.status != wrongUse || len(found) != 2 || found[1].Code != "problem" || found[1].Clause != "colour" || len(found[1].Allowed) == 0 || found[0].Fix == "" {
		t.Errorf("status %d, %+v", r.status, found)
	}
	if r := tipstaff(t, unexplained(t)+"colour: red\n", "policy", "lint", "-"); r.status != wrongUse || !strings.Contains(r.out, "problem: colour: there is no key") {
		t.Errorf("status %d, %s", r.status, r.out)
	}
	if r := tipstaff(t, "", "policy", "lint", filepath.Join(t.TempDir(), "none.yaml")); r.status != unreachable {
		t.Errorf("a file that is not there: status %d, %s", r.status, r.err)
	}
}

// TestLintCountsThePeopleOfTheRoster: a gate that the document's people could pass does not help if they have left.
func TestLintCountsThePeopleOfTheRoster(t *testing.T) {
	roster := filepath.Join(t.TempDir(), "people.json")
	write := func(people string) {
		if err := os.WriteFile(roster, []byte(people), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	codes := func() (all []string) {
		var found []finding
		read(t, tipstaff(t, "", "policy", "lint", "--json", "--people", roster, filepath.Join("..", "..", "policies", "solo-miner-monitor.yaml")).out, &found)
		for _, f := range found {
			if f.open() {
				all = append(all, f.Code+" "+f.Clause)
			}
		}
		return all
	}
	write(`{"people": [
		{"handle": "maintainer-1", "name": "M", "roles": ["maintainer"], "active": true}, {"handle": "r", "name": "R", "roles": ["reviewer"], "active": true},
		{"handle": "maintainer-2", "name": "N", "roles": ["maintainer"], "active": true}, {"handle": "e", "name": "E", "roles": ["expert"], "active": true}]}`)
	if diff := cmp.Diff([]string(nil), codes()); diff != "" {
		t.Errorf("four who can (-want +got):\n%s", diff)
	}
	write(`{"people": [
		{"handle": "maintainer-1", "name": "M", "roles": ["maintainer"], "active": true}, {"handle": "r", "name": "R", "roles": ["reviewer"], "active": true},
		{"handle": "maintainer-2", "name": "N", "roles": ["maintainer"], "active": false}, {"handle": "e", "name": "E", "roles": ["expert"], "active": false}]}`)
	want := []string{"gone-contact contacts.alarm.maintainer-2", "gone-contact contacts.nudge.maintainer-2",
		"too-few-people steps.release.requires.review.reviews", "too-few-people notices.pre_release.requires.review.reviews"}
	if diff := cmp.Diff(want, codes()); diff != "" {
		t.Errorf("two of whom one must be the author (-want +got):\n%s", diff)
	}
	write(`[]`)
	if r := tipstaff(t, "", "policy", "lint", "--people", roster, "-"); r.status != wrongUse || !strings.Contains(r.err, "is no roster") {
		t.Errorf("a roster that is none: status %d, %s", r.status, r.err)
	}
}

// TestLintReadsADocumentWithAnOverlay lies beside it.
func TestLintReadsADocumentWithAnOverlay(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"x.yaml": unexplained(t), "law.yaml": "overlay: law\nseverity: {scheme: nonsense}\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	r := tipstaff(t, "", "policy", "lint", "--with", "law", filepath.Join(dir, "x.yaml"))
	if r.status != wrongUse || !strings.Contains(r.out, "law.yaml:2:20: problem: severity.scheme") {
		t.Errorf("status %d, %s", r.status, r.out)
	}
}

//go:embed testdata/sarif-2.1.0.json
var sarifSchema []byte

// TestLintWritesSARIFThatTheStandardAccepts: findings, what is explained, what informs and problems, in a file with an odd name.
func TestLintWritesSARIFThatTheStandardAccepts(t *testing.T) {
	schema, err := jsonschema.UnmarshalJSON(bytes.NewReader(sarifSchema))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("sarif.json", schema); err != nil {
		t.Fatal(err)
	}
	sarif, err := c.Compile("sarif.json")
	if err != nil {
		t.Fatal(err)
	}
	odd := filepath.Join(t.TempDir(), "my policy #1.yaml")
	if err := os.WriteFile(odd, []byte(strings.Replace(unexplained(t), "policy: juno", "policy: Juno!", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	gallery := filepath.Join("..", "..", "policies")
	r := tipstaff(t, unexplained(t), "policy", "lint", "--format", "sarif", "-", odd, filepath.Join(gallery, "solo-miner-monitor.yaml"))
	log, err := jsonschema.UnmarshalJSON(strings.NewReader(r.out))
	if err != nil {
		t.Fatal(err)
	}
	if err := sarif.Validate(log); err != nil {
		t.Errorf("%v\n%s", err, r.out)
	}
	var got sarifLog
	if err := json.Unmarshal([]byte(r.out), &got); err != nil {
		t.Fatal(err)
	}
	levels, suppressed, uris := map[string]int{}, 0, map[string]bool{}
	run := got.Runs[0]
	for _, result := range run.Results {
		levels[result.Level]++
		suppressed += len(result.Suppressions)
		uris[result.Locations[0].Physical.Artifact.URI] = true
		if rule := run.Tool.Driver.Rules[result.RuleIndex]; rule.ID != result.RuleID {
			t.Errorf("the result of %s points at the rule %s", result.RuleID, rule.ID)
		}
	}
	if levels["error"] != 1 || levels["note"] != 2 || suppressed != 5 || !uris["stdin"] || len(uris) != 3 {
		t.Errorf("levels %v, %d suppressed, files %v", levels, suppressed, uris)
	}
}
