package api_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/api"
	"github.com/tipstaff/tipstaff/internal/apptest"
	"github.com/tipstaff/tipstaff/internal/casework"
)

// asJuno is a client whose every answer is held against the OpenAPI document.
func asJuno(t *testing.T, p *apptest.Program, token string) *api.Client {
	return &api.Client{Server: p.URL, Token: token, HTTP: &http.Client{Transport: judge{t}}}
}

// overflow is a report in order.
var overflow = api.Report{Title: "Overflow in the parser", Description: "SECRET details: send 65536 bytes.", Component: "rpc", Version: "0.14.2",
	Steps: []string{"start it", "send it"}, Contact: cvd.Contact{Email: "rita@example.org"}}

// ask sends a request as it is, and returns the answer with its body.
func ask(t *testing.T, method, url, body string, headers ...string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(b)
}

func TestAReportIsTakenInAndItsReporterFollowsIt(t *testing.T) {
	p := apptest.New(t, apptest.Options{})
	got, err := asJuno(t, p, "").Report(t.Context(), "juno", overflow, "")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(got.Code, string(got.Case)+"-") || got.StatusURL != p.URL+"/p/juno/status" || !strings.Contains(got.Notice, "public") {
		t.Errorf("the reporter leaves with case %s, code %s, status %s, notice %q", got.Case, got.Code, got.StatusURL, got.Notice)
	}
	var receipt struct{ Case, Promise string }
	if err := json.Unmarshal(got.Receipt, &receipt); err != nil || receipt.Case != string(got.Case) || receipt.Promise == "" {
		t.Errorf("the receipt is %s, %v", got.Receipt, err)
	}

	reporter := asJuno(t, p, got.Code)
	c, err := reporter.Case(t.Context(), "juno", got.Case)
	if err != nil {
		t.Fatal(err)
	}
	if c.State != "received" || c.Rev != 0 || len(c.Reports) != 1 || c.Reports[0].Description != overflow.Description || c.Reports[0].Door != "api" {
		t.Errorf("the reporter sees %+v", c)
	}

	core := asJuno(t, p, p.Token("juno", "jake"))
	if c, err = core.Case(t.Context(), "juno", got.Case); err != nil || c.Rev != 1 {
		t.Fatalf("the team sees revision %d, %v", c.Rev, err)
	}
	if c, err = core.Step(t.Context(), "juno", got.Case, "acknowledge", c.Rev, cvd.Acknowledged{Message: "Thank you, Rita."}); err != nil {
		t.Fatal(err)
	}
	if c.State != "acknowledged" || c.Rev != 2 {
		t.Errorf("after acknowledging, the case is %s at revision %d", c.State, c.Rev)
	}
	c, err = reporter.Step(t.Context(), "juno", got.Case, "message", 0, cvd.Messaged{Text: "You are welcome."})
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Messages) != 2 || c.Messages[0].Text != "Thank you, Rita." || c.Messages[1].By != "reporter:1" {
		t.Errorf("the reporter reads %+v", c.Messages)
	}
}

// TestWithheldAndAbsentAreTheSameAnswer: for a stranger, for another reporter and for another project's people.
func TestWithheldAndAbsentAreTheSameAnswer(t *testing.T) {
	p := apptest.New(t, apptest.Options{})
	mine, err := asJuno(t, p, "").Report(t.Context(), "juno", overflow, "")
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := asJuno(t, p, "").Report(t.Context(), "juno", api.Report{Title: "Another", Description: "matter"}, "")
	if err != nil {
		t.Fatal(err)
	}
	absent := "JUNO-0000"
	if mine.Case == cvd.CaseID(absent) || theirs.Case == cvd.CaseID(absent) {
		absent = "JUNO-ZZZZ"
	}
	paths := []string{"", "/alike", "/receipt", "/attachments/x"}
	for name, credential := range map[string]string{
		"a stranger":          "",
		"another reporter":    theirs.Code,
		"somebody elsewhere":  p.Token("solo-miner-monitor", "vera"),
		"a guessed code":      string(mine.Case) + "-0000-0000-0000-0000",
		"a guessed token":     "tst_0000000000000000000000000000000000000000",
		"another kind of key": "whatever",
	} {
		for _, path := range paths {
			for _, method := range []string{"GET", "POST"} {
				body := ""
				if method == "POST" {
					path, body = "/note", `{"text":"x"}`
				}
				seen := func(id string) string {
					resp, text := ask(t, method, p.URL+"/api/v1/projects/juno/cases/"+id+path, body, "Authorization", "Bearer "+credential)
					resp.Header.Del("Date")
					if resp.StatusCode < 400 {
						t.Errorf("%s %s %s%s: %s", name, method, id, path, resp.Status)
					}
					return fmt.Sprint(resp.Status, resp.Header, text)
				}
				withheld, there := seen(string(mine.Case)), seen(absent)
				if credential != theirs.Code && credential != "" { // these answers name no case either
					if strings.Contains(withheld, string(mine.Case)) {
						t.Errorf("%s reads the id of a case: %s", name, withheld)
					}
				}
				if withheld != there || strings.Contains(withheld, "SECRET") {
					t.Errorf("%s, %s %s (-absent +withheld):\n%s", name, method, path, cmp.Diff(there, withheld))
				}
			}
		}
	}
	if got, err := asJuno(t, p, "").Cases(t.Context(), "juno", api.CasesQuery{}); err != nil || len(got.Cases) != 0 {
		t.Errorf("a stranger's list holds %v, %v", got, err)
	}
}

