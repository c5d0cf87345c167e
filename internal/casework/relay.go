package casework

import (
	"cmp"
	"context"
	"slices"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/advisory"
)

// Relay records what a project downstream was told of a case, what it answered and did. While an embargo holds only those are told
// who joined the case and agreed to keep it.
func (w *Casework) Relay(ctx context.Context, who cvd.Actor, about About, in cvd.Relayed) (cvd.View, error) {
	return w.record(ctx, who, about, "relay", func(a *asking) (cvd.What, error) {
		d, err := w.dependent(ctx, who.Project, in.Downstream)
		if cvd.KindOf(err) == cvd.NotFound {
			return cvd.What{}, cvd.Fieldf("/downstream", "there is no such project in the register")
		}
		if err != nil {
			return cvd.What{}, err
		}
		x := in
		x.Name = d.Name
		if err := first(oneOf("/status", x.Status, cvd.RelayNotTold, cvd.RelayTold, cvd.RelayAcknowledged, cvd.RelayFixed, cvd.RelayDeclined),
			shortLine("/version", x.Version), readable("/because", x.Because)); err != nil {
			return cvd.What{}, err
		}
		if x.Pull != "" {
			if err := webLink("/pull", x.Pull); err != nil {
				return cvd.What{}, err
			}
		}
		if x.Status != cvd.RelayNotTold && a.c.Embargo.Binds(a.now) && !a.c.CS.Public && !joined(a.c, d.Dependent) {
			return cvd.What{}, cvd.Errorf(cvd.Refused, "the embargo holds, and %s has not agreed to keep it: invite it to the case first", d.Name)
		}
		return cvd.What{Relayed: &x}, nil
	})
}

// joined says whether a project downstream takes part in a case and agreed to its embargo.
func joined(c cvd.Case, d cvd.Dependent) bool {
	return slices.ContainsFunc(c.Parties, func(p cvd.Party) bool {
		return (p.Name == d.Name || p.Organisation == d.Name) && p.Consent.Adheres() && p.LeftAt.IsZero()
	})
}

// Exposed is a project downstream as a case concerns it.
type Exposed struct {
	Downstream
	State string // affected, fixed, not_affected, unknown
	In    string // the release line that says so
	Relay cvd.Relay
}

// Exposure is how far the projects downstream run what a case is about.
type Exposure struct {
	All     []Exposed // the affected first, the heaviest of them first
	Weigh   string    // what they are weighed by; empty: each counts one
	Total   int64
	Weights map[string]int64 // by state
	Count   map[string]int
}

// exposedStates in the order in which somebody has to act.
var exposedStates = []string{"affected", "unknown", "fixed", "not_affected"}

// Exposure says which projects downstream run an affected version of the lines of a case, for members of the team who see it.
func (w *Casework) Exposure(ctx context.Context, who cvd.Actor, id cvd.CaseID) (Exposure, error) {
	a, err := w.open(ctx, who, About{Case: id})
	if err != nil {
		return Exposure{}, err
	}
	if tier, _ := cvd.TierOf(a.c, who, a.now); tier < cvd.ForTeam {
		return Exposure{}, absent(cvd.NotFound)
	}
	all, err := w.dependents(ctx, who.Project)
	if err != nil {
		return Exposure{}, err
	}
	out := Exposure{Weights: map[string]int64{}, Count: map[string]int{}}
	for _, d := range all {
		for name := range d.Weights {
			if out.Weigh == "" || name < out.Weigh {
				out.Weigh = name
			}
		}
	}
	for _, d := range all {
		x := Exposed{Downstream: w.downstreamOf(a.p, d.Dependent)}
		if !KeepsRegister(who) { // how to reach them is for who does
			x.Dependent = cvd.Dependent{ID: d.ID, Name: d.Name, Product: d.Product, Version: d.Version, Weights: d.Weights}
		}
		x.State, x.In = standing(a.c, x.Downstream)
		if i := slices.IndexFunc(a.c.Relays, func(r cvd.Relay) bool { return r.Downstream == d.ID }); i >= 0 {
			x.Relay = a.c.Relays[i]
		}
		if x.Relay.Status == cvd.RelayFixed && x.State != "not_affected" {
			x.State = "fixed"
		}
		n := weighed(d.Dependent, out.Weigh)
		out.All, out.Total = append(out.All, x), out.Total+n
		out.Weights[x.State] += n
		out.Count[x.State]++
	}
	slices.SortStableFunc(out.All, func(x, y Exposed) int {
		return cmp.Or(slices.Index(exposedStates, x.State)-slices.Index(exposedStates, y.State),
			cmp.Compare(weighed(y.Dependent, out.Weigh), weighed(x.Dependent, out.Weigh)))
	})
	return out, nil
}

// weighed is what a project downstream counts for.
func weighed(d cvd.Dependent, by string) int64 {
	if by == "" {
		return 1
	}
	return d.Weights[by]
}

// standing says how the lines of a case concern a version in use.
func standing(c cvd.Case, d Downstream) (state, line string) {
	state = "unknown"
	for _, l := range c.Lines {
		if l.Product != d.Product {
			continue
		}
		in, known := advisory.Within(d.Version, l.Affected)
		switch {
		case known && in && !past(d.Version, l.Version):
			return "affected", l.Name
		case l.Name != d.Line:
			continue
		case l.Status == "not_affected" || known && !in && l.Version == "":
			state, line = "not_affected", l.Name
		case past(d.Version, l.Version):
			state, line = "fixed", l.Name
		case known && !in:
			state, line = "not_affected", l.Name
		case l.Status == "unknown" || l.Affected != "" && !known:
			line = l.Name
		default:
			return "affected", l.Name
		}
	}
	return state, line
}

// past says whether a version holds a fix.
func past(version, fixed string) bool {
	in, known := advisory.Within(version, ">= "+fixed)
	return fixed != "" && known && in
}
