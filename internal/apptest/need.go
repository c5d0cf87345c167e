// Package apptest gives tests the world they need: the tools, the database server and the root of the repository.
//
// Begin reading with [Need], which finds a tool of the world outside, and [Postgres], which gives an empty database
// on a real server.
//
// To add a tool, add a line to the table tools below and one to tools/debian.txt (a Debian package), tools/go.mod
// (a Go program) or tools/js/package.json (an npm package).
//
// It never stands in for anything: no mock, no fake server, no recorded database. What it cannot find, it says; and it
// is the only place that may skip a test.
package apptest

import (
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
)

// tool is a program of the world outside that some test needs.
type tool struct {
	names   []string // what the program may be called; each of them will do
	folders []string // where to look besides PATH: patterns, relative ones from the root of the repository
	folder  bool     // the test wants the folder that holds the program, not the program
}

var tools = map[string]tool{
	"chromium":       {names: []string{"chromium", "chromium-browser", "google-chrome"}},
	"csaf_validator": {names: []string{"csaf_validator"}, folders: []string{".tools/bin"}},
	"govulncheck":    {names: []string{"govulncheck"}, folders: []string{".tools/bin"}},
	"gpg":            {names: []string{"gpg"}},
	"node":           {names: []string{"node", "nodejs"}},
	"osv":            {names: []string{"osv"}, folders: []string{".tools/bin"}}, // the linter of the schema
	"osv-scanner":    {names: []string{"osv-scanner"}, folders: []string{".tools/bin"}},
	"postfix":        {names: []string{"postfix"}, folders: []string{"/usr/sbin"}},
	"postgres":       {names: []string{"initdb"}, folders: []string{"/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin"}, folder: true},
	"strace":         {names: []string{"strace"}},
}

// Need returns where a tool is: the path of a program, the folder of PostgreSQL's programs for "postgres", and the
// package's folder for an npm package of tools/js/package.json.
//
// Without the tool the test is skipped, or fails where everything must be there: with TIPSTAFF_REQUIRE=all (as
// "make test" sets it) or CI=true.
func Need(t testing.TB, name string) string {
	t.Helper()
	root := Root(t)
	known, ok := tools[name]
	if !ok {
		return needPackage(t, root, name)
	}
	if path, ok := known.find(root); ok {
		return path
	}
	missing(t, fmt.Sprintf("%s is not installed", name))
	return ""
}

// Root returns the root of the repository.
func Root(t testing.TB) string {
	t.Helper()
	start, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for dir := start; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		if dir == filepath.Dir(dir) {
			t.Fatalf("no go.mod above %s", start)
		}
	}
}

// find prefers the folders of the table, newest version first, to PATH: Debian keeps the programs of PostgreSQL out
// of PATH, and what tools/install built has the version that the tests expect.
func (l tool) find(root string) (string, bool) {
	for _, pattern := range l.folders {
		if !filepath.IsAbs(pattern) {
			pattern = filepath.Join(root, pattern)
		}
		dirs, err := filepath.Glob(pattern)
		if err != nil {
			panic(err) // the table is wrong
		}
		slices.SortFunc(dirs, byVersion)
		for _, dir := range slices.Backward(dirs) {
			for _, name := range l.names {
				if path, err := exec.LookPath(filepath.Join(dir, name)); err == nil {
					return l.answer(path), true
				}
			}
		}
	}
	for _, name := range l.names {
		if path, err := exec.LookPath(name); err == nil {
			return l.answer(path), true
		}
	}
	return "", false
}

func (l tool) answer(path string) string {
	if !l.folder {
		return path
	}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	return filepath.Dir(path)
}

// byVersion sorts a folder named 9 before one named 15: a longer number is a newer version.
func byVersion(a, b string) int {
	return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
}

func needPackage(t testing.TB, root, name string) string {
	t.Helper()
	list := filepath.Join(root, "tools", "js", "package.json")
	text, err := os.ReadFile(list)
	if err != nil {
		t.Fatal(err)
	}
	var wanted struct{ Dependencies map[string]string }
	if err := json.Unmarshal(text, &wanted); err != nil {
		t.Fatalf("read %s: %v", list, err)
	}
	version, ok := wanted.Dependencies[name]
	if !ok {
		t.Fatalf("nobody knows the tool %q: it is neither in the table of apptest.Need nor in tools/js/package.json", name)
	}
	dir := filepath.Join(root, "tools", "js", "node_modules", filepath.FromSlash(name))
	got, err := packageVersion(dir)
	switch {
	case err != nil:
		missing(t, fmt.Sprintf("the npm package %s is not installed", name))
	case got != version:
		missing(t, fmt.Sprintf("the npm package %s is there in version %s, not %s", name, got, version))
	}
	return dir
}

func packageVersion(dir string) (string, error) {
	text, err := os.ReadFile(filepath.Join(dir, "package.json"))
	if err != nil {
		return "", err
	}
	var is struct{ Version string }
	err = json.Unmarshal(text, &is)
	return is.Version, err
}

func missing(t testing.TB, what string) {
	t.Helper()
	what += "; to install what the tests need: make tools"
	if Whole() {
		t.Fatal(what)
	}
	t.Skip(what)
}

// Whole says whether everything is to be tested, however long it takes: in "make test" and in CI.
func Whole() bool {
	return os.Getenv("TIPSTAFF_REQUIRE") == "all" || os.Getenv("CI") == "true"
}

// Long leaves a test that takes long to "make test": what a developer runs all day is to answer in two minutes.
func Long(t testing.TB) {
	t.Helper()
	if !Whole() {
		t.Skip("it takes long: make test runs it")
	}
}
