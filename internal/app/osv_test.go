package app_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/module"
	modzip "golang.org/x/mod/zip"

	"github.com/google/go-cmp/cmp"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/apptest"
)

// shelf is an installation with one project, which publishes a module of Go.
func shelf(t *testing.T, opts apptest.Options) *apptest.Program {
	t.Helper()
	text, err := os.ReadFile("testdata/osv/policy.yaml")
	if err != nil {
		t.Fatal(err)
	}
	opts.Policies = map[string]string{"shelf": string(text)}
	opts.People = map[cvd.ProjectID][]cvd.Person{"shelf": {{Handle: "ada", Name: "Ada", Roles: []string{"maintainer"}}}}
	return apptest.New(t, opts)
}

// arms takes a case from its report to a publication in some hours. Both release lines are affected; the first is not fixed.
func arms(title, summary, affected, fixed string, hours int) string {
	return fmt.Sprintf(`
rita reports {kind: vulnerability, title: %q, description: %q}
ada acknowledge {}
ada validate {evidence: "It does."}
ada remedy {product: shelf, line: "2", status: patched, affected: ">= 2.0.0, < %s", patches: [{url: "https://git.example.org/shelf/2", sha256: abababababababababababababababababababababababababababababababab, private: true}]}
ada release {product: shelf, line: "2", version: %s, tag: v%s, commit: 4f1c2d9e8b7a6f5e4d3c2b1a09f8e7d6c5b4a392, url: "https://example.org/shelf", sha256: abababababababababababababababababababababababababababababababab}
ada remedy {product: shelf, line: "1", status: affected, affected: %q}
ada draft {text: {title: %q, summary: %q, impact: "An attacker writes elsewhere.", resolution: "Update.", mitigation: "None."}}
ada disclose {due: $now+%dh}
`, title, summary, fixed, fixed, fixed, affected, title, summary, hours)
}

// Scanners that know nothing of Tipstaff find what a project has published, from its instant on and not before.
func TestScannersReadWhatIsPublished(t *testing.T) {
	linter, govulncheck, scanner := apptest.Need(t, "osv"), apptest.Need(t, "govulncheck"), apptest.Need(t, "osv-scanner")
	apptest.Long(t)
	for engine, opts := range map[string]apptest.Options{"SQLite": {}, "PostgreSQL": {Postgres: true}} {
		t.Run(engine, func(t *testing.T) {
			p := shelf(t, opts)
			vulnerable, sound := uses(t, "example.org/Shelf/v2", "v2.3.0"), uses(t, "example.org/Shelf/v2", "v2.3.1")
			unfixed, newer := uses(t, "example.org/Shelf", "v1.4.0"), uses(t, "example.org/Shelf", "v1.4.1")
			p.Play("shelf", "overflow", arms("Overflow", "A long name is written elsewhere.", "<= 1.4.0", "2.3.1", 48))
			p.Wait(47 * time.Hour)
			for _, program := range []goProgram{vulnerable, sound, unfixed, newer} {
				if found := program.govulncheck(t, govulncheck, p.URL+"/p/shelf/osv"); found != nil {
					t.Errorf("before the instant govulncheck finds %v in %s", found, program.version)
				}
			}

			p.Wait(2 * time.Hour)
			const id = "x_SHELF-SA-2026-001"
			record := served(t, p, "/p/shelf/osv/"+id+".json")
			file := filepath.Join(t.TempDir(), id+".json")
			if err := os.WriteFile(file, record, 0o600); err != nil {
				t.Fatal(err)
			}
			if out, err := exec.Command(linter, "record", "lint", "--collection", "offline", file).CombinedOutput(); err != nil {
				t.Errorf("the linter of OSV says %v\n%s\n%s", err, out, record)
			}
			cache := offline(t, p)
			for program, want := range map[*goProgram][]string{&vulnerable: {id}, &sound: nil, &unfixed: {id}, &newer: nil} {
				if found := program.govulncheck(t, govulncheck, p.URL+"/p/shelf/osv"); !slices.Equal(found, want) {
					t.Errorf("govulncheck finds %v in %s, want %v", found, program.version, want)
				}
				if found := program.osvScanner(t, scanner, cache); !slices.Equal(found, want) {
					t.Errorf("osv-scanner finds %v in %s, want %v", found, program.version, want)
				}
			}
		})
	}
}

