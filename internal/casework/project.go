package casework

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/policy"
	"github.com/tipstaff/tipstaff/internal/store"
)

// Policy is a project's policy as the faces read it.
type Policy = policy.Policy

// Field is a question of a policy's form, for those who draw it.
type Field = policy.Field

// state is what every step needs of all projects: read once a second, never changed in place.
type state struct {
	projects map[cvd.ProjectID]*project
	order    []cvd.ProjectID
}

// project is one project with its policies and its roster.
type project struct {
	store.Project
	policies map[int64]*policy.Policy
	people   []cvd.Person
	roster   int // active people who may see cases
	hold     store.Hold
}

// inForce is the policy that a new case is bound to.
func (p *project) inForce() *policy.Policy { return p.policies[p.Policy] }

// readers are the names of those who may read a message to the reporter of a case.
func (p *project) readers(c cvd.Case) []string {
	var names []string
	for _, person := range p.people {
		if person.Active && slices.Contains(p.inForce().Can(person.Roles), cvd.See) {
			names = append(names, person.Name)
		}
	}
	return append(names, fmt.Sprintf("the reporter of report %d", len(c.Reports)))
}

// Refresh reads the projects, the policies in force and the rosters again. app calls it once a second and after a change.
func (w *Casework) Refresh(ctx context.Context) error {
	all, err := w.store.Projects(ctx)
	if err != nil {
		return fmt.Errorf("read projects: %w", err)
	}
	holds, err := w.store.Holds(ctx)
	if err != nil {
		return fmt.Errorf("read projects: %w", err)
	}
	old, next := w.state.Load(), &state{projects: map[cvd.ProjectID]*project{}}
	for _, sp := range all {
		p := &project{Project: sp, policies: map[int64]*policy.Policy{}}
		if was := old.projects[sp.ID]; was != nil {
			maps.Copy(p.policies, was.policies)
		} else if _, err := w.store.NoticeKeys(ctx, sp.ID); err != nil { // a key that the first notice drew would tell when that was
			return fmt.Errorf("read the keys of %s: %w", sp.ID, err)
		}
		if err := w.load(ctx, p, sp.Policy); err != nil {
			return err
		}
		if p.people, err = w.store.People(ctx, sp.ID); err != nil {
			return fmt.Errorf("read roster of %s: %w", sp.ID, err)
		}
		if i := slices.IndexFunc(holds, func(h store.Hold) bool { return h.Project == sp.ID }); i >= 0 {
			p.hold = holds[i]
		}
		for _, person := range p.people {
			if person.Active && slices.Contains(p.inForce().Can(person.Roles), cvd.See) {
				p.roster++
			}
		}
		next.projects[sp.ID] = p
		next.order = append(next.order, sp.ID)
	}
	slices.Sort(next.order)
	w.state.Store(next)
	return nil
}

// load reads one version of a project's policy into p.
func (w *Casework) load(ctx context.Context, p *project, version int64) error {
	if p.policies[version] != nil {
		return nil
	}
	text, err := w.store.Policy(ctx, p.ID, version)
	if err != nil {
		return fmt.Errorf("read policy %d of %s: %w", version, p.ID, err)
	}
	doc, err := policy.Read(fmt.Sprintf("%s.yaml", p.ID), text)
	if err != nil {
		return fmt.Errorf("read policy %d of %s: %w", version, p.ID, err)
	}
	doc.Version = version
	p.policies[version] = doc
	return nil
}

// edition is one version of one project's policy.
type edition struct {
	project cvd.ProjectID
	version int64
}

// policy is the version of a project's policy that binds a case.
func (w *Casework) policy(ctx context.Context, p *project, version int64) (*policy.Policy, error) {
	if doc := p.policies[version]; doc != nil {
		return doc, nil
	}
	key := edition{p.ID, version}
	if doc, read := w.older.Load(key); read {
		return doc.(*policy.Policy), nil
	}
	loaded := &project{Project: p.Project, policies: map[int64]*policy.Policy{}}
	if err := w.load(ctx, loaded, version); err != nil {
		return nil, err
	}
	w.older.Store(key, loaded.policies[version])
	return loaded.policies[version], nil
}

// project finds a project by its id.
func (w *Casework) project(id cvd.ProjectID) (*project, error) {
	if p := w.state.Load().projects[id]; p != nil {
		return p, nil
	}
	return nil, cvd.Errorf(cvd.NotFound, "there is no project %q here", strings.ToValidUTF8(string(id), "?"))
}

// Projects are the ids of all projects, in order.
func (w *Casework) Projects() []cvd.ProjectID { return slices.Clone(w.state.Load().order) }

// PolicyOf is the policy in force of a project.
func (w *Casework) PolicyOf(id cvd.ProjectID) (*policy.Policy, error) {
	p, err := w.project(id)
	if err != nil {
		return nil, err
	}
	return p.inForce(), nil
}

// Can is what the roles of a project's policy in force may do.
func (w *Casework) Can(id cvd.ProjectID, roles []string) []cvd.Capability {
	p, err := w.project(id)
	if err != nil {
		return nil
	}
	return p.inForce().Can(roles)
}

// Team are the active people of a project who may see its cases, for one of the project's members.
func (w *Casework) Team(who cvd.Actor) []cvd.Person {
	p, err := w.project(who.Project)
	if err != nil || who.Standing != cvd.Member {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(p.people), func(x cvd.Person) bool {
		return !x.Active || !slices.Contains(p.inForce().Can(x.Roles), cvd.See)
	})
}

// Person is one person of a project's roster.
func (w *Casework) Person(id cvd.ProjectID, handle cvd.ActorID) (cvd.Person, bool) {
	p, err := w.project(id)
	if err != nil {
		return cvd.Person{}, false
	}
	i := slices.IndexFunc(p.people, func(x cvd.Person) bool { return x.Handle == handle })
	if i < 0 {
		return cvd.Person{}, false
	}
	return p.people[i], true
}
