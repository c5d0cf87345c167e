package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/apptest"
)

// ran is what became of a command.
type ran struct {
	status   int
	out, err string
}

// tipstaff runs a command as the shell would.
func tipstaff(t *testing.T, in string, args ...string) ran {
	t.Helper()
	var out, err bytes.Buffer
	status := run(t.Context(), args, &desk{in: strings.NewReader(in), out: &out, err: &err})
	return ran{status, out.String(), err.String()}
}

// does runs a command that must be done, and returns what it printed.
func does(t *testing.T, args ...string) string {
	t.Helper()
	r := tipstaff(t, "", args...)
	if r.status != done {
		t.Fatalf("tipstaff %s: status %d\n%s%s", strings.Join(args, " "), r.status, r.out, r.err)
	}
	return r.out
}

// keep writes a file and returns its name.
func keep(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestTheExitStatusSaysWhatHappened(t *testing.T) {
	for _, c := range []struct {
		name string
		args []string
		want int
	}{
		{"help was asked for", []string{"--help"}, done},
		{"help of a step", []string{"case", "triage", "--help"}, done},
		{"version", []string{"version"}, done},
		{"nothing", nil, wrongUse},
		{"no such command", []string{"dance"}, wrongUse},
		{"an argument missing", []string{"case", "show", "--server", "http://localhost:1"}, wrongUse},
		{"no such field", []string{"case", "note", "--server", "http://localhost:1", "--project", "juno", "JUNO-7KQ4", "txt=x"}, wrongUse},
		{"no server", []string{"case", "show", "--server", "http://localhost:1", "--project", "juno", "JUNO-7KQ4"}, unreachable},
		{"no such file", []string{"receipt", "verify", "/nowhere/receipt.json"}, unreachable},
		{"no data directory", []string{"ledger", "verify", "--data", "/nowhere/data"}, unreachable},
		{"a bad vector", []string{"cvss", "CVSS:3.1/AV:X"}, no},
		{"a bad policy", []string{"policy", "render", keep(t, "policy: x\n")}, no},
		{"no receipt", []string{"receipt", "verify", keep(t, "{}")}, no},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := tipstaff(t, "", c.args...); got.status != c.want || c.want > no && got.err == "" || c.want == done && got.err != "" {
				t.Errorf("tipstaff %s: status %d, want %d\nout: %s\nerr: %s", strings.Join(c.args, " "), got.status, c.want, got.out, got.err)
			}
		})
	}
}

func TestScoresArePrintedOneALine(t *testing.T) {
	const v = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"
	got := tipstaff(t, v+"\nbad\n", "cvss", v, "-")
	want := v + "\tCVSS:3.1\t9.8\tCritical\n" + v + "\tCVSS:3.1\t9.8\tCritical\nbad\terror: "
	if got.status != no || !strings.HasPrefix(got.out, want) || strings.Count(got.out, "\n") != 3 {
		t.Errorf("status %d, printed\n%s", got.status, got.out)
	}
}

