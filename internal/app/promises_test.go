package app_test

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/api"
	"github.com/tipstaff/tipstaff/internal/apptest"
	"github.com/tipstaff/tipstaff/policies"
)

// The promises of docs/two-processes.md that only the whole program can keep.

// see is a case as the bearer of a token, a return code or an invitation reads it.
func see(t *testing.T, p *apptest.Program, project cvd.ProjectID, id cvd.CaseID, bearer string) api.Case {
	t.Helper()
	client := api.Client{Server: p.URL, Token: bearer}
	c, err := client.Case(t.Context(), project, id)
	if err != nil {
		t.Fatalf("read %s: %v", id, err)
	}
	return c
}

// onEachEngine tells a story on both databases.
func onEachEngine(t *testing.T, story func(*testing.T, *apptest.Program)) {
	t.Run("SQLite", func(t *testing.T) { story(t, apptest.New(t, apptest.Options{})) })
	t.Run("PostgreSQL", func(t *testing.T) { story(t, apptest.New(t, apptest.Options{Postgres: true})) })
}

// post sends a form of a page.
func post(t *testing.T, p *apptest.Program, path string, form url.Values) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return read(t, r)
}

func read(t *testing.T, r *http.Request) string {
	t.Helper()
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var b strings.Builder
	if err := res.Write(&b); err != nil {
		t.Fatal(err)
	}
	_, body, _ := strings.Cut(b.String(), "\r\n\r\n")
	return body
}

// words are the words of a text without its markup.
func words(text string) string {
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }), " ")
}

// shown is what somebody reads on a page.
func shown(t *testing.T, page string) string {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for n := range root.Descendants() {
		if n.Type == html.TextNode {
			b.WriteString(n.Data + " ")
		}
	}
	return b.String()
}

// J-1: the file beside the code and the page on the site are printed from one document and bear its version; a changed
// document changes both at once.
func TestEveryCopyOfThePolicyIsOneText(t *testing.T) {
	p := apptest.New(t, apptest.Options{})
	copies := func() map[string]string {
		return map[string]string{
			"SECURITY.md": ask(t, p, "GET", "/p/juno/SECURITY.md", "").Body,
			"the page":    shown(t, ask(t, p, "GET", "/p/juno/policy", "").Body),
			"the API":     ask(t, p, "GET", "/api/v1/projects/juno/policy", "").Body,
		}
	}
	number := regexp.MustCompile(`^[0-9]+\. `)
	same := func(stamp string) {
		t.Helper()
		all := copies()
		for name, text := range all {
			if !strings.Contains(words(text), words(stamp)) {
				t.Errorf("%s does not bear %q", name, stamp)
			}
			for line := range strings.Lines(all["SECURITY.md"]) {
				if want := words(number.ReplaceAllString(line, "")); !strings.Contains(words(text), want) {
					t.Errorf("%s lacks what SECURITY.md says: %s", name, line)
				}
			}
		}
	}
	same("the policy juno, version 1")

	old, err := policies.Files.ReadFile("juno.yaml")
	if err != nil {
		t.Fatal(err)
	}
	const term, changed = "Do not use the vulnerabilities that you find.", "Use no vulnerability that you find, not even on a test network."
	if _, err := p.Store.AddPolicy(t.Context(), "juno", []byte(strings.Replace(string(old), term, changed, 1))); err != nil {
		t.Fatal(err)
	}
	if err := p.Tick(t.Context()); err != nil {
		t.Fatal(err)
	}
	same("the policy juno, version 2")
	for name, text := range copies() {
		if strings.Contains(text, term) || !strings.Contains(text, changed) {
			t.Errorf("%s still says what was changed", name)
		}
	}
}

// J-5, J-21, J-23: whoever comes in by any door is asked for silence and told why, until the patch is developed.
func TestTheRequestForSilenceMeetsEverybodyInTheCase(t *testing.T) {
	p := apptest.New(t, apptest.Options{})
	const request, reason = "Please do not speak about this in public", "Whoever hears of a weakness before there is a fix can use it"
	p.Play("juno", "quiet", `rita reports {kind: security, title: "Overflow", description: "d", contact: {email: rita@example.org}}`)
	letter := firstLetter(t, p, "juno", p.Journey.Cases["quiet"])
	p.Play("juno", "quiet", `
		jake validate {evidence: "seen"}
		jake triage {sensitive: true}
		jake prioritise {priority: "1", because: "funds"}
		jake invites osmosis {name: Osmosis, roles: [chain]}`)
	id, rita, guest := p.Journey.Cases["quiet"], p.Journey.Codes["quiet/rita"], p.Journey.Codes["quiet/osmosis"]
	accepted, err := (&api.Client{Server: p.URL}).Report(t.Context(), "juno", api.Report{Title: "Another", Description: "d"}, "")
	if err != nil {
		t.Fatal(err)
	}
	form := url.Values{"kind": {"security"}, "title": {"A third"}, "description": {"d"}}
	for door, text := range map[string]string{
		"the form":                        ask(t, p, "GET", "/p/juno/report?kind=security", "").Body,
		"the answer to the form":          post(t, p, "/p/juno/report", form),
		"the answer of the API":           accepted.Notice,
		"the letter to the reporter":      letter,
		"the policy":                      ask(t, p, "GET", "/p/juno/policy", "").Body,
		"the reporter, on their page":     post(t, p, "/p/juno/status", url.Values{"code": {rita}}),
		"the reporter, by the API":        see(t, p, "juno", id, rita).Notice,
		"the guest, on their page":        post(t, p, "/p/juno/status", url.Values{"code": {guest}}),
		"the guest, by the API":           see(t, p, "juno", id, guest).Notice,
		"somebody of the team, by theirs": see(t, p, "juno", id, p.Token("juno", "rosa")).Notice,
	} {
		if !strings.Contains(text, request) || !strings.Contains(text, reason) {
			t.Errorf("%s is not asked for silence with its reason:\n%s", door, text)
		}
	}

	p.Play("juno", "quiet", patchBothLines)
	for who, bearer := range map[string]string{"the reporter": rita, "the guest": guest, "the team": p.Token("juno", "rosa")} {
		if got := see(t, p, "juno", id, bearer).Notice; got != "" {
			t.Errorf("the patches are developed, and %s is still asked: %q", who, got)
		}
	}
}

