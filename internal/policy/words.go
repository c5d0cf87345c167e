package policy

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Sentences of a document say no time, name or address of their own: "an answer within {{clocks.response.within.critical}}"
// takes it from the field, so that it stands in one place. Document holds the sentences as people read them; what the
// author wrote is kept for the linter and for comparing versions.

var filling = regexp.MustCompile(`{{\s*([A-Za-z_][^{}]*?)\s*}}`)

// gone is what stands where a sentence names somebody who has left.
const gone = "somebody who has left"

// Words fills the placeholders of a text from the fields that they name; one that names nothing stays as it is.
func (p *Policy) Words(text string) string {
	return p.Document.fillIn(text)
}

func (d *Document) fillIn(text string) string {
	return filling.ReplaceAllStringFunc(text, func(found string) string {
		if words, _, ok := d.lookUp(filling.FindStringSubmatch(found)[1]); ok {
			return words
		}
		return found
	})
}

// EachProse visits the sentences of the document as their author wrote them, placeholders and all, with their clauses. Names,
// references and predicates are none.
func (p *Policy) EachProse(visit func(clause, written string)) {
	d := p.asWritten()
	eachText("", reflect.ValueOf(d), "", func(clause string, text reflect.Value) { visit(clause, text.String()) })
}

// asWritten is the document with its placeholders.
func (p *Policy) asWritten() *Document {
	if p.raw != nil {
		return p.raw
	}
	return &p.Document
}

// fill puts the values into the sentences of the document, and finds placeholders that name nothing.
func (r *reader) fill() {
	filled := reflect.New(reflect.TypeFor[Document]())
	changed := false
	filled.Elem().Set(deepCopy(reflect.ValueOf(r.policy.Document)))
	eachText("", filled.Elem(), "", func(clause string, text reflect.Value) {
		fields := clauseHas(clause, "notices", "subject") || clauseHas(clause, "notices", "text")
		text.SetString(filling.ReplaceAllStringFunc(text.String(), func(found string) string {
			name := filling.FindStringSubmatch(found)[1]
			if fields && !strings.Contains(name, ".") {
				return found // a field of the notice, filled in when it is sent
			}
			changed = true
			words, there, ok := r.policy.Document.lookUp(name)
			if !ok {
				r.at(clause, fmt.Sprintf("nothing is called %q that a sentence could name", name), there...)
			}
			return words
		}))
	})
	if changed {
		written := r.policy.Document
		r.policy.raw, r.policy.Document = &written, *filled.Interface().(*Document)
	}
}

// clauseHas says whether a clause is a field of the items of a list.
func clauseHas(clause, list, field string) bool {
	return strings.HasPrefix(clause, list+".") && strings.HasSuffix(clause, "."+field)
}

// eachText visits every string of a document that is prose: what neither declares, nor refers, nor is one of a few words.
func eachText(clause string, v reflect.Value, tag reflect.StructTag, visit func(clause string, text reflect.Value)) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			eachText(clause, v.Elem(), tag, visit)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			f := v.Type().Field(i)
			if key, _ := keyOf(f); key != "" {
				eachText(join(clause, key), v.Field(i), f.Tag, visit)
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			eachText(join(clause, nameIn(v.Index(i), i)), v.Index(i), tag, visit)
		}
	case reflect.String:
		is := tag.Get("is")
		if v.String() != "" && tag.Get("enum") == "" && (is == "" || is == "phrase") {
			visit(clause, v)
		}
	}
}

// nameIn is the name of an item of a list in clauses: its own, or its number from 1.
func nameIn(v reflect.Value, i int) string {
	switch v.Kind() {
	case reflect.String:
		if s := v.String(); s != "" && len(s) <= 60 && !strings.ContainsAny(s, " .") {
			return s
		}
	case reflect.Struct:
		for _, field := range []string{"Name", "Step", "Lint"} {
			if f := v.FieldByName(field); f.IsValid() && f.Kind() == reflect.String && f.String() != "" {
				return f.String()
			}
		}
	}
	return strconv.Itoa(i + 1)
}

// lookUp is what a placeholder stands for. If nothing is called that, there is what might stand in its place.
func (d *Document) lookUp(clause string) (words string, there []string, ok bool) {
	v, tag, rest := reflect.ValueOf(d).Elem(), reflect.StructTag(""), clause
	for rest != "" {
		v = behindPointer(v)
		inner, left, innerTag, names := stepInto(v, rest)
		if !inner.IsValid() {
			return "", names, false
		}
		if innerTag != "" {
			tag = innerTag
		}
		v, rest = inner, left
	}
	words, ok = d.saying(behindPointer(v), tag)
	return words, nil, ok
}

// behindPointer is what an optional field holds. A Within speaks for itself.
func behindPointer(v reflect.Value) reflect.Value {
	if v.Kind() == reflect.Pointer && !v.IsNil() && v.Type() != reflect.TypeFor[*Within]() {
		return v.Elem()
	}
	return v
}

