package policy

import (
	"slices"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// Raise is what the floors of the severity make of a case as it is: nothing while it is grave enough, was not classed yet, or
// is over. What somebody waived does not raise it.
func (p *Policy) Raise(c cvd.Case, now time.Time) (x cvd.Raised, due bool) {
	if rm := c.RM(); c.Severity.Class == "" || rm == cvd.Closed || rm == cvd.NotValid {
		return cvd.Raised{}, false
	}
	f := p.factsOf(c, now)
	floor := p.floor(&c, c.Severity.Class, &f)
	if floor == nil {
		return cvd.Raised{}, false
	}
	return cvd.Raised{Class: floor.Class, Clause: floor.clause(), Because: floor.Says}, true
}

func (x *Floor) clause() string { return "severity.floors." + x.Name }

// floor is the gravest floor that a case falls short of with a class, nil if there is none.
func (p *Policy) floor(c *cvd.Case, class string, f *facts) (gravest *Floor) {
	for i := range p.Document.Severity.Floors {
		x := &p.Document.Severity.Floors[i]
		if p.atLeast(class, x.Class) || c.Waived(x.clause()) || !p.holds(x.When, f, false) {
			continue
		}
		class, gravest = x.Class, x
	}
	return gravest
}

// raise lifts what triage decided to the floors, with the clause as the reason.
func (p *Policy) raise(c *cvd.Case, t *cvd.Triaged, f *facts) {
	x := p.floor(c, t.Class, f)
	if x == nil || t.Class == "" {
		return
	}
	t.Class = x.Class
	t.Because = strings.TrimSpace(strings.TrimSpace(t.Because) + " (" + x.clause() + ": " + x.Says + ")")
}

// decider asks that the class of a case is decided by those whom the policy names.
func (w *weighing) decider() {
	roles := w.policy.Document.Severity.Decides
	if x := w.What.Triaged; len(roles) == 0 || x == nil || x.Class == w.Case.Severity.Class || w.Who.Standing == cvd.System {
		return
	}
	if !slices.ContainsFunc(w.Who.Roles, func(role string) bool { return slices.Contains(roles, role) }) {
		var titles []string
		for _, r := range w.policy.Document.Roles {
			if slices.Contains(roles, r.Name) {
				titles = append(titles, r.Title)
			}
		}
		w.object("severity.decides", time.Time{}, "the severity is decided by: %s", either(titles))
	}
}

// agreeMatrix wants a class for each impact and likelihood, where the scheme is one, and nowhere else a matrix.
func (r *reader) agreeMatrix(s Severity) {
	switch {
	case s.Scheme == "matrix" && s.Matrix == nil:
		r.at("severity", "the scheme matrix needs a matrix of impact and likelihood", "matrix")
		return
	case s.Matrix == nil:
		return
	case s.Scheme != "matrix":
		r.at("severity.matrix", "only the scheme matrix has one")
	}
	for _, row := range s.Matrix.Impact {
		if len(row.Classes) != len(s.Matrix.Likelihood) {
			r.at("severity.matrix.impact."+row.Name, "a row has one class for each likelihood, in their order")
		}
	}
}

// classOfMatrix is the class of an impact and a likelihood; the error says what they may be.
func (p *Policy) classOfMatrix(t *cvd.Triaged) (string, error) {
	m := p.Document.Severity.Matrix
	switch {
	case t.ImpactLevel == "" && t.Likelihood == "":
		return "", nil
	case m == nil:
		return "", cvd.Fieldf("/impact_level", "this policy has no matrix of impact and likelihood; leave both out")
	}
	var impacts []string
	for _, row := range m.Impact {
		impacts = append(impacts, row.Name)
	}
	row, column := slices.Index(impacts, t.ImpactLevel), slices.Index(m.Likelihood, t.Likelihood)
	switch {
	case row < 0:
		return "", cvd.Fieldf("/impact_level", "there is no impact %q here; choose one of %s", t.ImpactLevel, strings.Join(impacts, ", "))
	case column < 0:
		return "", cvd.Fieldf("/likelihood", "there is no likelihood %q here; choose one of %s", t.Likelihood, strings.Join(m.Likelihood, ", "))
	}
	return m.Impact[row].Classes[column], nil
}
