package api

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

// door says who may come to an operation. Behind it casework decides again, for the case and by the policy.
type door string

// The doors, from the widest.
const (
	strangers      door = "stranger"      // anybody
	reporters      door = "reporter"      // whoever holds a credential of the project: a return code, an invitation, a token
	guests         door = "guest"         // invited guests and members
	members        door = "member"        // people of the project's roster
	administrators door = "administrator" // of them, those whose role may administer
)

// nearness orders the standings.
var nearness = map[cvd.Standing]int{cvd.Stranger: 0, cvd.Finder: 1, cvd.Guest: 2, cvd.Member: 3}

var needed = map[door]int{strangers: 0, reporters: 1, guests: 2, members: 3, administrators: 3}

// admit looks at the asker before anything is read, so that who has no credential learns nothing about what is there.
func (d door) admit(who cvd.Actor) error {
	switch {
	case needed[d] == 0:
		return nil
	case who.Standing == cvd.Stranger:
		return cvd.Errorf(cvd.Anonymous, "say who asks: Authorization: Bearer, with a token or a return code")
	case nearness[who.Standing] < needed[d]:
		return cvd.Errorf(cvd.Refused, "this is for people on the project's roster")
	case d == administrators && !who.May(cvd.Administer):
		return cvd.Errorf(cvd.Refused, "this is for those whose role may administer the project")
	}
	return nil
}

// operation is one row of the table of routes.
type operation struct {
	id, method, path string
	who              door
	summary          string

	in, out reflect.Type
	shape   *shape
	status  int
	headers []string // of the request that matter here
	most    int64    // bytes that a request may have, if not as every one
	run     func(s *server, a *asked, in any) (any, error)
}

// op makes a row from a handler: what it takes and answers is written in its types.
func op[In, Out any](id, pattern string, who door, summary string, run func(*server, *asked, In) (Out, error)) operation {
	method, path, _ := strings.Cut(pattern, " ")
	in := reflect.TypeFor[In]()
	return operation{id: id, method: method, path: path, who: who, summary: summary, in: in, out: reflect.TypeFor[Out](),
		shape: shapeOf(in), status: http.StatusOK,
		run: func(s *server, a *asked, in any) (any, error) { return run(s, a, in.(In)) }}
}

// stepOp makes a row from a step of casework.
func stepOp(step casework.Step) operation {
	in := reflect.TypeOf(step.In)
	return operation{id: step.Name, method: http.MethodPost, path: casePath + "/" + step.Name, who: reporters, summary: step.Doc,
		in: in, out: reflect.TypeFor[Case](), shape: shapeOf(in), status: http.StatusOK, headers: []string{"If-Match", "Idempotency-Key"},
		run: func(s *server, a *asked, in any) (any, error) {
			once, err := a.once()
			if err != nil {
				return nil, err
			}
			return a.changed(func(about casework.About) (cvd.View, error) {
				about.Once = once
				return step.Run(a.Context(), s.Casework, a.who, about, in)
			})
		}}
}

// creates marks an operation that makes something new.
func (op operation) creates() operation {
	op.status = http.StatusCreated
	return op
}

// takes lets a request have more bytes than others.
func (op operation) takes(most int64) operation {
	op.most = most
	return op
}

// with names headers of the request that the operation heeds.
func (op operation) with(headers ...string) operation {
	op.headers = headers
	return op
}

// nothing is what an operation takes that takes nothing.
type nothing struct{}

// file is an answer that is not JSON.
type file struct {
	Name string
	Type string
	Body []byte
}

// largestBody is how many bytes a request may have. Files go by the report's page.
const largestBody = 1 << 20

// read makes what was sent into what the operation takes: the body, or the query of a request without one.
func (op operation) read(w http.ResponseWriter, a *asked) (any, error) {
	in := reflect.New(op.in).Elem()
	var err error
	if a.Method == http.MethodGet || a.Method == http.MethodHead {
		err = readQuery(a.URL.Query(), op.shape, in)
	} else if err = a.readBody(w, cmp.Or(op.most, largestBody)); err == nil {
		body := a.body
		if len(body) == 0 { // which says as little as an object without members
			body = []byte("{}")
		}
		err = decode(body, op.shape, in)
	}
	return in.Interface(), err
}

