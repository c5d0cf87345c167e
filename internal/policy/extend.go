package policy

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// A small document extends a whole one: `extends: default` says that all it does not say is said in default.yaml. What both
// say is merged: mappings by their keys, lists of named items by the names, and every other value is the extending one's.
// What is only in the document below can be dropped, and a list that is dropped can be written anew, in another order.
// Overlays are laid over the result in the same way.

// Inherit is what a document that stands on this one may do to a clause and to all in it: lower, raise or set it, or nothing.
// The rule with the longest clause counts; where none stands, a clause may be set. A rule binds the whole chain: whoever
// stands between may tighten it for those above, and not loosen it.
type Inherit struct {
	Clause  string `yaml:"clause"`
	May     string `yaml:"may" enum:"lower,raise,set,nothing"`
	Because string `yaml:"because,omitempty"` // the reason, in words
}

// deepestChain is how many documents may stand on one another, and mostOverlays how many lie over them.
const (
	deepestChain = 5
	mostOverlays = 10
)

// itsOwn are the keys that a document has for itself: who extends it has others, or none.
var itsOwn = []string{"policy", "title", "prefix", "website", "summary", "sources", "contacts", "products"}

// headKeys are the keys that say how documents stand on one another; they are no part of what is inherited.
var headKeys = []string{"overlay", "extends", "overlays", "drop", "inherit"}

// head is how a document stands to others, which is read before all else of it.
type head struct {
	Policy   string    `yaml:"policy,omitempty" is:"id"`
	Overlay  string    `yaml:"overlay,omitempty" is:"name"`
	Extends  string    `yaml:"extends,omitempty" is:"name"`
	Overlays []string  `yaml:"overlays,omitempty" is:"name"`
	Drop     []string  `yaml:"drop,omitempty"`
	Inherit  []Inherit `yaml:"inherit,omitempty"`
}

// layers lays documents over one another, node by node, so that each clause keeps the place where it was written.
type layers struct {
	own      string // the file of the document that is read
	from     Files
	files    map[*yaml.Node]string // of nodes from other files
	below    []string              // those files, in the order in which they were opened
	allowed  []allowance
	taken    []drop
	values   int // of all documents
	problems Problems
}

// source is one of the documents.
type source struct {
	file string
	root *yaml.Node
	head head
	at   map[string]place // of what is in its head
}

// whole gives the nodes of a document over all that it stands on; nil when there are problems.
func (l *layers) whole(text []byte, more []string) *yaml.Node {
	doc := l.parse(l.own, text)
	switch {
	case doc == nil:
		return nil
	case doc.head.Overlay != "":
		return l.overSmallest(doc, more)
	case doc.head.Extends == "" && len(doc.head.Overlays)+len(doc.head.Drop)+len(more) == 0:
		l.allow(doc)
		return doc.root // it stands alone, as most do
	}
	root := l.stack(doc, nil)
	l.allow(doc)
	for _, name := range more {
		if root != nil && !slices.Contains(doc.head.Overlays, name) {
			root = l.overlaid(root, doc, name, "")
		}
	}
	return root
}

// parse reads a document's text as far as its head.
func (l *layers) parse(file string, text []byte) *source {
	root, size, problems := parse(file, text)
	l.problems = append(l.problems, problems...)
	if l.values += size; len(problems) == 0 && l.values > mostValues {
		l.problem(file, place{}, "", fmt.Sprintf("with this file the document has more than %d values; a policy has fewer", mostValues))
	}
	if len(l.problems) > 0 {
		return nil
	}
	doc := &source{file: file, root: root, at: map[string]place{}}
	if root.Kind != yaml.MappingNode {
		if file != l.own {
			l.problem(file, place{}, "", "this is no policy document")
		}
		return doc
	}
	top := &yaml.Node{Kind: yaml.MappingNode}
	for key, value := range pairs(root) {
		if key.Value == "policy" || slices.Contains(headKeys, key.Value) {
			top.Content = append(top.Content, key, value)
		}
	}
	r := reader{policy: &Policy{file: file, places: doc.at}}
	r.read(top, "", reflect.ValueOf(&doc.head).Elem(), "")
	r.resolve()
	if doc.head.Policy != "" && doc.head.Overlay != "" {
		r.at("overlay", "a document is a policy or an overlay; this one says that it is both")
	}
	if l.problems = append(l.problems, r.problems...); len(l.problems) > 0 {
		return nil
	}
	return doc
}

// open reads another document, for the clause of the one that names it.
func (l *layers) open(name string, by *source, clause string) *source {
	file := name + ".yaml"
	if l.from == nil {
		l.refuse(by, clause, fmt.Sprintf("this document stands on %s, and is read where there is no other document", file))
		return nil
	}
	text, err := l.from(file)
	if err != nil {
		l.refuse(by, clause, fmt.Sprintf("there is no document %s to stand on: %v", file, err))
		return nil
	}
	if file == l.own { // as when somebody's default.yaml extends the gallery's
		file += " (below)"
	}
	if !slices.Contains(l.below, file) {
		l.below = append(l.below, file)
	}
	return l.parse(file, text)
}

// stack gives the nodes of a document over those of what it extends, with its overlays over both. The names are those of the
// documents through which it was come to.
func (l *layers) stack(doc *source, through []string) *yaml.Node {
	root := l.extended(doc, through)
	for _, name := range doc.head.Overlays {
		if root == nil || len(l.problems) > 0 {
			return nil
		}
		root = l.overlaid(root, doc, name, "overlays."+name)
	}
	return root
}

