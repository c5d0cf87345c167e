package api

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tipstaff/tipstaff/cvd"
)

func TestEachKindOfErrorHasItsStatus(t *testing.T) {
	for _, c := range []struct {
		err   error
		named bool
		want  int
	}{
		{cvd.Errorf(cvd.Invalid, "x"), false, 422},
		{cvd.Errorf(cvd.Anonymous, "x"), false, 401},
		{cvd.Errorf(cvd.Refused, "x"), false, 403},
		{cvd.Errorf(cvd.NotFound, "x"), false, 404},
		{cvd.Errorf(cvd.Conflict, "x"), false, 409},
		{cvd.Errorf(cvd.Conflict, "x"), true, 412},
		{cvd.Errorf(cvd.Refused, "x"), true, 403},
		{cvd.Errorf(cvd.TooLarge, "x"), false, 413},
		{cvd.Errorf(cvd.TooMany, "x"), false, 429},
		{cvd.Errorf(cvd.Unavailable, "x"), false, 503},
		{fmt.Errorf("read case: %w", cvd.Errorf(cvd.NotFound, "x")), false, 404},
		{errMedia, false, 415},
		{faults{{"/title", "x"}}, false, 422},
		{errors.New("disk on fire at /var/lib"), false, 500},
	} {
		if got := problemOf(c.err, c.named).Status; got != c.want {
			t.Errorf("problemOf(%v, named %v) has status %d, want %d", c.err, c.named, got, c.want)
		}
	}
}

func TestAnErrorWithoutKindTellsTheAskerNothing(t *testing.T) {
	if got := problemOf(errors.New("pq: relation JUNO-7KQ4 does not exist"), false).Detail; got != "internal error" {
		t.Errorf("the asker reads %q, want %q", got, "internal error")
	}
}

// TestTheClientHearsWhatTheServerSaid: an error goes out as a problem and comes back as the same error.
func TestTheClientHearsWhatTheServerSaid(t *testing.T) {
	earliest := time.Date(2026, 3, 5, 12, 0, 0, 0, time.UTC)
	for _, want := range []*cvd.Error{
		{Kind: cvd.Refused, Says: "27 hours have not passed; nobody approved", Clause: "steps.release.requires.wait", Earliest: earliest,
			All: []cvd.Objection{{Clause: "steps.release.requires.wait", Says: "27 hours have not passed", Earliest: earliest},
				{Clause: "steps.release.requires.approval", Says: "nobody approved"}}},
		{Kind: cvd.Invalid, Field: "/vector", Says: "AV is missing"},
		{Kind: cvd.Unavailable, Says: "the database does not answer", After: 7 * time.Second},
		{Kind: cvd.TooMany, Says: "too often", After: time.Minute},
		{Kind: cvd.Conflict, Says: "somebody was faster"},
		{Kind: cvd.NotFound, Says: "there is no such case, or it is not open to you"},
	} {
		t.Run(string(want.Kind), func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { write(w, problemOf(want, false)) }))
			defer server.Close()
			_, err := (&Client{Server: server.URL}).Case(t.Context(), "juno", "JUNO-7KQ4")
			got, ok := errors.AsType[*cvd.Error](err)
			if !ok {
				t.Fatalf("the client's error is %T, want *cvd.Error", err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("the error (-server +client):\n%s", diff)
			}
		})
	}
}

func TestTheClientSaysThatAServerIsNotOurs(t *testing.T) {
	for name, h := range map[string]http.HandlerFunc{
		"a proxy's error page": func(w http.ResponseWriter, _ *http.Request) {
			http.Error(w, "<h1>Bad Gateway</h1>", http.StatusBadGateway)
		},
		"a page": func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html>") },
		"a line cut off": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			fmt.Fprint(w, "{")
		},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(h)
			defer server.Close()
			if _, err := (&Client{Server: server.URL}).Projects(t.Context()); !errors.Is(err, cvd.Unavailable) {
				t.Errorf("the error is %v, want Unavailable", err)
			}
		})
	}
	server := httptest.NewServer(nil)
	server.Close()
	if _, err := (&Client{Server: server.URL}).Projects(t.Context()); !errors.Is(err, cvd.Unavailable) {
		t.Errorf("a server that is not there: %v, want Unavailable", err)
	}
}