const patchBothLines = `
	jake remedy {product: juno, line: "28", status: patched, affected: ">= 28.0.0, < 28.0.1", patches: [{url: "https://git.example.org/private/28", sha256: "` + hash + `", private: true}]}
	jake remedy {product: juno, line: "27", status: not_affected, because: "it lacks the module"}
	dimi review {of: fix, verdict: approve}`

const hash = "0000000000000000000000000000000000000000000000000000000000000000"

// firstLetter is the letter that goes to the reporter when the report came in, written as it goes out.
func firstLetter(t *testing.T, p *apptest.Program, project cvd.ProjectID, id cvd.CaseID) string {
	t.Helper()
	p.Settle()
	events, err := p.Store.Events(t.Context(), project, id)
	if err != nil {
		t.Fatal(err)
	}
	sent, err := p.Store.Deliveries(t.Context(), project, id, events[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(sent, func(d cvd.Delivery) bool { return strings.HasSuffix(d.Job, ".reporter.1") })
	if i < 0 || sent[i].State != cvd.Sent {
		t.Fatalf("no letter went to the reporter of %s: %+v", id, sent)
	}
	out, err := p.Casework.Outgoing(t.Context(), project, sent[i].Job)
	if err != nil {
		t.Fatal(err)
	}
	return out.Letter.To + "\n" + out.Letter.Subject + "\n" + out.Letter.Text
}

// J-30: the letter names the case, says what comes next and by when where the process promises a time, and repeats nothing.
func TestTheFirstLetterNamesTheCaseAndWhatComesNext(t *testing.T) {
	p := apptest.New(t, apptest.Options{})
	for project, next := range map[cvd.ProjectID]string{
		"juno":               "Next: the project – Somebody has seen it.",
		"solo-miner-monitor": "Next: the project – Somebody answers, by Tue 2026-03-03 09:00 UTC.",
	} {
		p.Play(project, string(project), `rita reports {title: "PLANTED title", description: "PLANTED text", contact: {email: rita@example.org}}`)
		id := p.Journey.Cases[string(project)]
		letter := firstLetter(t, p, project, id)
		for _, want := range []string{"rita@example.org\n", "Your report is case " + string(id), next, p.URL + "/p/" + string(project) + "/status"} {
			if !strings.Contains(letter, want) {
				t.Errorf("the letter of %s does not say %q:\n%s", project, want, letter)
			}
		}
		_, secret, _ := strings.Cut(strings.TrimPrefix(p.Journey.Codes[string(project)+"/rita"], string(id)), "-")
		for _, never := range []string{"PLANTED", secret} {
			if strings.Contains(letter, never) {
				t.Errorf("the letter of %s holds %q:\n%s", project, never, letter)
			}
		}
	}
}

// J-6, J-23: what was accepted stands in the case with the version that was shown and its instant, and a policy that changes
// afterwards changes neither that nor the case's times.
func TestWhatAReporterAcceptedIsKeptWithVersionAndInstant(t *testing.T) {
	p := apptest.New(t, apptest.Options{})
	p.Play("juno", "first", `rita reports {title: "Overflow", description: "d", accepted: [time, confidential]}`)
	form := shown(t, ask(t, p, "GET", "/p/juno/report?kind=security", "").Body)
	for _, term := range []string{"Give us a reasonable time", "Do not use the vulnerabilities", "Act in good faith", "Keep what we write to each other"} {
		if !strings.Contains(form, term) {
			t.Errorf("the form does not ask: %s", term)
		}
	}
	old, err := policies.Files.ReadFile("juno.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Store.AddPolicy(t.Context(), "juno", []byte(strings.Replace(string(old), "reminder: 48h", "reminder: 72h", 1))); err != nil {
		t.Fatal(err)
	}
	p.Wait(time.Hour)
	p.Play("juno", "second", `sam reports {title: "Another", description: "d"}`)

	type kept struct {
		Policy   int64
		At       time.Time
		Accepted string
		Reminder time.Time
	}
	for name, want := range map[string]kept{
		"first":  {1, apptest.Start, "time confidential", apptest.Start.Add(48 * time.Hour)},
		"second": {2, apptest.Start.Add(time.Hour), "", apptest.Start.Add(73 * time.Hour)},
	} {
		c := see(t, p, "juno", p.Journey.Cases[name], p.Token("juno", "jake"))
		i := slices.IndexFunc(c.Clocks, func(k cvd.Clock) bool { return k.Name == "nudge" })
		got := kept{c.Policy, c.Reports[0].At, strings.Join(c.Reports[0].Accepted, " "), c.Clocks[i].Due}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("the %s report (-want +got):\n%s", name, diff)
		}
	}
}

// J-14 to J-16, B-5: a critical report alarms every core engineer at once; one that nobody triaged for two days reaches exactly those
// who may be reminded. These are two lists.
func TestAlarmAndReminderReachTheirOwnPeople(t *testing.T) {
	p := apptest.New(t, apptest.Options{})
	p.Play("juno", "critical", `
		rita reports {kind: critical_bug, title: "The chain halts", description: "d"}
		jake acknowledge {}`)
	p.Wait(49 * time.Hour)
	p.Play("juno", "ordinary", `sam reports {kind: bug, title: "A wrong number", description: "d"}`)
	p.Play("solo-miner-monitor", "sensitive", `rita reports {kind: sensitive, title: "Overflow", description: "d"}`)
	p.Settle()
	got := map[string]string{}
	for name, project := range map[string]cvd.ProjectID{"critical": "juno", "ordinary": "juno", "sensitive": "solo-miner-monitor"} {
		events, err := p.Store.Events(t.Context(), project, p.Journey.Cases[name])
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range events {
			got[name+" "+e.What.Kind()+" "+cvd.Instant(e.At)] = sentFor(t, p, e)
		}
	}
	want := map[string]string{
		"critical received Mon 2026-03-02 09:00 UTC":     "alarm.alex sent, alarm.dimi sent, alarm.jacob sent, alarm.jake sent",
		"critical acknowledged Mon 2026-03-02 09:00 UTC": "",
		"critical breached Wed 2026-03-04 09:00 UTC":     "nudge.alex sent, nudge.jake sent",
		"ordinary received Wed 2026-03-04 10:00 UTC":     "",
		"sensitive received Wed 2026-03-04 10:00 UTC":    "alarm.maintainer-1 sent, alarm.maintainer-2 sent",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the letters of each event (-want +got):\n%s", diff)
	}
}

// J-24: what reporter and team write to each other is read by them, and by nobody when everything else is published.
func TestNothingOfTheConversationIsPublished(t *testing.T) {
	p := apptest.New(t, apptest.Options{})
	p.Play("juno", "talk", `
		rita reports {kind: security, title: "Overflow", description: "PLANTED report", contact: {email: rita@example.org}}
		jake acknowledge {message: "PLANTED answer"}
		rita message {text: "PLANTED question"}
		jake note {text: "PLANTED note"}
		jake validate {evidence: "PLANTED evidence", message: "PLANTED word"}
		jake triage {sensitive: true, impact: "PLANTED impact"}
		jake prioritise {priority: "1", because: "PLANTED reason"}`+patchBothLines+`
		jake observe {fact: public, evidence: "PLANTED post"}
		rosa release {product: juno, line: "28", version: 28.0.1, tag: v28.0.1, commit: c0ffee, url: "https://example.org/28", sha256: "`+hash+`"}
		cleo draft {text: {title: "A counter was not checked", summary: "s", impact: "i", resolution: "r", mitigation: "m"}}
		cleo credit {name: PLANTED name, role: finder, consent: false}
		jake approve {edition: 1}
		cleo disclose {due: $now+1m}
		wait 2m
		jake message {text: "PLANTED goodbye"}`)
	id := p.Journey.Cases["talk"]
	if got := see(t, p, "juno", id, p.Journey.Codes["talk/rita"]).Messages; len(got) != 4 {
		t.Errorf("the reporter reads %d messages, want the 4 between them and the team", len(got))
	}
	c := see(t, p, "juno", id, "")
	root := "/p/juno/"
	read := 0
	for _, path := range []string{root, root + "cases", root + "cases/" + string(id), root + "advisories/index.html", root + "advisories/feed.atom",
		root + "advisories/index.json", root + "advisories/" + string(c.Advisory.ID) + ".html", root + "advisories/" + string(c.Advisory.ID) + ".md",
		root + "csaf/2026/" + strings.ToLower(string(c.Advisory.ID)) + ".json", api.Prefix + "/projects/juno/cases", api.Prefix + "/projects/juno/cases/" + string(id)} {
		got := ask(t, p, "GET", path, "")
		if got.Status != http.StatusOK {
			t.Errorf("%s: got %d, want it published", path, got.Status)
		}
		if i := strings.Index(got.Body, "PLANTED"); i >= 0 {
			t.Errorf("%s shows the public …%s", path, got.Body[max(i-60, 0):min(i+60, len(got.Body))])
		}
		if strings.Contains(got.Body, "A counter was not checked") {
			read++
		}
	}
	if read < 6 {
		t.Errorf("only %d documents name the advisory: the search looked in the wrong places", read)
	}
}

// J-29: verification is a decision with what shows it, by somebody, at an instant.
func TestVerificationIsKeptWithEvidencePersonAndInstant(t *testing.T) {
	p := apptest.New(t, apptest.Options{})
	p.Play("juno", "overflow", `
		rita reports {title: "Overflow", description: "d"}
		jake acknowledge {}
		jake validate {} ! say what
		wait 3h
		dimi validate {evidence: "halts a local chain"}`)
	id := p.Journey.Cases["overflow"]
	events, err := p.Store.Events(t.Context(), "juno", id)
	if err != nil {
		t.Fatal(err)
	}
	last := events[len(events)-1]
	if last.What.Validated == nil || last.What.Validated.Evidence != "halts a local chain" || last.Who != "dimi" || !last.At.Equal(apptest.Start.Add(3*time.Hour)) {
		t.Errorf("the last event is %+v", last)
	}
	c := see(t, p, "juno", id, p.Token("juno", "jake"))
	if e := c.Timeline[len(c.Timeline)-1]; e.Kind != "validated" || e.Name != "Dimi (demo)" || !e.At.Equal(last.At) {
		t.Errorf("the team reads %+v", e)
	}
}

// J-51: every case goes the way of its policy. A step out of order needs a reason and a second person, and both stay in sight.
func TestADeviationIsShownWithItsReasonAndBothPeople(t *testing.T) {
	p := apptest.New(t, apptest.Options{})
	const release = `rosa release {product: juno, line: "28", version: 28.0.1, tag: v28.0.1, commit: c0ffee, url: "https://example.org/28", sha256: "` + hash + `"}`
	const clause = "steps.release.requires.wait"
	p.Play("juno", "haste", `
		rita reports {title: "Overflow", description: "d"}
		jake validate {evidence: "seen"}
		jake triage {sensitive: true}
		jake prioritise {priority: "1", because: "funds"}`+patchBothLines+"\n"+
		release+` ! 24 hours must pass
		jake waive {clause: `+clause+`} ! say why
		jake waive {clause: steps.release.requires.luck, because: "x"} ! no clause
		jake waive {clause: `+clause+`, because: "the validators agreed in their call"}
		jake waive {clause: `+clause+`, because: "again"} ! second person
		`+release+` ! 24 hours must pass
		wait 1h
		dimi waive {clause: `+clause+`, because: "I was in that call"}
		`+release)
	id := p.Journey.Cases["haste"]
	c := see(t, p, "juno", id, p.Token("juno", "rosa"))
	want := []api.Waiver{{Clause: clause, Because: "the validators agreed in their call", At: apptest.Start, By: "jake",
		SecondedAt: apptest.Start.Add(time.Hour), SecondedBy: "dimi"}}
	if diff := cmp.Diff(want, c.Waivers); diff != "" {
		t.Errorf("the deviations of the case (-want +got):\n%s", diff)
	}
	if !slices.ContainsFunc(c.Timeline, func(e api.Entry) bool {
		return e.Says == "Let the case pass "+clause+": the validators agreed in their call"
	}) {
		t.Errorf("the timeline does not tell of it: %+v", c.Timeline)
	}
	events, err := p.Store.Events(t.Context(), "juno", id)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		if passed := e.What.Released != nil; passed != slices.Equal(e.Waived, []string{clause}) || !passed && len(e.Waived) > 0 {
			t.Errorf("the %s bears the deviations %v", e.What.Kind(), e.Waived)
		}
	}
	if got := see(t, p, "juno", id, p.Journey.Codes["haste/rita"]).Waivers; got != nil {
		t.Errorf("the reporter reads the team's deviations: %+v", got)
	}
}

