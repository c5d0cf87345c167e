package web

import (
	"net/http"

	"github.com/tipstaff/tipstaff/cvd"
)

// published hands a request to the published documents. On the day of a disclosure everybody asks for the same few at once,
// so nothing is done for them but what must be: no line in the log, no number of the request. Where they have none, the answer
// is our page for whatever is not there: somebody who looks for what waits to be published finds what everybody finds.
func (s *server) published(absent http.Handler) http.Handler {
	if s.Site == nil {
		return absent
	}
	hard := http.Header{}
	s.harden(hard)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			absent.ServeHTTP(w, r)
			return
		}
		h := w.Header()
		for name, value := range hard { // values that nobody changes
			h[name] = value
		}
		f := found{ResponseWriter: w}
		if s.Site.ServeHTTP(&f, r); f.absent {
			clear(h) // of what was said of the other answer
			absent.ServeHTTP(w, r)
		}
	})
}

// nothingHere is what stands at every address that has no page and no document.
func (s *server) nothingHere(http.ResponseWriter, *http.Request) error { return cvd.NotFound }

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
