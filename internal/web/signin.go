package web

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

var (
	signInPage = page("signin.html")
	keptPage   = page("kept.html")
)

// signInView is what signin.html shows.
type signInView struct {
	frame
	Then     string // the page that was wanted
	Handle   input
	Kept     []typedField // what was sent when the session had ended
	Files    bool         // whether files were sent with it, which no page can keep
	Problems *problems
}

// keptView is what kept.html shows: what was typed before the session ended, ready to be sent.
type keptView struct {
	frame
	Then  string
	Kept  []typedField
	Files bool
}

const keptPrefix = "kept."

// askSignIn shows the form to sign in.
func (s *server) askSignIn(w http.ResponseWriter, r *http.Request) error {
	v, err := s.signInForm(r, r.URL.Query().Get("then"), url.Values{})
	if err != nil {
		return err
	}
	if _, err := s.signedIn(r); err == nil {
		http.Redirect(w, r, v.Then, http.StatusSeeOther)
		return nil
	}
	s.show(w, http.StatusOK, signInPage, v)
	return nil
}

func (s *server) signInForm(r *http.Request, then string, typed url.Values) (signInView, error) {
	f, _, err := s.within(projectOf(r), "sign-in", "Sign in")
	if err != nil {
		return signInView{}, err
	}
	handle := input{Name: "handle", Label: "Name", Help: "Your short name on the project's roster, such as anna", Required: true, Autocomplete: "username"}
	return signInView{frame: f, Then: backTo(projectOf(r), then), Handle: handle.filled(typed)}, nil
}

// signIn opens a session for who knows the password, and goes on to the page that was wanted.
func (s *server) signIn(w http.ResponseWriter, r *http.Request) error {
	in, err := read(r)
	if err != nil {
		return err
	}
	v, err := s.signInForm(r, in.values.Get("then"), in.values)
	if err != nil {
		return err
	}
	v.Kept, v.Files = keptOf(in.values), in.values.Get("files") != ""
	handle := cvd.ActorID(strings.ToLower(strings.TrimSpace(in.values.Get("handle"))))
	token, until, err := s.Auth.SignIn(r.Context(), projectOf(r), handle, in.values.Get("password"))
	if e := asError(err); e != nil {
		v.Problems = &problems{Heading: "You are not signed in", Lines: []problem{{Field: "handle", Says: upperFirst(e.Says)}}}
		retryAfter(w, e)
		s.show(w, statuses[e.Kind].code, signInPage, v)
		return nil
	}
	if err != nil {
		return err
	}
	s.setCookie(w, projectOf(r), token, int(until.Sub(s.Now())/time.Second))
	if len(v.Kept) > 0 {
		w.Header().Set("Content-Security-Policy", deskPolicy)
		s.show(w, http.StatusOK, keptPage, keptView{frame: v.frame, Then: v.Then, Kept: v.Kept, Files: v.Files})
		return nil
	}
	http.Redirect(w, r, v.Then, http.StatusSeeOther)
	return nil
}

// signOut ends the session.
func (s *server) signOut(w http.ResponseWriter, r *http.Request) error {
	if c, err := r.Cookie(cookieName); err == nil {
		if err := s.Auth.SignOut(r.Context(), projectOf(r), c.Value); err != nil {
			return err
		}
	}
	s.setCookie(w, projectOf(r), "", -1)
	w.Header().Set("Clear-Site-Data", `"cache", "storage"`)
	http.Redirect(w, r, deskOf(projectOf(r))+"/sign-in", http.StatusSeeOther)
	return nil
}

// setCookie keeps a session in the browser. It is sent to the desk of this project alone, and no script can read it.
func (s *server) setCookie(w http.ResponseWriter, project cvd.ProjectID, token string, seconds int) {
	http.SetCookie(w, &http.Cookie{Name: cookieName, Value: token, Path: deskOf(project), MaxAge: seconds, HttpOnly: true,
		Secure: strings.HasPrefix(s.Base, "https://"), SameSite: http.SameSiteLaxMode})
}

// keepDraft asks somebody to sign in again whose session ended while they wrote, with all that they wrote in the page.
func (s *server) keepDraft(w http.ResponseWriter, r *http.Request) {
	in, err := read(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	v, err := s.signInForm(r, r.URL.Path, url.Values{})
	if err != nil {
		s.fail(w, r, err)
		return
	}
	v.Kept = handedOn(in.values, func(name string) (string, bool) { return name, true })
	v.Files = len(in.files) > 0
	v.Problems = &problems{Heading: "Your session has ended", Lines: []problem{{Says: "What you wrote is kept in this page. Sign in, and you can send it."}}}
	s.show(w, http.StatusUnauthorized, signInPage, v)
}

// keptOf are the texts that a sign-in form carried along.
func keptOf(values url.Values) []typedField {
	return handedOn(values, func(name string) (string, bool) { return strings.CutPrefix(name, keptPrefix) })
}

// Long says whether the text is shown to who kept it: what a form only carries along says nothing to them.
func (k typedField) Long() bool { return len(k.Value) > 20 || strings.Contains(k.Value, " ") }