func (l *layers) extended(doc *source, through []string) *yaml.Node {
	name := doc.head.Extends
	switch {
	case len(doc.head.Overlays) > mostOverlays:
		return l.refuse(doc, "overlays", fmt.Sprintf("at most %d overlays may lie over a document", mostOverlays))
	case name == "" && len(doc.head.Drop) > 0:
		return l.refuse(doc, "drop", "there is nothing to drop: this document extends no other")
	case name == "":
		return l.copied(doc.root, doc.file)
	case slices.Contains(through, name):
		return l.refuse(doc, "extends", "the documents extend each other in a circle: "+circle(append(through, name)))
	case len(through) == deepestChain:
		return l.refuse(doc, "extends", fmt.Sprintf("at most %d documents may stand on one another", deepestChain))
	}
	base := l.open(name, doc, "extends")
	if base == nil {
		return nil
	}
	if base.head.Overlay != "" {
		return l.refuse(doc, "extends", fmt.Sprintf("%s is an overlay: write overlays: [%s]", base.file, name))
	}
	below := l.stack(base, append(slices.Clone(through), name))
	if below == nil {
		return nil
	}
	without(below, itsOwn)
	without(below, headKeys)
	l.allow(base)
	return l.lay(below, doc, l.copied(doc.root, doc.file))
}

// lay puts the nodes of a document over those below, which it may change, and refuses what it may not.
func (l *layers) lay(below *yaml.Node, doc *source, over *yaml.Node) *yaml.Node {
	was := below
	if len(l.allowed) > 0 {
		was = l.copied(below, "")
	}
	l.takeAway(below, doc)
	l.merge(below, over)
	l.heed(was, below, doc)
	if len(l.problems) > 0 {
		return nil
	}
	return below
}

// merge puts a node over another, and gives what stands there then. Both are copies.
func (l *layers) merge(below, over *yaml.Node) *yaml.Node {
	switch {
	case below.Kind == yaml.MappingNode && over.Kind == yaml.MappingNode:
		for key, value := range pairs(over) {
			i := indexOf(below, key.Value)
			if i < 0 {
				below.Content = append(below.Content, key, value)
			} else {
				below.Content[i-1], below.Content[i] = key, l.merge(below.Content[i], value)
			}
		}
	case isNamed(below) && isNamed(over):
		there := len(below.Content)
		met := map[int]bool{}
		for _, item := range over.Content {
			i := slices.IndexFunc(below.Content[:there], func(n *yaml.Node) bool { return identity(n) == identity(item) })
			if i < 0 || met[i] { // an item that is in the list twice stays so, and is refused for it
				below.Content = append(below.Content, item)
				continue
			}
			met[i] = true
			below.Content[i] = l.merge(below.Content[i], item)
		}
	default:
		return over
	}
	below.Line, below.Column = over.Line, over.Column
	if file, other := l.files[over]; other {
		l.files[below] = file
	} else {
		delete(l.files, below)
	}
	return below
}

// isNamed says whether a list has items that are known by their names.
func isNamed(n *yaml.Node) bool {
	return n.Kind == yaml.SequenceNode && !slices.ContainsFunc(n.Content, func(item *yaml.Node) bool {
		return item.Kind != yaml.MappingNode || nameOf(item) == ""
	})
}

// identity is by what an item is known among others: its name or, of a waiver, its lint and clause.
func identity(item *yaml.Node) string {
	id := nameOf(item)
	for key, value := range pairs(item) {
		if key.Value == "clause" {
			id += " " + value.Value
		}
	}
	return id
}

// copied is a tree without aliases that may be changed. The file is that of its nodes; of a copy of a copy each keeps its own.
func (l *layers) copied(n *yaml.Node, file string) *yaml.Node {
	node := *behind(n)
	node.Line, node.Column, node.Anchor = n.Line, n.Column, ""
	node.HeadComment, node.LineComment, node.FootComment = "", "", ""
	node.Content = make([]*yaml.Node, len(node.Content))
	for i, inner := range behind(n).Content {
		node.Content[i] = l.copied(inner, file)
	}
	if file == "" {
		file = l.fileOf(n)
	}
	if file != l.own {
		if l.files == nil {
			l.files = map[*yaml.Node]string{}
		}
		l.files[&node] = file
	}
	return &node
}

// without takes keys out of a mapping.
func without(n *yaml.Node, keys []string) {
	var kept []*yaml.Node
	for key, value := range pairs(n) {
		if !slices.Contains(keys, key.Value) {
			kept = append(kept, key, value)
		}
	}
	n.Content = kept
}

// circle writes the way from a document back to itself.
func circle(names []string) string {
	names = names[slices.Index(names, names[len(names)-1]):]
	steps := make([]string, len(names)-1)
	for i := range steps {
		steps[i] = names[i] + " extends " + names[i+1]
	}
	return strings.Join(steps, ", ")
}

// refuse notes a problem with what a document's head says, and gives no node.
func (l *layers) refuse(doc *source, clause, says string, allowed ...string) *yaml.Node {
	l.problem(doc.file, doc.at[clause], clause, says, allowed...)
	return nil
}

func (l *layers) problem(file string, at place, clause, says string, allowed ...string) {
	if len(l.problems) < mostProblems {
		l.problems = append(l.problems, Problem{File: file, Line: max(at.line, 1), Column: max(at.column, 1), Clause: clause, Says: says, Allowed: allowed})
	}
}

// fileOf is the file that a node stands in.
func (l *layers) fileOf(n *yaml.Node) string {
	if file, other := l.files[n]; other {
		return file
	}
	return l.own
}

// indexOf is where the value of a key is among the nodes of a mapping, -1 if it has no such key.
func indexOf(n *yaml.Node, key string) int {
	if n.Kind != yaml.MappingNode {
		return -1
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return i + 1
		}
	}
	return -1
}
