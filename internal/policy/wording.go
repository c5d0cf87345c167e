package policy

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// Work on a fix shows before the fix does: in the names of branches, in commit messages, in titles of requests and in the addresses
// of builds. Whoever watches a repository for fixes reads just these.

// flavour are words by which those who watch find a security fix, whatever else it says.
var flavour = regexp.MustCompile(`(?i)\b(securit(?:y|ies)|vuln(?:erab\w*)?|exploit\w*|attack\w*|malicious\w*|hostile|untrusted|embargo\w*|advisor(?:y|ies)|disclos\w*|bount(?:y|ies)|(?:0|zero)-?day|rce|xss|csrf|sqli|ssrf|dos|ddos|denial.of.service|(?:buffer|heap|stack|integer).(?:over|under)flow|use.after.free|double.free|out.of.bounds|privilege.escalation|(?:code|command|sql|script).injection|path.traversal|sanitiz\w*|sanitis\w*|poc|pwn\w*|hack\w*)\b`)

// Wording finds what in a text would tell of a case where strangers may read it. The text is that of a field: branch, message,
// title, ci, file, log. It names each word once. A log says all sorts of things: in one, only what leads to the case is found, with its
// line.
func (p *Policy) Wording(c cvd.Case, field, text string) (found []cvd.Wording) {
	text = looks(text)
	lower := strings.ToLower(text)
	add := func(word, why, way string) {
		if !slices.ContainsFunc(found, func(f cvd.Wording) bool { return strings.EqualFold(f.Word, word) }) {
			if field == "log" {
				why += lineOf(lower, word)
			}
			found = append(found, cvd.Wording{Field: field, Word: word, Why: why, Way: way})
		}
	}
	parted := strings.NewReplacer("/", " / ", "-", " ", "_", " ").Replace(text) // names of branches join words
	if word := p.forbidden(text); word != "" {
		add(word, "the policy forbids it before the release (content.forbidden)", "leave it out")
	}
	for _, id := range identifier.FindAllString(text, -1) {
		add(id, "it is an identifier of a vulnerability", "add it to the history after the publication, in a note or in the advisory")
	}
	if strings.Contains(lower, strings.ToLower(string(c.ID))) {
		add(string(c.ID), "it is the number of this case", "refer to the case here, and link the change from its line")
	}
	if field != "log" {
		for _, word := range append(flavour.FindAllString(text, -1), flavour.FindAllString(parted, -1)...) {
			add(word, "who watches for security fixes looks for it", "say what the change does, not what it is for")
		}
	}
	telling := tellingOf(&c, p.openWords(&Notice{}))
	for _, t := range []string{text, parted} {
		for _, word := range telling.all(t) {
			add(word, "it stands in what was reported or found out in this case, and nowhere in the policy", "name the part of the code more widely, or leave it out")
		}
	}
	return found
}

// lineOf says in which line of a text in lower case a word stands first.
func lineOf(lower, word string) string {
	before, _, found := strings.Cut(lower, strings.ToLower(word))
	if !found {
		return ""
	}
	return fmt.Sprintf("; first in line %d", strings.Count(before, "\n")+1)
}

// RefusesWording says whether a patch whose wording tells is refused, and not only shown.
func (p *Policy) RefusesWording() bool {
	return p.Document.Content != nil && p.Document.Content.Check == "refuse"
}

// wording refuses a patch that tells, where the policy says so.
func (w *weighing) wording() {
	x := w.What.PatchAttached
	if x == nil || !w.policy.RefusesWording() {
		return
	}
	for _, f := range x.Findings {
		if f.Field != "file" {
			w.object("content.check", time.Time{}, "the %s of the patch holds “%s”: %s", f.Field, f.Word, f.Way)
			return
		}
	}
}
