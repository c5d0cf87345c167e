// Package auth says who is asking: it turns a token, a password or a return code into an actor of one project.
//
// Begin with Auth. To add a way to sign in, write a file named after it with a method that ends in an actor.
// It decides nothing about what an actor may see, keeps no session in memory but the count of wrong tries, and never tells whether it was the name or the
// secret that was wrong.
package auth

import (
	"context"
	"crypto/rand"
	"io"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/store"
)

// Auth says who is asking. Can and Holder are handed in: what roles may do is the policy's, who holds a code is the case's.
// Held is Holder by what is kept of the code.
type Auth struct {
	Store  *store.Store
	Now    func() time.Time
	Can    func(cvd.ProjectID, []string) []cvd.Capability
	Holder func(context.Context, cvd.ProjectID, cvd.CaseID, string) (cvd.Actor, error)
	Held   func(context.Context, cvd.ProjectID, cvd.CaseID, []byte) (cvd.Actor, error)
	Rand   io.Reader     // crypto/rand.Reader if nil
	slow   chan struct{} // those whose password is being hashed
	queue  chan struct{} // and those who wait for it
	tries  *tries
}

// New makes an Auth; at most two passwords are hashed at once, since each takes 64 MiB. A few wait for their turn, and who
// comes after them is sent away.
func New(a Auth) *Auth {
	if a.Rand == nil {
		a.Rand = rand.Reader
	}
	a.slow, a.queue, a.tries = make(chan struct{}, 2), make(chan struct{}, 32), new(tries)
	return &a
}

// Bearer is the actor that a bearer credential speaks for in a project: a token of somebody on the roster, or a return code.
// An empty credential is a stranger; a wrong one is refused.
func (a *Auth) Bearer(ctx context.Context, project cvd.ProjectID, credential string) (cvd.Actor, error) {
	switch {
	case credential == "":
		return cvd.Nobody(project), nil
	case strings.HasPrefix(credential, "tst_"):
		return a.Token(ctx, project, credential)
	default:
		return a.Code(ctx, project, credential)
	}
}

// Code is the holder of a return code or of an invitation: JUNO-7KQ4-xxxx-xxxx-xxxx-xxxx.
func (a *Auth) Code(ctx context.Context, project cvd.ProjectID, code string) (cvd.Actor, error) {
	id, secret, err := splitCode(code)
	if err != nil {
		return cvd.Actor{}, err
	}
	return a.Holder(ctx, project, id, secret)
}

// splitCode is the case that a code names, and its secret.
func splitCode(code string) (id cvd.CaseID, secret string, err error) {
	parts := strings.SplitN(strings.TrimSpace(code), "-", 3)
	if len(parts) < 3 {
		return "", "", cvd.Errorf(cvd.NotFound, "a return code looks like JUNO-7KQ4-xxxx-xxxx-xxxx-xxxx")
	}
	if id, err = cvd.ParseCaseID(parts[0] + "-" + parts[1]); err != nil {
		id = "none" // the same work and the same answer as for a case that is absent
	}
	return id, parts[2], nil
}

// member is an active person of the roster as an actor.
func (a *Auth) member(project cvd.ProjectID, p cvd.Person) cvd.Actor {
	return cvd.Actor{Project: project, ID: p.Handle, Name: p.Name, Standing: cvd.Member, Roles: p.Roles, Can: a.Can(project, p.Roles)}
}

// wrong is the one answer to a credential that does not fit.
func wrong() error {
	return cvd.Errorf(cvd.Anonymous, "this name and secret do not fit together, or they are no longer valid")
}
