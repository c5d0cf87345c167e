package advisory

import (
	"bytes"
	"cmp"
	"html/template"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"
)

// The four long texts of an advisory are Markdown. It goes to people's pages, to forges and into feeds, so each text has
// to stay in its section and has to be text: prose sees to that, and everything else here starts from what it returns.

var commonMark = goldmark.New(goldmark.WithExtensions(extension.Table, extension.Strikethrough, extension.Linkify))

// inert is what may remain of rendered Markdown: no image, since a page loads nothing from elsewhere; no id, no class.
var inert = func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "hr", "em", "strong", "del", "code", "pre", "blockquote", "ul", "ol", "li",
		"h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td")
	p.AllowAttrs("href").OnElements("a")
	p.AllowURLSchemes("http", "https", "mailto")
	p.RequireParseableURLs(true)
	p.RequireNoFollowOnLinks(true)
	return p
}()

// rendered makes HTML of a text.
func rendered(markdown string) template.HTML {
	var b bytes.Buffer
	if err := commonMark.Convert([]byte(prose(markdown)), &b); err != nil {
		return template.HTML(template.HTMLEscapeString(markdown)) // a bytes.Buffer does not fail
	}
	return template.HTML(strings.TrimSpace(inert.Sanitize(b.String())))
}

// prose returns the text such that it has no HTML, no heading above the third level, and no end that swallows what
// follows. A text that is so already comes back unchanged; one that cannot be mended is shown letter by letter.
func prose(s string) string {
	for range 4 {
		if bottomless.MatchString(s) {
			break
		}
		mended, sound := mend(s)
		if sound {
			return s
		}
		if mended == s {
			break
		}
		s = mended
	}
	lines := strings.Split(s, "\n")
	for i := range lines {
		lines[i] = literal(lines[i])
	}
	return strings.Join(lines, "\n")
}

// bottomless is a line within so many quotes and lists that parsing it costs more than any text is worth.
var bottomless = regexp.MustCompile(`(?m)^([ \t]*(>|[-+*]|[0-9]{1,9}[.)])){33}`)

// mend disarms what it finds; sound says that there was nothing to find.
func mend(s string) (mended string, sound bool) {
	source := []byte(s + "\n\n## what follows\n")
	doc := commonMark.Parser().Parse(text.NewReader(source))
	last, follows := doc.LastChild().(*ast.Heading)
	follows = follows && last.Level == 2 && last.Pos() >= len(s)
	insert := map[int]string{} // where → what
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Heading:
			if n.Level < 3 && n.Pos() < len(s) {
				demote(source, n, insert)
			}
		case *ast.HTMLBlock:
			spell(source, n.Lines(), insert)
			if n.HasClosure() {
				closing := text.NewSegments()
				closing.Append(n.ClosureLine)
				spell(source, closing, insert)
			}
		case *ast.RawHTML:
			spell(source, n.Segments, insert)
		}
		return ast.WalkContinue, nil
	})
	var b strings.Builder
	at := 0
	for _, where := range slices.Sorted(maps.Keys(insert)) {
		if where >= len(s) {
			break // an open block of HTML reaches into what follows
		}
		b.WriteString(s[at:where])
		b.WriteString(insert[where])
		at = where
	}
	b.WriteString(s[at:])
	return b.String(), follows && len(insert) == 0
}

// demote makes "## Title" a heading of the fourth level, and the line under an underlined one a line of text.
func demote(source []byte, n *ast.Heading, insert map[int]string) {
	if source[n.Pos()] == '#' {
		insert[n.Pos()] = "##"
		return
	}
	lines := n.Lines()
	if lines.Len() == 0 {
		return
	}
	end := lines.At(lines.Len() - 1).Stop
	if i := bytes.IndexAny(source[end:], "=-"); i >= 0 {
		insert[end+i] = `\`
	}
}

// spell makes text of tags.
func spell(source []byte, lines *text.Segments, insert map[int]string) {
	for _, segment := range lines.Sliced(0, lines.Len()) {
		for i := segment.Start; i < segment.Stop; i++ {
			if source[i] == '<' {
				insert[i] = `\`
			}
		}
	}
}

var (
	special = regexp.MustCompile("[\\\\`*_\\[\\]{}~&]|<[A-Za-z/!?]")
	opening = regexp.MustCompile(`^([-+#>=:|]|[0-9]{1,9}[.)](\s|$))`)
)

// literal writes one line so that Markdown shows it as it is.
func literal(s string) string {
	s = special.ReplaceAllString(strings.TrimSpace(s), `\$0`)
	if opening.MatchString(s) {
		mark := strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' })
		s = s[:mark] + `\` + s[mark:]
	}
	return s
}

// link writes a reference for Markdown; what is no address of the web is text.
func link(says, address string) string {
	to, ok := web(address)
	switch {
	case ok:
		return "[" + literal(cmp.Or(says, address)) + "](" + to + ")"
	case says == address || address == "":
		return literal(says)
	}
	return literal(says + ": " + address)
}