func TestTheSameReportTwiceIsOneCase(t *testing.T) {
	p := apptest.New(t, apptest.Options{Projects: []string{"juno"}})
	body, url := `{"title":"Overflow","description":"long enough"}`, p.URL+"/api/v1/projects/juno/reports"
	first, text := ask(t, "POST", url, body, "Idempotency-Key", "k1")
	if first.StatusCode != 201 {
		t.Fatalf("%s: %s", first.Status, text)
	}
	second, again := ask(t, "POST", url, body, "Idempotency-Key", "k1")
	if second.StatusCode != 201 || again != text || second.Header.Get("Location") != first.Header.Get("Location") {
		t.Errorf("sent again: %s (-first +second):\n%s", second.Status, cmp.Diff(text, again))
	}
	var code struct{ Code string }
	if err := json.Unmarshal([]byte(text), &code); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(first.Header.Get("Location"), code.Code) {
		t.Errorf("the return code stands in a URL: %s", first.Header.Get("Location"))
	}
	other, refused := ask(t, "POST", url, `{"title":"Underflow","description":"another"}`, "Idempotency-Key", "k1")
	if other.StatusCode != 422 || strings.Contains(refused, code.Code) || strings.Contains(refused, "Overflow") {
		t.Errorf("another body under the same key: %s %s, want 422 and nothing of the first", other.Status, refused)
	}
	list, err := asJuno(t, p, p.Token("juno", "jake")).Cases(t.Context(), "juno", api.CasesQuery{})
	if err != nil || len(list.Cases) != 1 {
		t.Errorf("there are %d cases, want 1 (%v)", len(list.Cases), err)
	}
}

