package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
)

const defaultPolicy = "../../policies/default.yaml"

func TestDriftEndsWithAStatusForScripts(t *testing.T) {
	page := does(t, "policy", "render", defaultPolicy)
	same := keep(t, "# Handbook\n\nOur own words.\n\n"+strings.ReplaceAll(page, "\n- ", "\n* ")+"\n## Menu\n")
	other := keep(t, strings.Replace(page, "No embargo is longer than 90 days", "No embargo is longer than 120 days", 1))
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/security" {
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write([]byte(page))
	}))
	defer site.Close()
	for name, c := range map[string]struct {
		args   []string
		status int
		says   string
	}{
		"the same, in a longer page":   {[]string{defaultPolicy, same}, done, "says what the policy says"},
		"the same, on the web":         {[]string{defaultPolicy, site.URL + "/security"}, done, "says what the policy says"},
		"one word":                     {[]string{defaultPolicy, same, other}, no, "No embargo is longer than [-90-] {+120+} days."},
		"no copy at all":               {[]string{defaultPolicy, keep(t, "# Recipes\n\nTake two eggs.\n")}, no, "this page holds no copy"},
		"somebody who left":            {[]string{defaultPolicy, keep(t, page+"\nAsk Mira Lantern.\n"), "--left", "Mira Lantern"}, no, "Mira Lantern left and is still named"},
		"a name that Discord retired":  {[]string{defaultPolicy, keep(t, page+"\nAsk `mira#4711`.\n")}, no, "nobody is reached there: Discord retired"},
		"a document that is no policy": {[]string{same, same}, wrongUse, "document"},
		"a page that is not there":     {[]string{defaultPolicy, site.URL + "/other"}, unreachable, "404"},
		"a file that is not there":     {[]string{defaultPolicy, "/nowhere/SECURITY.md"}, unreachable, "/nowhere/SECURITY.md"},
	} {
		t.Run(name, func(t *testing.T) {
			r := tipstaff(t, "", append([]string{"policy", "drift"}, c.args...)...)
			if r.status != c.status || !strings.Contains(r.out+r.err, c.says) {
				t.Errorf("status %d, want %d with %q:\n%s%s", r.status, c.status, c.says, r.out, r.err)
			}
		})
	}
	var all []struct {
		Copy, Kind, Words string
		Line              int
	}
	r := tipstaff(t, "", "policy", "drift", "--format", "json", defaultPolicy, other)
	if err := json.Unmarshal([]byte(r.out), &all); err != nil || len(all) != 1 || all[0].Copy != other || all[0].Kind != "changed" || all[0].Line == 0 {
		t.Errorf("as JSON: %v\n%s", err, r.out)
	}
}

func TestATextIsMendedAndDrafted(t *testing.T) {
	const damaged, right = "../../internal/prose/testdata/harbour-macroman.md", "../../internal/prose/testdata/harbour.md"
	want, err := os.ReadFile(right)
	if err != nil {
		t.Fatal(err)
	}
	was, err := os.ReadFile(damaged)
	if err != nil {
		t.Fatal(err)
	}
	r := tipstaff(t, "", "policy", "repair", damaged)
	if r.status != done || r.out != string(want) || strings.Count(r.err, "read as MacRoman") != 7 {
		t.Errorf("status %d\n%s%s", r.status, r.out, r.err)
	}
	if got := does(t, "policy", "import", "--format", "source", damaged); got != string(was) {
		t.Error("a text that nobody asked to mend comes out as another one")
	}
	if got := does(t, "policy", "import", "--format", "source", "--repair", damaged); got != string(want) {
		t.Error("a text that was to be mended is not")
	}
	out := t.TempDir() + "/policy.yaml"
	does(t, "policy", "import", "--output", out, right)
	if lint := tipstaff(t, "", "policy", "render", out); lint.status != done {
		t.Errorf("the draft is no policy: %s", lint.err)
	}
	if r := tipstaff(t, "", "policy", "import", "--output", out, right); r.status != unreachable {
		t.Errorf("a file that is there was overwritten: status %d", r.status)
	}
	if r := tipstaff(t, "Gr\xfc\xdfe", "policy", "import", "-"); r.status != no || !strings.Contains(r.err, "UTF-8") {
		t.Errorf("another encoding: status %d, %s", r.status, r.err)
	}
	text := does(t, "policy", "import", "--format", "text", right, keep(t, "Write to security@harbour.example. Alert Mira on `Mira Lantern ✨🔭#4711`.\n"))
	for _, says := range []string{"harbour.md:15: contacts.alarm = Mira (the lamp), Mira Lantern ✨🔭#4711", "names a contact that", "jo 🦙#0815", "Not said:"} {
		if !strings.Contains(text, says) {
			t.Errorf("%q is not said:\n%s", says, text)
		}
	}
}
