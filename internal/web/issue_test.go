package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

// B-9: what closes no hole is handed to the tracker by one act from the page of its case, and the case says where it goes on.
func TestWhatIsNoMatterOfSecurityIsHandedToTheTracker(t *testing.T) {
	const solo, address = "solo-miner-monitor", "https://github.com/smokeysrh/bitcoin-solo-miner-monitor/issues/12"
	b := open(t)
	secret := b.report(solo, url.Values{"kind": {"issue"}, "title": {"The README names an old flag"}, "description": {"It is called --pool now."}})
	path := "/desk/" + solo + "/cases/" + string(of(secret))
	c := b.enter(solo, "maintainer-1")
	hand := url.Values{"rev": {""}, "outcome": {"tracker"}, "url": {address}}
	refused := b.send(path+"/close", hand, c)
	refused.says(t, "triage has to decide first that the details help no attacker")
	no := false
	step(b, (*casework.Casework).Triage, solo, "maintainer-1", secret, cvd.Triaged{Class: "informational", Sensitive: &no, Impact: "none", Because: "documentation"})
	page := b.see(path, c)
	page.says(t, "Open it in the tracker, filled in", "Hand it to the tracker")
	hand.Set("rev", page.field(t, "rev"))
	hand.Set("url", "issue 12")
	b.send(path+"/close", hand, c).says(t, "Write a full web address")
	hand.Set("url", address)
	if a := b.send(path+"/close", hand, c); a.status != http.StatusSeeOther {
		t.Fatalf("got %d, want 303\n%s", a.status, a.words(t))
	}
	for name, a := range map[string]answer{"the desk": b.see(path, c), "its reporter": b.post("/p/"+solo+"/status", code(secret)),
		"strangers": b.get("/p/" + solo + "/cases/" + string(of(secret)))} {
		a.says(t, "It goes on at "+address, "Closed: tracker, it goes on at "+address)
		if strings.Contains(a.body, "Hand it to the tracker") {
			t.Errorf("%s: a closed case can be handed over once more", name)
		}
	}
}

// J-12: what belongs to governance is closed with the discussion where it goes on and the number of the proposal, whatever is
// known of it by then.
func TestAMatterOfGovernanceIsClosedWithItsDiscussion(t *testing.T) {
	b := open(t)
	form := aReport()
	form.Set("kind", "bug")
	secret := b.report("juno", form)
	path := "/desk/juno/cases/" + string(of(secret)) + "/close"
	c := b.enter("juno", "dimi")
	close := url.Values{"outcome": {"governance"}, "reference": {"proposal 341"}}
	b.send(path, close, c).says(t, "Write the address of the discussion where it goes on")
	close.Set("url", "https://commonwealth.im/juno/discussion/9")
	if a := b.send(path, close, c); a.status != http.StatusSeeOther {
		t.Fatalf("got %d, want 303\n%s", a.status, a.words(t))
	}
	b.post("/p/juno/status", code(secret)).says(t, "It goes on at proposal 341", "Closed: governance, it goes on at https://commonwealth.im/juno/discussion/9 (proposal 341)")
	v, err := b.Casework.Case(t.Context(), b.Actor("juno", "dimi"), of(secret))
	if err != nil || v.RM != cvd.Closed || v.Elsewhere != (cvd.Elsewhere{URL: "https://commonwealth.im/juno/discussion/9", Reference: "proposal 341"}) {
		t.Errorf("the case says %+v, report management %s, %v", v.Elsewhere, v.RM, err)
	}
}
