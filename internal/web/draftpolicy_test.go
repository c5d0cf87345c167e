package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// A policy is written with what the program says of it beside its lines, and without a script.
func TestAPolicyIsWrittenWithWhatIsWrongBesideItsLines(t *testing.T) {
	b := open(t)
	const desk = "/desk/solo-miner-monitor/policy"
	vera := b.enter("solo-miner-monitor", "vera")
	a := b.see(desk+"/edit", vera)
	a.says(t, "Edit the policy", "This is a policy, and the linter has no objection", "Nothing changes in meaning", "Timeline")

	broken := soloWith(t, "longest: 90d", "longest: 90 dys")
	a = b.send(desk+"/edit", url.Values{"text": {broken}, "because": {"Shorter."}}, vera)
	a.says(t, "1 thing keeps this from being the policy", `"90 dys" has the unit "dys"`)
	line := 0
	for _, n := range a.elements(t) {
		if strings.HasPrefix(attr(n, "href"), "#L") {
			line++
		}
		if attr(n, "class") == "noted" && !strings.Contains(textOf(n), "longest: 90 dys") {
			t.Errorf("what is wrong stands at %q", textOf(n))
		}
	}
	if line != 1 || !strings.Contains(a.body, ">\n"+strings.Split(broken, "\n")[0]) || a.field(t, "because") != "Shorter." {
		t.Errorf("%d links to lines, or what was typed is gone", line)
	}

	slow := soloWith(t, "critical: 24h, high: 48h", "critical: 72h, high: 72h")
	a = b.send(desk+"/edit", url.Values{"text": {slow}, "severity": {"high"}, "at": {"2026-12-21T09:00"}, "zone": {"UTC"}, "do": {"check"}}, vera)
	a.says(t, "First response, Critical looser: 24 hours → 3 days", "Thu 2026-12-24 09:00")
	part := b.send(desk+"/check", url.Values{"text": {slow}}, vera)
	if part.status != http.StatusOK || strings.Contains(part.body, "<html") || !strings.Contains(part.words(t), "24 hours → 3 days") {
		t.Errorf("the part for the script: got %d\n%s", part.status, part.body)
	}

	for name, text := range map[string]string{"a document of another project": strings.Replace(slow, "policy: solo-miner-monitor", "policy: juno", 1), "nothing": "",
		"too much": strings.Repeat("# long\n", 40_000), "what explodes": "a: &a [x, x]\nb: &b [*a, *a]\n", "letters that turn": "policy: \u202ejuno\n<script>alert(1)</script>"} {
		began := time.Now()
		a := b.send(desk+"/edit", url.Values{"text": {text}, "do": {"propose"}, "because": {"x"}}, vera)
		if a.status != http.StatusUnprocessableEntity || strings.Contains(a.body, "<script>") || time.Since(began) > 5*time.Second {
			t.Errorf("%s: got %d after %v", name, a.status, time.Since(began))
		}
	}
	b.send(desk+"/edit", url.Values{"text": {strings.Repeat("# long\n", 40_000)}}, vera).says(t, "256 KiB")
	b.does(desk+"/edit", url.Values{"text": {slow}, "do": {"propose"}, "because": {"We are fewer now."}}, vera).says(t, "It is proposed", "We are fewer now.")
}
