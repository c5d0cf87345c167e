// Package api speaks JSON with programs: the routes below /api/v1, their OpenAPI document, and the client for them.
//
// Begin with routes.go, the table of every operation and of who may come, then serve below, which all of them go through.
// To add a resource, write a file named after it with its struct, its handler and the client's method, and its line in
// routes.go; a new step of the process needs nothing here.
// This package never decides about a case, holds none, reads no cookie, and says nothing that casework did not let it see.
package api

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"sync"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/auth"
	"github.com/tipstaff/tipstaff/internal/casework"
)

// Prefix is where the operations stand; another promise would get another number.
const Prefix = "/api/v1"

// Config is what the API needs.
type Config struct {
	Casework *casework.Casework
	Auth     *auth.Auth
	Base     string // public address of the installation, without a slash at the end
	Version  string // of the program, for the OpenAPI document
	Log      *slog.Logger
}

// server answers the operations.
type server struct {
	Config
	mux *http.ServeMux
}

// Mount adds everything below Prefix to mux.
func Mount(mux *http.ServeMux, cfg Config) {
	s := &server{Config: cfg, mux: http.NewServeMux()}
	for _, op := range operations {
		s.mux.Handle(op.method+" "+Prefix+op.path, s.handler(op))
	}
	described := sync.OnceValue(func() document { return describe(cfg.Base, cfg.Version) })
	s.mux.Handle("GET "+Prefix+"/openapi.json", written("application/openapi+json", func() ([]byte, error) {
		return json.MarshalIndent(described().OpenAPI, "", "  ")
	}))
	s.mux.Handle("GET "+Prefix+"/openapi.yaml", written("application/openapi+yaml", func() ([]byte, error) { return described().YAML() }))
	mux.Handle(Prefix+"/", s)
}

// ServeHTTP finds the operation; what none answers gets a problem document too.
func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Cache-Control", "no-store")
	h, pattern := s.mux.Handler(r)
	if pattern != "" {
		s.mux.ServeHTTP(w, r)
		return
	}
	miss := probe{header: http.Header{}}
	h.ServeHTTP(&miss, r)
	if miss.status == http.StatusMethodNotAllowed {
		w.Header().Set("Allow", miss.header.Get("Allow"))
		write(w, Problem{Status: miss.status, Detail: "this address does not take " + r.Method + ": see the header Allow"})
		return
	}
	write(w, problemOf(cvd.Errorf(cvd.NotFound, "there is nothing at this address: %s/openapi.json lists what there is", Prefix), false))
}

// probe hears what the standard library would have answered.
type probe struct {
	header http.Header
	status int
}

func (p *probe) Header() http.Header         { return p.header }
func (p *probe) Write(b []byte) (int, error) { return len(b), nil }
func (p *probe) WriteHeader(status int)      { p.status = status }

// asked is one request: who asks, within which project, and what goes back besides the body.
type asked struct {
	*http.Request
	who  cvd.Actor
	body []byte // as sent
	head http.Header
}

// project and caseID are what the path names; a case is found as people type its id.
func (a *asked) project() cvd.ProjectID { return cvd.ProjectID(a.PathValue("project")) }

func (a *asked) caseID() (cvd.CaseID, error) { return cvd.ParseCaseID(a.PathValue("case")) }

// handler makes an HTTP handler of an operation. A panic is our fault like every error without kind.
func (s *server) handler(op operation) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			if p := recover(); p != nil && p != http.ErrAbortHandler {
				s.fail(w, r, op, fmt.Errorf("panic: %v\n%s", p, debug.Stack()))
			} else if p != nil {
				panic(p)
			}
		}()
		if err := s.serve(op, w, r); err != nil {
			s.fail(w, r, op, err)
		}
	})
}

// serve is the way of every request: who asks, may they come, what was sent, the operation, the answer.
func (s *server) serve(op operation, w http.ResponseWriter, r *http.Request) error {
	a := &asked{Request: r, head: w.Header()}
	a.head.Add("Vary", "Authorization")
	if err := s.identify(a); err != nil {
		return err
	}
	if err := op.who.admit(a.who); err != nil {
		return err
	}
	in, err := op.read(w, a)
	if err != nil {
		return err
	}
	out, err := op.run(s, a, in)
	if err != nil {
		return err
	}
	return op.answer(w, a, out)
}

// identify says who asks. Credentials come in the header Authorization only, so that no page elsewhere can send them along.
func (s *server) identify(a *asked) error {
	if a.PathValue("project") == "" {
		return nil
	}
	scheme, credential, _ := strings.Cut(a.Header.Get("Authorization"), " ")
	if scheme != "" && !strings.EqualFold(scheme, "Bearer") {
		return cvd.Errorf(cvd.Anonymous, "the credential is a bearer token: Authorization: Bearer tst_…, or a return code")
	}
	who, err := s.Auth.Bearer(a.Context(), a.project(), strings.TrimSpace(credential))
	if errors.Is(err, cvd.NotFound) { // RFC 6750, 3.1: a credential that is not known is not one
		return cvd.Errorf(cvd.Anonymous, "%v", err)
	}
	a.who = who
	return err
}

// fail answers an error. One without kind is logged whole; the asker gets its number only.
func (s *server) fail(w http.ResponseWriter, r *http.Request, op operation, err error) {
	p := problemOf(err, r.Header.Get("If-Match") != "")
	switch p.Status {
	case http.StatusInternalServerError:
		p.Request = rand.Text()[:12]
		s.Log.ErrorContext(r.Context(), "internal error", "request", p.Request, "operation", op.id, "error", err)
	case http.StatusUnauthorized:
		w.Header().Set("WWW-Authenticate", `Bearer realm="tipstaff"`)
	}
	write(w, p)
}
