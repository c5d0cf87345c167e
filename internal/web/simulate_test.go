package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// J-9, B-72: a stranger sees the dates that a policy implies, without a script, and can take them along.
func TestAStrangerSeesWhatThePolicyMakesOfAReport(t *testing.T) {
	b := open(t)
	const page = "/p/solo-miner-monitor/simulate"
	b.get(page).says(t, "What would happen, and when", "arrival", "clocks.response")
	q := url.Values{"severity": {"high"}, "at": {"2026-12-21T09:00"}, "zone": {"UTC"}, "track": {"private"}, "set": {"fix_ready=2026-12-24T10:00Z"}}.Encode()
	a := b.get(page + "?" + q)
	a.says(t, "Wed 2026-12-23 09:00", "Thu 2026-12-24 10:00", "On the private track")
	if !strings.Contains(a.body, "<svg") || !strings.Contains(a.body, `href="/p/solo-miner-monitor/policy#clocks.response"`) {
		t.Error("the page has no drawing, or no link to a clause")
	}
	anchors := b.get("/p/solo-miner-monitor/policy").ids(t)
	for _, n := range a.clauses(t) {
		if _, to, _ := strings.Cut(attr(n, "href"), "#"); !anchors[to] {
			t.Errorf("%q leads nowhere", attr(n, "href"))
		}
	}
	if f := b.get("/p/solo-miner-monitor/simulate.ics?" + q); f.status != http.StatusOK || !strings.Contains(f.body, "DTSTART:20261224T100000Z") {
		t.Errorf("the calendar: got %d\n%s", f.status, f.body)
	}
	if f := b.get("/p/solo-miner-monitor/simulate.md?" + q); f.status != http.StatusOK || !strings.Contains(f.body, "- [ ] 2026-12-24 10:00 UTC") {
		t.Errorf("the list: got %d\n%s", f.status, f.body)
	}
	for ask, want := range map[string]string{
		"severity=tremendous":                    "There is no severity",
		"at=2026-12-21":                          "a date alone is no instant",
		"set=lunch%3D2026-12-24T10%3A00Z":        "Nothing reaches a mark",
		"set=fix_ready":                          "Write one mark and its instant on each line",
		"at=99999-12-21T09%3A00&zone=UTC":        "rite the day and the time",
		"severity=high&zone=Nowhere&at=2026-1":   "say in which zone",
		"set=" + strings.Repeat("a%0A", 100):     "Write one mark",
		"fact=%3Cscript%3Ealert(1)%3C/script%3E": "There is no fact",
	} {
		a := b.get(page + "?" + ask)
		if a.status != http.StatusUnprocessableEntity || !strings.Contains(strings.ToLower(a.words(t)), strings.ToLower(want)) || strings.Contains(a.body, "<script") {
			t.Errorf("%s: got %d, want %q in\n%s", ask, a.status, want, a.words(t))
		}
	}
}