func served(t *testing.T, p *apptest.Program, path string) []byte {
	t.Helper()
	got := ask(t, p, "GET", path, "")
	if got.Status != http.StatusOK {
		t.Fatalf("GET %s: %d", path, got.Status)
	}
	return []byte(got.Body)
}

// goProgram is a program of somebody who uses a version of a module, with the module where go looks for it.
type goProgram struct {
	version, dir string
	env          []string
}

// uses writes a program that calls the module. The module comes from a proxy in a folder: nothing is asked of the world.
func uses(t *testing.T, path, version string) goProgram {
	t.Helper()
	proxy, source, dir := t.TempDir(), t.TempDir(), t.TempDir()
	write := func(file, text string) {
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	mod := "module " + path + "\n\ngo 1.26\n"
	write(filepath.Join(source, "go.mod"), mod)
	write(filepath.Join(source, "shelf.go"), "// Package shelf holds names.\npackage shelf\n\n// Put puts a name away.\nfunc Put(name string) int { return len(name) }\n")
	escaped, err := module.EscapePath(path)
	if err != nil {
		t.Fatal(err)
	}
	at := filepath.Join(proxy, filepath.FromSlash(escaped), "@v", version)
	write(at+".mod", mod)
	write(at+".info", fmt.Sprintf(`{"Version":%q,"Time":"2026-01-01T00:00:00Z"}`, version))
	var packed bytes.Buffer
	if err := modzip.CreateFromDir(&packed, module.Version{Path: path, Version: version}, source); err != nil {
		t.Fatal(err)
	}
	write(at+".zip", packed.String())
	write(filepath.Join(dir, "go.mod"), "module example.org/user\n\ngo 1.26\n\nrequire "+path+" "+version+"\n")
	write(filepath.Join(dir, "main.go"), "package main\n\nimport shelf \""+path+"\"\n\nfunc main() { println(shelf.Put(\"name\")) }\n")
	return goProgram{path + " " + version, dir, append(os.Environ(), "GOFLAGS=-mod=mod -modcacherw", "GOPROXY=file://"+filepath.ToSlash(proxy),
		"GOSUMDB=off", "GOTOOLCHAIN=local", "GOMODCACHE="+t.TempDir())}
}

// run answers with what a scanner says, and whether it ended with the status that means that it found something.
func (p goProgram) run(t *testing.T, env []string, found int, command string, args ...string) (out []byte, is bool) {
	t.Helper()
	c := exec.Command(command, args...)
	var complaints bytes.Buffer
	c.Dir, c.Env, c.Stderr = p.dir, slices.Concat(p.env, env), &complaints
	out, err := c.Output()
	exit := (*exec.ExitError)(nil)
	if err != nil && (!errors.As(err, &exit) || exit.ExitCode() != found) {
		t.Fatalf("%v: %v\n%s%s", c, err, out, &complaints)
	}
	return out, err != nil
}

// govulncheck asks with the database at an address which vulnerabilities the program calls.
func (p goProgram) govulncheck(t *testing.T, command, database string) []string {
	t.Helper()
	out, found := p.run(t, nil, 3, command, "-db", database, "./...")
	if !found {
		return nil
	}
	var ids []string
	for line := range strings.Lines(string(out)) {
		if _, id, ok := strings.Cut(line, "Vulnerability #"); ok {
			_, id, _ = strings.Cut(strings.TrimSpace(id), ": ")
			ids = append(ids, id)
		}
	}
	return ids
}

// offline downloads the archives to where osv-scanner looks for them when it may not ask anybody.
func offline(t *testing.T, p *apptest.Program) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "osv-scanner", "Go"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "osv-scanner", "Go", "all.zip"), served(t, p, "/p/shelf/osv/Go/all.zip"), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// osvScanner asks which vulnerabilities the modules that the program requires have.
func (p goProgram) osvScanner(t *testing.T, command, cache string) []string {
	t.Helper()
	out, _ := p.run(t, []string{"OSV_SCANNER_LOCAL_DB_CACHE_DIRECTORY=" + cache}, 1, command,
		"scan", "--experimental-offline", "--format", "json", "--lockfile", "go.mod")
	var verdict struct {
		Results []struct {
			Packages []struct {
				Package         struct{ Name string }
				Vulnerabilities []struct{ ID string }
			}
		}
	}
	if err := json.Unmarshal(out, &verdict); err != nil {
		t.Fatalf("%v in %s", err, out)
	}
	var ids []string
	for _, r := range verdict.Results {
		for _, of := range r.Packages {
			for _, v := range of.Vulnerabilities {
				ids = append(ids, v.ID)
			}
		}
	}
	return ids
}

