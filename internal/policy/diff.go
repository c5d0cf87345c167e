package policy

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// Change is one difference in meaning between two policies: what a clause said and what it says now, in the words of the
// documents' own titles.
type Change struct {
	Clause   string // "clocks.response.within.high"
	Title    string // "First response, High"
	Kind     ChangeKind
	Effect   Effect
	Was, Now string // empty where there was nothing, or is nothing any more
	Prose    bool   // both are sentences, to be compared word by word
}

// ChangeKind says how a clause changed.
type ChangeKind string

// The kinds of change.
const (
	Added   ChangeKind = "added"
	Removed ChangeKind = "removed"
	Changed ChangeKind = "changed"
	Moved   ChangeKind = "moved" // the same items in another order
)

// String is the change in one line: "First response, High: 48 hours → 72 hours".
func (c Change) String() string {
	switch {
	case c.Kind == Changed && c.Prose:
		return c.Title + ": " + wordsChanged(c.Was, c.Now)
	case c.Kind == Changed:
		return c.Title + ": " + c.Was + " → " + c.Now
	case c.Kind == Moved:
		return c.Title + ": in another order: " + c.Was + " → " + c.Now
	}
	says := c.Title + ": " + string(c.Kind)
	if what := c.Was + c.Now; what != "" {
		says += ": " + what
	}
	return says
}

// Diff is how the meaning of a policy changed, in the order of the document. What only looks different (comments, spaces, the
// order of keys) is no change. A field that is added to Document needs nothing here, except a line in effects if it
// makes the process stricter or looser.
func Diff(old, now *Policy) []Change {
	d := differ{classes: map[string]string{}}
	for _, p := range []*Policy{now, old} {
		for _, class := range p.Document.Severity.Classes {
			if d.classes[class.Name] == "" {
				d.classes[class.Name] = class.Title
				d.order = append(d.order, class.Name)
			}
		}
	}
	d.fields(spot{}, reflect.ValueOf(*old.asWritten()), reflect.ValueOf(*now.asWritten()))
	return d.all
}

// differ walks two documents at once.
type differ struct {
	all     []Change
	classes map[string]string // titles of severities, for tables of times
	order   []string
}

// spot is a place in both documents: its clause, and the titles of all that it lies in.
type spot struct {
	clause string
	titles []string
}

func (s spot) title() string { return strings.Join(s.titles, ", ") }

// inner is a place within this one; without a title it is called as this one is.
func (s spot) inner(key, title string) spot {
	titles := slices.Clone(s.titles)
	if title != "" {
		titles = append(titles, title)
	}
	return spot{join(s.clause, key), titles}
}

func (d *differ) add(at spot, kind ChangeKind, was, now string, prose bool) {
	d.all = append(d.all, Change{Clause: at.clause, Title: upper(at.title()), Kind: kind, Was: was, Now: now, Prose: prose, Effect: effectOf(at.clause, kind, 0)})
}

// fields compares two structures.
func (d *differ) fields(at spot, old, now reflect.Value) {
	for _, f := range reflect.VisibleFields(now.Type()) {
		key, _ := keyOf(f)
		if key == "" || key == "-" || !f.IsExported() || len(f.Index) > 1 {
			continue
		}
		label := strings.ReplaceAll(key, "_", " ")
		if matches("clocks.*.within", join(at.clause, key)) || isItems(f.Type) { // what is promised is what one means by a clock; items say what they are
			label = ""
		}
		d.value(at.inner(key, label), key, old.FieldByIndex(f.Index), now.FieldByIndex(f.Index))
	}
}

// value compares whatever stands in one place. The key is that of the field it stands in.
func (d *differ) value(at spot, key string, old, now reflect.Value) {
	if reflect.DeepEqual(old.Interface(), now.Interface()) {
		return
	}
	switch was := old.Interface().(type) {
	case Duration:
		d.duration(at, was, now.Interface().(Duration))
		return
	case *Within:
		d.within(at, was, now.Interface().(*Within))
		return
	}
	switch now.Kind() {
	case reflect.Pointer:
		switch {
		case now.Type().Elem().Kind() != reflect.Struct:
			d.leaf(at, old, now)
		case old.IsNil():
			d.add(at, Added, "", brief(now.Elem()), false)
		case now.IsNil():
			d.add(at, Removed, brief(old.Elem()), "", false)
		default:
			d.fields(at, old.Elem(), now.Elem())
		}
	case reflect.Struct:
		d.fields(at, old, now)
	case reflect.Slice:
		if isItems(now.Type()) {
			d.items(at, key, old, now)
		} else {
			d.list(at, old, now)
		}
	default:
		d.leaf(at, old, now)
	}
}

// leaf compares two values that have no parts.
func (d *differ) leaf(at spot, old, now reflect.Value) {
	was, is := wordsFor(old), wordsFor(now)
	kind := Changed
	switch {
	case was == is: // such as a space at the end of a sentence
		return
	case was == "":
		kind = Added
	case is == "":
		kind = Removed
	}
	d.add(at, kind, was, is, isProse(was) || isProse(is))
	if kind == Changed {
		d.all[len(d.all)-1].Effect = effectOf(at.clause, kind, size(now)-size(old))
	}
}

