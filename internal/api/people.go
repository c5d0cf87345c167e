package api

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
)

// Roster keeps the people of the projects and the texts of their policies: the store, without what belongs to cases.
type Roster interface {
	People(context.Context, cvd.ProjectID) ([]cvd.Person, error)
	Person(context.Context, cvd.ProjectID, cvd.ActorID) (person cvd.Person, password string, err error)
	PutPerson(ctx context.Context, project cvd.ProjectID, person cvd.Person, password string) error
	Policy(ctx context.Context, project cvd.ProjectID, version int64) ([]byte, error)
}

// Person is somebody on a project's roster.
type Person struct {
	Handle   cvd.ActorID `json:"handle,omitempty" readOnly:"true"`
	Name     string      `json:"name"`
	Roles    []string    `json:"roles" doc:"Roles of the policy."`
	Active   bool        `json:"active" doc:"Whether they may still come. A leaver is not deleted: what they did bears their name."`
	Address  string      `json:"address,omitempty" doc:"Mail address."`
	Password string      `json:"password,omitempty" writeOnly:"true" doc:"At least 12 characters; without it, the password stays."`
}

// People is a project's roster, those who left included.
type People struct {
	People []Person `json:"people"`
}

// People reads a project's roster.
func (c *Client) People(ctx context.Context, project cvd.ProjectID) (People, error) {
	var out People
	return out, c.do(ctx, call{method: http.MethodGet, path: projectPathOf(project) + "/people"}, &out)
}

func (s *server) people(a *asked, _ nothing) (People, error) {
	all, err := s.Store.People(a.Context(), a.project())
	out := People{People: []Person{}}
	for _, p := range all {
		out.People = append(out.People, personOf(p))
	}
	return out, err
}

func personOf(p cvd.Person) Person {
	return Person{Handle: p.Handle, Name: p.Name, Roles: append([]string{}, p.Roles...), Active: p.Active, Address: p.Address}
}

// PutPerson adds somebody to a project's roster, or changes them.
func (c *Client) PutPerson(ctx context.Context, project cvd.ProjectID, p Person) (Person, error) {
	path := projectPathOf(project) + "/people/" + url.PathEscape(string(p.Handle))
	p.Handle = "" // it stands in the path
	var out Person
	return out, c.do(ctx, call{method: http.MethodPut, path: path, in: p}, &out)
}

// handle is a name that cannot be taken for the program's, a reporter's or a guest's.
var handle = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,39}$`)

func (s *server) putPerson(a *asked, in Person) (Person, error) {
	p := cvd.Person{Handle: cvd.ActorID(a.PathValue("person")), Name: strings.TrimSpace(in.Name), Roles: in.Roles, Active: in.Active, Address: in.Address}
	if err := s.checkPerson(p); err != nil {
		return Person{}, err
	}
	if err := s.checkRoles(a, p); err != nil {
		return Person{}, err
	}
	_, kept, err := s.Store.Person(a.Context(), a.project(), p.Handle)
	if err != nil && !errors.Is(err, cvd.NotFound) {
		return Person{}, err
	}
	if in.Password != "" {
		if kept, err = s.Auth.HashPassword(in.Password); err != nil {
			return Person{}, err
		}
	}
	if err := s.Store.PutPerson(a.Context(), a.project(), p, kept); err != nil {
		return Person{}, err
	}
	return personOf(p), s.Casework.Refresh(a.Context())
}

func (s *server) checkPerson(p cvd.Person) error {
	switch {
	case !handle.MatchString(string(p.Handle)) || p.Handle == "system" || p.Handle == "stranger":
		return cvd.Errorf(cvd.Invalid, "a handle has up to 40 lower-case letters, digits, dots and dashes, and is not system or stranger")
	case p.Name == "" || len(p.Name) > 200 || strings.ContainsAny(p.Name, "\r\n"):
		return cvd.Fieldf("/name", "give the name in one line, as the timeline shows it")
	case strings.ContainsAny(p.Address, " \r\n<>,;") || len(p.Address) > 254 || p.Address != "" && !strings.Contains(p.Address, "@"):
		return cvd.Fieldf("/address", "this is no mail address: leave it out if there is none")
	}
	return nil
}

// checkRoles refuses roles that the policy does not know, and the change after which nobody could administer the project.
func (s *server) checkRoles(a *asked, p cvd.Person) error {
	doc, err := s.Casework.PolicyOf(a.project())
	if err != nil {
		return err
	}
	var known []string
	for _, r := range doc.Document.Roles {
		known = append(known, r.Name)
	}
	for i, r := range p.Roles {
		if !slices.Contains(known, r) {
			return cvd.Fieldf("/roles/"+strconv.Itoa(i), "the policy has no role %.40q; choose among %s", r, strings.Join(known, ", "))
		}
	}
	administers := func(p cvd.Person) bool { return p.Active && slices.Contains(doc.Can(p.Roles), cvd.Administer) }
	all, err := s.Store.People(a.Context(), a.project())
	if err != nil {
		return err
	}
	others := slices.DeleteFunc(all, func(x cvd.Person) bool { return x.Handle == p.Handle })
	if !administers(p) && !slices.ContainsFunc(others, administers) {
		return cvd.Errorf(cvd.Refused, "after this nobody could administer the project: give somebody else the role first")
	}
	return nil
}

// Document reads the policy document in force, byte for byte.
func (c *Client) Document(ctx context.Context, project cvd.ProjectID) ([]byte, error) {
	var out []byte
	return out, c.do(ctx, call{method: http.MethodGet, path: projectPathOf(project) + "/policy.yaml"}, &out)
}

func (s *server) document(a *asked, _ nothing) (file, error) {
	p, err := s.Casework.PolicyOf(a.project())
	if err != nil {
		return file{}, err
	}
	text, err := s.Store.Policy(a.Context(), a.project(), p.Version)
	return file{Type: "application/yaml", Body: text}, err
}
