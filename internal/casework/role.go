package casework

import (
	"context"
	"fmt"

	"github.com/tipstaff/tipstaff/cvd"
)

// fitsRoles refuses roles that the policy gives to fewer people, or to nobody who has another one of somebody's.
func (w *Casework) fitsRoles(ctx context.Context, who cvd.Actor, p cvd.Person) error {
	doc, err := w.PolicyOf(who.Project)
	if err != nil {
		return err
	}
	all, err := w.store.People(ctx, who.Project)
	if err != nil {
		return fmt.Errorf("read roster of %s: %w", who.Project, err)
	}
	return refusal(doc.Grants(p, all))
}
