package policy

import (
	"slices"
	"testing"

	"github.com/tipstaff/tipstaff/cvd"
)

// A word that tells is found however it is written, and the search ends, whatever the text is.
func TestAWordThatTellsIsFoundHoweverItIsWritten(t *testing.T) {
	p := &Policy{Version: 1, Document: Document{Policy: "harbour", Title: "Harbour"}}
	c := cvd.Case{ID: "JUNO-2AN3", Reports: []cvd.Report{{Title: "Quetzals in parse_header", Description: "An ocelot overflows."}}}
	for text, want := range map[string][]string{
		"Fix the QUETZALS":                   {"quetzal"},
		"quetzal/fix-Quetzal":                {"quetzal"},
		"Rework Parse_Header":                {"Parse_Header"},
		"fix/parse_header-quetzal_JUNO-2AN3": {"JUNO-2AN3", "parse_header", "quetzal"},
		"Tidy up":                            nil,
		"Security fix":                       {"Security"},
		"\xff\xfe ÀÉÎ ǅ QUETZALS\x00":        {"quetzal"},
	} {
		var got []string
		for _, f := range p.Wording(c, "message", text) {
			got = append(got, f.Word)
		}
		for _, word := range want {
			if !slices.Contains(got, word) {
				t.Errorf("%q: found %q, and not %q", text, got, word)
			}
		}
		if len(want) == 0 && len(got) > 0 {
			t.Errorf("%q tells by %q", text, got)
		}
	}
}
