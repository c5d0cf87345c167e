package web_test

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/net/html"
)

// bones are the parts of every page that was judged, by its template. A page is judged again if it has a part in a place where no
// judged page had one: another state of a case, another kind of reader, an empty table. Two hundred cases with the same parts in the
// same places are one page for a judge of colours, names and sizes; what long or hostile words do to a page, other tests say.
type bones struct {
	mu   sync.Mutex
	seen map[string]bool
}

// news says whether a page of a template has a part that none before had, and remembers its parts.
func (k *bones) news(t *testing.T, template, body string) bool {
	t.Helper()
	root, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	news, rank := false, ""
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		part := template + " " + partOf(n)
		for up, high := n.Parent, 0; up != nil && up.Type == html.ElementNode && high < 3; up, high = up.Parent, high+1 {
			part += " in " + partOf(up)
		}
		if len(n.Data) == 2 && n.Data[0] == 'h' && n.Data[1] >= '1' && n.Data[1] <= '6' { // a heading is what it is by the one before
			part += " after " + rank
			rank = n.Data
		}
		news = news || !k.seen[part]
		k.seen[part] = true
	}
	return news
}

// partOf is what a judge sees of an element besides its words: its tag, its classes, and what it says of itself to machines.
func partOf(n *html.Node) string {
	var says []string
	for _, a := range n.Attr {
		switch a.Key {
		case "class", "role", "type", "aria-current", "aria-invalid":
			says = append(says, a.Key+"="+a.Val)
		case "id", "href", "value", "datetime", "name", "for", "action", "lang", "d", "x", "y", "x1", "x2", "y1", "y2", "width", "height", "transform":
		default:
			says = append(says, a.Key)
		}
	}
	slices.Sort(says)
	return n.Data + "[" + strings.Join(says, ",") + "]"
}

func TestAPageWithAPartThatNoneBeforeHadIsJudged(t *testing.T) {
	k := bones{seen: map[string]bool{}}
	for _, c := range []struct {
		template, body string
		news           bool
	}{
		{"case", `<main><h1>One</h1><p>text</p></main>`, true},
		{"case", `<main><h1>Two</h1><p>other words</p><p>and more</p></main>`, false},
		{"case", `<main><h1>Two</h1><p class="late">other words</p></main>`, true},
		{"case", `<main><h1>Two</h1><section><p>words</p></section></main>`, true},
		{"case", `<main><h1>Two</h1><section><h2>Three</h2></section></main>`, true},
		{"case", `<main><section><h2>Three</h2></section></main>`, true}, // nothing before it
		{"case", `<main><h1>One</h1><input type="text" aria-invalid="true"></main>`, true},
		{"case", `<main><h1>One</h1><input type="text" aria-invalid="true" value="x"></main>`, false},
		{"inbox", `<main><h1>One</h1></main>`, true}, // of another template
	} {
		if got := k.news(t, c.template, c.body); got != c.news {
			t.Errorf("%s: %s is news: %v; want %v", c.template, c.body, got, c.news)
		}
	}
}
