package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/policies"
)

// solo is the policy of the second project with other words in it.
func soloWith(t *testing.T, old, now string) string {
	t.Helper()
	text, err := policies.Files.ReadFile("solo-miner-monitor.yaml")
	if err != nil || !strings.Contains(string(text), old) {
		t.Fatalf("the policy does not say %q, %v", old, err)
	}
	return strings.Replace(string(text), old, now, 1)
}

// does sends a form that must be taken, and follows to where it leads.
func (b browser) does(path string, form url.Values, c *http.Cookie) answer {
	b.t.Helper()
	a := b.send(path, form, c)
	if a.status != http.StatusSeeOther {
		b.t.Fatalf("%s: got %d\n%s", path, a.status, a.words(b.t))
	}
	return b.see(a.header.Get("Location"), c)
}

// B-118, J-6: a change of the policy goes from proposal to history on pages that need no script, and its cases move with a reason.
func TestAPolicyIsProposedLookedAtAcceptedAndAdopted(t *testing.T) {
	b := open(t)
	const desk = "/desk/solo-miner-monitor"
	vera, mara := b.enter("solo-miner-monitor", "vera"), b.enter("solo-miner-monitor", "maintainer-1")
	id := string(of(b.report("solo-miner-monitor", url.Values{"kind": {"issue"}, "title": {"Overflow"}, "description": {"It reads too far."}, "severity": {"High"}})))

	a := b.send(desk+"/policy/proposals", url.Values{"text": {soloWith(t, "longest: 90d", "longest: 90 dys")}, "because": {"Shorter."}}, vera)
	if a.status != http.StatusUnprocessableEntity {
		t.Fatalf("what is no policy: got %d", a.status)
	}
	a.says(t, "Nothing was changed", "policy.yaml:", "embargo.longest")
	if !strings.Contains(a.body, "longest: 90 dys") {
		t.Error("what was typed is gone")
	}
	a = b.does(desk+"/policy/proposals", url.Values{"text": {soloWith(t, "critical: 24h, high: 48h", "critical: 72h, high: 72h")}, "because": {"We are fewer now."}}, vera)
	a.says(t, "It is proposed", "Proposal 1", "We are fewer now.", "First response, Critical looser: 24 hours → 3 days", "Who may administer the project accepts")
	if strings.Contains(a.body, `value="approve"`) || strings.Contains(a.body, "/accept") {
		t.Error("who proposed it is asked to approve it")
	}
	milo := b.enter("solo-miner-monitor", "maintainer-2")
	a = b.does(desk+"/policy/proposals/1/judge", url.Values{"verdict": {"object"}, "text": {"Two days are what we said."}}, milo)
	a.says(t, "Your word is kept", "Milo (demo) objects", "Two days are what we said.")
	if a := b.send(desk+"/policy/proposals/1/accept", nil, mara); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.words(t), "Milo (demo) objected") {
		t.Errorf("accepted over an objection: got %d\n%s", a.status, a.words(t))
	}
	a = b.does(desk+"/policy/proposals/1/accept", url.Values{"because": {"We said so when we were five."}}, mara)
	a.says(t, "It is in force", "accepted as version 2", "We said so when we were five.")
	a = b.see(desk+"/policy", vera)
	a.says(t, "Version 2 is in force", "Mara (demo)", "First response, Critical looser: 24 hours → 3 days", "Version 1 Whoever runs the machine")
	if strings.Contains(a.body, "/policy/adopt") {
		t.Error("who may not administer is led to the page that moves cases")
	}
	b.see(desk+"/policy/versions/2", vera).says(t, "Since version 1", "critical: 72h, high: 72h")

	b.see(desk+"/policy/adopt", mara).says(t, "Open cases 1", "Would move 1", "No promise would be missed")
	if a := b.send(desk+"/policy/adopt", nil, mara); a.status != http.StatusUnprocessableEntity {
		t.Errorf("moved without a reason: got %d", a.status)
	}
	b.does(desk+"/policy/adopt", url.Values{"because": {"One promise for all."}}, mara)
	b.Settle()
	b.see(desk+"/policy", vera).says(t, "1 of 1 open cases moved to version 2", "One promise for all.")
	b.see(desk+"/cases/"+id, mara).says(t, "Moved from version 1 to version 2 of the policy: One promise for all.")
	b.see(desk+"/policy/adopt", mara).says(t, "There is nothing to move")
	for _, path := range []string{"/policy/proposals/9", "/policy/proposals/x", "/policy/versions/9", "/policy/versions/x", "/reviews/x"} {
		if a := b.see(desk+path, vera); a.status != http.StatusNotFound {
			t.Errorf("%s: got %d", path, a.status)
		}
	}
}

// B-105 to B-108: the pack of a month is a page and a file, and what was decided stands on it with the version that followed.
func TestAReviewIsReadDecidedAndClosed(t *testing.T) {
	b := open(t)
	const desk, review = "/desk/solo-miner-monitor", "/desk/solo-miner-monitor/reviews/process_review.2026-03-01"
	mara := b.enter("solo-miner-monitor", "maintainer-1")
	b.see(desk+"/reviews", mara).says(t, "No period has ended yet")
	id := string(of(b.report("solo-miner-monitor", url.Values{"kind": {"issue"}, "title": {"Overflow"}, "description": {"It reads too far."}, "severity": {"High"}})))
	b.Wait(31 * 24 * time.Hour)
	mara = b.enter("solo-miner-monitor", "maintainer-1") // a session lasts no month
	vera := b.enter("solo-miner-monitor", "vera")
	b.see(desk+"/reviews", mara).says(t, "2026-03-01 to 2026-03-31", "Review of this process", "open")
	a := b.see(review, mara)
	a.says(t, "Look at the measures of the month", "Cases opened: 1", id+" The promise ended at", "clocks.response", "Nothing is decided yet")
	for _, path := range []string{desk + "/reviews", review, review + "/pack.md"} {
		if a := b.see(path, vera); a.status != http.StatusNotFound {
			t.Errorf("%s for who may not see cases: got %d", path, a.status)
		}
	}
	if a := b.send(review+"/decide", url.Values{"text": {"Answer sooner."}, "version": {"7"}}, mara); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.words(t), "no version 7") {
		t.Errorf("a version that there is not: got %d", a.status)
	}
	b.does(review+"/decide", url.Values{"text": {"Answer sooner."}, "version": {"1"}}, mara).says(t, "The decision is recorded", "Answer sooner. Version 1 of the policy followed.", "Mara (demo)")
	b.does(review+"/close", nil, mara).says(t, "The review is closed")
	if a := b.see(review+"/pack.md", mara); !strings.Contains(a.body, "# Review of this process") || !strings.Contains(a.body, "- "+id+" clocks.response") || !strings.Contains(a.body, "Answer sooner. (version 1") {
		t.Errorf("the file says\n%s", a.body)
	}
}
