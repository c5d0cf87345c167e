package web

import (
	"html/template"
	"net/http"

	"github.com/tipstaff/tipstaff/cvd"
)

var resourcesPage = page("resources.html")

// resourcesView is what resources.html shows: what is worth reading, who knows what, and what somebody new to a role begins with.
type resourcesView struct {
	frame
	Body template.HTML // of our own Markdown, strained
}

// resources shows them. A project whose policy names none has no such page.
func (s *server) resources(w http.ResponseWriter, r *http.Request) error {
	text, err := s.Casework.WrittenForm(r.Context(), projectOf(r), 0, "resources")
	if err != nil {
		return err
	}
	if len(text) == 0 {
		return cvd.NotFound
	}
	f, _, err := s.within(projectOf(r), "policy", "Resources")
	if err != nil {
		return err
	}
	body, err := document(text)
	if err != nil {
		return err
	}
	s.show(w, http.StatusOK, resourcesPage, resourcesView{f, body})
	return nil
}
