package policy

import (
	"regexp"
	"slices"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
)

// Once a release is out, its patch tells what it tells. An advisory that says more hands an attacker what they would have to find
// out: the name of the function that nobody touched, the address, the number that overflows, the line to type.

// exact are the parts of a text that one copies rather than reads: spans and blocks of code, addresses, long numbers.
var exact = regexp.MustCompile("(?s)```.*?```|`[^`\n]+`|https?://[^\\s<>()\\]]+|\\b0[xX][0-9a-fA-F]{4,}\\b|\\b(?:[0-9a-f]{16,}|[0-9A-F]{16,})\\b|\\b\\d{1,3}(?:\\.\\d{1,3}){3}:\\d+\\b|\\b\\d{5,}\\b")

// plainFigures are written in figures and tell nothing: identifiers and instants.
var plainFigures = regexp.MustCompile(identifier.String() + `|\b\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:\d\d))?\b`)

// Beyond finds what an edition of an advisory tells that stands in none of the patches, given as text: names of code, addresses,
// numbers and lines to type. What the policy says itself, its products, lines and repositories, is known anyway. Prose that
// explains an attack without any of these is found by nobody but a reader.
func (p *Policy) Beyond(t cvd.AdvisoryText, patches []string) (found []cvd.Wording) {
	known := patched{names: map[string]bool{}, open: p.openWords(&Notice{})}
	for _, text := range patches {
		known.read(text)
	}
	for _, product := range p.Document.Products {
		known.places = append(known.places, product.Repository)
	}
	known.places = slices.DeleteFunc(append(known.places, p.Document.Website), func(at string) bool { return at == "" })
	fields := []struct{ name, text string }{{"title", t.Title}, {"summary", t.Summary}, {"impact", t.Impact},
		{"affected", strings.Join(t.Affected, "\n")}, {"resolution", t.Resolution}, {"mitigation", t.Mitigation}}
	for _, f := range fields {
		for _, word := range known.missing(f.text) {
			if !slices.ContainsFunc(found, func(w cvd.Wording) bool { return strings.EqualFold(w.Word, word) }) {
				found = append(found, cvd.Wording{Field: f.name, Word: word, Why: "no patch of this case holds it",
					Way: "leave it out until the details are told, or say in words what it does to those who run the product"})
			}
		}
	}
	return found
}

// patched is what the patches tell, and what is known without them.
type patched struct {
	names  map[string]bool // as they stand in code, and their parts, in lower case
	text   strings.Builder // all of it in lower case, with one blank between any two words
	open   map[string]bool // the policy's words
	places []string        // addresses that the policy names
}

func (k *patched) read(patch string) {
	for _, name := range codeName.FindAllString(patch, -1) {
		name = strings.ToLower(name)
		k.names[name] = true
		for _, part := range partsOf(name) {
			k.names[part] = true
		}
	}
	for line := range strings.Lines(patch) {
		k.text.WriteString(squeezed(strings.TrimLeft(line, "+- ")) + " ")
	}
}

// missing are the names and the exact parts of a text that the patches do not hold, each as it stands there.
func (k *patched) missing(text string) (found []string) {
	rest := exact.ReplaceAllStringFunc(plainFigures.ReplaceAllString(looks(text), " "), func(part string) string {
		switch {
		case strings.HasPrefix(part, "`"):
			for line := range strings.Lines(strings.Trim(part, "`")) {
				if line = strings.TrimSpace(line); line != "" && !k.holds(line) {
					found = append(found, shortened(line, 100))
				}
			}
		case strings.Contains(part, "://"):
			part = strings.TrimRight(part, ".,;:!?'\"")
			if !k.holds(part) && !slices.ContainsFunc(k.places, func(at string) bool { return part == at || strings.HasPrefix(part, strings.TrimSuffix(at, "/")+"/") }) {
				found = append(found, shortened(part, 100))
			}
		case !k.holds(part):
			found = append(found, part)
		}
		return " "
	})
	for _, name := range codeName.FindAllString(rest, -1) {
		if namesCode(name) && !k.knows(name) {
			found = append(found, name)
		}
	}
	return found
}

// holds says whether something stands in the patches as it is, or is made of names and words that are known.
func (k *patched) holds(part string) bool {
	if strings.Contains(k.text.String(), squeezed(part)) {
		return true
	}
	names := codeName.FindAllString(part, -1)
	return len(names) == 1 && squeezed(part) == strings.ToLower(names[0]) && k.knows(names[0])
}

// knows says whether a name, or each part of it, stands in the patches or in the policy.
func (k *patched) knows(name string) bool {
	name = strings.ToLower(name)
	unknown := func(part string) bool { return !k.names[part] && !k.open[part] }
	return k.names[name] || !slices.ContainsFunc(partsOf(name), unknown) || !slices.ContainsFunc(wordsOf(name), func(w string) bool { return !k.open[w] })
}

// partsOf are the names that a name is put together from: p2p.Peer, net::parse.
func partsOf(name string) []string {
	return strings.FieldsFunc(name, func(r rune) bool { return strings.ContainsRune(".:->", r) })
}

// squeezed is a text in lower case with one blank between any two words.
func squeezed(text string) string { return strings.Join(strings.Fields(strings.ToLower(text)), " ") }
