package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

const opened = "rita reports {title: Overflow, kind: security, description: long enough to be a report}\n"

func TestTwoComposersSayWhoWillReadWhat(t *testing.T) {
	b := open(t)
	b.Play("juno", "one", opened)
	path := "/desk/juno/cases/" + string(b.Journey.Cases["one"])
	c := b.enter("juno", "dimi")
	page := b.see(path, c).body
	outward, inward, ok := strings.Cut(page[strings.Index(page, `class="composer outward"`):], `class="composer inward"`)
	if !ok {
		t.Fatalf("there are no two composers\n%s", page)
	}
	if !strings.Contains(outward, "<strong>7 will read this:</strong>") || !strings.Contains(outward, "the reporter of report 1") || !strings.Contains(outward, ">Send to the reporter<") {
		t.Errorf("the composer to the reporter does not say who reads it\n%s", outward)
	}
	inward, _, _ = strings.Cut(inward, "</form>")
	if !strings.Contains(inward, "<strong>6 will read this:</strong>") || strings.Contains(inward, "reporter") || !strings.Contains(inward, ">Keep as a team note<") {
		t.Errorf("the composer of the team does not say who reads it\n%s", inward)
	}
	b.send(path+"/note", url.Values{"text": {"the tamandua sleeps"}}, c)
	b.send(path+"/message", url.Values{"text": {"to you"}}, c)
	page = b.see(path, c).body
	if !strings.Contains(page, "the tamandua sleeps") || !strings.Contains(page, "to you") {
		t.Errorf("what was written is not there\n%s", page)
	}
	rita := b.send("/p/juno/status", url.Values{"code": {b.Journey.Codes["one/rita"]}}, nil).body
	if strings.Contains(rita, "the tamandua sleeps") || !strings.Contains(rita, "to you") {
		t.Errorf("the reporter reads the note, or not the message\n%s", rita)
	}
}

func TestACaseShowsWhatMayBeDoneAndWhatStandsInTheWay(t *testing.T) {
	b := open(t)
	b.Play("juno", "one", opened)
	path := "/desk/juno/cases/" + string(b.Journey.Cases["one"])
	page := b.see(path, b.enter("juno", "jake"))
	if !strings.Contains(page.body, `href="`+path+`/acknowledge"`) {
		t.Errorf("the step that may be taken has no link\n%s", page.body)
	}
	for _, want := range []string{"the report must be verified first", "steps.release.requires.verified"} {
		if !strings.Contains(strings.ToLower(page.body), want) {
			t.Errorf("a step that may not be taken does not say %q", want)
		}
	}
	if form := b.see(path+"/release", b.enter("juno", "jake")); form.status != http.StatusOK || !strings.Contains(form.body, "What stands in the way now") {
		t.Errorf("the form of a step that may not be taken: got %d", form.status)
	}
}

func TestAPolicyWithoutSeveritiesIsNotAskedForThem(t *testing.T) {
	b := open(t)
	b.Play("juno", "one", opened)
	b.Play("solo-miner-monitor", "two", "rita reports {title: Overflow, kind: sensitive, description: long enough to be a report, severity: High, component: api, version: 1.0.0, impact: much, steps: [one], expected: nothing}")
	juno := b.see("/desk/juno/cases/"+string(b.Journey.Cases["one"])+"/triage", b.enter("juno", "dimi")).body
	solo := b.see("/desk/solo-miner-monitor/cases/"+string(b.Journey.Cases["two"])+"/triage", b.enter("solo-miner-monitor", "maintainer-1")).body
	for _, name := range []string{`name="class"`, `name="vector"`, `name="category"`} {
		if strings.Contains(juno, name) || !strings.Contains(solo, name) {
			t.Errorf("%s: in Juno's form %v, in the monitor's %v", name, strings.Contains(juno, name), strings.Contains(solo, name))
		}
	}
}

