package web

import "net/http"

var homePage = page("home.html")

// homeView is what home.html shows: the projects of this installation.
type homeView struct {
	frame
	Projects []homeProject
}

type homeProject struct{ Root, Title, Summary string }

func (s *server) home(w http.ResponseWriter, _ *http.Request) error {
	v := homeView{frame: s.frame("Report a vulnerability")}
	for _, id := range s.Casework.Projects() {
		p, err := s.Casework.PolicyOf(id)
		if err != nil {
			return err
		}
		v.Projects = append(v.Projects, homeProject{Root: root(id), Title: p.Document.Title, Summary: p.Document.Summary})
	}
	s.show(w, http.StatusOK, homePage, v)
	return nil
}
