package tipstaff_test

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/tipstaff/tipstaff/internal/advisory"
	"github.com/tipstaff/tipstaff/internal/api"
	"github.com/tipstaff/tipstaff/internal/policy"
)

const promisesFile = "docs/two-processes.md"

// twoProcesses are the projects whose written processes the document goes through, and the policies that run them.
var twoProcesses = map[string]string{
	"juno": "policies/juno.yaml",
	"solo": "policies/solo-miner-monitor.yaml",
}

// promise is a row of the document: a sentence of a process, and what keeps it.
type promise struct {
	line                             int
	place, says, clause, face, tests string
}

// TestTwoProcessesAreTrue holds the document to its word: every clause is in the policy, every page and command is
// there, every test exists.
func TestTwoProcessesAreTrue(t *testing.T) {
	text, err := os.ReadFile(promisesFile)
	if err != nil {
		t.Fatal(err)
	}
	promises, err := promisesIn(string(text))
	if err != nil {
		t.Fatal(err)
	}
	if len(promises) == 0 {
		t.Fatalf("%s has no row: nothing is promised", promisesFile)
	}
	there := builtThings(t)
	for _, p := range promises {
		for _, fault := range p.check(there) {
			t.Errorf("%s:%d: %s", promisesFile, p.line, fault)
		}
	}
	for project := range twoProcesses {
		if !slices.ContainsFunc(promises, func(p promise) bool { return strings.Contains(p.clause, "`"+project+":") }) {
			t.Errorf("%s has no row with a clause of %s", promisesFile, project)
		}
	}
}

