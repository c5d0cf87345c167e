package main

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tipstaff/tipstaff/internal/apptest"
	"github.com/tipstaff/tipstaff/policies"
)

// gallery writes a policy of the gallery into a file.
func gallery(t *testing.T, name string) string {
	t.Helper()
	text, err := policies.Files.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return keep(t, string(text))
}

// rendering runs policy render and gives what it said with its status.
func rendering(t *testing.T, args ...string) (said string, status int) {
	t.Helper()
	var out bytes.Buffer
	status = run(context.Background(), append([]string{"policy", "render"}, args...), &desk{in: strings.NewReader(""), out: &out, err: &out})
	return out.String(), status
}

// TestAPolicyIsRenderedIntoARepository: every form in its place, the same again changes nothing, and what somebody wrote by
// hand is left alone until they say otherwise.
func TestAPolicyIsRenderedIntoARepository(t *testing.T) {
	document, dir := gallery(t, "solo-miner-monitor.yaml"), t.TempDir()
	read := func(name string) string {
		text, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	const byHand = "# Security\n\nWrite to me.\n"
	if err := os.WriteFile(filepath.Join(dir, "SECURITY.md"), []byte(byHand), 0o644); err != nil {
		t.Fatal(err)
	}
	if said, status := rendering(t, "--output", dir, document); status != no || !strings.Contains(said, "left alone") || read("SECURITY.md") != byHand {
		t.Errorf("status %d, and SECURITY.md is %q:\n%s", status, read("SECURITY.md"), said)
	}
	for _, name := range []string{"gitbook/security.md", "process.md", "form.md", ".github/ISSUE_TEMPLATE/security.yml", ".gitea/issue_template/config.yml", "advisory-template.md"} {
		if !strings.Contains(read(name), "the policy solo-miner-monitor, SHA-256 ") {
			t.Errorf("%s does not say which edition it is", name)
		}
	}
	if said, status := rendering(t, "--output", dir, "--force", document); status != done || !strings.HasPrefix(read("SECURITY.md"), "# Security policy of") {
		t.Errorf("status %d:\n%s", status, said)
	}
	if said, status := rendering(t, "--output", dir, document); status != done || strings.Contains(said, " written") {
		t.Errorf("the same again is written again, status %d:\n%s", status, said)
	}
	only := t.TempDir()
	if said, status := rendering(t, "--output", only, "--only", "form,security.txt", document); status != done || !strings.Contains(said, "nothing to say") {
		t.Errorf("status %d:\n%s", status, said)
	}
	if files, _ := os.ReadDir(only); len(files) != 1 || files[0].Name() != "form.md" {
		t.Errorf("there are %v", files)
	}
}

// TestARosterSaysWhoIsNamed takes what user list prints.
func TestARosterSaysWhoIsNamed(t *testing.T) {
	document := gallery(t, "juno.yaml")
	roster := keep(t, `{"people": [{"handle": "jake", "name": "Jake of the roster", "roles": ["core"], "active": true}, {"handle": "dimi", "name": "Dimi", "active": false}]}`)
	if said, _ := rendering(t, document); !strings.Contains(said, "Dimi") {
		t.Errorf("without a roster the document's people count:\n%s", said)
	}
	said, status := rendering(t, "--people", roster, document)
	if status != done || !strings.Contains(said, "- Jake of the roster\n") || strings.Contains(said, "Dimi") || strings.Contains(said, "Jacob") {
		t.Errorf("status %d:\n%s", status, said)
	}
	if said, status := rendering(t, "--format", "poem", document); status != wrongUse || !strings.Contains(said, "there are: security.md, gitbook") {
		t.Errorf("status %d:\n%s", status, said)
	}
}

// TestASignedSecurityTxtIsGoodForGnuPG: RFC 9116, 2.3. A changed one is not.
func TestASignedSecurityTxtIsGoodForGnuPG(t *testing.T) {
	gpg := apptest.Need(t, "gpg")
	home := t.TempDir()
	ask := func(in []byte, args ...string) ([]byte, error) {
		cmd := exec.Command(gpg, append([]string{"--homedir", home, "--batch", "--quiet", "--pinentry-mode", "loopback", "--passphrase", ""}, args...)...)
		cmd.Stdin = bytes.NewReader(in)
		return cmd.CombinedOutput()
	}
	if out, err := ask(nil, "--quick-generate-key", "Harbour <security@harbour.example>", "ed25519", "sign"); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	key, err := ask(nil, "--armor", "--export-secret-keys")
	if err != nil {
		t.Fatalf("%v\n%s", err, key)
	}
	signed, status := rendering(t, "--format", "security.txt", "--base", "https://x.example", "--sign", keep(t, string(key)), gallery(t, "juno.yaml"))
	if status != done || !strings.HasPrefix(signed, "-----BEGIN PGP SIGNED MESSAGE-----") || !strings.Contains(signed, "Contact: https://x.example/p/juno/report") {
		t.Fatalf("status %d:\n%s", status, signed)
	}
	if out, err := ask([]byte(signed), "--verify"); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	if out, err := ask([]byte(strings.Replace(signed, "x.example", "y.example", 1)), "--verify"); err == nil {
		t.Errorf("a changed one is good, too:\n%s", out)
	}
	public, _ := ask(nil, "--armor", "--export")
	if said, status := rendering(t, "--format", "security.txt", "--base", "https://x.example", "--sign", keep(t, string(public)), gallery(t, "juno.yaml")); status == done || !strings.Contains(said, "private key") {
		t.Errorf("a public key signs, status %d:\n%s", status, said)
	}
}
