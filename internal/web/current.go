package web

import (
	"cmp"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

// fieldsOf are the values that a step takes; those of a notice are the ones that its kind may say.
func (s *stepForm) fieldsOf(step casework.Step) []field {
	fields := slices.DeleteFunc(fieldsOf(reflect.TypeOf(step.In), ""), func(f field) bool { return f.kind.Kind() == reflect.Map && f.kind != weightsType })
	worded := s.worded()
	for _, n := range s.policy.Document.Notices {
		if n.Name != worded {
			continue
		}
		for _, f := range n.Fields {
			x := field{name: "says." + f.Name, kind: reflect.TypeFor[string](), must: f.Required && step.Name == "notify"}
			if f.Type == "instant" {
				if step.Name == "slip" { // it is the one that it moves to
					continue
				}
				x.kind = instantType
			}
			fields = append(fields, x)
		}
	}
	return fields
}

// worded is the notice that is written with the step, "" if none is: the one that is chosen, for a correction the one whose words it
// takes, and for a move of the release the one that tells of it.
func (s *stepForm) worded() string {
	switch s.Step {
	case "notify":
		return s.Notice
	case "correct", "slip":
		return cmp.Or(s.With, s.Notice)
	}
	return ""
}

// noticeField is the title of a field of the chosen notice.
func (s *stepForm) noticeField(name string) (title string, ok bool) {
	says, ok := strings.CutPrefix(name, "says.")
	if !ok {
		return "", false
	}
	for _, n := range s.policy.Document.Notices {
		for _, f := range n.Fields {
			if n.Name == s.worded() && f.Name == says {
				return f.Title, true
			}
		}
	}
	return "", false
}

// current is the form as the case would fill it in now. What the address or the form names decides of which part.
func (s *stepForm) current(named url.Values) url.Values {
	out := url.Values{}
	step, _ := stepNamed(s.Step)
	if is := s.now(named); is != nil {
		for _, f := range s.fieldsOf(step) {
			if v, ok := inside(reflect.ValueOf(is), f.name); ok {
				out[f.name] = f.typed(v)
			}
		}
	}
	for _, f := range s.fieldsOf(step) {
		if named.Has(f.name) && len(named.Get(f.name)) < 200 && !out.Has(f.name) {
			out[f.name] = named[f.name]
		}
	}
	return out
}

// now is what the case says already in the terms of the step, nil for steps that only add.
func (s *stepForm) now(named url.Values) any {
	v := s.view
	newest := len(v.Advisory.Editions)
	switch s.Step {
	case "triage":
		return cvd.Triaged{Class: v.Severity.Class, Vector: v.Severity.Vector, Category: v.Severity.Category, Sensitive: v.Sensitive, Track: v.Track, Kind: v.Kind, Impact: v.Impact}
	case "prioritise":
		return cvd.Prioritised{Priority: v.Priority, Because: v.Because}
	case "analyse":
		x := cvd.Analysed{Section: named.Get("section")}
		for _, part := range v.Sections {
			if part.Name == x.Section {
				x.Text = part.Text
			}
		}
		return x
	case "remedy":
		for _, l := range v.Lines {
			if l.Product == named.Get("product") && l.Name == named.Get("line") {
				return cvd.Remedied{Product: l.Product, Line: l.Name, Status: l.Status, Affected: l.Affected, Patches: l.Patches, Because: l.Because}
			}
		}
	case "draft":
		if newest > 0 {
			return cvd.Drafted{Text: v.Advisory.Editions[newest-1].Text}
		}
	case "approve":
		return cvd.Approved{Edition: newest}
	case "disclose":
		return cvd.Armed{Edition: newest, Due: v.Disclosure.Due}
	case "embargo":
		return cvd.Embargoed{Until: v.Embargo.Until, Terms: v.Embargo.Terms}
	case "message":
		return cvd.Messaged{Report: len(v.Reports)}
	}
	return nil
}

// inside finds a value by its path of JSON names; ok is false where nothing stands.
func inside(v reflect.Value, name string) (any, bool) {
	for _, part := range strings.Split(name, ".") {
		if v.Kind() != reflect.Struct {
			return nil, false
		}
		i, ok := indexOf(v.Type())[part]
		if !ok {
			return nil, false
		}
		v = v.Field(i)
	}
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return nil, false
		}
		v = v.Elem()
	}
	return v.Interface(), !v.IsZero() || v.Kind() == reflect.Bool
}

// indexOf are the fields of a struct by their JSON names.
func indexOf(t reflect.Type) map[string]int {
	out := map[string]int{}
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		out[name] = i
	}
	return out
}

// number reads a number that a form carries; 0 for whatever is none.
func number(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0
	}
	return n
}
