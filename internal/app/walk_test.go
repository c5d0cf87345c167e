package app_test

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/tipstaff/tipstaff/internal/apptest"
)

// TestWhoeverComesReadsWhatIsTheirsAndNothingElse walks every route as everybody, about every kind of case. Whatever is withheld
// answers as what is absent does, to the byte, and no answer holds a word that its asker may not read.
func TestWhoeverComesReadsWhatIsTheirsAndNothingElse(t *testing.T) {
	s := newScene(t)
	pages, operations := webRoutes(t), s.apiRoutes()
	steps, strangers, read := operations["POST /projects/{project}/cases/{case}/{step}"], map[string]answer{}, map[string]bool{}
	for i, v := range s.visitors {
		t.Run(strings.ReplaceAll(v.name, " ", "-"), func(t *testing.T) {
			w := walker{scene: s, t: t, who: v, steps: steps, turn: i, met: map[string]bool{}, public: strangers}
			for pattern, access := range pages {
				row, known := webWalk[pattern]
				if !known {
					t.Errorf("%s has no row in the walk: say who may come, and what it answers", pattern)
				}
				if want := webAccess[row.to]; known && !slices.Contains(want, access) {
					t.Errorf("%s is for %s in the walk, and for %s in its own table", pattern, row.to, access)
				}
				w.web(pattern, row)
			}
			for pattern := range operations {
				row, known := apiWalk[pattern]
				if !known {
					t.Errorf("%s has no row in the walk", pattern)
				}
				w.api(pattern, row, operations[pattern])
			}
			w.everythingThatIsTheirs()
			maps.Copy(read, w.met)
		})
	}
	for word := range s.sown {
		name, _, _ := strings.Cut(word, " ")
		if i := slices.IndexFunc(s.objects, func(o object) bool { return o.name == name }); name != "erased" && name != "other" && !read[word] && (i < 0 || !s.objects[i].public) {
			t.Errorf("nobody met the %s, not even those who may read it: the walk is blind there", word)
		}
	}
	for pattern := range webWalk {
		if _, there := pages[pattern]; !there {
			t.Errorf("the walk has a row for %s, which is no route", pattern)
		}
	}
}

// webAccess is what the table of routes calls a door.
var webAccess = map[door][]string{public: {"everybody"}, anybody: {"everybody"}, holders: {"holder"}, invitees: {"invitee"}, readers: {"everybody"}, keepers: {"member"}, members: {"member"}, administrators: {"administrator"}}

// webRoutes reads the table of the pages, which no other package can ask.
func webRoutes(t *testing.T) map[string]string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), apptest.Root(t)+"/internal/web/routes.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	ast.Inspect(file, func(n ast.Node) bool {
		row, ok := n.(*ast.CompositeLit)
		if !ok || len(row.Elts) != 4 {
			return true
		}
		pattern, isText := row.Elts[0].(*ast.BasicLit)
		who, isName := row.Elts[1].(*ast.Ident)
		if !isText || !isName {
			return true
		}
		name, err := strconv.Unquote(pattern.Value)
		if err != nil {
			t.Fatal(err)
		}
		out[name] = who.Name
		return true
	})
	if len(out) < 40 {
		t.Fatalf("only %d routes were found in the table", len(out))
	}
	return out
}

// apiRoutes is what the description of the API holds, which another test holds against the table; steps share one row.
func (s *scene) apiRoutes() map[string][]string {
	s.t.Helper()
	var doc struct {
		Paths map[string]map[string]any `json:"paths"`
	}
	if err := json.Unmarshal([]byte(ask(s.t, s.Program, "GET", "/api/v1/openapi.json", "").Body), &doc); err != nil {
		s.t.Fatal(err)
	}
	out := map[string][]string{}
	for path, methods := range doc.Paths {
		for method := range methods {
			pattern := strings.ToUpper(method) + " " + path
			if step, ok := strings.CutPrefix(pattern, "POST /projects/{project}/cases/{case}/"); ok && apiWalk[pattern].at == nil {
				pattern = "POST /projects/{project}/cases/{case}/{step}"
				out[pattern] = append(out[pattern], step)
				continue
			}
			out[pattern] = append(out[pattern], "")
		}
	}
	return out
}
