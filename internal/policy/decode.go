package policy

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
)

// reader fills a Document from nodes. The YAML library could do that too, but it would neither say what else might stand in
// a place nor remember where each clause stood, and a policy's author needs both.
type reader struct {
	policy   *Policy
	files    map[*yaml.Node]string // of nodes that stand in another file than the document itself
	problems Problems
	words    []word
	values   int // seen so far, aliases followed

	fields map[reflect.Type]map[string]reflect.StructField // of types that were met, by key
}

// mostProblems is how many are told at once; whoever has more begins with these.
const mostProblems = 100

// word is a word of the document that refers to something or declares it, to be looked at when all is read.
type word struct {
	is, text, clause string
	at               *yaml.Node
}

// document reads the whole.
func (r *reader) document(root *yaml.Node) {
	if root.Kind != yaml.MappingNode {
		r.problem(root, "", "a policy is a mapping that begins with the line policy: ID", nil)
		return
	}
	r.read(root, "", reflect.ValueOf(&r.policy.Document).Elem(), "")
}

func (r *reader) problem(at *yaml.Node, clause, says string, allowed []string) {
	r.add(Problem{File: r.file(at), Line: max(at.Line, 1), Column: max(at.Column, 1), Clause: clause, Says: says, Allowed: allowed})
}

func (r *reader) add(p Problem) {
	if len(r.problems) < mostProblems {
		r.problems = append(r.problems, p)
	}
}

// file is the name of the file that a node stands in.
func (r *reader) file(n *yaml.Node) string {
	if other, is := r.files[n]; is {
		return other
	}
	return r.policy.file
}

// read puts a node into a value of the document. The tag is that of the field it belongs to.
func (r *reader) read(n *yaml.Node, clause string, into reflect.Value, tag reflect.StructTag) {
	if r.values++; r.values > mostValues {
		if r.values == mostValues+1 {
			r.problem(n, clause, fmt.Sprintf("the document has more than %d values; its aliases repeat too much", mostValues), nil)
		}
		return
	}
	n = behind(n)
	if n == nil {
		return
	}
	if own, ok := into.Addr().Interface().(yaml.Unmarshaler); ok {
		r.readOwn(n, clause, own)
		return
	}
	if n.ShortTag() == "!!null" {
		r.problem(n, clause, "nothing stands here: write a value or leave the line out", nil)
		return
	}
	switch into.Kind() {
	case reflect.Pointer:
		into.Set(reflect.New(into.Type().Elem()))
		r.read(n, clause, into.Elem(), tag)
	case reflect.Struct:
		r.readStruct(n, clause, into)
	case reflect.Slice:
		r.readList(n, clause, into, tag)
	default:
		r.readScalar(n, clause, into, tag)
	}
}

// behind is the node that an alias stands for.
func behind(n *yaml.Node) *yaml.Node {
	for range 100 { // an alias of an alias is rare; one of itself is no document
		if n == nil || n.Kind != yaml.AliasNode {
			return n
		}
		n = n.Alias
	}
	return nil
}

// misread is an error of a value that reads itself, with the node it is about.
type misread struct {
	at      *yaml.Node
	says    string
	allowed []string
}

func (m *misread) Error() string { return m.says }

// readOwn reads durations, which know their own form.
func (r *reader) readOwn(n *yaml.Node, clause string, into yaml.Unmarshaler) {
	err := into.UnmarshalYAML(n)
	if m, ok := errors.AsType[*misread](err); ok {
		r.problem(m.at, clause, m.says, m.allowed)
	} else if err != nil {
		r.problem(n, clause, err.Error(), nil)
	}
	if _, byClass := into.(*Within); !byClass || n.Kind != yaml.MappingNode {
		return
	}
	for key, value := range pairs(n) {
		r.place(clause+"."+key.Value, key)
		r.words = append(r.words, word{"class", key.Value, clause + "." + key.Value, key})
		if event := behind(value); event != nil && event.Kind == yaml.MappingNode && len(event.Content) == 2 {
			r.words = append(r.words, word{"event", event.Content[1].Value, clause + "." + key.Value + ".event", event.Content[1]})
		}
	}
}

// pairs are the keys of a mapping with their values.
func pairs(n *yaml.Node) func(yield func(key, value *yaml.Node) bool) {
	return func(yield func(key, value *yaml.Node) bool) {
		for i := 0; i+1 < len(n.Content); i += 2 {
			if !yield(n.Content[i], n.Content[i+1]) {
				return
			}
		}
	}
}

func (r *reader) readStruct(n *yaml.Node, clause string, into reflect.Value) {
	if n.Kind != yaml.MappingNode {
		r.problem(n, clause, what(n)+" stands where a mapping belongs", keysOf(into.Type()))
		return
	}
	seen, fields := map[string]bool{}, r.fieldsOf(into.Type())
	for key, value := range pairs(n) {
		field, known := fields[key.Value]
		inner := join(clause, key.Value)
		switch {
		case !known:
			r.problem(key, inner, fmt.Sprintf("there is no key %q here", key.Value), keysOf(into.Type()))
		default:
			r.place(inner, key)
			r.read(value, inner, into.FieldByIndex(field.Index), field.Tag)
		}
		seen[key.Value] = true
	}
	for i := range into.NumField() {
		if key, optional := keyOf(into.Type().Field(i)); !optional && !seen[key] {
			r.problem(n, clause, fmt.Sprintf("the key %q is missing", key), nil)
		}
	}
}

