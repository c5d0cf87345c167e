package main

import (
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/app"
	"github.com/tipstaff/tipstaff/internal/apptest"
)

// TestANewProjectIsServedByWhatInitSaysNext follows the output of init to the letter: every command that it names is run, in
// its order, and the project's page is there at the end.
func TestANewProjectIsServedByWhatInitSaysNext(t *testing.T) {
	t.Chdir(t.TempDir())
	listen := free(t)
	out := does(t, "init", "--id", "acme-widget", "--title", "Acme Widget (2nd)", "--mail", "security@acme.example", "--repository", "https://github.com/Acme/widget",
		"--admin", "anna", "--name", "Anna", "--maintainers", "ben,cleo", "--listen", listen)
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	data := filepath.Join(here, "tipstaff-data")
	if !strings.Contains(out, "Naming the ledger after http://"+listen+" for ever") {
		t.Errorf("it does not say what the address is used for:\n%s", out)
	}
	if first, _, _ := strings.Cut(out, "\n"); first != "Making the data directory "+data+", since --data names no other one." {
		t.Errorf("the first line is %q", first)
	}
	if !strings.Contains(out, "The policy is acme-widget.yaml.") || !strings.Contains(out, "http://"+listen+"/p/acme-widget") {
		t.Errorf("init says neither where the policy is nor where its page will be:\n%s", out)
	}
	var next [][]string
	for line := range strings.Lines(out) {
		if command, is := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "  tipstaff "); is {
			next = append(next, strings.Fields(command))
		}
	}
	want := [][]string{{"policy", "lint", "acme-widget.yaml"}, {"policy", "put", "--data", data, "--listen", listen, "acme-widget.yaml"}, {"serve", "--data", data, "--listen", listen}}
	if len(next) != len(want) || !slices.EqualFunc(next, want, slices.Equal) {
		t.Fatalf("init names the commands %q, want %q", next, want)
	}
	if out := does(t, next[0]...); out != "" {
		t.Errorf("the linter finds\n%s", out)
	}
	if out := does(t, next[1]...); !strings.Contains(out, "is this document already, as version 1") {
		t.Errorf("putting the same document: %s", out)
	}
	text, err := os.ReadFile("acme-widget.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("acme-widget.yaml", append(text, "# ours\n"...), 0o644); err != nil {
		t.Fatal(err)
	}
	if out := does(t, next[1]...); !strings.HasPrefix(out, "Version 2 of the policy of acme-widget ") {
		t.Errorf("putting a changed document: %s", out)
	}
	page := served(t, next[2], listen, "/p/acme-widget")
	for _, words := range []string{"Acme Widget (2nd)", "https://github.com/Acme/widget/issues"} {
		if !strings.Contains(page, words) {
			t.Errorf("the page does not say %q", words)
		}
	}
	if strings.Contains(strings.ToLower(page), "example project") || strings.Contains(page, "example.org") {
		t.Error("the page still speaks of the template's project")
	}
}

// served runs a server until a page of it was read.
func served(t *testing.T, command []string, listen, path string) string {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var log apptest.Log
	ended := make(chan int, 1)
	go func() { ended <- run(ctx, command, &desk{in: strings.NewReader(""), out: &log, err: &log}) }()
	for !strings.Contains(log.String(), `"serving"`) {
		select {
		case status := <-ended:
			t.Fatalf("tipstaff %s ended with %d: %s", strings.Join(command, " "), status, log.String())
		case <-time.After(10 * time.Millisecond):
		}
	}
	page := fetched(t, "http://"+listen+path)
	stop()
	if status := <-ended; status != done {
		t.Errorf("it ended with %d: %s", status, log.String())
	}
	return page
}

// free is an address that nobody listens on.
func free(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// TestInitRefusesBeforeAnythingIsMade: every way to begin that does not fit is refused before anything is made.
func TestInitRefusesBeforeAnythingIsMade(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("taken.yaml", []byte("policy: taken\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	good := []string{"--id", "acme", "--mail", "security@acme.example"}
	for name, c := range map[string]struct {
		args   []string
		status int
		says   string
	}{
		"nothing said":                   {nil, wrongUse, "needs --id and --mail"},
		"no address":                     {[]string{"--id", "acme"}, wrongUse, "needs --mail"},
		"an id with capitals":            {[]string{"--id", "Acme", "--mail", "s@acme.example"}, no, "lower-case letters"},
		"an id that would end the line":  {[]string{"--id", "acme # x", "--mail", "s@acme.example"}, no, "lower-case letters"},
		"a title that would open a list": {append(good, "--title", "Acme: [x]"), no, "one line of letters"},
		"an address that is none":        {[]string{"--id", "acme", "--mail", "acme"}, no, "a mail address"},
		"a repository that is none":      {append(good, "--repository", "acme/widget"), no, "a web address"},
		"a handle with a comma inside":   {append(good, "--maintainers", "Ben!"), no, "no handle"},
		"a template that is nowhere":     {[]string{"--template", "nobody"}, unreachable, "the gallery has default, apache, bitcoin-core, cosmos"},
		"a title for another's process":  {[]string{"--template", "juno", "--title", "Acme"}, wrongUse, "fills in the template default"},
		"a document that is there":       {[]string{"--id", "taken", "--mail", "s@acme.example"}, wrongUse, "--template taken.yaml"},
	} {
		t.Run(name, func(t *testing.T) {
			if r := tipstaff(t, "", append([]string{"init"}, c.args...)...); r.status != c.status || !strings.Contains(r.err, c.says) {
				t.Errorf("status %d, want %d with %q\n%s", r.status, c.status, c.says, r.err)
			}
			there, err := os.ReadDir(".")
			if err != nil || len(there) != 1 {
				t.Errorf("something was made: %v, %v", there, err)
			}
		})
	}
}

// TestADocumentOfOnesOwnStaysWhereItIs, and one of the gallery is written only where somebody asks for it.
func TestADocumentOfOnesOwnStaysWhereItIs(t *testing.T) {
	t.Chdir(t.TempDir())
	text, err := app.Fill(app.Blanks{ID: "mine", Title: "Mine", Mail: "s@mine.example", Maintainers: []cvd.ActorID{"admin"}})
	if err == nil {
		err = os.WriteFile("mine.yaml", text, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	if out := does(t, "init", "--template", "mine.yaml", "--data", "it's data"); !strings.Contains(out, `  tipstaff policy put --data '`) {
		t.Errorf("a name with a quote and a space is printed as no shell reads it:\n%s", out)
	}
	if out := does(t, "init", "--template", "juno", "--data", "it's data"); !strings.HasPrefix(out, "Adding to the data directory ") ||
		!strings.Contains(out, "the one of the gallery, unchanged") || strings.Contains(out, "policy put") ||
		strings.Contains(out, "Token and recovery key") || !strings.Contains(out, "user password admin --project juno --data") {
		t.Errorf("a second project, from the gallery:\n%s", out)
	}
	does(t, "init", "--template", "solo-miner-monitor", "--data", "it's data", "--out", "solo.yaml")
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if want := []string{"it's data", "mine.yaml", "solo.yaml"}; !slices.Equal(names, want) {
		t.Errorf("there are %q, want %q", names, want)
	}
}

func fetched(t *testing.T, address string) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	page, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s, %v", address, res.Status, err)
	}
	return string(page)
}
