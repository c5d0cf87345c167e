package web

import (
	"slices"
	"strconv"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

// What follows are the choices that a policy gives, and then those that the case gives.

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

// listed are the steps that have a checklist.
func (s *stepForm) listed() (out []choice) {
	for _, x := range s.policy.Document.Steps {
		if len(x.Checklist) > 0 {
			out = append(out, choice{Value: x.Step, Label: upperFirst(words(x.Step))})
		}
	}
	return out
}

// corrections are the notices that correct another.
func (s *stepForm) corrections() (out []choice) {
	for _, n := range s.policy.Document.Notices {
		if n.Corrects != "" {
			out = append(out, choice{Value: n.Name, Label: n.Title})
		}
	}
	return out
}

// ordered are the notices of the case that somebody can be told to be wrong.
func (s *stepForm) ordered() (out []choice) {
	for _, n := range s.view.Notices {
		if n.Corrects == "" {
			out = append(out, choice{Value: n.Name, Label: s.noticeTitle(n.Name) + ", of " + cvd.Instant(n.At)})
		}
	}
	return out
}

func (s *stepForm) noticeTitle(name string) string {
	for _, n := range s.policy.Document.Notices {
		if n.Name == name {
			return n.Title
		}
	}
	return upperFirst(words(name))
}

// wishes are the proposals for the embargo that wait for an answer.
func (s *stepForm) wishes() (out []choice) {
	for _, p := range s.view.Proposals {
		if p.Open() {
			out = append(out, choice{Value: strconv.Itoa(p.Number), Label: strconv.Itoa(p.Number) + ": until " + cvd.Instant(p.Until)})
		}
	}
	return out
}

// claims are those that nobody has answered.
func (s *stepForm) claims() (out []choice) {
	for _, k := range s.view.Claims {
		if k.Answer == "" {
			out = append(out, choice{Value: strconv.Itoa(k.Number), Label: strconv.Itoa(k.Number) + ": " + words(k.Fact) + ", " + cvd.Instant(k.At)})
		}
	}
	return out
}

// comments are all of the case.
func (s *stepForm) comments() (out []choice) {
	for _, k := range s.view.Comments {
		out = append(out, choice{Value: strconv.Itoa(k.Number), Label: strconv.Itoa(k.Number) + ", by " + k.Name})
	}
	return out
}

// downstream are the projects of the register.
func (s *stepForm) downstream() (out []choice) {
	for _, d := range s.exposed {
		out = append(out, choice{Value: d.ID, Label: d.Name})
	}
	return out
}
