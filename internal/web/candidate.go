package web

import (
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
)

// candidate is somebody whom the case could ask, named by one press: who the reporter told already, or a project downstream.
type candidate struct {
	Action, Name, Kind, Address, Weights, Because string
	State                                         string // where they stand on the case; empty: nobody named them yet
}

// candidateOf is somebody by their name and address, with where they stand if they are on the case.
func (s *server) candidateOf(view cvd.View, name, address string, kind cvd.PartyKind) candidate {
	x := candidate{Action: casePath(view.Project, view.ID) + "/nominate", Name: name, Kind: string(kind), Address: address}
	for _, p := range view.Parties {
		if strings.EqualFold(p.Name, name) || strings.EqualFold(p.Organisation, name) || address != "" && strings.EqualFold(p.Address, address) {
			x.State = string(p.State(s.Now()))
		}
	}
	return x
}

// told are those whom a reporter told, for who may name them.
func (s *server) told(v *workView, view cvd.View, r cvd.Report) (all []candidate) {
	if !v.Team || !v.Can["nominate"] {
		return nil
	}
	for _, name := range r.Told {
		x := s.candidateOf(view, strings.TrimSpace(name), "", cvd.OtherParty)
		x.Because = "The reporter told them."
		all = append(all, x)
	}
	return all
}
