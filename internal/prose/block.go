package prose

import (
	"bytes"
	"html"
	"regexp"
	"strings"
)

// Kind is what a block is.
type Kind int

// The kinds of blocks.
const (
	Paragraph Kind = iota
	Heading
	Item
	Row
	Code
	Rule
)

// Block is one piece of a text that stands by itself.
type Block struct {
	Kind  Kind
	Level int    // of a heading, from 1; of an item, how far it is indented
	Line  int    // where it begins, from 1
	Text  string // as people read it: no markup, an address behind the words that link to it
	Cells []string

	parts []part // its lines as they stand in the file
}

type part struct {
	line int
	text string
}

// Blocks takes a text apart. It is made for what is published: the Markdown of forges and of GitBook, plain text, and the
// HTML that becomes of them. Those dialects share lines and their first characters and little else, so a parser of one of
// them would refuse the others; and this one cannot be made to take long.
// Front matter, comments and GitBook's own tags are no text.
func Blocks(text []byte) []Block {
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	if isHTML(text) {
		return htmlBlocks(text)
	}
	b := blocker{}
	lines := strings.Split(strings.ReplaceAll(strings.ReplaceAll(string(text), "\r\n", "\n"), "\r", "\n"), "\n")
	for i, line := range visible(lines) {
		b.take(i+1, line)
	}
	b.flush()
	return b.blocks
}

var (
	headingLine = regexp.MustCompile(`^ {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$`)
	underline   = regexp.MustCompile(`^ {0,3}(=+|-+)[ \t]*$`)
	ruleLine    = regexp.MustCompile(`^ {0,3}(?:-[ \t]*-[ \t]*-[-\t ]*|\*[ \t]*\*[ \t]*\*[*\t ]*|_[ \t]*_[ \t]*_[_\t ]*)$`)
	itemLine    = regexp.MustCompile(`^([ \t]*)(?:[-*+•]|\d{1,4}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?(.*)$`)
	tableLine   = regexp.MustCompile(`^[ \t]*\|.*$`)
	dividerLine = regexp.MustCompile(`^[ \t]*\|?[ \t]*:?-{2,}:?[ \t]*(?:\|[ \t]*:?-*:?[ \t]*)*$`)
	quoteMarks  = regexp.MustCompile(`^ {0,3}(?:>[ \t]?)+`)
	alertMark   = regexp.MustCompile(`^\[!(?:NOTE|TIP|IMPORTANT|WARNING|CAUTION)\][ \t]*$`)
	fenceLine   = regexp.MustCompile("^[ \t]*(```+|~~~+)")
	gitbookTag  = regexp.MustCompile(`\{%[^%\n]*%\}`)
	blockTag    = regexp.MustCompile(`(?i)^[ \t]*</?(?:details|summary|div|p|table|thead|tbody|tr|br|hr|center|a|img|picture|source)\b[^>\n]*>[ \t]*$`)
)

// visible empties the lines, or their parts, that no reader sees.
func visible(lines []string) []string {
	end := 0
	if strings.TrimSpace(lines[0]) == "---" { // front matter
		for i := 1; i < len(lines) && i < 200; i++ {
			if s := strings.TrimSpace(lines[i]); s == "---" || s == "..." {
				end = i + 1
				break
			}
		}
	}
	commented := false
	for i, line := range lines {
		if i < end {
			lines[i] = ""
			continue
		}
		line, commented = uncommented(line, commented)
		if strings.Contains(line, "{%") {
			line = gitbookTag.ReplaceAllString(line, "")
		}
		if blockTag.MatchString(line) {
			line = ""
		}
		lines[i] = line
	}
	return lines
}

// uncommented leaves out what stands between <!-- and -->, over lines.
func uncommented(line string, inside bool) (string, bool) {
	if !inside && !strings.Contains(line, "<!--") {
		return line, false
	}
	var b strings.Builder
	for {
		if inside {
			_, after, closed := strings.Cut(line, "-->")
			if !closed {
				return b.String(), true
			}
			line, inside = after, false
		}
		before, after, opened := strings.Cut(line, "<!--")
		b.WriteString(before)
		if !opened {
			return b.String(), false
		}
		line, inside = after, true
	}
}

// blocker makes blocks of lines.
type blocker struct {
	blocks []Block
	open   Block
	fence  string
}

