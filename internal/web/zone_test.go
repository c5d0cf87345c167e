package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// zoneCookieOf is the choice of a zone that an answer leaves in the browser.
func zoneCookieOf(t *testing.T, a answer) *http.Cookie {
	t.Helper()
	c := cookieOf(t, a)
	if c.Name != "tipstaff-zone" || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode {
		t.Fatalf("the cookie is %+v", c)
	}
	return c
}

// with sends a request with cookies, as a browser that holds them.
func (b browser) with(method, path string, form url.Values, all ...*http.Cookie) answer {
	b.t.Helper()
	r := b.request(method, path, "application/x-www-form-urlencoded", strings.NewReader(form.Encode()))
	for _, c := range all {
		if c != nil {
			r.AddCookie(c)
		}
	}
	return b.do(r)
}

// Whoever works at a desk sees each instant in UTC and in the zone that they chose, on every page of it.
func TestTheDeskShowsInstantsInItsReadersZone(t *testing.T) {
	b, at, _ := manned(t)
	jake := b.enter("juno", "jake")
	page := at + "/negotiation"
	b.see(page, jake).says(t, "Instants are shown in UTC. Choose another zone")
	b.see("/desk/juno/zone?then="+url.QueryEscape(page), jake).says(t, "You see UTC.", "As usual: UTC")
	choose := func(as, zone, then string) answer {
		return b.send("/desk/juno/zone", url.Values{"as": {as}, "zone": {zone}, "then": {then}}, jake)
	}
	a := choose("zone", "Europe/Berlin", page)
	if a.status != http.StatusSeeOther || a.header.Get("Location") != page {
		t.Fatalf("got %d to %q", a.status, a.header.Get("Location"))
	}
	zone := zoneCookieOf(t, a)
	if zone.Path != "/desk/juno" || zone.MaxAge != 365*24*60*60 {
		t.Errorf("the cookie is %+v", zone)
	}
	// The hour that comes twice, the one that does not come, and the day that is another one there.
	for until, want := range map[string]string{
		"2026-10-25T00:30:00Z": "Sun 2026-10-25 00:30 UTC (02:30 in Europe/Berlin)",
		"2026-10-25T01:30:00Z": "Sun 2026-10-25 01:30 UTC (02:30 in Europe/Berlin)",
		"2027-03-28T00:59:00Z": "Sun 2027-03-28 00:59 UTC (01:59 in Europe/Berlin)",
		"2027-03-28T01:00:00Z": "Sun 2027-03-28 01:00 UTC (03:00 in Europe/Berlin)",
		"2026-07-01T22:30:00Z": "Wed 2026-07-01 22:30 UTC (Thu 00:30 in Europe/Berlin)",
	} {
		a := b.with("GET", page+"?as=propose&until="+until, nil, jake, zone)
		a.says(t, want, "Instants are shown in UTC and Europe/Berlin.")
		if got := a.field(t, "zone"); got != "Europe/Berlin" {
			t.Errorf("an instant is asked for in %q", got)
		}
	}
	if a := b.with("GET", at+"/embargo", nil, jake, zone); !strings.Contains(a.body, `value="Europe/Berlin"`) {
		t.Error("the form of a step does not take an instant in the reader's zone")
	}
	for name, c := range map[string]*http.Cookie{"UTC alone": zoneCookieOf(t, choose("utc", "", page)), "the usual": zoneCookieOf(t, choose("usual", "", page)),
		"a zone that is none": {Name: "tipstaff-zone", Value: "../../etc/localtime"}} {
		a := b.with("GET", page+"?as=propose&until=2026-07-01T22:30:00Z", nil, jake, c)
		a.says(t, "Instants are shown in UTC. Choose", "Wed 2026-07-01 22:30 UTC")
		if strings.Contains(a.words(t), "Berlin") {
			t.Errorf("%s: the page still says when it is in Berlin", name)
		}
	}
}

