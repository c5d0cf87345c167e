package casework

import (
	"context"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/policy"
)

// Issue is the public issue of a case that is handled in the open: a title and a text for the project's tracker, and the address
// at which it opens filled in. Only what strangers read of the case stands in it.
func (w *Casework) Issue(ctx context.Context, who cvd.Actor, id cvd.CaseID) (policy.Draft, error) {
	a, err := w.open(ctx, who, About{Case: id})
	if err != nil {
		return policy.Draft{}, err
	}
	v, ok := cvd.Look(a.c, cvd.Nobody(who.Project), a.now)
	if !ok || len(v.Reports) == 0 {
		return policy.Draft{}, cvd.Errorf(cvd.Refused, "an issue is drafted once triage has decided that the details help no attacker")
	}
	c := cvd.Case{Title: v.Title, Kind: v.Kind, Reports: v.Reports}
	return a.p.IssueDraft(&c, w.base+"/p/"+string(who.Project)+"/cases/"+string(id)), nil
}