func TestARefusedStepKeepsWhatWasTypedAndNamesTheClause(t *testing.T) {
	b := open(t)
	b.Play("juno", "one", opened)
	path := "/desk/juno/cases/" + string(b.Journey.Cases["one"])
	a := b.send(path+"/analyse", url.Values{"rev": {"1"}, "section": {"scope"}, "text": {"three hours of work"}}, b.enter("juno", "jake"))
	if a.status != http.StatusForbidden || !strings.Contains(a.body, "three hours of work") || !strings.Contains(a.body, `<a class="clause"`) {
		t.Errorf("a refused step: got %d\n%s", a.status, a.words(t))
	}
}

func TestAnInstantNeedsItsHourAndIsReadInItsZone(t *testing.T) {
	b := open(t)
	b.Play("juno", "one", opened+"dimi acknowledge {}\ndimi validate {evidence: seen}\ndimi triage {sensitive: true, impact: much}")
	path := "/desk/juno/cases/" + string(b.Journey.Cases["one"])
	c := b.enter("juno", "dimi")
	if a := b.send(path+"/embargo", url.Values{"until": {"2026-04-01"}, "until.zone": {"UTC"}}, c); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, "day, hour and minute") {
		t.Errorf("a bare date: got %d\n%s", a.status, a.words(t))
	}
	if a := b.send(path+"/embargo", url.Values{"until": {"2026-04-01T16:00"}, "until.zone": {"UTC"}, "terms": {"until then"}}, c); a.status != http.StatusSeeOther {
		t.Fatalf("an instant: got %d\n%s", a.status, a.words(t))
	}
	if page := b.see(path, c); !strings.Contains(page.body, `datetime="2026-04-01T16:00:00Z"`) {
		t.Errorf("the embargo does not end at 16:00 UTC\n%s", page.words(t))
	}
}

func TestManyCasesAreAcknowledgedAtOnceAndEachAnswersForItself(t *testing.T) {
	b := open(t)
	b.Play("juno", "one", opened)
	b.Play("juno", "two", opened+"dimi acknowledge {}")
	c := b.enter("juno", "dimi")
	one, two := string(b.Journey.Cases["one"]), string(b.Journey.Cases["two"])
	a := b.send("/desk/juno/bulk", url.Values{"step": {"acknowledge"}, "case": {one, two, "JUNO-0000"}}, c)
	if a.status != http.StatusOK || strings.Count(a.body, ">done<") != 1 || strings.Count(a.body, ">not done<") != 2 || !strings.Contains(a.body, "acknowledged already") {
		t.Errorf("got %d\n%s", a.status, a.words(t))
	}
	if a := b.send("/desk/juno/bulk", url.Values{"step": {"invalidate"}, "case": {one}}, c); a.status != http.StatusUnprocessableEntity {
		t.Errorf("a step that decides something is taken on many at once: got %d", a.status)
	}
}

func TestHowFarRatingsLieApartIsSaid(t *testing.T) {
	b := open(t)
	b.Play("solo-miner-monitor", "one", "rita reports {title: Overflow, kind: issue, description: long enough to be a report, severity: High, component: api, version: 1.0.0, impact: much, steps: [one], expected: nothing}\n"+
		"maintainer-1 rate {class: low}\nmaintainer-2 rate {class: high, vector: \"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N\"}")
	page := b.see("/desk/solo-miner-monitor/cases/"+string(b.Journey.Cases["one"]), b.enter("solo-miner-monitor", "maintainer-1"))
	if !strings.Contains(page.body, "2 ratings, from Low to High.") {
		t.Errorf("the page does not say how far the ratings lie apart\n%s", page.words(t))
	}
}

func TestWhatIsSearchedForStandsInNoAddress(t *testing.T) {
	b := open(t)
	b.Play("juno", "one", opened)
	b.Play("juno", "two", strings.Replace(opened, "Overflow", "Quetzal", 1))
	c := b.enter("juno", "dimi")
	a := b.send("/desk/juno", url.Values{"words": {"quetzal"}}, c)
	if a.status != http.StatusOK || !strings.Contains(a.body, string(b.Journey.Cases["two"])) || strings.Contains(a.body, string(b.Journey.Cases["one"])) {
		t.Errorf("the search found something else: got %d\n%s", a.status, a.words(t))
	}
	if strings.Contains(a.body, "?words=") || strings.Contains(a.body, "words=quetzal") {
		t.Errorf("an address holds what was searched for\n%s", a.body)
	}
}
