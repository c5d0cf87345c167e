package web_test

import (
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/apptest"
	"github.com/tipstaff/tipstaff/internal/casework"
)

// payloads are what people write who try a page. Each is tried in every field, first in some of them.
var payloads = []string{
	`<script>window.pwned=1</script>`, `"><img src=x onerror=window.pwned=1>`, `'><svg/onload=window.pwned=1>`, `</textarea><script>window.pwned=1</script>`,
	`</title><script>window.pwned=1</script>`, `</option></select><img src=x onerror=window.pwned=1>`, `<!--`, `]]>`, `<style>*{display:none}</style>`,
	`[a link](javascript:window.pwned=1)`, `<javascript:window.pwned=1>`, `![x](https://evil.example/x.png)`, `[x]: https://evil.example "><script>window.pwned=1</script>`,
	`<a href="javascript:window.pwned=1" autofocus onfocus=window.pwned=1>x</a>`, `<iframe srcdoc="<script>parent.pwned=1</script>"></iframe>`,
	`<math><mtext><table><mglyph><style><img src=x onerror=window.pwned=1>`, `{{.Code}}{{printf "%s" .}}`, `${window.pwned=1}`, `+ADw-script+AD4-window.pwned=1+ADw-/script+AD4-`,
	`<form action="https://evil.example"><button>Send</button></form>`, `<base href="https://evil.example/">`, `<meta http-equiv=refresh content="0;url=https://evil.example">`,
	"line\u2028of\u2029lines", "\u202eexe.gpj", "\u2067\u202e?", "\u0007\u001b[31mred\u0085", "&lt;img src=x onerror=window.pwned=1&gt;", `=HYPERLINK("https://evil.example")`,
	strings.Repeat("unbroken", 15), "\u05e9\u05dc\u05d5\u05dd",
}

// The marks that every hostile text begins and ends with: what stands between them is not ours.
const opens, closes = "\u27e6", "\u27e7"

// evil is a hostile text for a line: some payloads, other ones for every field, and a word that is written from right to left.
func evil(from []string, n, few int) string {
	var out []string
	for i := range few {
		out = append(out, from[(n*few+i)%len(from)])
	}
	return opens + strings.Join(out, " ") + " \u05e9\u05dc\u05d5\u05dd" + closes
}

// hostileCase is a case with a hostile text in every field that people fill in. $N is a line, $T a long text.
const hostileCase = `
rita reports {kind: KIND, title: $N, description: $T, component: $N, version: $N, impact: $T, expected: $T, evidence: $T, steps: [$N, $T], environment: {os: $N, version: $N, configuration: $T}, contact: {name: $N}, credit: $N, disclosure_preference: WISH, told: [$N], ai_use: {used: true, how: $T}MORE}
wait 1h
LEAD acknowledge {message: $T}
rita message {text: $T}
LEAD note {text: $T}
LEAD validate {evidence: $T, message: $T}
`

const hostileJuno = hostileCase + `
LEAD triage {sensitive: true, impact: $T, title: $N}
LEAD prioritise {priority: $N, because: $T}
LEAD embargo {until: $now+48h, terms: $T}
LEAD assign {work: $N, person: dimi}
LEAD reproduce {version: $N, environment: $T, outcome: reproduced, evidence: $T}
LEAD analyse {section: root_cause, text: $T}
LEAD analyse {section: exploit, text: $T}
LEAD remedy {product: juno, line: "28", status: patched, affected: ">= 28.0.0, < 28.0.1", patches: [{url: "https://git.example.org/fix", sha256: abababababababababababababababababababababababababababababababab, private: true}], because: $T}
LEAD remedy {product: juno, line: "27", status: not_affected, because: $T}
dimi review {of: fix, verdict: approve, says: $T}
LEAD invites gwen {name: $N, roles: [chain]}
cleo credit {name: $N, role: finder, consent: true}
`

var armed int

