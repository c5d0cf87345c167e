package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/tipstaff/tipstaff/internal/casework"
)

const pasted = `**Severity:** high
**Component:** pool settings
**Colour:** blue

### Description
The name of a pool is shown as it is.

### Reproduction Steps
1. Open the settings
2. Paste the name

### Environment
- **OS:** Debian 12
`

// B-12: a filled-in copy of the template becomes the fields, is shown before it is sent, and loses nothing.
func TestAPastedTemplateIsReadIntoTheForm(t *testing.T) {
	b := open(t)
	form := url.Values{"kind": {"issue"}, "look": {"template"}, "template": {pasted}, "component": {"web"}, "once": {"one"}, "credit": {"Rita"}}
	a := b.upload("/p/solo-miner-monitor/report", form, map[string]string{"log": "x"})
	if a.status != http.StatusOK || strings.Contains(a.body, "return code</h2>") {
		t.Fatalf("got %d, want the form", a.status)
	}
	a.says(t, "Nothing was sent yet. This was read from what you pasted: Description, Severity", "What has no field of its own stands at the end of the description.",
		"choose your files again")
	for name, want := range map[string]string{"component": "web", "steps": "Open the settings\nPaste the name", "environment.os": "Debian 12",
		"description": "The name of a pool is shown as it is.\n\nComponent: pool settings\n\n**Colour:** blue", "credit": "Rita", "once": "one", "template": ""} {
		if got := a.field(t, name); strings.TrimSpace(got) != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	if !strings.Contains(a.body, `<option value="High" selected>`) {
		t.Error("the severity is not chosen")
	}
	form.Del("look") // the button that sends was pressed instead
	form.Set("title", "x")
	b.upload("/p/solo-miner-monitor/report", form, nil).says(t, "Nothing was sent yet.")
}

// Who names no kind, or one that goes elsewhere, keeps what was typed.
func TestWhoForgetsTheKindKeepsWhatWasTyped(t *testing.T) {
	b := open(t)
	for _, kind := range []string{"", "nothing", "feature"} {
		typed := aReport()
		typed.Set("kind", kind)
		typed.Set("impact", "two\nlines & \"quotes\"")
		a := b.upload("/p/juno/report", typed, nil)
		if a.status != http.StatusUnprocessableEntity {
			t.Fatalf("%q: got %d, want 422", kind, a.status)
		}
		next := url.Values{"kind": {"security"}}
		for _, n := range a.elements(t) {
			if n.Data == "input" && attr(n, "type") == "hidden" {
				next.Add(attr(n, "name"), attr(n, "value"))
			}
		}
		form := b.post("/p/juno/report", next)
		form.says(t, "You report: Security issue.")
		for _, name := range []string{"title", "description", "impact", "component", "steps", "credit", "contact.email", "once"} {
			if got := form.field(t, name); got != typed.Get(name) {
				t.Errorf("%q: %s is %q, want %q", kind, name, got, typed.Get(name))
			}
		}
	}
}

// A video of the screen is what people attach: it is too long, and what they wrote is still there.
func TestFilesThatAreTooLongTogetherKeepTheText(t *testing.T) {
	b := open(t)
	files := map[string]string{}
	for _, name := range []string{"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"} {
		files[name] = strings.Repeat("x", casework.LargestFile+1)
	}
	a := b.upload("/p/juno/report", aReport(), files)
	if a.status != http.StatusRequestEntityTooLarge || a.field(t, "title") != aReport().Get("title") {
		t.Fatalf("got %d, want 413 with the form as it was typed", a.status)
	}
	long := aReport()
	long.Set("evidence", strings.Repeat("y", 1<<20))
	a = b.upload("/p/juno/report", long, nil)
	if a.status != http.StatusRequestEntityTooLarge && a.status != http.StatusUnprocessableEntity {
		t.Errorf("a text of 1 MiB: got %d", a.status)
	}
	a.says(t, "Nothing was sent yet", "send the longest as a file")
}

// B-14, B-15: what is missing and what looks like a secret is said after sending and on the reporter's page; both are taken.
func TestAReporterHearsWhatIsMissingAndWhatIsASecret(t *testing.T) {
	b := open(t)
	key := "-----BEGIN OPENSSH PRIVATE " + "KEY-----\nb3BlbnNzaC1rZXktdjEA\n"
	form := aReport()
	form.Set("evidence", "export AWS_ACCESS_KEY_ID=AKIA"+"IOSFODNN7EXAMPLE")
	a := b.upload("/p/juno/report", form, map[string]string{"id_rsa": key})
	a.says(t, "Your report is in", "This looks like a secret", "an AWS access key", "a private key (in id_rsa)", "What would help", "Impact")
	secret := a.field(t, "code")
	b.post("/p/juno/status", code(secret)).says(t, "an AWS access key", "a private key (in id_rsa)", "percent of what helps")
	talk := code(secret)
	talk.Set("text", "my token is ghp_"+strings.Repeat("a", 36))
	b.post("/p/juno/status/message", talk).says(t, "Your message was sent.", "What you wrote here seems to hold: a GitHub token.")
	calm := b.upload("/p/juno/report", url.Values{"kind": {"security"}, "title": {"x"}, "description": {"no secret: sk_live_ AKIA ghp_short"}}, nil)
	if strings.Contains(calm.body, "looks like a secret") {
		t.Error("an ordinary text is taken for a secret")
	}
}
