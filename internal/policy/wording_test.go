package policy

import (
	"slices"
	"strings"
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
		"Fix the qu\u0435tzals":              {"quetzal"}, // Cyrillic
		"qυetzals: Greek, and рarse_heаder":  {"quetzal", "parse_header"},
		"quet\u200bzals":                     {"quetzal"},
		"ｑｕｅｔｚａｌｓ and 𝐨𝐜𝐞𝐥𝐨𝐭": {"quetzal", "ocelot"},
		"a qüétzal":                   {"quetzal"},
		"Ѕecurity fix":                {"Security"},
		"Кошка и цепь":                nil, // words of their own language
		"\xff\xfe ÀÉÎ ǅ QUETZALS\x00": {"quetzal"},
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

// TestAWordOfAnotherAlphabetIsComparedWithItself whichever case it begins with: what is written in Greek or Cyrillic throughout is
// no spelling of a Latin word.
func TestAWordOfAnotherAlphabetIsComparedWithItself(t *testing.T) {
	p := &Policy{Version: 1, Document: Document{Policy: "harbour", Title: "Harbour"}}
	c := cvd.Case{ID: "JUNO-2AN3", Reports: []cvd.Report{{Title: "Γραμμή νημάτων", Description: "Переполнение буфера."}}}
	for _, text := range []string{"ΝΗΜΆΤΩΝ", "Νημάτων", "буфера", "Буфера"} {
		if len(p.Wording(c, "message", text)) == 0 {
			t.Errorf("%q tells nothing", text)
		}
	}
	if found := p.Wording(c, "message", "вuffer"); len(found) > 0 {
		t.Errorf("a word that is not of the case: %v", found)
	}
}

// J-33: a log says all sorts of things. What leads to the case is found in it, with the line; a word like "security" is none of it.
func TestALogIsSearchedForTheCase(t *testing.T) {
	p := &Policy{Version: 1, Document: Document{Policy: "harbour", Title: "Harbour"}}
	c := cvd.Case{ID: "JUNO-2AN3", Reports: []cvd.Report{{Title: "Quetzals in parse_header", Description: "An ocelot overflows."}}}
	log := "Get: http://security.example.org main\nok  wire  0.2s\n--- FAIL: TestParse_Header (0.01s)\nparse_header: CVE-2026-4242\n"
	var got []string
	for _, f := range p.Wording(c, "log", log) {
		got = append(got, f.Word+" "+f.Why[strings.LastIndex(f.Why, ";")+1:])
	}
	if want := []string{"CVE-2026-4242  first in line 4", "parse_header  first in line 3", "header  first in line 3", "parse  first in line 3"}; !slices.Equal(got, want) {
		t.Errorf("found %q, want %q", got, want)
	}
}
