package web

import (
	"bytes"
	"fmt"
	"unicode"
	"unicode/utf8"
)

// visible writes out what nobody would see in the text of a page, and what turns the words around it: control characters, and
// those that reorder what follows, so that "exe.gpj" reads as it is (CVE-2021-42574). It looks at text alone: nothing in a tag is
// changed, nor what somebody typed into a box, which holds it together anyway.
func visible(page []byte) []byte {
	if !bytes.ContainsFunc(page, unseen) {
		return page
	}
	out := make([]byte, 0, len(page)+256)
	for len(page) > 0 {
		n := bytes.IndexByte(page, '<')
		if n < 0 {
			n = len(page)
		}
		out = legible(out, page[:n])
		page = page[n:]
		n = tagEnd(page)
		out = append(out, page[:n]...)
		page = page[n:]
	}
	return out
}

// legible adds a text, with the names of what cannot be seen.
func legible(out, text []byte) []byte {
	for len(text) > 0 {
		r, n := utf8.DecodeRune(text)
		if unseen(r) {
			out = fmt.Appendf(out, `<span class="unseen">U+%04X</span>`, r)
		} else {
			out = append(out, text[:n]...)
		}
		text = text[n:]
	}
	return out
}

// unseen says whether a character is a control character or turns the direction of what follows it. Marks of direction, which
// Arabic and Hebrew are written with, are neither.
func unseen(r rune) bool {
	switch {
	case r == '\t' || r == '\n' || r == '\r':
		return false
	case r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069':
		return true
	}
	return unicode.IsControl(r)
}

// tagEnd is where a tag ends that begins a page's rest, with all it holds if that is not text of the page. Attributes are quoted
// and have their angles escaped by html/template, so the first one ends the tag.
func tagEnd(page []byte) int {
	n := bytes.IndexByte(page, '>') + 1
	if n == 0 {
		return len(page)
	}
	for _, raw := range []string{"textarea", "title", "script", "style", "option"} {
		rest, ok := bytes.CutPrefix(page, []byte("<"+raw))
		if !ok || len(rest) == 0 || rest[0] != '>' && rest[0] != ' ' {
			continue
		}
		if end := bytes.Index(page[n:], []byte("</"+raw)); end >= 0 {
			return n + end
		}
	}
	return n
}
