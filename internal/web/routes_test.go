package web_test

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/tipstaff/tipstaff/internal/apptest"
	"github.com/tipstaff/tipstaff/internal/web"
)

// A route that is not in the table would be one that nobody reviewed.
func TestEveryRouteIsInTheTable(t *testing.T) {
	served := map[string]int{}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			if s, ok := call.Fun.(*ast.SelectorExpr); ok && slices.Contains([]string{"Handle", "HandleFunc"}, s.Sel.Name) {
				served[name]++
			}
			return true
		})
	}
	if served["web.go"] != 2 || len(served) != 1 {
		t.Errorf("routes are registered at %v; want the two lines of Mount in web.go, over the table in routes.go", served)
	}
	for pattern, who := range web.Patterns() {
		if who == "" {
			t.Errorf("%s does not say who may come", pattern)
		}
	}
}

// concrete are addresses for the patterns of the table, as a stranger would try them.
func concrete(pattern string) (method, path string) {
	method, path, ok := strings.Cut(pattern, " ")
	if !ok {
		method, path = "GET", pattern
	}
	return method, strings.NewReplacer("{$}", "", "{project}", "juno", "{case}", "JUNO-0000", "{file}", "tipstaff.css").Replace(path)
}

func TestEveryAnswerIsGuardedAndSetsNoCookie(t *testing.T) {
	b := open(t)
	for pattern := range web.Patterns() {
		method, path := concrete(pattern)
		a := b.do(b.request(method, path, "application/x-www-form-urlencoded", nil))
		if a.status >= 500 {
			t.Errorf("%s: got %d\n%s", pattern, a.status, a.body)
		}
		script := "" // the desk's pages have one, of our own
		if who := web.Patterns()[pattern]; strings.Contains(who, "signed in") || strings.Contains(who, "administer") {
			script = "script-src 'self'; connect-src 'self'; "
		}
		for name, want := range map[string]string{
			"Content-Security-Policy":      "default-src 'none'; " + script + "style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
			"X-Content-Type-Options":       "nosniff",
			"Referrer-Policy":              "no-referrer",
			"Cross-Origin-Opener-Policy":   "same-origin",
			"Cross-Origin-Resource-Policy": "same-origin",
		} {
			if got := a.header.Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", pattern, name, got, want)
			}
		}
		if !strings.HasPrefix(a.header.Get("Permissions-Policy"), "accelerometer=()") {
			t.Errorf("%s allows the page to use the machine: %q", pattern, a.header.Get("Permissions-Policy"))
		}
		if got := a.header.Get("Cache-Control"); got != "no-store" && !strings.HasPrefix(path, "/static/") {
			t.Errorf("%s may be kept: %q", pattern, got)
		}
		if got := a.header.Values("Set-Cookie"); len(got) > 0 && !strings.HasSuffix(pattern, "/sign-out") { // which takes one away
			t.Errorf("%s sets a cookie: %v", pattern, got)
		}
	}
}

func TestAnotherSitesPageCannotSend(t *testing.T) {
	b := open(t)
	for name, set := range map[string]func(http.Header){
		"as browsers say it":     func(h http.Header) { h.Set("Sec-Fetch-Site", "cross-site") },
		"as old browsers say it": func(h http.Header) { h.Set("Origin", "https://evil.example") },
		"from a neighbour":       func(h http.Header) { h.Set("Sec-Fetch-Site", "same-site") },
	} {
		for pattern := range web.Patterns() {
			method, path := concrete(pattern)
			if method != "POST" {
				continue
			}
			r := b.request(method, path, "application/x-www-form-urlencoded", strings.NewReader(aReport().Encode()))
			set(r.Header)
			if a := b.do(r); a.status != http.StatusForbidden {
				t.Errorf("%s, %s: got %d, want 403", pattern, name, a.status)
			}
		}
	}
	r := b.request("POST", "/p/juno/report", "application/x-www-form-urlencoded", strings.NewReader(aReport().Encode()))
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	if a := b.do(r); a.status != http.StatusOK {
		t.Errorf("our own form: got %d, want 200\n%s", a.status, a.body)
	}
}

func TestEveryPageOfADemonstrationIsLabelled(t *testing.T) {
	b := browser{apptest.New(t, apptest.Options{Demo: true}), t}
	for pattern := range web.Patterns() {
		method, path := concrete(pattern)
		a := b.do(b.request(method, path, "application/x-www-form-urlencoded", nil))
		if a.header.Get("Location") == "" && strings.HasPrefix(a.header.Get("Content-Type"), "text/html") && !strings.Contains(a.words(t), "Demonstration. Nothing here is real") {
			t.Errorf("%s does not say that it is a demonstration", pattern)
		}
	}
}

// What would need a script, or load from elsewhere, is not in any template: the content policy would block it anyway.
func TestTemplatesHaveNoScriptAndNoStyle(t *testing.T) {
	names, err := fs.Glob(os.DirFS("."), "*.html")
	if err != nil || len(names) == 0 {
		t.Fatalf("no templates: %v", err)
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if name == "layout.html" { // the one script, which only the desk's pages load
			text = bytes.Replace(text, []byte(`<script src="/static/tipstaff.js" defer></script>`), nil, 1)
		}
		for _, never := range []string{"<script", "<style", " style=", " onclick", " onload", "javascript:", "src=\"http", "<img", "<iframe"} {
			if strings.Contains(strings.ToLower(string(text)), never) {
				t.Errorf("%s holds %q", name, never)
			}
		}
	}
}