// TestACaseIsWorkedFromTheCommandLineToItsAdvisory: report, steps, notices, releases, publication, export and receipt.
func TestACaseIsWorkedFromTheCommandLineToItsAdvisory(t *testing.T) {
	p := apptest.New(t, apptest.Options{Projects: []string{"juno"}})
	t.Setenv("TIPSTAFF_SERVER", p.URL)
	receipt, code := filepath.Join(t.TempDir(), "receipt.json"), ""
	as := func(handle string, args ...string) []string {
		token := code
		if handle != "rita" {
			token = p.Token("juno", cvd.ActorID(handle))
		}
		return append(args, "--token-file", keep(t, token+"\n"))
	}

	var sent struct{ Case, Code string }
	read(t, does(t, "report", "submit", "--title", "Memory without end", "--description", "@"+keep(t, "A small contract eats all memory.\n"),
		"--receipt", receipt, "--json"), &sent)
	code = sent.Code
	if out := does(t, "receipt", "verify", receipt); !strings.Contains(out, "promised") || !strings.Contains(out, sent.Case) {
		t.Errorf("the receipt says %s", out)
	}
	step := func(handle, name string, fields ...string) {
		t.Helper()
		does(t, as(handle, append([]string{"case", name, sent.Case}, fields...)...)...)
	}
	step("alex", "acknowledge", "message=Thank you.")
	step("rita", "message", "text=You are welcome.")
	step("alex", "validate", "evidence=2 MB took 30 GB.")
	step("alex", "triage", "sensitive=true", "vector=CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:L", "impact=all nodes")
	step("alex", "prioritise", "priority=at once", "because=An upload costs a few coins.")
	hash := strings.Repeat("ab", 32)
	for _, line := range []string{"28", "27"} {
		step("alex", "remedy", "product=juno", "line="+line, "status=patched", "affected=< "+line+".9.0", "patches.0.url=https://git.example.org/"+line,
			"patches.0.sha256="+hash, "patches.0.private=true")
	}
	step("alex", "remedy", "product=juno", "line=26", "status=exempt", "affected=< 27.0.0", "because=The line has ended.")
	step("jacob", "review", "of=fix", "verdict=approve", "says=It is right.")
	step("rosa", "notify", "notice=coming", "says.release_at="+p.Clock.Now().Add(25*time.Hour).Format(time.RFC3339), "says.line=28, 27", "says.action=Swap it.",
		"says.downtime=ten minutes")
	step("rosa", "deliver", "notice=coming", "channel=x", "url=https://social.example.org/1")
	p.Settle() // the other channels deliver now, not a day later
	early := tipstaff(t, "", as("rosa", "case", "release", sent.Case, "product=juno", "line=28", "version=28.9.0", "tag=v28.9.0", "commit=52f0bd6e9a11",
		"url=https://releases.example.org/28", "sha256="+hash)...)
	if early.status != no || !strings.Contains(early.err, "24 hours") || !strings.Contains(early.err, "steps.release.requires") {
		t.Errorf("a release before the wait is over: status %d, %s; want the clause that says no", early.status, early.err)
	}
	p.Wait(25 * time.Hour)
	for _, line := range []string{"28", "27"} {
		step("rosa", "release", "product=juno", "line="+line, "version="+line+".9.0", "tag=v"+line+".9.0", "commit=52f0bd6e9a11",
			"url=https://releases.example.org/"+line, "sha256="+hash)
	}
	if r := tipstaff(t, "", as("jake", "advisory", "export", sent.Case)...); r.status != no || r.out != "" {
		t.Errorf("an export before publication: status %d, %s", r.status, r.out)
	}
	step("cleo", "draft", "text.title=Memory", "text.summary=Compiling took memory without limit.", "text.impact=A node stopped.",
		"text.resolution=Update.", "text.mitigation=None is known.", "text.references.0.url=https://example.org/", "text.references.0.says=The notice")
	step("jake", "approve", "edition=1")
	step("cleo", "disclose", "due="+p.Clock.Now().Add(time.Hour).Format(time.RFC3339))
	p.Wait(2 * time.Hour)

	for format, want := range map[string]string{"markdown": "# ", "csaf": `"csaf_version": "2.0"`, "html": "<!doctype html>"} {
		if out := does(t, as("jake", "advisory", "export", "--format", format, sent.Case)...); !strings.Contains(out, want) || !strings.Contains(out, "Memory") {
			t.Errorf("the advisory as %s is %.200s", format, out)
		}
	}
	if out := does(t, "advisory", "export", "juno-sa-2026-001"); !strings.Contains(out, "JUNO-SA-2026-001") {
		t.Errorf("a stranger exports %.200s", out)
	}
	proof := tipstaff(t, does(t, as("rita", "case", "receipt", sent.Case)...), "receipt", "verify", "-")
	if proof.status != done || !strings.HasPrefix(proof.out, "proven") {
		t.Errorf("the receipt now says %s", proof.out)
	}
	if out := does(t, as("jake", "case", "list")...); !strings.HasPrefix(out, sent.Case+"  ") {
		t.Errorf("the list is %s", out)
	}
}

func read(t *testing.T, text string, into any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), into); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
}

