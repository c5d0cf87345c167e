package web

import (
	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

// advice is what a reporter is told about their own report besides: what would help, and what should perhaps not be in it.
type advice struct {
	Percent int
	Missing []string
	Secrets []string // kinds of secret that it seems to hold
}

// adviceOn looks through a report; nil if there is nothing to say.
func (s *server) adviceOn(id cvd.ProjectID, r cvd.Report) *advice {
	p, err := s.Casework.PolicyOf(id)
	if err != nil {
		return nil
	}
	whole := p.Complete(&r)
	a := &advice{Percent: whole.Percent(), Missing: whole.Missing, Secrets: casework.SecretsIn(r)}
	if len(a.Missing) == 0 && len(a.Secrets) == 0 {
		return nil
	}
	return a
}
