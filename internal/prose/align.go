package prose

import (
	"regexp"
	"strings"
)

// pair is a paragraph of ours and the one of theirs that stands for it.
type pair struct{ ours, theirs int }

// marker is a word that marks an item of a list or a cell of a table.
var marker = regexp.MustCompile(`^(?:[-*+•]|\||\d{1,3}[.)]|:?-{2,}:?)$`)

// mostCells bounds the work of one alignment: a text of ours has a few hundred paragraphs.
const mostCells = 4 << 20

// align finds which paragraph stands for which: first those that are the same, as the longest common subsequence, then
// between them those that are alike. What is left of an alignment by chance, a heading far from all others, is no part of it.
func (c *comparison) align() []pair {
	exact := c.settled(common(len(c.ours), len(c.theirs), func(i, j int) bool { return c.ours[i].key == c.theirs[j].key }))
	if len(exact) == 0 {
		return c.similar(0, len(c.ours), 0, len(c.theirs))
	}
	// Before the first and after the last, the copy reaches no further than it would if nothing were missing and little added.
	begin := max(0, exact[0].theirs-2*exact[0].ours-2)
	last := exact[len(exact)-1]
	end := min(len(c.theirs), last.theirs+2*(len(c.ours)-last.ours)+2)
	var all []pair
	i, j := 0, begin
	for _, p := range exact {
		all = append(all, c.similar(i, p.ours, j, p.theirs)...)
		all = append(all, p)
		i, j = p.ours+1, p.theirs+1
	}
	return append(all, c.similar(i, len(c.ours), j, end)...)
}

// regroup cuts their paragraphs where ours are cut, in stretches that hold nearly the same words: a program that breaks lines
// anew may run the items of a list into one paragraph, and that is no other text.
func (c *comparison) regroup() {
	exact := c.settled(common(len(c.ours), len(c.theirs), func(i, j int) bool { return c.ours[i].key == c.theirs[j].key }))
	if len(exact) == 0 {
		return
	}
	exact = append(exact, c.end(exact[len(exact)-1]))
	var theirs []piece
	j := 0
	for n := 1; n < len(exact); n++ {
		from, to := exact[n-1], exact[n]
		ours, copied := c.ours[from.ours+1:to.ours], c.theirs[from.theirs+1:to.theirs]
		if len(ours) == len(copied) {
			continue
		}
		if cut := recut(ours, copied); cut != nil {
			theirs = append(theirs, c.theirs[j:from.theirs+1]...)
			theirs = append(theirs, cut...)
			j = to.theirs
		}
	}
	c.theirs = append(theirs, c.theirs[j:]...)
}

// end is where the copy ends if what follows the last paragraph that is the same has as many words as in ours.
func (c *comparison) end(last pair) pair {
	left := 0
	for _, p := range c.ours[last.ours+1:] {
		left += len(p.words)
	}
	to := last.theirs + 1
	for ; to < len(c.theirs) && left > 0; to++ {
		left -= len(c.theirs[to].words)
	}
	return pair{len(c.ours), to}
}

// recut gives the words of some paragraphs the boundaries of others that have nearly the same words; nil if they have not.
func recut(ours, copied []piece) []piece {
	type placed struct {
		word string
		at   int // the paragraph it stands in
	}
	words := func(pieces []piece) (all []placed, bare []string) {
		for i, p := range pieces {
			for _, w := range p.words {
				if !marker.MatchString(w) {
					all, bare = append(all, placed{w, i}), append(bare, w)
				}
			}
		}
		return all, bare
	}
	want, wantBare := words(ours)
	have, haveBare := words(copied)
	if alike(wantBare, haveBare) < 0.8 || len(want)*len(have) > mostCells {
		return nil
	}
	cut := make([]piece, len(ours))
	at, matched := 0, common(len(want), len(have), func(i, j int) bool { return want[i].word == have[j].word })
	for j, h := range have {
		if len(matched) > 0 && matched[0].theirs == j {
			at, matched = want[matched[0].ours].at, matched[1:]
		}
		if len(cut[at].words) == 0 {
			cut[at].Block = Block{Kind: copied[h.at].Kind, Line: copied[h.at].Line}
		}
		cut[at].words = append(cut[at].words, h.word)
	}
	var all []piece
	for i, p := range cut {
		if len(p.words) == 0 {
			continue // it is missing
		}
		p.key = strings.Join(p.words, " ")
		if _, bare := words(ours[i : i+1]); strings.Join(bare, " ") == p.key { // the same, without what marks its cells and items
			p.key, p.words = ours[i].key, ours[i].words
		}
		p.Text = p.key
		all = append(all, p)
	}
	return all
}

