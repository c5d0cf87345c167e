package web

import (
	"slices"

	"github.com/tipstaff/tipstaff/cvd"
)

// kind is something that people come with, and where they go with it.
type kind struct {
	Name, Title, Says string
	Here              bool   // whether it becomes a case here
	Place             string // else where: "tracker", "discussion"
	URL               string
}

// kinds are what people may come with, in the policy's order.
func (s *server) kinds(id cvd.ProjectID) ([]kind, error) {
	p, err := s.Casework.PolicyOf(id)
	if err != nil {
		return nil, err
	}
	var out []kind
	for _, k := range p.Document.Kinds {
		out = append(out, kind{Name: k.Name, Title: k.Title, Says: k.Says, Here: k.Goes == "case", Place: k.Goes, URL: k.URL})
	}
	return out, nil
}

// choose finds a kind by its name. With none named it is the only one that becomes a case here, if there is only one.
func choose(all []kind, name string) (kind, bool) {
	if name == "" {
		here := slices.DeleteFunc(slices.Clone(all), func(k kind) bool { return !k.Here })
		if len(here) == 1 && len(all) == 1 {
			return here[0], true
		}
		return kind{}, false
	}
	i := slices.IndexFunc(all, func(k kind) bool { return k.Name == name })
	if i < 0 {
		return kind{}, false
	}
	return all[i], true
}
