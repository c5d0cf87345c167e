package web

import (
	"bytes"
	"fmt"
	"html/template"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// lower is the heading that a heading becomes in a page that has a heading above it.
var lower = map[atom.Atom]atom.Atom{atom.H1: atom.H3, atom.H2: atom.H4, atom.H3: atom.H5, atom.H4: atom.H6, atom.H5: atom.H6}

// article takes the advisory out of the page that would be published, for a page of our own to show within its frame: all that
// strangers would read, but that headings stand two levels lower and ids are those of a preview.
func article(page []byte) (template.HTML, error) {
	root, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		return "", fmt.Errorf("read the page of an advisory: %w", err)
	}
	var found *html.Node
	for n := range root.Descendants() {
		if n.DataAtom == atom.Article {
			found = n
			break
		}
	}
	if found == nil {
		return "", fmt.Errorf("the page of an advisory has no article")
	}
	settle(found)
	for n := range found.Descendants() {
		if n.Type == html.ElementNode {
			settle(n)
		}
	}
	var b bytes.Buffer
	if err := html.Render(&b, found); err != nil {
		return "", fmt.Errorf("write the advisory into a page: %w", err)
	}
	return template.HTML(b.String()), nil // made by the format, which let nothing through but text
}

// settle fits one element into the page that holds it.
func settle(n *html.Node) {
	if to, ok := lower[n.DataAtom]; ok {
		n.DataAtom, n.Data = to, to.String()
	}
	for i := range n.Attr {
		a := &n.Attr[i]
		switch a.Key {
		case "id", "aria-labelledby":
			a.Val = "preview-" + a.Val
		case "href":
			if strings.HasPrefix(a.Val, "#") {
				a.Val = "#preview-" + a.Val[1:]
			}
		}
	}
}
