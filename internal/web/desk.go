package web

import (
	"context"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

// deskhead is what stands at the head of every page for somebody who is signed in.
type deskhead struct {
	Root  string // "/desk/juno"
	Here  string // the entry of the navigation that is shown as the current one
	Me    string
	Roles string
	Sees  bool // whether they may see cases that are not public
	Runs  bool // whether they may administer
	Keeps bool // whether they keep the register of who is told
}

// deskPolicy lets the pages of the desk load the one script, which knows the keys and asks this server; everything else stays as everywhere.
var deskPolicy = strings.Replace(always["Content-Security-Policy"], "style-src", "script-src 'self'; connect-src 'self'; style-src", 1)

const cookieName = "tipstaff"

func deskOf(id cvd.ProjectID) string { return "/desk/" + string(id) }

// casePath is the page of a case for who works on it.
func casePath(project cvd.ProjectID, id cvd.CaseID) string {
	return deskOf(project) + "/cases/" + url.PathEscape(string(id))
}

type actorKey struct{}

// actorOf is who is signed in, on a route for members.
func actorOf(r *http.Request) cvd.Actor {
	who, _ := r.Context().Value(actorKey{}).(cvd.Actor)
	return who
}

// admitted lets nobody to a page for members who is not signed in to its project. Who wanted to read is asked to sign in; who
// sent something is too, and what they sent is kept in the page for afterwards.
func (s *server) admitted(r route, next http.Handler) http.Handler {
	if r.who != member && r.who != administrator {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		w.Header().Set("Content-Security-Policy", deskPolicy)
		who, err := s.signedIn(q)
		switch kind := cvd.KindOf(err); {
		case err == nil && r.who == administrator && !who.May(cvd.Administer):
			w.Header().Set("Content-Security-Policy", always["Content-Security-Policy"]) // the answer of a page that is not there, to the byte
			s.fail(w, q, cvd.NotFound)
		case err == nil:
			next.ServeHTTP(w, q.WithContext(context.WithValue(q.Context(), actorKey{}, who)))
		case kind != cvd.Anonymous:
			s.fail(w, q, err)
		case q.Method == http.MethodPost:
			s.keepDraft(w, q)
		default:
			then := url.Values{"then": {q.URL.Path}}
			http.Redirect(w, q, deskOf(projectOf(q))+"/sign-in?"+then.Encode(), http.StatusSeeOther)
		}
	})
}

// signedIn is the person whose session a request carries.
func (s *server) signedIn(r *http.Request) (cvd.Actor, error) {
	if _, err := s.Casework.PolicyOf(projectOf(r)); err != nil {
		return cvd.Actor{}, err
	}
	c, err := r.Cookie(cookieName)
	if err != nil {
		return cvd.Actor{}, cvd.Errorf(cvd.Anonymous, "sign in first")
	}
	return s.Auth.Session(r.Context(), projectOf(r), c.Value)
}

// atDesk is the frame of a page for who is signed in.
func (s *server) atDesk(r *http.Request, here, title string) (frame, zone, error) {
	who := actorOf(r)
	f, z, err := s.within(who.Project, "", title)
	if err != nil {
		return frame{}, zone{}, err
	}
	p, err := s.Casework.PolicyOf(who.Project)
	if err != nil {
		return frame{}, zone{}, err
	}
	f.Desk = &deskhead{Root: deskOf(who.Project), Here: here, Me: who.Name, Roles: roleTitles(p, who.Roles), Sees: who.May(cvd.See), Runs: who.May(cvd.Administer), Keeps: casework.KeepsRegister(who)}
	then := deskOf(who.Project)
	if r.Method == http.MethodGet {
		then = r.URL.RequestURI()
	}
	z = chosen(r, z)
	f.Zoned = &zoned{At: f.Desk.Root + "/zone?" + url.Values{"then": {then}}.Encode(), Says: z.says()}
	return f, z, nil
}

// roleTitles are roles in the policy's words and order.
func roleTitles(p *casework.Policy, names []string) string {
	var titles []string
	for _, role := range p.Document.Roles {
		if slices.Contains(names, role.Name) {
			titles = append(titles, role.Title)
		}
	}
	return strings.Join(titles, ", ")
}

// backTo is where somebody goes after signing in: a page of the same desk, whatever the address says.
func backTo(project cvd.ProjectID, then string) string {
	if clean := path.Clean("/" + then); clean == then && strings.HasPrefix(then, deskOf(project)+"/") && !strings.ContainsAny(then, "\\\r\n") {
		return then
	}
	return deskOf(project)
}

// desksView is what desks.html shows: where the teams of this installation sign in.
type desksView struct {
	frame
	Projects []homeProject
}

var desksPage = page("desks.html")

// desks shows every project's door, and no more: whoever is signed in to one is let through by it.
func (s *server) desks(w http.ResponseWriter, _ *http.Request) error {
	v := desksView{frame: s.frame("Sign in")}
	for _, id := range s.Casework.Projects() {
		p, err := s.Casework.PolicyOf(id)
		if err != nil {
			return err
		}
		v.Projects = append(v.Projects, homeProject{Root: deskOf(id), Title: p.Document.Title})
	}
	s.show(w, http.StatusOK, desksPage, v)
	return nil
}
