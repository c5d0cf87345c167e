package web

import (
	"slices"

	"github.com/tipstaff/tipstaff/internal/casework"
)

// What follows are the choices that a policy gives.

func classesOf(p *casework.Policy) (out []choice) {
	for _, c := range p.Document.Severity.Classes {
		out = append(out, choice{Value: c.Name, Label: c.Title})
	}
	return out
}

func (s *stepForm) classes() []choice { return classesOf(s.policy) }

func (s *stepForm) categories() (out []choice) {
	for _, class := range s.policy.Document.Severity.Classes {
		for _, c := range class.Categories {
			out = append(out, choice{Value: c.Name, Label: c.Title + " (" + class.Title + ")"})
		}
	}
	return out
}

func (s *stepForm) tracks() (out []choice) {
	for _, t := range s.policy.Document.Tracks {
		out = append(out, choice{Value: t.Name, Label: upperFirst(words(t.Name))})
	}
	return out
}

func (s *stepForm) kinds() (out []choice) {
	for _, k := range s.policy.Document.Kinds {
		out = append(out, choice{Value: k.Name, Label: k.Title})
	}
	return out
}

func (s *stepForm) terms() (out []choice) {
	for _, t := range s.policy.Document.Terms {
		out = append(out, choice{Value: t.Name, Label: t.Says})
	}
	return append(out, choice{Value: "embargo", Label: "The embargo of the case"})
}

func (s *stepForm) products() (out []choice) {
	for _, p := range s.policy.Document.Products {
		out = append(out, choice{Value: p.Name, Label: p.Title})
	}
	return out
}

func (s *stepForm) releaseLines() (out []choice) {
	for _, p := range s.policy.Document.Products {
		for _, l := range p.Lines {
			out = append(out, choice{Value: l.Name, Label: p.Title + " " + l.Name})
		}
	}
	return out
}

func (s *stepForm) notices() (out []choice) {
	for _, n := range s.policy.Document.Notices {
		out = append(out, choice{Value: n.Name, Label: n.Title})
	}
	return out
}

func (s *stepForm) checks() (out []choice) {
	for _, c := range s.policy.Document.Checks {
		out = append(out, choice{Value: c.Name, Label: c.Title})
	}
	return out
}

// events are all that people give a date.
func (s *stepForm) events() (out []choice) {
	for _, event := range s.policy.Events() {
		out = append(out, choice{Value: event, Label: s.policy.EventTitle(event)})
	}
	return out
}

// promises are the open promises of the case that may be made longer.
func (s *stepForm) promises() (out []choice) {
	for _, k := range s.view.Clocks {
		if s.policy.Extendable(k) {
			out = append(out, choice{Value: k.Name, Label: s.policy.ClockTitle(k)})
		}
	}
	return out
}

func (s *stepForm) likelihoods() (out []choice) {
	if m := s.policy.Document.Severity.Matrix; m != nil {
		for _, name := range m.Likelihood {
			out = append(out, choice{Value: name, Label: words(name)})
		}
	}
	return out
}

func (s *stepForm) impactLevels() (out []choice) {
	if m := s.policy.Document.Severity.Matrix; m != nil {
		for _, row := range m.Impact {
			out = append(out, choice{Value: row.Name, Label: words(row.Name)})
		}
	}
	return out
}

// roles are those that give a guest something.
func (s *stepForm) roles() (out []choice) {
	may := s.policy.GuestRoles()
	for _, r := range s.policy.Document.Roles {
		if slices.Contains(may, r.Name) {
			out = append(out, choice{Value: r.Name, Label: r.Title})
		}
	}
	return out
}
