package web

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// statuses says which HTTP status a kind of error has, and what its page is called.
var statuses = map[cvd.Kind]struct {
	code  int
	title string
}{
	cvd.Invalid:     {http.StatusUnprocessableEntity, "Something here does not fit"},
	cvd.Anonymous:   {http.StatusUnauthorized, "Nobody is signed in"},
	cvd.Refused:     {http.StatusForbidden, "This is refused"},
	cvd.NotFound:    {http.StatusNotFound, "There is nothing here"},
	cvd.Conflict:    {http.StatusConflict, "Somebody else was faster"},
	cvd.TooLarge:    {http.StatusRequestEntityTooLarge, "This is too large"},
	cvd.TooMany:     {http.StatusTooManyRequests, "This comes too often"},
	cvd.Unavailable: {http.StatusServiceUnavailable, "This cannot be answered now"},
}

var errorPage = page("error.html")

// errorView is what error.html shows.
type errorView struct {
	frame
	Says     string
	Clause   clause
	Earliest moment
	Request  string // of an internal error, to find it in the log
}

// fail answers with the page of an error. What is absent and what is withheld are one page, to the byte.
func (s *server) fail(w http.ResponseWriter, r *http.Request, err error) {
	var tooLong *http.MaxBytesError
	if errors.As(err, &tooLong) {
		err = tooLarge()
	}
	kind := cvd.KindOf(err)
	is, known := statuses[kind]
	if !known {
		id := requestOf(r.Context())
		s.Log.ErrorContext(r.Context(), "internal error", "request", id, "err", err)
		v := errorView{frame: s.frame("Internal error"), Says: "Internal error: the fault is ours. Nothing that you sent was lost on purpose; try again.", Request: id}
		s.show(w, http.StatusInternalServerError, errorPage, v)
		return
	}
	v := errorView{frame: s.frame(is.title)}
	if kind == cvd.NotFound {
		v.Says = "The page does not exist, or it is not open to you. Addresses of cases work only with the code that belongs to them."
	} else if e, ok := errors.AsType[*cvd.Error](err); ok {
		v.Says, v.Clause, v.Earliest = upperFirst(e.Says), s.clausesOf(projectOf(r), 0).at(e.Clause), utc.at(e.Earliest)
		retryAfter(w, e)
	}
	s.show(w, is.code, errorPage, v)
}

// retryAfter says when to come back, if the error knows.
func retryAfter(w http.ResponseWriter, e *cvd.Error) {
	if e.After > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(max(e.After/time.Second, 1))))
	}
}

type requestKey struct{}

// withRequest keeps the id of a request, by which its lines are found in the log.
func withRequest(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, requestKey{}, id)
}

func requestOf(ctx context.Context) string {
	id, _ := ctx.Value(requestKey{}).(string)
	return id
}

// asError is the error that is told to the asker; nil for none and for what is our own fault.
func asError(err error) *cvd.Error {
	if e, ok := errors.AsType[*cvd.Error](err); ok && statuses[e.Kind].code != 0 {
		return e
	}
	return nil
}
