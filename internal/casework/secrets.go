package casework

import (
	"regexp"
	"slices"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
)

// secretsKnown are secrets that people paste without noticing, by what they look like. The list is short on purpose: it names
// what has a form of its own, so that a warning is worth reading.
var secretsKnown = []struct {
	is    string
	looks *regexp.Regexp
}{
	{"a private key", regexp.MustCompile(`-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----`)},
	{"an age key", regexp.MustCompile(`AGE-SECRET-KEY-1[0-9A-Z]{50,}`)},
	{"a GitHub token", regexp.MustCompile(`\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{60,})`)},
	{"a GitLab token", regexp.MustCompile(`\bglpat-[A-Za-z0-9_-]{20,}`)},
	{"an AWS access key", regexp.MustCompile(`\b(?:AKIA|ASIA)[A-Z0-9]{16}\b`)},
	{"a Slack token", regexp.MustCompile(`\bxox[abeprs]-[A-Za-z0-9-]{10,}`)},
	{"a Google API key", regexp.MustCompile(`\bAIza[A-Za-z0-9_-]{35}`)},
	{"a Stripe key", regexp.MustCompile(`\b[rs]k_live_[A-Za-z0-9]{20,}`)},
	{"an npm token", regexp.MustCompile(`\bnpm_[A-Za-z0-9]{36}\b`)},
	{"a PyPI token", regexp.MustCompile(`\bpypi-[A-Za-z0-9_-]{50,}`)},
	{"a signed web token", regexp.MustCompile(`\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}`)},
	{"a password in an address", regexp.MustCompile(`\b[a-z][a-z0-9+.-]{1,20}://[^\s:/@]{1,100}:[^\s/@]{3,100}@[^\s/]+`)},
}

// mostScanned is how much of a file is looked through: what is pasted by mistake is small.
const mostScanned = 1 << 20

// Secrets says which kinds of secret a text seems to hold, each once.
func Secrets(text []byte) []string {
	var out []string
	for _, s := range secretsKnown {
		if s.looks.Match(text[:min(len(text), mostScanned)]) {
			out = append(out, s.is)
		}
	}
	return out
}

// SecretsIn says which kinds of secret a report seems to hold: in its texts, and in files as they were when they came.
func SecretsIn(r cvd.Report) []string {
	texts := append([]string{r.Title, r.Description, r.Impact, r.Expected, r.Evidence, r.Environment.Configuration, r.AI.How}, r.Steps...)
	for _, text := range r.Fields {
		texts = append(texts, text)
	}
	out := Secrets([]byte(strings.Join(texts, "\n")))
	for _, f := range r.Attachments {
		for _, is := range f.Holds {
			out = append(out, is+" (in "+f.Name+")")
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