// B-7, J-49: a resolution target that is missed is an event of its own, once, and everybody in the case reads it.
func TestAMissedResolutionIsAnEventOfItsOwn(t *testing.T) {
	onEachEngine(t, func(t *testing.T, p *apptest.Program) {
		p.Play("solo-miner-monitor", "late", `
			rita reports {kind: sensitive, title: "Overflow", description: "d"}
			maintainer-1 acknowledge {}
			maintainer-1 triage {vector: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", sensitive: true}`)
		id, due := p.Journey.Cases["late"], apptest.Start.Add(7*24*time.Hour)
		missed := func() (all []cvd.Event) {
			events, err := p.Store.Events(t.Context(), "solo-miner-monitor", id)
			if err != nil {
				t.Fatal(err)
			}
			return slices.DeleteFunc(events, func(e cvd.Event) bool { return e.What.Breached == nil || e.What.Breached.Clock != "resolution" })
		}
		p.Wait(7*24*time.Hour - time.Minute)
		if got := missed(); len(got) != 0 {
			t.Errorf("a minute before the limit: %+v", got)
		}
		p.Wait(48 * time.Hour)
		got := missed()
		if len(got) != 1 {
			t.Fatalf("two days after the limit there are %d events that say so, want 1", len(got))
		}
		want := cvd.Breached{Clock: "resolution", Kind: cvd.Limit, Clause: "clocks.resolution", Due: due}
		if diff := cmp.Diff(want, *got[0].What.Breached); diff != "" || !got[0].At.After(due) || got[0].At.Sub(due) > time.Second {
			t.Errorf("at %s (-want +got):\n%s", got[0].At, diff)
		}
		for who, bearer := range map[string]string{"the reporter": p.Journey.Codes["late/rita"], "the team": p.Token("solo-miner-monitor", "maintainer-2")} {
			c := see(t, p, "solo-miner-monitor", id, bearer)
			if !slices.ContainsFunc(c.Timeline, func(e api.Entry) bool {
				return e.Late && e.Says == "Missed the limit for resolution, due Mon 2026-03-09 09:00 UTC"
			}) {
				t.Errorf("%s does not read of it: %+v", who, c.Timeline)
			}
		}
	})
}

