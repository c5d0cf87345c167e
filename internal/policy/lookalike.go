package policy

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/tipstaff/tipstaff/cvd"
)

// Two words that look the same are the same word to whoever reads them, so what may not be said is compared as it looks: without
// characters that do not show, in the letters' compatible form (full width, mathematical), without accents, and with letters of
// other alphabets as the Latin ones that they cannot be told from. It is the skeleton of UTS 39, 4, with the rows of its
// confusables.txt that are single letters of Greek, Cyrillic, Armenian and phonetic Latin. Figures for letters (0verflow) and two
// letters for one (rn for m) are left: people read those as what they are.

// lookalikes are letters and the Latin ones that they look like, in pairs.
var lookalikes = strings.NewReplacer(letters(
	// Cyrillic
	"аaеeоoрpсcуyхxіiјjѕsһhԁdԛqԝwӏlүyѵvɡgкkмmтtвbнnпnиuгr" +
		"АAВBЕEЅSІIЈJКKМMНHОOРPСCТTУYҮYХXԌGԚQԜWѴV" +
		// Greek
		"αaβbγyεeιiκkνvοoρpτtυuχxϲcϳjηnωw" +
		"ΑAΒBΕEΖZΗHΙIΚKΜMΝNΟOΡPΤTΥYΧXϹC" +
		// Armenian
		"օoսuհhոnզqցgԼL" +
		// Latin as phonetics and other languages write it
		"ɑaɡgıiɩiʟlɴnʀrʏyɢgʜhʙbɪiøołlđdħhŧtƅbƒf")...)

// letters parts a table into its letters.
func letters(table string) (all []string) {
	for _, r := range table {
		all = append(all, string(r))
	}
	return all
}

// looks is a text in the letters that it seems to be written in. Case is kept. A word with a letter that no Latin one looks like is
// a word of its language and stays.
func looks(text string) string {
	if strings.IndexFunc(text, func(r rune) bool { return r > unicode.MaxASCII }) < 0 {
		return text
	}
	text = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) && unicode.Is(unicode.Inherited, r) { // accents; not the vowels of Indic scripts
			return -1
		}
		return r
	}, norm.NFKD.String(cvd.Visible(text)))
	return lettered.ReplaceAllStringFunc(norm.NFKC.String(text), func(word string) string {
		latin := lookalikes.Replace(word)
		if strings.IndexFunc(latin, func(r rune) bool { return !unicode.In(r, unicode.Latin, unicode.Nd) }) >= 0 {
			return word
		}
		return latin
	})
}

var lettered = regexp.MustCompile(`[\pL\pN]+`)
