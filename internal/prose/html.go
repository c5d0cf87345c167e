package prose

import (
	"bytes"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// isHTML says whether a text is a page rather than Markdown with some tags in it.
func isHTML(text []byte) bool {
	head := bytes.ToLower(bytes.TrimSpace(text[:min(len(text), 1000)]))
	for _, begins := range []string{"<!doctype html", "<html", "<head", "<body", "<?xml"} {
		if bytes.HasPrefix(head, []byte(begins)) {
			return true
		}
	}
	return false
}

// unseen are elements whose text nobody reads as part of the page.
var unseen = map[atom.Atom]bool{atom.Script: true, atom.Style: true, atom.Title: true, atom.Nav: true, atom.Noscript: true,
	atom.Template: true, atom.Svg: true, atom.Button: true, atom.Select: true}

// inline are elements that do not end a block.
var inline = map[atom.Atom]bool{atom.A: true, atom.Abbr: true, atom.B: true, atom.Code: true, atom.Em: true, atom.I: true, atom.Kbd: true,
	atom.Mark: true, atom.S: true, atom.Small: true, atom.Span: true, atom.Strong: true, atom.Sub: true, atom.Sup: true, atom.U: true,
	atom.Time: true, atom.Img: true, atom.Wbr: true, atom.Del: true, atom.Ins: true, atom.Q: true, atom.Cite: true, atom.Font: true}

// page makes blocks of a page's elements.
type page struct {
	blocker
	line   int
	hidden int // how many unseen elements are open
	kind   Kind
	level  int
	words  []byte
	began  int // the line where words begin
	link   string
	at     int // where the link's text begins in words
	cells  []string
	inRow  bool
}

// htmlBlocks takes a page apart.
func htmlBlocks(text []byte) []Block {
	p := page{line: 1}
	z := html.NewTokenizer(bytes.NewReader(text))
	for {
		t := z.Next()
		if t == html.ErrorToken {
			break
		}
		lines := bytes.Count(z.Raw(), []byte("\n"))
		switch token := z.Token(); t {
		case html.TextToken:
			p.text(token.Data)
		case html.StartTagToken, html.SelfClosingTagToken:
			p.start(token, t == html.SelfClosingTagToken)
		case html.EndTagToken:
			p.end(token.DataAtom)
		}
		p.line += lines
	}
	p.close()
	return p.blocks
}

func (p *page) text(s string) {
	if p.hidden > 0 {
		return
	}
	if len(p.words) == 0 {
		trimmed := strings.TrimLeft(s, " \t\r\n")
		p.began = p.line + strings.Count(s[:len(s)-len(trimmed)], "\n")
		s = trimmed
	}
	p.words = append(p.words, s...)
}

func (p *page) start(t html.Token, closed bool) {
	if unseen[t.DataAtom] && !closed {
		p.hidden++
	}
	if p.hidden > 0 {
		return
	}
	switch a := t.DataAtom; {
	case a == atom.A:
		p.link, p.at = "", len(p.words)
		for _, attr := range t.Attr {
			if attr.Key == "href" {
				p.link = attr.Val
			}
		}
	case a == atom.Br:
		p.words = append(p.words, ' ')
	case a == atom.Td || a == atom.Th:
		p.words = p.words[:0]
	case a == atom.Tr:
		p.close()
		p.inRow, p.cells, p.began = true, nil, p.line
	case !inline[a] && !p.inRow:
		p.close()
		p.kind, p.level = kindOf(a)
		if a == atom.Hr {
			p.blocks = append(p.blocks, Block{Kind: Rule, Line: p.line})
		}
	}
}

// kindOf is what an element's text becomes.
func kindOf(a atom.Atom) (Kind, int) {
	switch a {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		return Heading, int(a.String()[1] - '0')
	case atom.Li, atom.Dd, atom.Dt:
		return Item, 0
	case atom.Pre:
		return Code, 0
	}
	return Paragraph, 0
}

func (p *page) end(a atom.Atom) {
	if unseen[a] && p.hidden > 0 {
		p.hidden--
		return
	}
	if p.hidden > 0 {
		return
	}
	switch {
	case a == atom.A && p.link != "":
		p.at = min(p.at, len(p.words))
		p.words = append(p.words[:p.at], linked(string(p.words[p.at:]), p.link)...)
		p.link = ""
	case a == atom.Td || a == atom.Th:
		p.cells = append(p.cells, strings.Join(strings.Fields(string(p.words)), " "))
		p.words = p.words[:0]
	case a == atom.Tr && p.inRow:
		if len(p.cells) > 0 {
			text := strings.Join(p.cells, " | ")
			p.blocks = append(p.blocks, Block{Kind: Row, Line: p.began, Text: text, Cells: p.cells, parts: []part{{p.began, text}}})
		}
		p.inRow = false
		p.words = p.words[:0]
	case !inline[a] && !p.inRow:
		p.close()
	}
}

// close ends the block that is open. A sign beside a heading that links to it is no text.
func (p *page) close() {
	text := strings.TrimSpace(string(p.words))
	if p.kind == Heading {
		text = strings.TrimSpace(strings.Trim(text, "#¶§🔗"))
	}
	if p.kind != Code {
		text = strings.Join(strings.Fields(text), " ")
	}
	if text != "" {
		p.blocks = append(p.blocks, Block{Kind: p.kind, Level: p.level, Line: p.began, Text: text, parts: []part{{p.began, text}}})
	}
	p.words = p.words[:0]
	p.kind, p.level = Paragraph, 0
}
