package policy

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
)

// What a document below lets others change.
const (
	mayLower = "lower"
	mayRaise = "raise"
	maySet   = "set"
)

// allowance is all that one document says about it.
type allowance struct {
	file  string
	rules []Inherit
	at    []place
}

// allow takes up the rules of a document that others stand on. They may tighten those of documents below, and not loosen them.
func (l *layers) allow(doc *source) {
	a := allowance{file: doc.file}
	for i, rule := range doc.head.Inherit {
		clause := "inherit." + strconv.Itoa(i+1)
		rule.Clause = plain(rule.Clause)
		if !possible(reflect.TypeFor[Document](), rule.Clause) {
			l.refuse(doc, clause+".clause", fmt.Sprintf("no document has a clause %s", shortened(rule.Clause, longestKey)))
		}
		for _, earlier := range l.allowed {
			if e, at, ok := earlier.rule(rule.Clause); ok && e.May != maySet && rule.May != e.May && rule.May != "nothing" {
				l.refuse(doc, clause+".may", fmt.Sprintf("%s:%d lets others %s", earlier.file, at.line, e.permits()), e.May, "nothing")
			}
		}
		a.rules, a.at = append(a.rules, rule), append(a.at, doc.at[clause])
	}
	if len(a.rules) > 0 {
		l.allowed = append(l.allowed, a)
	}
}

// permits says what a rule lets others do: "only lower clocks.response".
func (i Inherit) permits() string {
	says := "not change " + i.Clause
	if i.May == mayLower || i.May == mayRaise {
		says = "only " + i.May + " " + i.Clause
	}
	if i.Because != "" {
		says += ", because " + strings.TrimSuffix(strings.TrimSpace(i.Because), ".")
	}
	return says
}

// rule is the one that holds for a clause: that with the longest clause around it.
func (a allowance) rule(clause string) (rule Inherit, at place, ok bool) {
	for i, x := range a.rules {
		if within(clause, x.Clause) && (!ok || len(x.Clause) > len(rule.Clause)) {
			rule, at, ok = x, a.at[i], true
		}
	}
	return rule, at, ok
}

// possible says whether documents can have a clause, by their types: items of lists and classes may have any name.
func possible(t reflect.Type, clause string) bool {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if clause == "" {
		return true
	}
	key, rest, _ := strings.Cut(clause, ".")
	switch {
	case isMeasure(t), t == reflect.TypeFor[[]Line](): // whose names may have dots in them
		return true
	case t.Kind() == reflect.Slice:
		return possible(t.Elem(), rest)
	case t.Kind() == reflect.Struct:
		field, there := fieldOf(t, key)
		return there && possible(field.Type, rest)
	}
	return false
}

// isMeasure says whether a type reads itself: durations do.
func isMeasure(t reflect.Type) bool {
	return reflect.PointerTo(t).Implements(reflect.TypeFor[yaml.Unmarshaler]())
}

// heed compares what stood below with what stands now, and refuses what the rules of the documents below forbid:
//   - "nothing" forbids every difference, and items and keys that were not there;
//   - "lower" and "raise" let durations and numbers go one way, for each class, and never away. Words for people may differ.
//     What is asked for besides, such as one more requirement or a time for one more class, tightens and is allowed; a word
//     that narrows where something holds, such as tracks or unless, is not;
//   - to take something away, or to change any other value, the rule must be "set".
func (l *layers) heed(was, is *yaml.Node, doc *source) {
	if len(l.allowed) == 0 {
		return
	}
	h := heeding{layers: l, doc: doc}
	if classes := find(is, "severity.classes"); classes != nil {
		for _, c := range classes.Content {
			h.classes = append(h.classes, nameOf(c))
		}
	}
	h.compare("", was, is)
	h.gone(was, is)
	h.lifted(was, is)
}

// heeding is one comparison.
type heeding struct {
	*layers
	doc     *source
	classes []string // of the document as it is now
}

// difference is one value that is another one than below: it was, it is, or both.
type difference struct {
	clause  string
	was, is *yaml.Node
	at      *yaml.Node // where the document says so
	words   bool       // it is text for people
	item    bool       // it is an item of a list
}

func (h *heeding) compare(clause string, was, is *yaml.Node) {
	switch {
	case was.Kind == yaml.MappingNode && is.Kind == yaml.MappingNode:
		h.compareKeys(clause, was, is)
	case isNamed(was) && isNamed(is):
		h.compareItems(clause, was, is)
	case !same(was, is):
		key := clause[strings.LastIndexByte(clause, '.')+1:]
		h.weigh(difference{clause: clause, was: was, is: is, at: is, words: slices.Contains(wordKeys, key)})
	}
}

func (h *heeding) compareKeys(clause string, was, is *yaml.Node) {
	for key, value := range pairs(was) {
		if i := indexOf(is, key.Value); i >= 0 {
			h.compare(join(clause, key.Value), value, is.Content[i])
		} else {
			h.weigh(difference{clause: join(clause, key.Value), was: value, at: is, words: slices.Contains(wordKeys, key.Value)})
		}
	}
	for key, value := range pairs(is) {
		if indexOf(was, key.Value) >= 0 || clause == "" && (slices.Contains(itsOwn, key.Value) || slices.Contains(headKeys, key.Value)) {
			continue
		}
		h.weigh(difference{clause: join(clause, key.Value), is: value, at: key, words: slices.Contains(wordKeys, key.Value)})
	}
}

func (h *heeding) compareItems(clause string, was, is *yaml.Node) {
	at := func(list, item *yaml.Node) int {
		return slices.IndexFunc(list.Content, func(n *yaml.Node) bool { return identity(n) == identity(item) })
	}
	for _, item := range was.Content {
		if i := at(is, item); i >= 0 {
			h.compare(join(clause, nameOf(item)), item, is.Content[i])
		} else {
			h.weigh(difference{clause: join(clause, nameOf(item)), was: item, at: is, item: true})
		}
	}
	for _, item := range is.Content {
		if at(was, item) < 0 {
			h.weigh(difference{clause: join(clause, nameOf(item)), is: item, at: item, item: true})
		}
	}
}

// wordKeys hold text for people, which promises nothing by itself.
var wordKeys = []string{"title", "summary", "says", "because", "reason", "criteria", "also", "help", "intro", "where", "banner", "subject", "text"}

// same says whether two trees hold the same values.
func same(a, b *yaml.Node) bool {
	return a.Kind == b.Kind && a.Value == b.Value && (a.Kind != yaml.ScalarNode || a.ShortTag() == b.ShortTag()) &&
		slices.EqualFunc(a.Content, b.Content, same)
}