// arm puts hostile texts into a script: $N is a line, $T a long text, $A and $M the same of what an advisory takes: it refuses
// HTML, and characters that nobody sees.
func arm(t *testing.T, script string, names ...string) string {
	t.Helper()
	return regexp.MustCompile(`\$[NTAM]\b`).ReplaceAllStringFunc(strings.NewReplacer(names...).Replace(script), func(which string) string {
		armed++
		from, few := payloads, 8
		if which == "$N" || which == "$A" {
			few = 2
		}
		if which == "$A" || which == "$M" {
			from = slices.DeleteFunc(slices.Clone(payloads), func(s string) bool {
				return strings.ContainsFunc(s, func(r rune) bool { return r == '<' || unicode.In(r, unicode.C, unicode.Zl, unicode.Zp) })
			})
		}
		text := evil(from, armed, few)
		b, err := json.Marshal(text)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	})
}

func TestHostileTextIsInertInARealBrowser(t *testing.T) {
	apptest.Long(t)
	p := apptest.New(t, apptest.Options{})
	passwords(t, p)
	p.Play("juno", "juno/private", arm(t, hostileJuno, "KIND", "security", "LEAD", "jake", "WISH", "$T", "MORE", ", fields: {other_chains: $T}"))
	for i := range 5 { // every payload comes first in every field some time
		p.Play("solo-miner-monitor", "solo-miner-monitor/public"+strconv.Itoa(i), arm(t, hostileCase, "KIND", "issue", "LEAD", "maintainer-1", "WISH", `"never"`, "MORE", ""))
	}
	who, err := p.Auth.Code(t.Context(), "juno", p.Journey.Codes["juno/private/rita"])
	if err == nil {
		_, err = p.Casework.Write(t.Context(), who, casework.About{Case: p.Journey.Cases["juno/private"]}, cvd.Messaged{Text: "A file."},
			[]casework.File{{Name: `"><img src=x onerror=window.pwned=1>` + opens + "\u202egpj.exe" + closes, Body: []byte("<script>window.pwned=1</script>")}})
	}
	if err != nil {
		t.Fatal(err)
	}
	p.Settle()
	j := &judge{look: inert, sends: true, fill: evil(payloads, 3, 6), seen: map[string]bool{}, forms: map[string]bool{}}
	j.all(t, p, []visitor{{project: "juno"}, {project: "solo-miner-monitor"}, {"juno", "jake", ""}, {"solo-miner-monitor", "maintainer-1", ""},
		{"solo-miner-monitor", "vera", ""}, {"juno", "", "private"}, {"solo-miner-monitor", "", "public0"}})
}

// inert fails if a page runs, loads or lets itself be reordered by what somebody wrote.
func inert(b *tab, name string) {
	b.t.Helper()
	for _, width := range []int64{1440, 360} {
		b.size(width, 800)
		if wide := evaluate[int64](b, `document.documentElement.scrollWidth`); wide > width {
			b.t.Errorf("%s: a long word makes the page %d wide at %d, because of %s", name, wide, width, b.tooWide(width))
		}
	}
	if evaluate[bool](b, `window.pwned !== undefined || document.querySelector("main [onerror], main [onload], main [onfocus], main iframe, main base, main meta, main img, main a[href^='javascript:' i], main form[action*='evil']") !== null`) {
		b.t.Errorf("%s: somebody's text became a part of the page", name)
	}
	for _, what := range evaluate[[]string](b, mixed) {
		b.t.Errorf("%s: %s", name, what)
	}
	b.calm(name)
}

// mixed finds characters that reorder what nobody isolated, and words of ours that stand behind somebody's text without a border
// between them: a name that is written from right to left would draw them to its other side.
const mixed = `(() => {
	const out = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	for (let n; n = walk.nextNode();) {
		const e = n.parentElement;
		if (e.closest("textarea, option, script, title, pre")) continue;
		if (/[\u202a-\u202e\u2066-\u2069\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/.test(n.data)) out.push("a character that nobody sees in " + e.outerHTML.slice(0, 120));
		if (!n.data.includes("\u27e7")) continue;
		let box = e;
		while (box !== document.body && !/isolate|plaintext/.test(getComputedStyle(box).unicodeBidi)) box = box.parentElement;
		const rest = document.createRange();
		rest.setStart(n, n.data.lastIndexOf("\u27e7") + 1);
		rest.setEnd(box, box.childNodes.length);
		const after = rest.toString().replace(/\u27e6[^\u27e7]*\u27e7/g, "");
		if (/[\p{L}\p{N}]/u.test(after)) out.push("our words " + JSON.stringify(after.trim().replace(/\s+/g, " ").slice(0, 80)) + " follow somebody's in one line without a border, in " + box.outerHTML.slice(0, 160));
	}
	return [...new Set(out)];
})()`

