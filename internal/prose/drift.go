package prose

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// Change is how a published copy differs from what it should be.
type Change string

// The changes.
const (
	Changed Change = "changed" // a paragraph says something else
	Missing Change = "missing" // a paragraph is not in the copy
	Added   Change = "added"   // the copy has a paragraph of its own between ours
	Moved   Change = "moved"   // a paragraph stands elsewhere
	NoCopy  Change = "no-copy" // the page holds no copy at all
	Unread  Change = "unread"  // the page cannot be compared, or not to its end
)

// Difference is one of them.
type Difference struct {
	Change    Change `json:"change,omitempty"`
	Line      int    `json:"line"`                // in the published text: where it is, or after which line it is missing
	Want      string `json:"want,omitempty"`      // the paragraph as it should be
	Published string `json:"published,omitempty"` // as it is
	Words     string `json:"words,omitempty"`     // what changed within it: a time of [-24-]{+48+} hours
	Says      string `json:"says"`
}

// mostBlocks is how many paragraphs of a page are compared, mostDifferences how many differences are told, and longestShown how
// much of a paragraph, in bytes.
const (
	mostBlocks      = 4000
	mostDifferences = 200
	longestShown    = 4000
)

// Drift compares a text with what was published as its copy, paragraph by paragraph. The copy may stand inside a longer page
// with an introduction of its own, and in another form: how lines are broken, lists are marked and headings are ranked is no
// difference, and neither is the stamp at its end.
func Drift(want, published []byte) []Difference {
	if err := Text(published); err != nil {
		says := "the page cannot be read: " + err.Error()
		if errors.Is(err, ErrTooLong) {
			says = "the page is too long to be compared: " + err.Error()
		}
		return []Difference{{Change: Unread, Says: says}}
	}
	wanted, theirs := Blocks(want), Blocks(published)
	cut := len(theirs) > mostBlocks
	if cut {
		theirs = theirs[:mostBlocks]
	}
	theirs = withoutRules(theirs)
	c := comparison{ours: keyed(body(wanted)), theirs: keyed(theirs)}
	c.dropStamps(wanted)
	c.regroup()
	pairs := c.align()
	if !c.holdsCopy(pairs) {
		return []Difference{{Change: NoCopy, Says: "this page holds no copy"}}
	}
	all := c.differences(pairs)
	if len(all) > mostDifferences {
		rest := len(all) - mostDifferences
		all = append(all[:mostDifferences], Difference{Change: Unread, Says: fmt.Sprintf("%d more differences are not told", rest)})
	}
	if cut {
		all = append(all, Difference{Change: Unread, Says: fmt.Sprintf("the page has more than %d paragraphs; the rest was not compared", mostBlocks)})
	}
	return all
}

// body is a text without its stamp: the last paragraph, if it stands alone behind a rule.
func body(all []Block) []Block {
	if n := len(all); n > 1 && all[n-1].Kind == Paragraph && all[n-2].Kind == Rule {
		all = all[:n-2]
	}
	return withoutRules(all)
}

func withoutRules(all []Block) []Block {
	var kept []Block
	for _, b := range all {
		if b.Kind != Rule {
			kept = append(kept, b)
		}
	}
	return kept
}

// piece is a block with what is compared of it.
type piece struct {
	Block
	key   string
	words []string
}

func keyed(blocks []Block) []piece {
	all := make([]piece, len(blocks))
	for i, b := range blocks {
		key := normal(b.Text)
		all[i] = piece{Block: b, key: key, words: strings.Fields(key)}
	}
	return all
}

var curled = strings.NewReplacer("“", `"`, "”", `"`, "„", `"`, "‘", "'", "’", "'", "\u00a0", " ", "\u00ad", "", "\u200b", "")

// normal is a text without what a site's generator does to it: curled quotation marks, spaces of other kinds.
func normal(text string) string { return strings.Join(strings.Fields(curled.Replace(text)), " ") }

// comparison is a text and a page, of which some part may be its copy.
type comparison struct{ ours, theirs []piece }

var digits = regexp.MustCompile(`\d+`)

// dropStamps leaves out the copy's stamp, whatever version it names.
func (c *comparison) dropStamps(want []Block) {
	n := len(want)
	if n < 2 || want[n-1].Kind != Paragraph || want[n-2].Kind != Rule {
		return
	}
	stamp := digits.ReplaceAllString(normal(want[n-1].Text), "")
	var kept []piece
	for _, p := range c.theirs {
		if alike(strings.Fields(digits.ReplaceAllString(p.key, "")), strings.Fields(stamp)) < 0.8 {
			kept = append(kept, p)
		}
	}
	c.theirs = kept
}

// holdsCopy says whether enough of the text is on the page to call it a copy: a third of its words.
func (c *comparison) holdsCopy(pairs []pair) bool {
	found, all := 0, 0
	for _, p := range c.ours {
		all += len(p.words)
	}
	for _, p := range pairs {
		found += len(c.ours[p.ours].words)
	}
	return found > 0 && found*3 >= all
}

// differences tells what is between the first and the last paragraph of the copy.
func (c *comparison) differences(pairs []pair) []Difference {
	var all []Difference
	i, j, line := 0, pairs[0].theirs, 0
	missing := func(to int) {
		for ; i < to; i++ {
			all = append(all, Difference{Change: Missing, Line: line, Want: clip(c.ours[i].Text, longestShown), Says: "a paragraph is missing"})
		}
	}
	added := func(to int) {
		for ; j < to; j++ {
			line = c.theirs[j].Line
			all = append(all, Difference{Change: Added, Line: line, Published: clip(c.theirs[j].Text, longestShown), Says: "the copy has a paragraph of its own"})
		}
	}
	for _, p := range pairs {
		missing(p.ours)
		added(p.theirs)
		line = c.theirs[p.theirs].Line
		if a, b := c.ours[p.ours], c.theirs[p.theirs]; a.key != b.key {
			all = append(all, changed(a, b.words, line))
		}
		i, j = p.ours+1, p.theirs+1
	}
	missing(len(c.ours))
	return moved(all)
}

func changed(ours piece, words []string, line int) Difference {
	return Difference{Change: Changed, Line: line, Want: clip(ours.Text, longestShown), Published: clip(strings.Join(words, " "), longestShown),
		Words: clip(wordDiff(ours.words, words), longestShown), Says: "a paragraph says something else"}
}

// moved makes one difference of a paragraph that is missing in one place and added in another.
func moved(all []Difference) []Difference {
	added := map[string]int{}
	for i, d := range all {
		if d.Change == Added {
			added[normal(d.Published)] = i + 1
		}
	}
	gone := map[int]bool{}
	for i, d := range all {
		if at := added[normal(d.Want)]; d.Change == Missing && at > 0 && !gone[at-1] {
			all[at-1] = Difference{Change: Moved, Line: all[at-1].Line, Want: d.Want, Published: all[at-1].Published, Says: "a paragraph stands in another place"}
			gone[at-1], gone[i] = true, true
		}
	}
	var kept []Difference
	for i, d := range all {
		if !gone[i] || d.Change == Moved {
			kept = append(kept, d)
		}
	}
	return kept
}
