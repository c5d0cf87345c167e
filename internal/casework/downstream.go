package casework

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/advisory"
	"github.com/tipstaff/tipstaff/internal/policy"
	"github.com/tipstaff/tipstaff/internal/store"
)

// downstreamRecord is the kind of the records of projects downstream.
const downstreamRecord = "downstream"

// dependent is a project downstream with the revision at which it was read.
type dependent struct {
	cvd.Dependent
	rev int64
}

func openDependent(r store.Record) (d dependent, err error) {
	if err := json.Unmarshal(r.Body, &d.Dependent); err != nil {
		return d, fmt.Errorf("open the entry %s of the register: %w", r.ID, err)
	}
	d.ID, d.rev = r.ID, r.Rev
	return d, nil
}

func (d dependent) record(by cvd.ActorID) (store.Record, error) {
	body, err := json.Marshal(d.Dependent)
	if err != nil {
		return store.Record{}, fmt.Errorf("write the entry %s of the register: %w", d.ID, err)
	}
	return store.Record{Kind: downstreamRecord, ID: d.ID, Rev: d.rev, By: by, Body: body}, nil
}

// dependents are the projects downstream by their names.
func (w *Casework) dependents(ctx context.Context, project cvd.ProjectID) ([]dependent, error) {
	all, err := w.store.Records(ctx, project, downstreamRecord)
	if err != nil {
		return nil, err
	}
	var out []dependent
	for _, r := range all {
		d, err := openDependent(r)
		if err != nil {
			return nil, err
		}
		out = append(out, d)
	}
	slices.SortStableFunc(out, func(a, b dependent) int { return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)) })
	return out, nil
}

// Downstream is a project that runs the product, with what follows from the policy.
type Downstream struct {
	cvd.Dependent
	Line     string // of the product's release lines, that its version falls into
	Eligible bool   // whether that line gets fixes
	Stale    bool   // whether its route to report should be looked at again
}

// Downstreams are the projects that run the product, for who keeps the register.
func (w *Casework) Downstreams(ctx context.Context, who cvd.Actor) ([]Downstream, error) {
	if err := keepsRegister(who); err != nil {
		return nil, err
	}
	p, err := w.project(who.Project)
	if err != nil {
		return nil, err
	}
	all, err := w.dependents(ctx, who.Project)
	if err != nil {
		return nil, err
	}
	var out []Downstream
	for _, d := range all {
		out = append(out, w.downstreamOf(p.inForce(), d.Dependent))
	}
	return out, nil
}

// Downstream is one of them.
func (w *Casework) Downstream(ctx context.Context, who cvd.Actor, id string) (Downstream, error) {
	if err := keepsRegister(who); err != nil {
		return Downstream{}, err
	}
	p, err := w.project(who.Project)
	if err != nil {
		return Downstream{}, err
	}
	d, err := w.dependent(ctx, who.Project, id)
	return w.downstreamOf(p.inForce(), d.Dependent), err
}

func (w *Casework) dependent(ctx context.Context, project cvd.ProjectID, id string) (dependent, error) {
	r, err := w.store.Record(ctx, project, downstreamRecord, id)
	if err != nil {
		return dependent{}, err
	}
	return openDependent(r)
}

func (w *Casework) downstreamOf(p *policy.Policy, d cvd.Dependent) Downstream {
	out := Downstream{Dependent: d, Stale: d.Route.Stale(w.Now())}
	for _, product := range p.Document.Products {
		if product.Name != d.Product {
			continue
		}
		for _, l := range product.Lines {
			if in, known := advisory.Within(d.Version, l.Versions); in && known {
				out.Line, out.Eligible = l.Name, l.Eligible
			}
		}
	}
	return out
}

// PutDownstream adds a project downstream, or changes one (with its id).
func (w *Casework) PutDownstream(ctx context.Context, who cvd.Actor, in cvd.Dependent) (Downstream, error) {
	if err := keepsRegister(who); err != nil {
		return Downstream{}, err
	}
	p, err := w.project(who.Project)
	if err != nil {
		return Downstream{}, err
	}
	if err := fitsDownstream(p.inForce(), &in); err != nil {
		return Downstream{}, err
	}
	if in.Source == "" {
		in.Source = "hand"
	}
	d := dependent{Dependent: in}
	if in.ID != "" {
		was, err := w.dependent(ctx, who.Project, in.ID)
		if err != nil {
			return Downstream{}, err
		}
		d = was.over(in)
	}
	if err := w.putDependents(ctx, who, &d); err != nil {
		return Downstream{}, err
	}
	return w.downstreamOf(p.inForce(), d.Dependent), nil
}

// over is the entry with what is said of it now. A route that is the same keeps when it was looked at.
func (d dependent) over(in cvd.Dependent) dependent {
	if in.Route.Is == d.Route.Is && in.Route.CheckedAt.IsZero() {
		in.Route = d.Route
	}
	for i, h := range in.Contacts {
		if j := slices.IndexFunc(d.Contacts, func(x cvd.Handle) bool { return x.Service == h.Service && x.Is == h.Is }); j >= 0 && h.Verified.IsZero() {
			in.Contacts[i].Verified = d.Contacts[j].Verified
		}
	}
	if in.Repository == d.Repository && in.Website == d.Website {
		in.Failure, in.FailedAt = d.Failure, d.FailedAt
	}
	in.ID = d.ID
	d.Dependent = in
	return d
}

