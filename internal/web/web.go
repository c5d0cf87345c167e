// Package web shows people the pages of a project: what it promises, a form to report with, and what became of a report.
//
// Begin with the table in routes.go, which is also the review of who may come where, then with a page and its template:
// project.go and project.html. Mount puts the table under a mux, behind the guards of guard.go.
// To add a page, write THING.go with one struct that holds all it shows, THING.html beside it, and its line in routes.go.
// The package decides nothing and reads no case: it shows a view that casework has cut for the asker. Public
// pages have no script and read no cookie; the desk's have one small script, which they work without. Nothing comes from other hosts,
// and no return code stands in an address.
package web

import (
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/internal/auth"
	"github.com/tipstaff/tipstaff/internal/casework"
)

// Config is what the pages need of the rest of the program.
type Config struct {
	Casework *casework.Casework
	Auth     *auth.Auth
	Now      func() time.Time
	Log      *slog.Logger
	Base     string // public address of the installation, without a slash at the end; links in files are made of it
	Version  string
	Machine  Machine
	Demo     bool // every page says that nothing here is real

	Processes string // the table of promises, which the demonstration shows

	Site http.Handler // answers for whatever is no page: the published documents below /p/{project}/
}

// server holds what every page needs.
type server struct{ Config }

// Mount puts every page, the stylesheet and the published documents on a mux.
func Mount(mux *http.ServeMux, c Config) {
	c.Base = strings.TrimRight(c.Base, "/")
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	s := &server{c}
	for _, r := range routes {
		mux.Handle(r.pattern, s.guard(r, s.admitted(r, s.answer(r))))
	}
	mux.Handle(everythingElse.pattern, s.published(s.guard(everythingElse, s.answer(everythingElse))))
}

// answer runs a page and shows its error, if there is one, by the table in errors.go.
func (s *server) answer(r route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		if err := r.serve(s, w, q); err != nil {
			s.fail(w, q, err)
		}
	})
}