func (d *differ) duration(at spot, was, now Duration) {
	c := Change{Clause: at.clause, Title: upper(at.title()), Kind: Changed}
	switch {
	case was.Zero():
		c.Kind, c.Now = Added, now.Words()
	case now.Zero():
		c.Kind, c.Was = Removed, was.Words()
	default:
		c.Was, c.Now = was.Words(), now.Words()
	}
	c.Effect = effectOf(at.clause, c.Kind, float64(now.Approx()-was.Approx()))
	d.all = append(d.all, c)
}

// within compares two times that may depend on the severity: each severity for itself if either does.
func (d *differ) within(at spot, was, now *Within) {
	if was == nil {
		was = &Within{}
	}
	if now == nil {
		now = &Within{}
	}
	if !was.byClass() && !now.byClass() {
		d.duration(at, was.All, now.All)
		return
	}
	for _, class := range d.order {
		one := at.inner(class, d.classes[class])
		if !now.byClass() { // the severities have no clauses of their own any more
			one.clause = at.clause
		}
		a, b := was.forClass(class), now.forClass(class)
		switch {
		case a == b:
		case a.event == "" && b.event == "":
			d.duration(one, a.length, b.length)
		default: // a time became an event, or the other way round
			d.leaf(one, reflect.ValueOf(a.String()), reflect.ValueOf(b.String()))
		}
	}
}

// promised is a time or the event that is waited for instead.
type promised struct {
	length Duration
	event  string
}

func (w *Within) forClass(class string) promised {
	if !w.byClass() {
		return promised{length: w.All}
	}
	return promised{w.ByClass[class], w.Event[class]}
}

// String is empty where nothing is promised.
func (p promised) String() string {
	switch {
	case p.event != "":
		return "until " + strings.ReplaceAll(p.event, "_", " ")
	case p.length.Zero():
		return ""
	}
	return p.length.Words()
}

// isItems says whether a type is a list of things with parts.
func isItems(t reflect.Type) bool {
	return t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Struct && t.Elem() != reflect.TypeFor[Duration]()
}

// items compares two lists of things with names.
func (d *differ) items(at spot, key string, old, now reflect.Value) {
	was, is := itemsOf(old), itemsOf(now)
	top := !strings.Contains(at.clause, ".")
	for _, x := range was {
		if !slices.ContainsFunc(is, x.same) {
			d.add(at.inner(x.name, x.label(key, top, true)), Removed, brief(x.value), "", false)
		}
	}
	for _, y := range is {
		i := slices.IndexFunc(was, y.same)
		if i < 0 {
			d.add(at.inner(y.name, y.label(key, top, true)), Added, "", brief(y.value), false)
			continue
		}
		d.value(at.inner(y.name, y.label(key, top, false)), key, was[i].value, y.value)
	}
	d.moved(at, key, names(was), names(is))
}

// list compares two lists of words or sentences.
func (d *differ) list(at spot, old, now reflect.Value) {
	was, is := texts(old), texts(now)
	for _, x := range was {
		if !slices.Contains(is, x) {
			d.add(at.inner(x, ""), Removed, x, "", false)
		}
	}
	for _, x := range is {
		if !slices.Contains(was, x) {
			d.add(at.inner(x, ""), Added, "", x, false)
		}
	}
	d.moved(at, "", was, is)
}

// moved says that what both lists have stands in another order.
func (d *differ) moved(at spot, key string, was, is []string) {
	both := func(list, other []string) []string {
		return slices.DeleteFunc(slices.Clone(list), func(x string) bool { return !slices.Contains(other, x) })
	}
	was, is = both(was, is), both(is, was)
	if slices.Equal(was, is) {
		return
	}
	if key != "" {
		at.titles = append(slices.Clone(at.titles), strings.ReplaceAll(key, "_", " "))
	}
	d.add(at, Moved, strings.Join(was, ", "), strings.Join(is, ", "), false)
}

// item is one thing of a list.
type item struct {
	name, title string
	value       reflect.Value
}

func (x item) same(y item) bool { return x.name == y.name }

// itemsOf gives each its name, or where it has none its title; two of one name are told apart by their number.
func itemsOf(list reflect.Value) []item {
	var all []item
	for i := range list.Len() {
		x := item{value: list.Index(i)}
		for j, field := range []string{"Name", "Step", "Lint", "Title"} {
			f := x.value.FieldByName(field)
			if !f.IsValid() || f.Kind() != reflect.String {
				continue
			}
			if x.name == "" {
				x.name = f.String()
			}
			if j == 3 {
				x.title = f.String()
			}
		}
		if x.name == "" || slices.ContainsFunc(all, x.same) {
			x.name = strings.Trim(x.name+"."+strconv.Itoa(i+1), ".")
		}
		all = append(all, x)
	}
	return all
}

func names(all []item) []string {
	out := make([]string, len(all))
	for i, x := range all {
		out[i] = x.name
	}
	return out
}

// label is what people call an item: by its title where it has one, else by what it is and its name. That something came or
// went is told of `Notice “A security release is coming”`, since its title alone would not say what it is.
func (x item) label(key string, top, whole bool) string {
	noun := singular(key)
	if top {
		noun = upper(noun)
	}
	switch {
	case x.title == "":
		return noun + " " + x.name
	case whole:
		return fmt.Sprintf("%s “%s”", noun, x.title)
	}
	return x.title
}
