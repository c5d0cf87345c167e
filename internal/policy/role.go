package policy

import (
	"slices"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// Grants says what stands in the way of somebody's roles: as many people have one of them already as may, or two of them
// belong to different people.
func (p *Policy) Grants(who cvd.Person, roster []cvd.Person) []cvd.Objection {
	w := weighing{Ask: &Ask{}, policy: p}
	if !who.Active {
		return nil
	}
	for _, r := range p.Document.Roles {
		if !slices.Contains(who.Roles, r.Name) {
			continue
		}
		others := 0
		for _, x := range roster {
			if x.Active && x.Handle != who.Handle && slices.Contains(x.Roles, r.Name) {
				others++
			}
		}
		if r.Most > 0 && others >= r.Most {
			w.object("roles."+r.Name+".most", time.Time{}, "the role %s is full: it has at most %d", r.Title, r.Most)
		}
		for _, other := range p.Document.Roles {
			if slices.Contains(r.Apart, other.Name) && slices.Contains(who.Roles, other.Name) {
				w.object("roles."+r.Name+".apart", time.Time{}, "nobody has the role %s together with %s", r.Title, other.Title)
			}
		}
	}
	return w.found
}

// GuestEnds are the marks that end a guest's access to a case, once all are reached: none if one of the roles knows no end.
func (p *Policy) GuestEnds(roles []string) (marks []string) {
	for _, r := range p.Document.Roles {
		switch {
		case !slices.Contains(roles, r.Name):
		case r.Until == "":
			return nil
		case !slices.Contains(marks, r.Until):
			marks = append(marks, r.Until)
		}
	}
	return marks
}

// GuestRoles are the roles that mean something to a guest: those in which a guest may take a step, that name the right to read the
// exploit analysis, or that end a guest's access with a mark. The others are the team's: they would give a guest nothing.
func (p *Policy) GuestRoles() (names []string) {
	for _, r := range p.Document.Roles {
		steps := slices.ContainsFunc(p.Document.Steps, func(s Step) bool { return slices.Contains(s.Guests, r.Name) })
		if steps || r.Until != "" || slices.Contains(r.Can, string(cvd.SeeExploit)) {
			names = append(names, r.Name)
		}
	}
	return names
}