func TestAWrongZoneIsRefusedAtItsField(t *testing.T) {
	b, at, _ := manned(t)
	jake := b.enter("juno", "jake")
	harbour := b.Journey.Codes["manned/harbour"]
	for typed, says := range map[string]string{"": "Write the name of a zone", "Mars/Olympus": "“Mars/Olympus” is no zone of the IANA database", "Local": "is no zone of the IANA database",
		"berlin": "it is written Europe/Berlin", "america/new_york": "it is written America/New_York", "New York": "it is written America/New_York", "../../etc/passwd": "is no zone of the IANA database",
		"<b>": "is no zone of the IANA database", "a\r\nSet-Cookie: x=y": "is no zone of the IANA database"} {
		for face, a := range map[string]answer{
			"the desk":        b.send("/desk/juno/zone", url.Values{"as": {"zone"}, "zone": {typed}, "then": {at}}, jake),
			"a party's page":  b.post("/p/juno/status/zone", url.Values{"code": {harbour}, "as": {"zone"}, "zone": {typed}}),
			"a party of ours": b.post("/p/juno/status/zone", url.Values{"code": {harbour}, "as": {"ours"}, "zone": {typed}}),
		} {
			if a.status != http.StatusUnprocessableEntity || a.header.Get("Set-Cookie") != "" {
				t.Errorf("%s, %q: got %d and %q", face, typed, a.status, a.header.Get("Set-Cookie"))
			}
			if !strings.Contains(strings.NewReplacer(`"`, "“", "”", "“").Replace(a.words(t)), strings.ReplaceAll(says, "”", "“")) {
				t.Errorf("%s, %q: the page does not say %q:\n%s", face, typed, says, a.words(t))
			}
			if got, want := a.field(t, "zone"), strings.NewReplacer("\r\n", "").Replace(typed); strings.NewReplacer("\r\n", "", "\n", "").Replace(got) != want {
				t.Errorf("%s: the field holds %q, want %q", face, got, typed)
			}
		}
	}
	for _, then := range []string{"//example.org/", "https://example.org", "/desk/solo-miner-monitor", `/desk/juno\..\x`, "/p/juno"} {
		a := b.send("/desk/juno/zone", url.Values{"as": {"utc"}, "then": {then}}, jake)
		if got := a.header.Get("Location"); got != "/desk/juno" {
			t.Errorf("from %q it goes back to %q", then, got)
		}
	}
	if got := b.send("/desk/juno/zone", url.Values{"as": {"utc"}, "then": {at + "/train?to=2026-12-01T16%3A00%3A00Z"}}, jake).header.Get("Location"); got != at+"/train?to=2026-12-01T16%3A00%3A00Z" {
		t.Errorf("it goes back to %q", got)
	}
}

// A reporter chooses on the page of the report. The browser keeps it until it is closed, and for these pages alone: what everybody
// reads is the same to the byte with it and without.
func TestAReportersZoneIsForTheirOwnPageAlone(t *testing.T) {
	b := open(t)
	secret := b.report("juno", aReport())
	b.post("/p/juno/status/zone", code(secret)).says(t, "You see UTC.", "Back to the case")
	form := code(secret)
	form.Set("as", "zone")
	form.Set("zone", "Asia/Kolkata")
	a := b.post("/p/juno/status/zone", form)
	a.says(t, "Instants are shown as you chose", "Until Sun 2026-05-31 09:00 UTC (14:30 in Asia/Kolkata)", "Instants are shown in UTC and Asia/Kolkata.")
	if strings.Contains(a.words(t), "This zone is ours") {
		t.Error("a reporter is asked for the zone of a party")
	}
	zone := zoneCookieOf(t, a)
	if zone.Path != "/p/juno/status" || zone.MaxAge != 0 || !zone.Expires.IsZero() {
		t.Errorf("the cookie is %+v", zone)
	}
	b.with("POST", "/p/juno/status", code(secret), zone).says(t, "Until Sun 2026-05-31 09:00 UTC (14:30 in Asia/Kolkata)")
	if words := b.post("/p/juno/status", code(secret)).words(t); strings.Contains(words, "Kolkata") {
		t.Error("another browser knows the choice")
	}
	for _, page := range []string{"/", "/p/juno", "/p/juno/report", "/p/juno/status", "/p/juno/policy", "/p/juno/advisories/index.html", "/p/juno/simulate", "/p/solo-miner-monitor/cases", "/p/juno/keys"} {
		with, without := b.with("GET", page, nil, zone), b.get(page)
		if with.body != without.body || with.header.Get("ETag") != without.header.Get("ETag") || with.header.Get("Vary") != without.header.Get("Vary") {
			t.Errorf("%s differs by the zone of who reads it", page)
		}
	}
	form.Set("as", "ours")
	if a := b.post("/p/juno/status/zone", form); a.status != http.StatusForbidden && a.status != http.StatusUnprocessableEntity {
		t.Errorf("a reporter says where a party is: got %d", a.status)
	}
}

