package tipstaff_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestDeploymentsUseWhatTheProgramHas: the commands, flags and variables that the unit and the container name are there.
func TestDeploymentsUseWhatTheProgramHas(t *testing.T) {
	program, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	help := func(command string) string {
		out, err := helpOf(command)
		if err != nil {
			t.Error(err)
		}
		return out
	}
	read := func(name string) string {
		text, err := os.ReadFile(filepath.Join("deploy", name))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	unit, container := read("tipstaff.service"), read("Containerfile")
	commands := regexp.MustCompile(`(?m)tipstaff"?,? +"?(serve|init|ready|backup)\b(.*)$`).FindAllStringSubmatch(unit+container, -1)
	if len(commands) < 3 {
		t.Errorf("only %d commands were found: are the files still read?", len(commands))
	}
	for _, c := range commands {
		text := help(c[1])
		for _, flag := range regexp.MustCompile(`--[a-z-]+`).FindAllString(c[2], -1) {
			if !strings.Contains(text, flag+"=") && !strings.Contains(text, flag+" ") {
				t.Errorf("tipstaff %s takes no %s", c[1], flag)
			}
		}
	}
	serve := help("serve")
	for _, name := range regexp.MustCompile(`TIPSTAFF_[A-Z_]+`).FindAllString(container, -1) {
		if !strings.Contains(serve, "$"+name) {
			t.Errorf("serve reads no %s", name)
		}
	}
	if !strings.Contains(container, "USER 65532") || !strings.Contains(container, `CMD ["serve"]`) || !strings.Contains(container, "FROM scratch") {
		t.Error("the container serves as root, or out of a system")
	}
	if path, err := exec.LookPath("systemd-analyze"); err == nil {
		verify := filepath.Join(t.TempDir(), "tipstaff.service") // with a program that is there
		if err := os.WriteFile(verify, []byte(strings.ReplaceAll(unit, "/usr/local/bin/tipstaff", program)), 0o600); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.Command(path, "verify", "--man=no", verify).CombinedOutput(); err != nil && strings.Contains(string(out), "tipstaff.service:") {
			t.Errorf("systemd-analyze verify: %v\n%s", err, out)
		}
	}
}
