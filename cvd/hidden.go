package cvd

import (
	"slices"
	"strings"
	"unicode"
)

// Shows refuses a line with a character that nobody sees, and names the field and the character: one that moves a cursor, turns
// the direction of what follows, or has no width. A line that is shown to others, or signed, must read as it was typed.
func Shows(field, text string) error {
	if r, ok := hidden(text); ok {
		return Fieldf(field, "this holds a character that does not show, %U; write it without", r)
	}
	return nil
}

// hidden is the first character of a line that does not show.
func hidden(line string) (rune, bool) {
	all := []rune(line)
	for i, r := range all {
		if unshown(r) && !(i > 0 && i+1 < len(all) && joins(all[i-1], r, all[i+1])) {
			return r, true
		}
	}
	return 0, false
}

// unshown says whether a character by itself shows nothing. Those that choose between two pictures of a sign are left: they stand
// behind many signs that a keyboard writes.
func unshown(r rune) bool {
	return unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Other_Default_Ignorable_Code_Point)
}

// joins says whether one of the two joiners stands where it belongs to the spelling (RFC 5892, A.1 and A.2): within a Persian word,
// or behind the virama of an Indic letter.
func joins(before, r, after rune) bool {
	arabic := unicode.Is(unicode.Arabic, before) && unicode.Is(unicode.Arabic, after)
	return r == '\u200c' && arabic || (r == '\u200c' || r == '\u200d') && slices.Contains(viramas, before) && unicode.IsLetter(after)
}

// viramas are those of Devanagari, Bengali, Gurmukhi, Gujarati, Oriya, Tamil, Telugu, Kannada, Malayalam and Sinhala.
var viramas = []rune{0x094d, 0x09cd, 0x0a4d, 0x0acd, 0x0b4d, 0x0bcd, 0x0c4d, 0x0ccd, 0x0d4d, 0x0dca}

// Visible is a text without the characters that do not show.
func Visible(text string) string {
	return strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && unshown(r) {
			return -1
		}
		return r
	}, text)
}
