package policy

import "slices"

// Contingency is what the process does when a thing goes otherwise than planned: a leak, attacks, a reporter who falls silent.
// While its predicate holds, the clauses that it lifts stand in nobody's way, and the case says which of them were passed.
type Contingency struct {
	Name  string   `yaml:"name" is:"name"`
	Title string   `yaml:"title"`
	When  string   `yaml:"when,omitempty" is:"predicate"` // none: people decide whether it has come, and nothing is lifted
	Lifts []string `yaml:"lifts,omitempty" is:"clause"`   // "steps.release.requires.wait"
	Says  string   `yaml:"says"`                          // what is done then, in words
}

// lifts is the clause of the contingency that has come and lifts a clause, "" if none does. Only one with a predicate lifts
// anything: whether another has come is for people to decide, by a waiver.
func (p *Policy) lifts(clause string, f *facts) string {
	for _, x := range p.Document.Contingencies {
		if x.When != "" && slices.ContainsFunc(x.Lifts, func(l string) bool { return within(clause, plain(l)) }) && p.holds(x.When, f, false) {
			return "contingencies." + x.Name
		}
	}
	return ""
}

func (w *weighing) lifted(clause string) bool {
	return !w.strict && w.policy.lifts(clause, &w.facts) != ""
}

// excused says whether a requirement is lifted by its own unless.
func (p *Policy) excused(clause string, f *facts) bool {
	is := func(owner string, list []Requirement) bool {
		return slices.ContainsFunc(list, func(r Requirement) bool {
			return owner+".requires."+r.Name == clause && r.Unless != "" && p.holds(r.Unless, f, false)
		})
	}
	return slices.ContainsFunc(p.Document.Steps, func(s Step) bool { return is("steps."+s.Step, s.Requires) }) ||
		slices.ContainsFunc(p.Document.Notices, func(n Notice) bool { return is("notices."+n.Name, n.Requires) })
}
