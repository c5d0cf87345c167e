package api

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// statuses is what each kind of error is in HTTP. Whatever has no kind is our fault, 500.
var statuses = map[cvd.Kind]int{
	cvd.Invalid:     http.StatusUnprocessableEntity,
	cvd.Anonymous:   http.StatusUnauthorized,
	cvd.Refused:     http.StatusForbidden,
	cvd.NotFound:    http.StatusNotFound,
	cvd.Conflict:    http.StatusConflict, // 412 where the asker named a revision
	cvd.TooLarge:    http.StatusRequestEntityTooLarge,
	cvd.TooMany:     http.StatusTooManyRequests,
	cvd.Unavailable: http.StatusServiceUnavailable,
}

// errMedia is a body of another type than JSON.
var errMedia = errors.New("send the body as Content-Type: application/json")

// Problem is an error as programs read it (RFC 9457): a type of about:blank, so the status says what kind it is.
type Problem struct {
	Title      string      `json:"title" doc:"The status in words."`
	Status     int         `json:"status" doc:"The HTTP status."`
	Detail     string      `json:"detail" doc:"What is wrong and what to do."`
	Clause     string      `json:"clause,omitempty" doc:"The clause of the policy that says no."`
	Earliest   time.Time   `json:"earliest,omitzero" doc:"The first instant at which it would pass, if only time is missing."`
	Objections []Objection `json:"objections,omitempty" doc:"Everything that the policy still asks for."`
	Errors     []Fault     `json:"errors,omitempty" doc:"The fields that are wrong."`
	Request    string      `json:"request,omitempty" doc:"The number of an internal error: tell it to whoever runs the installation."`

	after time.Duration // when to come back
}

// Objection is one reason why a step cannot be taken.
type Objection struct {
	Clause   string    `json:"clause,omitempty" doc:"The clause of the policy."`
	Says     string    `json:"says" doc:"What would have to happen."`
	Earliest time.Time `json:"earliest,omitzero" doc:"When it would pass, if only time is missing."`
}

// problemOf tells an error. Named says whether the asker named the revision that it was about.
func problemOf(err error, named bool) Problem {
	if errors.Is(err, errMedia) {
		return Problem{Status: http.StatusUnsupportedMediaType, Detail: err.Error()}
	}
	kind := cvd.KindOf(err)
	p := Problem{Status: statuses[kind], Detail: err.Error()}
	if kind == "" {
		return Problem{Status: http.StatusInternalServerError, Detail: "internal error"}
	}
	if kind == cvd.Conflict && named {
		p.Status = http.StatusPreconditionFailed
	}
	if all, ok := errors.AsType[faults](err); ok {
		p.Errors = all
	}
	if e, ok := errors.AsType[*cvd.Error](err); ok {
		p.Detail, p.Clause, p.Earliest, p.after = e.Says, e.Clause, e.Earliest, e.After
		p.Objections = each(e.All, func(o cvd.Objection) Objection { return Objection(o) })
		if e.Field != "" {
			p.Errors = []Fault{{e.Field, e.Says}}
		}
	}
	return p
}

// write answers with a problem.
func write(w http.ResponseWriter, p Problem) {
	p.Title = http.StatusText(p.Status)
	b, err := json.Marshal(p)
	if err != nil {
		panic(err) // texts and instants always marshal
	}
	h := w.Header()
	if p.Status == http.StatusServiceUnavailable || p.Status == http.StatusTooManyRequests {
		h.Set("Retry-After", strconv.Itoa(max(1, int((p.after+time.Second-1)/time.Second))))
	}
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.Status)
	_, _ = w.Write(b) // the asker may be gone
}

// err makes a problem that a server told the error that it was there.
func (p Problem) err() error {
	kind := cvd.Unavailable
	for k, status := range statuses {
		if status == p.Status {
			kind = k
		}
	}
	switch p.Status {
	case http.StatusPreconditionFailed:
		kind = cvd.Conflict
	case http.StatusUnsupportedMediaType:
		kind = cvd.Invalid
	}
	e := cvd.Errorf(kind, "%s", p.Detail)
	e.Clause, e.Earliest, e.After = p.Clause, p.Earliest, p.after
	e.All = each(p.Objections, func(o Objection) cvd.Objection { return cvd.Objection(o) })
	if len(p.Errors) == 1 {
		e.Field = p.Errors[0].Pointer
	}
	if p.Request != "" {
		e.Says += " (request " + p.Request + ")"
	}
	return e
}

// each turns the items of a list; nothing stays nothing.
func each[A, B any](list []A, turn func(A) B) []B {
	if len(list) == 0 {
		return nil
	}
	out := slices.Grow([]B(nil), len(list))
	for _, a := range list {
		out = append(out, turn(a))
	}
	return out
}
