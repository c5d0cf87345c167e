package policies_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/tipstaff/tipstaff/internal/policy"
	"github.com/tipstaff/tipstaff/policies"
)

// unwritten are the fields whose change may leave every written form as it was, with the reason.
var unwritten = map[string]string{
	"contacts.hide":       "it changes how mail addresses are written, and this document shows none",
	"sources.*.contacts.": "people whom the document does not know are named in no copy",
}

// TestEveryFieldIsWrittenSomewhere changes each value of each document of the gallery and sees that some written form changes:
// what a policy says can be read, and no sentence is written beside the field that it speaks of.
func TestEveryFieldIsWrittenSomewhere(t *testing.T) {
	names, err := fs.Glob(policies.Files, "*.yaml")
	if err != nil || len(names) < 4 {
		t.Fatalf("the gallery: %v %v", names, err)
	}
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			p := gallery(t, name)
			p.Version = 1 // or the digest of the text would be in each form
			m := mutation{t: t, p: p, people: map[string]string{}}
			for _, handle := range p.Handles() {
				m.people[handle] = "" // as the document calls them
			}
			m.before = m.rendered(nil)
			m.walk("", reflect.ValueOf(&p.Document).Elem(), "")
			if got := m.rendered(nil); !slices.EqualFunc(got, m.before, bytes.Equal) {
				t.Fatal("a change was not taken back")
			}
			if m.seen < 100 {
				t.Errorf("only %d changes were tried", m.seen)
			}
		})
	}
}

// gallery reads a document, with those that it stands on.
func gallery(t *testing.T, name string) *policy.Policy {
	t.Helper()
	text, err := policies.Files.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	p, err := policy.Read(name, text, policies.Files.ReadFile)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

type mutation struct {
	t      *testing.T
	p      *policy.Policy
	before [][]byte
	people map[string]string // everybody whom the document names is there
	seen   int
}

// order has the form first that says the most, since the first change is enough.
var order = func() []string {
	names := []string{"process"}
	for _, o := range policy.Outputs() {
		if o.Name != "process" {
			names = append(names, o.Name)
		}
	}
	return names
}()

// rendered are all forms, or as many as it takes to find one that differs.
func (m *mutation) rendered(until [][]byte) [][]byte {
	c := policy.Copy{People: m.people, Expires: time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)}
	var all [][]byte
	for i, name := range order {
		out, err := m.p.Render(name, c)
		if err != nil {
			m.t.Fatal(err)
		}
		all = append(all, out)
		if until != nil && !bytes.Equal(out, until[i]) {
			break
		}
	}
	return all
}

// sees wants a change at a clause to be seen.
func (m *mutation) sees(clause, change string) {
	m.seen++
	now := m.rendered(m.before)
	if last := len(now) - 1; !bytes.Equal(now[last], m.before[last]) {
		return
	}
	for pattern := range unwritten {
		if matchesClause(pattern, clause) {
			return
		}
	}
	m.t.Errorf("%s: %s, and no written form says so", clause, change)
}

// matchesClause compares part by part; * stands for any one, and a dot at the end for whatever follows.
func matchesClause(pattern, clause string) bool {
	p, c := strings.Split(pattern, "."), strings.Split(clause, ".")
	if p[len(p)-1] == "" && len(c) >= len(p) {
		p, c = p[:len(p)-1], c[:len(p)-1]
	}
	return slices.EqualFunc(p, c, func(a, b string) bool { return a == "*" || a == b })
}

