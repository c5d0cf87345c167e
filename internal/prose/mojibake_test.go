package prose

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"
	"pgregory.net/rapid"
)

// misread is what a program shows that takes UTF-8 for another encoding.
func misread(as *charmap.Charmap, text string) string {
	var b strings.Builder
	for _, c := range []byte(text) {
		r := as.DecodeByte(c)
		if r == utf8.RuneError { // Windows-1252 leaves five bytes open, and readers pass them through
			r = rune(c)
		}
		b.WriteRune(r)
	}
	return b.String()
}

func fixture(t testing.TB, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestADamagedPageIsMendedAndNothingElseInItChanges(t *testing.T) {
	mended, runs := Repair(fixture(t, "harbour-macroman.md"))
	if diff := cmp.Diff(string(fixture(t, "harbour.md")), string(mended)); diff != "" {
		t.Error(diff)
	}
	var are []string
	for _, r := range runs {
		are = append(are, r.Is)
	}
	if diff := cmp.Diff([]string{"🚀", "💥", "✨🔭", "🦙", "’", "🐛", "🔜"}, are); diff != "" {
		t.Error(diff)
	}
	if first := runs[0]; first.Line != 7 || first.Column != 22 || first.Encoding != "MacRoman" || first.Was != "\uf8ffüöÄ" {
		t.Errorf("the first run is %+v", first)
	}
}

func TestDamageIsFoundByWhatItWouldBecome(t *testing.T) {
	for name, c := range map[string]struct{ was, is string }{
		"quotation marks of Windows":     {"the projectâ€™s policy", "the project’s policy"},
		"an umlaut in Windows-1252":      {"GrÃ¼ÃŸe aus KÃ¶ln", "Grüße aus Köln"},
		"an umlaut in MacRoman":          {"Gr√º√üe aus K√∂ln", "Grüße aus Köln"},
		"one umlaut within a word":       {"K√∂ln", "Köln"},
		"an emoji in Windows-1252":       {"coming ðŸ”œ", "coming 🔜"},
		"Cyrillic in Windows-1252":       {misread(charmap.Windows1252, "Безопасность"), "Безопасность"},
		"Japanese in MacRoman":           {misread(charmap.Macintosh, "脆弱性の報告について"), "脆弱性の報告について"},
		"a sign beside healthy umlauts":  {"Grüße â€“ aus Köln", "Grüße – aus Köln"},
		"an emoji of several characters": {misread(charmap.Macintosh, "team 👩‍💻"), "team 👩‍💻"},
	} {
		t.Run(name, func(t *testing.T) {
			if got, _ := Repair([]byte(c.was)); string(got) != c.is {
				t.Errorf("got %q, want %q", got, c.is)
			}
		})
	}
}

func TestWhatIsMeantAsItStandsIsLeftAlone(t *testing.T) {
	for name, text := range map[string]string{
		"German":                    "Grüße aus Köln, „schöne“ Straßen: Ä, Ö, Ü",
		"French":                    "« Déjà vu » : l’été, où ça ? CAFÉ»",
		"a word in quotation marks": "“Über” and “fiancé…” are words",
		"emoji":                     "coming soon 🔜 🚀 ✨🔭",
		"a formula":                 "√Ω and ∂ƒ/∂x ≤ √π, ¬∃x",
		"one root":                  "the resistance is √Ω",
		"Portuguese in capitals":    "«MANHû e «NÃO»",
		"Windows names them":        "the characters Ã and Â",
		"Cyrillic":                  "Безопасность проекта",
		"no character beyond ASCII": "plain text",
		"an apple":                  "Made with \uf8ff in California",
		"bytes that are no text":    "\xff\xfe\x80abc",
		"nothing":                   "",
	} {
		t.Run(name, func(t *testing.T) {
			got, runs := Repair([]byte(text))
			if string(got) != text || len(runs) > 0 {
				t.Errorf("got %q with %v, want it unchanged", got, runs)
			}
		})
	}
}

// words are healthy ones of several languages, with the signs that go with all of them.
var words = []string{"security", "Grüße", "Straße", "déjà", "été", "niño", "señor", "Škoda", "żółw", "безопасность", "отчёт", "脆弱性", "報告",
	"🔜", "🚀", "✨🔭", "🦙", "—", "…", "“quoted”", "l’été", "Ω", "α", "report", "24 hours"}

func TestRepairUndoesWhateverDamageThereWas(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := append(rapid.SliceOf(rapid.SampledFrom(words)).Draw(t, "words"), "’") // one sign that every text has
		text := strings.Join(list, " ")
		for name, as := range map[string]*charmap.Charmap{"MacRoman": charmap.Macintosh, "Windows-1252": charmap.Windows1252} {
			damaged := misread(as, text)
			if got, _ := Repair([]byte(damaged)); string(got) != text {
				t.Fatalf("%s: %q became %q, want %q", name, damaged, got, text)
			}
		}
		if got, runs := Repair([]byte(text)); string(got) != text {
			t.Fatalf("the healthy %q became %q: %v", text, got, runs)
		}
	})
}

func FuzzRepairTouchesOnlyWhatItNames(f *testing.F) {
	f.Add([]byte("the projectâ€™s policy üîú"))
	f.Add([]byte("\xff\xf0√∂"))
	f.Fuzz(func(t *testing.T, text []byte) {
		got, runs := Repair(text)
		was, from := text, 0
		var rebuilt []byte
		for _, r := range runs {
			i := bytes.Index(was[from:], []byte(r.Was))
			if i < 0 {
				t.Fatalf("%q is not in the text", r.Was)
			}
			rebuilt = append(append(rebuilt, was[from:r.at]...), r.Is...)
			from = r.at + len(r.Was)
		}
		if rebuilt = append(rebuilt, was[from:]...); !bytes.Equal(got, rebuilt) {
			t.Fatalf("got %q, want %q", got, rebuilt)
		}
		if utf8.Valid(text) && !utf8.Valid(got) {
			t.Fatalf("%q became %q, which is no UTF-8", text, got)
		}
	})
}
