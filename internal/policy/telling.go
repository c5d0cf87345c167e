package policy

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/tipstaff/tipstaff/cvd"
)

// One word may tell it all: the function's name, the file's, or "bilge" where everybody knows that there is one bilge. A notice
// before the release repeats no name of the code, and no word of the case that is neither ordinary nor the policy's own.

// telling are the words of a case that tell of it: names as they stand in code, and the stems of rare words.
type telling struct {
	names map[string]bool
	rare  map[string]bool
}

func tellingOf(c *cvd.Case, open map[string]bool) telling {
	t := telling{names: map[string]bool{}, rare: map[string]bool{}}
	for _, text := range aboutTheMatter(c) {
		for _, name := range codeName.FindAllString(looks(text), -1) {
			if namesCode(name) && slices.ContainsFunc(wordsOf(name), func(part string) bool { return !open[part] }) {
				t.names[strings.ToLower(name)] = true
			}
		}
		for _, word := range wordsOf(text) {
			if !open[word] && isRare(word) {
				t.rare[stem(word)] = true
			}
		}
	}
	for word := range open {
		delete(t.rare, stem(word))
	}
	return t
}

// in is the first word of a text that tells of the case, "" if none does.
func (t telling) in(text string) string {
	if all := t.all(text); len(all) > 0 {
		return all[0]
	}
	return ""
}

// all are the words of a text that tell of the case, names first; a word that a name holds is not told again.
func (t telling) all(text string) (found []string) {
	for _, name := range codeName.FindAllString(looks(text), -1) {
		if t.names[strings.ToLower(name)] {
			found = append(found, name)
		}
	}
	for _, word := range wordsOf(text) {
		named := func(name string) bool { return slices.Contains(wordsOf(name), word) }
		if t.rare[stem(word)] && !slices.ContainsFunc(found, named) {
			found = append(found, word)
		}
	}
	return found
}

// aboutTheMatter are the texts that say what is wrong, without those that say what to do about it.
func aboutTheMatter(c *cvd.Case) []string {
	var texts []string
	for _, r := range c.Reports {
		texts = append(texts, r.Title, r.Component, r.Description, r.Impact, r.Expected, r.Evidence, strings.Join(r.Steps, "\n"))
	}
	for _, s := range c.Sections {
		if s.Name != "mitigation" {
			texts = append(texts, s.Text)
		}
	}
	if now := c.Advisory.Latest(); now != nil {
		texts = append(texts, now.Text.Title, now.Text.Summary, now.Text.Impact)
	}
	return append(texts, c.Title, c.Impact)
}

var (
	codeName  = regexp.MustCompile(`[\pL\pN_]+((::|->|\.)[\pL\pN_]+)*`)
	innerHump = regexp.MustCompile(`\p{Ll}\p{Lu}|\p{Lu}{2}\p{Ll}`)
	noName    = regexp.MustCompile(`(?i)^v?\d+(\.(\d+|x))*(-?(rc|alpha|beta)\.?\d*)?$|^\d+(st|nd|rd|th|am|pm|h|m|s|min|mb|gb|kb|bit|t\d+z?)$|^(x86(_64)?|i386|amd64|arm64|ipv[46]|utf8|sha256|(rc|alpha|beta)\d*)$`)
)

// namesCode says whether a word looks like a name in code or of a file: parse_header, ParseHeader, p2p.Peer, sync.go, ed25519.
func namesCode(name string) bool {
	words := wordsOf(name)
	if len(name) < 3 || noName.MatchString(name) || len(words) == 1 && ordinary[stem(words[0])] {
		return false
	}
	parts := strings.FieldsFunc(name, func(r rune) bool { return strings.ContainsRune(".:->", r) })
	if len(parts) > 1 { // not "e.g", and not the end of a sentence that no space follows
		return !slices.ContainsFunc(parts, func(p string) bool { return len(p) < 2 }) && !slices.Contains(parts, "")
	}
	digits := strings.ContainsFunc(name, unicode.IsDigit) && strings.ContainsFunc(name, unicode.IsLetter)
	return strings.Contains(strings.Trim(name, "_"), "_") || innerHump.MatchString(name) || digits
}

// isRare says whether a word is none that everybody uses.
func isRare(word string) bool {
	return len(word) >= 5 && !ordinary[stem(word)] && !noName.MatchString(word) && !unicode.IsDigit(rune(word[0]))
}

// stem is a word without its ending, so that "overflows" and "overflowing" are one.
func stem(word string) string {
	for _, ending := range []string{"ing", "ed", "es", "ly", "s", "e"} {
		if rest, ends := strings.CutSuffix(word, ending); ends && len(rest) >= 4 {
			return rest
		}
	}
	return word
}

// freeText says whether a field of a notice takes whatever is written.
func (n *Notice) freeText(name string) bool {
	return slices.ContainsFunc(n.Fields, func(f NoticeField) bool { return f.Name == name && (f.Type == "" || f.Type == "line") })
}