// A party says itself where it is: its own pages show it, in any browser, and the board of the team, and nobody else learns of it.
func TestAPartySaysInWhichZoneItIs(t *testing.T) {
	b, at, _ := manned(t)
	b.Play("juno", "manned", `jake asks quay {name: Quay, kind: validator}
quay joins
jake embargo {until: 2026-05-01T18:00:00Z}
harbour accept {}`)
	jake := b.enter("juno", "jake")
	harbour := url.Values{"code": {b.Journey.Codes["manned/harbour"]}}
	if words := b.see(at+"/readiness", jake).words(t); strings.Contains(words, "It is there at") {
		t.Error("the board has a column for zones that nobody told")
	}
	ours := url.Values{"code": harbour["code"], "as": {"ours"}, "zone": {"Asia/Tokyo"}}
	a := b.post("/p/juno/status/zone", ours)
	a.says(t, "The project sees in which zone you are.", "Instants are shown in UTC and Asia/Tokyo.", "Fri 2026-05-01 18:00 UTC (Sat 03:00 in Asia/Tokyo)")
	b.post("/p/juno/status", harbour).says(t, "Fri 2026-05-01 18:00 UTC (Sat 03:00 in Asia/Tokyo)")
	b.see(at+"/readiness", jake).says(t, "It is there at", "Sat 03:00 in Asia/Tokyo")
	b.see(at+"/negotiation", jake).says(t, "Sat 03:00 in Asia/Tokyo")
	b.see(at, jake).says(t, "Said in which zone they are: Asia/Tokyo")
	for _, who := range []string{"quay", "rita"} {
		if a := b.post("/p/juno/status", url.Values{"code": {b.Journey.Codes["manned/"+who]}}); a.status != http.StatusOK || strings.Contains(a.body, `value="Asia/Tokyo"></option></datalist>`) || strings.Contains(a.words(t), "Tokyo") {
			t.Errorf("%s learns where Harbour is: %d", who, a.status)
		}
	}
	travelling := url.Values{"code": harbour["code"], "as": {"zone"}, "zone": {"America/New_York"}}
	b.post("/p/juno/status/zone", travelling).says(t, "Fri 2026-05-01 18:00 UTC (14:00 in America/New York), Sat 03:00 in Asia/Tokyo")
	travelling.Set("as", "utc")
	if words := b.post("/p/juno/status/zone", travelling).words(t); strings.Contains(words, "Tokyo") {
		t.Errorf("UTC alone was chosen, and the page says:\n%s", words)
	}
	b.Play("juno", "manned", `harbour leave {keeps: true}`)
	if a := b.post("/p/juno/status/zone", ours); a.status == http.StatusOK {
		t.Error("who left still says where they are")
	}
	if v, err := b.Casework.Case(t.Context(), b.Actor("juno", "jake"), b.Journey.Cases["manned"]); err != nil || v.Parties[0].Zone != "Asia/Tokyo" || !v.Parties[0].StatusAt.IsZero() {
		t.Errorf("the party is %+v, %v", v.Parties[0], err)
	}
}