func TestARefusedRequestSaysWhatIsWrong(t *testing.T) {
	p := apptest.New(t, apptest.Options{Projects: []string{"juno"}})
	reports := p.URL + "/api/v1/projects/juno/reports"
	for _, c := range []struct {
		name, method, url, body string
		headers                 []string
		status                  int
		pointer                 string
	}{
		{"an unknown field", "POST", reports, `{"title":"x","description":"y","colour":"red"}`, nil, 422, "/colour"},
		{"no title", "POST", reports, `{"description":"y"}`, nil, 422, "/title"},
		{"bytes that are no UTF-8", "POST", reports, "{\"title\":\"x\",\"description\":\"\xff\"}", nil, 422, "/description"},
		{"NUL in a list", "POST", reports, `{"title":"x","description":"y","steps":["a","b\u0000"]}`, nil, 422, "/steps/1"},
		{"no JSON", "POST", reports, `title=x`, nil, 422, ""},
		{"a form", "POST", reports, `title=x`, []string{"Content-Type", "application/x-www-form-urlencoded"}, 415, ""},
		{"a megabyte", "POST", reports, `{"title":"` + strings.Repeat("x", 1<<20) + `"}`, nil, 413, ""},
		{"a long title", "POST", reports, `{"description":"y","title":"` + strings.Repeat("x", 301) + `"}`, nil, 422, "/title"},
		{"an unknown parameter", "GET", p.URL + "/api/v1/projects/juno/cases?colour=red", "", nil, 422, "/colour"},
		{"a cursor of nobody", "GET", p.URL + "/api/v1/projects/juno/cases?cursor=x", "", nil, 422, "/cursor"},
		{"no such project", "GET", p.URL + "/api/v1/projects/jupiter", "", nil, 404, ""},
		{"no such address", "GET", p.URL + "/api/v1/nothing", "", nil, 404, ""},
		{"no such method", "DELETE", p.URL + "/api/v1/projects/juno", "", nil, 405, ""},
		{"no credential", "GET", p.URL + "/api/v1/projects/juno/people", "", nil, 401, ""},
		{"a password as credential", "GET", p.URL + "/api/v1/projects/juno", "", []string{"Authorization", "Basic eDp5"}, 401, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			resp, text := ask(t, c.method, c.url, c.body, c.headers...)
			var problem api.Problem
			if err := json.Unmarshal([]byte(text), &problem); err != nil {
				t.Fatalf("%s is no problem document: %v", text, err)
			}
			if resp.StatusCode != c.status || problem.Status != c.status || resp.Header.Get("Content-Type") != "application/problem+json" || problem.Detail == "" {
				t.Errorf("got %s %s %+v, want a problem with status %d", resp.Status, resp.Header.Get("Content-Type"), problem, c.status)
			}
			if c.pointer != "" && (len(problem.Errors) != 1 || problem.Errors[0].Pointer != c.pointer) {
				t.Errorf("the errors are %+v, want one at %s", problem.Errors, c.pointer)
			}
			if c.status == 401 && resp.Header.Get("WWW-Authenticate") == "" {
				t.Error("nothing says how to sign in")
			}
		})
	}
}

