package web_test

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
	"github.com/tipstaff/tipstaff/internal/ledger"
)

func TestTheFourQuestionsAreAnsweredFirst(t *testing.T) {
	b := open(t)
	form := url.Values{"kind": {"issue"}, "title": {"Stored script in the pool's name"}, "description": {"It is shown unescaped."}}
	secret := b.report("solo-miner-monitor", form)
	a := b.post("/p/solo-miner-monitor/status", code(secret))
	a.says(t, "Was it seen by a person? Not yet. A first answer is promised until Tue 2026-03-03 09:00 UTC",
		"Who acts next? The project.", "By when? Promised until Tue 2026-03-03 09:00 UTC", "What happens to my name? You gave none, so nobody knows it.")
	if words := a.words(t); strings.Index(words, "What happens to my name?") > strings.Index(words, "What is still to come") {
		t.Error("something stands before the four answers")
	}

	b.Wait(30 * time.Hour)
	a = b.post("/p/solo-miner-monitor/status", code(secret))
	a.says(t, "Not yet, though a first answer was promised until Tue 2026-03-03 09:00 UTC", "missed", "Missed the limit for response")

	step(b, (*casework.Casework).Acknowledge, "solo-miner-monitor", "maintainer-1", secret, cvd.Acknowledged{Message: "Thank you. Which version?"})
	a = b.post("/p/solo-miner-monitor/status", code(secret))
	a.says(t, "Was it seen by a person? Yes. Tue 2026-03-03 15:00 UTC", "Who acts next? The reporter: answer the project's question.", "Thank you. Which version?")
}

func TestTheRequestToKeepQuietStandsOnTheReportersPageWhileItHolds(t *testing.T) {
	b := open(t)
	secret := b.report("juno", aReport())
	a := b.post("/p/juno/status", code(secret))
	a.says(t, "Please do not speak about this in public", "What is still to come", "Released", "not before")
	step(b, (*casework.Casework).Observe, "juno", "dimi", secret, cvd.Observed{Fact: "public", Evidence: "a post"})
	if a := b.post("/p/juno/status", code(secret)); strings.Contains(a.body, "Please do not speak about this in public") {
		t.Error("the matter is public, and the page still asks for silence")
	}
}

// What does not fit and what is not there are one answer: the same bytes, for a code, a secret and a case alike.
func TestAWrongCodeAndAnAbsentCaseAreOneAnswer(t *testing.T) {
	b := open(t)
	secret := b.report("juno", aReport())
	_, tail, _ := strings.Cut(strings.TrimPrefix(secret, string(of(secret))), "-")
	for _, path := range []string{"/p/juno/status", "/p/juno/status/message", "/p/juno/status/receipt", "/p/juno/status/attachment", "/p/juno/status/reopen"} {
		want := b.post(path, code("JUNO-0000-"+tail))
		if want.status != http.StatusNotFound {
			t.Errorf("%s: an absent case: got %d, want 404", path, want.status)
		}
		for name, wrong := range map[string]string{
			"another secret":   string(of(secret)) + "-0000-0000-0000-0000-0000-0000-0000",
			"a secret cut off": secret[:len(secret)-1],
			"the case alone":   string(of(secret)),
			"nothing":          "",
			"no code at all":   "<script>",
			"a NUL":            secret + "\x00",
		} {
			got := b.post(path, code(wrong))
			if got.status != want.status || got.body != want.body {
				t.Errorf("%s with %s: got %d and another page than for an absent case", path, name, got.status)
			}
		}
	}
	if a := b.post("/p/solo-miner-monitor/status", code(secret)); a.status != http.StatusNotFound {
		t.Errorf("the code opens a case in another project: %d", a.status)
	}
}

func TestACodeOpensItsCaseHoweverItWasTyped(t *testing.T) {
	b := open(t)
	secret := b.report("juno", aReport())
	for _, typed := range []string{" " + secret + "\n", strings.ToUpper(secret), strings.ToLower(secret)} {
		if a := b.post("/p/juno/status", code(typed)); a.status != http.StatusOK {
			t.Errorf("%q: got %d, want 200", typed, a.status)
		}
	}
}