// B-12, B-13: each part of the project's template is a field of the form, in the template's order, and arrives in its place.
func TestTheFormTakesTheWholeTemplate(t *testing.T) {
	p := apptest.New(t, apptest.Options{})
	page := ask(t, p, "GET", "/p/solo-miner-monitor/report?kind=issue", "").Body
	form := url.Values{"kind": {"issue"}, "title": {"Overflow"}, "severity": {"High"}, "component": {"pool client"}, "version": {"0.1.3"},
		"description": {"It overflows."}, "impact": {"Rewards are lost."}, "steps": {"1. Start it\n2. Send two messages\n3. Look"},
		"expected": {"One count"}, "environment.os": {"Linux"}, "environment.version": {"0.1.3"}, "environment.configuration": {"default"},
		"evidence": {"a log"}}
	at := 0
	for _, field := range []string{"severity", "component", "version", "impact", "steps", "expected", "environment.os", "environment.version",
		"environment.configuration", "evidence"} {
		i := strings.Index(page, `name="`+field+`"`)
		if i < at {
			t.Errorf("the form asks for %s at %d, which is missing or comes too early", field, i)
		}
		at = max(at, i)
	}
	post(t, p, "/p/solo-miner-monitor/report", form)
	list, err := (&api.Client{Server: p.URL, Token: p.Token("solo-miner-monitor", "maintainer-1")}).Cases(t.Context(), "solo-miner-monitor", api.CasesQuery{})
	if err != nil || len(list.Cases) != 1 {
		t.Fatalf("got %+v, %v; want the one case", list, err)
	}
	got := see(t, p, "solo-miner-monitor", list.Cases[0].Case, p.Token("solo-miner-monitor", "maintainer-1")).Reports[0]
	want := api.Report{Number: 1, At: got.At, Door: "form", Kind: "issue", RM: got.RM, Title: "Overflow", Severity: "High", Component: "pool client",
		Version: "0.1.3", Description: "It overflows.", Impact: "Rewards are lost.", Steps: []string{"Start it", "Send two messages", "Look"},
		Expected: "One count", Environment: cvd.Environment{OS: "Linux", Version: "0.1.3", Configuration: "default"}, Evidence: "a log", Consent: cvd.NoConsentAsked}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the team reads (-want +got):\n%s", diff)
	}
}

