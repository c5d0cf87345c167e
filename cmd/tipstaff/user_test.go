package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/tipstaff/tipstaff/internal/apptest"
)

// People are put on the roster on the machine and at a server by the same words; who is disabled is out at once, with every
// token.
func TestPeopleComeAndGo(t *testing.T) {
	p := apptest.New(t, apptest.Options{Projects: []string{"juno"}})
	here := []string{"--data", p.Data, "--project", "juno"}
	at := []string{"--server", p.URL, "--project", "juno", "--token-file", keep(t, p.Token("juno", "jake"))}
	user := func(where []string, words ...string) []string {
		return append(append([]string{"user"}, words...), where...)
	}

	does(t, user(here, "add", "nora", "--name", "Nora", "--roles", "core")...)
	if r := tipstaff(t, "", user(at, "add", "nora", "--name", "Nora", "--roles", "core")...); r.status != no {
		t.Errorf("the same handle again: %+v", r)
	}
	if r := tipstaff(t, "", user(here, "add", "otto", "--name", "Otto", "--roles", "king")...); r.status != no {
		t.Errorf("a role that the policy does not know: %+v", r)
	}
	does(t, user(at, "add", "olga", "--name", "Olga", "--roles", "core", "--password-file", keep(t, "a sentence of some words\n"))...)
	if who, err := p.Auth.Password(t.Context(), "juno", "olga", "a sentence of some words"); err != nil || who.ID != "olga" {
		t.Errorf("olga signs in as %v, %v", who, err)
	}
	for name, in := range map[string]string{"short": "short\n", "none": "\n", "two lines": "a sentence of words\nand another one\n"} {
		if r := tipstaff(t, in, user(here, "password", "nora")...); r.status != no {
			t.Errorf("a password that is %s: %+v", name, r)
		}
	}
	if r := tipstaff(t, "another long sentence\n", user(here, "password", "nora")...); r.status != done || strings.Contains(r.out+r.err, "sentence") {
		t.Errorf("a new password: %+v", r)
	}
	if _, err := p.Auth.Password(t.Context(), "juno", "nora", "another long sentence"); err != nil {
		t.Error(err)
	}
	does(t, user(here, "change", "nora", "--name", "Nora K")...)

	token := keep(t, p.Token("juno", "nora"))
	ask := []string{"case", "list", "--server", p.URL, "--project", "juno", "--token-file", token}
	does(t, ask...)
	does(t, user(here, "disable", "nora")...)
	if r := tipstaff(t, "", ask...); r.status != no {
		t.Errorf("who is disabled lists cases: %+v", r)
	}
	if _, err := p.Auth.Password(t.Context(), "juno", "nora", "another long sentence"); err == nil {
		t.Error("who is disabled signs in")
	}
	if out := does(t, user(at, "list")...); !strings.Contains(out, "Nora K") || !strings.Contains(out, "left") {
		t.Errorf("the roster is\n%s", out)
	}
	if r := tipstaff(t, "", user(here, "disable", "jake")...); r.status != no || !strings.Contains(r.err, "administer") {
		t.Errorf("the last administrator goes: %+v", r)
	}
}

func TestTokensAreListedAndRevoked(t *testing.T) {
	p := apptest.New(t, apptest.Options{Projects: []string{"juno"}})
	where := []string{"--data", p.Data, "--project", "juno"}
	token := strings.TrimSpace(does(t, append([]string{"token", "create", "--handle", "jake"}, where...)...))
	ask := []string{"user", "list", "--server", p.URL, "--project", "juno", "--token-file", keep(t, token)}
	does(t, ask...)
	listed := does(t, append([]string{"token", "list"}, where...)...)
	if !strings.Contains(listed, token[:12]) || strings.Contains(listed, token) {
		t.Errorf("listed are\n%s", listed)
	}
	id := strings.Fields(listed)[0]
	does(t, append([]string{"token", "revoke", id}, where...)...)
	if r := tipstaff(t, "", ask...); r.status != no {
		t.Errorf("a revoked token opens: %+v", r)
	}
	if r := tipstaff(t, "", append([]string{"token", "revoke", id}, where...)...); r.status != no {
		t.Errorf("revoked again: %+v", r)
	}
}

// What the operator's guide tells: back up, restore on another machine, look, let go.
func TestAnInstallationIsBackedUpAndRestored(t *testing.T) {
	dir := t.TempDir()
	data, again, backup := filepath.Join(dir, "data"), filepath.Join(dir, "again"), filepath.Join(dir, "backup.age")
	var made struct {
		Recovery string `json:"recovery_key"`
	}
	read(t, does(t, "init", "--data", data, "--template", "juno", "--admin", "jake", "--json"), &made)
	does(t, "backup", "--data", data, backup)
	if r := tipstaff(t, "", "backup", "--data", data, backup); r.status != no || !strings.Contains(r.err, "--force") {
		t.Errorf("over another: %+v", r)
	}
	does(t, "backup", "--force", "--data", data, backup)
	recovery := keep(t, made.Recovery)
	if out := does(t, "restore", backup, "--data", again, "--recovery-key-file", recovery); !strings.Contains(out, "held list") {
		t.Errorf("it says\n%s", out)
	}
	if out := does(t, "doctor", "--data", again); !strings.Contains(out, "held: juno") {
		t.Errorf("the doctor says\n%s", out)
	}
	if r := tipstaff(t, "", "held", "release", "--data", again); r.status != wrongUse {
		t.Errorf("release of nothing: %+v", r)
	}
	does(t, "held", "release", "--all", "--data", again)
	if out := does(t, "held", "list", "--data", again); out != "Nothing is held.\n" {
		t.Errorf("held is\n%s", out)
	}
	if out := does(t, "ledger", "verify", "--data", again); !strings.Contains(out, "intact") {
		t.Errorf("the ledger is\n%s", out)
	}
	if r := tipstaff(t, "", "doctor", "--data", filepath.Join(dir, "nowhere")); r.status != no {
		t.Errorf("a doctor for nothing: %+v", r)
	}
}
