package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

// aPublicCase is one that its project handles in the open.
func aPublicCase(b browser, title string) (secret string) {
	b.t.Helper()
	secret = b.report("solo-miner-monitor", url.Values{"kind": {"issue"}, "title": {title}, "description": {"It is shown unescaped."},
		"contact.email": {"rita@example.org"}, "credit": {"Rita"}})
	no := false
	step(b, (*casework.Casework).Validate, "solo-miner-monitor", "maintainer-1", secret, cvd.Validated{Evidence: "seen"})
	step(b, (*casework.Casework).Triage, "solo-miner-monitor", "maintainer-1", secret,
		cvd.Triaged{Vector: "CVSS:3.1/AV:N/AC:L/PR:L/UI:R/S:C/C:L/I:L/A:N", Sensitive: &no, Track: "public"})
	return secret
}

func TestAPublicCaseIsShownWithItsClocksAndWithoutItsReporter(t *testing.T) {
	b := open(t)
	secret := aPublicCase(b, "Stored script in the pool's name")
	list := b.get("/p/solo-miner-monitor/cases")
	list.says(t, string(of(secret)), "Stored script in the pool's name", "Medium", "triaged")
	a := b.get("/p/solo-miner-monitor/cases/" + strings.ToLower(string(of(secret))))
	a.says(t, "Stored script in the pool's name", "Resolution", "promise", "It is shown unescaped.")
	for _, never := range []string{"rita@example.org", "Rita", "Mara"} {
		if strings.Contains(a.body+list.body, never) {
			t.Errorf("strangers read %q", never)
		}
	}
}

// What is withheld leaves no trace: the page of a secret case, of an absent one and of one in another project are the same
// bytes, and the list is that of a project where nothing happened.
func TestWithheldAndAbsentAreOnePage(t *testing.T) {
	b := open(t)
	empty := b.get("/p/juno/cases")
	secret := b.report("juno", aReport())
	want := b.get("/p/juno/cases/JUNO-0000")
	if want.status != http.StatusNotFound {
		t.Fatalf("an absent case: got %d, want 404", want.status)
	}
	for _, path := range []string{
		"/p/juno/cases/" + string(of(secret)),
		"/p/solo-miner-monitor/cases/" + string(of(secret)),
		"/p/juno/cases/" + url.PathEscape("no id"),
		"/p/nobody/cases/JUNO-0000",
		"/p/juno/cases/" + string(of(secret)) + "/more",
		"/nothing/here",
	} {
		got := b.get(path)
		if got.status != want.status || got.body != want.body {
			t.Errorf("%s: got %d and another page than for an absent case", path, got.status)
		}
		got.header.Del("Date")
		want.header.Del("Date")
		for name := range got.header {
			if got.header.Get(name) != want.header.Get(name) {
				t.Errorf("%s: the header %s is %q, want %q", path, name, got.header.Get(name), want.header.Get(name))
			}
		}
	}
	for _, method := range []string{"HEAD", "PUT", "DELETE", "OPTIONS"} {
		secretly, absent := b.do(b.request(method, "/p/juno/cases/"+string(of(secret)), "", nil)), b.do(b.request(method, "/p/juno/cases/JUNO-0000", "", nil))
		if secretly.status != absent.status || secretly.body != absent.body {
			t.Errorf("%s tells a secret case (%d) from an absent one (%d)", method, secretly.status, absent.status)
		}
	}
	if got := b.get("/p/juno/cases"); got.body != empty.body {
		t.Error("the list of public cases changed when a secret one came")
	}
}
