package cvd_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/tipstaff/tipstaff/cvd"
)

// TestALineShowsAllThatItHolds names the field and the character of a line that reads other than it was typed, and leaves what a
// language or a sign is spelled with.
func TestALineShowsAllThatItHolds(t *testing.T) {
	for what, row := range map[string]struct{ line, character string }{
		"turned around":              {"pay \u202etxt.exe", "U+202E"},
		"turned, the newer way":      {"pay \u2067txt.exe", "U+2067"},
		"a mark of direction":        {"a\u200fb", "U+200F"},
		"a terminal's command":       {"\x1b[2J", "U+001B"},
		"a bell of the upper half":   {"a\u0085b", "U+0085"},
		"no width":                   {"0xab\u200bcd", "U+200B"},
		"no width, from another day": {"\ufeffname", "U+FEFF"},
		"a letter that is empty":     {"name\u3164", "U+3164"},
		"a line within a line":       {"a\u2028b", "U+2028"},
		"a hidden tag":               {"a\U000e0041b", "U+E0041"},
		"a joiner between Latin":     {"pay\u200dment", "U+200D"},
		"a joiner at the end":        {"علی\u200c", "U+200C"},
		"plain":                      {"Ünïted 0xAbC – 漢字 ☃", ""},
		"Persian":                    {"علی\u200cرضا", ""},
		"Hindi":                      {"क\u094d\u200dष", ""},
		"a picture of a sign":        {"thanks \u2764\ufe0f", ""},
	} {
		err := cvd.Shows("/address", row.line)
		if row.character == "" {
			if err != nil {
				t.Errorf("%s: %q is refused: %v", what, row.line, err)
			}
			continue
		}
		said, _ := errors.AsType[*cvd.Error](err)
		if said == nil || said.Field != "/address" || !strings.Contains(said.Says, row.character+";") {
			t.Errorf("%s: got %v, want the field and %s", what, err, row.character)
		}
	}
}
