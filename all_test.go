// Package tipstaff_test says what must be true of the whole repository: who may import whom, how long a file is, that
// every statement names its tenant, that every promise on paper has its test.
//
// Begin reading with plan, the table of imports. To add a rule, add a test here that says in its message what to do.
// It never runs the program's own code: it reads the source, and builds the binary.
package tipstaff_test

import (
	"bytes"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

var update = flag.Bool("update", false, "print the table of imports into ARCHITECTURE.md")

const (
	module    = "github.com/tipstaff/tipstaff/"
	maxLines  = 400 // of a file (STYLE C2)
	maxFunc   = 60  // of a function (STYLE C2)
	rowsAbove = "everything above it"
)

// plan says who may import whom (STYLE P4). Changing it is a decision: add a page to docs/decisions, then run
// "go test . -run Plan -update", which prints it into ARCHITECTURE.md.
var plan = []struct{ packages, may string }{
	{"cvd ledger prose seal policies docs", ""},
	{"severity policy advisory metrics", "cvd"},
	{"store", "cvd ledger seal"},
	{"casework", "cvd severity policy advisory metrics ledger seal store"},
	{"jobs", "cvd store"},
	{"auth", "cvd seal store"},
	{"channel publish importer", "cvd seal"},
	{"api web mcp", "cvd auth casework"},
	{"app", rowsAbove},
	{"apptest", "cvd channel publish policies app"},
	{"cmd/tipstaff", "cvd severity policy policies prose advisory ledger api app"},
}

// doors are libraries that only some packages may import: the database has one door, its queue two.
var doors = []struct{ library, only, why string }{
	{"database/sql", "store", "the store is the only one that speaks SQL"},
	{"modernc.org/sqlite", "store", "the store is the only one that speaks SQL"},
	{"github.com/pressly/goose", "store", "the store is the only one that speaks SQL"},
	{"github.com/jackc/pgx", "store apptest", "the store is the only one that speaks SQL; apptest makes empty databases"},
	{"github.com/riverqueue/river", "store jobs", "the store puts jobs in, jobs takes them out"},
}

// pure packages take values and give values (STYLE P5).
var pure = []string{"cvd", "severity", "policy", "prose", "advisory", "ledger", "metrics"}

var impureImports = []string{
	"crypto/rand", "database/sql", "log", "log/slog", "math/rand", "math/rand/v2", "net", "net/http", "net/smtp",
	"os", "os/exec", "os/signal", "os/user", "path/filepath", "syscall",
}

var impureCalls = []string{"time.Now", "time.Since", "time.Until", "time.Sleep", "time.After", "time.AfterFunc", "time.Tick", "time.NewTimer", "time.NewTicker"}

// shelves have one file for each item and a list of the items in all.go (STYLE P6).
var shelves = []string{"severity", "advisory", "channel", "metrics", "importer"}

// beside are the files of shelves that hold no item, with what they hold.
var beside = map[string]string{
	"advisory/check.go":              "what a record lacks, for all formats",
	"advisory/clean.go":              "what no format should meet in a text",
	"advisory/csaf_product.go":       "a part of csaf.go",
	"advisory/csaf_score.go":         "a part of csaf.go",
	"advisory/csaf_vulnerability.go": "a part of csaf.go",
	"advisory/feed.go":               "the feed of many advisories, no format of one",
	"advisory/list.go":               "the list of many advisories, no format of one",
	"advisory/cwe.go":                "the names of weaknesses, for all formats",
	"advisory/link.go":               "what counts as a link, for all formats",
	"advisory/osv_affected.go":       "a part of osv.go",
	"advisory/osv_database.go":       "the archives of many advisories for scanners, no format of one",
	"advisory/osv_go.go":             "the indexes of many advisories for programs of Go, no format of one",
	"advisory/osv_range.go":          "a part of osv.go",
	"advisory/prose.go":              "Markdown from people, for all formats",
	"advisory/range.go":              "ranges of versions, for all formats",
	"channel/client.go":              "the HTTP client of all channels",
	"channel/unsure.go":              "what an error leaves open, for all channels",
	"importer/securitytxt.go":        "where another project takes reports, no list of many",
	"metrics/facts.go":               "what all measures are made from",
	"metrics/sample.go":              "how figures are made of many cases, for all measures",
	"severity/vector.go":             "how vectors are read, for all systems",
}

// globalStatements touch no tenant's table, or all tenants at once, for the reason given.
var globalStatements = map[string]string{
	"nextDue":       "the ticker looks over all projects and answers with the project",
	"readToken":     "a token is how one learns the project; auth compares it with the one asked for",
	"nextNumber":    "the table projects is not a tenant's: its rows are the tenants",
	"insertProject": "a row of projects is a tenant",
	"listProjects":  "the list of tenants",
	"readProject":   "a row of projects is found by its id, which is the project",
	"openProject":   "a row of projects is found by its id, which is the project",
	"nextPolicy":    "a row of projects is found by its id, which is the project",
	"takeBlock":     "a row of projects is found by its id, which is the project",
	"wrapRoot":      "a row of projects is found by its id, which is the project",
	"skipCases":     "a row of projects is found by its id, which is the project",

	"countProjects":    "how many tenants there are",
	"listHolds":        "which tenants are held; the answer names the project",
	"newestTaken":      "doctor compares the newest instant of all with the clock",
	"serverCollation":  "it asks for a setting of the server",
	"putInstallation":  "the table installation is not a tenant's",
	"readInstallation": "the table installation is not a tenant's",
}

func TestImportsFollowThePlan(t *testing.T) {
	allowed := map[string][]string{}
	var above []string
	for _, row := range plan {
		may := strings.Fields(row.may)
		if row.may == rowsAbove {
			may = slices.Clone(above)
		}
		for _, pkg := range strings.Fields(row.packages) {
			allowed[pkg] = may
			above = append(above, pkg)
		}
	}
	for _, f := range code(t) {
		if f.pkg == "" {
			continue
		}
		may, planned := allowed[f.pkg]
		if !planned {
			t.Errorf("%s: package %s is not in the plan; put the code in a package that is, or decide on a new one (STYLE P7)", f.path, f.pkg)
			continue
		}
		for _, imported := range f.imports() {
			ours, ok := strings.CutPrefix(imported, module)
			if ours = strings.TrimPrefix(ours, "internal/"); ok && !slices.Contains(may, ours) {
				t.Errorf("%s imports %s; the plan allows %s only: %s", f.path, ours, f.pkg, cellOf(strings.Join(may, " ")))
			}
			for _, door := range doors {
				within := imported == door.library || strings.HasPrefix(imported, door.library+"/")
				if within && !slices.Contains(strings.Fields(door.only), f.pkg) {
					t.Errorf("%s imports %s, which only %s may: %s", f.path, imported, door.only, door.why)
				}
			}
		}
	}
}

func TestThePlanIsPrintedInArchitecture(t *testing.T) {
	const file, begin, end = "ARCHITECTURE.md", "<!-- plan -->\n", "<!-- /plan -->\n"
	var table strings.Builder
	table.WriteString("\n| package | may import |\n| --- | --- |\n")
	for _, row := range plan {
		fmt.Fprintf(&table, "| %s | %s |\n", strings.ReplaceAll(row.packages, " ", ", "), cellOf(row.may))
	}
	table.WriteString("\n")

	text, err := os.ReadFile(file)
	if *update && os.IsNotExist(err) {
		text, err = []byte("# Architecture\n\n## Who may import whom\n\n"+begin+end), nil
	}
	if err != nil {
		t.Fatal(err)
	}
	before, rest, opened := strings.Cut(string(text), begin)
	printed, after, closed := strings.Cut(rest, end)
	switch {
	case !opened || !closed:
		t.Fatalf("%s has no place for the plan: it needs the lines %q and %q", file, strings.TrimSpace(begin), strings.TrimSpace(end))
	case *update:
		if err := os.WriteFile(file, []byte(before+begin+table.String()+end+after), 0o644); err != nil {
			t.Fatal(err)
		}
	case printed != table.String():
		t.Errorf("%s prints another plan than all_test.go holds; run: go test . -run Plan -update\ngot:\n%s\nwant:\n%s", file, printed, table.String())
	}
}

func cellOf(packages string) string {
	if packages == "" {
		return "–"
	}
	return packages
}

func TestReasoningIsPure(t *testing.T) {
	for _, f := range code(t) {
		if !slices.Contains(pure, f.pkg) {
			continue
		}
		for _, imported := range f.imports() {
			if slices.Contains(impureImports, imported) {
				t.Errorf("%s imports %s; %s takes values and gives values, so its caller does that (STYLE P5)", f.path, imported, f.pkg)
			}
		}
		ast.Inspect(f.File, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.GoStmt:
				t.Errorf("%s starts a goroutine in %s, which reasons only (STYLE P5)", f.at(n), f.pkg)
			case *ast.SelectorExpr:
				if x, ok := n.X.(*ast.Ident); ok && slices.Contains(impureCalls, x.Name+"."+n.Sel.Name) {
					t.Errorf("%s asks %s.%s in %s; the instant is handed in (STYLE P5, C6)", f.at(n), x.Name, n.Sel.Name, f.pkg)
				}
			}
			return true
		})
	}
}

