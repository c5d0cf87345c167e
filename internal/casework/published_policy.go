package casework

import (
	"context"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/policy"
)

// PolicyAt is a version of a project's policy that is or was in force, and so was open to everybody; 0 is the one in force.
func (w *Casework) PolicyAt(ctx context.Context, id cvd.ProjectID, version int64) (*policy.Policy, error) {
	p, err := w.project(id)
	if err != nil {
		return nil, err
	}
	if version == 0 {
		return p.inForce(), nil
	}
	return w.policy(ctx, p, version)
}

// WrittenForm is a written form of a version of a project's policy, as PolicyAt finds it; empty where the policy has no such
// thing to say. It names those of its people who are still there.
func (w *Casework) WrittenForm(ctx context.Context, id cvd.ProjectID, version int64, form string) ([]byte, error) {
	doc, err := w.PolicyAt(ctx, id, version)
	if err != nil {
		return nil, err
	}
	return doc.Render(form, policy.Copy{People: w.named(id, doc), Base: w.base})
}

// named are the people of a roster whom a policy names, by their handles.
func (w *Casework) named(id cvd.ProjectID, doc *policy.Policy) map[string]string {
	people := map[string]string{}
	for _, handle := range doc.Handles() {
		if who, ok := w.Person(id, cvd.ActorID(handle)); ok && who.Active {
			people[handle] = who.Name
		}
	}
	return people
}
