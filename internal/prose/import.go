package prose

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
)

// Confidence is how sure Import is that a text says something.
type Confidence string

// The confidences.
const (
	High   Confidence = "high"   // it stands there in a form that means nothing else: a table, an address, a label with a time
	Likely Confidence = "likely" // a sentence says so
	Guess  Confidence = "guess"  // what stands around it suggests so
)

// Statement is one thing that a text says and a policy would say in a clause.
type Statement struct {
	File       string     `json:"file"`
	Line       int        `json:"line"`
	Kind       string     `json:"kind"`   // contact, channel, class, clock, wait, embargo …
	Clause     string     `json:"clause"` // the clause that it would become: clocks.response.within.critical
	Value      string     `json:"value"`
	Confidence Confidence `json:"confidence"`
	Text       string     `json:"text"` // the words that say it

	Title string `json:"-"` // what the text calls it: "First response", "Jake (Meow)"
}

// Question is something that a policy needs and the text does not say.
type Question struct {
	File   string
	Clause string
	Asks   string
	Why    string
}

// Draft is what a text says about the process of its project.
type Draft struct {
	File       string
	Title      string // of the text
	Statements []Statement
	Questions  []Question
	Damage     []Damage // runs of characters that are damaged, see Damaged
	Sections   []Block  // the headings
}

// mostStatements is how many statements are taken from one text. The longest policies hold two hundred.
const mostStatements = 2000

// mostTimes is how many lengths of time are looked at in one text, and mostInSentence in one sentence.
const (
	mostTimes      = 2000
	mostInSentence = 20
)

// longestSentence is how much is read of a sentence, in bytes.
const longestSentence = 1000

// Import finds what a text says. An error says that it cannot be read at all.
func Import(file string, text []byte) (Draft, error) {
	if err := Text(text); err != nil {
		return Draft{File: file}, err
	}
	r := &reader{draft: Draft{File: file, Damage: Damaged(text)}, seen: map[[3]string]int{}, own: map[string]string{}, titles: map[string]string{}}
	blocks := Blocks(text)
	for i, b := range blocks {
		r.block(b, i > 0 && blocks[i-1].Kind == Row)
	}
	r.settleClasses()
	r.ask()
	return r.draft, nil
}

// finder looks for one kind of statement in a sentence.
type finder func(*reader, sentence)

// finders are all that are asked of each sentence.
var finders = []finder{
	findContacts,
	findClass,
	findTimes,
	findSilence,
	findTerms,
	findBounty,
	findPublication,
}

// reader goes through a text with what it has read above.
type reader struct {
	draft Draft
	seen  map[[3]string]int // where each statement stands
	heads []Block           // the headings that the text stands under
	intro string            // the paragraph before a list
	table []string
	times int               // how many were looked at
	own   map[string]string // classes that a table has under names of its own
	// titles are the clocks that tables and lists of promises have, by name.
	titles map[string]string
}

// sentence is one sentence with what it stands under.
type sentence struct {
	text, lower string
	markup      string // of the line it stands in
	line        int
	kind        Kind
	heads       []string // lower case, the nearest first
	intro       string   // lower case: the paragraph that introduces the list
	title       string   // what stands in bold at the item's beginning
	label       string   // "Response time" of "Response time: 24 hours"
	class       string   // that the text around it is about
}

func (r *reader) block(b Block, inTable bool) {
	switch b.Kind {
	case Heading:
		for len(r.heads) > 0 && r.heads[len(r.heads)-1].Level >= b.Level {
			r.heads = r.heads[:len(r.heads)-1]
		}
		r.heads = append(r.heads, b)
		r.draft.Sections = append(r.draft.Sections, b)
		r.draft.Title = cmp.Or(r.draft.Title, b.Text)
		r.intro = ""
		r.sentences(b)
	case Row:
		if !inTable {
			r.table = b.Cells
			return
		}
		r.row(b)
	case Paragraph:
		r.intro = strings.ToLower(b.Text)
		r.sentences(b)
	case Item:
		r.sentences(b)
	}
}

var (
	boldStart   = regexp.MustCompile(`^(?:\*\*|__)([^*_]{1,80}?):?(?:\*\*|__)`)
	labelStart  = regexp.MustCompile(`^([\p{L}][\p{L}\d /&-]{1,40}?)\s*(?:\([^)]{0,60}\))?:\s+\S`)
	sentenceEnd = regexp.MustCompile(`[.!?](?:\*\*|["')\]])?\s+`)
)

