package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// settings are those that serve would run with.
func settings(t *testing.T, args ...string) (serveCommand, error) {
	t.Helper()
	var c struct {
		Serve serveCommand `cmd:""`
	}
	parser, err := kong.New(&c, kong.Resolvers(&settingsFile{}))
	if err != nil {
		t.Fatal(err)
	}
	_, err = parser.Parse(append([]string{"serve"}, args...))
	return c.Serve, err
}

func TestAFlagIsStrongerThanTheEnvironmentThanTheFileThanTheDefault(t *testing.T) {
	data := t.TempDir()
	file := "listen: file:1\nmetrics: file:2\nurl: https://file.example\nhook-hosts: [chat.example, forge.example]\nchannels:\n  juno/x: /secrets/x\n"
	if err := os.WriteFile(filepath.Join(data, "tipstaff.yaml"), []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TIPSTAFF_LISTEN", "environment:1")
	t.Setenv("TIPSTAFF_METRICS", "environment:2")
	c, err := settings(t, "--data", data, "--listen", "flag:1")
	if err != nil {
		t.Fatal(err)
	}
	for name, got := range map[string][2]string{
		"flag":        {c.Listen, "flag:1"},
		"environment": {c.Metrics, "environment:2"},
		"file":        {c.URL, "https://file.example"},
		"file's map":  {c.Channels["juno/x"], "/secrets/x"},
		"default":     {c.SMTP, ""},
	} {
		if got[0] != got[1] {
			t.Errorf("%s: got %q, want %q", name, got[0], got[1])
		}
	}
	if want := []string{"chat.example", "forge.example"}; !slices.Equal(c.HookHosts, want) {
		t.Errorf("file's list: got %q, want %q", c.HookHosts, want)
	}
	t.Setenv("TIPSTAFF_DATA", data)
	if c, err := settings(t); err != nil || c.URL != "https://file.example" {
		t.Errorf("with the directory from the environment: url %q, %v", c.URL, err)
	}
}

func TestASettingThatNobodyKnowsIsRefused(t *testing.T) {
	data := t.TempDir()
	if err := os.WriteFile(filepath.Join(data, "tipstaff.yaml"), []byte("listn: x\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := settings(t, "--data", data); err == nil || !strings.Contains(err.Error(), `"listn"`) {
		t.Errorf("got %v, want an error that names listn", err)
	}
}
