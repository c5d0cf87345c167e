package web_test

import (
	"net/http"
	"strings"
	"testing"
)

func TestTheProjectsPageSaysHowToReportByWhenAndWhatHappens(t *testing.T) {
	b := open(t)
	b.get("/").says(t, "Juno", "Bitcoin Solo Miner Monitor")
	for _, path := range []string{"/p/juno", "/p/juno/"} {
		a := b.get(path)
		a.says(t, "Security of Juno", "Please do not speak about this in public", "In private preferred", "Dimi (demo) Core engineer",
			"Post with the details", "within 7 days", "The community hears that a security release is coming", ">= 28.0.0, < 29.0.0 yes")
		if !strings.Contains(a.body, `href="https://discord.gg/wHdzjS5vXx"`) {
			t.Error("the policy's own route cannot be followed")
		}
	}
	a := b.get("/p/solo-miner-monitor")
	a.says(t, "In public preferred", "Critical High Medium Low Informational", "First response", "within 24 hours within 48 hours within 7 days within 14 days within 1 month",
		"with the next major release")
	if words := a.words(t); strings.Index(words, "In public preferred") > strings.Index(words, "In private until the release") {
		t.Error("the way that the policy prefers does not come first")
	}
}

func TestThePolicyIsThereInWordsAndForPrograms(t *testing.T) {
	b := open(t)
	md := b.get("/p/juno/SECURITY.md")
	if md.header.Get("Content-Type") != "text/markdown; charset=utf-8" || !strings.HasPrefix(md.body, "# Security policy of Juno") {
		t.Errorf("got %s:\n%s", md.header.Get("Content-Type"), md.body)
	}
	b.get("/p/juno/policy").says(t, "Security policy of Juno", "Dimi (demo)")
	txt := b.get("/p/juno/security.txt")
	for _, want := range []string{"Contact: " + b.URL + "/p/juno/report\n", "Expires: 2026-08-29T00:00:00Z\n"} {
		if !strings.Contains(txt.body, want) {
			t.Errorf("security.txt has no %q:\n%s", want, txt.body)
		}
	}
}

func TestTheStylesheetIsServedAndNothingBesideIt(t *testing.T) {
	b := open(t)
	a := b.get("/static/tipstaff.css")
	if a.status != http.StatusOK || a.header.Get("Content-Type") != "text/css; charset=utf-8" {
		t.Errorf("got %d as %s", a.status, a.header.Get("Content-Type"))
	}
	r := b.request("GET", "/static/tipstaff.css", "", nil)
	r.Header.Set("If-None-Match", a.header.Get("ETag"))
	if a := b.do(r); a.status != http.StatusNotModified || a.body != "" {
		t.Errorf("asked again with its tag: got %d", a.status)
	}
	for _, path := range []string{"/static/", "/static/layout.html", "/static/..%2fweb.go", "/static/none.css"} {
		if a := b.get(path); a.status != http.StatusNotFound {
			t.Errorf("%s: got %d, want 404", path, a.status)
		}
	}
}
