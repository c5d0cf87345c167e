package web

import (
	"net/http"

	"github.com/tipstaff/tipstaff/cvd"
)

// published hands a request to the published documents. Where they have none, the answer is our page for whatever is not
// there: somebody who looks for what waits to be published finds what everybody finds.
func (s *server) published(w http.ResponseWriter, r *http.Request) error {
	if s.Site == nil {
		return cvd.NotFound
	}
	f := &found{ResponseWriter: w}
	s.Site.ServeHTTP(f, r)
	if !f.absent {
		return nil
	}
	clear(w.Header()) // of what was said of the other answer
	s.harden(w.Header())
	return cvd.NotFound
}

// found lets an answer pass unless it is that nothing was found.
type found struct {
	http.ResponseWriter
	begun, absent bool
}

func (f *found) WriteHeader(status int) {
	if status == http.StatusNotFound && !f.begun {
		f.absent = true
		return
	}
	f.begun = true
	f.ResponseWriter.WriteHeader(status)
}

func (f *found) Write(b []byte) (int, error) {
	if f.absent {
		return len(b), nil
	}
	f.begun = true
	return f.ResponseWriter.Write(b)
}
