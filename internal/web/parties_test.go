package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/apptest"
)

// manned is a private case of Juno with a party and a thread, a list of validators, a project downstream, and the addresses to which
// invitations went.
func manned(t *testing.T) (b browser, at string, letters func() []string) {
	t.Helper()
	var mu sync.Mutex
	var to []string
	b = browser{apptest.New(t, apptest.Options{Post: func(l cvd.Letter) {
		mu.Lock()
		defer mu.Unlock()
		if strings.Contains(l.Text, "/invited/") {
			to = append(to, l.To)
		}
	}}), t}
	b.Play("juno", "manned", `
jake registers {audience: validators, consent: "said yes", table: ["name,kind,mail,weight:voting_power", "Harbour,organisation,harbour@example.org,40", "Quay,organisation,quay@example.org,30", "Pier,organisation,pier@example.org,20"]}
jake registers {table: ["name,product,version,route,weight:installations", "Slipway,juno,v28.0.1,security@slipway.example,900"]}
rita reports {kind: security, title: Overflow, description: "It goes over.", told: ["The maintainers of the engine"]}
jake acknowledge {message: Thanks}
jake validate {evidence: seen}
jake triage {sensitive: true}
jake asks harbour {name: Harbour, kind: validator, address: harbour@example.org, weights: {voting_power: 40}}
harbour joins
jake thread {title: "The night of the swap", parties: ["guest:1"]}
harbour message {thread: 1, text: "Any full hour will do."}
jake remedy {product: juno, line: "28", status: affected, affected: ">= 28.0.0, < 28.2.1"}`)
	b.Settle()
	return b, "/desk/juno/cases/" + string(b.Journey.Cases["manned"]), func() []string {
		b.Settle()
		mu.Lock()
		defer mu.Unlock()
		defer func() { to = nil }()
		return to
	}
}

// J-37: nobody asks 150 members one by one, and nobody is asked twice.
func TestAnAudienceIsAskedInOneAct(t *testing.T) {
	b, at, letters := manned(t)
	letters()
	jake := b.enter("juno", "jake")
	b.see(at+"/readiness", jake).says(t, "Ask a whole list", "Validators of the chain", "Invite 2 of")
	a := b.send(at+"/parties/audience", url.Values{"audience": {"validators"}}, jake)
	if a.status != http.StatusSeeOther || !strings.HasSuffix(a.header.Get("Location"), "/readiness?invited=2") {
		t.Fatalf("got %d to %q\n%s", a.status, a.header.Get("Location"), a.body)
	}
	b.see(a.header.Get("Location"), jake).says(t, "2 members were asked to take part.", "Quay", "Pier", "Nobody is left to ask.")
	to := letters()
	if len(to) != 2 || strings.Contains(strings.Join(to, " "), "harbour") {
		t.Errorf("invitations went to %q; want Quay and Pier, once each", to)
	}
	a = b.send(at+"/parties/audience", url.Values{"audience": {"validators"}}, jake)
	if got := a.header.Get("Location"); !strings.HasSuffix(got, "invited=0") {
		t.Errorf("asked again, it leads to %q; want nobody invited", got)
	}
	if to := letters(); len(to) != 0 {
		t.Errorf("a second act wrote to %q", to)
	}
	if a := b.send(at+"/parties/audience", url.Values{"audience": {"nobody"}}, jake); a.status != http.StatusUnprocessableEntity {
		t.Errorf("an audience that the policy does not know: got %d", a.status)
	}
	rosa := b.enter("juno", "rosa") // she keeps the register and may invite nobody
	if a := b.send(at+"/parties/audience", url.Values{"audience": {"partners"}}, rosa); a.status != http.StatusForbidden {
		t.Errorf("who may not invite one invites an audience: got %d", a.status)
	}
	if words := b.see(at+"/readiness", rosa).words(t); strings.Contains(words, "Ask a whole list") {
		t.Error("who may not invite is offered to")
	}
}

// A thread of a subset is read and answered where its parties stand.
func TestTheTeamReadsAndAnswersAThread(t *testing.T) {
	b, at, _ := manned(t)
	jake := b.enter("juno", "jake")
	b.see(at+"/readiness", jake).says(t, "The night of the swap", "Read by the team, Harbour", "Any full hour will do.")
	if a := b.send(at+"/message", url.Values{"thread": {"1"}, "text": {"Then at nine."}}, jake); a.status != http.StatusSeeOther {
		t.Fatalf("got %d\n%s", a.status, a.body)
	}
	b.see(at+"/readiness", jake).says(t, "Then at nine.")
	b.post("/p/juno/status", url.Values{"code": {b.Journey.Codes["manned/harbour"]}}).says(t, "Then at nine.")
	if words := b.post("/p/juno/status", url.Values{"code": {b.Journey.Codes["manned/rita"]}}).words(t); strings.Contains(words, "at nine") || strings.Contains(words, "night of the swap") {
		t.Error("who is not in the thread reads of it")
	}
}

// J-53: who was told and who runs the code is named with one press, and told nothing by it.
func TestWhoWasToldIsACandidateWithOnePress(t *testing.T) {
	b, at, letters := manned(t)
	letters()
	jake := b.enter("juno", "jake")
	press := func(page, name string) {
		t.Helper()
		a := b.see(page, jake)
		form := url.Values{}
		for _, e := range a.elements(t) {
			if e.Data != "form" || attr(e, "class") != "candidate" {
				continue
			}
			one := url.Values{}
			for in := range e.Descendants() {
				if in.Data == "input" {
					one.Set(attr(in, "name"), attr(in, "value"))
				}
			}
			if one.Get("name") == name {
				form = one
			}
		}
		if a := b.send(at+"/nominate", form, jake); a.status != http.StatusSeeOther {
			t.Fatalf("name %s by %v: got %d\n%s", name, form, a.status, a.body)
		}
	}
	press(at, "The maintainers of the engine")
	press(at+"/exposure", "Slipway")
	b.see(at+"/readiness", jake).says(t, "The maintainers of the engine", "The reporter told them.", "Slipway", "installations 900", "It runs juno v28.0.1.")
	for page, name := range map[string]string{at: "The maintainers of the engine", at + "/exposure": "Slipway"} {
		if words := b.see(page, jake).words(t); !strings.Contains(words, "candidate") || strings.Contains(words, "Name as a candidate: "+name) {
			t.Errorf("%s still offers to name %s", page, name)
		}
	}
	if to := letters(); len(to) != 0 {
		t.Errorf("naming wrote to %q", to)
	}
}
