package web

import (
	"net/http"
	"slices"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
)

var projectPage = page("project.html")

// projectView is what project.html shows: how to report, what is promised, what happens then.
type projectView struct {
	frame
	Summary  string
	Silence  *silence
	Ways     []way
	Kinds    []kind
	People   []person
	Promises promises
	Stages   []stage
	Lines    []line
	Terms    []string
	Sources  []link
}

// silence is the request not to speak in public, with its reason.
type silence struct {
	Says, Because, Also string
	Clause              clause
}

// way is one way to report, in the policy's order but for the preferred one, which comes first.
type way struct {
	Title, Criteria, Reason string
	Preferred               bool
	Routes                  []linked
}

type (
	person struct{ Name, Roles string }
	stage  struct{ Title, Says, Only string }
	line   struct {
		Product, Name, Versions string
		Eligible                bool
	}
	link struct{ Title, URL string }
)

func (s *server) project(w http.ResponseWriter, r *http.Request) error {
	id := projectOf(r)
	f, _, err := s.within(id, "project", "")
	if err != nil {
		return err
	}
	v := projectView{frame: f}
	for _, fill := range []func(cvd.ProjectID, *projectView) error{s.fillWays, s.fillPeople, s.fillProcess} {
		if err := fill(id, &v); err != nil {
			return err
		}
	}
	if v.Promises, err = s.promises(id); err != nil {
		return err
	}
	if v.Kinds, err = s.kinds(id); err != nil {
		return err
	}
	s.show(w, http.StatusOK, projectPage, v)
	return nil
}

// fillWays says how to report, and what is asked of whoever does.
func (s *server) fillWays(id cvd.ProjectID, v *projectView) error {
	p, err := s.Casework.PolicyOf(id)
	if err != nil {
		return err
	}
	d := &p.Document
	v.Summary = d.Summary
	if d.Silence.Says != "" {
		v.Silence = &silence{d.Silence.Says, d.Silence.Because, d.Silence.Also, s.clausesOf(id, 0).at("silence")}
	}
	for _, t := range d.Tracks {
		w := way{Title: t.Title, Criteria: t.Criteria, Reason: t.Reason, Preferred: t.Default}
		for _, route := range t.Routes {
			w.Routes = append(w.Routes, linkify(route.Says))
		}
		v.Ways = append(v.Ways, w)
	}
	slices.SortStableFunc(v.Ways, func(a, b way) int { // the preferred one first
		if a.Preferred == b.Preferred {
			return 0
		}
		return map[bool]int{true: -1, false: 1}[a.Preferred]
	})
	for _, t := range d.Terms {
		v.Terms = append(v.Terms, t.Says)
	}
	for _, l := range d.Sources {
		v.Sources = append(v.Sources, link{l.Title, l.URL})
	}
	return nil
}

// fillPeople says who answers: those of the roster whom the policy names. Whoever left is not there.
func (s *server) fillPeople(id cvd.ProjectID, v *projectView) error {
	p, err := s.Casework.PolicyOf(id)
	if err != nil {
		return err
	}
	for _, handle := range p.Document.Contacts.Alarm {
		who, ok := s.Casework.Person(id, cvd.ActorID(handle))
		if !ok || !who.Active {
			continue
		}
		var roles []string
		for _, r := range p.Document.Roles {
			if slices.Contains(who.Roles, r.Name) {
				roles = append(roles, r.Title)
			}
		}
		v.People = append(v.People, person{who.Name, strings.Join(roles, ", ")})
	}
	return nil
}

// fillProcess says what happens to a report, and which releases get fixes.
func (s *server) fillProcess(id cvd.ProjectID, v *projectView) error {
	p, err := s.Casework.PolicyOf(id)
	if err != nil {
		return err
	}
	tracks := map[string]string{}
	for _, t := range p.Document.Tracks {
		tracks[t.Name] = t.Title
	}
	for _, g := range p.Document.Stages {
		v.Stages = append(v.Stages, stage{g.Title, g.Says, strings.Join(titled(g.Tracks, tracks), " or ")})
	}
	for _, x := range p.Document.Products {
		for _, l := range x.Lines {
			v.Lines = append(v.Lines, line{x.Title, l.Name, l.Versions, l.Eligible})
		}
	}
	return nil
}
