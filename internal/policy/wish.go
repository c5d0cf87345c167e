package policy

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
)

// WishFields are what is asked of somebody who comes with a kind that goes to the tracker: the fields of the form that are for this
// kind, and those that it needs. Whatever every report is asked, such as how to reach its reporter, is no business of a tracker.
func (p *Policy) WishFields(k Kind) (all []Field) {
	for _, f := range p.Document.Form.Fields {
		needed := slices.Contains(k.Needs, f.Name)
		if f.Required = needed || f.Required; needed || slices.Contains(f.Kinds, k.Name) {
			all = append(all, f)
		}
	}
	return all
}

// Wish is the issue for the tracker of something that becomes no case, or all that is wrong with it. Nothing is kept of it.
func (p *Policy) Wish(r *cvd.Report) (Draft, []*cvd.Error) {
	var all problems
	all.texts(r)
	k, err := p.Kind(r.Kind)
	switch {
	case err == nil:
		all.say("/kind", "%s becomes a case here: report it", k.Title)
	case k.Goes != "tracker":
		return Draft{}, append(all, err.(*cvd.Error))
	}
	d := Draft{Title: strings.TrimSpace(r.Title), Body: strings.TrimSpace(r.Description) + "\n", Tracker: k.URL}
	for _, f := range p.WishFields(k) {
		all.field(&f, r, f.Required)
		if _, text := answer(f.Name, r); strings.TrimSpace(text) != "" {
			d.Body += fmt.Sprintf("\n### %s\n%s\n", f.Title, strings.TrimSpace(text))
		}
	}
	for name := range r.Fields {
		if isStandard(name) || !slices.ContainsFunc(p.Document.Form.Fields, func(f Field) bool { return f.Name == name }) {
			all.say("/fields/"+pointer(name), "the form has no field %q", name)
		}
	}
	if len(all) > 0 {
		return Draft{}, all
	}
	d.open()
	return d, nil
}