// B-26, B-95: members of the community work on what is public, and on a private case after they were asked to join it.
func TestCommunityMembersReviewWhatTheyWereAdmittedTo(t *testing.T) {
	p := apptest.New(t, apptest.Options{})
	p.Play("solo-miner-monitor", "open", `
		rita reports {kind: issue, title: "In the open", description: "d"}
		maintainer-1 triage {class: low, because: "a page of the help", sensitive: false}
		vera rate {class: low}
		tess reproduce {environment: Linux, version: 0.1.3, outcome: reproduced}`)
	p.Play("solo-miner-monitor", "shut", `
		rita reports {kind: sensitive, title: "In private", description: "d"}
		maintainer-1 validate {evidence: "seen"}
		vera rate {class: low} ! no such case
		tess reproduce {environment: Linux, version: 0.1.3, outcome: reproduced} ! no such case
		rudi review {of: fix, verdict: approve} ! no such case
		carl analyse {section: scope, text: "all"} ! no such case
		maintainer-1 invites vera {name: Vera, roles: [validator]}
		maintainer-1 invites carl {name: Carl, roles: [contributor], until: $now+24h}
		maintainer-1 invites tess {name: Tess, roles: [tester]}
		maintainer-1 invites rudi {name: Rudi, roles: [reviewer]}
		vera rate {class: low}
		vera remedy {product: monitor, line: 0.1.x, status: affected} ! roles do not allow
		carl analyse {section: scope, text: "all releases"}
		carl remedy {product: monitor, line: 0.1.x, status: patched, patches: [{url: "https://git.example.org/1", sha256: "`+hash+`", private: true}]}
		carl check {check: security, result: passed, evidence: "mine"} ! roles do not allow
		tess check {check: security, result: passed, evidence: "log"}
		tess review {of: fix, verdict: approve} ! roles do not allow
		rudi review {of: fix, verdict: approve}
		rudi triage {class: low, because: "x", sensitive: false} ! roles do not allow`)
	id := p.Journey.Cases["shut"]
	list, err := (&api.Client{Server: p.URL, Token: p.Token("solo-miner-monitor", "vera")}).Cases(t.Context(), "solo-miner-monitor", api.CasesQuery{})
	if err != nil || len(list.Cases) != 1 || list.Cases[0].Title != "In the open" {
		t.Errorf("a member of the community is shown %+v, %v; want the public case alone", list, err)
	}
	if c := see(t, p, "solo-miner-monitor", id, p.Journey.Codes["shut/vera"]); len(c.Reports) != 1 || c.Reports[0].Title != "In private" {
		t.Errorf("who was asked to join reads %+v", c.Reports)
	}
	p.Wait(25 * time.Hour)
	if _, err := (&api.Client{Server: p.URL, Token: p.Journey.Codes["shut/carl"]}).Case(t.Context(), "solo-miner-monitor", id); cvd.KindOf(err) != cvd.Anonymous && cvd.KindOf(err) != cvd.NotFound {
		t.Errorf("the invitation ended an hour ago, and its holder gets %v", err)
	}
}