func TestFilesAndFunctionsAreShort(t *testing.T) {
	for _, f := range code(t) {
		if f.generated() || strings.HasSuffix(f.path, "_table.go") {
			continue
		}
		if lines := f.line(f.FileEnd); lines > maxLines {
			t.Errorf("%s has %d lines, more than %d: it holds two things (STYLE C2)", f.path, lines, maxLines)
		}
		ast.Inspect(f.File, func(n ast.Node) bool {
			decl, ok := n.(*ast.FuncDecl)
			if !ok {
				return true
			}
			if lines := f.line(decl.End()) - f.line(decl.Pos()) + 1; lines > maxFunc {
				t.Errorf("%s: %s has %d lines, more than %d: it does two things (STYLE C2)", f.at(decl), decl.Name.Name, lines, maxFunc)
			}
			return false
		})
	}
}

func TestShelvesAreListed(t *testing.T) {
	for name := range beside {
		if _, err := os.Stat("internal/" + name); err != nil {
			t.Errorf("the table beside excepts a file that is not there: %v", err)
		}
	}
	for _, shelf := range shelves {
		files := map[string]*goFile{}
		for _, f := range code(t) {
			if f.pkg == shelf {
				files[path.Base(f.path)] = f
			}
		}
		if len(files) == 0 {
			continue // not built yet
		}
		list := files["all.go"]
		if list == nil {
			t.Errorf("the shelf %s has no all.go, which lists its items (STYLE P6)", shelf)
			continue
		}
		listed := map[string]bool{}
		ast.Inspect(list.File, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok {
				listed[id.Name] = true
			}
			return true
		})
		for name, f := range files {
			item := name != "all.go" && name != "doc.go" && name != shelf+".go" && !strings.HasSuffix(name, "_table.go")
			_, excepted := beside[shelf+"/"+name]
			if item && !excepted && !slices.ContainsFunc(f.declared(), func(id string) bool { return listed[id] }) {
				t.Errorf("%s declares nothing that all.go lists, so nobody finds it (STYLE P6); list its item, or name the file in the table beside with the reason", f.path)
			}
		}
	}
}

