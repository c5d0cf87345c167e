package casework

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/policy"
	"github.com/tipstaff/tipstaff/internal/store"
)

// Whom a list names and nobody can write to is no member, and counts all the same: the power of a chain is not less because some
// of those who hold it name no contact.

// wholeRecord keeps how much is on the last list of a kind that names all of an audience: AUDIENCE.READER.
const wholeRecord = "whole"

// whole is how much such a list names, by weight.
type whole struct {
	At       time.Time
	Audience string
	Weights  map[string]int64
}

// Weighed is how much an audience counts by one weight.
type Weighed struct {
	Audience string
	Weight   string // its name: voting_power; empty: heads
	Told     int64  // of the members that are written to
	Listed   int64  // of the last list that names all of them, members or not
}

// Whole is what a quorum of the audience is a part of.
func (x Weighed) Whole() int64 { return max(x.Told, x.Listed) }

// weighed is how much each audience of a project counts, by each weight that its members have.
func (w *Casework) weighed(ctx context.Context, project cvd.ProjectID) (all []Weighed, err error) {
	of := func(audience, weight string) *Weighed {
		i := slices.IndexFunc(all, func(x Weighed) bool { return x.Audience == audience && x.Weight == weight })
		if i < 0 {
			i, all = len(all), append(all, Weighed{Audience: audience, Weight: weight})
		}
		return &all[i]
	}
	members, err := w.addressees(ctx, project, "")
	if err != nil {
		return nil, err
	}
	for _, m := range members {
		if !m.Told() {
			continue
		}
		heads := of(m.Audience, "")
		heads.Told++
		for _, name := range slices.Sorted(maps.Keys(m.Weights)) {
			x := of(m.Audience, name)
			x.Told = cvd.Sum(x.Told, m.Weights[name])
		}
	}
	records, err := w.store.Records(ctx, project, wholeRecord)
	if err != nil {
		return nil, err
	}
	for _, r := range records {
		list, err := openWhole(r)
		if err != nil {
			return nil, err
		}
		for _, name := range slices.Sorted(maps.Keys(list.Weights)) {
			x := of(list.Audience, name)
			x.Listed = max(x.Listed, list.Weights[name])
		}
	}
	return all, nil
}

func openWhole(r store.Record) (list whole, err error) {
	if err := json.Unmarshal(r.Body, &list); err != nil {
		return list, fmt.Errorf("open the entry %s of the register: %w", r.ID, err)
	}
	return list, nil
}

// wholes are what the quorums of a policy are parts of; nil where it asks for none.
func (w *Casework) wholes(ctx context.Context, project cvd.ProjectID, p *policy.Policy) (policy.Wholes, error) {
	if _, quorums := p.Quorums(); len(quorums) == 0 {
		return nil, nil
	}
	all, err := w.weighed(ctx, project)
	if err != nil {
		return nil, err
	}
	out := policy.Wholes{}
	for _, x := range all {
		if out[x.Audience] == nil {
			out[x.Audience] = map[string]int64{}
		}
		out[x.Audience][x.Weight] = x.Whole()
	}
	return out, nil
}

// WeighedAudiences is how much each audience counts by the weights that its members have, for who keeps the register.
func (w *Casework) WeighedAudiences(ctx context.Context, who cvd.Actor) ([]Weighed, error) {
	if err := keepsRegister(who); err != nil {
		return nil, err
	}
	all, err := w.weighed(ctx, who.Project)
	return slices.DeleteFunc(all, func(x Weighed) bool { return x.Weight == "" }), err
}

// weigh sums an entry of a list, which is written to or not.
func (t *Taking) weigh(m cvd.Addressee, told bool) {
	for _, name := range slices.Sorted(maps.Keys(m.Weights)) {
		if m.Weights[name] <= 0 {
			continue
		}
		i := slices.IndexFunc(t.Weighs, func(x Weighed) bool { return x.Weight == name })
		if i < 0 {
			i, t.Weighs = len(t.Weighs), append(t.Weighs, Weighed{Audience: m.Audience, Weight: name})
		}
		x := &t.Weighs[i]
		if x.Listed = cvd.Sum(x.Listed, m.Weights[name]); told {
			x.Told = cvd.Sum(x.Told, m.Weights[name])
		}
	}
}

// wholeOf is the record of how much a list names, where it names all of an audience and that has changed.
func (w *Casework) wholeOf(ctx context.Context, who cvd.Actor, in Listing, t Taking) ([]store.Record, error) {
	i := slices.IndexFunc(w.listReaders, func(r ListReader) bool { return r.Name == in.Reader })
	if !w.listReaders[i].Whole || len(t.Weighs) == 0 {
		return nil, nil
	}
	r, err := w.store.Record(ctx, who.Project, wholeRecord, in.Audience+"."+in.Reader)
	if err != nil && cvd.KindOf(err) != cvd.NotFound {
		return nil, err
	}
	list := whole{At: w.Now(), Audience: in.Audience, Weights: map[string]int64{}}
	for _, x := range t.Weighs {
		list.Weights[x.Weight] = x.Listed
	}
	if r.Rev > 0 {
		if was, err := openWhole(r); err != nil || maps.Equal(was.Weights, list.Weights) {
			return nil, err
		}
	}
	body, err := json.Marshal(list)
	if err != nil {
		return nil, fmt.Errorf("write how much a list names: %w", err)
	}
	return []store.Record{{Kind: wholeRecord, ID: in.Audience + "." + in.Reader, Rev: r.Rev, By: who.ID, Body: body}}, nil
}
