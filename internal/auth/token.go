package auth

import (
	"context"
	"fmt"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/seal"
	"github.com/tipstaff/tipstaff/internal/store"
)

// Tokens have 160 random bits, so a fast hash keeps them; their first letters after the prefix name them.
const tokenName = 8

// NewToken makes a token for somebody on the roster; it is shown once. Expires zero: it does not.
func (a *Auth) NewToken(ctx context.Context, project cvd.ProjectID, handle cvd.ActorID, expires time.Time) (string, error) {
	token, err := seal.NewToken(a.Rand)
	if err != nil {
		return "", fmt.Errorf("draw token: %w", err)
	}
	err = a.Store.PutToken(ctx, store.Token{ID: token[4 : 4+tokenName], Project: project, Handle: handle, Hash: seal.HashToken(token), Expires: expires})
	return token, err
}

// Token is the person whom a program's token speaks for.
func (a *Auth) Token(ctx context.Context, project cvd.ProjectID, token string) (cvd.Actor, error) {
	return a.bearer(ctx, project, token, false)
}

// bearer is the person whom a token speaks for: a browser's that is signed in, or a program's.
func (a *Auth) bearer(ctx context.Context, project cvd.ProjectID, token string, session bool) (cvd.Actor, error) {
	if len(token) < 4+tokenName {
		return cvd.Actor{}, wrong()
	}
	t, err := a.Store.Token(ctx, token[4:4+tokenName])
	if err != nil && cvd.KindOf(err) != cvd.NotFound {
		return cvd.Actor{}, err
	}
	if !seal.SameSecret(seal.HashToken(token), t.Hash) || t.Project != project || t.Session != session || !t.Expires.IsZero() && !a.Now().Before(t.Expires) {
		return cvd.Actor{}, wrong()
	}
	p, _, err := a.Store.Person(ctx, project, t.Handle)
	if err != nil {
		return cvd.Actor{}, err
	}
	if !p.Active {
		return cvd.Actor{}, wrong()
	}
	return a.member(project, p), nil
}
