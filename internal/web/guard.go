package web

import (
	"crypto/rand"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
)

// always are headers of every answer. There is no script anywhere, so the policy allows none; a page may be in no frame.
var always = map[string]string{
	"Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; " +
		"frame-ancestors 'none'",
	"X-Content-Type-Options":       "nosniff",
	"Referrer-Policy":              "no-referrer",
	"Cross-Origin-Opener-Policy":   "same-origin",
	"Cross-Origin-Resource-Policy": "same-origin",
	"Permissions-Policy": "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), " +
		"microphone=(), midi=(), payment=(), usb=()",
	"Cache-Control": "no-store", // what may be kept says so itself
}

// guard is what every request passes before a page sees it: headers, a check that it comes from our own pages, a limit to
// its body, and a line in the log that names the route and never what was asked.
func (s *server) guard(r route, next http.Handler) http.Handler {
	inside := s.fromHere(s.limited(r.most, next))
	return http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		began := s.Now()
		id := rand.Text()[:12]
		q = q.WithContext(withRequest(q.Context(), id))
		s.harden(w.Header())
		seen := &observed{ResponseWriter: w, status: http.StatusOK}
		defer func() {
			if p := recover(); p != nil {
				s.survive(seen, q, p)
			}
			s.Log.LogAttrs(q.Context(), slog.LevelInfo, "request", slog.String("route", r.pattern), slog.String("method", method(q)),
				slog.Int("status", seen.status), slog.Duration("took", s.Now().Sub(began)), slog.String("request", id))
		}()
		inside.ServeHTTP(seen, q)
	})
}

// harden sets the headers of every answer.
func (s *server) harden(h http.Header) {
	for name, value := range always {
		h.Set(name, value)
	}
	if strings.HasPrefix(s.Base, "https://") {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
}

// survive answers for a page that panicked, unless the answer had begun.
func (s *server) survive(w *observed, q *http.Request, p any) {
	if p == http.ErrAbortHandler || w.begun {
		panic(http.ErrAbortHandler)
	}
	s.fail(w, q, fmt.Errorf("panic: %v\n%s", p, debug.Stack()))
}

// fromHere refuses a request that changes something and was sent by another site's page.
func (s *server) fromHere(next http.Handler) http.Handler {
	var own http.CrossOriginProtection
	own.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		s.fail(w, q, cvd.Errorf(cvd.Refused, "this came from the page of another site: open the form here and send it again"))
	}))
	return own.Handler(next)
}

// limited refuses a body that says it is too long before a byte of it is read, and stops reading one that turns out to be.
func (s *server) limited(most int64, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		if q.ContentLength > most {
			w.Header().Set("Connection", "close")
			s.fail(w, q, tooLarge())
			return
		}
		q.Body = http.MaxBytesReader(w, q.Body, most)
		next.ServeHTTP(w, q)
	})
}

func tooLarge() error {
	return cvd.Errorf(cvd.TooLarge, "this is more than is taken at once: a report has ten files of 10 MiB, and texts of 64 KiB")
}

// method is the request's method if it is one that we know: a log line holds nothing that a stranger made up.
func method(q *http.Request) string {
	switch q.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost:
		return q.Method
	}
	return "other"
}

// observed remembers what was answered.
type observed struct {
	http.ResponseWriter
	status int
	begun  bool
}

func (o *observed) WriteHeader(status int) {
	if !o.begun {
		o.status, o.begun = status, true
	}
	o.ResponseWriter.WriteHeader(status)
}

func (o *observed) Write(b []byte) (int, error) {
	o.begun = true
	return o.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach what is below.
func (o *observed) Unwrap() http.ResponseWriter { return o.ResponseWriter }