// statement matches SQL that reads or writes rows, not what only asks the server for a setting or a lock.
var statement = regexp.MustCompile(`(?s)^\s*(SELECT\s.*\sFROM|INSERT INTO|UPDATE|DELETE FROM|WITH)\s`)

func TestTenantInEveryStatement(t *testing.T) {
	consts := map[string]string{} // of the store, for those made of others
	used := map[string]bool{}
	store := slices.DeleteFunc(slices.Clone(code(t)), func(f *goFile) bool { return f.pkg != "store" })
	for range 2 { // twice, for those made of later ones
		for _, f := range store {
			f.eachConst(func(name *ast.Ident, value ast.Expr) { consts[name.Name] = textOf(value, consts) })
		}
	}
	for _, f := range store {
		f.eachConst(func(name *ast.Ident, value ast.Expr) {
			sql := consts[name.Name]
			if !statement.MatchString(sql) {
				return
			}
			reason, global := globalStatements[name.Name]
			used[name.Name] = true
			switch scoped := namesTenant(sql); {
			case global && reason == "":
				t.Errorf("%s: the table globalStatements gives no reason for %s", f.at(name), name.Name)
			case !global && !scoped:
				t.Errorf("%s: %s reaches a tenant's rows without naming project (STYLE S1); name it, or the reason in the table globalStatements\n%s", f.at(name), name.Name, sql)
			case global && scoped:
				t.Errorf("%s: %s names project: take it out of the table globalStatements", f.at(name), name.Name)
			}
		})
	}
	for name := range globalStatements {
		if !used[name] {
			t.Errorf("globalStatements excepts %s, which is no statement of the store", name)
		}
	}
}

