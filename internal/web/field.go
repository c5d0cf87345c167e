package web

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// field is one value that a step takes, found in the type of what it takes: a form is made of these, and nothing has to be
// written for a step that is new.
type field struct {
	name string // as in the form: "evidence", "text.title", "says.release_at"
	kind reflect.Type
	enum []string
	must bool // the step asks for it, as its type and with that the API's schema says
}

var (
	instantType = reflect.TypeFor[time.Time]()
	patchesType = reflect.TypeFor[[]cvd.Patch]()
	linksType   = reflect.TypeFor[[]cvd.Link]()
	linesType   = reflect.TypeFor[[]string]()
	weightsType = reflect.TypeFor[map[string]int64]()
	handlesType = reflect.TypeFor[[]cvd.Handle]()
	partiesType = reflect.TypeFor[[]cvd.ActorID]()
	numbersType = reflect.TypeFor[[]int]()
)

// fieldsOf lists what a person may fill in of a step's input, in the order of the type.
func fieldsOf(t reflect.Type, prefix string) []field {
	var out []field
	for i := range t.NumField() {
		f := t.Field(i)
		name, omit, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case name == "-" || f.Tag.Get("readOnly") == "true" || f.Type == reflect.TypeFor[[]cvd.Attachment]():
		case f.Type.Kind() == reflect.Struct && f.Type != instantType:
			out = append(out, fieldsOf(f.Type, prefix+name+".")...)
		default:
			x := field{name: prefix + name, kind: f.Type, must: omit == ""}
			if enum := f.Tag.Get("enum"); enum != "" {
				x.enum = strings.Split(enum, ",")
			}
			out = append(out, x)
		}
	}
	return out
}

// yes is what a form says for true.
const yes = "yes"

// value makes of what was typed the value that the step takes, nil for nothing.
func (f field) value(typed url.Values) (any, *cvd.Error) {
	text := typed.Get(f.name)
	switch {
	case f.kind == linesType:
		if all := typed[f.name]; len(all) > 1 {
			return all, nil
		}
		return lines(text), nil
	case f.kind == partiesType:
		return typed[f.name], nil
	case f.kind == weightsType:
		all, err := weights(f.pointer(), text)
		return all, asError(err)
	case f.kind == handlesType:
		all, err := handles(f.pointer(), text)
		return all, asError(err)
	case f.kind == numbersType:
		return numbers(typed[f.name]), nil
	case f.kind == patchesType:
		return patches(text), nil
	case f.kind == linksType:
		return links(text), nil
	case strings.TrimSpace(text) == "":
		return nil, nil
	case f.kind == instantType:
		at, err := instantOf(f.pointer(), text, cmp.Or(typed.Get(f.name+".zone"), "UTC"))
		return at, asError(err)
	case f.kind.Kind() == reflect.Bool || f.kind.Kind() == reflect.Pointer:
		return text == yes, nil
	case f.kind.Kind() == reflect.Int || f.kind.Kind() == reflect.Int64:
		n, err := strconv.Atoi(strings.TrimSpace(text))
		if err != nil {
			return nil, cvd.Fieldf(f.pointer(), "write a number")
		}
		return n, nil
	}
	return text, nil
}

// typed writes a value as the form shows it: the opposite of value.
func (f field) typed(v any) []string {
	switch x := v.(type) {
	case time.Time:
		if x.IsZero() {
			return nil
		}
		return []string{x.UTC().Format(instantForm)}
	case bool:
		return []string{map[bool]string{true: yes, false: "no"}[x]}
	case []string:
		return []string{strings.Join(x, "\n")}
	case map[string]int64:
		return []string{weightsText(x)}
	case []cvd.Handle:
		return []string{handlesText(x)}
	case []cvd.Link:
		var out []string
		for _, l := range x {
			out = append(out, strings.TrimSpace(l.URL+" "+l.Says))
		}
		return []string{strings.Join(out, "\n")}
	case []cvd.Patch:
		var out []string
		for _, p := range x {
			out = append(out, strings.TrimSpace(p.URL+" "+p.SHA256+map[bool]string{true: " private"}[p.Private]))
		}
		return []string{strings.Join(out, "\n")}
	}
	return []string{fmt.Sprint(v)}
}

func (f field) pointer() string { return "/" + strings.ReplaceAll(f.name, ".", "/") }

// instantForm is how a browser writes an instant that somebody chose.
const instantForm = "2006-01-02T15:04"

// patches reads one patch per line: its address, the SHA-256 of the file, and whether the place is private.
func patches(text string) []cvd.Patch {
	var out []cvd.Patch
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		p := cvd.Patch{URL: words[0], Private: slices.Contains(words[1:], "private")}
		if len(words) > 1 && words[1] != "private" {
			p.SHA256 = words[1]
		}
		out = append(out, p)
	}
	return out
}

// links reads one link per line: the address, then what it says.
func links(text string) []cvd.Link {
	var out []cvd.Link
	for line := range strings.Lines(text) {
		if address, says, _ := strings.Cut(strings.TrimSpace(line), " "); address != "" {
			out = append(out, cvd.Link{URL: address, Says: strings.TrimSpace(says)})
		}
	}
	return out
}

// readStep makes of a form what a step takes: a value of the type of in.
func readStep(in any, fields []field, typed url.Values) (any, []*cvd.Error) {
	tree, errs := map[string]any{}, []*cvd.Error(nil)
	for _, f := range fields {
		v, err := f.value(typed)
		if err != nil {
			errs = append(errs, err)
		}
		if k := reflect.ValueOf(v).Kind(); v == nil || (k == reflect.Slice || k == reflect.Map) && reflect.ValueOf(v).Len() == 0 {
			continue
		}
		at := tree
		parts := strings.Split(f.name, ".")
		for _, p := range parts[:len(parts)-1] {
			if at[p] == nil {
				at[p] = map[string]any{}
			}
			at = at[p].(map[string]any)
		}
		at[parts[len(parts)-1]] = v
	}
	body, err := json.Marshal(tree)
	if err != nil {
		panic(err) // texts, numbers and instants always marshal
	}
	out := reflect.New(reflect.TypeOf(in))
	if err := json.Unmarshal(body, out.Interface()); err != nil {
		errs = append(errs, cvd.Errorf(cvd.Invalid, "the form does not fit this step: open it again"))
	}
	return out.Elem().Interface(), errs
}
