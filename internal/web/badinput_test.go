package web_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/tipstaff/tipstaff/internal/apptest"
	"github.com/tipstaff/tipstaff/internal/casework"
)

// bad is what no field expects. Each is sent in every field of every form.
var bad = map[string]string{
	"half a character": "kept \xff\xfe words", "a NUL": "kept \x00 words", "an endless line": "kept words " + strings.Repeat("x", 70_000),
	"a new header": "kept words\r\nSet-Cookie: a=b", "a number out of range": "99999999999999999999999", "a negative number": "-1", "only spaces": " \t\n ",
	"a year of five digits": "12026-01-01T00:00", "brackets": strings.Repeat("[", 10_000), "a formula": "=kept words()", "an escape": "\x1b]0;kept words\x07",
}

// Every form of the desk takes what no form expects: it says what is wrong, and gives back what was typed. The fields are those that
// the form itself shows.
func TestEveryFormOfTheDeskAnswersToEverything(t *testing.T) {
	apptest.Long(t)
	b := open(t)
	b.Play("juno", "one", "rita reports {title: Overflow, kind: security, description: long enough}\ndimi acknowledge {}\ndimi validate {evidence: seen}\ndimi triage {sensitive: true, impact: much}")
	path := "/desk/juno/cases/" + string(b.Journey.Cases["one"])
	c := b.enter("juno", "dimi")
	for _, step := range casework.Steps {
		form := b.see(path+"/"+step.Name, c)
		if form.status != http.StatusOK {
			t.Errorf("the form for %s: got %d", step.Name, form.status)
			continue
		}
		fields := fieldsOf(t, form, path+"/"+step.Name)
		for _, what := range []string{"half a character", "a NUL", "an endless line", "a new header", "a number out of range", "a negative number", "only spaces",
			"a year of five digits", "brackets", "a formula", "an escape"} {
			typed := url.Values{"rev": {"1"}}
			for _, name := range fields {
				typed.Set(name, bad[what])
			}
			a := b.send(path+"/"+step.Name, typed, c)
			if a.status >= 500 || a.status < 300 {
				t.Errorf("%s in every field of %s: got %d", what, step.Name, a.status)
			}
			if cookies := a.header.Values("Set-Cookie"); len(cookies) > 0 {
				t.Errorf("%s in %s sets a cookie: %v", what, step.Name, cookies)
			}
			if a.status == http.StatusUnprocessableEntity && !strings.Contains(a.words(t), "Nothing was done yet") {
				t.Errorf("%s in %s is not said to be wrong:\n%s", what, step.Name, a.words(t))
			}
			text := slices.ContainsFunc(fields, func(name string) bool { return name == "text" || name == "says" || name == "because" })
			if strings.Contains(bad[what], "kept") && text && a.status >= 400 && !strings.Contains(a.body, "kept ") {
				t.Errorf("%s in %s: what was typed is lost (%d)", what, step.Name, a.status)
			}
		}
	}
	for _, name := range []string{"nothing", "..%2f..", "%00", strings.Repeat("x", 5000), "receive", "Note"} {
		if a := b.send(path+"/"+name, url.Values{"text": {"x"}}, c); a.status != http.StatusNotFound {
			t.Errorf("the step %.20q: got %d, want 404", name, a.status)
		}
	}
}