// B-27, B-28, B-30: what members found stays beside what the maintainer decided, and so does what was decided before.
func TestEveryRatingAndAttemptIsKept(t *testing.T) {
	p := apptest.New(t, apptest.Options{})
	const low, grave = "CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:U/C:L/I:L/A:N", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"
	p.Play("solo-miner-monitor", "rated", `
		rita reports {kind: issue, title: "Overflow", description: "d"}
		maintainer-1 invites vera {name: Vera, roles: [validator]}
		maintainer-1 invites eve {name: Eve, roles: [expert]}
		vera rate {vector: "`+low+`", class: medium, says: "one must click"}
		eve rate {vector: "`+grave+`", class: critical, says: "no click is needed"}
		vera reproduce {environment: Firefox on Linux, version: 0.1.8, outcome: reproduced, evidence: "a picture"}
		vera reproduce {environment: Safari on macOS, version: 0.1.9, outcome: not_reproduced, evidence: "a log"}
		maintainer-1 triage {vector: "`+low+`", sensitive: false}
		wait 24h
		maintainer-1 triage {vector: "`+grave+`", class: high, sensitive: false} ! say why
		maintainer-1 triage {vector: "`+grave+`", class: high, sensitive: false, because: "only in the local network"}`)
	c := see(t, p, "solo-miner-monitor", p.Journey.Cases["rated"], p.Token("solo-miner-monitor", "maintainer-2"))
	at := apptest.Start
	if diff := cmp.Diff([]api.Rating{
		{At: at, By: "guest:1", Vector: low, Score: 5.4, Class: "medium", Says: "one must click"},
		{At: at, By: "guest:2", Vector: grave, Score: 9.8, Class: "critical", Says: "no click is needed"},
	}, c.Ratings); diff != "" {
		t.Errorf("the members' ratings (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]api.Attempt{
		{At: at, By: "guest:1", Name: "Vera", Environment: "Firefox on Linux", Version: "0.1.8", Outcome: "reproduced", Evidence: "a picture"},
		{At: at, By: "guest:1", Name: "Vera", Environment: "Safari on macOS", Version: "0.1.9", Outcome: "not_reproduced", Evidence: "a log"},
	}, c.Attempts); diff != "" {
		t.Errorf("the attempts at reproducing it (-want +got):\n%s", diff)
	}
	if len(c.Assessed) != 2 || c.Assessed[0].Class != "medium" || c.Assessed[1].Class != "high" || c.Assessed[1].Because != "only in the local network" {
		t.Errorf("the maintainer's decisions are %+v, want both, the second with its reason", c.Assessed)
	}
}

// B-31, B-32, B-33: the priority says why, the work has a name, and the plan has dates that follow the severity.
func TestAnAcceptedIssueHasPriorityPeopleAndDates(t *testing.T) {
	p := apptest.New(t, apptest.Options{})
	p.Play("solo-miner-monitor", "accepted", `
		rita reports {kind: sensitive, title: "Overflow", description: "d"}
		maintainer-1 acknowledge {}
		maintainer-1 validate {evidence: "seen"}
		maintainer-1 triage {vector: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:N", sensitive: true, impact: "few are reachable"}
		maintainer-1 prioritise {priority: after the release} ! say why
		maintainer-1 prioritise {priority: after the release, because: "grave, and nobody is reachable from outside"}
		maintainer-1 assign {work: fix, person: nobody-here} ! neither on the roster
		maintainer-1 assign {work: fix, person: carl}
		maintainer-1 assign {work: test, person: tess}`)
	c := see(t, p, "solo-miner-monitor", p.Journey.Cases["accepted"], p.Token("solo-miner-monitor", "maintainer-2"))
	if c.Severity.Class != "critical" || c.Priority != "after the release" || c.Because != "grave, and nobody is reachable from outside" {
		t.Errorf("severity %s, priority %q because %q", c.Severity.Class, c.Priority, c.Because)
	}
	if diff := cmp.Diff([]api.Assignment{{At: apptest.Start, Work: "fix", Person: "carl"}, {At: apptest.Start, Work: "test", Person: "tess"}}, c.Assigned); diff != "" {
		t.Errorf("the people (-want +got):\n%s", diff)
	}
	for what, at := range map[string]time.Time{"Detailed analysis": apptest.Start.Add(7 * 24 * time.Hour), "Resolution": apptest.Start.Add(7 * 24 * time.Hour)} {
		if !slices.ContainsFunc(c.Plan, func(s api.Planned) bool { return s.What == what && s.Kind == "due" && s.At.Equal(at) }) {
			t.Errorf("the plan has no %s due %s: %+v", what, at, c.Plan)
		}
	}
}