// fieldsOf are the fields of a type by their keys; a document has many values of each type.
func (r *reader) fieldsOf(t reflect.Type) map[string]reflect.StructField {
	if fields, met := r.fields[t]; met {
		return fields
	}
	fields := map[string]reflect.StructField{}
	for _, f := range reflect.VisibleFields(t) {
		key, _ := keyOf(f)
		fields[key] = f
	}
	if r.fields == nil {
		r.fields = map[reflect.Type]map[string]reflect.StructField{}
	}
	r.fields[t] = fields
	return fields
}

// readList reads a list; its items get clauses of their names, or of their numbers from 1 where they have none.
func (r *reader) readList(n *yaml.Node, clause string, into reflect.Value, tag reflect.StructTag) {
	if n.Kind != yaml.SequenceNode {
		r.problem(n, clause, what(n)+" stands where a list belongs; put it in brackets", nil)
		return
	}
	if len(n.Content) == 0 {
		r.problem(n, clause, "the list is empty: write an item or leave the line out", nil)
	}
	for i, item := range n.Content {
		name := nameOf(behind(item))
		if name == "" {
			name = strconv.Itoa(i + 1)
		}
		inner := join(clause, name)
		if _, twice := r.policy.places[inner]; twice {
			if tag.Get("twice") != "" { // several waivers may speak of the same lint
				inner = join(inner, strconv.Itoa(i+1))
			} else {
				r.problem(item, inner, fmt.Sprintf("%q is in this list twice", name), nil)
			}
		}
		r.place(inner, item)
		value := reflect.New(into.Type().Elem()).Elem()
		r.read(item, inner, value, tag)
		into.Set(reflect.Append(into, value))
	}
}

// nameOf is what an item of a list is called: its own text, or the text under the first of its keys that names things.
func nameOf(n *yaml.Node) string {
	if n == nil || n.Kind == yaml.ScalarNode {
		if n == nil || len(n.Value) > longestKey || strings.ContainsAny(n.Value, " .") {
			return ""
		}
		return n.Value
	}
	for _, naming := range []string{"name", "step", "lint"} {
		for key, value := range pairs(n) {
			if value = behind(value); key.Value == naming && value != nil && value.Kind == yaml.ScalarNode && len(value.Value) <= longestKey {
				return value.Value
			}
		}
	}
	return ""
}

func (r *reader) readScalar(n *yaml.Node, clause string, into reflect.Value, tag reflect.StructTag) {
	wrong := func(wanted string) {
		r.problem(n, clause, what(n)+" stands where "+wanted+" belongs", nil)
	}
	if n.Kind != yaml.ScalarNode {
		wrong("one value")
		return
	}
	switch into.Kind() {
	case reflect.String:
		if n.ShortTag() != "!!str" && (n.ShortTag() != "!!timestamp" || tag.Get("is") != "day") { // a day needs no quotes
			wrong("text (put it in quotes if it is one)")
			return
		}
		if strings.TrimSpace(n.Value) == "" {
			r.problem(n, clause, "the text is empty", nil)
		}
		into.SetString(n.Value)
		r.wordIn(n, clause, tag)
	case reflect.Bool:
		if n.ShortTag() != "!!bool" {
			r.problem(n, clause, what(n)+" stands where a claim belongs", []string{"true", "false"})
			return
		}
		into.SetBool(strings.EqualFold(n.Value, "true"))
	case reflect.Int:
		i, err := strconv.Atoi(n.Value)
		if n.ShortTag() != "!!int" || err != nil || i < 0 || i > largestNumber {
			wrong(fmt.Sprintf("a number that is whole, not negative and at most %d", largestNumber))
			return
		}
		into.SetInt(int64(i))
	case reflect.Float64:
		f, err := strconv.ParseFloat(n.Value, 64)
		if tag := n.ShortTag(); tag != "!!float" && tag != "!!int" || err != nil {
			wrong("a number")
			return
		}
		into.SetFloat(f)
	}
}

// wordIn keeps a word for resolve, or compares it with the few that may stand there.
func (r *reader) wordIn(n *yaml.Node, clause string, tag reflect.StructTag) {
	if is := tag.Get("is"); is != "" {
		r.words = append(r.words, word{is, n.Value, clause, n})
	}
	if enum := tag.Get("enum"); enum != "" {
		if allowed := strings.Split(enum, ","); !slices.Contains(allowed, n.Value) {
			r.problem(n, clause, fmt.Sprintf("%q may not stand here", n.Value), allowed)
		}
	}
}

func (r *reader) place(clause string, n *yaml.Node) {
	if _, there := r.policy.places[clause]; !there {
		r.policy.places[clause] = place{n.Line, n.Column, r.file(n)}
	}
}

func join(clause, key string) string {
	if clause == "" {
		return key
	}
	return clause + "." + key
}

// what names the kind of a node for people.
func what(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	}
	switch n.ShortTag() {
	case "!!null":
		return "nothing"
	case "!!bool", "!!int", "!!float":
		return "the " + map[string]string{"!!bool": "claim", "!!int": "number", "!!float": "number"}[n.ShortTag()] + " " + shortened(n.Value, longestKey)
	}
	return fmt.Sprintf("%q", shortened(n.Value, longestKey))
}

// keyOf is the yaml key of a field, and whether it may be left out.
func keyOf(f reflect.StructField) (key string, optional bool) {
	key, rest, _ := strings.Cut(f.Tag.Get("yaml"), ",")
	return key, rest == "omitempty"
}

// fieldOf is the field of a type that has a key.
func fieldOf(t reflect.Type, key string) (reflect.StructField, bool) {
	for i := range t.NumField() {
		f := t.Field(i)
		if k, _ := keyOf(f); k == key {
			return f, true
		}
	}
	return reflect.StructField{}, false
}

func keysOf(t reflect.Type) []string {
	var keys []string
	for _, f := range reflect.VisibleFields(t) {
		key, _ := keyOf(f)
		keys = append(keys, key)
	}
	return keys
}
