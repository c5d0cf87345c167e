package seal

import (
	"fmt"
	"io"
)

// hidden holds a secret and prints as "sealed".
//
// The methods do not suffice: fmt calls none on an unexported field of somebody's struct, and
// prints what it finds there, through a pointer too where the verb does not fit. What a
// function would return it cannot find.
type hidden[T any] struct {
	get func() T // nil in the zero value, which holds nothing
}

func hide[T any](secret T) hidden[T] { return hidden[T]{get: func() T { return secret }} }

// String returns "sealed".
func (hidden[T]) String() string { return "sealed" }

// GoString returns "sealed".
func (h hidden[T]) GoString() string { return h.String() }

// Format writes "sealed" for every verb, %x and %d too.
func (h hidden[T]) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, h.String()) }

// MarshalText returns "sealed", so that no document holds a secret by accident.
func (h hidden[T]) MarshalText() ([]byte, error) { return []byte(h.String()), nil }
