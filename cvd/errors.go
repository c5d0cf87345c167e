package cvd

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"
)

// Kind is what went wrong as seen by the asker. A Kind is an error, so that errors.Is(err, cvd.NotFound) asks for it.
type Kind string

func (k Kind) Error() string { return string(k) }

// The eight kinds. Whatever has none of them is our own fault.
const (
	Invalid     Kind = "invalid"       // what was sent does not fit; the field is named
	Anonymous   Kind = "not signed in" // nobody is asking, and somebody must
	Refused     Kind = "refused"       // the policy or a state machine says no
	NotFound    Kind = "not found"     // absent, or withheld: the same answer
	Conflict    Kind = "conflict"      // somebody else was faster; read again
	TooLarge    Kind = "too large"     // more bytes than are taken
	TooMany     Kind = "too many"      // too often; come back later
	Unavailable Kind = "not available" // the database or the disk does not answer
)

// Error is an error with a kind: a sentence that the asker reads, and what a program needs to act on it.
type Error struct {
	Kind     Kind
	Says     string        // what is wrong and what to do
	Field    string        // JSON pointer of the field meant ("/title"), if one is
	Clause   string        // the clause of the policy that says no ("steps.release.requires[wait]"), if one does
	Earliest time.Time     // the first instant at which it would pass, if only time is missing
	After    time.Duration // when to come back (TooMany, Unavailable)
	All      []Objection   // every objection of the policy, of which Says tells the first
}

// Errorf makes an error of a kind; the sentence must not name what the asker may not know.
func Errorf(kind Kind, format string, args ...any) *Error {
	return &Error{Kind: kind, Says: fmt.Sprintf(format, args...)}
}

// Fieldf makes an Invalid error about one field, named by its JSON pointer.
func Fieldf(field, format string, args ...any) *Error {
	for i, verb := range verb.FindAllString(format, len(args)) {
		if said, ok := args[i].(string); ok && strings.HasSuffix(verb, "q") { // what somebody typed is quoted
			args[i] = excerpt(said)
		}
	}
	return &Error{Kind: Invalid, Field: field, Says: fmt.Sprintf(format, args...)}
}

// verb is a place in a format that an argument goes to.
var verb = regexp.MustCompile(`%[-+# 0-9.]*[a-z]`)

// excerpt is as much of what somebody typed as tells them which it was: at most 200 characters.
func excerpt(said string) string {
	at := 0
	for i := range said {
		if at++; at > 200 {
			return said[:i] + "…"
		}
	}
	return said
}

func (e *Error) Error() string { return e.Says }

// Unwrap makes errors.Is answer for the kind.
func (e *Error) Unwrap() error { return e.Kind }

// KindOf is the kind of an error, or "" when it has none and is our fault.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	var k Kind
	if errors.As(err, &k) {
		return k
	}
	return ""
}
