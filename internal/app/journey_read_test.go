package app_test

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/api"
	"github.com/tipstaff/tipstaff/internal/apptest"
)

// compareReading asks, as each of the people whom the journey names, for everything of the case that the API gives.
func (j journey) compareReading(t *testing.T, p *apptest.Program) {
	t.Helper()
	for who := range maps.Keys(j.hidden) {
		read := j.readBy(t, p, who)
		for _, word := range j.hidden[who] {
			if where := holding(read, word); len(where) > 0 {
				t.Errorf("%s reads %q: %v", who, word, where)
			}
		}
	}
	for who := range maps.Keys(j.told) {
		read := j.readBy(t, p, who)
		for _, word := range j.told[who] {
			if len(holding(read, word)) == 0 {
				t.Errorf("%s does not read %q, on %d pages", who, word, len(read))
			}
		}
	}
}

// readBy is what somebody of the roster, or the holder of a code, reads of the case, by path.
func (j journey) readBy(t *testing.T, p *apptest.Program, who string) map[string]string {
	t.Helper()
	bearer := p.Journey.Codes[j.name+"/"+who]
	if bearer == "" {
		bearer = p.Token(j.project, cvd.ActorID(who))
	}
	var doc struct {
		Paths map[string]map[string]any
	}
	if err := json.Unmarshal([]byte(ask(t, p, "GET", api.Prefix+"/openapi.json", "").Body), &doc); err != nil {
		t.Fatal(err)
	}
	read := map[string]string{}
	for path, methods := range doc.Paths {
		at := strings.NewReplacer("{project}", string(j.project), "{case}", string(p.Journey.Cases[j.name])).Replace(path)
		if _, reads := methods["get"]; reads && strings.Contains(path, "{case}") && !strings.Contains(at, "{") {
			_, body := readAs(t, p, at, bearer)
			read[at] = strings.ToLower(body)
		}
	}
	if len(read) < 5 {
		t.Fatalf("only %d paths of a case are read: %v", len(read), slices.Collect(maps.Keys(read)))
	}
	return read
}

// readAs is what the API answers to the bearer of a token or a code.
func readAs(t *testing.T, p *apptest.Program, path, bearer string) (status int, body string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, p.URL+api.Prefix+path, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+bearer)
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(text)
}
