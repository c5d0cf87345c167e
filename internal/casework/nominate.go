package casework

import (
	"context"

	"github.com/tipstaff/tipstaff/cvd"
)

// mostNamed is how many parties one outsider may name, so that nobody fills a case.
const mostNamed = 50

// Nominate names somebody who should hear of the case. They are told nothing: whether they are asked is decided by the team.
func (w *Casework) Nominate(ctx context.Context, who cvd.Actor, about About, in cvd.Nominated) (cvd.View, error) {
	return w.record(ctx, who, about, "nominate", func(a *asking) (cvd.What, error) {
		n := sensible(in)
		n.ID, n.Clause = nextParty(&a.c), ""
		if who.Standing != cvd.Member {
			n.Weights, n.Audience = nil, "" // what counts in a quorum is not said by those whom it is about
			named := 0
			for _, p := range a.c.Parties {
				if p.By == who.ID {
					named++
				}
			}
			if named >= mostNamed {
				return cvd.What{}, cvd.Errorf(cvd.Refused, "you have named %d already: write the rest as a message", named)
			}
		} else if p := onCase(&a.c, n.Name, n.Address); p != nil {
			return cvd.What{}, cvd.Fieldf("/name", "%s is on the case already, as %s", p.Name, p.State(a.now))
		}
		return cvd.What{Nominated: &n}, described(a, n)
	})
}