// B-35 to B-38: each part of the analysis has its author and its instant; how to exploit it is read by fewer than the rest.
func TestTheExploitAnalysisIsReadByFewest(t *testing.T) {
	p := apptest.New(t, apptest.Options{})
	p.Play("solo-miner-monitor", "known", `
		rita reports {kind: sensitive, title: "Overflow", description: "d"}
		maintainer-1 validate {evidence: "seen"}
		maintainer-1 invites carl {name: Carl, roles: [contributor]}
		maintainer-1 invites eve {name: Eve, roles: [expert]}
		carl analyse {section: root_cause, text: "a counter is not checked"}
		carl analyse {section: scope, text: "all of 0.1"}
		wait 1h
		eve analyse {section: exploit, text: "send it twice"}
		carl analyse {section: mitigation, text: "let nobody in"}`)
	id, later := p.Journey.Cases["known"], apptest.Start.Add(time.Hour)
	all := []api.Section{{Name: "root_cause", At: apptest.Start, By: "guest:1", Text: "a counter is not checked"}, {Name: "scope", At: apptest.Start, By: "guest:1", Text: "all of 0.1"},
		{Name: "exploit", At: later, By: "guest:2", Text: "send it twice"}, {Name: "mitigation", At: later, By: "guest:1", Text: "let nobody in"}}
	without := slices.Concat(all[:2], all[3:])
	for who, seen := range map[string]struct {
		bearer string
		want   []api.Section
	}{
		"a maintainer":    {p.Token("solo-miner-monitor", "maintainer-2"), all},
		"the expert":      {p.Journey.Codes["known/eve"], all},
		"the contributor": {p.Journey.Codes["known/carl"], without},
		"the reporter":    {p.Journey.Codes["known/rita"], nil},
	} {
		if diff := cmp.Diff(seen.want, see(t, p, "solo-miner-monitor", id, seen.bearer).Analysis); diff != "" {
			t.Errorf("%s reads (-want +got):\n%s", who, diff)
		}
	}
}

// monitorAnnounced is a grave issue of the monitor from the report to the last approval: announced on the seventh day, and set
// to come out seven days after the announcement reached its last channel.
const monitorAnnounced = `
	rita reports {kind: sensitive, title: "Overflow in the pool client", description: "d", credit: Rita}
	wait 1h
	maintainer-1 acknowledge {}
	wait 3h
	maintainer-1 validate {evidence: "seen"}
	wait 1h
	maintainer-1 triage {vector: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", sensitive: true, impact: "every installation"}
	maintainer-1 prioritise {priority: first, because: "every installation"}
	maintainer-1 analyse {section: root_cause, text: "a"}
	maintainer-1 analyse {section: scope, text: "b"}
	maintainer-1 analyse {section: exploit, text: "c"}
	maintainer-1 analyse {section: mitigation, text: "d"}
	at 2026-03-08T10:00:00Z
	maintainer-1 remedy {product: monitor, line: 0.1.x, status: patched, affected: ">= 0.1.0, < 0.1.4", patches: [{url: "https://git.example.org/1", sha256: "` + hash + `", private: true}]}
	maintainer-1 invites tess {name: Tess, roles: [tester]}
	maintainer-1 invites rudi {name: Rudi, roles: [reviewer]}
	maintainer-1 invites eve {name: Eve, roles: [expert]}
	tess check {check: security, result: passed, evidence: log}
	tess check {check: regression, result: passed, evidence: log}
	tess check {check: performance, result: passed, evidence: log}
	tess check {check: compatibility, platform: linux, result: passed, evidence: log}
	tess check {check: compatibility, platform: macos, result: passed, evidence: log}
	tess check {check: compatibility, platform: windows, result: passed, evidence: log}
	tess check {check: community, result: passed, evidence: log}
	tess check {check: reproduction, result: passed, evidence: log}
	tess check {check: edge_case, result: passed, evidence: log}
	tess check {check: integration, result: passed, evidence: log}
	rudi review {of: fix, verdict: approve}
	eve review {of: fix, verdict: approve}
	maintainer-1 notify {notice: pre_release, says: {release_at: "2026-03-15T12:00:00Z", line: 0.1.x, severity: critical}}
	maintainer-1 release {product: monitor, line: 0.1.x, version: 0.1.4, tag: v0.1.4, commit: c0ffee, url: "https://example.org/v0.1.4", sha256: "` + hash + `"}
	maintainer-1 credit {name: Rita, role: finder, consent: true}
	maintainer-1 credit {name: Tess, role: remediation_verifier, consent: true}
	maintainer-1 draft {text: {title: "A message could be counted twice", summary: "A message of the pool could be counted twice.", impact: "Rewards could be moved.", resolution: "Messages are numbered.", mitigation: "Let no pool in that you do not know.", cve: CVE-2026-12345, references: [{url: "https://github.com/smokeysrh/bitcoin-solo-miner-monitor/issues/7", says: GitHub Issue}, {url: "https://github.com/smokeysrh/bitcoin-solo-miner-monitor/pull/8", says: Pull Request}]}}
	rudi review {of: advisory, part: technical, edition: 1, verdict: approve}
	maintainer-2 approve {edition: 1}
	maintainer-1 disclose {due: "2026-03-15T09:59:00Z"} ! 7 days must pass
	maintainer-1 disclose {due: "2026-03-15T12:00:00Z"}`