func TestAMessageThatIsSentTwiceIsOneMessage(t *testing.T) {
	b := open(t)
	secret := b.report("juno", aReport())
	form := code(secret)
	form.Set("messages", b.post("/p/juno/status", form).field(t, "messages"))
	form.Set("text", "I can send a trace.\r\nIt has 2 MB.")
	b.post("/p/juno/status/message", form).says(t, "Your message was sent.", "I can send a trace.")
	a := b.post("/p/juno/status/message", form)
	a.says(t, "Your message was sent.")
	if got := strings.Count(a.words(t), "I can send a trace."); got != 1 {
		t.Errorf("the message stands there %d times", got)
	}
	form.Set("messages", a.field(t, "messages"))
	if a := b.post("/p/juno/status/message", form); strings.Count(a.words(t), "I can send a trace.") != 2 {
		t.Error("whoever writes the same again, later, says it again")
	}
	form.Set("text", " ")
	if a := b.post("/p/juno/status/message", form); a.status != http.StatusUnprocessableEntity {
		t.Errorf("an empty message: got %d, want 422", a.status)
	}
}

func TestTheTeamsNotesNeverReachTheReporter(t *testing.T) {
	b := open(t)
	secret := b.report("juno", aReport())
	step(b, (*casework.Casework).Note, "juno", "dimi", secret, cvd.Noted{Text: "BETWEEN-US"})
	step(b, (*casework.Casework).Message, "juno", "dimi", secret, cvd.Messaged{Text: "for you"})
	a := b.post("/p/juno/status", code(secret))
	a.says(t, "for you")
	for _, never := range []string{"BETWEEN-US", "Dimi"} {
		if strings.Contains(a.body, never) {
			t.Errorf("the reporter reads %q", never)
		}
	}
}

func TestAFileComesBackToItsReporterAndIsNeverShown(t *testing.T) {
	b := open(t)
	secret := b.upload("/p/juno/report", aReport(), map[string]string{"<b>proof</b>.html": "<script>alert(1)</script>"}).field(t, "code")
	page := b.post("/p/juno/status", code(secret))
	form := code(secret)
	form.Set("file", page.field(t, "file"))
	a := b.post("/p/juno/status/attachment", form)
	if a.status != http.StatusOK || a.body != "<script>alert(1)</script>" {
		t.Fatalf("got %d %q", a.status, a.body)
	}
	if got := a.header.Get("Content-Type"); got != "application/octet-stream" {
		t.Errorf("it is sent as %s", got)
	}
	if got := a.header.Get("Content-Disposition"); !strings.HasPrefix(got, "attachment; filename=") {
		t.Errorf("it is sent as %s", got)
	}
	if got := a.header.Get("Content-Security-Policy"); got != "default-src 'none'; sandbox" {
		t.Errorf("it may do: %s", got)
	}
	other := b.report("juno", url.Values{"kind": {"security"}, "title": {"Another"}, "description": {"matter"}})
	form.Set("code", other)
	if a := b.post("/p/juno/status/attachment", form); a.status != http.StatusNotFound {
		t.Errorf("another reporter asks for the file: got %d, want 404", a.status)
	}
}

func TestTheReceiptProvesTheReport(t *testing.T) {
	b := open(t)
	secret := b.report("juno", aReport())
	a := b.post("/p/juno/status/receipt", code(secret))
	if want := `attachment; filename=` + string(of(secret)) + `-receipt.json`; a.header.Get("Content-Disposition") != want {
		t.Errorf("got %q, want %q", a.header.Get("Content-Disposition"), want)
	}
	receipt, err := ledger.ParseReceipt([]byte(a.body))
	if err != nil {
		t.Fatal(err)
	}
	if receipt.Case != string(of(secret)) || receipt.Project != "juno" || receipt.Promise == "" {
		t.Errorf("got a receipt of case %s in %s", receipt.Case, receipt.Project)
	}
}

