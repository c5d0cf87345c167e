package policy

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
)

// drop is a clause of a document below that was taken away, and where that is said.
type drop struct {
	clause, file string
	at           place
}

// takeAway removes what a document drops from the nodes below it.
func (l *layers) takeAway(below *yaml.Node, doc *source) {
	for i, clause := range doc.head.Drop {
		clause = plain(clause)
		item := "drop." + doc.head.Drop[i]
		if _, named := doc.at[item]; !named { // a clause with dots in it is known by its number
			item = "drop." + strconv.Itoa(i+1)
		}
		if !remove(below, clause) {
			l.refuse(doc, item, fmt.Sprintf("there is no clause %s to drop in what this document stands on", shortened(clause, longestKey)))
			continue
		}
		l.taken = append(l.taken, drop{clause, doc.file, doc.at[item]})
	}
}

// remove takes a clause out of a tree, and whatever would be empty without it. It says whether the clause was there.
func remove(n *yaml.Node, clause string) bool {
	for i, key := range inside(n, clause) {
		rest := strings.TrimPrefix(clause[len(key):], ".")
		if rest != "" && !remove(n.Content[i], rest) {
			continue
		}
		if rest == "" || len(n.Content[i].Content) == 0 {
			from := i
			if n.Kind == yaml.MappingNode {
				from-- // with its key
			}
			n.Content = slices.Delete(n.Content, from, i+1)
		}
		return true
	}
	return false
}

// find is the node that a clause of a tree stands for, nil if there is none.
func find(n *yaml.Node, clause string) *yaml.Node {
	for i, key := range inside(n, clause) {
		rest := strings.TrimPrefix(clause[len(key):], ".")
		if rest == "" {
			return n.Content[i]
		}
		if found := find(n.Content[i], rest); found != nil {
			return found
		}
	}
	return nil
}

// inside goes over the values in a node with which a clause begins, by their index, and gives the part of the clause that
// each is called: an item may be called 0.15.x, so that it takes a look to know where its name ends.
func inside(n *yaml.Node, clause string) func(yield func(i int, key string) bool) {
	return func(yield func(i int, key string) bool) {
		for i := range n.Content {
			key := ""
			switch {
			case n.Kind == yaml.MappingNode && i%2 == 1:
				key = n.Content[i-1].Value
			case n.Kind == yaml.SequenceNode:
				if key = nameOf(n.Content[i]); key == "" {
					key = strconv.Itoa(i + 1)
				}
			}
			if key != "" && within(clause, key) && !yield(i, key) {
				return
			}
		}
	}
}

// explain says of problems that come from a dropped clause what the reader of the document can do about them.
func (l *layers) explain(r *reader) Problems {
	for i, p := range r.problems {
		for _, w := range r.words {
			if w.clause != p.Clause {
				continue
			}
			if d := slices.IndexFunc(l.taken, func(d drop) bool { return d.names(w) }); d >= 0 {
				gone := l.taken[d]
				r.problems[i] = Problem{File: gone.file, Line: gone.at.line, Column: gone.at.column, Clause: "drop",
					Says: fmt.Sprintf("%s is dropped, and %s (%s:%d) still names it: drop that too, or change it", gone.clause, p.Clause, p.File, p.Line)}
			}
		}
	}
	return r.problems
}

// lists are where what a word names is declared, by the word's tag "is" (see references).
var lists = map[string]string{"role": "roles", "track": "tracks", "kind": "kinds", "class": "severity.classes", "clock": "clocks",
	"check": "checks", "notice": "notices", "channel": "channels", "audience": "audiences", "field": "form.fields",
	"calendar": "calendars", "mark": "notices"}

var quoted = regexp.MustCompile(`"[^"]*"`)

// names says whether a word of a document means what was dropped.
func (d drop) names(w word) bool {
	name := func(text string) string { return text[strings.LastIndexByte(text, ':')+1:] } // of the notice in delivered:coming
	switch w.is {
	case "clause":
		return within(plain(w.text), d.clause)
	case "predicate":
		return slices.ContainsFunc(quoted.FindAllString(w.text, -1), func(text string) bool {
			text = name(strings.Trim(text, `"`))
			return slices.ContainsFunc([]string{"class", "track", "kind", "mark"}, func(is string) bool { return within(lists[is]+"."+text, d.clause) })
		})
	}
	list, ok := lists[w.is]
	return ok && within(list+"."+name(w.text), d.clause)
}
