package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/apptest"
)

// The hook of the guide lets a commit pass whose message tells nothing, and stops one that repeats a word of the report.
func TestTheHookOfTheGuideStopsACommitThatTells(t *testing.T) {
	apptest.Long(t)
	guide, err := os.ReadFile("../../docs/guide/coordinator.md")
	if err != nil {
		t.Fatal(err)
	}
	_, hook, found := strings.Cut(string(guide), "```sh\n#!/bin/sh\n")
	hook, _, closed := strings.Cut(hook, "```")
	if !found || !closed {
		t.Fatal("the guide has no hook")
	}
	p := apptest.New(t, apptest.Options{Projects: []string{"juno"}})
	a, err := p.Casework.Receive(t.Context(), "juno", "form", cvd.Report{Kind: "security", Title: "Quetzal overflow", Description: "It overflows."}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	bin, repo := t.TempDir(), t.TempDir()
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", filepath.Join(bin, "tipstaff"), ".").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	env := append(os.Environ(), "PATH="+bin+":"+os.Getenv("PATH"), "TIPSTAFF_SERVER="+p.URL, "TIPSTAFF_PROJECT=juno", "TIPSTAFF_CASE="+string(a.Case),
		"TIPSTAFF_TOKEN_FILE="+keep(t, p.Token("juno", "jake")+"\n"), "GIT_CONFIG_GLOBAL=/dev/null")
	git := func(args ...string) (string, error) {
		run := exec.CommandContext(t.Context(), "git", append([]string{"-C", repo, "-c", "user.name=A", "-c", "user.email=a@example.org"}, args...)...)
		run.Env = env
		out, err := run.CombinedOutput()
		return string(out), err
	}
	if out, err := git("init", "-q", "-b", "tidy-up"); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if err := os.MkdirAll(filepath.Join(repo, ".git", "hooks"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(repo, ".git", "hooks", "commit-msg"), []byte("#!/bin/sh\n"+hook), 0o700); err != nil {
		t.Fatal(err)
	}
	if out, err := git("commit", "--allow-empty", "-m", "Count once"); err != nil {
		t.Errorf("a message that tells nothing was stopped: %v\n%s", err, out)
	}
	if out, err := git("commit", "--allow-empty", "-m", "Mend the Quetzal"); err == nil || !strings.Contains(out, "quetzal") {
		t.Errorf("a message that tells passed, or was stopped without the word: %v\n%s", err, out)
	}
}
