package api

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

// PartyList is a list of parties to name or to invite.
type PartyList struct {
	List    string `json:"list" doc:"CSV. Its first line names the columns: name, kind, organisation, address, component, zone, audience, roles, because; mail, matrix and others for handles, verified for the day on which they were last seen to answer; voting_power, market_share, installations or weight:NAME."`
	Invite  bool   `json:"invite,omitempty" doc:"Invite each of them; without it they are named, and nobody is told."`
	Preview bool   `json:"preview,omitempty" doc:"Change nothing, and say what would become of each line."`
}

// PartyLines are what becomes of the lines of a list.
type PartyLines struct {
	Parties []PartyLine `json:"parties"`
}

// PartyLine is what becomes of one.
type PartyLine struct {
	Line    int    `json:"line"`
	Column  int    `json:"column,omitempty" doc:"Where it is wrong, from 1."`
	Head    string `json:"head,omitempty" doc:"The name of that column."`
	Name    string `json:"name,omitempty"`
	Address string `json:"address,omitempty"`
	Does    string `json:"does" enum:"added,invited,unchanged,invalid"`
	Says    string `json:"says,omitempty" doc:"What is wrong, with its place."`
}

// ImportParties takes a list of parties, or says what would become of it.
func (c *Client) ImportParties(ctx context.Context, project cvd.ProjectID, id cvd.CaseID, in PartyList) (PartyLines, error) {
	var out PartyLines
	return out, c.do(ctx, call{method: http.MethodPost, path: casePathOf(project, id) + "/parties", in: in}, &out)
}

func (s *server) importParties(a *asked, in PartyList) (PartyLines, error) {
	id, err := a.caseID()
	if err != nil {
		return PartyLines{}, err
	}
	list, err := casework.ReadParties(strings.NewReader(in.List))
	if err != nil {
		return PartyLines{}, err
	}
	if list, err = s.Casework.ImportParties(a.Context(), a.who, id, list, in.Invite, !in.Preview); err != nil {
		return PartyLines{}, err
	}
	out, wrong := PartyLines{Parties: []PartyLine{}}, []string{}
	for _, x := range list {
		line := PartyLine{Line: x.Line, Column: x.Column, Head: x.Head, Name: x.Party.Name, Address: x.Party.Address, Does: x.Does}
		if x.Wrong != "" {
			line.Does, line.Says = "invalid", x.Where()+": "+x.Wrong
			wrong = append(wrong, line.Says)
		}
		out.Parties = append(out.Parties, line)
	}
	if len(wrong) > 0 && !in.Preview {
		more := ""
		if len(wrong) > 1 {
			more = fmt.Sprintf("; %d lines are wrong, and the preview says them all", len(wrong))
		}
		return PartyLines{}, cvd.Fieldf("/list", "nothing was taken: %s%s", wrong[0], more)
	}
	return out, nil
}
