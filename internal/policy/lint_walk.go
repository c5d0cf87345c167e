package policy

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

// placed is a value of the document with its clause.
type placed[T any] struct {
	clause string
	is     T
}

// each calls visit for every value that is set in the document, in the order of its fields, with its clause and the tag of
// its field. Where visit says no, what lies inside is left out.
func (d *Document) each(visit func(clause string, v reflect.Value, tag reflect.StructTag) bool) {
	eachValue("", reflect.ValueOf(d).Elem(), "", visit)
}

func eachValue(clause string, v reflect.Value, tag reflect.StructTag, visit func(string, reflect.Value, reflect.StructTag) bool) {
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return
		}
		v = v.Elem()
	}
	if v.IsZero() || !visit(clause, v, tag) {
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			field := v.Type().Field(i)
			if key, _ := keyOf(field); key != "" && field.IsExported() {
				eachValue(join(clause, key), v.Field(i), field.Tag, visit)
			}
		}
	case reflect.Slice:
		seen := map[string]bool{}
		for i := range v.Len() {
			name := listed(v.Index(i), i)
			if seen[name] {
				name += "." + strconv.Itoa(i+1)
			}
			seen[name] = true
			eachValue(join(clause, name), v.Index(i), tag, visit)
		}
	}
}

// listed is what an item of a list is called in clauses, as nameOf reads it.
func listed(item reflect.Value, i int) string {
	if item.Kind() == reflect.String {
		if text := item.String(); text != "" && len(text) <= 60 && !strings.ContainsAny(text, " .") {
			return text
		}
	}
	if name := itemName(item, i); name != "" {
		return name
	}
	return strconv.Itoa(i + 1)
}

// durations are all lengths of time that the document holds.
func (p *Policy) durations() (all []placed[Duration]) {
	p.Document.each(func(clause string, v reflect.Value, _ reflect.StructTag) bool {
		switch is := v.Interface().(type) {
		case Duration:
			all = append(all, placed[Duration]{clause, is})
			return false
		case Within:
			all = append(all, is.durations(clause)...)
			return false
		}
		return true
	})
	return all
}

// durations are the times of a promise, each with its clause.
func (w *Within) durations(clause string) (all []placed[Duration]) {
	if !w.All.Zero() {
		all = append(all, placed[Duration]{clause, w.All})
	}
	for _, class := range sortedClasses(w.ByClass) {
		all = append(all, placed[Duration]{clause + "." + class, w.ByClass[class]})
	}
	return all
}

// proseKeys are the keys under which a document holds sentences for people. Those of notices are templates of their own, and
// the reasons of waivers are read by whoever edits the document.
var proseKeys = map[string]bool{"summary": true, "says": true, "criteria": true, "reason": true, "because": true, "also": true, "intro": true,
	"help": true, "safe_harbour": true, "cve": true, "where": true, "checklist": true, "does": true}

// sentences are all words of the document that are written for people, as their author wrote them.
func (p *Policy) sentences() (all []placed[string]) {
	p.EachProse(func(clause, written string) {
		outer, key, _ := cutLast(clause)
		_, list, _ := cutLast(outer)
		if (proseKeys[key] || proseKeys[list]) && !within(clause, "waivers") && !within(clause, "inherit") {
			all = append(all, placed[string]{clause, written})
		}
	})
	return all
}

// at is the value that a clause of the document holds; it is not valid if there is none.
func (p *Policy) at(clause string) (found reflect.Value) {
	clause = plain(clause)
	p.Document.each(func(here string, v reflect.Value, _ reflect.StructTag) bool {
		if here == clause {
			found = v
		}
		return within(clause, here) || here == ""
	})
	return found
}

// timesAt are the times that a clause promises: one, or one for each class.
func (p *Policy) timesAt(clause string) (*Within, error) {
	if v := p.at(clause); v.IsValid() {
		switch is := v.Interface().(type) {
		case Duration:
			return &Within{All: is}, nil
		case Within:
			return &is, nil
		}
		return nil, fmt.Errorf("%s is no time", clause)
	}
	outer, class, _ := cutLast(clause)
	if v := p.at(outer); v.IsValid() {
		if is, ok := v.Interface().(Within); ok && !is.ByClass[class].Zero() {
			return &Within{All: is.ByClass[class]}, nil
		}
	}
	return nil, fmt.Errorf("%s is no time", clause)
}

func cutLast(clause string) (outer, name string, found bool) {
	i := strings.LastIndexByte(clause, '.')
	if i < 0 {
		return "", clause, false
	}
	return clause[:i], clause[i+1:], true
}