// stepInto is the part of a value that a clause begins with, and the rest of the clause.
func stepInto(v reflect.Value, clause string) (inner reflect.Value, rest string, tag reflect.StructTag, names []string) {
	none := reflect.Value{}
	key, left, _ := strings.Cut(clause, ".")
	switch {
	case v.Type() == reflect.TypeFor[*Within]():
		w, _ := v.Interface().(*Within)
		if w == nil {
			return none, "", "", nil
		}
		if d, there := w.ByClass[key]; there {
			return reflect.ValueOf(d), left, "", nil
		}
		if event, there := w.Event[key]; there {
			return reflect.ValueOf("the " + strings.ReplaceAll(event, "_", " ")), left, "", nil
		}
		return none, "", "", sortedClasses(w.ByClass)
	case v.Type() == reflect.TypeFor[Duration]():
		return none, "", "", nil
	case v.Kind() == reflect.Struct:
		if f, there := fieldOf(v.Type(), key); there {
			return v.FieldByIndex(f.Index), left, f.Tag, nil
		}
		if q, is := v.Interface().(Requirement); is && q.Wait != nil { // steps.release.requires.wait.for: the requirement is called as its condition
			return stepInto(reflect.ValueOf(*q.Wait), clause)
		}
		return none, "", "", keysOf(v.Type())
	case v.Kind() == reflect.Slice:
		for i := range v.Len() {
			name := nameIn(v.Index(i), i) // which may hold dots: products.monitor.lines.0.1.x.versions
			names = append(names, name)
			if after, is := strings.CutPrefix(clause, name); is && (after == "" || after[0] == '.') {
				return v.Index(i), strings.TrimPrefix(after, "."), "", nil
			}
		}
	}
	return none, "", "", names
}

// saying puts the value of a field into a sentence: of something that has a title, the title.
func (d *Document) saying(v reflect.Value, tag reflect.StructTag) (string, bool) {
	switch x := v.Interface().(type) {
	case Duration:
		return x.Words(), !x.Zero()
	case *Within:
		if x == nil {
			return "", false
		}
		return d.byClassWords(x), true
	case Member:
		return x.shownName(), true
	case []string:
		if tag.Get("is") == "handle" {
			x = slices.DeleteFunc(slices.Clone(x), func(handle string) bool { return d.titleOf("handle", handle) == gone })
		}
		return list(each(x, func(s string) string { return d.titleOf(tag.Get("is"), s) })), len(x) > 0
	}
	switch v.Kind() {
	case reflect.Struct:
		if title := v.FieldByName("Title"); title.IsValid() && title.Kind() == reflect.String {
			return title.String(), title.String() != ""
		}
	case reflect.String:
		text := v.String()
		if filling.MatchString(text) { // a sentence within a sentence would be filled without end
			return "", false
		}
		if tag.Get("is") == "mail" {
			text = d.address(text)
		}
		return d.titleOf(tag.Get("is"), text), text != ""
	case reflect.Int:
		return strconv.FormatInt(v.Int(), 10), true
	case reflect.Float64:
		return strconv.FormatFloat(v.Float(), 'f', 1, 64), true
	}
	return "", false
}

// titleOf is what people call the thing that a word refers to.
func (d *Document) titleOf(is, name string) string {
	title := ""
	switch is {
	case "class":
		title = titleIn(d.Severity.Classes, name, func(x *Class) (string, string) { return x.Name, x.Title })
	case "role":
		title = titleIn(d.Roles, name, func(x *Role) (string, string) { return x.Name, x.Title })
	case "track":
		title = titleIn(d.Tracks, name, func(x *Track) (string, string) { return x.Name, x.Title })
	case "kind":
		title = titleIn(d.Kinds, name, func(x *Kind) (string, string) { return x.Name, x.Title })
	case "clock":
		title = titleIn(d.Clocks, name, func(x *Clock) (string, string) { return x.Name, x.Title })
	case "check":
		title = titleIn(d.Checks, name, func(x *Check) (string, string) { return x.Name, x.Title })
	case "notice":
		title = titleIn(d.Notices, name, func(x *Notice) (string, string) { return x.Name, x.Title })
	case "channel":
		title = titleIn(d.Channels, name, func(x *Channel) (string, string) { return x.Name, x.Title })
	case "audience":
		title = titleIn(d.Audiences, name, func(x *Audience) (string, string) { return x.Name, x.Title })
	case "calendar":
		title = titleIn(d.Calendars, name, func(x *Calendar) (string, string) { return x.Name, x.Title })
	case "handle":
		title = titleIn(d.People, name, func(x *Member) (string, string) { return x.Name, x.shownName() })
	}
	if title == "" {
		return name
	}
	return title
}

// titleIn is the title of the item of a list that has a name.
func titleIn[T any](list []T, name string, of func(*T) (name, title string)) string {
	for i := range list {
		if called, title := of(&list[i]); called == name {
			return title
		}
	}
	return ""
}

// shownName is what people call somebody who is there.
func (m Member) shownName() string {
	switch {
	case m.Left != "":
		return gone
	case m.Title != "":
		return m.Title
	}
	return m.Name
}

// deepCopy is a value that shares nothing with the one it was copied from.
func deepCopy(v reflect.Value) reflect.Value {
	out := reflect.New(v.Type()).Elem()
	out.Set(v)
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			out.Set(reflect.New(v.Type().Elem()))
			out.Elem().Set(deepCopy(v.Elem()))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				out.Field(i).Set(deepCopy(v.Field(i)))
			}
		}
	case reflect.Slice:
		if !v.IsNil() {
			out.Set(reflect.MakeSlice(v.Type(), v.Len(), v.Len()))
			for i := range v.Len() {
				out.Index(i).Set(deepCopy(v.Index(i)))
			}
		}
	case reflect.Map:
		if !v.IsNil() {
			out.Set(reflect.MakeMap(v.Type()))
			for _, key := range v.MapKeys() {
				out.SetMapIndex(key, deepCopy(v.MapIndex(key)))
			}
		}
	}
	return out
}

// address is a mail address as it may be shown: harvesters do not read the hidden one.
func (d *Document) address(mail string) string {
	if !d.Contacts.Hide {
		return mail
	}
	return strings.NewReplacer("@", "[at]", ".", "[dot]").Replace(mail)
}

// said leaves out the empty ones.
func said(texts ...string) []string {
	return slices.DeleteFunc(texts, func(s string) bool { return s == "" })
}
