package auth

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"io"
	"strings"
	"time"

	"golang.org/x/crypto/argon2"

	"github.com/tipstaff/tipstaff/cvd"
)

// The cost of a password: RFC 9106, 4, the second recommended option, with one lane for each of two cores.
const (
	passes  = 3
	memory  = 64 << 10 // KiB
	lanes   = 2
	hashLen = 32
)

// HashPassword is what is kept of a password.
func (a *Auth) HashPassword(password string) (string, error) {
	if len(password) < 12 {
		return "", cvd.Fieldf("/password", "a password has at least 12 characters: a sentence is a good one")
	}
	salt := make([]byte, 16)
	if _, err := io.ReadFull(a.Rand, salt); err != nil {
		return "", fmt.Errorf("draw salt: %w", err)
	}
	kept, err := a.stretch(password, salt)
	if err != nil {
		return "", err
	}
	enc := base64.RawStdEncoding.EncodeToString
	return "argon2id$" + enc(salt) + "$" + enc(kept), nil
}

// Password is the person of the roster with this handle and password. A handle that does not exist costs as much.
func (a *Auth) Password(ctx context.Context, project cvd.ProjectID, handle cvd.ActorID, password string) (cvd.Actor, error) {
	p, kept, err := a.Store.Person(ctx, project, handle)
	if err != nil && cvd.KindOf(err) != cvd.NotFound {
		return cvd.Actor{}, err
	}
	parts := strings.Split(kept, "$")
	if len(parts) != 3 {
		parts = []string{"", base64.RawStdEncoding.EncodeToString(make([]byte, 16)), ""}
	}
	salt, err := base64.RawStdEncoding.DecodeString(parts[1])
	if err != nil {
		return cvd.Actor{}, fmt.Errorf("read the password of %s: %w", handle, err)
	}
	want, err := base64.RawStdEncoding.DecodeString(parts[2])
	if err != nil {
		return cvd.Actor{}, fmt.Errorf("read the password of %s: %w", handle, err)
	}
	got, err := a.stretch(password, salt)
	if err != nil {
		return cvd.Actor{}, err
	}
	if subtle.ConstantTimeCompare(got, want) != 1 || !p.Active {
		return cvd.Actor{}, wrong()
	}
	return a.member(project, p), nil
}

// stretch hashes a password slowly, a few at a time. Whoever comes when the queue is full is asked to come again: it must not
// grow without end.
func (a *Auth) stretch(password string, salt []byte) ([]byte, error) {
	select {
	case a.queue <- struct{}{}:
		defer func() { <-a.queue }()
	default:
		e := cvd.Errorf(cvd.Unavailable, "too many people are signing in at once: try again in a few seconds")
		e.After = 5 * time.Second
		return nil, e
	}
	a.slow <- struct{}{}
	defer func() { <-a.slow }()
	return argon2.IDKey([]byte(password), salt, passes, memory, lanes, hashLen), nil
}
