package web

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
)

var hallPage = page("hall.html")

// hallView is what hall.html shows: whom the project thanks. Nobody is in it who did not agree.
type hallView struct {
	frame
	Says   []string // of the policy, on how people are thanked
	Thanks []thanks
}

type thanks struct {
	Name, Roles string
	For         []thanked
}

type thanked struct {
	ID, Title, URL string
	At             moment
}

// hall thanks people in public. A project whose policy has no hall of fame has no such page.
func (s *server) hall(w http.ResponseWriter, r *http.Request) error {
	id := projectOf(r)
	f, z, err := s.within(id, "thanks", "Thanks")
	if err != nil {
		return err
	}
	if !f.Project.Thanks {
		return cvd.NotFound
	}
	p, err := s.Casework.PolicyOf(id)
	if err != nil {
		return err
	}
	all, err := s.Casework.Thanks(r.Context(), id)
	if err != nil {
		return err
	}
	v := hallView{frame: f, Says: p.Document.Recognition.Says}
	for _, t := range all {
		row := thanks{Name: t.Name, Roles: strings.Join(t.Roles, ", ")}
		for _, x := range t.For {
			row.For = append(row.For, thanked{string(x.Advisory), x.Title, advisoryPath(id, x.Advisory), z.at(x.At)})
		}
		v.Thanks = append(v.Thanks, row)
	}
	s.show(w, http.StatusOK, hallPage, v)
	return nil
}

// advisoryPath is the page of a published advisory.
func advisoryPath(id cvd.ProjectID, advisory cvd.AdvisoryID) string {
	return root(id) + "/advisories/" + url.PathEscape(string(advisory)) + ".html"
}
