package casework

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// Deviation is one time that a case did not go the way of the policy, and why it was allowed not to.
type Deviation struct {
	At      time.Time
	Case    cvd.CaseID
	How     string // waived: two people let the case pass the clause; passed: a step used that; lifted: the policy itself lifts it
	Step    string // the kind of event; of a waiver "waived"
	Clause  string
	Because string // what the waiver says, or the clause that lifts
	Who     []string
	Alone   bool // one person was both, as the policy allows a team of one
}

// mostRead is how many events are read at a time.
const mostRead = 1000

// Deviations are those of all cases within a period, oldest first, for members who may see all cases.
func (w *Casework) Deviations(ctx context.Context, who cvd.Actor, period Period) ([]Deviation, error) {
	if _, err := w.project(who.Project); err != nil {
		return nil, err
	}
	if who.Standing != cvd.Member || !who.May(cvd.See) {
		return nil, cvd.Errorf(cvd.Refused, "deviations are for those whose role may see restricted cases")
	}
	d := deviating{open: map[waiverKey]*Deviation{}, reasons: map[waiverKey]string{}}
	for after := int64(0); ; {
		events, err := w.store.Reading(ctx, who.Project, after, mostRead)
		if err != nil {
			return nil, fmt.Errorf("read deviations: %w", err)
		}
		for _, e := range events {
			d.read(e.Event)
			after = e.Seq
		}
		if len(events) < mostRead {
			break
		}
	}
	return slices.DeleteFunc(d.all, func(x Deviation) bool {
		return x.At.Before(period.From) || !period.To.IsZero() && !x.At.Before(period.To)
	}), nil
}

type waiverKey struct {
	id     cvd.CaseID
	clause string
}

// deviating gathers deviations from events in their order.
type deviating struct {
	all     []Deviation
	open    map[waiverKey]*Deviation // waivers that one person asked for
	reasons map[waiverKey]string     // of those that count
}

// read adds what one event says. Of a case that was erased nothing is left to say.
func (d *deviating) read(e cvd.Event) {
	one := func(how, clause, because string) Deviation {
		return Deviation{At: e.At, Case: e.Case, How: how, Step: e.What.Kind(), Clause: clause, Because: because, Who: []string{e.Name}}
	}
	if x := e.What.Waiving; x != nil {
		key := waiverKey{e.Case, x.Clause}
		asked := d.open[key]
		if asked == nil {
			first := one("waived", x.Clause, x.Because)
			d.open[key] = &first
		} else {
			delete(d.open, key)
			asked.At, asked.Who, asked.Alone = e.At, append(asked.Who, e.Name), x.Alone
			d.reasons[key] = asked.Because
			d.all = append(d.all, *asked)
		}
	}
	for _, clause := range e.Waived {
		d.all = append(d.all, one("passed", clause, d.reasons[waiverKey{e.Case, clause}]))
	}
	for _, x := range e.Passed {
		d.all = append(d.all, one("lifted", x.Clause, x.By))
	}
}

// ReadMonth reads a month as people write it, 2026-03, as the period from its first instant in UTC to the next; empty is all time.
func ReadMonth(text string) (Period, error) {
	if text == "" {
		return Period{}, nil
	}
	at, err := time.Parse("2006-01", text)
	if err != nil {
		return Period{}, cvd.Fieldf("/month", "write a month, such as 2026-03")
	}
	return Period{From: at, To: at.AddDate(0, 1, 0)}, nil
}
