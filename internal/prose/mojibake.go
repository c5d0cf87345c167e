package prose

import (
	"bytes"
	"slices"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// Damage is a run of characters that came of reading UTF-8 in another encoding: "Ã¼" where "ü" was written.
type Damage struct {
	Line, Column int // from 1; the column counts characters
	Was, Is      string
	Encoding     string // the one that it was read in: MacRoman, Windows-1252

	at int // byte
}

// legacy is an encoding of one byte for each character that UTF-8 is read in by mistake.
type legacy struct {
	name string
	byte func(rune) (byte, bool)
}

// legacies are tried in this order; the one that explains more of the text is believed.
var legacies = []legacy{
	{"Windows-1252", func(r rune) (byte, bool) {
		switch r {
		case 0x81, 0x8d, 0x8f, 0x90, 0x9d: // it leaves these bytes undefined; readers pass them through
			return byte(r), true
		}
		return charmap.Windows1252.EncodeRune(r)
	}},
	{"MacRoman", charmap.Macintosh.EncodeRune}, // its byte F0, with which emoji begin, is Apple's logo, U+F8FF
	{"Latin-1", charmap.ISO8859_1.EncodeRune},
}

// Damaged finds the runs of a text that are damaged in this way, in their order. It says nothing of a text that could as
// well be meant as it stands.
func Damaged(text []byte) []Damage {
	var best []Damage
	most := 0
	for _, l := range legacies {
		if found, weight := l.damage(text); weight > most {
			best, most = found, weight
		}
	}
	place(text, best)
	return best
}

// Repair puts the characters that were meant in the place of damaged runs, and says which. Every other byte stays.
func Repair(text []byte) ([]byte, []Damage) {
	all := Damaged(text)
	if len(all) == 0 {
		return text, nil
	}
	var out bytes.Buffer
	from := 0
	for _, d := range all {
		out.Write(text[from:d.at])
		out.WriteString(d.Is)
		from = d.at + len(d.Was)
	}
	out.Write(text[from:])
	return out.Bytes(), all
}

// A run weighs by how unlikely it is that somebody meant it. Below enough, a text is left alone.
const (
	weak   = 1 // "√∂" may be "ö", and may be the root of a difference
	strong = 3 // nobody writes "‚Äô"
	enough = 2
)

// damage are the runs that this encoding explains, and what they weigh together.
func (l legacy) damage(text []byte) (found []Damage, weight int) {
	whole := true // whether it explains every character beyond ASCII
	var strongs []Damage
	strongWeight, seen := 0, map[string]bool{}
	for at := 0; at < len(text); {
		if text[at] < utf8.RuneSelf {
			at++
			continue
		}
		end, decoded, ok := l.run(text, at)
		was := text[at:end]
		value := 0
		if ok {
			value = worth(was, decoded, text[:at], text[end:])
		}
		if whole = whole && value > 0; value > 0 {
			d := Damage{Was: string(was), Is: string(decoded), Encoding: l.name, at: at}
			found = append(found, d)
			if value >= strong {
				strongs, strongWeight = append(strongs, d), strongWeight+value
			}
			if !seen[d.Was] { // the same formula twice is no better evidence
				weight += value
			}
			seen[d.Was] = true
		}
		at = end
	}
	if whole && weight >= enough {
		return found, weight
	}
	return strongs, strongWeight
}

// run is the longest run of characters from there on that were bytes beyond ASCII in this encoding, and what its bytes say.
func (l legacy) run(text []byte, at int) (end int, decoded []byte, ok bool) {
	for end = at; end < len(text) && text[end] >= utf8.RuneSelf; {
		r, size := utf8.DecodeRune(text[end:])
		b, known := l.byte(r)
		if !known || r == utf8.RuneError {
			if end == at { // a character that this encoding never makes
				return at + size, nil, false
			}
			break
		}
		decoded = append(decoded, b)
		end += size
	}
	return end, decoded, utf8.Valid(decoded)
}

// worth weighs a run by what it would become; nothing if that is no better than what stands there.
func worth(was, is, before, after []byte) int {
	value := weak + utf8.RuneCount(is) - 1 // the longer the run, the less it can be chance
	for _, r := range string(is) {
		switch {
		case !plausible(r):
			return 0
		case sign(r):
			value = max(value, strong)
		case unicode.IsLetter(r) && (inside(before, after) || beside(before, after) && !formula(string(was))):
			value = max(value, enough)
		}
	}
	return value
}

// plausible says whether somebody may have written a character in such a text: not what healthy quotation marks beside
// accented letters decode to.
func plausible(r rune) bool {
	switch {
	case r < 0x0100:
		return r >= 0xa0
	case r >= 0x0180 && r <= 0x036f, r >= 0x0483 && r <= 0x0489, r >= 0x0591 && r <= 0x05cf, r >= 0x0700 && r <= 0x08ff, r >= 0xa000 && r <= 0xabff:
		return false
	case r >= 0xe000 && r <= 0xf8ff: // private use
		return false
	}
	return sign(r) || unicode.IsLetter(r) || unicode.IsMark(r) || r >= 0x3000 && unicode.IsPrint(r)
}

// sign says whether a character is one of those that people use with every language and that take three or four bytes:
// quotation marks, dashes, arrows, pictures, emoji. Their damaged forms are never meant.
func sign(r rune) bool {
	return r >= 0x200b && r <= 0x205e || r >= 0x20a0 && r <= 0x20bf || r >= 0x2100 && r <= 0x27bf && r != 0x2126 ||
		r >= 0x2b00 && r <= 0x2bff || r == 0xfe0f || r >= 0x1f000 && r <= 0x1faff
}

// formula says whether every character of a run may stand in a formula.
func formula(was string) bool {
	return !slices.ContainsFunc([]rune(was), func(r rune) bool {
		return !unicode.Is(unicode.Sm, r) && !slices.Contains([]rune("πΩµƒ°"), r)
	})
}

func beside(before, after []byte) bool { return letter(before, true) || letter(after, false) }

func inside(before, after []byte) bool { return letter(before, true) && letter(after, false) }

// letter says whether the text beside a run touches it with a letter of ASCII.
func letter(text []byte, last bool) bool {
	if len(text) == 0 {
		return false
	}
	c := text[0]
	if last {
		c = text[len(text)-1]
	}
	return c|0x20 >= 'a' && c|0x20 <= 'z'
}

// place counts lines and columns.
func place(text []byte, all []Damage) {
	line, start, from := 1, 0, 0
	for i := range all {
		piece := text[from:all[i].at]
		line += bytes.Count(piece, []byte("\n"))
		if n := bytes.LastIndexByte(piece, '\n'); n >= 0 {
			start = from + n + 1
		}
		all[i].Line, all[i].Column = line, 1+utf8.RuneCount(text[start:all[i].at])
		from = all[i].at
	}
}