// sentences asks the finders about each sentence of a block. A line that begins in bold begins a sentence: in lists of
// labels and values nobody writes full stops.
func (r *reader) sentences(b Block) {
	var lines []part
	for _, p := range b.parts {
		fresh := len(lines) == 0 || boldStart.MatchString(p.text)
		if fresh {
			lines = append(lines, p)
			continue
		}
		last := &lines[len(lines)-1]
		if strings.HasSuffix(last.text, "-") || len(last.text) > 20_000 {
			lines = append(lines, p)
			continue
		}
		last.text += " " + p.text
	}
	class := r.classAbove()
	for _, p := range lines {
		s := sentence{line: p.line, kind: b.Kind, intro: r.intro, class: class}
		if b.Kind == Paragraph {
			s.intro = ""
		}
		s.heads = r.above()
		if b.Kind == Heading {
			s.heads = s.heads[1:] // it is one itself
		}
		if m := boldStart.FindStringSubmatch(p.text); m != nil {
			s.title = plain(m[1])
		}
		if m := labelStart.FindStringSubmatch(plain(p.text)); m != nil {
			s.label = m[1]
		}
		for _, one := range split(p.text) {
			if len(one) > longestSentence {
				one = strings.ToValidUTF8(one[:longestSentence], "")
			}
			s.markup, s.text = one, plain(one)
			s.lower, s.line = strings.ToLower(s.text), lineOf(b.parts, s.line, one)
			for _, find := range finders {
				find(r, s)
			}
		}
	}
}

// above are the headings that the text stands under, the nearest first, in lower case.
func (r *reader) above() []string {
	var all []string
	for _, h := range slices.Backward(r.heads) {
		all = append(all, strings.ToLower(h.Text))
	}
	return all
}

// split is a text in sentences. "e.g. 24 hours" and "v1.2 is" are no ends.
func split(text string) []string {
	var all []string
	from := 0
	for _, m := range sentenceEnd.FindAllStringIndex(text, -1) {
		next := text[m[1]:]
		if next == "" || next[0] >= 'a' && next[0] <= 'z' || strings.HasSuffix(text[:m[0]], "e.g") || strings.HasSuffix(text[:m[0]], "i.e") {
			continue
		}
		all = append(all, strings.TrimSpace(text[from:m[1]]))
		from = m[1]
	}
	if rest := strings.TrimSpace(text[from:]); rest != "" {
		all = append(all, rest)
	}
	return all
}

// lineOf is the line on which a sentence begins: the first from there on, and not far from it, that holds its first words.
func lineOf(parts []part, from int, sentence string) int {
	const far = 50
	first := firstWords(sentence[:min(len(sentence), 100)], 2)
	at, _ := slices.BinarySearchFunc(parts, from, func(p part, line int) int { return p.line - line })
	for _, p := range parts[at:min(len(parts), at+far)] {
		if strings.Contains(p.text, first) {
			return p.line
		}
	}
	return from
}

// add keeps a statement once, as it is said most surely.
func (r *reader) add(s Statement) {
	key := [3]string{s.Clause, s.Value}
	if s.Kind == "contact" {
		key[2] = s.Title
	}
	s.File, s.Text = r.draft.File, short(s.Text)
	if at, known := r.seen[key]; known {
		if rank(s.Confidence) < rank(r.draft.Statements[at].Confidence) {
			r.draft.Statements[at] = s
		}
		return
	}
	if len(r.draft.Statements) >= mostStatements {
		return
	}
	r.seen[key] = len(r.draft.Statements)
	r.draft.Statements = append(r.draft.Statements, s)
}

// short is a text cut for a line of a report.
func short(text string) string { return clip(text, 240) }

// clip is a text of at most so many bytes, and a sign where it was cut.
func clip(text string, most int) string {
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "") + " …"
}

// re is a pattern over text in lower case.
func re(pattern string) *regexp.Regexp { return regexp.MustCompile(pattern) }

// Of are the statements whose clause begins so.
func (d Draft) Of(clause string) []Statement {
	return slices.DeleteFunc(slices.Clone(d.Statements), func(s Statement) bool {
		return s.Clause != clause && !strings.HasPrefix(s.Clause, clause+".")
	})
}

// slug is a title as a name in a policy.
func slug(title string) string {
	var b strings.Builder
	gap := false
	for _, c := range strings.ToLower(title) {
		switch {
		case c >= 'a' && c <= 'z' || c >= '0' && c <= '9':
			if gap && b.Len() > 0 {
				b.WriteByte('_')
			}
			b.WriteRune(c)
			gap = false
		default:
			gap = true
		}
		if b.Len() > 40 {
			break
		}
	}
	return b.String()
}