func TestAClosedMatterCanBeTakenUpAgain(t *testing.T) {
	b := open(t)
	secret := b.report("juno", aReport())
	if strings.Contains(b.post("/p/juno/status", code(secret)).body, "It came back?") {
		t.Error("an open case offers to be taken up again")
	}
	step(b, (*casework.Casework).Invalidate, "juno", "dimi", secret, cvd.Invalidated{Reason: "not_reproducible", Evidence: "tried"})
	step(b, (*casework.Casework).Close, "juno", "dimi", secret, cvd.Ended{Outcome: "not_reproducible"})
	form := code(secret)
	form.Set("title", "It is still there")
	a := b.upload("/p/juno/status/reopen", form, nil)
	if a.status != http.StatusUnprocessableEntity || a.field(t, "title") != "It is still there" {
		t.Errorf("without a description: got %d, want 422 with the title kept", a.status)
	}
	form.Set("description", "On 28.0.1 as well.")
	a = b.upload("/p/juno/status/reopen", form, map[string]string{"trace.txt": "x"})
	a.says(t, "Your report is in", string(of(secret)))
	second := a.field(t, "code")
	if second == secret || of(second) != of(secret) {
		t.Errorf("got the code of %s again, want another one of the same case", of(second))
	}
	b.post("/p/juno/status", code(second)).says(t, "It is still there")
}

func TestAGuestSeesTheCaseAndNoContact(t *testing.T) {
	b := open(t)
	secret := b.report("juno", aReport())
	_, invitation, err := b.Casework.Invite(context.Background(), b.Actor("juno", "dimi"), casework.About{Case: of(secret)},
		cvd.Invitation{Name: "Osmosis", Roles: []string{"chain"}})
	if err != nil {
		t.Fatal(err)
	}
	a := b.post("/p/juno/status", code(invitation))
	a.says(t, "You are asked to take part", string(of(secret)), "Act in good faith")
	for _, never := range []string{"Panic in the query handler", "rita@example.org", "Dimi"} {
		if strings.Contains(a.body, never) {
			t.Errorf("who has not accepted sees %q", never)
		}
	}
	half := code(invitation)
	half.Set("answer", "yes")
	half["terms"] = []string{"time"}
	if a = b.post("/p/juno/status/answer", half); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, "not accepted: private") {
		t.Errorf("half of the terms: got %d\n%s", a.status, a.body)
	}
	half["terms"] = []string{"private", "time", "no_exploitation", "good_faith", "confidential"}
	a = b.post("/p/juno/status/answer", half)
	a.says(t, "The case that you are invited to", "Panic in the query handler", "Please do not speak about this in public")
	for _, never := range []string{"rita@example.org", "Your report</h1>", "Download the receipt", "Send the message"} {
		if strings.Contains(a.body, never) {
			t.Errorf("the guest sees %q", never)
		}
	}
}

// A secret in an address would be in histories, logs and the headers of the next request.
func TestNoSecretStandsInAnAddressOrInTheLog(t *testing.T) {
	b := open(t)
	secret := b.report("juno", aReport())
	form := code(secret)
	form.Set("text", "PLANTED message")
	tail := strings.TrimPrefix(secret, string(of(secret)))
	for _, path := range []string{"/p/juno/status", "/p/juno/status/message", "/p/juno/status/receipt"} {
		a := b.post(path, form)
		if a.status != http.StatusOK {
			t.Errorf("%s: got %d, want 200: a redirect would have to carry the code", path, a.status)
		}
		for name, values := range a.header {
			if strings.Contains(strings.Join(values, " "), tail) {
				t.Errorf("%s: the code stands in the header %s", path, name)
			}
		}
		if !strings.HasPrefix(a.header.Get("Content-Type"), "text/html") {
			continue
		}
		for _, n := range a.elements(t) {
			for _, at := range n.Attr {
				if slices.Contains([]string{"href", "action", "src"}, at.Key) && strings.Contains(at.Val, tail) {
					t.Errorf("%s: the code stands in the address %s", path, at.Val)
				}
			}
			if n.Data == "title" && strings.Contains(text(n), "Panic in the query") {
				t.Errorf("%s: the window's title says what was reported: %s", path, text(n))
			}
		}
	}
	b.get("/p/juno/status?code=" + url.QueryEscape(secret))
	for _, never := range []string{tail, "Panic in the query", "PLANTED", "rita@example.org", "halts the node", string(of(secret))} {
		if strings.Contains(b.Log.String(), never) {
			t.Errorf("the log holds %q", never)
		}
	}
	if !strings.Contains(b.Log.String(), "POST /p/{project}/status/message") {
		t.Error("the log has no line for a request, with its route")
	}
}
