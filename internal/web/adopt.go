package web

import (
	"net/http"
	"net/url"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

var adoptPage = page("adopt.html")

// adoptView is what adopt.html shows before open cases move to the version in force: what would follow.
type adoptView struct {
	frame
	Path     string
	Problems *problems
	Preview  casework.AdoptionPreview
	Because  string
	Overdue  []overdue
}

// overdue is a promise that would be missed at once, and by how many cases.
type overdue struct {
	Title  string
	Cases  int64
	Clause clause
}

// askAdopt shows what would follow if the open cases moved.
func (s *server) askAdopt(w http.ResponseWriter, r *http.Request) error {
	return s.showAdopt(w, r, nil, nil)
}

func (s *server) showAdopt(w http.ResponseWriter, r *http.Request, typed url.Values, e *cvd.Error) error {
	who := actorOf(r)
	f, _, err := s.atDesk(r, "policy", "Move open cases")
	if err != nil {
		return err
	}
	v := adoptView{frame: f, Path: policyPath(who.Project), Because: typed.Get("because")}
	if v.Preview, err = s.Casework.PreviewAdoption(r.Context(), who); err != nil {
		return err
	}
	for _, x := range v.Preview.Overdue {
		v.Overdue = append(v.Overdue, overdue{x.Title, x.Cases, s.clausesOf(who.Project, 0).at(x.Clause)})
	}
	s.show(w, s.withProblems(w, &v.Problems, e), adoptPage, v)
	return nil
}

// adopt begins to move the open cases.
func (s *server) adopt(w http.ResponseWriter, r *http.Request) error {
	again := func(in url.Values, e *cvd.Error) error { return s.showAdopt(w, r, in, e) }
	return s.policyForm(w, r, again, func(who cvd.Actor, in url.Values) (string, error) {
		_, err := s.Casework.AdoptAll(r.Context(), who, in.Get("because"))
		return policyPath(who.Project) + "?done=adopting", err
	})
}
