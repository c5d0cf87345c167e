package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

var wordingPage = page("wording.html")

// wordingView is what wording.html shows: what a change says, and which words of it would tell.
type wordingView struct {
	frame
	Case, CasePath string
	Questions      []question
	Files          *filesField
	Asked          bool
	Found          []cvd.Wording
	Problems       *problems
}

// wordingFields are what strangers read of a change once it is pushed.
var wordingFields = []input{
	{Name: "branch", Label: "Names of branches", Help: "One per line", Rows: 2},
	{Name: "title", Label: "Titles of requests", Help: "One per line", Rows: 2},
	{Name: "message", Label: "Commit messages", Rows: 5},
	{Name: "ci", Label: "Addresses of builds", Help: "One per line", Rows: 2},
	{Name: "log", Label: "Logs of builds", Help: "What they print where others read it. A log may also be among the files.", Rows: 4},
}

// wording asks what a change says.
func (s *server) wording(w http.ResponseWriter, r *http.Request) error {
	v, err := s.wordingOf(r, url.Values{})
	if err != nil {
		return err
	}
	s.show(w, http.StatusOK, wordingPage, v)
	return nil
}

// checkWording says which words of it would tell. Nothing is kept.
func (s *server) checkWording(w http.ResponseWriter, r *http.Request) error {
	in, err := read(r)
	if err != nil {
		return err
	}
	v, err := s.wordingOf(r, in.values)
	if err != nil {
		return err
	}
	var said []casework.Said
	for _, f := range wordingFields {
		texts := strings.Split(in.values.Get(f.Name), "\n")
		if f.Name == "message" || f.Name == "log" {
			texts = []string{in.values.Get(f.Name)}
		}
		for _, text := range texts {
			if text = strings.TrimSpace(text); text != "" {
				said = append(said, casework.Said{Field: f.Name, Text: text})
			}
		}
	}
	errs := slices.Clone(in.problems)
	for _, f := range in.files {
		_, more, err := casework.ReadPatch(f.Body)
		switch {
		case err == nil:
		case utf8.Valid(f.Body):
			more = []casework.Said{{Field: "log", Text: string(f.Body)}}
		default:
			errs = append(errs, asError(cvd.Fieldf("/attachments", "%s is neither a patch, nor a git bundle, nor a .tar.gz, nor a log in UTF-8", f.Name)))
		}
		said = append(append(said, more...), casework.Said{Field: "file", Text: f.Name})
	}
	if len(said) == 0 && len(errs) == 0 {
		errs = append(errs, asError(cvd.Fieldf("/branch", "write what the change says, or choose its file")))
	}
	if len(errs) > 0 {
		v.Problems = mark(v.Questions, errs)
		v.Problems.Heading = "Nothing was checked yet"
		s.show(w, statuses[errs[0].Kind].code, wordingPage, v)
		return nil
	}
	if v.Found, err = s.Casework.Wording(r.Context(), actorOf(r), cvd.CaseID(v.Case), said); err != nil {
		return err
	}
	v.Asked = true
	s.show(w, http.StatusOK, wordingPage, v)
	return nil
}

func (s *server) wordingOf(r *http.Request, typed url.Values) (wordingView, error) {
	who := actorOf(r)
	view, err := s.Casework.Case(r.Context(), who, cvd.CaseID(r.PathValue("case")))
	if err != nil {
		return wordingView{}, err
	}
	if view.Tier < cvd.ForGuest || view.Erased != nil {
		return wordingView{}, cvd.NotFound
	}
	f, _, err := s.atDesk(r, "inbox", "Wording · "+string(view.ID))
	v := wordingView{frame: f, Case: string(view.ID), CasePath: casePath(who.Project, view.ID), Files: &filesField{}}
	for _, in := range wordingFields {
		in.pointer = "/" + in.Name
		v.Questions = append(v.Questions, question{Inputs: []input{in.filled(typed)}})
	}
	return v, err
}