// osvPaths is where a stranger can look for the database and for the second advisory in it.
var osvPaths = []string{"", "all.zip", "Go/all.zip", "npm/all.zip", "GIT/all.zip", "x_SHELF-SA-2026-002.json", "index/db.json", "index/db.json.gz",
	"index/modules.json", "index/modules.json.gz", "index/vulns.json", "index/vulns.json.gz", "ID/x_SHELF-SA-2026-002.json", "ID/x_SHELF-SA-2026-002.json.gz"}

// Until its instant an advisory changes no byte, no size, no order and no time of the database, nor does its having been
// prepared before or after another one; at its instant all of it is there.
func TestADatabaseTellsNothingOfWhatWaits(t *testing.T) {
	const url = "http://security.example.org"
	seed := t.TempDir()
	first := shelf(t, apptest.Options{Data: seed, URL: url})
	first.Play("shelf", "overflow", arms("Overflow", "A long name is written elsewhere.", "<= 1.4.0", "2.3.1", 1))
	first.Wait(2 * time.Hour)
	if err := first.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	programs := make([]*apptest.Program, 2)
	for i := range programs {
		dir := t.TempDir()
		if err := os.CopyFS(dir, os.DirFS(seed)); err != nil {
			t.Fatal(err)
		}
		programs[i] = shelf(t, apptest.Options{Data: dir, URL: url})
		programs[i].Wait(3 * time.Hour)
	}
	with, without := programs[0], programs[1]
	with.Play("shelf", "underflow", arms("CANARYTITLE", "CANARYBODY", "< 1.5.0", "2.4.0", 48))
	with.Play("shelf", "behind", arms("CANARYBEHIND", "CANARYBODY", "< 1.6.0", "2.5.0", 72))
	look := func(p *apptest.Program) map[string]answer {
		all := map[string]answer{}
		for _, path := range osvPaths {
			for _, method := range []string{"GET", "HEAD"} {
				for _, accept := range []string{"", "gzip"} {
					all[method+" "+path+" "+accept] = ask(t, p, method, "/p/shelf/osv/"+path, accept)
				}
			}
		}
		return all
	}
	for _, wait := range []time.Duration{time.Hour, 46 * time.Hour, time.Hour - time.Second} {
		with.Wait(wait)
		without.Wait(wait)
		if diff := cmp.Diff(look(without), look(with)); diff != "" {
			t.Errorf("before the instant a stranger can tell that something waits (-without +with):\n%s", diff)
		}
	}
	with.Wait(time.Second)
	without.Wait(time.Second)
	now, then := look(with), look(without)
	for path := range maps.Keys(now) {
		nothing := strings.Contains(path, " npm/") || strings.Contains(path, " GIT/") || strings.HasSuffix(path, "  ") || path == "GET  gzip" || path == "HEAD  gzip"
		if same := cmp.Equal(now[path], then[path]); same != nothing {
			t.Errorf("%q at the instant: unchanged is %t, want %t", path, same, nothing)
		}
	}
	for _, path := range []string{"index/modules.json", "index/vulns.json", "x_SHELF-SA-2026-002.json", "ID/x_SHELF-SA-2026-002.json"} {
		if body := served(t, with, "/p/shelf/osv/"+path); !strings.Contains(string(body), "x_SHELF-SA-2026-002") {
			t.Errorf("%s does not name the advisory: %s", path, body)
		}
	}
	with.Wait(24 * time.Hour)
	for n := range 3 { // what waited behind it was prepared with it
		if body := served(t, with, "/p/shelf/osv/index/vulns.json"); !strings.Contains(string(body), fmt.Sprintf("x_SHELF-SA-2026-00%d", n+1)) {
			t.Errorf("advisory %d is missing in the end: %s", n+1, body)
		}
	}
}
