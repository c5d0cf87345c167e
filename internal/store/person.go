package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// private is what is sealed of a person.
type private struct {
	Name    string `json:"name"`
	Address string `json:"address"`
}

const putPerson = `INSERT INTO people (project, handle, roles, active, password, sealed) VALUES ($1, $2, $3, $4, $5, $6)
	ON CONFLICT (project, handle) DO UPDATE SET roles = excluded.roles, active = excluded.active, password = excluded.password, sealed = excluded.sealed`

// PutPerson keeps somebody on the project's roster; password is a slow hash, or empty for somebody who cannot sign in with
// one. A new password, and leaving, sign them out everywhere.
func (s *Store) PutPerson(ctx context.Context, project cvd.ProjectID, person cvd.Person, password string) error {
	p, err := s.open(ctx, project)
	if err != nil {
		return err
	}
	roles, err := json.Marshal(person.Roles)
	if err != nil {
		return fmt.Errorf("keep %s: %w", person.Handle, err)
	}
	plain, err := json.Marshal(private{person.Name, person.Address})
	if err != nil {
		return fmt.Errorf("keep %s: %w", person.Handle, err)
	}
	_, was, err := s.Person(ctx, project, person.Handle)
	if err != nil && !errors.Is(err, cvd.NotFound) {
		return err
	}
	_, err = s.write.ExecContext(ctx, putPerson, string(project), string(person.Handle), string(roles), person.Active, password,
		p.content.Seal(plain, string(project), "person", string(person.Handle)))
	if err == nil && (was != password || !person.Active) { // whoever is signed in knows a password that is no longer good
		_, err = s.write.ExecContext(ctx, endSessions, string(project), string(person.Handle), int64(0))
	}
	return s.wrap(err, "keep %s", person.Handle)
}

const (
	listPeople = `SELECT handle, roles, active, password, sealed FROM people WHERE project = $1 ORDER BY handle`
	readPerson = `SELECT handle, roles, active, password, sealed FROM people WHERE project = $1 AND handle = $2`
)

type known struct {
	person   cvd.Person
	password string
}

func (p *project) readPerson(scan func(...any) error) (k known, err error) {
	var roles string
	var sealed []byte
	if err := scan(&k.person.Handle, &roles, &k.person.Active, &k.password, &sealed); err != nil {
		return k, err
	}
	plain, err := p.content.Open(sealed, string(p.ID), "person", string(k.person.Handle))
	if err != nil {
		return k, err
	}
	var is private
	if err := json.Unmarshal(plain, &is); err != nil {
		return k, err
	}
	k.person.Name, k.person.Address = is.Name, is.Address
	return k, json.Unmarshal([]byte(roles), &k.person.Roles)
}

// People is the project's roster, those who left included.
func (s *Store) People(ctx context.Context, project cvd.ProjectID) ([]cvd.Person, error) {
	p, err := s.open(ctx, project)
	if err != nil {
		return nil, err
	}
	people, err := list(ctx, s.read, func(scan func(...any) error) (cvd.Person, error) {
		k, err := p.readPerson(scan)
		return k.person, err
	}, listPeople, string(project))
	return people, s.wrap(err, "list the people of project %s", project)
}

// Person finds somebody on the roster, and the hash of their password.
func (s *Store) Person(ctx context.Context, project cvd.ProjectID, handle cvd.ActorID) (person cvd.Person, password string, err error) {
	p, err := s.open(ctx, project)
	if err != nil {
		return cvd.Person{}, "", err
	}
	k, err := p.readPerson(s.read.QueryRowContext(ctx, readPerson, string(project), string(handle)).Scan)
	return k.person, k.password, s.wrap(exists(err, "there is no %s", handle), "read %s", handle)
}

// Token lets a program, or a browser that is signed in, ask as a person.
type Token struct {
	Project cvd.ProjectID
	ID      string // public; how it is found
	Handle  cvd.ActorID
	Hash    []byte // of the secret
	Expires time.Time
	Session bool // of a browser, made by signing in
}

const (
	putToken    = `INSERT INTO tokens (id, project, handle, hash, expires, session) VALUES ($1, $2, $3, $4, $5, $6)`
	readToken   = `SELECT project, id, handle, hash, expires, session FROM tokens WHERE id = $1`
	listTokens  = `SELECT project, id, handle, hash, expires, session FROM tokens WHERE project = $1 ORDER BY handle, id`
	removeToken = `DELETE FROM tokens WHERE project = $1 AND id = $2`
	endSessions = `DELETE FROM tokens WHERE project = $1 AND session AND (handle = $2 OR expires < $3)`
)

// PutToken keeps a new token of a person who is on the roster.
func (s *Store) PutToken(ctx context.Context, t Token) error {
	_, err := s.write.ExecContext(ctx, putToken, t.ID, string(t.Project), string(t.Handle), t.Hash, t.Expires.UnixMicro(), t.Session)
	return s.wrap(err, "keep token %s", t.ID)
}

func scanToken(scan func(...any) error) (t Token, err error) {
	var expires int64
	err = scan(&t.Project, &t.ID, &t.Handle, &t.Hash, &expires, &t.Session)
	t.Expires = instant(expires)
	return t, err
}

// Token finds a token by its public id. Whether the secret fits and the time has not come, auth decides.
func (s *Store) Token(ctx context.Context, id string) (Token, error) {
	t, err := scanToken(s.read.QueryRowContext(ctx, readToken, id).Scan)
	return t, s.wrap(exists(err, "there is no such token"), "find a token")
}

// Tokens lists the tokens of a project.
func (s *Store) Tokens(ctx context.Context, project cvd.ProjectID) ([]Token, error) {
	all, err := list(ctx, s.read, scanToken, listTokens, string(project))
	return all, s.wrap(err, "list the tokens of project %s", project)
}

// RemoveToken makes a token useless at once. That it was not there is no error.
func (s *Store) RemoveToken(ctx context.Context, project cvd.ProjectID, id string) error {
	_, err := s.write.ExecContext(ctx, removeToken, string(project), id)
	return s.wrap(err, "remove token %s", id)
}

// ForgetSessions removes the sessions of a project that ended before now.
func (s *Store) ForgetSessions(ctx context.Context, project cvd.ProjectID, now time.Time) error {
	_, err := s.write.ExecContext(ctx, endSessions, string(project), "", now.UnixMicro())
	return s.wrap(err, "forget the sessions of project %s", project)
}
