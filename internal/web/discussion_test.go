package web_test

import (
	"strings"
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

// B-16, B-28: a public case is discussed, by people who may, and what is hidden leaves its trace.
func TestAPublicCaseIsDiscussedInTheOpen(t *testing.T) {
	b := open(t)
	solo := "solo-miner-monitor"
	secret := aPublicCase(b, "Stored script in the pool's name")
	page := func() answer { return b.get("/p/solo-miner-monitor/cases/" + string(of(secret))) }
	a := page()
	a.says(t, "Discussion", "Nobody has said anything yet.", "Sign in to take part")
	if !strings.Contains(a.body, `href="/desk/solo-miner-monitor/cases/`+string(of(secret))+`"`) {
		t.Error("the page does not lead to where one takes part")
	}
	step(b, (*casework.Casework).Comment, solo, "vera", secret, cvd.Commented{Text: "It happens in Firefox too.", Reproduced: "yes", Version: "0.1.9"})
	step(b, (*casework.Casework).Reproduce, solo, "tess", secret,
		cvd.Reproduced{Environment: "HOSTNAME", Version: "0.1.8", Outcome: "reproduced", Evidence: "LOGLINE"})
	if words := page().words(t); strings.Contains(words, "It happens in Firefox too.") || strings.Contains(words, "Vera") {
		t.Error("a first comment is read before anybody let it pass")
	}
	step(b, (*casework.Casework).Moderate, solo, "maintainer-1", secret, cvd.Moderated{Comment: 1, Verdict: "show"})
	step(b, (*casework.Casework).Comment, solo, "vera", secret, cvd.Commented{Text: "BUY MY PROXY"})
	a = page()
	a.says(t, "2 attempts reproduced it.", "Tess (demo) reproduced it with 0.1.8", "Vera (demo) could reproduce it with 0.1.9", "It happens in Firefox too.", "BUY MY PROXY")
	for _, never := range []string{"HOSTNAME", "LOGLINE", "Set-Cookie"} {
		if strings.Contains(a.body, never) {
			t.Errorf("strangers read %q", never)
		}
	}
	step(b, (*casework.Casework).Moderate, solo, "maintainer-1", secret, cvd.Moderated{Comment: 2, Verdict: "hide", Because: "advertising"})
	a = page()
	a.says(t, "A comment by Vera (demo) was hidden by the project", "advertising")
	if strings.Contains(a.body, "BUY MY PROXY") {
		t.Error("what was hidden is read")
	}

	before := page().body
	step(b, (*casework.Casework).Defer, solo, "maintainer-1", secret, cvd.Postponed{Because: "the next release does without it"})
	step(b, (*casework.Casework).Close, solo, "maintainer-1", secret, cvd.Ended{Outcome: "no_fix"})
	closed := page()
	closed.says(t, "The discussion is closed.")
	if before == closed.body {
		t.Error("a closed case reads as an open one")
	}
	b.Wait(time.Hour)
	form := code(secret)
	form.Set("title", "SECONDWAY")
	form.Set("description", "worse")
	b.upload("/p/solo-miner-monitor/status/reopen", form, nil)
	if again := page(); again.body != closed.body {
		t.Errorf("a report that is not for the public changed the page:\n%s\n%s", closed.words(t), again.words(t))
	}
}

func TestAPrivateCaseIsNotDiscussed(t *testing.T) {
	b := open(t)
	secret := b.report("juno", aReport())
	_, err := b.Casework.Comment(t.Context(), b.Actor("juno", "dimi"), casework.About{Case: of(secret)}, cvd.Commented{Text: "x"})
	if cvd.KindOf(err) != cvd.Refused {
		t.Errorf("a comment on a private case: %v", err)
	}
}

// J-13: what helps no attacker becomes an issue that anybody could have written; before triage says so there is none.
func TestTheIssueOfAPublicCaseHoldsWhatStrangersRead(t *testing.T) {
	b := open(t)
	vera := b.Actor("solo-miner-monitor", "vera")
	secret := aPublicCase(b, "Stored script in the pool's name")
	d, err := b.Casework.Issue(t.Context(), vera, of(secret))
	if err != nil {
		t.Fatal(err)
	}
	if d.Title != "Stored script in the pool's name" || !strings.Contains(d.Body, "It is shown unescaped.") ||
		!strings.Contains(d.New, "https://github.com/smokeysrh/bitcoin-solo-miner-monitor/issues/new?") {
		t.Errorf("got %+v", d)
	}
	for _, never := range []string{"rita@example.org", "Rita"} {
		if strings.Contains(d.Body+d.New, never) {
			t.Errorf("the issue says %q", never)
		}
	}
	hidden := b.report("juno", aReport())
	if _, err := b.Casework.Issue(t.Context(), b.Actor("juno", "dimi"), of(hidden)); cvd.KindOf(err) != cvd.Refused {
		t.Errorf("an issue of a case that is not public: %v", err)
	}
}
