package web_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/apptest"
)

// story is how one project's process is walked in a browser, from the form to the feed. The moves between, which are all of one
// kind, are taken by a script as the demonstration's are; whoever moves here signs in and looks at the pages.
type story struct {
	project cvd.ProjectID
	home    string
	title   string // the reporter's
	report  func(b *tab)
	lead    string // who triages and approves
	begun   string // moves between acknowledging and validating
	triage  func(b *tab)
	fixed   string // moves between triage and draft
	writer  string // who drafts and discloses
	checked string // moves between draft and approval
	due     string // as it is typed
	at      string // the due instant as a page shows it
	wait    string // a script that ends after the instant
}

const patchOf = `patches: [{url: "https://git.example.org/fix", sha256: abababababababababababababababababababababababababababababababab, private: true}]`
const releaseOf = `tag: v1, commit: c0ffee, url: "https://example.org/1", sha256: abababababababababababababababababababababababababababababababab`

var stories = []story{
	{
		project: "juno", home: "Juno", title: "Query with an empty height halts a node", lead: "jake", writer: "cleo",
		report: func(b *tab) {
			b.follow("Security issue")
			b.fill("Title", "Query with an empty height halts a node")
			b.fill("Description", "A query with an empty height halts the node.\nAnybody can send it.")
			b.fill("Steps to reproduce", "Start a node.\nSend the query.")
			b.fill("How you want to be named", "Rita Sol")
			b.use("Give us a reasonable time to correct the vulnerability or to deal with it in another way.: I accept")
		},
		triage: func(b *tab) {
			b.use("Would the details help an attacker?: Yes")
			b.fill("Impact", "Anybody can stop the chain.")
		},
		fixed: `
at 2026-03-06T10:00:00Z
jake prioritise {priority: at once, because: "It halts the chain."}
jake embargo {until: 2026-03-10T16:30:00Z}
jake remedy {product: juno, line: "28", status: patched, affected: ">= 28.0.0, < 28.0.1", ` + patchOf + `}
jake remedy {product: juno, line: "27", status: patched, affected: ">= 27.0.0, < 27.0.3", ` + patchOf + `}
dimi review {of: fix, verdict: approve, says: "Read line by line."}
at 2026-03-09T12:00:00Z
rosa notify {notice: coming, says: {release_at: 2026-03-10T16:00:00Z, line: "28, 27", action: "Swap the binary.", downtime: "ten minutes"}}
rosa deliver {notice: coming, channel: x, url: "https://social.example.org/juno/1"}
at 2026-03-10T15:00:00Z
rosa release {product: juno, line: "28", version: 28.0.1, ` + releaseOf + `}
rosa release {product: juno, line: "27", version: 27.0.3, ` + releaseOf + `}
rosa notify {notice: available, says: {versions: "28.0.1, 27.0.3", action: "Swap the binary."}}
cleo credit {name: Rita Sol, role: finder, consent: true}`,
		due: "03102026\t0500PM", at: "2026-03-10", wait: "at 2026-03-10T17:00:01Z",
	},
	{
		project: "solo-miner-monitor", home: "Bitcoin Solo Miner Monitor", title: "Anybody can answer for the pool", lead: "maintainer-1", writer: "maintainer-2",
		report: func(b *tab) {
			b.follow("Sensitive security issue")
			b.fill("Title", "Anybody can answer for the pool")
			b.fill("Description", "A job is accepted from anybody on the network.")
			b.fill("How you want to be named", "Rita Sol")
		},
		begun: `
maintainer-1 invites vera {name: Vera, roles: [validator]}
maintainer-1 invites tess {name: Tess, roles: [tester]}
maintainer-1 invites carl {name: Carl, roles: [contributor]}
maintainer-1 invites rudi {name: Rudi, roles: [reviewer]}
maintainer-1 invites eve {name: Eve, roles: [reviewer, expert]}
vera rate {vector: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", class: critical, says: "It needs no password."}
tess reproduce {version: 0.1.1, outcome: reproduced, environment: "Debian 12", evidence: "It ran."}`,
		triage: func(b *tab) {
			b.fill("CVSS vector", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H")
			b.use("Would the details help an attacker?: Yes")
			b.fill("Impact", "Rewards of every pool user.")
		},
		fixed: `
maintainer-1 prioritise {priority: first, because: "Rewards can be taken."}
maintainer-1 embargo {until: 2026-03-15T12:00:00Z}
vera joins
tess joins
carl joins
rudi joins
eve joins
at 2026-03-05T09:00:00Z
carl analyse {section: root_cause, text: "Jobs are not signed."}
carl analyse {section: scope, text: "All of 0.1."}
eve analyse {section: exploit, text: "Answer before the pool does."}
carl analyse {section: mitigation, text: "Use a network of its own."}
at 2026-03-08T09:00:00Z
carl remedy {product: monitor, line: 0.1.x, status: patched, affected: ">= 0.1.0, < 0.1.2", ` + patchOf + `}
rudi review {of: fix, verdict: approve}
eve review {of: fix, verdict: approve, says: "It holds."}
tess check {check: security, result: passed, evidence: log}
tess check {check: regression, result: passed, evidence: log}
tess check {check: performance, result: passed, evidence: log}
tess check {check: compatibility, platform: linux, result: passed, evidence: log}
tess check {check: compatibility, platform: macos, result: passed, evidence: log}
tess check {check: compatibility, platform: windows, result: passed, evidence: log}
tess check {check: community, result: passed, evidence: log}
tess check {check: reproduction, result: passed, evidence: log}
tess check {check: edge_case, result: passed, evidence: log}
tess check {check: integration, result: waived, evidence: "Nothing else speaks to it."}
maintainer-1 credit {name: Rita Sol, role: finder, consent: true}
at 2026-03-08T10:00:00Z
maintainer-1 notify {notice: pre_release, says: {release_at: 2026-03-15T12:00:00Z, line: 0.1.x, severity: critical}}`,
		checked: `
rudi review {of: advisory, part: technical, edition: 1, verdict: approve}
maintainer-1 release {product: monitor, line: 0.1.x, version: 0.1.2, ` + releaseOf + `}`,
		due: "03152026\t1200PM", at: "2026-03-15", wait: "at 2026-03-15T12:00:01Z",
	},
}

func TestACaseGoesFromTheFormToTheFeedWithoutScripts(t *testing.T) {
	apptest.Long(t)
	walk(t, func(b *tab) { b.withoutScripts() })
}

func TestACaseGoesFromTheFormToTheFeedByTheKeyboardAlone(t *testing.T) {
	apptest.Long(t)
	walk(t, func(b *tab) { b.keys = true })
}

func walk(t *testing.T, how func(*tab)) {
	for _, s := range stories {
		t.Run(string(s.project), func(t *testing.T) {
			t.Parallel()
			p := apptest.New(t, apptest.Options{})
			passwords(t, p)
			outside, inside := newTab(t, p), newTab(t, p)
			how(outside)
			how(inside)
			code := s.reportIt(outside)
			s.handleIt(inside, of(code))
			s.reporterReads(outside, code)
			s.publishIt(inside, of(code))
			s.everybodyReads(outside)
		})
	}
}

// reportIt is somebody who found something and leaves with a return code.
func (s story) reportIt(b *tab) (code string) {
	b.t.Helper()
	b.open("/p/" + string(s.project))
	b.follow("Report")
	s.report(b)
	b.follow("Send the report")
	b.says("Your report is in", "Keep this return code")
	code = b.value("Return code")
	b.follow("Go to the page of your report")
	b.says("Your report", s.title)
	if strings.Contains(b.path(), code[len(code)-4:]) {
		b.t.Errorf("the code stands in the address %s", b.path())
	}
	return code
}

// handleIt is the team: from the inbox to a severity, an owner and a fix.
func (s story) handleIt(b *tab, id cvd.CaseID) {
	b.t.Helper()
	b.p.Journey.Cases["clicks"] = id
	b.open("/p/" + string(s.project))
	b.follow("For the team")
	s.signIn(b, s.lead)
	s.openFromInbox(b)
	b.follow("Acknowledge")
	b.fill("Message to the reporter", "A person has read it: Jay, for "+s.home+".")
	s.take(b, "Acknowledge")
	b.p.Play(s.project, "clicks", s.begun)
	b.follow("Validate")
	b.fill("What shows that it is right", "Seen on two machines.")
	s.take(b, "Validate")
	b.follow("Triage")
	s.triage(b)
	s.take(b, "Triage")
	b.p.Play(s.project, "clicks", s.fixed)
	b.follow("Sign out")
}

// reporterReads is the reporter, who comes back with nothing but the code.
func (s story) reporterReads(b *tab, code string) {
	b.t.Helper()
	b.open("/p/" + string(s.project))
	b.follow("Your report")
	b.fill("Return code", strings.ToUpper(code))
	b.follow("Open the report")
	b.says("A person has read it: Jay", s.title)
	b.fill("Write to "+s.home, "Thank you. I wait.")
	b.follow("Send the message")
	b.says("Thank you. I wait.")
}

// publishIt is two of the team: one writes and sets the instant, another signs.
func (s story) publishIt(b *tab, id cvd.CaseID) {
	b.t.Helper()
	s.signIn(b, s.writer)
	s.openFromInbox(b)
	b.says("Thank you. I wait.")
	b.open("/desk/" + string(s.project) + "/cases/" + string(id))
	b.follow("Draft")
	b.fill("Title", "Nodes could be halted by anybody")
	b.fill("Summary", "A value was not checked.")
	b.fill("Impact", "A node stops.")
	b.fill("Resolution", "Update.")
	b.fill("Mitigation", "None.")
	s.take(b, "Draft")
	b.p.Play(s.project, "clicks", s.checked)
	b.follow("Sign out")
	s.signIn(b, s.lead)
	s.openFromInbox(b)
	b.follow("Approve")
	s.take(b, "Approve")
	b.follow("Sign out")
	s.signIn(b, s.writer)
	s.openFromInbox(b)
	b.use("more wait for something") // at once it cannot be: the embargo holds
	b.follow("Disclose")
	b.moment("Day and time", s.due)
	s.take(b, "Disclose")
	b.says(s.at)
}

// everybodyReads is a stranger before the instant, and after it.
func (s story) everybodyReads(b *tab) {
	b.t.Helper()
	const title = "Nodes could be halted by anybody"
	b.open("/p/" + string(s.project))
	b.follow("Advisories")
	if words := b.words(); strings.Contains(words, title) {
		b.t.Fatalf("the advisory is listed before its instant:\n%s", words)
	}
	b.p.Play(s.project, "clicks", s.wait)
	b.p.Settle()
	b.open("/p/" + string(s.project))
	b.follow("Advisories")
	b.says(title)
	b.follow("SA-2026-001")
	b.says(title, "A value was not checked.", "Rita Sol")
	res, err := http.Get(b.p.URL + "/p/" + string(s.project) + "/advisories/feed.atom")
	if err != nil {
		b.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }() // read to its end below
	feed, err := io.ReadAll(res.Body)
	if err != nil || !strings.Contains(string(feed), title) {
		b.t.Errorf("the feed does not list it (%v):\n%s", err, feed)
	}
}

func (s story) signIn(b *tab, handle string) {
	b.t.Helper()
	b.fill("Name", handle)
	b.fill("Password", password)
	b.follow("Sign in")
	b.says("Inbox")
}

// openFromInbox goes to the case from the list; by the keyboard with the page's own keys.
func (s story) openFromInbox(b *tab) {
	b.t.Helper()
	if !b.keys {
		b.follow(s.title)
		return
	}
	b.press("/")
	if f := b.focused("Search what was written"); !f.Same {
		b.t.Errorf("/ leads to %q and not to the search", f.Name)
	}
	b.press("\t", 8) // Shift: back, and out of the field, so that letters are keys again
	b.press("j")
	b.press("k")
	f := b.focused(s.title)
	if !f.Same || f.Error != "" {
		b.t.Errorf("j leads to the %s %q (%s)", f.Kind, f.Name, f.Error)
	}
	b.follow(s.title)
}

// take sends the form of a step.
func (s story) take(b *tab, verb string) {
	b.t.Helper()
	b.follow(verb)
	b.says(verb + ": recorded")
}
