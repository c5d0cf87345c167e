package casework

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/policy"
)

// longest is how many bytes one text of a step may have.
const longest = 64 << 10

// require refuses an empty text, saying what belongs there.
func require(field, text, says string) error {
	if strings.TrimSpace(text) == "" {
		return cvd.Fieldf(field, "%s", says)
	}
	return readable(field, text)
}

// readable refuses what cannot be kept as text.
func readable(field, text string) error {
	switch {
	case len(text) > longest:
		return cvd.Fieldf(field, "this is longer than 64 KiB: send it as an attachment")
	case !utf8.ValidString(text):
		return cvd.Fieldf(field, "this is not valid UTF-8")
	case strings.ContainsRune(text, 0):
		return cvd.Fieldf(field, "this holds a NUL byte")
	}
	return nil
}

// oneOf refuses a word that is not among those allowed.
func oneOf(field, word string, allowed ...string) error {
	if slices.Contains(allowed, word) {
		return nil
	}
	return cvd.Fieldf(field, "%q is not among %s", word, strings.Join(allowed, ", "))
}

// name refuses what is not one of the process's own words: everybody in the case reads it, and strangers do after disclosure.
func name(field, word, says string) error {
	if word == "" || len(word) > 40 || strings.Trim(word, "abcdefghijklmnopqrstuvwxyz_") != "" {
		return cvd.Fieldf(field, "%s, in lower-case letters; more belongs into a note or a message", says)
	}
	return nil
}

// first is the first error.
func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// shortLine refuses what is no single line of a usual length, or reads other than it was typed.
func shortLine(field, text string) error {
	if strings.ContainsAny(text, "\r\n") || utf8.RuneCountInString(text) > policy.LongestLine {
		return cvd.Fieldf(field, "this is one line of at most %d characters", policy.LongestLine)
	}
	return first(readable(field, text), cvd.Shows(field, text))
}
