package web_test

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

// another reports one more matter, by a form of its own.
func (b browser) another() (secret string) {
	form := aReport()
	form.Set("once", rand.Text())
	return b.report("juno", form)
}

// columns are the columns of a board: their titles with the cases in them.
func (a answer) columns(t *testing.T) (titles []string, cases map[string][]string) {
	t.Helper()
	cases = map[string][]string{}
	for _, n := range a.elements(t) {
		state := attr(n, "data-state")
		if n.Data != "section" || state == "" {
			continue
		}
		titles = append(titles, state)
		for d := range n.Descendants() {
			if d.Type == html.ElementNode && attr(d, "class") == "id" {
				cases[state] = append(cases[state], text(d))
			}
		}
	}
	return titles, cases
}

func TestTheBoardHasTheColumnsOfThePolicyAndEachCaseInItsOwn(t *testing.T) {
	b := open(t)
	first, second := b.another(), b.another()
	third := b.another()
	step(b, (*casework.Casework).Validate, "juno", "dimi", third, cvd.Validated{Evidence: "seen"})
	fourth := b.another()
	step(b, (*casework.Casework).Invalidate, "juno", "dimi", fourth, cvd.Invalidated{Reason: "spam", Evidence: "an advertisement"})
	step(b, (*casework.Casework).Close, "juno", "dimi", fourth, cvd.Ended{Outcome: "spam"})

	titles, cases := b.see("/desk/juno/board", b.enter("juno", "dimi")).columns(t)
	want := []string{"received", "acknowledged", "validated", "triaged", "fixing", "fix ready", "notified", "released", "disclosed", "explained"}
	if !slices.Equal(titles, want) {
		t.Errorf("the columns are %v, want those of the policy's stages: %v", titles, want)
	}
	if got := cases["received"]; !slices.Equal(got, []string{string(of(first)), string(of(second))}) {
		t.Errorf("received are %v, want the two in the order in which they came", got)
	}
	if got := cases["validated"]; !slices.Equal(got, []string{string(of(third))}) {
		t.Errorf("validated are %v", got)
	}
}

func TestAMoveIsAStepAndSaysWhatStandsInItsWay(t *testing.T) {
	b := open(t)
	secret := b.another()
	a := b.see("/desk/juno/board", b.enter("juno", "dimi"))
	form := "/desk/juno/cases/" + string(of(secret))
	to := map[string]string{}
	for _, n := range a.elements(t) {
		if state := attr(n, "data-to"); state != "" {
			to[state] = attr(n, "href")
		}
	}
	want := map[string]string{"acknowledged": form + "/acknowledge", "validated": form + "/validate", "triaged": form + "/triage", "invalid": form + "/invalidate"}
	for state, url := range want {
		if to[state] != url {
			t.Errorf("a case moves to %s by %q, want %q", state, to[state], url)
		}
	}
	if len(to) != len(want) {
		t.Errorf("a new case may move to %v, want only %v", to, want)
	}
	a.says(t, "Prioritise: The report is received; this needs one that is valid", "steps.prioritise.requires.verified")
}

func TestAColumnShowsTwentyCasesAndLeadsToTheRest(t *testing.T) {
	b := open(t)
	for range 23 {
		b.another()
	}
	a := b.see("/desk/juno/board", b.enter("juno", "dimi"))
	_, cases := a.columns(t)
	if got := len(cases["received"]); got != 20 {
		t.Errorf("the column shows %d cases, want 20", got)
	}
	a.says(t, "Received 23", "3 more in the inbox")
	if !strings.Contains(a.body, `href="/desk/juno?state=received"`) {
		t.Error("the rest cannot be reached")
	}
}

func TestTheBoardOfWhoSeesPublicCasesHasNoOthers(t *testing.T) {
	b := open(t)
	secret := b.report("solo-miner-monitor", url.Values{"kind": {"issue"}, "title": {"SECRET"}, "description": {"SECRET"}})
	public := aPublicCase(b, "Stored script in the pool's name")
	a := b.see("/desk/solo-miner-monitor/board", b.enter("solo-miner-monitor", "carl"))
	if a.status != http.StatusOK || strings.Contains(a.body, string(of(secret))) || strings.Contains(a.body, "SECRET") {
		t.Errorf("got %d, and what is restricted may not be there:\n%s", a.status, a.words(t))
	}
	a.says(t, string(of(public)), "Received 0")
}

// A case that was taken up again stands where its fix stood, and still has to be looked at anew.
func TestACaseThatWasTakenUpAgainHasTheFirstStepsAnew(t *testing.T) {
	b := open(t)
	b.Play("solo-miner-monitor", "again", `
rita reports {kind: issue, title: "Header", description: "A header is kept."}
maintainer-1 acknowledge {}
maintainer-1 triage {sensitive: false, category: documentation_gap, impact: "None."}
maintainer-1 validate {evidence: "Seen."}
maintainer-1 prioritise {priority: low, because: "It is said nowhere."}
maintainer-1 remedy {product: monitor, line: 0.1.x, status: patched, affected: "< 0.1.9", patches: [{url: "https://git.example.org/monitor/1", sha256: abababababababababababababababababababababababababababababababab}]}
maintainer-1 close {outcome: documented}
wait 24h
rita reopens {title: "The same header", description: "It comes back."}
`)
	a := b.see("/desk/solo-miner-monitor/board", b.enter("solo-miner-monitor", "maintainer-1"))
	if _, cases := a.columns(t); !slices.Contains(cases["fix ready"], string(b.Journey.Cases["again"])) {
		t.Fatalf("the case stands in %v, and this test wants one whose fix is ready", cases)
	}
	for _, verb := range []string{"validate", "triage"} {
		if !strings.Contains(a.body, `<a href="/desk/solo-miner-monitor/cases/`+string(b.Journey.Cases["again"])+`/`+verb+`">`) {
			t.Errorf("the card does not offer to %s:\n%s", verb, a.words(t))
		}
	}
}