// putDependents keeps entries; one without an id is new, and gets one.
func (w *Casework) putDependents(ctx context.Context, who cvd.Actor, all ...*dependent) error {
	var records []store.Record
	for _, d := range all {
		if d.ID == "" {
			id, err := cvd.NewEventID(w.rand)
			if err != nil {
				return err
			}
			d.ID = string(id)
		}
		r, err := d.record(who.ID)
		if err != nil {
			return err
		}
		records = append(records, r)
	}
	return w.store.PutRecords(ctx, who.Project, records)
}

// fitsDownstream refuses what cannot be kept of a project downstream, and completes the rest.
func fitsDownstream(p *policy.Policy, d *cvd.Dependent) error {
	d.Name, d.Version = trimmed(d.Name), trimmed(d.Version)
	products := productNames(p)
	if d.Product == "" && len(products) == 1 {
		d.Product = products[0]
	}
	if err := first(require("/name", d.Name, "name the project"), shortLine("/name", d.Name), shortLine("/version", d.Version), readable("/notes", d.Notes),
		fitsProduct(p, d.Product)); err != nil {
		return err
	}
	for _, x := range []struct{ field, is string }{{"/repository", d.Repository}, {"/website", d.Website}} {
		if wrong := (cvd.Handle{Service: "web", Is: x.is}).Wrong(); x.is != "" && wrong != "" {
			return cvd.Fieldf(x.field, "%s", wrong)
		}
	}
	if d.Route.Is != "" {
		kind := "mail"
		if strings.Contains(d.Route.Is, "://") {
			kind = "web"
		}
		if wrong := (cvd.Handle{Service: kind, Is: d.Route.Is}).Wrong(); wrong != "" {
			return cvd.Fieldf("/route", "give a mail address, or a page at https://")
		}
		if d.Route.Source == "" {
			d.Route.Source = "hand"
		}
	}
	for i, h := range d.Contacts {
		if wrong := h.Wrong(); wrong != "" {
			return cvd.Fieldf(fmt.Sprintf("/contacts/%d", i), "%s", wrong)
		}
	}
	for name, n := range d.Weights {
		if err := nameOfWeight(name); err != nil || n < 0 {
			return cvd.Fieldf("/weights", "a weight is a name in lower-case letters and a whole number from 0")
		}
	}
	return nil
}

func productNames(p *policy.Policy) (all []string) {
	for _, x := range p.Document.Products {
		all = append(all, x.Name)
	}
	return all
}

// fitsProduct refuses what is no product of the policy. Where it has one only, nobody needs to name it.
func fitsProduct(p *policy.Policy, name string) error {
	switch products := productNames(p); {
	case name == "" && len(products) == 1:
		return nil
	case name == "":
		return cvd.Fieldf("/product", "say which product they run: %s", strings.Join(products, ", "))
	default:
		return oneOf("/product", name, products...)
	}
}

// RemoveDownstream forgets a project downstream with all that was kept of it; what cases say of it stays in them.
func (w *Casework) RemoveDownstream(ctx context.Context, who cvd.Actor, id string) error {
	if err := keepsRegister(who); err != nil {
		return err
	}
	return w.store.ForgetRecord(ctx, who.Project, downstreamRecord, id)
}

// RoutesFinder looks for where a project takes reports: it reads what the project has published, and answers with the route, or with
// why none was found. The instant and the rest of the entry are the caller's.
type RoutesFinder func(ctx context.Context, repository, website string) cvd.Route

// CheckRoute looks again for where a project downstream takes reports. One that was stated by hand is not replaced: only the date is.
func (w *Casework) CheckRoute(ctx context.Context, who cvd.Actor, id string) (Downstream, error) {
	if err := keepsRegister(who); err != nil {
		return Downstream{}, err
	}
	if w.routes == nil {
		return Downstream{}, cvd.Errorf(cvd.Unavailable, "this program does not read the pages of others")
	}
	d, err := w.dependent(ctx, who.Project, id)
	if err != nil {
		return Downstream{}, err
	}
	if d.Repository == "" && d.Website == "" {
		return Downstream{}, cvd.Fieldf("/repository", "give the repository or the website first: that is where it is looked for")
	}
	d.checked(w.routes(ctx, d.Repository, d.Website), w.Now())
	if err := w.putDependents(ctx, who, &d); err != nil {
		return Downstream{}, err
	}
	return w.Downstream(ctx, who, id)
}

// checked takes in what was found; nothing found leaves the route and says so. A look that failed found nothing out: it is noted, and
// all that was known stays as it was.
func (d *dependent) checked(found cvd.Route, now time.Time) {
	if found.Is == "" && found.Failed {
		d.Failure, d.FailedAt = found.Trouble, now
		return
	}
	d.CheckedAt, d.Failure, d.FailedAt = now, "", time.Time{}
	switch {
	case found.Is == "":
		d.Route.Trouble = found.Trouble
		return
	case d.Route.Source == "hand" && d.Route.Is != "" && !strings.EqualFold(d.Route.Is, found.Is):
		d.Route.Trouble = "they publish another route: " + found.Is + " (" + found.Source + ")"
		return
	}
	found.CheckedAt = now
	d.Route = found
}