// hostilePublication is a public case from its report to its advisory, by a team of one.
const hostilePublication = `
rita reports {kind: issue, title: $N, description: $T, credit: $N}
sam acknowledge {message: $T}
sam triage {sensitive: false, vector: "CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:L/I:N/A:N", impact: $T}
sam validate {evidence: $T}
sam prioritise {priority: low, because: $T}
sam analyse {section: root_cause, text: $T}
sam analyse {section: scope, text: $T}
sam analyse {section: exploit, text: "Read the log."}
sam analyse {section: mitigation, text: $T}
sam remedy {product: monitor, line: 0.1.x, status: patched, affected: ">= 0.1.0, < 0.1.2", patches: [{url: "https://git.example.org/pulls/1", sha256: abababababababababababababababababababababababababababababababab}]}
sam check {check: security, result: passed, evidence: $T}
sam check {check: regression, result: passed, evidence: $T}
sam check {check: performance, result: waived, evidence: $T}
sam check {check: compatibility, platform: linux, result: passed, evidence: log}
sam check {check: compatibility, platform: macos, result: passed, evidence: log}
sam check {check: compatibility, platform: windows, result: passed, evidence: log}
sam check {check: community, result: waived, evidence: $T}
sam check {check: reproduction, result: passed, evidence: log}
sam check {check: edge_case, result: passed, evidence: log}
sam check {check: integration, result: passed, evidence: log}
wait 25h
sam review {of: fix, verdict: approve, says: $T, url: "https://git.example.org/pulls/1#review"}
sam release {product: monitor, line: 0.1.x, version: 0.1.2, tag: v0.1.2, commit: c0ffee, url: "https://example.org/0.1.2", sha256: abababababababababababababababababababababababababababababababab}
sam draft {text: {title: $A, summary: $M, impact: $M, resolution: $M, mitigation: $M, references: [{url: "https://example.org/1", says: $A}]}}
sam credit {name: $A, role: finder, consent: true}
wait 25h
sam review {of: advisory, part: technical, edition: 1, verdict: approve, says: $T}
sam review {of: advisory, part: community, edition: 1, verdict: approve, says: $T}
sam approve {edition: 1}
sam disclose {now: true}
wait 1h
`

func TestHostileTextIsInertInWhatIsPublished(t *testing.T) {
	apptest.Long(t)
	p := apptest.New(t, apptest.Options{Projects: []string{"solo-miner-monitor"}, People: map[cvd.ProjectID][]cvd.Person{
		"solo-miner-monitor": {{Handle: "sam", Name: evil(payloads, 1, 1), Roles: []string{"maintainer", "expert", "admin"}}}}})
	passwords(t, p)
	p.Play("solo-miner-monitor", "solo-miner-monitor/published", arm(t, hostilePublication))
	p.Settle()
	j := &judge{look: inert, seen: map[string]bool{}, forms: map[string]bool{}}
	j.all(t, p, []visitor{{project: "solo-miner-monitor"}, {"solo-miner-monitor", "sam", ""}, {"solo-miner-monitor", "", "published"}})
	// Feeds and files are for programs, but a browser that is led to one must not run it either.
	b := newTab(t, p)
	for _, path := range j.files {
		if strings.Contains(path, "/simulate.") {
			continue // a browser keeps these for another program, and opens no page
		}
		b.open(path)
		inert(b, path)
	}
	if len(j.files) < 4 {
		t.Errorf("only these files were looked at: %v", j.files)
	}
}