// namesTenant says whether a statement writes the project's column or reads by it: what is only in the list of
// results limits nothing.
func namesTenant(sql string) bool {
	sql = strings.Join(strings.Fields(sql), " ")
	if !strings.HasPrefix(sql, "INSERT ") {
		_, sql, _ = strings.Cut(sql, " WHERE ")
	}
	return regexp.MustCompile(`\bproject\b`).MatchString(sql)
}

func TestAStatementThatOnlyShowsTheProjectIsSeen(t *testing.T) {
	for sql, want := range map[string]bool{
		"SELECT id FROM cases WHERE project = $1 AND id = $2":     true,
		"SELECT id FROM cases c\n\tWHERE c.project = $1":          true,
		"INSERT INTO cases (project, id) VALUES ($1, $2)":         true,
		"SELECT project, id FROM cases":                           false,
		"SELECT project, id FROM cases WHERE id = $1":             false,
		"UPDATE cases SET project = $1 WHERE id = $2":             false,
		"DELETE FROM cases WHERE id = $1":                         false,
		"INSERT INTO cases (id) VALUES ($1)":                      false,
		"SELECT id FROM cases WHERE projects = $1":                false,
		"UPDATE cases SET state = $3 WHERE project=$1 AND id=$2":  true,
		"DELETE FROM cases WHERE (project, id) = ($1, $2)":        true,
		"SELECT id FROM cases ORDER BY id -- of the same project": false,
	} {
		if got := namesTenant(sql); got != want {
			t.Errorf("namesTenant(%q) = %v, want %v", sql, got, want)
		}
	}
}

func TestStatementsAreNamedAndInTheStore(t *testing.T) {
	for _, f := range code(t) {
		inConst := map[ast.Node]bool{}
		f.eachConst(func(_ *ast.Ident, value ast.Expr) {
			ast.Inspect(value, func(n ast.Node) bool { inConst[n] = true; return true })
		})
		ast.Inspect(f.File, func(n ast.Node) bool {
			lit, ok := n.(*ast.BasicLit)
			if !ok || !statement.MatchString(textOf(lit, nil)) {
				return true
			}
			switch {
			case f.pkg != "store":
				t.Errorf("%s: SQL outside of internal/store", f.at(lit))
			case !inConst[lit]:
				t.Errorf("%s: a statement without a name; make it a constant above its function (STYLE Q3)", f.at(lit))
			}
			return true
		})
	}
}

// forbidden words: where they may not stand, and why. The pieces keep this file from finding itself.
var forbidden = []struct {
	in, what *regexp.Regexp
	why      string
}{
	{regexp.MustCompile(``), regexp.MustCompile(`(^|[^\w./])/(wo` + `rk|ro` + `ot|fa` + `rm)/`), "the path of somebody's machine"},
	{regexp.MustCompile(`\.(go|sql|css|js|mjs|html|sh|ya?ml)$|Makefile$`), regexp.MustCompile(`\b(TO` + `DO\b($|[^(]|\([^#])|FIX` + `ME\b)`), "unfinished work without the number of its issue (STYLE D4)"},
	{regexp.MustCompile(`_test\.go$`), regexp.MustCompile(`\b(t|b|f|tb)\.Sk` + `ip(f|Now)?\(`), "only apptest.Need skips a test (STYLE T1)"},
	{regexp.MustCompile(`_test\.go$|^internal/apptest/`), regexp.MustCompile(`\btime\.Sl` + `eep\(`), "a test that sleeps is slow or wrong; move the clock (STYLE T9)"},
	{regexp.MustCompile(`\.go$`), regexp.MustCompile(`^func in` + `it\(\)`), "init runs where nobody looks (STYLE C5, P6)"},
	{regexp.MustCompile(`\.go$`), regexp.MustCompile(`^package (util|utils|common|helpers?|base|core|types|models?|services?|managers?|handlers?)(_test)?$`), "a package is called by what it holds (STYLE P8)"},
}

