package web

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
)

// clause is a clause of a policy with where it is read.
type clause struct{ Name, URL string }

// clauses are the clauses of one version of a policy, by the address of the page that tells them.
type clauses string

// clausesOf are those of a version of a project's policy; 0 is the one in force.
func (s *server) clausesOf(project cvd.ProjectID, version int64) clauses {
	page := root(project) + "/policy"
	if p, err := s.Casework.PolicyOf(project); err == nil && version > 0 && version != p.Version {
		page += "/" + strconv.FormatInt(version, 10)
	}
	return clauses(page)
}

// at is one of them; the zero value for none, and a name alone where no page tells it.
func (page clauses) at(name string) clause {
	if name == "" {
		return clause{}
	}
	if page == "" {
		return clause{Name: name}
	}
	to := url.URL{Path: string(page), Fragment: fragment(name)}
	return clause{name, to.String()}
}

// fragment is the anchor of a clause: that of requires[wait] is requires.wait.
func fragment(name string) string { return strings.NewReplacer("[", ".", "]", "").Replace(name) }