func (b *blocker) take(number int, line string) {
	if b.fence != "" {
		if strings.HasPrefix(strings.TrimSpace(line), b.fence) {
			b.fence = ""
			b.flush()
			return
		}
		b.add(Code, 0, number, line)
		return
	}
	line = strings.TrimRight(line, " \t")
	if m := fenceLine.FindStringSubmatch(line); m != nil {
		b.flush()
		b.fence = m[1]
		return
	}
	if quoted := quoteMarks.FindString(line); quoted != "" {
		line = line[len(quoted):]
	}
	switch {
	case strings.TrimSpace(line) == "" || alertMark.MatchString(line):
		b.flush()
	case b.underlined(line):
		b.flush()
	case headingLine.MatchString(line):
		m := headingLine.FindStringSubmatch(line)
		b.flush()
		b.add(Heading, len(m[1]), number, m[2])
		b.flush()
	case ruleLine.MatchString(line):
		b.flush()
		b.blocks = append(b.blocks, Block{Kind: Rule, Line: number})
	case dividerLine.MatchString(line) && strings.Contains(line, "|"):
		b.flush()
	case tableLine.MatchString(line):
		b.flush()
		b.row(number, line)
	case itemLine.MatchString(line):
		m := itemLine.FindStringSubmatch(line)
		b.flush()
		b.add(Item, len(strings.ReplaceAll(m[1], "\t", "    ")), number, m[2])
	default:
		b.add(b.open.Kind, b.open.Level, number, strings.TrimSpace(line))
	}
}

// underlined says whether a line makes the one before it a heading.
func (b *blocker) underlined(line string) bool {
	if b.open.Kind != Paragraph || len(b.open.parts) != 1 || !underline.MatchString(line) {
		return false
	}
	b.open.Kind, b.open.Level = Heading, 1
	if strings.Contains(line, "-") {
		b.open.Level = 2
	}
	return true
}

func (b *blocker) row(number int, line string) {
	inner := strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(line), "|"), "|")
	row := Block{Kind: Row, Line: number}
	for cell := range strings.SplitSeq(strings.ReplaceAll(inner, `\|`, "\x01"), "|") {
		row.Cells = append(row.Cells, strings.ReplaceAll(plain(cell), "\x01", "|"))
	}
	row.Text = strings.Join(row.Cells, " | ")
	row.parts = []part{{number, row.Text}}
	b.blocks = append(b.blocks, row)
}

func (b *blocker) add(k Kind, level, number int, text string) {
	if len(b.open.parts) == 0 {
		b.open = Block{Kind: k, Level: level, Line: number}
	}
	b.open.parts = append(b.open.parts, part{number, text})
}

func (b *blocker) flush() {
	open := b.open
	b.open = Block{}
	if len(open.parts) == 0 {
		return
	}
	all := make([]string, len(open.parts))
	for i, p := range open.parts {
		all[i] = p.text
	}
	if open.Kind == Code {
		open.Text = strings.TrimSpace(strings.Join(all, "\n"))
	} else {
		open.Text = plain(strings.Join(all, " "))
	}
	if open.Text != "" {
		b.blocks = append(b.blocks, open)
	}
}

var (
	imageMark  = regexp.MustCompile(`!\[([^\]]*)\]\([^)\s]*(?:\s+"[^"]*")?\)`)
	linkMark   = regexp.MustCompile(`\[([^\[\]]+)\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)`)
	autolink   = regexp.MustCompile(`<((?:https?://|mailto:)?[^<>\s]+[@.][^<>\s]+)>`)
	inlineTag  = regexp.MustCompile(`</?[a-zA-Z][a-zA-Z0-9]{0,15}(?:\s[^<>]*)?/?>`)
	boldMark   = regexp.MustCompile(`\*\*|__|~~`)
	slantMark  = regexp.MustCompile(`(^|[\s(\["'.,;:!?–—-])([*_])([^\s*_](?:[^*_]*[^\s*_])?)([*_])($|[\s)\]"'.,;:!?–—-])`)
	escapeMark = regexp.MustCompile("\\\\([\\\\`*_{}\\[\\]()#+.!|<>~-])")
)

// plain is a piece of Markdown as people read it, on one line.
func plain(s string) string {
	if strings.ContainsAny(s, "[<") {
		s = imageMark.ReplaceAllString(s, "$1")
		s = linkMark.ReplaceAllStringFunc(s, func(m string) string {
			sub := linkMark.FindStringSubmatch(m)
			return linked(sub[1], sub[2])
		})
		s = autolink.ReplaceAllString(s, "$1")
		s = inlineTag.ReplaceAllString(s, " ")
	}
	s = strings.ReplaceAll(boldMark.ReplaceAllString(s, ""), "`", "")
	s = slantMark.ReplaceAllString(s, "$1$3$5")
	s = html.UnescapeString(escapeMark.ReplaceAllString(s, "$1"))
	return strings.Join(strings.Fields(s), " ")
}

// linked is a link in words: its text, and the address behind it unless the text is the address.
func linked(text, address string) string {
	bare := strings.TrimPrefix(address, "mailto:")
	if strings.TrimSpace(text) == bare || strings.TrimSpace(text) == address {
		return bare
	}
	if strings.HasPrefix(address, "http://") || strings.HasPrefix(address, "https://") || strings.HasPrefix(address, "mailto:") {
		return text + " (" + bare + ")"
	}
	return text // a place on the same site, which moves with the copy
}