// B-66, B-69, B-70: until its instant the coordinated track shows nothing; then release, disclosure and the case itself are
// public together, at the instant that was set.
func TestTheCoordinatedTrackEndsInOneMoment(t *testing.T) {
	onEachEngine(t, func(t *testing.T, p *apptest.Program) {
		p.Play("solo-miner-monitor", "moment", monitorAnnounced)
		id, instant := p.Journey.Cases["moment"], time.Date(2026, 3, 15, 12, 0, 0, 0, time.UTC)
		const root = "/p/solo-miner-monitor/"
		documents := []string{root + "advisories/BSMM-SA-2026-001.html", root + "advisories/BSMM-SA-2026-001.md", root + "csaf/2026/bsmm-sa-2026-001.json"}
		p.Wait(instant.Sub(p.Clock.Now()) - time.Second)
		c := see(t, p, "solo-miner-monitor", id, p.Token("solo-miner-monitor", "maintainer-2"))
		if c.Public || c.Lines[0].Status != "staged" || !c.Disclosure.Due.Equal(instant) {
			t.Errorf("a second before: public %v, line %s, due %s", c.Public, c.Lines[0].Status, c.Disclosure.Due)
		}
		for _, path := range append(documents, root+"cases/"+string(id)) {
			if got := ask(t, p, "GET", path, "").Status; got != http.StatusNotFound {
				t.Errorf("a second before: %s answers %d", path, got)
			}
		}
		p.Wait(time.Second)
		for _, path := range append(documents, root+"cases/"+string(id)) {
			if got := ask(t, p, "GET", path, "").Status; got != http.StatusOK {
				t.Errorf("at the instant: %s answers %d", path, got)
			}
		}
		c = see(t, p, "solo-miner-monitor", id, p.Token("solo-miner-monitor", "maintainer-2"))
		if !c.Public || c.Lines[0].Status != "released" || !c.Lines[0].Release.Equal(instant) || !c.Disclosure.At.Equal(instant) {
			t.Errorf("at the instant: public %v, line %s at %s, disclosed at %s", c.Public, c.Lines[0].Status, c.Lines[0].Release, c.Disclosure.At)
		}
	})
}

// B-81 to B-83, B-86 to B-88: the advisory has the parts of the project's template in their order, and its five dates are those
// of the events.
func TestTheAdvisoryIsTheTemplateWithTheDatesOfTheEvents(t *testing.T) {
	p := apptest.New(t, apptest.Options{})
	p.Play("solo-miner-monitor", "dated", monitorAnnounced)
	p.Wait(time.Date(2026, 3, 15, 12, 0, 0, 0, time.UTC).Sub(p.Clock.Now()))
	const want = `# Security Advisory: BSMM-SA-2026-001

**Published:** Sun 2026-03-15 12:00 UTC
**Severity:** Critical
**CVSS Score:** 9.8 (CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H)

## Summary
**A message could be counted twice**

A message of the pool could be counted twice.

## Impact
Rewards could be moved.

## Affected Versions
- Bitcoin Solo Miner Monitor >= 0.1.0, < 0.1.4: fixed in 0.1.4

## Resolution
Messages are numbered.

The fix is in:

- [Bitcoin Solo Miner Monitor 0.1.4 (tag v0.1.4, commit c0ffee, SHA-256 ` + hash + `)](https://example.org/v0.1.4)

## Mitigation
Let no pool in that you do not know.

## Timeline
- **Reported:** Mon 2026-03-02 09:00 UTC
- **Confirmed:** Mon 2026-03-02 13:00 UTC
- **Fixed:** Sun 2026-03-08 10:00 UTC
- **Released:** Sun 2026-03-15 12:00 UTC
- **Disclosed:** Sun 2026-03-15 12:00 UTC

## Credits
- Rita (finder)
- Tess (remediation verifier)

## References
- [GitHub Issue](https://github.com/smokeysrh/bitcoin-solo-miner-monitor/issues/7)
- [Pull Request](https://github.com/smokeysrh/bitcoin-solo-miner-monitor/pull/8)
- [CVE-2026-12345](https://www.cve.org/CVERecord?id=CVE-2026-12345)
`
	got := ask(t, p, "GET", "/p/solo-miner-monitor/advisories/BSMM-SA-2026-001.md", "").Body
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// B-81, B-82: without the versions that are affected nothing is published, however complete the text is.
func TestAnAdvisoryThatNamesNoVersionsIsNotPublished(t *testing.T) {
	p := apptest.New(t, apptest.Options{})
	p.Play("solo-miner-monitor", "vague", strings.NewReplacer(
		`affected: ">= 0.1.0, < 0.1.4", `, "",
		`approve {edition: 1}`, `approve {edition: 1} ! does not say yet: affected`,
		`disclose {due: "2026-03-15T12:00:00Z"}`, `disclose {due: "2026-03-15T12:00:00Z"} ! approved by somebody`,
	).Replace(monitorAnnounced))
	p.Wait(30 * 24 * time.Hour)
	if got := ask(t, p, "GET", "/p/solo-miner-monitor/advisories/BSMM-SA-2026-001.md", "").Status; got != http.StatusNotFound {
		t.Errorf("the advisory answers %d", got)
	}
}