func TestAPromiseThatNothingKeepsIsSeen(t *testing.T) {
	there := things{
		policies: map[string]*policy.Policy{"juno": policyIn(t, "policies/juno.yaml")},
		routes:   []string{"GET /p/{project}/report", "POST /api/v1/cases"},
		commands: func(words []string) error { return errIf(words[0] != "doctor", "no command") },
		tests:    map[string]bool{"TestKept": true},
	}
	for _, c := range []struct{ name, row, want string }{
		{"kept, with a page", "| 1 | says | `juno:steps.release.requires[wait]` | `GET /p/{project}/report` | `TestKept` |", ""},
		{"kept, with a route of the API", "| 1 | says | `juno:roles.core` | `POST /api/v1/cases` | `TestKept/case` |", ""},
		{"kept, with a command", "| 1 | says | `juno:steps.release.requires.wait.wait.for` | `tipstaff doctor --json` | `TestKept` |", ""},
		{"kept by a clause alone", "| 1 | says | `juno:roles` | – | `TestKept` |", ""},
		{"no such clause", "| 1 | says | `juno:steps.release.requires[vote]` | – | `TestKept` |", "no clause steps.release.requires[vote]"},
		{"no such policy", "| 1 | says | `jupiter:steps` | – | `TestKept` |", "jupiter"},
		{"the method of another route", "| 1 | says | – | `GET /api/v1/cases` | `TestKept` |", "no route GET /api/v1/cases"},
		{"no such page", "| 1 | says | – | `GET /p/{project}/nothing` | `TestKept` |", "no route GET /p/{project}/nothing"},
		{"no such command", "| 1 | says | – | `tipstaff dance` | `TestKept` |", "no command"},
		{"no such test", "| 1 | says | `juno:roles` | – | `TestForgotten` |", "no test TestForgotten"},
		{"no test at all", "| 1 | says | `juno:roles` | – | – |", "names no test"},
		{"only words", "| 1 | says | – | – | `TestKept` |", "neither a clause nor a page"},
		{"no promise", "| 1 | | `juno:roles` | – | `TestKept` |", "says nothing"},
	} {
		t.Run(c.name, func(t *testing.T) {
			promises, err := promisesIn("| place | promise | clause | page or command | test |\n| - | - | - | - | - |\n" + c.row + "\n")
			if err != nil || len(promises) != 1 {
				t.Fatalf("read %d promises, %v", len(promises), err)
			}
			got := strings.Join(promises[0].check(there), "\n")
			if (got == "") != (c.want == "") || !strings.Contains(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// promisesIn reads the rows of the tables that have the five columns, in any order and among others.
func promisesIn(text string) ([]promise, error) {
	var all []promise
	var columns []string
	number := 0
	for line := range strings.Lines(text) {
		number++
		line = strings.TrimSpace(line)
		if !strings.HasPrefix(line, "|") {
			columns = nil
			continue
		}
		cells := cellsOf(line)
		switch {
		case columns == nil:
			columns = cells
		case len(cells) != len(columns):
			return nil, fmt.Errorf("%s:%d: %d cells under %d columns", promisesFile, number, len(cells), len(columns))
		case strings.Trim(line, "|-: ") != "" && slices.Contains(columns, "promise"):
			cell := func(column string) string {
				if i := slices.Index(columns, column); i >= 0 {
					return cells[i]
				}
				return ""
			}
			all = append(all, promise{number, cell("place"), cell("promise"), cell("clause"), cell("page or command"), cell("test")})
		}
	}
	return all, nil
}

// cellsOf splits a row at its bars, but not at those written \|.
func cellsOf(row string) []string {
	row = strings.ReplaceAll(strings.Trim(row, "|"), `\|`, "\x00")
	cells := strings.Split(row, "|")
	for i, cell := range cells {
		cells[i] = strings.TrimSpace(strings.ReplaceAll(cell, "\x00", "|"))
	}
	return cells
}

// things are what the program has, for promises to point at.
type things struct {
	policies map[string]*policy.Policy // by project
	routes   []string                  // "GET /p/{project}"
	commands func(words []string) error
	tests    map[string]bool
}

func (p promise) check(there things) []string {
	var faults []string
	fault := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	if p.place == "" || p.says == "" {
		fault("the row says nothing, or not where")
	}
	clauses, faces, tests := codeIn(p.clause), codeIn(p.face), codeIn(p.tests)
	if len(clauses)+len(faces) == 0 {
		fault("neither a clause nor a page or command keeps this")
	}
	if len(tests) == 0 {
		fault("the row names no test")
	}
	for _, clause := range clauses {
		project, where, _ := strings.Cut(clause, ":")
		p := there.policies[project]
		if p == nil {
			fault("there is no policy %s: a clause is written juno:path or solo:path", project)
		} else if !p.Has(where) {
			fault("the policy of %s has no clause %s", project, where)
		}
	}
	for _, face := range faces {
		words := strings.Fields(face)
		if words[0] == "tipstaff" {
			if err := there.commands(words[1:]); err != nil {
				fault("%s: %v", face, err)
			}
		} else if !slices.Contains(there.routes, face) {
			fault("there is no route %s", face)
		}
	}
	for _, test := range tests {
		if name, _, _ := strings.Cut(test, "/"); !there.tests[name] {
			fault("there is no test %s", name)
		}
	}
	return faults
}

var codeSpan = regexp.MustCompile("`([^`]+)`")

func codeIn(cell string) []string {
	var all []string
	for _, found := range codeSpan.FindAllStringSubmatch(cell, -1) {
		if text := strings.TrimSpace(found[1]); text != "" {
			all = append(all, text)
		}
	}
	return all
}

func policyIn(t *testing.T, file string) *policy.Policy {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	p, err := policy.Read(file, text)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func builtThings(t *testing.T) things {
	t.Helper()
	there := things{policies: map[string]*policy.Policy{}, tests: testNames(t), routes: routes(t), commands: offers}
	for project, file := range twoProcesses {
		there.policies[project] = policyIn(t, file)
	}
	return there
}

// offers says whether the program has a command.
func offers(words []string) error {
	if slices.ContainsFunc(words, func(w string) bool { return strings.ContainsAny(w, "<>[]…") }) {
		return fmt.Errorf("name the command only, without what it takes")
	}
	_, err := helpOf(words...)
	return err
}

// routes are the patterns of web's table, the operations that the API describes, and the two published documents that
// stand under the same address in every project.
func routes(t *testing.T) []string {
	t.Helper()
	all := append(operations(t), "GET /p/{project}/"+advisory.ListPath, "GET /p/{project}/"+advisory.FeedPath)
	for _, f := range code(t) {
		if f.path != "internal/web/routes.go" {
			continue
		}
		ast.Inspect(f.File, func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				all = append(all, textOf(lit, nil))
			}
			return true
		})
	}
	return all
}

// operations asks the API for its own description.
func operations(t *testing.T) []string {
	t.Helper()
	mux, answer := http.NewServeMux(), httptest.NewRecorder()
	api.Mount(mux, api.Config{})
	mux.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, api.Prefix+"/openapi.json", nil))
	var described struct{ Paths map[string]map[string]any }
	if err := json.Unmarshal(answer.Body.Bytes(), &described); err != nil {
		t.Fatalf("read the description of the API: %v", err)
	}
	var all []string
	for path, methods := range described.Paths {
		for method := range methods {
			all = append(all, strings.ToUpper(method)+" "+api.Prefix+path)
		}
	}
	return all
}

func testNames(t *testing.T) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	err := eachGoFile(func(name string) error {
		if !strings.HasSuffix(name, "_test.go") {
			return nil
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		for _, decl := range parsed.Decls {
			if decl, ok := decl.(*ast.FuncDecl); ok && decl.Recv == nil && strings.HasPrefix(decl.Name.Name, "Test") {
				names[decl.Name.Name] = true
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func errIf(wrong bool, says string) error {
	if wrong {
		return fmt.Errorf("%s", says)
	}
	return nil
}
