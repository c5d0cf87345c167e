package app

import (
	"context"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/auth"
	"github.com/tipstaff/tipstaff/internal/store"
)

// operator is whoever has the machine: they may administer every project from the data directory.
func operator(project cvd.ProjectID) cvd.Actor {
	return cvd.Actor{Project: project, ID: "system", Name: "Tipstaff", Standing: cvd.Member, Can: []cvd.Capability{cvd.Administer}}
}

// Projects lists the projects of a data directory.
func Projects(ctx context.Context, cfg Config) (all []cvd.ProjectID, err error) {
	err = offlineCasework(ctx, cfg, func(m *machine) error {
		all = m.Projects()
		return nil
	})
	return all, err
}

// People is a project's roster, on the machine itself.
func People(ctx context.Context, cfg Config, project cvd.ProjectID) (all []cvd.Person, err error) {
	err = offlineCasework(ctx, cfg, func(m *machine) error {
		all, err = m.People(ctx, operator(project))
		return err
	})
	return all, err
}

// PutPerson adds somebody to a project's roster, or changes them, on the machine itself: the way in for the first
// administrator. An empty password leaves the old one. A running server knows within a second.
func PutPerson(ctx context.Context, cfg Config, project cvd.ProjectID, p cvd.Person, password string) error {
	return offlineCasework(ctx, cfg, func(m *machine) error {
		hash := ""
		if password != "" {
			var err error
			if hash, err = auth.New(auth.Auth{Store: m.store, Now: time.Now}).HashPassword(password); err != nil {
				return err
			}
		}
		return m.PutPerson(ctx, operator(project), p, hash)
	})
}

// Tokens lists the tokens of a project, without those of browsers that are signed in. No token can be read from it.
func Tokens(ctx context.Context, cfg Config, project cvd.ProjectID) (all []store.Token, err error) {
	err = offline(ctx, cfg, func(s *store.Store) error {
		if _, err := s.Project(ctx, project); err != nil {
			return err
		}
		listed, err := s.Tokens(ctx, project)
		for _, t := range listed {
			if !t.Session {
				all = append(all, t)
			}
		}
		return err
	})
	return all, err
}

// RevokeToken makes a token useless at once, by its first letters as Tokens lists them.
func RevokeToken(ctx context.Context, cfg Config, project cvd.ProjectID, id string) error {
	return offline(ctx, cfg, func(s *store.Store) error {
		t, err := s.Token(ctx, id)
		if err != nil || t.Project != project || t.Session {
			return cvd.Errorf(cvd.NotFound, "%s has no token %s: tipstaff token list shows them", project, id)
		}
		return s.RemoveToken(ctx, project, id)
	})
}
