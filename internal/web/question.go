package web

import (
	"net/url"
	"slices"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

// question is one thing that a form asks; some need more than one input.
type question struct {
	Legend, Help string // of several inputs together
	Inputs       []input
}

// input is one field of a form, with all that its template shows.
type input struct {
	ID, Name, Label, Help, Error, DescribedBy string
	Value, Type, Autocomplete                 string
	Rows                                      int // of a text with many lines; 0: it has one
	Required                                  bool
	Choices                                   []choice
	Few                                       bool   // whether the choices are shown all at once
	Many                                      bool   // whether several may be chosen
	Now                                       string // what the case says there, if that is not what was typed
	pointer                                   string
}

type choice struct {
	Value, Label string
	Chosen       bool
}

// asked is one field of the policy's form, as this package needs it.
type asked struct {
	name, title, help, kind string
	required                bool
	choices                 []choice
}

// questions are those of a policy for one kind of report, with what was typed before. Title and description come first;
// the way to reach somebody is always asked, since only the form can ask it, and never demanded here.
func (s *server) questions(id cvd.ProjectID, kind string, typed url.Values) ([]question, error) {
	p, err := s.Casework.PolicyOf(id)
	if err != nil {
		return nil, err
	}
	k, err := p.Kind(kind)
	if err != nil {
		return nil, err
	}
	classes := map[string]string{}
	for _, c := range p.Document.Severity.Classes {
		classes[c.Name] = c.Title
	}
	all := []asked{
		{name: "title", title: "Title", help: "One line that says what and where", required: true},
		{name: "description", title: "Description", help: "What is wrong, and what it lets somebody do", kind: "text", required: true},
	}
	for _, f := range p.Document.Form.Fields {
		if len(f.Kinds) > 0 && !slices.Contains(f.Kinds, k.Name) {
			continue
		}
		f.Required = f.Required || slices.Contains(k.Needs, f.Name)
		all = append(all, askedOf(f, classes))
	}
	asks := func(name string) bool { return slices.ContainsFunc(all, func(a asked) bool { return a.name == name }) }
	if !p.Begin(k, "").Public { // what begins in private is coordinated with whoever else knows, and with when they speak
		if !asks("told") {
			all = append(all, asked{name: "told", title: "Whom else you have told", help: "A vendor, a coordinator, others; or that it is public already"})
		}
		if !asks("deadline") {
			all = append(all, asked{name: "deadline", title: "Your own deadline"})
		}
	}
	if !asks("contact") {
		all = append(all, asked{name: "contact", title: "How we can reach you"})
	}
	var out []question
	for _, a := range all {
		out = append(out, a.question(typed))
	}
	return out, nil
}

// askedOf is a field of the policy; titles are those of choices that have one.
func askedOf(f casework.Field, titles map[string]string) asked {
	a := asked{name: f.Name, title: f.Title, help: f.Help, kind: f.Type, required: f.Required}
	for _, c := range f.Choices {
		label := titles[c]
		if label == "" {
			label = words(c)
		}
		a.choices = append(a.choices, choice{Value: c, Label: label})
	}
	return a
}

// question lays out a field. Standard names have the place in a report that they name; others are the policy's own.
func (a asked) question(typed url.Values) question {
	one := input{Name: a.name, pointer: "/" + a.name, Label: a.title, Help: a.help, Required: a.required}
	switch a.name {
	case "environment":
		return several(a, typed, input{Name: "environment.os", Label: "Operating system"}, input{Name: "environment.version", Label: "Version in use there"},
			input{Name: "environment.configuration", Label: "Configuration", Rows: 3})
	case "deadline":
		if a.help == "" {
			a.help = "If you will make it public at some instant whatever happens, say which: the day, the time and the zone. The project plans with it."
		}
		return several(a, typed, input{Name: "deadline", Label: "Day and time", Type: instantInput(typed.Get("deadline"))},
			input{Name: "deadline.zone", Label: "Zone, such as UTC or Europe/Berlin"})
	case "contact":
		if a.help == "" {
			a.help = "Leave both empty if you like: the return code is enough to come back."
		}
		return several(a, typed, input{Name: "contact.name", Label: "Name", Autocomplete: "name"},
			input{Name: "contact.email", Label: "Mail address", Type: "email", Autocomplete: "email"})
	case "ai_use":
		return several(a, typed, input{Name: "ai_use.used", Label: "Did a model help to find or to write this?", Choices: yesOrNo(), Few: true},
			input{Name: "ai_use.how", Label: "Which, and for what", Rows: 2})
	case "steps":
		one.Rows, one.Help = 6, sentence(a.help, "One step per line, in order")
	case "told":
		one.Rows, one.Help = 3, sentence(a.help, "One per line")
	case "description":
		one.Rows = 10
	case "title", "severity", "component", "version", "impact", "expected", "evidence", "credit", "disclosure_preference":
	default:
		one.Name, one.pointer = "fields."+a.name, "/fields/"+strings.NewReplacer("~", "~0", "/", "~1").Replace(a.name)
	}
	switch {
	case a.kind == "choice":
		one.Choices = a.choices
	case a.kind == "yes_no":
		one.Choices, one.Few = yesOrNo(), true
	case a.kind == "text" && one.Rows == 0, a.kind == "list" && one.Rows == 0:
		one.Rows = 4
	}
	return question{Inputs: []input{one.filled(typed)}}
}

// several makes a question of inputs that belong together; if something is demanded, one of them will do.
func several(a asked, typed url.Values, inputs ...input) question {
	q := question{Legend: a.title, Help: a.help}
	for _, in := range inputs {
		in.pointer = "/" + strings.ReplaceAll(in.Name, ".", "/")
		q.Inputs = append(q.Inputs, in.filled(typed))
	}
	return q
}

// filled gives an input what was typed into it.
func (in input) filled(typed url.Values) input {
	in.ID = strings.NewReplacer(".", "-", "_", "-").Replace(in.Name)
	in.Value = typed.Get(in.Name)
	if in.Type == "" {
		in.Type = "text"
	}
	if in.Autocomplete == "" {
		in.Autocomplete = "off"
	}
	for i := range in.Choices {
		in.Choices[i].Chosen = in.Choices[i].Value == in.Value || in.Many && slices.Contains(typed[in.Name], in.Choices[i].Value)
	}
	in.describe()
	return in
}

// describe ties help and error to the field for those who do not see where they stand.
func (in *input) describe() {
	var by []string
	if in.Help != "" {
		by = append(by, in.ID+"-help")
	}
	if in.Error != "" {
		by = append(by, in.ID+"-error")
	}
	in.DescribedBy = strings.Join(by, " ")
}

func yesOrNo() []choice { return []choice{{Value: "no", Label: "No"}, {Value: "yes", Label: "Yes"}} }

// sentence joins two helps.
func sentence(a, b string) string {
	if a == "" {
		return b
	}
	return strings.TrimRight(a, ".") + ". " + b
}

// problems is the summary above a form that did not pass.
type problems struct {
	Heading string
	Lines   []problem
}

type problem struct{ Field, Says string }

// mark puts each error at its field and returns the summary. An error of a whole question stands at its first input.
func mark(questions []question, errs []*cvd.Error) *problems {
	if len(errs) == 0 {
		return nil
	}
	out := &problems{Heading: "Nothing was sent yet"}
	for _, e := range errs {
		p := problem{Says: upperFirst(e.Says)}
		if in := find(questions, e.Field); in != nil {
			p.Field = in.ID
			in.Error = p.Says
			in.describe()
		} else if strings.HasPrefix(e.Field, "/attachments") {
			p.Field = "files"
		}
		out.Lines = append(out.Lines, p)
	}
	return out
}

// find is the input that a JSON pointer means: its own, the list that it points into, or the first of its question.
func find(questions []question, pointer string) *input {
	if pointer == "" {
		return nil
	}
	for i := range questions {
		for j := range questions[i].Inputs {
			in := &questions[i].Inputs[j]
			if in.pointer == pointer || strings.HasPrefix(pointer, in.pointer+"/") || strings.HasPrefix(in.pointer, pointer+"/") {
				return in
			}
		}
	}
	return nil
}
