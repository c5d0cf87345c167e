package web_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

// A case goes from one installation to another by the pages alone: what follows is seen before it happens, the file opens there, and
// each door of here says where it went and takes nothing.
func TestACaseIsHandedOverByThePages(t *testing.T) {
	b, at, letters := manned(t)
	there := open(t)
	b.Play("juno", "manned", `
jake asks una {name: Una, kind: vendor}
jake thread {title: "With the reporter", reports: [1]}`)
	letters()
	jake := b.enter("juno", "jake")
	b.see(at, jake).says(t, "Hand it over to another installation")
	b.see(at+"/handover", jake).says(t, "The key of the other installation", "Why it goes on there")
	typed := url.Values{"to": {b.Casework.Recipient()}, "because": {"Their QUETZAL code."}, "url": {"https://there.example/p/juno"}}
	if a := b.send(at+"/handover", typed, jake); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.words(t), "This is the key of this installation") || !strings.Contains(a.body, "Their QUETZAL code.") {
		t.Fatalf("to its own key: got %d\n%s", a.status, a.words(t))
	}
	typed.Del("to")
	if a := b.send(at+"/handover", typed, jake); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.words(t), "this is no key of an installation") && !strings.Contains(a.words(t), "This is no key of an installation") {
		t.Fatalf("without a key: got %d\n%s", a.status, a.words(t))
	}
	preview := b.uploadAs(at+"/handover", typed, map[string]string{"there.key": there.Casework.Recipient() + "\n"}, jake)
	preview.says(t, "What goes along", "events with their receipts", "1 report", "What does not, and what is left", "2 parties of the case", "Who is told", "1 letter goes out", there.Casework.Recipient())
	if v, err := b.Casework.Case(t.Context(), b.Actor("juno", "jake"), b.Journey.Cases["manned"]); err != nil || v.GoesOn.Gone() {
		t.Fatalf("to look at it hands it over: %v", err)
	}
	done := url.Values{"do": {"yes"}, "to": {preview.field(t, "to")}, "because": {"Their QUETZAL code."}, "url": {"https://there.example/p/juno"}, "rev": {"1"}}
	if a := b.send(at+"/handover", done, jake); a.status != http.StatusConflict {
		t.Errorf("of a revision that is over: got %d", a.status)
	}
	done.Set("rev", preview.field(t, "rev"))
	if a := b.send(at+"/handover", done, jake); a.status != http.StatusSeeOther {
		t.Fatalf("got %d\n%s", a.status, a.words(t))
	}
	b.see(at+"/handover", jake).says(t, "It was handed over", "Download the sealed file", there.Casework.Recipient())
	b.see(at, jake).says(t, "It went to another installation")
	sealed := b.see(at+"/handover/bundle", jake)
	if sealed.status != http.StatusOK || strings.Contains(sealed.body, "QUETZAL") || sealed.header.Get("Content-Disposition") == "" {
		t.Fatalf("the file: got %d", sealed.status)
	}
	b.doorsAreShut(t)
	there.takesOver(t, b, sealed.body)
}

// doorsAreShut tries what those who take part could do, at the installation from which the case went.
func (b browser) doorsAreShut(t *testing.T) {
	t.Helper()
	for name, pages := range map[string][]string{
		"rita":    {"message", "reopen", "propose", "claim", "credit", "nudge", "agree", "thread"},
		"harbour": {"standing", "thread", "leave", "nominate", "claim", "propose"},
		"una":     {"answer"},
	} {
		held := url.Values{"code": {b.Journey.Codes["manned/"+name]}}
		page := b.post("/p/juno/status", held)
		page.says(t, "It goes on at another installation", "https://there.example/p/juno")
		for _, never := range []string{"QUETZAL", "/status/message", "/status/reopen", "/status/propose", "/status/claim", "/status/credit", "/status/standing", "/status/thread", "/status/leave", "/status/nominate", "/status/answer"} {
			if strings.Contains(page.body, never) {
				t.Errorf("the page of %s holds %s", name, never)
			}
		}
		for _, door := range pages {
			form := url.Values{"code": held["code"], "text": {"Hello?"}, "title": {"Again"}, "description": {"It came back."}, "until": {"2026-06-01T10:00"}, "zone": {"UTC"},
				"fact": {"public"}, "evidence": {"Seen."}, "as": {"nobody"}, "status": {"ready"}, "thread": {"1"}, "keeps": {"yes"}, "name": {"Somebody"}, "answer": {"no"}, "term.private": {"accept"}}
			if door == "thread" && name == "rita" {
				form.Set("thread", "2")
			}
			a := b.post("/p/juno/status/"+door, form)
			if a.status != http.StatusForbidden || !strings.Contains(a.words(t), "went to another installation at") || !strings.Contains(a.words(t), "nothing is taken here any more") {
				t.Errorf("%s, by /status/%s: got %d\n%s", name, door, a.status, a.words(t))
			}
		}
	}
	if a := b.post("/p/juno/status/receipt", url.Values{"code": {b.Journey.Codes["manned/rita"]}}); a.status != http.StatusOK {
		t.Errorf("the receipt, which is the proof there: got %d", a.status)
	}
}

