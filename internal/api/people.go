package api

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
)

// Person is somebody on a project's roster.
type Person struct {
	Handle   cvd.ActorID `json:"handle,omitempty" readOnly:"true"`
	Name     string      `json:"name"`
	Roles    []string    `json:"roles" doc:"Roles of the policy."`
	Active   *bool       `json:"active" doc:"Whether they may still come. A leaver is not deleted: what they did bears their name."`
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
	all, err := s.Casework.People(a.Context(), a.who)
	out := People{People: []Person{}}
	for _, p := range all {
		out.People = append(out.People, personOf(p))
	}
	return out, err
}

func personOf(p cvd.Person) Person {
	return Person{Handle: p.Handle, Name: p.Name, Roles: append([]string{}, p.Roles...), Active: &p.Active, Address: p.Address}
}

// PutPerson adds somebody to a project's roster, or changes them.
func (c *Client) PutPerson(ctx context.Context, project cvd.ProjectID, p Person) (Person, error) {
	path := projectPathOf(project) + "/people/" + url.PathEscape(string(p.Handle))
	p.Handle = "" // it stands in the path
	var out Person
	return out, c.do(ctx, call{method: http.MethodPut, path: path, in: p}, &out)
}

func (s *server) putPerson(a *asked, in Person) (Person, error) {
	if in.Active == nil {
		return Person{}, cvd.Fieldf("/active", "say whether they may come: true, or false for somebody who left")
	}
	p := cvd.Person{Handle: cvd.ActorID(a.PathValue("person")), Name: strings.TrimSpace(in.Name), Roles: in.Roles, Active: *in.Active, Address: in.Address}
	password := ""
	if in.Password != "" {
		var err error
		if password, err = s.Auth.HashPassword(in.Password); err != nil {
			return Person{}, err
		}
	}
	return personOf(p), s.Casework.PutPerson(a.Context(), a.who, p, password)
}

// Document reads the policy document in force, byte for byte.
func (c *Client) Document(ctx context.Context, project cvd.ProjectID) ([]byte, error) {
	var out []byte
	return out, c.do(ctx, call{method: http.MethodGet, path: projectPathOf(project) + "/policy.yaml"}, &out)
}

func (s *server) document(a *asked, _ nothing) (file, error) {
	text, err := s.Casework.PolicyText(a.Context(), a.project())
	return file{Type: "application/yaml", Body: text}, err
}
