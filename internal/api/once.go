package api

import (
	"bytes"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

// longestKey is how long an idempotency key may be.
const longestKey = 255

// once is the request with the key that makes it count once however often it is sent; nil if it has none. Another address,
// another asker, another revision or another body make another request, and a key is good for one.
func (a *asked) once() (*casework.Once, error) {
	key := a.Header.Get("Idempotency-Key")
	if len(key) > longestKey {
		return nil, cvd.Errorf(cvd.Invalid, "an Idempotency-Key has at most %d characters", longestKey)
	}
	if key == "" {
		return nil, nil
	}
	about := []string{a.Method, a.URL.Path, string(a.who.ID), a.Header.Get("If-Match"), ""}
	return &casework.Once{Key: key, Body: bytes.Join([][]byte{[]byte(strings.Join(about, "\n")), a.body}, nil)}, nil
}
