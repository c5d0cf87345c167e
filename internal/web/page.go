package web

import (
	"bytes"
	"embed"
	"html/template"
	"net/http"
	"strings"
	"sync"

	"github.com/tipstaff/tipstaff/cvd"
)

//go:embed *.html
var texts embed.FS

// pageText gives the template of one page. It is read when the page is first shown: all of them take a fifth of a second, which
// every command of the program would wait for.
type pageText func() *template.Template

// page is the text of one page, with the layout and the parts that all pages share.
func page(name string) pageText {
	return sync.OnceValue(func() *template.Template {
		return template.Must(template.Must(shared().Clone()).ParseFS(texts, name))
	})
}

// part is one of the texts that a page is made of.
func (t pageText) part(name string) pageText {
	return func() *template.Template { return t().Lookup(name) }
}

var shared = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("layout.html").Funcs(functions).ParseFS(texts, "layout.html", "parts.html"))
})

// functions name what a template hands on to a part of it.
var functions = template.FuncMap{
	"dropped": func(path, name, says string) any { return struct{ Path, Name, Says string }{path, name, says} },
	"rows": func(id, title string, rows []row, says ...string) any {
		return struct {
			ID, Title, Says string
			Rows            []row
		}{"r-" + id, title, strings.Join(says, " "), rows}
	},
}

// frame is what the layout shows around every page.
type frame struct {
	Title   string // also of the window, so it says nothing of what is embargoed
	Lang    string
	Project *masthead
	Desk    *deskhead // of the pages for who is signed in
	Zoned   *zoned    // of the pages that show instants in the reader's own zone
	Demo    bool
	Version string
}

// masthead is the project whose pages these are.
type masthead struct {
	ID     cvd.ProjectID
	Title  string
	Root   string // "/p/juno"
	Here   string // the entry of the navigation that is shown as the current one
	Cases  bool   // whether the project has cases that strangers may see
	Thanks bool   // whether its policy has a hall of fame
}

func (s *server) frame(title string) frame {
	return frame{Title: title, Lang: "en", Demo: s.Demo, Version: s.Version}
}

// within is the frame of a page of one project.
func (s *server) within(id cvd.ProjectID, here, title string) (frame, zone, error) {
	p, err := s.Casework.PolicyOf(id)
	if err != nil {
		return frame{}, zone{}, err
	}
	d := &p.Document
	f := s.frame(title)
	if f.Title == "" {
		f.Title = d.Title
	}
	f.Project = &masthead{ID: id, Title: d.Title, Root: root(id), Here: here}
	f.Project.Thanks = d.Recognition != nil && d.Recognition.HallOfFame
	for _, t := range d.Tracks {
		f.Project.Cases = f.Project.Cases || t.Public
	}
	return f, zoneOf(d.Zone), nil
}

func root(id cvd.ProjectID) string { return "/p/" + string(id) }

// projectOf is the project that a request names.
func projectOf(r *http.Request) cvd.ProjectID { return cvd.ProjectID(r.PathValue("project")) }

// show writes a page whole, or an internal error and nothing of the page.
func (s *server) show(w http.ResponseWriter, status int, text pageText, view any) {
	var b bytes.Buffer
	t := text()
	if err := t.Execute(&b, view); err != nil {
		s.Log.Error("show a page", "page", t.Name(), "err", err)
		http.Error(w, "internal error", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(visible(b.Bytes())) // a reader who went away
}
