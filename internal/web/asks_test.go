package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// forthcoming is a case of Juno whose release was announced, with a party and a project downstream.
func forthcoming(t *testing.T) (b browser, at string, jake *http.Cookie) {
	t.Helper()
	b, at, _ = manned(t)
	b.Play("juno", "manned", `
jake remedy {product: juno, line: "27", status: not_affected, because: "it has no counter"}
jake remedy {product: juno, line: "28", status: patched, affected: ">= 28.0.0", patches: [{url: "https://git.example.org/axolotl/28", sha256: abababababababababababababababababababababababababababababababab, private: true, commits: [c0ffee00c0ffee00]}]}
dimi review {of: fix, verdict: approve}
rosa notify {notice: coming, says: {release_at: 2026-03-10T16:00:00Z, line: "28", action: "Swap it.", downtime: short}}
rosa deliver {notice: coming, channel: x, url: "https://social.example.org/1"}`)
	b.Settle()
	return b, at, b.enter("juno", "jake")
}

// TestAFormSaysWhatItsStepNeeds and lets people choose where the case knows what there is: a project of the register by its name, a
// notice that went out by its title.
func TestAFormSaysWhatItsStepNeeds(t *testing.T) {
	b, at, jake := forthcoming(t)
	for step, want := range map[string]struct{ required, chosen, optional []string }{
		"slip":      {required: []string{"to", "because"}, optional: []string{"without", "says.line"}},
		"correct":   {required: []string{"notice", "because"}, chosen: []string{"notice", "with"}, optional: []string{"says.action"}},
		"relay":     {required: []string{"downstream", "status"}, chosen: []string{"downstream", "status"}, optional: []string{"because"}},
		"countdown": {optional: []string{"at", "height"}},
		"tick":      {required: []string{"step", "item"}, chosen: []string{"step"}},
		"draft":     {required: []string{"text.title", "text.summary"}, optional: []string{"text.impact"}},
		"invite":    {optional: []string{"name"}},
	} {
		page := b.see(at+"/"+step, jake)
		kind, required := map[string]string{}, map[string]bool{}
		for _, n := range page.elements(t) {
			if n.Data == "select" || n.Data == "input" || n.Data == "textarea" {
				kind[attr(n, "name")] = n.Data + attr(n, "type")
				for _, a := range n.Attr {
					required[attr(n, "name")] = required[attr(n, "name")] || a.Key == "required"
				}
			}
		}
		for _, name := range want.required {
			if kind[name] == "inputradio" {
				_, legend, _ := strings.Cut(page.body, `id="`+strings.ReplaceAll(name, ".", "-")+`">`)
				legend, _, _ = strings.Cut(legend, "</legend>")
				required[name] = !strings.Contains(legend, "optional")
			}
			if !required[name] {
				t.Errorf("%s: the form calls %s optional, and the step asks for it: %s", step, name, kind[name])
			}
		}
		for _, name := range want.optional {
			if kind[name] == "" || required[name] {
				t.Errorf("%s: %s is %q, required %v", step, name, kind[name], required[name])
			}
		}
		for _, name := range want.chosen {
			if kind[name] != "select" && kind[name] != "inputradio" {
				t.Errorf("%s: %s is to be typed into a %s", step, name, kind[name])
			}
		}
	}
	if page := b.see(at+"/relay", jake); !strings.Contains(page.body, "> Slipway<") {
		t.Errorf("the project downstream cannot be chosen by its name\n%s", page.body)
	}
}

// TestAMoveOfTheReleaseIsShownBeforeItIsMade in the form of the step as on the page of the train, and anew when something is changed.
func TestAMoveOfTheReleaseIsShownBeforeItIsMade(t *testing.T) {
	b, at, jake := forthcoming(t)
	form := url.Values{"to": {"2026-03-12T16:00"}, "to.zone": {"UTC"}, "because": {"The builder is late."}, "says.line": {"28"}}
	a := b.send(at+"/slip", form, jake)
	if a.status != http.StatusOK || !strings.Contains(a.body, "What would follow") || !strings.Contains(a.body, "Thu 2026-03-12 16:00 UTC") || !strings.Contains(a.body, ">Move the release<") {
		t.Fatalf("the first time it shows what would follow: %d\n%s", a.status, a.body)
	}
	form.Set("foreseen", a.field(t, "foreseen"))
	form.Set("rev", a.field(t, "rev"))
	form.Set("to", "2026-03-13T16:00")
	if a = b.send(at+"/slip", form, jake); a.status != http.StatusOK || !strings.Contains(a.body, "Fri 2026-03-13 16:00 UTC") {
		t.Fatalf("another instant is shown anew: %d\n%s", a.status, a.body)
	}
	form.Set("foreseen", a.field(t, "foreseen"))
	if a = b.send(at+"/slip", form, jake); a.status != http.StatusSeeOther {
		t.Fatalf("what was seen is done: %d\n%s", a.status, a.body)
	}
	b.see(at+"/train", jake).says(t, "Fri 2026-03-13 16:00 UTC")
}

// TestWhatAPartyCameForIsOnTop: what is asked of it, then the report and its analysis, as far as its role reads it, and then the plan.
func TestWhatAPartyCameForIsOnTop(t *testing.T) {
	b, _, _ := manned(t)
	b.Play("juno", "manned", `
jake analyse {section: root_cause, text: "A wombat digs under the fence."}
jake analyse {section: exploit, text: "How the numbat gets in."}`)
	page := b.post("/p/juno/status", url.Values{"code": {b.Journey.Codes["manned/harbour"]}})
	words, last := page.words(t), -1
	for _, part := range []string{"How far are you?", "Report 1", "It goes over.", "Root cause The project", "A wombat digs under the fence.", "What is still to come", "The night of the swap", "What happened", "Leave the case"} {
		at := strings.Index(words, part)
		if at < last || at < 0 {
			t.Errorf("%q stands at %d, behind what comes later (%d)\n%s", part, at, last, words)
		}
		last = at
	}
	if strings.Contains(words, "numbat") {
		t.Error("a role that does not read how it could be exploited reads it")
	}
	if rita := b.post("/p/juno/status", url.Values{"code": {b.Journey.Codes["manned/rita"]}}).words(t); strings.Contains(rita, "wombat") {
		t.Error("the reporter reads the analysis")
	}
}