func (a *asked) readBody(w http.ResponseWriter, largestBody int64) error {
	tooLarge := cvd.Errorf(cvd.TooLarge, "a request may have %d MiB: attach files on the report's page", largestBody>>20)
	if a.ContentLength > largestBody { // answered without reading it; the rest would be another request's beginning
		w.Header().Set("Connection", "close")
		return tooLarge
	}
	if a.ContentLength == 0 {
		return nil
	}
	media, _, err := mime.ParseMediaType(a.Header.Get("Content-Type"))
	if err != nil || media != "application/json" {
		return errMedia
	}
	var body bytes.Buffer
	body.Grow(int(max(a.ContentLength, 0)) + bytes.MinRead)
	_, err = body.ReadFrom(http.MaxBytesReader(w, a.Body, largestBody))
	a.body = body.Bytes()
	if _, over := errors.AsType[*http.MaxBytesError](err); over {
		return tooLarge
	}
	if err != nil {
		return cvd.Errorf(cvd.Invalid, "the request ended before its body did")
	}
	return nil
}

// readQuery reads the parameters of a query into a struct of texts, instants and numbers.
func readQuery(query url.Values, s *shape, v reflect.Value) error {
	var wrong faults
	for name, values := range query {
		f, known := s.fields[name]
		at := "/" + escape(name)
		if !known {
			wrong = append(wrong, Fault{at, fmt.Sprintf("there is no parameter %.40q here", name)})
			continue
		}
		target := v.Field(f.index)
		if target.Kind() == reflect.String {
			target.SetString(values[0])
			continue
		}
		if instant, ok := target.Addr().Interface().(*time.Time); ok {
			if err := instant.UnmarshalText([]byte(values[0])); err != nil {
				wrong = append(wrong, Fault{at, "expected an instant as 2026-12-01T16:00:00Z"})
			}
			continue
		}
		n, err := strconv.ParseInt(values[0], 10, 32)
		if err != nil || n < 1 {
			wrong = append(wrong, Fault{at, "expected a number from 1"})
		}
		target.SetInt(n)
	}
	if len(wrong) > 0 {
		return wrong
	}
	return nil
}

// answer writes what the operation answers.
func (op operation) answer(w http.ResponseWriter, a *asked, out any) error {
	if f, ok := out.(file); ok {
		a.head.Set("Content-Type", f.Type)
		if f.Name != "" { // whatever the file is, a browser must save it and not show it
			a.head.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": f.Name}))
		}
		_, err := w.Write(f.Body)
		return ignoreGone(err)
	}
	if tag := a.head.Get("ETag"); tag != "" && a.Method != http.MethodPost {
		a.head.Set("Cache-Control", "private, no-cache")
		if a.Header.Get("If-None-Match") == tag {
			w.WriteHeader(http.StatusNotModified)
			return nil
		}
	}
	b, err := json.Marshal(out)
	if err != nil {
		return fmt.Errorf("write the answer of %s: %w", op.id, err)
	}
	a.head.Set("Content-Type", "application/json")
	a.head.Set("Content-Length", strconv.Itoa(len(b))) // a longer one would be sent in chunks, in two writes
	w.WriteHeader(op.status)
	_, err = w.Write(b)
	return ignoreGone(err)
}

// ignoreGone forgets that the asker did not wait for the answer: nobody is left to be told.
func ignoreGone(error) error { return nil }

// about is the case of the path at the revision that the asker names in If-Match, if any (RFC 9110, 13.1.1).
func (a *asked) about() (casework.About, error) {
	id, err := a.caseID()
	if err != nil {
		return casework.About{}, err
	}
	match := a.Header.Get("If-Match")
	if match == "" || match == "*" {
		return casework.About{Case: id}, nil
	}
	rev, err := strconv.ParseInt(strings.Trim(match, `"`), 10, 64)
	if err != nil || rev < 1 {
		return casework.About{}, cvd.Errorf(cvd.Conflict, "If-Match names no revision: send the ETag of the case as you read it")
	}
	return casework.About{Case: id, Rev: rev}, nil
}

// changed takes a step about the case of the path and answers with the case as it is afterwards.
func (a *asked) changed(step func(casework.About) (cvd.View, error)) (Case, error) {
	about, err := a.about()
	if err != nil {
		return Case{}, err
	}
	v, err := step(about)
	if err != nil {
		return Case{}, err
	}
	a.tag(v)
	return caseOf(v), nil
}

// tag names the revision of a view. Instants in a case say for themselves what time changes, so the revision is enough.
func (a *asked) tag(v cvd.View) {
	if v.Rev > 0 {
		a.head.Set("ETag", strconv.Quote(strconv.FormatInt(v.Rev, 10)))
	}
}
