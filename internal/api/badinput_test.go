package api_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/tipstaff/tipstaff/internal/api"
	"github.com/tipstaff/tipstaff/internal/apptest"
)

// bad is what no property expects, as JSON.
var bad = []string{"\"half \xff\xfe\"", `"a NUL \u0000"`, `"half a pair \ud800"`, `"` + strings.Repeat("long ", 14_000) + `"`, "99999999999999999999999", "-1", "1e400", "true", "[[[[]]]]", `{"a":{"b":1}}`,
	"null", `"a\r\nSet-Cookie: a=b"`, `"\u202e"`, `"12026-01-01T00:00:00Z"`}

// Every property of every body takes what it does not expect: the answer is a problem document that says what is wrong, and never
// that the fault was ours.
func TestEveryOperationAnswersToEverything(t *testing.T) {
	apptest.Long(t)
	p := apptest.New(t, apptest.Options{})
	mine, err := asJuno(t, p, "").Report(t.Context(), "juno", overflow, "")
	if err != nil {
		t.Fatal(err)
	}
	_, text := ask(t, "GET", p.URL+api.Prefix+"/openapi.json", "")
	var doc struct {
		Paths map[string]map[string]struct {
			RequestBody struct {
				Content map[string]struct{ Schema map[string]string }
			}
		}
		Components struct {
			Schemas map[string]struct{ Properties map[string]any }
		}
	}
	if err := json.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatal(err)
	}
	sent := 0
	for _, path := range slices.Sorted(maps.Keys(doc.Paths)) {
		for method, op := range doc.Paths[path] {
			if method == "get" {
				continue
			}
			at := p.URL + api.Prefix + strings.NewReplacer("{project}", "juno", "{case}", string(mine.Case), "{person}", "x").Replace(path)
			ref := op.RequestBody.Content["application/json"].Schema["$ref"]
			bodies := []string{strings.Repeat("[", 100_000), strings.Repeat(`{"a":`, 100_000), "{", "nul", `"x"`, "[]", "{}{}", `{"a":1,"a":2}`, "\xff", "\x00"}
			delete(doc.Components.Schemas["Downstream"].Properties, "name") // a project may be called so, and needs nothing else
			delete(doc.Components.Schemas["Leaked"].Properties, "text")     // what was found somewhere is whatever it is
			for name := range doc.Components.Schemas[strings.TrimPrefix(ref, "#/components/schemas/")].Properties {
				for _, value := range bad {
					bodies = append(bodies, fmt.Sprintf(`{%q:%s}`, name, value))
				}
			}
			for _, body := range bodies {
				sent++
				res, got := ask(t, strings.ToUpper(method), at, body, "Authorization", "Bearer "+p.Token("juno", "jake"), "If-Match", `"999"`)
				if res.StatusCode < 400 || res.StatusCode >= 500 || res.Header.Get("Content-Type") != "application/problem+json" || len(res.Header.Values("Set-Cookie")) > 0 {
					t.Errorf("%s %s with %.60q: got %d %s\n%.300s", method, path, body, res.StatusCode, res.Header.Get("Content-Type"), got)
				}
				var problem api.Problem
				if json.Unmarshal([]byte(got), &problem) != nil || problem.Status != res.StatusCode || problem.Detail == "" || len(got) > 4000 {
					t.Errorf("%s %s with %.60q is told %.300q", method, path, body, got)
				}
				if res.StatusCode == http.StatusUnprocessableEntity && strings.HasPrefix(body, `{"`) && !strings.HasPrefix(body, `{"a"`) && !strings.Contains(got, `"/`) && !strings.Contains(got, "from byte") {
					t.Errorf("%s %s with %.60q names no property: %.300s", method, path, body, got)
				}
			}
		}
	}
	if sent < 500 {
		t.Errorf("only %d bodies were sent", sent)
	}
}
