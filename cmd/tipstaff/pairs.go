package main

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// node is a value as it was written on the command line: itself, or its parts by name.
type node struct {
	texts []string
	parts map[string]*node
}

// fill makes pairs like "text.title=Overflow" and "patches.0.url=https://…" into a JSON document of the given type. A dot
// goes into an object or a list; the values of a list of texts stand between commas, or the pair is repeated.
func fill(t reflect.Type, pairs []string, text func(string) (string, error)) (any, error) {
	root := &node{}
	for _, pair := range pairs {
		path, written, found := strings.Cut(pair, "=")
		if !found {
			return nil, usage("%q is no FIELD=VALUE", pair)
		}
		value, err := text(written)
		if err != nil {
			return nil, err
		}
		n := root
		for name := range strings.SplitSeq(path, ".") {
			if n.parts == nil {
				n.parts = map[string]*node{}
			}
			if n.parts[name] == nil {
				n.parts[name] = &node{}
			}
			n = n.parts[name]
		}
		n.texts = append(n.texts, value)
	}
	return root.value(t, "")
}

// value is what a node means where a type belongs.
func (n *node) value(t reflect.Type, at string) (any, error) {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case t == reflect.TypeFor[time.Time]():
		return n.leaf(at, "an instant with its zone, such as 2026-12-01T16:00:00Z", func(s string) (any, error) { return time.Parse(time.RFC3339, s) })
	case t.Kind() == reflect.Struct:
		return n.object(t, at)
	case t.Kind() == reflect.Map:
		return n.each(at, func(string) (reflect.Type, error) { return t.Elem(), nil })
	case t.Kind() == reflect.Slice:
		return n.list(t, at)
	case t.Kind() == reflect.Bool:
		return n.leaf(at, "true or false", func(s string) (any, error) { return strconv.ParseBool(s) })
	case t.Kind() == reflect.String:
		return n.leaf(at, "a text", func(s string) (any, error) { return s, nil })
	case t.Kind() == reflect.Float64:
		return n.leaf(at, "a number", func(s string) (any, error) { return strconv.ParseFloat(s, 64) })
	}
	return n.leaf(at, "a whole number", func(s string) (any, error) { return strconv.ParseInt(s, 10, 64) })
}

func (n *node) leaf(at, what string, parse func(string) (any, error)) (any, error) {
	if len(n.parts) > 0 {
		return nil, usage("%s has no parts: it is %s", at, what)
	}
	if len(n.texts) > 1 {
		return nil, usage("%s is given twice", at)
	}
	v, err := parse(n.texts[0])
	if err != nil {
		return nil, usage("%s=%s: expected %s", at, n.texts[0], what)
	}
	return v, nil
}

func (n *node) object(t reflect.Type, at string) (any, error) {
	fields := fieldsOf(t)
	return n.each(at, func(name string) (reflect.Type, error) {
		i := slices.IndexFunc(fields, func(f reflect.StructField) bool { return jsonName(f) == name })
		if i >= 0 {
			return fields[i].Type, nil
		}
		var names []string
		for _, f := range fields {
			names = append(names, jsonName(f))
		}
		return nil, usage("there is no field %s; there are %s", join(at, name), strings.Join(names, ", "))
	})
}

func (n *node) each(at string, typeOf func(name string) (reflect.Type, error)) (any, error) {
	if len(n.texts) > 0 {
		return nil, usage("%s has parts: name them, %s.PART=VALUE", at, at)
	}
	out := map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(n.parts)) {
		t, err := typeOf(name)
		if err != nil {
			return nil, err
		}
		if out[name], err = n.parts[name].value(t, join(at, name)); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (n *node) list(t reflect.Type, at string) (any, error) {
	out := []any{}
	for i := range len(n.parts) {
		part := n.parts[strconv.Itoa(i)]
		if part == nil {
			return nil, usage("%s has %d parts, which must be numbered from 0", at, len(n.parts))
		}
		v, err := part.value(t.Elem(), join(at, strconv.Itoa(i)))
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	for _, text := range n.texts {
		for item := range strings.SplitSeq(text, ",") {
			v, err := (&node{texts: []string{strings.TrimSpace(item)}}).value(t.Elem(), at)
			if err != nil {
				return nil, err
			}
			out = append(out, v)
		}
	}
	return out, nil
}

// fieldsOf are the fields that a sender may give.
func fieldsOf(t reflect.Type) []reflect.StructField {
	var out []reflect.StructField
	for i := range t.NumField() {
		if f := t.Field(i); jsonName(f) != "-" && f.Tag.Get("readOnly") != "true" {
			out = append(out, f)
		}
	}
	return out
}

func jsonName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return name
}

func join(at, name string) string {
	if at == "" {
		return name
	}
	return at + "." + name
}

// describe lists the fields of a type for a help text.
func describe(t reflect.Type) string {
	var b strings.Builder
	for _, f := range fieldsOf(t) {
		fmt.Fprintf(&b, "  %s: %s\n", jsonName(f), words(f))
	}
	return b.String()
}

func words(f reflect.StructField) string {
	t := f.Type
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case f.Tag.Get("enum") != "":
		return strings.ReplaceAll(f.Tag.Get("enum"), ",", " | ")
	case t == reflect.TypeFor[time.Time]():
		return "instant, 2026-12-01T16:00:00Z"
	case t.Kind() == reflect.Bool:
		return "true | false"
	case t.Kind() == reflect.Struct, t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Struct:
		for t.Kind() == reflect.Slice {
			t = t.Elem()
		}
		var names []string
		for _, part := range fieldsOf(t) {
			names = append(names, jsonName(part))
		}
		dot := "."
		if f.Type.Kind() == reflect.Slice {
			dot = ".0."
		}
		return "its parts as " + jsonName(f) + dot + "PART: " + strings.Join(names, ", ")
	case t.Kind() == reflect.Slice:
		return "texts, between commas"
	case t.Kind() == reflect.Map:
		return "texts by name, as " + jsonName(f) + ".NAME"
	case t.Kind() == reflect.String:
		return "text"
	}
	return "number"
}