func TestNoForbiddenWords(t *testing.T) {
	out, err := exec.Command("git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard").Output()
	if err != nil {
		t.Fatalf("git ls-files: %v", err)
	}
	for name := range strings.SplitSeq(strings.TrimRight(string(out), "\x00"), "\x00") {
		text, err := os.ReadFile(name)
		if err != nil || bytes.IndexByte(text, 0) >= 0 {
			continue // removed but not committed, a link, or no text
		}
		number := 0
		for line := range strings.Lines(string(text)) {
			number++
			for _, word := range forbidden {
				if word.in.MatchString(name) && word.what.MatchString(strings.TrimSuffix(line, "\n")) {
					t.Errorf("%s:%d: %s\n\t%s", name, number, word.why, strings.TrimSpace(line))
				}
			}
		}
	}
}

func TestPackagesSayWhatTheyAre(t *testing.T) {
	comments := map[string][]string{} // the files that hold one, by package
	for _, f := range code(t) {
		comments[f.pkg] = append(comments[f.pkg], "")
		if f.Doc == nil {
			continue
		}
		comments[f.pkg][len(comments[f.pkg])-1] = f.path
		begins := "Package " + f.Name.Name + " "
		if f.Name.Name == "main" {
			begins = "Tipstaff "
		}
		if !strings.HasPrefix(f.Doc.Text(), begins) {
			t.Errorf("%s: the package comment does not begin with %q (STYLE D1)", f.path, begins)
		}
	}
	for pkg, files := range comments {
		files = slices.DeleteFunc(files, func(f string) bool { return f == "" })
		if len(files) != 1 {
			t.Errorf("package %s has %d package comments, want one (STYLE D1): %s", pkg, len(files), strings.Join(files, ", "))
		}
	}
}

func TestExportedNamesHaveComments(t *testing.T) {
	for _, f := range code(t) {
		if f.Name.Name == "main" {
			continue // a command exports nothing
		}
		for _, decl := range f.Decls {
			switch decl := decl.(type) {
			case *ast.FuncDecl:
				promised := decl.Name.Name == "Error" || decl.Name.Name == "String" // by the interface that has it
				if decl.Recv == nil || ast.IsExported(receiver(decl)) && !promised {
					checkComment(t, f, decl.Name, decl.Doc)
				}
			case *ast.GenDecl:
				checkSpecs(t, f, decl)
			}
		}
	}
}

func checkSpecs(t *testing.T, f *goFile, decl *ast.GenDecl) {
	for _, spec := range decl.Specs {
		switch spec := spec.(type) {
		case *ast.TypeSpec:
			doc := spec.Doc
			if doc == nil && !decl.Lparen.IsValid() {
				doc = decl.Doc
			}
			if doc != nil || spec.Comment == nil || decl.Doc == nil {
				checkComment(t, f, spec.Name, doc)
			}
		case *ast.ValueSpec:
			// One comment may speak for a group of constants or variables.
			if spec.Doc != nil || spec.Comment != nil || decl.Doc != nil {
				continue
			}
			for _, name := range spec.Names {
				checkComment(t, f, name, nil)
			}
		}
	}
}

func checkComment(t *testing.T, f *goFile, name *ast.Ident, doc *ast.CommentGroup) {
	if !name.IsExported() {
		return
	}
	words := strings.Fields(doc.Text())
	if len(words) > 1 && slices.Contains([]string{"A", "An", "The"}, words[0]) {
		words = words[1:]
	}
	if len(words) == 0 || strings.TrimRight(words[0], ",.:;") != name.Name {
		t.Errorf("%s: %s has no comment that begins with its name (STYLE D2)", f.at(name), name.Name)
	}
}