// fieldsOf are the names of the fields of one form of a page.
func fieldsOf(t *testing.T, a answer, action string) (names []string) {
	t.Helper()
	for _, form := range a.elements(t) {
		if form.Data != "form" || attr(form, "action") != action {
			continue
		}
		for n := range form.Descendants() {
			if name := attr(n, "name"); name != "" && name != "rev" && name != "files" && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}

// The public forms are the ones that anybody can reach.
func TestEveryPublicFormAnswersToEverything(t *testing.T) {
	apptest.Long(t)
	b := open(t)
	secret := b.report("juno", aReport())
	for _, project := range []string{"juno", "solo-miner-monitor"} {
		kind := map[string]string{"juno": "security", "solo-miner-monitor": "issue"}[project]
		root := "/p/" + project
		fields := fieldsOf(t, b.get(root+"/report?kind="+kind), root+"/report")
		if len(fields) < 5 {
			t.Fatalf("the form of %s has the fields %v", project, fields)
		}
		for what, text := range bad {
			for _, name := range fields {
				typed := aReport()
				typed.Set("kind", kind)
				typed.Del("once")
				typed.Set(name, text)
				a := b.upload(root+"/report", typed, nil)
				if a.status >= 500 {
					t.Errorf("%s as %s of a report to %s: got %d", what, name, project, a.status)
				}
				if a.status == http.StatusUnprocessableEntity && !strings.Contains(a.body, "A query with an empty height") && name != "description" && name != "look" {
					t.Errorf("%s as %s of a report to %s: the description that was typed is lost\n%s", what, name, project, a.words(t))
				}
			}
		}
	}
	for _, path := range []string{"/status/message", "/status/propose", "/status/credit", "/status/reopen", "/status/attachment", "/status/receipt", "/status"} {
		for what, text := range bad {
			form := url.Values{"code": {secret}}
			for _, name := range []string{"text", "until", "zone", "because", "name", "as", "file", "messages", "title", "description"} {
				form.Set(name, text)
			}
			if a := b.post("/p/juno"+path, form); a.status >= 500 {
				t.Errorf("%s sent to %s: got %d", what, path, a.status)
			}
			if a := b.post("/p/juno"+path, url.Values{"code": {text}}); a.status != http.StatusNotFound && a.status != http.StatusUnprocessableEntity {
				t.Errorf("%s as the code for %s: got %d", what, path, a.status)
			}
		}
	}
}

// hostileNames are what a file may call itself.
var hostileNames = []string{"../../etc/passwd", `..\..\windows\win.ini`, "/etc/passwd", "CON", "nul.txt", "a\r\nSet-Cookie: x=y", "\u202egnp.exe", strings.Repeat("n", 10_000),
	".htaccess", "a\"; filename=\"b.html", "\xff\xfe", "<script>.html", "", ".", "..", "a/b", "x;y=z", "%2e%2e%2f", "=cmd()|x.csv"}

func TestAFileMayCallItselfWhatItLikes(t *testing.T) {
	b := open(t)
	for _, name := range hostileNames {
		var body bytes.Buffer
		m := multipart.NewWriter(&body)
		form := aReport()
		form.Del("once")
		for field, values := range form {
			for _, v := range values {
				_ = m.WriteField(field, v) // a bytes.Buffer takes everything
			}
		}
		head := textproto.MIMEHeader{"Content-Disposition": {`form-data; name="files"; filename="` + strings.NewReplacer(`"`, `\"`, "\r", "%0D", "\n", "%0A").Replace(name) + `"`},
			"Content-Type": {"text/html"}}
		w, err := m.CreatePart(head)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprint(w, "<script>alert(1)</script>")
		_ = m.Close()
		a := b.do(b.request("POST", "/p/juno/report", m.FormDataContentType(), &body))
		if a.status == http.StatusUnprocessableEntity {
			if !strings.Contains(a.body, "A query with an empty height") {
				t.Errorf("the name %.40q: what was typed is lost", name)
			}
			continue
		}
		if a.status != http.StatusOK {
			t.Errorf("the name %.40q: got %d", name, a.status)
			continue
		}
		code := a.field(t, "code")
		page := b.post("/p/juno/status", url.Values{"code": {code}})
		if !strings.Contains(page.body, `name="file"`) {
			if name != "" {
				t.Errorf("the name %.40q: the file is not on the page", name)
			}
			continue
		}
		got := b.post("/p/juno/status/attachment", url.Values{"code": {code}, "file": {page.field(t, "file")}})
		disposition := got.header.Get("Content-Disposition")
		if got.status != http.StatusOK || got.header.Get("Content-Type") != "application/octet-stream" || !strings.HasPrefix(disposition, "attachment") || got.header.Get("Set-Cookie") != "" {
			t.Errorf("the name %.40q: got %d, %q, %q", name, got.status, got.header.Get("Content-Type"), disposition)
		}
		if strings.ContainsAny(disposition, "\r\n\x00") || strings.Contains(disposition, "../") || len(disposition) > 2000 {
			t.Errorf("the name %.40q goes out as %.200q", name, disposition)
		}
	}
}

func TestABodyOfAnotherKindIsRefusedClearly(t *testing.T) {
	b := open(t)
	for _, kind := range []string{"", "application/json", "text/plain", "text/xml", "multipart/form-data", "multipart/form-data; boundary=", "multipart/mixed; boundary=x", "x", "application/x-www-form-urlencoded; charset=utf-7"} {
		for _, path := range []string{"/p/juno/report", "/p/juno/status", "/desk/juno/sign-in", "/desk/juno", "/desk/juno/sign-out"} {
			if a := b.do(b.request("POST", path, kind, strings.NewReader(`{"title":"x"}`))); a.status >= 500 || a.status < 300 {
				t.Errorf("%s with a body of %q: got %d", path, kind, a.status)
			}
		}
	}
}

// Absolute addresses come from the settings: a request that names another host makes no other address.
func TestTheHostOfARequestIsNeverRepeated(t *testing.T) {
	b := open(t)
	for _, path := range []string{"/", "/p/juno", "/p/juno/security.txt", "/p/juno/SECURITY.md", "/p/juno/follow", "/.well-known/security.txt", "/desk/juno", "/nothing", "/p/juno/advisories/feed.atom",
		"/api/v1/openapi.json", "/p/juno/status"} {
		r := b.request("GET", path, "", nil)
		r.Host = "evil.example"
		for _, name := range []string{"X-Forwarded-Host", "X-Forwarded-Server", "X-Original-URL", "Forwarded", "X-Host"} {
			r.Header.Set(name, "host=evil.example")
		}
		a := b.do(r)
		if strings.Contains(a.body+fmt.Sprint(a.header), "evil.example") {
			t.Errorf("%s repeats the host that a request made up", path)
		}
	}
}

// Whoever opens the figures in a spreadsheet runs nothing.
func TestNoCellOfAnExportIsAFormula(t *testing.T) {
	people := map[string]string{"juno": "dimi"}
	b := browser{apptest.New(t, apptest.Options{}), t}
	for i, evil := range []string{"=1+1", "+1", "-1", "@x", "\t=1"} {
		b.Play("juno", fmt.Sprint("evil", i), fmt.Sprintf("rita reports {title: %q, kind: security, description: %q, component: %q}", evil, evil, evil))
	}
	for project, handle := range people {
		a := b.see("/desk/"+project+"/measures.csv", b.enter(project, handle))
		rows, err := csv.NewReader(strings.NewReader(a.body)).ReadAll()
		if err != nil || len(rows) < 5 {
			t.Fatalf("the export has %d rows, %v", len(rows), err)
		}
		for _, row := range rows {
			for _, cell := range row {
				if strings.ContainsAny(cell[:min(1, len(cell))], "=+-@\t\r") {
					t.Errorf("a cell of the export is %q", cell)
				}
			}
		}
	}
}