// TestAHugeBodyIsRefusedWithoutReadingIt: the answer comes after the header of the request, before any of its body.
func TestAHugeBodyIsRefusedWithoutReadingIt(t *testing.T) {
	p := apptest.New(t, apptest.Options{Projects: []string{"juno"}})
	conn, err := net.Dial("tcp", strings.TrimPrefix(p.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "POST /api/v1/projects/juno/reports HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n", 100<<20)
	if err := conn.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	answer, err := io.ReadAll(conn) // until the server closes
	if !bytes.HasPrefix(answer, []byte("HTTP/1.1 413 ")) || !bytes.Contains(answer, []byte("Connection: close")) {
		t.Errorf("got %q, %v; want 413 and the connection closed", answer, err)
	}
}

func TestAStaleRevisionIsNotOverwritten(t *testing.T) {
	p := apptest.New(t, apptest.Options{Projects: []string{"juno"}})
	got, err := asJuno(t, p, "").Report(t.Context(), "juno", overflow, "")
	if err != nil {
		t.Fatal(err)
	}
	url := p.URL + "/api/v1/projects/juno/cases/" + string(got.Case)
	bearer := []string{"Authorization", "Bearer " + p.Token("juno", "jake")}
	with := func(more ...string) []string { return append(slices.Clone(bearer), more...) }

	read, _ := ask(t, "GET", url, "", bearer...)
	tag := read.Header.Get("ETag")
	if tag != `"1"` {
		t.Fatalf("the ETag is %s, want \"1\"", tag)
	}
	if resp, body := ask(t, "GET", url, "", with("If-None-Match", tag)...); resp.StatusCode != 304 || body != "" {
		t.Errorf("read again: %s %q, want 304", resp.Status, body)
	}
	if resp, text := ask(t, "POST", url+"/note", `{"text":"first"}`, with("If-Match", tag)...); resp.StatusCode != 200 || resp.Header.Get("ETag") != `"2"` {
		t.Fatalf("the first note: %s %s", resp.Status, text)
	}
	for _, match := range []string{tag, `"0"`, `"9"`, "nonsense", `W/"2"`} {
		if resp, text := ask(t, "POST", url+"/note", `{"text":"lost"}`, with("If-Match", match)...); resp.StatusCode != 412 {
			t.Errorf("If-Match: %s: %s %s, want 412", match, resp.Status, text)
		}
	}
	if resp, text := ask(t, "POST", url+"/note", `{"text":"second"}`, with("If-Match", "*")...); resp.StatusCode != 200 || strings.Contains(text, "lost") {
		t.Errorf("If-Match: *: %s %s", resp.Status, text)
	}
	if resp, text := ask(t, "POST", url+"/approve", `{"edition":1,"hash":"x"}`, bearer...); resp.StatusCode != 422 || !strings.Contains(text, "/hash") {
		t.Errorf("a read-only field: %s %s, want 422", resp.Status, text)
	}
}

func TestARefusalNamesItsClause(t *testing.T) {
	p := apptest.New(t, apptest.Options{Projects: []string{"juno"}})
	got, err := asJuno(t, p, "").Report(t.Context(), "juno", overflow, "")
	if err != nil {
		t.Fatal(err)
	}
	_, err = asJuno(t, p, p.Token("juno", "jake")).Step(t.Context(), "juno", got.Case, "prioritise", 0, cvd.Prioritised{Priority: "high", Because: "it is bad"})
	refusal, ok := errors.AsType[*cvd.Error](err)
	clause := func(o cvd.Objection) bool {
		return strings.HasPrefix(o.Clause, "steps.prioritise.requires") && o.Says != ""
	}
	if !ok || refusal.Kind != cvd.Refused || !slices.ContainsFunc(refusal.All, clause) {
		t.Errorf("prioritising what is not validated: %+v, want a refusal that names its clause", err)
	}
	// A reporter is admitted to the routes of all steps, and stopped by the policy: the second lock holds when the first is open.
	_, err = asJuno(t, p, got.Code).Step(t.Context(), "juno", got.Case, "validate", 0, cvd.Validated{Evidence: "trust me"})
	if !errors.Is(err, cvd.Refused) {
		t.Errorf("a reporter validates: %v, want Refused", err)
	}
}

func TestAGuestSeesOneCase(t *testing.T) {
	p := apptest.New(t, apptest.Options{Projects: []string{"juno"}})
	var cases []cvd.CaseID
	for range 2 {
		got, err := asJuno(t, p, "").Report(t.Context(), "juno", overflow, "")
		if err != nil {
			t.Fatal(err)
		}
		cases = append(cases, got.Case)
	}
	core := asJuno(t, p, p.Token("juno", "jake"))
	for _, role := range []string{"core", "admin", "wizard"} {
		_, err := core.Invite(t.Context(), "juno", cases[0], 0, api.Guest{Name: "Gina", Roles: []string{"chain", role}})
		if e, ok := errors.AsType[*cvd.Error](err); !ok || e.Kind != cvd.Invalid || e.Field != "/roles/1" || !strings.Contains(e.Says, "chain") {
			t.Errorf("invited as %s: %v", role, err)
		}
	}
	invited, err := core.Invite(t.Context(), "juno", cases[0], 0, api.Guest{Name: "Gina", Roles: []string{"chain"}})
	if err != nil {
		t.Fatal(err)
	}
	guest := asJuno(t, p, invited.Code)
	if c, err := guest.Case(t.Context(), "juno", cases[0]); err != nil || len(c.Reports) > 0 || c.Title != "" || c.Rev != 0 {
		t.Errorf("who has not accepted sees %+v, %v", c, err)
	}
	all := []string{"time", "no_exploitation", "good_faith", "confidential", "private"}
	if _, err := guest.Step(t.Context(), "juno", cases[0], "answer", 0, cvd.Answered{Accept: true, Terms: all}); err != nil {
		t.Fatal(err)
	}
	if c, err := guest.Case(t.Context(), "juno", cases[0]); err != nil || c.Reports[0].Contact.Email != "" {
		t.Errorf("the guest sees %+v, %v; want the case without the reporter's address", c.Reports, err)
	}
	if _, err := guest.Case(t.Context(), "juno", cases[1]); !errors.Is(err, cvd.NotFound) {
		t.Errorf("the guest asks for another case: %v, want NotFound", err)
	}
	if b, err := json.Marshal(invited.Case); err != nil || bytes.Contains(b, []byte(strings.TrimPrefix(invited.Code, string(cases[0])))) {
		t.Errorf("the case holds the guest's code: %s, %v", b, err)
	}
}

func TestCasesArePagedFoundAndCompared(t *testing.T) {
	p := apptest.New(t, apptest.Options{Projects: []string{"juno"}})
	core := asJuno(t, p, p.Token("juno", "jake"))
	var want []cvd.CaseID
	for _, word := range []string{"parser", "scheduler", "mempool"} {
		got, err := asJuno(t, p, "").Report(t.Context(), "juno", api.Report{Title: "Overflow in the " + word, Description: "the " + word + " overflows under gossip pressure"}, "")
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, got.Case)
		p.Wait(time.Minute)
	}
	slices.Reverse(want)
	var got []cvd.CaseID
	q := api.CasesQuery{Limit: 2}
	for {
		page, err := core.Cases(t.Context(), "juno", q)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range page.Cases {
			got = append(got, c.Case)
		}
		if q.Cursor = page.Next; q.Cursor == "" {
			break
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("the pages hold %v, want %v", got, want)
	}
	if found, err := core.Search(t.Context(), "juno", "scheduler overflow"); err != nil || !slices.Equal(found.Cases, want[1:2]) {
		t.Errorf("the search finds %v, %v; want %s", found.Cases, err, want[1])
	}
	if alike, err := core.Alike(t.Context(), "juno", want[0]); err != nil || slices.Contains(alike.Cases, want[0]) {
		t.Errorf("alike: %v, %v; want others only", alike.Cases, err)
	}
}

func TestOnlyAdministratorsChangeTheRoster(t *testing.T) {
	p := apptest.New(t, apptest.Options{Projects: []string{"juno"}})
	admin, core := asJuno(t, p, p.Token("juno", "jake")), asJuno(t, p, p.Token("juno", "alex"))
	nora := api.Person{Handle: "nora", Name: "Nora", Roles: []string{"core"}, Active: new(true), Password: "correct horse battery"}
	if _, err := core.PutPerson(t.Context(), "juno", nora); !errors.Is(err, cvd.Refused) {
		t.Errorf("somebody else adds a person: %v, want Refused", err)
	}
	if _, err := admin.PutPerson(t.Context(), "juno", nora); err != nil {
		t.Fatal(err)
	}
	if _, err := admin.SignIn(t.Context(), "juno", api.Credentials{Name: "nora", Password: "wrong horse battery"}); !errors.Is(err, cvd.Anonymous) {
		t.Errorf("a wrong password: %v, want Anonymous", err)
	}
	token, err := asJuno(t, p, "").SignIn(t.Context(), "juno", api.Credentials{Name: "nora", Password: "correct horse battery"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := asJuno(t, p, token.Token).Search(t.Context(), "juno", "x"); err != nil {
		t.Errorf("Nora's token opens nothing: %v", err)
	}
	p.Wait(12 * time.Hour)
	if _, err := asJuno(t, p, token.Token).Search(t.Context(), "juno", "x"); !errors.Is(err, cvd.Anonymous) {
		t.Errorf("after twelve hours: %v, want Anonymous", err)
	}
	for name, bad := range map[string]api.Person{
		"an unknown role":    {Handle: "nora", Name: "Nora", Roles: []string{"queen"}, Active: new(true)},
		"a reporter's name":  {Handle: "reporter:1", Name: "R", Roles: []string{"core"}, Active: new(true)},
		"the program's name": {Handle: "system", Name: "S", Roles: []string{"core"}, Active: new(true)},
		"no name":            {Handle: "nora", Roles: []string{"core"}, Active: new(true)},
		"a short password":   {Handle: "nora", Name: "Nora", Roles: []string{"core"}, Active: new(true), Password: "short"},
	} {
		if _, err := admin.PutPerson(t.Context(), "juno", bad); !errors.Is(err, cvd.Invalid) {
			t.Errorf("%s: %v, want Invalid", name, err)
		}
	}
	if _, err := admin.PutPerson(t.Context(), "juno", api.Person{Handle: "jake", Name: "Jake", Roles: []string{"core"}, Active: new(true)}); !errors.Is(err, cvd.Refused) {
		t.Errorf("the last administrator steps down: %v, want Refused", err)
	}
	nora.Active, nora.Password = new(false), ""
	if _, err := admin.PutPerson(t.Context(), "juno", nora); err != nil {
		t.Fatal(err)
	}
	if _, err := asJuno(t, p, "").SignIn(t.Context(), "juno", api.Credentials{Name: "nora", Password: "correct horse battery"}); !errors.Is(err, cvd.Anonymous) {
		t.Errorf("a leaver signs in: %v, want Anonymous", err)
	}
	made, err := admin.NewToken(t.Context(), "juno", api.NewToken{Handle: "alex", Days: 1})
	if err != nil || !strings.HasPrefix(made.Token, "tst_") || made.Expires.IsZero() {
		t.Errorf("a token for alex: %+v, %v", made, err)
	}
}

func TestTheProjectSaysWhatReportersMustKnow(t *testing.T) {
	p := apptest.New(t, apptest.Options{})
	c := asJuno(t, p, "")
	all, err := c.Projects(t.Context())
	if err != nil || len(all.Projects) != 2 {
		t.Fatalf("the projects are %v, %v", all, err)
	}
	solo, err := c.Project(t.Context(), "solo-miner-monitor")
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(solo.Clocks, func(k api.Promise) bool { return k.Name == "response" })
	if i < 0 || solo.Clocks[i].Within == nil || solo.Clocks[i].Within.ByClass["critical"] != "24 hours" || len(solo.Classes) != 5 || solo.Notice == "" {
		t.Errorf("the project says %+v", solo)
	}
	if md, err := c.Policy(t.Context(), "juno"); err != nil || !bytes.HasPrefix(md, []byte("# ")) {
		t.Errorf("the policy in words is %.60s, %v", md, err)
	}
	if _, err := c.Document(t.Context(), "juno"); !errors.Is(err, cvd.Anonymous) {
		t.Errorf("a stranger reads the document: %v, want Anonymous", err)
	}
	if doc, err := asJuno(t, p, p.Token("juno", "jake")).Document(t.Context(), "juno"); err != nil || !bytes.Contains(doc, []byte("policy: juno")) {
		t.Errorf("the document is %.60s, %v", doc, err)
	}
}

func TestAFileIsSavedAndNeverShown(t *testing.T) {
	p := apptest.New(t, apptest.Options{Projects: []string{"juno"}})
	page := []byte("<script>alert(1)</script>")
	kept, err := p.Casework.Receive(t.Context(), "juno", "form", cvd.Report(overflow), []casework.File{{Name: "Prüf\"ung.html", Body: page}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	c, err := asJuno(t, p, kept.Code).Case(t.Context(), "juno", kept.Case)
	if err != nil || len(c.Reports[0].Attachments) != 1 {
		t.Fatalf("the reporter's files are %+v, %v", c.Reports, err)
	}
	url := p.URL + "/api/v1/projects/juno/cases/" + string(kept.Case) + "/attachments/"
	resp, body := ask(t, "GET", url+c.Reports[0].Attachments[0].ID, "", "Authorization", "Bearer "+kept.Code)
	_, names, err := mime.ParseMediaType(resp.Header.Get("Content-Disposition"))
	if err != nil || !strings.HasPrefix(resp.Header.Get("Content-Disposition"), "attachment;") || names["filename"] != "Prüf\"ung.html" ||
		resp.Header.Get("Content-Type") != "application/octet-stream" || resp.Header.Get("X-Content-Type-Options") != "nosniff" || body != string(page) {
		t.Errorf("the file comes as %v: %q", resp.Header, body)
	}
	if resp, _ := ask(t, "GET", url+"none", "", "Authorization", "Bearer "+kept.Code); resp.StatusCode != 404 {
		t.Errorf("a file that is not there: %s, want 404", resp.Status)
	}
}

func TestTheReceiptIsOnlyForItsReporterAndTheTeam(t *testing.T) {
	p := apptest.New(t, apptest.Options{Projects: []string{"juno"}})
	got, err := asJuno(t, p, "").Report(t.Context(), "juno", overflow, "")
	if err != nil {
		t.Fatal(err)
	}
	first, err := asJuno(t, p, got.Code).Receipt(t.Context(), "juno", got.Case)
	if err != nil || !bytes.Equal(first, got.Receipt) {
		t.Errorf("the receipt asked for differs from the one that was given (%v):\n%s\n%s", err, first, got.Receipt)
	}
	p.Wait(2 * time.Hour)
	proven, err := asJuno(t, p, got.Code).Receipt(t.Context(), "juno", got.Case)
	if err != nil || !bytes.Contains(proven, []byte("checkpoint")) {
		t.Errorf("after the hour: %.80s, %v; want the proof", proven, err)
	}
	if _, err := asJuno(t, p, "").Receipt(t.Context(), "juno", got.Case); !errors.Is(err, cvd.Anonymous) {
		t.Errorf("a stranger asks for it: %v, want Anonymous", err)
	}
}
