package policy

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/tipstaff/tipstaff/cvd"
)

// A notice before the release gives people time to prepare and attackers nothing: no word of what was reported, no
// identifier, no link to a change. The words of the notice itself, of products and of lines are no secret.

var (
	identifier = regexp.MustCompile(`(?i)\b(CVE-\d{4}-\d{3,}|GHSA(-[23456789cfghjmpqrvwx]{4}){3}|CWE-\d+)\b`)
	changeLink = regexp.MustCompile(`(?i)/(commit|commits|pull|pulls|merge_requests|compare|patch)/|\.(patch|diff)\b|\b[0-9a-f]{12,40}\b`)
)

// carriesNothing refuses values that tell something about the case.
func (p *Policy) carriesNothing(n *Notice, says map[string]string, c *cvd.Case) error {
	open := p.openWords(n)
	var secret []string
	for _, r := range c.Reports {
		secret = append(append(secret, wordsOf(r.Title)...), wordsOf(r.Component)...)
	}
	secret = slices.DeleteFunc(append(secret, wordsOf(c.Title)...), func(word string) bool { return len(word) < 4 || open[word] })
	telling := tellingOf(c, open)
	for name, said := range says {
		field, said := "/says/"+pointer(name), looks(said)
		if id := identifier.FindString(said); id != "" {
			return noDetail(field, "it names "+id)
		}
		if changeLink.MatchString(said) || namesPatch(said, c) {
			return noDetail(field, "it leads to a change of the code")
		}
		for _, word := range wordsOf(said) {
			if slices.Contains(secret, word) {
				return noDetail(field, "it repeats “"+word+"” from the report")
			}
		}
		if word := telling.in(said); word != "" && n.freeText(name) {
			return noDetail(field, "it repeats “"+word+"” from the case")
		}
		for _, text := range textsOf(c) {
			if phrase := repeats(said, text); phrase != "" {
				return noDetail(field, "it repeats “"+phrase+"” from the case")
			}
		}
	}
	return nil
}

func noDetail(field, says string) error {
	return cvd.Fieldf(field, "a notice before the release cannot carry detail: %s; say it in other words, or leave it out", says)
}

// openWords are those that a notice may use whatever the report says: the policy's own, which are public.
func (p *Policy) openWords(n *Notice) map[string]bool {
	d := &p.Document
	texts := []string{n.Title, n.Subject, n.Text, d.Title, d.Website, "a new security update upgrade release version will available restart node server"}
	for _, f := range n.Fields {
		texts = append(texts, f.Title, f.Name)
	}
	for _, product := range d.Products {
		texts = append(append(texts, product.Name, product.Title), product.Platforms...)
		for _, l := range product.Lines {
			texts = append(texts, l.Name, l.Versions)
		}
	}
	for _, a := range d.Audiences {
		texts = append(texts, a.Title)
	}
	for _, k := range d.Severity.Classes {
		texts = append(texts, k.Name, k.Title)
	}
	open := map[string]bool{}
	for _, text := range texts {
		for _, word := range wordsOf(text) {
			open[word] = true
		}
	}
	return open
}

func namesPatch(said string, c *cvd.Case) bool {
	for _, l := range c.Lines {
		for _, patch := range l.Patches {
			if patch.URL != "" && strings.Contains(said, looks(patch.URL)) || len(patch.SHA256) >= 12 && strings.Contains(said, patch.SHA256[:12]) {
				return true
			}
		}
	}
	return false
}

// textsOf are the texts of a case that nobody outside may read a sentence of.
func textsOf(c *cvd.Case) []string {
	var texts []string
	for _, r := range c.Reports {
		texts = append(texts, r.Description, r.Impact, r.Expected, r.Evidence, strings.Join(r.Steps, "\n"))
	}
	for _, s := range c.Sections {
		texts = append(texts, s.Text)
	}
	if now := c.Advisory.Latest(); now != nil {
		texts = append(texts, advisoryWords(now.Text))
	}
	return append(texts, c.Impact)
}

// advisoryWords is all prose of an advisory.
func advisoryWords(t cvd.AdvisoryText) string {
	return strings.Join([]string{t.Title, t.Summary, t.Impact, strings.Join(t.Affected, "\n"), t.Resolution, t.Mitigation}, "\n")
}

// shingle is how many words in a row make a repetition: shorter ones happen by chance.
const shingle = 5

// repeats is the first run of words that a text shares with a source, "" if there is none.
func repeats(text, source string) string {
	words, from := wordsOf(text), wordsOf(source)
	if len(words) < shingle || len(from) < shingle {
		return ""
	}
	known := map[string]bool{}
	for i := range len(from) - shingle + 1 {
		known[strings.Join(from[i:i+shingle], " ")] = true
	}
	for i := range len(words) - shingle + 1 {
		if run := strings.Join(words[i:i+shingle], " "); known[run] {
			return run
		}
	}
	return ""
}

// wordsOf are the words of a text as they look, in lower case and without the s of plurals.
func wordsOf(text string) []string {
	words := strings.FieldsFunc(strings.ToLower(looks(text)), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	for i, word := range words {
		if len(word) > 4 {
			words[i] = strings.TrimSuffix(word, "s")
		}
	}
	return words
}