// walk changes whatever stands at a clause, and everything within it, one after the other.
func (m *mutation) walk(clause string, v reflect.Value, tag reflect.StructTag) {
	set := func(now any, change string) {
		old := reflect.New(v.Type()).Elem()
		old.Set(v)
		v.Set(reflect.ValueOf(now).Convert(v.Type()))
		m.sees(clause, change)
		v.Set(old)
	}
	switch x := v.Interface().(type) {
	case policy.Duration:
		if !x.Zero() {
			x.Exact += time.Hour
			set(x, "an hour more")
		}
		return
	case *policy.Within:
		if x != nil {
			m.within(clause, x)
		}
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		switch {
		case v.IsNil():
		case v.Elem().Kind() == reflect.Float64:
			now := v.Elem().Float() - 0.1
			if now < 0 {
				now = 0.1
			}
			set(&now, "another number")
		default:
			m.walk(clause, v.Elem(), "")
			if strings.Contains(tag.Get("yaml"), "omitempty") {
				set(reflect.Zero(v.Type()).Interface(), "it is gone")
			}
		}
	case reflect.Struct:
		for _, f := range reflect.VisibleFields(v.Type()) {
			key, _, _ := strings.Cut(f.Tag.Get("yaml"), ",")
			m.walk(strings.TrimPrefix(clause+"."+key, "."), v.FieldByIndex(f.Index), f.Tag)
		}
	case reflect.Slice:
		for i := range v.Len() {
			m.walk(clause+"."+itemName(v.Index(i), i), v.Index(i), tag)
		}
		for i := range v.Len() {
			less := reflect.AppendSlice(reflect.MakeSlice(v.Type(), 0, v.Len()), v.Slice(0, i))
			if clause == "tracks" && v.Len() == 1 {
				continue // a document has a track
			}
			inner, old := clause, reflect.ValueOf(v.Interface())
			clause += "." + itemName(v.Index(i), i)
			v.Set(reflect.AppendSlice(less, v.Slice(i+1, v.Len())))
			m.sees(clause, "it is gone")
			v.Set(old)
			clause = inner
		}
	case reflect.Bool:
		set(!v.Bool(), "the opposite")
	case reflect.Int:
		if v.Int() > 0 {
			set(v.Int()+1, "one more")
		}
	case reflect.String:
		if v.String() != "" {
			if now := another(&m.p.Document, v.String(), tag); now != v.String() {
				set(now, fmt.Sprintf("%q became %q", v.String(), now))
			}
		}
	}
}

// within changes each of the times of a promise.
func (m *mutation) within(clause string, w *policy.Within) {
	if old := w.All; !old.Zero() {
		w.All.Exact += time.Hour
		m.sees(clause, "an hour more")
		w.All = old
	}
	for class, old := range w.ByClass {
		now := old
		now.Exact += time.Hour
		w.ByClass[class] = now
		m.sees(clause+"."+class, "an hour more")
		w.ByClass[class] = old
	}
	for class, old := range w.Event {
		w.Event[class] = "next_release"
		if old == "next_release" {
			w.Event[class] = "end_of_life"
		}
		m.sees(clause+"."+class, "another event")
		w.Event[class] = old
	}
}

func itemName(v reflect.Value, i int) string {
	if v.Kind() == reflect.Struct {
		for _, field := range []string{"Name", "Step"} {
			if f := v.FieldByName(field); f.IsValid() && f.String() != "" {
				return f.String()
			}
		}
	}
	return strconv.Itoa(i + 1)
}

// another is a different value that may stand in a field; the same if there is none.
func another(d *policy.Document, text string, tag reflect.StructTag) string {
	if enum := tag.Get("enum"); enum != "" {
		all := strings.Split(enum, ",")
		if len(all) == 1 && strings.Contains(tag.Get("yaml"), "omitempty") {
			return ""
		}
		return all[(slices.Index(all, text)+1)%len(all)]
	}
	switch is := tag.Get("is"); is {
	case "mark", "event":
		if text == "released" {
			return "disclosed"
		}
		return "released"
	case "predicate":
		return "!(" + text + ")"
	case "step":
		if text == "release" {
			return "disclose"
		}
		return "release"
	case "capability":
		if text == "note" {
			return "see"
		}
		return "note"
	case "section":
		if text == "scope" {
			return "exploit"
		}
		return "scope"
	case "rung":
		if text == "alarm" {
			return "nudge"
		}
		return "alarm"
	case "day":
		if text == "2031-01-31" {
			return "2032-01-31"
		}
		return "2031-01-31"
	case "zone":
		if text == "Asia/Tokyo" {
			return "UTC"
		}
		return "Asia/Tokyo"
	case "language":
		return text + "-x"
	case "url", "purl", "mail", "id", "name", "handle", "line", "clause", "lint", "prefix":
		return text + "9"
	case "role", "track", "kind", "class", "clock", "check", "notice", "channel", "audience", "field", "calendar":
		for _, other := range namesOf(d)[is] {
			if other != text {
				return other
			}
		}
		return text // there is no other
	}
	return text + " (changed)"
}

// namesOf are the names that references may choose among.
func namesOf(d *policy.Document) map[string][]string {
	all := map[string][]string{}
	for is, list := range map[string]any{"role": d.Roles, "track": d.Tracks, "kind": d.Kinds, "class": d.Severity.Classes, "clock": d.Clocks,
		"check": d.Checks, "notice": d.Notices, "channel": d.Channels, "audience": d.Audiences, "field": d.Form.Fields, "calendar": d.Calendars} {
		for v, i := reflect.ValueOf(list), 0; i < v.Len(); i++ {
			all[is] = append(all[is], v.Index(i).FieldByName("Name").String())
		}
	}
	return all
}