func TestATitleCannotDriveTheTerminal(t *testing.T) {
	p := apptest.New(t, apptest.Options{Projects: []string{"juno"}})
	hostile := "\x1b]0;owned\x07 Over\x1b[2Jflow \u009b31m \u202egnp.exe"
	var sent struct{ Case string }
	read(t, does(t, "report", "submit", "--server", p.URL, "--title", hostile, "--description", hostile, "--json"), &sent)
	token := keep(t, p.Token("juno", "jake"))
	for _, command := range []string{"list", "show " + sent.Case, "note " + sent.Case + " text=x"} {
		args := append([]string{"case"}, strings.Fields(command)...)
		if out := does(t, append(args, "--server", p.URL, "--token-file", token)...); strings.ContainsAny(out, "\x1b\x07\u009b\u202e") {
			t.Errorf("case %s prints %q", command, out)
		}
	}
}

// TestTheMachineIsMadeVerifiedAndRekeyed: what opens the data directory itself.
func TestTheMachineIsMadeVerifiedAndRekeyed(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	var made struct {
		Project, Token, Verifier string
		Recovery                 string `json:"recovery_key"`
	}
	read(t, does(t, "init", "--data", data, "--policy", "juno", "--admin", "jake", "--roles", "core,admin", "--json"), &made)
	if made.Project != "juno" || !strings.HasPrefix(made.Token, "tst_") || !strings.Contains(made.Recovery, "AGE-SECRET-KEY-") || made.Verifier == "" {
		t.Errorf("init shows %+v", made)
	}
	if out := does(t, "init", "--data", data, "--policy", "solo-miner-monitor", "--admin", "mara"); strings.Contains(out, "Recovery") {
		t.Errorf("a second project makes another recovery key: %s", out)
	}
	if r := tipstaff(t, "", "init", "--data", data, "--policy", "juno"); r.status != no {
		t.Errorf("the same project again: status %d, %s", r.status, r.err)
	}
	if out := does(t, "token", "create", "--data", data, "--project", "juno", "--handle", "jake"); !strings.HasPrefix(out, "tst_") {
		t.Errorf("the token is %s", out)
	}
	if r := tipstaff(t, "", "token", "create", "--data", data, "--project", "juno", "--handle", "nobody"); r.status != no {
		t.Errorf("a token for nobody: status %d, %s", r.status, r.err)
	}
	before, err := os.ReadFile(filepath.Join(data, "key"))
	if err != nil {
		t.Fatal(err)
	}
	does(t, "key", "rotate", "--data", data)
	if after, err := os.ReadFile(filepath.Join(data, "key")); err != nil || bytes.Equal(before, after) {
		t.Errorf("the key is the old one (%v)", err)
	}
	if out := does(t, "ledger", "verify", "--data", data); strings.Count(out, ": intact") != 2 {
		t.Errorf("the ledger is %s", out)
	}
}

func TestServeEndsWhenItIsAskedTo(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	does(t, "init", "--data", data, "--policy", "juno")
	ctx, stop := context.WithCancel(t.Context())
	var log apptest.Log
	ended := make(chan int)
	go func() {
		ended <- run(ctx, []string{"serve", "--data", data, "--listen", "localhost:0"}, &desk{in: strings.NewReader(""), out: &log, err: &log})
	}()
	for !strings.Contains(log.String(), `"serving"`) {
		select {
		case status := <-ended:
			t.Fatalf("it ended with %d: %s", status, log.String())
		case <-time.After(10 * time.Millisecond):
		}
	}
	stop()
	if status := <-ended; status != done {
		t.Errorf("it ended with %d: %s", status, log.String())
	}
}

func TestPoliciesAreRendered(t *testing.T) {
	document := filepath.Join("..", "..", "policies", "juno.yaml")
	for format, want := range map[string]string{"security.md": "# ", "security.txt": "Contact: https://x.example/p/juno/report\n", "template": "#"} {
		if out := does(t, "policy", "render", "--base", "https://x.example", "--format", format, document); !strings.Contains(out, want) {
			t.Errorf("%s is %.200s", format, out)
		}
	}
	if out := does(t, "policy", "schema"); !json.Valid([]byte(out)) {
		t.Errorf("the schema is no JSON: %.100s", out)
	}
}
