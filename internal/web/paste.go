package web

import (
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
)

// reading says what was made of a template that somebody pasted.
type reading struct {
	Parts []string // titles of the fields that were found
	Rest  bool     // whether something had no field of its own, and stands in the description now
}

// pasted moves a filled-in template into the fields of the form for a kind. What was typed before stays as it is; what has no
// field, or one that is filled already, goes to the end of the description, so that nothing is lost.
func (s *server) pasted(id cvd.ProjectID, kind string, typed url.Values) (*reading, error) {
	p, err := s.Casework.PolicyOf(id)
	if err != nil {
		return nil, err
	}
	asks, err := s.questions(id, kind, url.Values{})
	if err != nil {
		return nil, err
	}
	labels := map[string]string{}
	for _, q := range asks {
		for _, in := range q.Inputs {
			labels[in.Name] = in.Label
		}
	}
	read := p.ReadTemplate(typed.Get("template"))
	typed.Del("template")
	rest := []string{}
	for _, v := range valuesOf(read.Report) {
		switch label, there := labels[v.name]; {
		case there && (typed.Get(v.name) == "" || typed.Get(v.name) == v.text):
			typed.Set(v.name, v.text)
		case there && v.name != "description":
			rest = append(rest, label+": "+v.text)
		default:
			rest = append(rest, v.text)
		}
	}
	if read.Rest != "" {
		rest = append(rest, read.Rest)
	}
	if len(rest) > 0 {
		typed.Set("description", strings.TrimLeft(typed.Get("description")+"\n\n"+strings.Join(rest, "\n\n"), "\n"))
	}
	return &reading{Parts: read.Parts, Rest: len(rest) > 0}, nil
}

// typedValue is one field of the form with its text.
type typedValue struct{ name, text string }

// valuesOf are the fields of the form that a report fills, in a fixed order: what reportOf reads.
func valuesOf(r cvd.Report) []typedValue {
	all := []typedValue{{"title", r.Title}, {"description", r.Description}, {"severity", r.Severity}, {"component", r.Component},
		{"version", r.Version}, {"impact", r.Impact}, {"steps", strings.Join(r.Steps, "\n")}, {"expected", r.Expected},
		{"environment.os", r.Environment.OS}, {"environment.version", r.Environment.Version},
		{"environment.configuration", r.Environment.Configuration}, {"evidence", r.Evidence}, {"contact.name", r.Contact.Name},
		{"contact.email", r.Contact.Email}, {"credit", r.Credit}, {"disclosure_preference", r.Disclosure},
		{"told", strings.Join(r.Told, "\n")}, {"deadline", instantText(r.Deadline)}, {"ai_use.how", r.AI.How}}
	for _, name := range slices.Sorted(maps.Keys(r.Fields)) {
		all = append(all, typedValue{"fields." + name, r.Fields[name]})
	}
	return slices.DeleteFunc(all, func(v typedValue) bool { return v.text == "" })
}

// typedField is a field that a page hands on.
type typedField struct{ Name, Value string }

// carried are the fields of a form that asks again which kind it is: hidden in it, so that nothing that was typed is lost.
func carried(typed url.Values) []typedField {
	return handedOn(typed, func(name string) (string, bool) { return name, name != "kind" && name != "look" })
}

// handedOn are the fields of a form that the next page carries along, in a fixed order: those that as takes, under the name that
// it gives them.
func handedOn(typed url.Values, as func(name string) (string, bool)) []typedField {
	var out []typedField
	for name, values := range typed {
		if name, ok := as(name); ok {
			for _, v := range values {
				out = append(out, typedField{name, v})
			}
		}
	}
	slices.SortStableFunc(out, func(a, b typedField) int { return strings.Compare(a.Name, b.Name) })
	return out
}
