package casework

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
)

// People is a project's roster, those who left included, for whoever may administer it.
func (w *Casework) People(ctx context.Context, who cvd.Actor) ([]cvd.Person, error) {
	if err := administers(who); err != nil {
		return nil, err
	}
	return w.store.People(ctx, who.Project)
}

// handle is a name that cannot be taken for the program's, a reporter's or a guest's.
var handle = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,39}$`)

// PutPerson adds somebody to a project's roster, or changes them. Password is what is kept of a new one; empty: the old stays.
func (w *Casework) PutPerson(ctx context.Context, who cvd.Actor, p cvd.Person, password string) error {
	if err := administers(who); err != nil {
		return err
	}
	if err := first(fitsRoster(p), w.keepsAnAdministrator(ctx, who, p), w.fitsRoles(ctx, who, p)); err != nil {
		return err
	}
	if password == "" {
		_, kept, err := w.store.Person(ctx, who.Project, p.Handle)
		if err != nil && !errors.Is(err, cvd.NotFound) {
			return err
		}
		password = kept
	}
	if err := w.store.PutPerson(ctx, who.Project, p, password); err != nil {
		return err
	}
	return w.Refresh(ctx)
}

// Written is a project's policy in words, its SECURITY.md. It names those of its people who are still there.
func (w *Casework) Written(id cvd.ProjectID) ([]byte, error) {
	p, err := w.project(id)
	if err != nil {
		return nil, err
	}
	doc := p.inForce()
	return doc.SecurityMD(w.named(id, doc), w.base), nil
}

// PolicyText is the policy document in force, byte for byte.
func (w *Casework) PolicyText(ctx context.Context, id cvd.ProjectID) ([]byte, error) {
	p, err := w.project(id)
	if err != nil {
		return nil, err
	}
	return w.store.Policy(ctx, id, p.Policy)
}

func administers(who cvd.Actor) error {
	if who.Standing == cvd.Member && who.May(cvd.Administer) {
		return nil
	}
	return cvd.Errorf(cvd.Refused, "this is for those whose role may administer the project")
}

func fitsRoster(p cvd.Person) error {
	switch {
	case !handle.MatchString(string(p.Handle)) || p.Handle == "system" || p.Handle == "stranger" || p.Handle == atForge:
		return cvd.Errorf(cvd.Invalid, "a handle has up to 40 lower-case letters, digits, dots and dashes, and is not system, stranger or forge")
	case p.Name == "" || len(p.Name) > 200 || strings.ContainsAny(p.Name, "\r\n"):
		return cvd.Fieldf("/name", "give the name in one line, as the timeline shows it")
	case strings.ContainsAny(p.Address, " \r\n<>,;") || len(p.Address) > 254 || p.Address != "" && !strings.Contains(p.Address, "@"):
		return cvd.Fieldf("/address", "this is no mail address: leave it out if there is none")
	}
	return nil
}

// keepsAnAdministrator refuses roles that the policy does not know, and the change after which nobody could administer.
func (w *Casework) keepsAnAdministrator(ctx context.Context, who cvd.Actor, p cvd.Person) error {
	doc, err := w.PolicyOf(who.Project)
	if err != nil {
		return err
	}
	var known []string
	for _, r := range doc.Document.Roles {
		known = append(known, r.Name)
	}
	for i, r := range p.Roles {
		if err := oneOf("/roles/"+strconv.Itoa(i), r, known...); err != nil {
			return err
		}
	}
	all, err := w.store.People(ctx, who.Project)
	if err != nil {
		return fmt.Errorf("read roster of %s: %w", who.Project, err)
	}
	after := append(slices.DeleteFunc(all, func(x cvd.Person) bool { return x.Handle == p.Handle }), p)
	if !slices.ContainsFunc(after, func(x cvd.Person) bool { return x.Active && slices.Contains(doc.Can(x.Roles), cvd.Administer) }) {
		return cvd.Errorf(cvd.Refused, "after this nobody could administer the project: give somebody else the role first")
	}
	return nil
}