// takesOver takes the file over at the other installation.
func (b browser) takesOver(t *testing.T, from browser, sealed string) {
	t.Helper()
	dimi, rosa := b.enter("juno", "dimi"), b.enter("juno", "rosa")
	if a := b.see("/desk/juno/takeover", rosa); a.status != http.StatusForbidden {
		t.Errorf("who may not take cases over: got %d", a.status)
	}
	b.see("/desk/juno", dimi).says(t, "Take a case over from another installation")
	b.see("/desk/juno/takeover", dimi).says(t, "The sealed file", b.Casework.Recipient())
	if a := b.uploadAs("/desk/juno/takeover", url.Values{}, nil, dimi); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.words(t), "Choose the sealed file") {
		t.Errorf("without a file: got %d\n%s", a.status, a.words(t))
	}
	if a := b.uploadAs("/desk/juno/takeover", url.Values{}, map[string]string{"case.sealed": "nothing"}, dimi); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.words(t), "not sealed to the key of this installation") {
		t.Errorf("another file: got %d\n%s", a.status, a.words(t))
	}
	key, err := from.Casework.Verifier(t.Context(), "juno")
	if err != nil {
		t.Fatal(err)
	}
	file := map[string]string{"case.sealed": sealed}
	if a := b.uploadAs("/desk/juno/takeover", url.Values{"key": {"other.example+00000000+AAAA"}}, file, dimi); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.words(t), "not with the one that you expect") {
		t.Errorf("signed with another key: got %d\n%s", a.status, a.words(t))
	}
	b.uploadAs("/desk/juno/takeover", url.Values{}, file, dimi).says(t, "You named no key")
	seen := b.uploadAs("/desk/juno/takeover", url.Values{"key": {key}}, file, dimi)
	seen.says(t, "Where it comes from", string(from.Journey.Cases["manned"]), "Overflow", "1 report", "The key is the one that you expected.", key)
	confirm := url.Values{"do": {"yes"}, "key": {key}, "bundle": {seen.field(t, "bundle")}, "sha256": {strings.Repeat("0", 64)}}
	if a := b.send("/desk/juno/takeover", confirm, dimi); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.words(t), "another file than the one that you looked at") {
		t.Errorf("another file than the one that was looked at: got %d\n%s", a.status, a.words(t))
	}
	confirm.Set("sha256", seen.field(t, "sha256"))
	taken := b.send("/desk/juno/takeover", confirm, dimi)
	taken.says(t, "It is here", "Return code of report 1")
	code := regexp.MustCompile(`JUNO-[0-9A-Z]{4}-[0-9a-zA-Z-]+`).FindString(taken.words(t))
	b.post("/p/juno/status", url.Values{"code": {code}}).says(t, "It goes over.", "Taken over from another installation")
	b.uploadAs("/desk/juno/takeover", url.Values{}, file, dimi).says(t, "It was taken over before")
	b.send("/desk/juno/takeover", confirm, dimi).says(t, "It was taken over before", "Nothing was done")
}

// uploadAs sends a form with files as somebody who is signed in.
func (b browser) uploadAs(path string, form url.Values, files map[string]string, c *http.Cookie) answer {
	b.t.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	for name := range form {
		if err := m.WriteField(name, form.Get(name)); err != nil {
			b.t.Fatal(err)
		}
	}
	for name, text := range files {
		w, err := m.CreateFormFile("files", name)
		if err != nil {
			b.t.Fatal(err)
		}
		_, _ = w.Write([]byte(text)) // a bytes.Buffer takes everything
	}
	if err := m.Close(); err != nil {
		b.t.Fatal(err)
	}
	r := b.request("POST", path, m.FormDataContentType(), &body)
	r.AddCookie(c)
	return b.do(r)
}

// Who may not take all of a case away finds no page for it, and nobody hands over what was not handed over.
func TestTheSealedFileIsForWhoMayHandOver(t *testing.T) {
	b, at, _ := manned(t)
	rosa, jake := b.enter("juno", "rosa"), b.enter("juno", "jake")
	for _, path := range []string{"/handover", "/handover/bundle"} {
		if a := b.see(at+path, rosa); a.status != http.StatusNotFound && a.status != http.StatusForbidden {
			t.Errorf("rosa, %s: got %d", path, a.status)
		}
	}
	if words := b.see(at, rosa).words(t); strings.Contains(words, "Hand it over") {
		t.Error("who may not hand over is offered to")
	}
	if a := b.see(at+"/handover/bundle", jake); a.status != http.StatusForbidden {
		t.Errorf("the file of a case that was not handed over: got %d", a.status)
	}
}

// A code whose case moved, or became one with another, says where it leads and since when.
func TestACodeSaysWhereItLeads(t *testing.T) {
	b := open(t)
	b.Play("juno", "one", "rita reports {title: Overflow, kind: security, description: long enough}")
	b.Play("juno", "two", "ron reports {title: Underflow, kind: security, description: long enough}")
	one, two := b.Journey.Cases["one"], b.Journey.Cases["two"]
	step(b, (*casework.Casework).Combine, "juno", "jake", b.Journey.Codes["one/rita"], cvd.Combined{Into: two, Because: "One QUETZAL."})
	b.Settle()
	page := b.post("/p/juno/status", url.Values{"code": {b.Journey.Codes["one/rita"]}})
	page.says(t, "Your code is that of "+string(one), "in this case, "+string(two))
	if strings.Contains(page.body, "QUETZAL") {
		t.Error("the reporter reads why")
	}
	if words := b.post("/p/juno/status", url.Values{"code": {b.Journey.Codes["two/ron"]}}).words(t); strings.Contains(words, string(one)) || strings.Contains(words, "Your code is that of") {
		t.Error("the reporter of the other case reads of it")
	}
}
