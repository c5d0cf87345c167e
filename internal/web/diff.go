package web

import (
	"slices"
	"strings"
	"unicode"
)

// piece is a stretch of a text that was compared with another: what both have, what only the old one has, or only the new.
type piece struct {
	Text           string
	Gone, Inserted bool
}

// compare says word by word how one text became another. It looks for lines that both have first, so that a long text with
// few changes costs little, and for words only where lines differ.
func compare(old, now string) []piece {
	var out []piece
	lines := differences(slices.Collect(strings.Lines(old)), slices.Collect(strings.Lines(now)))
	for i := 0; i < len(lines); i++ {
		if i+1 < len(lines) && lines[i].Gone && lines[i+1].Inserted {
			out = append(out, differences(wordsOf(lines[i].Text), wordsOf(lines[i+1].Text))...)
			i++
			continue
		}
		out = append(out, lines[i])
	}
	return out
}

// wordsOf parts a text into words, each with the spaces before it; a comma or full stop behind a word stands for itself.
func wordsOf(s string) []string {
	var out []string
	from, within := 0, false // where the part begins; whether a word of it has begun
	for at, r := range s {
		mark := unicode.IsPunct(r) && r != '-' && r != '_'
		if within && (mark || unicode.IsSpace(r)) {
			out, from, within = append(out, s[from:at]), at, false
		}
		switch {
		case mark:
			end := at + len(string(r))
			out, from = append(out, s[from:end]), end
		case !unicode.IsSpace(r):
			within = true
		}
	}
	if from < len(s) {
		out = append(out, s[from:])
	}
	return out
}

// mostCells bounds the work of one comparison: 2,000 words against 2,000. What differs more than that is shown as replaced.
const mostCells = 4 << 20

// differences says how one list became another by the longest list of what both have, in order.
func differences(old, now []string) []piece {
	var out []piece
	before := 0
	for before < min(len(old), len(now)) && old[before] == now[before] {
		before++
	}
	after := 0
	for after < min(len(old), len(now))-before && old[len(old)-1-after] == now[len(now)-1-after] {
		after++
	}
	out = add(out, piece{Text: strings.Join(old[:before], "")})
	tail := piece{Text: strings.Join(old[len(old)-after:], "")}
	a, b := old[before:len(old)-after], now[before:len(now)-after]
	if len(a)*len(b) > mostCells {
		out = add(add(out, piece{Text: strings.Join(a, ""), Gone: true}), piece{Text: strings.Join(b, ""), Inserted: true})
		return add(out, tail)
	}
	return add(common(out, a, b), tail)
}

// common adds to out how a became b. longest[i][j] is how much a[i:] and b[j:] have in common.
func common(out []piece, a, b []string) []piece {
	width := len(b) + 1
	longest := make([]int32, (len(a)+1)*width)
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if here := i*width + j; a[i] == b[j] {
				longest[here] = longest[here+width+1] + 1
			} else {
				longest[here] = max(longest[here+width], longest[here+1])
			}
		}
	}
	var gone, inserted []string // since what both had last: all that is gone stands before all that is new
	flush := func() {
		out = add(add(out, piece{Text: strings.Join(gone, ""), Gone: true}), piece{Text: strings.Join(inserted, ""), Inserted: true})
		gone, inserted = nil, nil
	}
	i, j := 0, 0
	for i < len(a) && j < len(b) {
		switch here := i*width + j; {
		case a[i] == b[j]:
			flush()
			out = add(out, piece{Text: a[i]})
			i, j = i+1, j+1
		case longest[here+width] >= longest[here+1]:
			gone, i = append(gone, a[i]), i+1
		default:
			inserted, j = append(inserted, b[j]), j+1
		}
	}
	gone, inserted = append(gone, a[i:]...), append(inserted, b[j:]...)
	flush()
	return out
}

// add appends a piece, or its text to the last one of its kind.
func add(out []piece, p piece) []piece {
	if p.Text == "" {
		return out
	}
	if n := len(out) - 1; n >= 0 && out[n].Gone == p.Gone && out[n].Inserted == p.Inserted {
		out[n].Text += p.Text
		return out
	}
	return append(out, p)
}
