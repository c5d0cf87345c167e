package web_test

import (
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// ids are what a link into a page can lead to.
func (a answer) ids(t *testing.T) map[string]bool {
	t.Helper()
	all := map[string]bool{}
	for _, n := range a.elements(t) {
		if id := attr(n, "id"); id != "" {
			if all[id] {
				t.Errorf("the page has the id %s twice", id)
			}
			all[id] = true
		}
	}
	return all
}

// clauses are the links of a page that say a clause.
func (a answer) clauses(t *testing.T) (all []*html.Node) {
	t.Helper()
	for _, n := range a.elements(t) {
		if strings.Contains(attr(n, "class"), "clause") {
			all = append(all, n)
		}
	}
	return all
}

// Whatever a page says of a clock, a wait or a notice can be read in the policy, by everybody, at its clause.
func TestAClauseOnScreenLeadsToItsWords(t *testing.T) {
	b := open(t)
	id, dimi := awaiting(b)
	anchors := b.get("/p/juno/policy").ids(t)
	for path, want := range map[string]string{"/desk/juno/cases/" + string(id): "steps.close.requires.explained", "/desk/juno/board": "steps.explain.requires.disclosed",
		"/desk/juno/cases/" + string(id) + "/close": "steps.close.requires.explained"} {
		said := map[string]bool{}
		for _, n := range b.see(path, dimi).clauses(t) {
			page, to, _ := strings.Cut(attr(n, "href"), "#")
			if page != "/p/juno/policy" || !anchors[to] {
				t.Errorf("%s: %q leads to %q, where nothing is", path, textOf(n), attr(n, "href"))
			}
			said[to] = true
		}
		if !said[want] {
			t.Errorf("%s does not lead to %s: %v", path, want, said)
		}
	}
}

// J-6: a case leads to the words that bind it, and these stay open to everybody when others are in force.
func TestACaseLeadsToTheVersionThatBindsIt(t *testing.T) {
	b := open(t)
	const desk, pages = "/desk/solo-miner-monitor", "/p/solo-miner-monitor"
	mara := b.enter("solo-miner-monitor", "maintainer-1")
	code := b.report("solo-miner-monitor", url.Values{"kind": {"issue"}, "title": {"Overflow"}, "description": {"It reads too far."}, "severity": {"High"}})
	b.does(desk+"/policy/proposals", url.Values{"text": {soloWith(t, "critical: 24h, high: 48h", "critical: 72h, high: 72h")}, "because": {"We are fewer now."}}, b.enter("solo-miner-monitor", "vera"))
	b.does(desk+"/policy/proposals/1/accept", nil, mara)

	for name, a := range map[string]answer{"the team": b.see(desk+"/cases/"+string(of(code)), mara), "the reporter": b.post(pages+"/status", url.Values{"code": {code}})} {
		if !strings.Contains(a.body, `href="`+pages+`/policy/1#clocks.response"`) {
			t.Errorf("%s is not led to the version that binds the case:\n%s", name, a.words(t))
		}
	}
	old := b.get(pages + "/policy/1")
	old.says(t, "This is version 1, which is no longer in force", "48 hours")
	if !old.ids(t)["clocks.response.within.high"] {
		t.Error("the former version has no anchor for a clause")
	}
	b.get(pages+"/policy").says(t, "3 days")
	for _, path := range []string{"/policy/3", "/policy/0", "/policy/x", "/policy/-1", "/policy/99999999999999999999"} {
		if a := b.get(pages + path); a.status != 404 || a.body != b.get("/p/nowhere/policy").body {
			t.Errorf("%s: got %d, and another answer than for what is not there", path, a.status)
		}
	}
}
