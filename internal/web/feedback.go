package web

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/tipstaff/tipstaff/cvd"
)

var feedbackPage = page("feedback.html")

// feedbackView is what feedback.html shows: the form in which a reader of an advisory says whether the fix works for them.
type feedbackView struct {
	frame
	Advisory cvd.AdvisoryID
	Matter   string
	Path     string
	Works    []choice
	Text     string
	From     string
	Error    map[string]string // by field
	Problems *problems
	Taken    bool
}

// askFeedback shows the form.
func (s *server) askFeedback(w http.ResponseWriter, r *http.Request) error {
	v, err := s.feedback(r, url.Values{})
	if err != nil {
		return err
	}
	s.show(w, http.StatusOK, feedbackPage, v)
	return nil
}

// takeFeedback takes what was written, or shows the form again with what was typed.
func (s *server) takeFeedback(w http.ResponseWriter, r *http.Request) error {
	in, err := read(r)
	if err != nil {
		return err
	}
	v, err := s.feedback(r, in.values)
	if err != nil {
		return err
	}
	err = s.Casework.React(r.Context(), projectOf(r), v.Advisory, cvd.Reacted{Works: in.values.Get("works"), Text: in.values.Get("text"), From: in.values.Get("from")})
	if e, ok := errors.AsType[*cvd.Error](err); ok {
		field := map[string]string{"/works": "works", "/from": "from"}[e.Field]
		if field == "" {
			field = "text"
		}
		v.Error = map[string]string{field: upperFirst(e.Says)}
		v.Problems = &problems{Heading: "This was not sent", Lines: []problem{{Field: field, Says: upperFirst(e.Says)}}}
		s.show(w, statuses[e.Kind].code, feedbackPage, v)
		return nil
	}
	if err != nil {
		return err
	}
	v.Taken = true
	s.show(w, http.StatusOK, feedbackPage, v)
	return nil
}

// feedback is the form for a published advisory, with what was typed.
func (s *server) feedback(r *http.Request, typed url.Values) (feedbackView, error) {
	project, id := projectOf(r), cvd.AdvisoryID(r.PathValue("advisory"))
	title, _, err := s.Casework.Published(r.Context(), project, id)
	if err != nil {
		return feedbackView{}, err
	}
	f, _, err := s.within(project, "", "Does the fix work for you?")
	if err != nil {
		return feedbackView{}, err
	}
	v := feedbackView{frame: f, Advisory: id, Matter: title, Path: root(project) + "/advisories/" + url.PathEscape(string(id)), Text: typed.Get("text"), From: typed.Get("from")}
	for _, x := range []choice{{Value: "yes", Label: "Yes"}, {Value: "no", Label: "No"}, {Value: "unsure", Label: "I am not sure"}} {
		x.Chosen = typed.Get("works") == x.Value
		v.Works = append(v.Works, x)
	}
	return v, nil
}