func receiver(decl *ast.FuncDecl) string {
	name := ""
	ast.Inspect(decl.Recv.List[0].Type, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && name == "" {
			name = id.Name
		}
		return true
	})
	return name
}

// goFile is a file of this module that is no test.
type goFile struct {
	path string // from the root
	pkg  string // "cvd", "policy" for internal/policy, "cmd/tipstaff"
	set  *token.FileSet
	*ast.File
}

func (f *goFile) line(pos token.Pos) int { return f.set.Position(pos).Line }

func (f *goFile) at(n ast.Node) string { return fmt.Sprintf("%s:%d", f.path, f.line(n.Pos())) }

func (f *goFile) generated() bool { return ast.IsGenerated(f.File) }

func (f *goFile) imports() []string {
	var all []string
	for _, spec := range f.Imports {
		all = append(all, textOf(spec.Path, nil))
	}
	return all
}

// declared returns the names at the top level of the file.
func (f *goFile) declared() []string {
	var names []string
	for _, decl := range f.Decls {
		switch decl := decl.(type) {
		case *ast.FuncDecl:
			if decl.Recv == nil {
				names = append(names, decl.Name.Name)
			}
		case *ast.GenDecl:
			for _, spec := range decl.Specs {
				switch spec := spec.(type) {
				case *ast.TypeSpec:
					names = append(names, spec.Name.Name)
				case *ast.ValueSpec:
					for _, name := range spec.Names {
						names = append(names, name.Name)
					}
				}
			}
		}
	}
	return names
}

// eachConst visits the constants of the file, those inside functions too.
func (f *goFile) eachConst(visit func(name *ast.Ident, value ast.Expr)) {
	ast.Inspect(f.File, func(n ast.Node) bool {
		decl, ok := n.(*ast.GenDecl)
		if !ok || decl.Tok != token.CONST {
			return true
		}
		for _, spec := range decl.Specs {
			spec := spec.(*ast.ValueSpec)
			for i, value := range spec.Values {
				visit(spec.Names[i], value)
			}
		}
		return true
	})
}

// textOf is the value of a constant text: a literal, a sum of texts, or the name of one that is known.
func textOf(e ast.Expr, known map[string]string) string {
	switch e := e.(type) {
	case *ast.BasicLit:
		if text, err := strconv.Unquote(e.Value); err == nil && e.Kind == token.STRING {
			return text
		}
	case *ast.BinaryExpr:
		return textOf(e.X, known) + textOf(e.Y, known)
	case *ast.ParenExpr:
		return textOf(e.X, known)
	case *ast.Ident:
		return known[e.Name]
	}
	return ""
}

// code returns all files of the module that are no tests, read once.
func code(t *testing.T) []*goFile {
	t.Helper()
	files, err := parse()
	if err != nil {
		t.Fatal(err)
	}
	return files
}

var parse = sync.OnceValues(func() ([]*goFile, error) {
	var files []*goFile
	err := eachGoFile(func(name string) error {
		if strings.HasSuffix(name, "_test.go") {
			return nil
		}
		set := token.NewFileSet()
		parsed, err := parser.ParseFile(set, name, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		folder := strings.TrimPrefix(path.Dir(name), "internal/")
		files = append(files, &goFile{path: name, pkg: strings.TrimPrefix(folder, "."), set: set, File: parsed})
		return nil
	})
	return files, err
})

// eachGoFile visits the Go files of this module, tests too, but not those of modules inside it.
func eachGoFile(visit func(name string) error) error {
	return filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && name != "." {
			_, err := os.Stat(filepath.Join(name, "go.mod"))
			if err == nil || strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata" || d.Name() == "node_modules" {
				return filepath.SkipDir
			}
		}
		if d.IsDir() || filepath.Ext(name) != ".go" {
			return nil
		}
		return visit(filepath.ToSlash(name))
	})
}