// The letters that bear an instant bear it in the zone of who reads them: the end that somebody is asked to keep, and until when an
// answer is waited for. What they are about stands on their page.
func TestALetterToAPartyTellsTheEndInItsZone(t *testing.T) {
	b := open(t)
	expect := func(when, to string, want ...string) {
		t.Helper()
		b.Settle()
		l := lastLetter(b, "juno", b.Journey.Cases["letters"], to)
		for _, x := range want {
			if !strings.Contains(l.Text, x) {
				t.Errorf("%s: the letter to %s does not say %q:\n%s", when, to, x, l.Text)
			}
		}
		if strings.Contains(l.Subject, "2026") || strings.Contains(l.Subject+l.Text, "Overflow") {
			t.Errorf("%s: the letter to %s says too much: %s\n%s", when, to, l.Subject, l.Text)
		}
		b.Wait(time.Minute)
	}
	b.Play("juno", "letters", `
rita reports {kind: security, title: Overflow, description: "It goes over.", contact: {email: rita@example.org}}
jake acknowledge {message: Thanks}
jake validate {evidence: seen}
jake triage {sensitive: true}
jake embargo {until: 2026-05-01T18:00:00Z}
jake asks harbour {name: Harbour, kind: validator, address: harbour@example.org, zone: Asia/Tokyo, answer_by: 2026-03-20T16:00:00Z}
jake asks quay {name: Quay, kind: validator, address: quay@example.org}`)
	expect("asked", "harbour@example.org", "An embargo holds until Fri 2026-05-01 18:00 UTC (Sat 2026-05-02 03:00 in Asia/Tokyo).", "answer by Fri 2026-03-20 16:00 UTC (Sat 2026-03-21 01:00 in Asia/Tokyo)")
	expect("asked", "quay@example.org", "An embargo holds until Fri 2026-05-01 18:00 UTC. ")
	b.Play("juno", "letters", `
harbour joins
quay joins
quay propose {until: 2026-05-10T18:00:00Z, because: "We need it."}
jake accept {proposal: 2}`)
	expect("another end", "harbour@example.org", "The embargo of case "+string(b.Journey.Cases["letters"])+" of Juno holds until Sun 2026-05-10 18:00 UTC (Mon 2026-05-11 03:00 in Asia/Tokyo).",
		"You are asked whether you agree to it; an answer is waited for until", "Read it with your code")
	expect("another end", "quay@example.org", "holds until Sun 2026-05-10 18:00 UTC.")
	expect("another end", "rita@example.org", "There is news on your report")
	b.Play("juno", "letters", `jake lift {why: agreed}`)
	expect("the end", "harbour@example.org", "Read it with your code")
	if l := lastLetter(b, "juno", b.Journey.Cases["letters"], "harbour@example.org"); strings.Contains(l.Text, "2026") {
		t.Errorf("an embargo that is over has an end:\n%s", l.Text)
	}
}

// lastLetter is the letter to an address that the newest event led to.
func lastLetter(b browser, project cvd.ProjectID, id cvd.CaseID, to string) (last cvd.Letter) {
	b.t.Helper()
	events, err := b.Store.Events(b.t.Context(), project, id)
	if err != nil {
		b.t.Fatal(err)
	}
	for _, e := range events {
		sent, err := b.Store.Deliveries(b.t.Context(), project, id, e.ID)
		if err != nil {
			b.t.Fatal(err)
		}
		for _, d := range sent {
			out, err := b.Casework.Outgoing(b.t.Context(), project, d.Job)
			if err != nil {
				b.t.Fatal(err)
			}
			if out.Letter.To == to {
				last = out.Letter
			}
		}
	}
	return last
}
