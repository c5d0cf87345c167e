package api

import (
	"context"
	"net/http"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// session is how long a token lasts that a password was given for.
const session = 12 * time.Hour

// Credentials are somebody's name on the roster and password.
type Credentials struct {
	Name     cvd.ActorID `json:"name" doc:"The handle on the roster."`
	Password string      `json:"password"`
}

// Token is a bearer credential of somebody on the roster.
type Token struct {
	Token   string    `json:"token" doc:"It is shown once and kept nowhere."`
	Expires time.Time `json:"expires,omitzero" doc:"From when on it is good for nothing; absent: never."`
}

// SignIn trades a password for a token of twelve hours.
func (c *Client) SignIn(ctx context.Context, project cvd.ProjectID, in Credentials) (Token, error) {
	var out Token
	return out, c.do(ctx, call{method: http.MethodPost, path: projectPathOf(project) + "/sign-in", in: in}, &out)
}

func (s *server) signIn(a *asked, in Credentials) (Token, error) {
	who, err := s.Auth.Password(a.Context(), a.project(), in.Name, in.Password)
	if err != nil {
		return Token{}, err
	}
	return s.token(a, who.ID, s.Casework.Now().Add(session))
}

// NewToken asks for a token of somebody on the roster.
type NewToken struct {
	Handle cvd.ActorID `json:"handle"`
	Days   int         `json:"days,omitempty" doc:"After so many days it ends; without it, never." minimum:"0" maximum:"3650"`
}

// NewToken makes a token for somebody on the roster.
func (c *Client) NewToken(ctx context.Context, project cvd.ProjectID, in NewToken) (Token, error) {
	var out Token
	return out, c.do(ctx, call{method: http.MethodPost, path: projectPathOf(project) + "/tokens", in: in}, &out)
}

func (s *server) newToken(a *asked, in NewToken) (Token, error) {
	if p, known := s.Casework.Person(a.project(), in.Handle); !known || !p.Active {
		return Token{}, cvd.Fieldf("/handle", "nobody on the roster has this handle, or they have left")
	}
	if in.Days < 0 || in.Days > 3650 {
		return Token{}, cvd.Fieldf("/days", "a token lasts from 1 to 3650 days, or without an end")
	}
	var expires time.Time
	if in.Days > 0 {
		expires = s.Casework.Now().AddDate(0, 0, in.Days)
	}
	return s.token(a, in.Handle, expires)
}

func (s *server) token(a *asked, handle cvd.ActorID, expires time.Time) (Token, error) {
	token, err := s.Auth.NewToken(a.Context(), a.project(), handle, expires)
	return Token{token, expires}, err
}
