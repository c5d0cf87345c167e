package auth

import (
	"context"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// Granted is a token of a program or a session of a browser, without what it is known by.
type Granted struct {
	ID      string
	Handle  cvd.ActorID
	Expires time.Time // zero: it does not
	Session bool
	Began   time.Time // of a session: when its person signed in
}

// Granted lists the tokens and sessions of a project, those that ended included, for whoever may administer it.
func (a *Auth) Granted(ctx context.Context, who cvd.Actor) ([]Granted, error) {
	if err := administers(who); err != nil {
		return nil, err
	}
	tokens, err := a.Store.Tokens(ctx, who.Project)
	if err != nil {
		return nil, err
	}
	var all []Granted
	for _, t := range tokens {
		g := Granted{ID: t.ID, Handle: t.Handle, Expires: t.Expires, Session: t.Session}
		if t.Session {
			g.Began = t.Expires.Add(-SessionLasts)
		}
		all = append(all, g)
	}
	return all, nil
}

// Revoke makes a token or a session of the asker's project useless at once.
func (a *Auth) Revoke(ctx context.Context, who cvd.Actor, id string) error {
	if err := administers(who); err != nil {
		return err
	}
	t, err := a.Store.Token(ctx, id)
	if err != nil && cvd.KindOf(err) != cvd.NotFound {
		return err
	}
	if err != nil || t.Project != who.Project {
		return cvd.Errorf(cvd.NotFound, "there is no such token")
	}
	return a.Store.RemoveToken(ctx, who.Project, id)
}

func administers(who cvd.Actor) error {
	if who.Standing == cvd.Member && who.May(cvd.Administer) {
		return nil
	}
	return cvd.Errorf(cvd.Refused, "this is for those whose role may administer the project")
}
