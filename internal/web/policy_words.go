package web

import (
	"fmt"
	"html/template"
	"regexp"
	"strings"
)

// The anchors of clauses are the program's own, and everything else in a written policy is foreign: they pass the strainer
// as letters that no text has, and are anchors again behind it.
const (
	anchorBegins = "\uE000"
	anchorEnds   = "\uE001"
)

var (
	writtenAnchor  = regexp.MustCompile(`<a id="([^"<>\s]+)"></a>`)
	strainedAnchor = regexp.MustCompile(anchorBegins + "([0-9]+)" + anchorEnds)
	headingAnchor  = regexp.MustCompile(`(<h[2-4]) id="[a-z0-9-]+"`)
	noAnchors      = strings.NewReplacer(anchorBegins, "", anchorEnds, "")
)

// anchored makes HTML of a policy that is told clause by clause. Each clause of the document has its anchor: one that is told
// within another has it at that one's.
func anchored(markdown []byte, all []string) (template.HTML, error) {
	known := map[string]int{}
	for i, name := range all {
		known[name] = i
	}
	told := map[string]bool{}
	text := writtenAnchor.ReplaceAllStringFunc(noAnchors.Replace(string(markdown)), func(a string) string {
		name := writtenAnchor.FindStringSubmatch(a)[1]
		i, there := known[name]
		if !there || told[name] {
			return ""
		}
		told[name] = true
		return fmt.Sprint(anchorBegins, i, anchorEnds)
	})
	at := map[string][]string{}
	for _, name := range all {
		around := name
		for around != "" && !told[around] {
			around = around[:max(strings.LastIndexByte(around, '.'), 0)]
		}
		at[around] = append(at[around], name)
	}
	strained, err := document([]byte(text))
	if err != nil {
		return "", err
	}
	body := headingAnchor.ReplaceAllString(string(strained), "$1") // a heading's own could be that of a clause
	body = strainedAnchor.ReplaceAllStringFunc(body, func(m string) string {
		var i int
		if _, err := fmt.Sscanf(m, anchorBegins+"%d"+anchorEnds, &i); err != nil || i >= len(all) {
			return ""
		}
		return anchors(at[all[i]])
	})
	return template.HTML(anchors(at[""]) + body), nil
}

// anchors are the targets of links to clauses.
func anchors(names []string) string {
	var b strings.Builder
	for _, name := range names {
		fmt.Fprintf(&b, `<a id="%s"></a>`, template.HTMLEscapeString(name))
	}
	return b.String()
}

// apart takes from the headings of a text the ids that are those of clauses: one page has each id once.
func apart(body template.HTML, all []string) template.HTML {
	pairs := make([]string, 0, 2*len(all))
	for _, name := range all {
		pairs = append(pairs, ` id="`+name+`"`, "")
	}
	return template.HTML(strings.NewReplacer(pairs...).Replace(string(body)))
}