// settled leaves out short paragraphs at either end that are far from the rest: "Contact" in the menu of a site.
func (c *comparison) settled(all []pair) []pair {
	const far, short = 12, 5
	stray := func(edge, next pair) bool {
		between := next.theirs - edge.theirs
		return len(c.ours[edge.ours].words) < short && max(between, -between) > far+max(next.ours-edge.ours, edge.ours-next.ours)
	}
	for len(all) > 1 && stray(all[0], all[1]) {
		all = all[1:]
	}
	for n := len(all); n > 1 && stray(all[n-1], all[n-2]); n = len(all) {
		all = all[:n-1]
	}
	return all
}

// similar pairs paragraphs of two stretches that have at least half of their words in common, in their order, so that most
// words are in common altogether.
func (c *comparison) similar(i0, i1, j0, j1 int) []pair {
	n, m := i1-i0, j1-j0
	if n <= 0 || m <= 0 || n*m > mostCells/16 {
		return nil
	}
	gain := make([]float64, (n+1)*(m+1)) // of the stretches from there on
	worth := make([]float64, n*m)
	for i := n - 1; i >= 0; i-- {
		for j := m - 1; j >= 0; j-- {
			w := alike(c.ours[i0+i].words, c.theirs[j0+j].words)
			if w < 0.5 {
				w = 0
			}
			worth[i*m+j] = w
			best := max(gain[(i+1)*(m+1)+j], gain[i*(m+1)+j+1])
			if w > 0 {
				best = max(best, w+gain[(i+1)*(m+1)+j+1])
			}
			gain[i*(m+1)+j] = best
		}
	}
	var all []pair
	for i, j := 0, 0; i < n && j < m; {
		switch w := worth[i*m+j]; {
		case w > 0 && gain[i*(m+1)+j] == w+gain[(i+1)*(m+1)+j+1]:
			all = append(all, pair{i0 + i, j0 + j})
			i, j = i+1, j+1
		case gain[(i+1)*(m+1)+j] >= gain[i*(m+1)+j+1]:
			i++
		default:
			j++
		}
	}
	return all
}

// alike is the share of words that two texts have in common, from 0 to 1.
func alike(a, b []string) float64 {
	if len(a) == 0 || len(b) == 0 || len(a) > 4*len(b)+4 || len(b) > 4*len(a)+4 {
		return 0
	}
	count := make(map[string]int, len(a))
	for _, w := range a {
		count[w]++
	}
	shared := 0
	for _, w := range b {
		if count[w] > 0 {
			count[w]--
			shared++
		}
	}
	return 2 * float64(shared) / float64(len(a)+len(b))
}

// common is a longest common subsequence of two lists of these lengths. What both begin and end with is set aside first;
// of what is too long for the rest, nothing is in common.
func common(n, m int, same func(i, j int) bool) []pair {
	var head, tail []pair
	begin := 0
	for begin < n && begin < m && same(begin, begin) {
		head = append(head, pair{begin, begin})
		begin++
	}
	for n > begin && m > begin && same(n-1, m-1) {
		n, m = n-1, m-1
		tail = append(tail, pair{n, m})
	}
	rows, columns := n-begin, m-begin
	if rows > 0 && columns > 0 && rows*columns <= mostCells {
		length := make([]uint16, (rows+1)*(columns+1))
		at := func(i, j int) uint16 { return length[i*(columns+1)+j] }
		for i := rows - 1; i >= 0; i-- {
			for j := columns - 1; j >= 0; j-- {
				best := max(at(i+1, j), at(i, j+1))
				if same(begin+i, begin+j) {
					best = at(i+1, j+1) + 1
				}
				length[i*(columns+1)+j] = best
			}
		}
		for i, j := 0, 0; i < rows && j < columns; {
			switch {
			case same(begin+i, begin+j):
				head = append(head, pair{begin + i, begin + j})
				i, j = i+1, j+1
			case at(i+1, j) >= at(i, j+1):
				i++
			default:
				j++
			}
		}
	}
	for i := len(tail) - 1; i >= 0; i-- {
		head = append(head, tail[i])
	}
	return head
}

// wordDiff writes what changed between two texts, as version control does: "within [-24-] {+48+} hours".
func wordDiff(was, is []string) string {
	var b strings.Builder
	write := func(before, after string, words []string) {
		if len(words) == 0 {
			return
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(before + strings.Join(words, " ") + after)
	}
	i, j := 0, 0
	for _, p := range common(len(was), len(is), func(i, j int) bool { return was[i] == is[j] }) {
		write("[-", "-]", was[i:p.ours])
		write("{+", "+}", is[j:p.theirs])
		write("", "", was[p.ours:p.ours+1])
		i, j = p.ours+1, p.theirs+1
	}
	write("[-", "-]", was[i:])
	write("{+", "+}", is[j:])
	return b.String()
}
