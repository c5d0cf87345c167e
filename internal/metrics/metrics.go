// Package metrics measures how a project handles what is reported to it.
//
// Begin with Measure and Result, then all.go, the list, and facts.go, what they are made from. To add a measure, write a
// file named after it, whose Doc says what is counted, from what to what, over which cases, and what is left out; and list
// it in all.go.
// It never reads a clock or opens a case: it is handed compact facts and the instant, and keeps nothing.
package metrics

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// Measure is one way of looking at how cases are handled.
type Measure struct {
	Name  string // "response"
	Title string // "Time to response"
	Doc   string // its definition: what is counted, from what to what, over which cases, what is left out
	Unit  Unit   // of its first number
	Of    func(Sample, *Result)
}

// Unit says what a value is.
type Unit string

// The units.
const (
	Days   Unit = "days"
	Cases  Unit = "cases" // the value is the number of the cases behind it
	Count  Unit = "count" // of something else than cases
	People Unit = "people"
	Share  Unit = "share" // from 0 to 1
)

// Period is a span of time, From included and To not. A zero end is open.
type Period struct{ From, To time.Time }

// has says whether an instant lies within the period.
func (p Period) has(at int64) bool {
	return (p.From.IsZero() || at >= p.From.UnixMicro()) && (p.To.IsZero() || at < p.To.UnixMicro())
}

// Ask is what is asked of the measures: over the cases whose first report came within the period, as it is known now. A case
// in which nothing happened for Idle stands still; zero is two weeks.
type Ask struct {
	Period Period
	Now    time.Time
	Idle   time.Duration
}

// Result is what a measure found.
type Result struct {
	Name, Title, Doc string
	Unit             Unit     // of Numbers[0] and of Months
	Numbers          []Number // the headline figures; the first one stands for the measure
	Months           []Number // the first figure for each month in which a report came, oldest first; Name is "2026-03"
	Spread           []Number // by class, phase, kind or clock, as Doc says
}

// None says that there is nothing to tell: no case of the period counts.
func (r Result) None() bool { return len(r.Numbers) == 0 }

// Find is a figure by its name: "median", "2026-03" for a month, "by-high" for one of the spread.
func (r Result) Find(name string) (Number, bool) {
	of, ours := r.Spread, strings.TrimPrefix(name, "by-")
	if ours == name {
		of = slices.Concat(r.Numbers, r.Months)
	}
	if i := slices.IndexFunc(of, func(n Number) bool { return n.Name == ours }); i >= 0 {
		return of[i], true
	}
	return Number{}, false
}

// Number is one figure with the cases behind it.
type Number struct {
	Name  string // "median", "open", "high", "2026-03"
	Title string // in words
	Unit  Unit
	Value float64
	None  bool // no case is behind it and so it has no value: not the same as 0

	behind []*Facts // all cases of the period
	at     []int32  // the places of those that the figure is made of
}

// Count is how many cases the figure is made of.
func (n Number) Count() int { return len(n.at) }

// Cases are those that the figure is made of, in order of arrival.
func (n Number) Cases() []cvd.CaseID {
	ids := make([]cvd.CaseID, len(n.at))
	for i, at := range n.at {
		ids[i] = n.behind[at].Case
	}
	return ids
}

// Sample is the cases that are looked at, in order of arrival, and the instant at which.
type Sample struct {
	Facts []*Facts
	Now   int64
	Idle  int64

	turns []int // the places of the first case of each month
}

// Compute asks all measures. The order of the facts does not matter.
func Compute(all []*Facts, ask Ask) []Result {
	s, results := Take(all, ask), make([]Result, len(All))
	for i, m := range All {
		results[i] = s.Result(m)
	}
	return results
}

// Take is the sample of the cases that are asked about.
func Take(all []*Facts, ask Ask) Sample {
	s := Sample{Now: ask.Now.UnixMicro(), Idle: ask.Idle.Microseconds()}
	if s.Idle == 0 {
		s.Idle = (14 * 24 * time.Hour).Microseconds()
	}
	type arrival struct { // side by side: to sort them is to look at nothing else
		at    int64
		facts *Facts
	}
	came := make([]arrival, 0, len(all))
	for _, f := range all {
		if f.Received != 0 && ask.Period.has(f.Received) {
			came = append(came, arrival{f.Received, f})
		}
	}
	order := func(a, b arrival) int {
		if a.at != b.at {
			return cmp.Compare(a.at, b.at)
		}
		return cmp.Compare(a.facts.Case, b.facts.Case)
	}
	if !slices.IsSortedFunc(came, order) {
		slices.SortFunc(came, order)
	}
	s.Facts = make([]*Facts, len(came))
	for i, a := range came {
		s.Facts[i] = a.facts
	}
	s.turn()
	return s
}

// Result asks one measure. Several may be asked at once.
func (s Sample) Result(m Measure) Result {
	r := Result{Name: m.Name, Title: m.Title, Doc: m.Doc, Unit: m.Unit}
	if len(s.Facts) > 0 {
		m.Of(s, &r)
	}
	return r
}
