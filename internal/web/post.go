package web

import (
	"net/http"

	"github.com/tipstaff/tipstaff/cvd"
)

var postPage = page("post.html")

// postView is what post.html shows: the draft of the post that tells the vulnerability and the response to it.
type postView struct {
	frame
	Case, CasePath          string
	Heading                 string
	Vulnerability, Response string
	Due                     moment
	Late                    bool
	Poster                  poster
	May                     bool // whether the asker may record where it stands
}

// post shows the draft.
func (s *server) post(w http.ResponseWriter, r *http.Request) error {
	who, id := actorOf(r), cvd.CaseID(r.PathValue("case"))
	p, err := s.Casework.DraftPost(r.Context(), who, id)
	if err != nil {
		return err
	}
	view, err := s.Casework.Case(r.Context(), who, id)
	if err != nil {
		return err
	}
	f, z, err := s.atDesk(r, "inbox", "Post · "+string(view.ID))
	if err != nil {
		return err
	}
	v := postView{frame: f, Case: string(view.ID), CasePath: casePath(who.Project, view.ID), Heading: p.Title, Vulnerability: p.Vulnerability,
		Response: p.Response, Due: z.at(p.Due), Late: p.Late, Poster: s.poster(view, p.Poster)}
	v.May = offered(view, "explain")
	s.show(w, http.StatusOK, postPage, v)
	return nil
}

// postMarkdown sends the draft as a file.
func (s *server) postMarkdown(w http.ResponseWriter, r *http.Request) error {
	id := cvd.CaseID(r.PathValue("case"))
	p, err := s.Casework.DraftPost(r.Context(), actorOf(r), id)
	if err != nil {
		return err
	}
	save(w, "text/markdown; charset=utf-8", string(id)+"-post.md", []byte(p.Markdown()))
	return nil
}

// releaseNotes sends the release notes as a file.
func (s *server) releaseNotes(w http.ResponseWriter, r *http.Request) error {
	id := cvd.CaseID(r.PathValue("case"))
	text, err := s.Casework.ReleaseNotes(r.Context(), actorOf(r), id)
	if err != nil {
		return err
	}
	save(w, "text/markdown; charset=utf-8", string(id)+"-notes.md", []byte(text))
	return nil
}
