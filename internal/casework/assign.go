package casework

import (
	"context"
	"slices"

	"github.com/tipstaff/tipstaff/cvd"
)

// Assign names the person of the roster, or the guest of the case, who does a piece of the work.
func (w *Casework) Assign(ctx context.Context, who cvd.Actor, about About, in cvd.Assigned) (cvd.View, error) {
	return w.record(ctx, who, about, "assign", func(a *asking) (cvd.What, error) {
		if err := require("/work", in.Work, "name the work: lead, fix, test, advisory, contact"); err != nil {
			return cvd.What{}, err
		}
		onRoster := slices.ContainsFunc(a.project.people, func(p cvd.Person) bool { return p.Active && p.Handle == in.Person })
		guest := slices.ContainsFunc(a.c.Parties, func(p cvd.Party) bool { return p.ID == in.Person })
		if !onRoster && !guest {
			return cvd.What{}, cvd.Fieldf("/person", "%q is neither on the roster nor a guest of this case", in.Person)
		}
		return cvd.What{Assigned: &in}, nil
	})
}
