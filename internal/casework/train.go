package casework

import (
	"context"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/policy"
)

// Train is the release train of a case, for the team.
type Train struct {
	Stations  []policy.Station
	Announced cvd.Planned // the instant of the release as people outside know it; its At is zero if they know none
	Poster    Poster      // who answers for the post with the details
	Lists     []Checklist
}

// Poster is who answers for the post with the details: a person, or where nobody is named the roles of the policy.
type Poster struct {
	Person cvd.ActorID
	Roles  []string
}

func (a *asking) poster() Poster {
	p := Poster{Roles: a.p.AnswerForPost()}
	for _, x := range a.c.Assigned {
		if x.Work == "explain" {
			p.Person = x.Person
		}
	}
	return p
}

// Checklist is one step's list with what was ticked off.
type Checklist struct {
	Step  string
	Items []ChecklistItem
}

// ChecklistItem is one item; Done is zero until somebody ticked it off.
type ChecklistItem struct {
	Says string
	Done cvd.Tick
}

// Train reads how far the release of a case has come. It is for the team: who else is in the case learns of it by what they are told.
func (w *Casework) Train(ctx context.Context, who cvd.Actor, id cvd.CaseID) (Train, error) {
	a, err := w.ofTeam(ctx, who, id)
	if err != nil {
		return Train{}, err
	}
	t := Train{Stations: a.p.Stations(a.c, a.wholes, a.now)}
	t.Announced.At, t.Announced.What = a.p.Announced(a.c)
	t.Poster = a.poster()
	for _, s := range a.p.Document.Steps {
		list := Checklist{Step: s.Step}
		for _, item := range s.Checklist {
			x := ChecklistItem{Says: item}
			for _, tick := range a.c.Ticks {
				if tick.Step == s.Step && tick.Item == item {
					x.Done = tick
				}
			}
			list.Items = append(list.Items, x)
		}
		if len(list.Items) > 0 {
			t.Lists = append(t.Lists, list)
		}
	}
	return t, nil
}

// ofTeam opens a case for somebody of the team; for everybody else, and once it was erased, there is nothing.
func (w *Casework) ofTeam(ctx context.Context, who cvd.Actor, id cvd.CaseID) (*asking, error) {
	a, err := w.open(ctx, who, About{Case: id})
	if err != nil {
		return nil, err
	}
	if tier, _ := cvd.TierOf(a.c, who, a.now); tier != cvd.ForTeam {
		return nil, absent(cvd.NotFound)
	}
	return a, a.gone()
}
