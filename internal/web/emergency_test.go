package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// announced is a case of Juno whose release is announced for a week from now, and which its reporter says is attacked.
func announced(t *testing.T) (b browser, root string, to time.Time) {
	t.Helper()
	b = open(t)
	to = b.Clock.Now().Add(7 * 24 * time.Hour).UTC().Truncate(time.Minute)
	b.Play("juno", "train", `
rita reports {kind: security, title: "Quetzal overflow", description: "An ocelot message is counted twice."}
jake validate {evidence: "seen"}
jake triage {sensitive: true}
jake remedy {product: juno, line: "27", status: not_affected, because: "it has no counter"}
jake remedy {product: juno, line: "28", status: patched, affected: ">= 28.0.0", patches: [{url: "https://git.example.org/axolotl/28", sha256: abababababababababababababababababababababababababababababababab, private: true}]}
dimi review {of: fix, verdict: approve}
rosa notify {notice: coming, says: {release_at: `+to.Format(time.RFC3339)+`, line: "28", action: "Swap it.", downtime: short}}
rosa deliver {notice: coming, channel: x, url: "https://social.example.org/1"}
rita claim {fact: attacks, evidence: "A pangolin left <marks>."}
`)
	return b, "/desk/juno/cases/" + string(b.Journey.Cases["train"]), to
}

// What an outsider said stands on the page of the emergency, on that of the case and on that of the embargo, one click from being the
// emergency's cause, with its evidence; the release moves in the same act, and the page says before what follows.
func TestAClaimBecomesTheCauseOfAnEmergencyWithOneClick(t *testing.T) {
	b, root, first := announced(t)
	jake := b.enter("juno", "jake")
	const way = "/emergency?claim=1&amp;fact=attacks"
	for _, at := range []string{"", "/emergency", "/emergency?fact=public", "/negotiation"} {
		if a := b.see(root+at, jake); !strings.Contains(a.body, root+way) {
			t.Errorf("%s does not lead to the claim:\n%s", at, a.words(t))
		}
	}
	a := b.see(root+"/emergency?claim=1&fact=attacks", jake)
	a.says(t, "This confirms what", "The release that was announced")
	if got := a.field(t, "claim"); got != "1" {
		t.Errorf("the form confirms claim %q", got)
	}
	if !strings.Contains(a.body, "A pangolin left &lt;marks&gt;.</textarea>") {
		t.Errorf("the evidence is not carried along:\n%s", a.body)
	}
	soon := b.Clock.Now().Add(3 * time.Hour).UTC().Truncate(time.Minute)
	form := url.Values{"fact": {"attacks"}, "claim": {"1"}, "once": {a.field(t, "once")}, "because": {"A pangolin left <marks>."}, "look": {"yes"},
		"slip.to": {"tomorrow"}, "slip.says.line": {"28"}}
	if a := b.send(root+"/emergency", form, jake); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, `href="#slip-to"`) || !strings.Contains(a.body, `value="tomorrow"`) {
		t.Errorf("an instant that is none: got %d\n%s", a.status, a.words(t))
	}
	form.Set("slip.to", soon.Format("2006-01-02T15:04"))
	a = b.send(root+"/emergency", form, jake)
	if a.status != http.StatusOK {
		t.Fatalf("looking answers %d\n%s", a.status, a.words(t))
	}
	a.says(t, "What follows if it moves", "is now planned for "+cvd.Instant(soon), "No wait begins anew")
	if !strings.Contains(a.body, "A pangolin left &lt;marks&gt;.</textarea>") || !strings.Contains(a.body, `value="`+soon.Format("2006-01-02T15:04")+`"`) {
		t.Error("what was typed is gone after looking")
	}
	b.see(root+"/train", jake).says(t, "announced for "+cvd.Instant(first)[:14])
	form.Del("look")
	if a := b.send(root+"/emergency", form, jake); a.status != http.StatusSeeOther {
		t.Fatalf("the act answers %d\n%s", a.status, a.words(t))
	}
	v, err := b.Casework.Case(t.Context(), b.Actor("juno", "jake"), b.Journey.Cases["train"])
	if err != nil || len(v.Slips) != 1 || !v.Slips[0].To.Equal(soon) || v.Claims[0].Answer != "confirmed" || !v.CS.Attacks {
		t.Errorf("the case: %+v %+v %v, %v", v.Slips, v.Claims, v.CS, err)
	}
	if a := b.see(root+"/emergency", jake); strings.Contains(a.body, way) {
		t.Error("the claim waits on, although it is confirmed")
	}
}

// A notice that went out again says so wherever notices are listed: when, why, and when it went out first; and bears its title.
func TestANoticeThatWentOutAgainSaysSo(t *testing.T) {
	b, root, to := announced(t)
	b.Play("juno", "train", `
wait 1h
rosa notify {notice: coming, again: "The builder forgot a platform.", says: {release_at: `+to.Format(time.RFC3339)+`, line: "28", action: "Swap both.", downtime: short}}
rosa correct {notice: coming, withdraws: true, because: "It was the wrong text."}
`)
	jake := b.enter("juno", "jake")
	for _, at := range []string{"", "/fanout"} {
		a := b.see(root+at, jake)
		a.says(t, "A security release is coming", "Ordered again on Mon 2026-03-02 10:00 UTC, because: The builder forgot a platform; first order on Mon 2026-03-02 09:00 UTC.", "Withdrawal of “A security release is coming”")
	}
	b.see(root+"/fanout", jake).says(t, "Ordered before")
}
