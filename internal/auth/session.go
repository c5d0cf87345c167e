package auth

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/seal"
	"github.com/tipstaff/tipstaff/internal/store"
)

// SessionLasts is how long somebody stays signed in: a working day and a long evening. Then the password is asked again.
const SessionLasts = 14 * time.Hour

// sessionPrefix tells a session's token from a program's, so that neither passes for the other.
const sessionPrefix = "tss_"

// SignIn makes a session for the person with this handle and password. The token goes into a cookie and is kept nowhere
// else; of it only a hash is stored. Too many wrong passwords for one handle are TooMany for a while.
func (a *Auth) SignIn(ctx context.Context, project cvd.ProjectID, handle cvd.ActorID, password string) (token string, until time.Time, err error) {
	if err := a.tries.allow(string(project)+"/"+string(handle), a.Now()); err != nil {
		return "", time.Time{}, err
	}
	who, err := a.Password(ctx, project, handle, password)
	if err != nil {
		return "", time.Time{}, err
	}
	a.tries.forget(string(project) + "/" + string(handle))
	secret, err := seal.NewToken(a.Rand)
	if err != nil {
		return "", time.Time{}, fmt.Errorf("draw session: %w", err)
	}
	token = sessionPrefix + strings.TrimPrefix(secret, "tst_")
	until = a.Now().Add(SessionLasts)
	if err := a.Store.ForgetSessions(ctx, project, a.Now()); err != nil {
		return "", time.Time{}, err
	}
	err = a.Store.PutToken(ctx, store.Token{ID: token[4 : 4+tokenName], Project: project, Handle: who.ID, Hash: seal.HashToken(token), Expires: until, Session: true})
	return token, until, err
}

// Session is the person who signed in with this token, as the roster has them now.
func (a *Auth) Session(ctx context.Context, project cvd.ProjectID, token string) (cvd.Actor, error) {
	if !strings.HasPrefix(token, sessionPrefix) {
		return cvd.Actor{}, wrong()
	}
	return a.bearer(ctx, project, token, true)
}

// SignOut ends a session. That there was none is no error.
func (a *Auth) SignOut(ctx context.Context, project cvd.ProjectID, token string) error {
	if _, err := a.Session(ctx, project, token); err != nil {
		return nil // whoever is not signed in has nothing to end
	}
	return a.Store.RemoveToken(ctx, project, token[4:4+tokenName])
}
