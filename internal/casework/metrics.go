package casework

import (
	"context"
	"maps"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/metrics"
	"github.com/tipstaff/tipstaff/internal/policy"
)

// What the measures are asked and what they say, for the faces.
type (
	// Period is the time in which the cases came that are looked at.
	Period = metrics.Period
	// Result is what one measure found.
	Result = metrics.Result
	// Number is one figure, which leads to the cases behind it.
	Number = metrics.Number
)

// Metrics are the measures of a project over the cases whose first report came within a period, each figure with the ids of
// the cases behind it: over all cases for members who may see them, over the public ones for the other members. What came in
// again in a public case, and is not public yet, leaves the case out for the latter. Unavailable while the program was started
// lately and still reads. The results are shared, and not to be changed; what they say of the time is as of the minute.
func (w *Casework) Metrics(ctx context.Context, who cvd.Actor, period Period) ([]Result, error) {
	p, err := w.project(who.Project)
	if err != nil {
		return nil, err
	}
	if err := onRoster(who); err != nil {
		return nil, err
	}
	if !period.From.IsZero() && !period.To.IsZero() && !period.From.Before(period.To) {
		return nil, cvd.Fieldf("/to", "the period ends before it begins")
	}
	ix, done, err := w.index(ctx, p)
	if err != nil {
		return nil, err
	}
	if ix == nil {
		return nil, preparing()
	}
	asked := looking{team: who.May(cvd.See), period: period, cursor: ix.cursor, minute: w.Now().Truncate(time.Minute)}
	if known := ix.measured.get(asked); known != nil {
		done()
		return known, nil
	}
	facts := ix.side(who).facts()
	done() // facts never change: whoever writes meanwhile puts others in their place
	results := measure(p.inForce(), facts, metrics.Ask{Period: period, Now: asked.minute})
	ix.measured.put(asked, results)
	return results, nil
}

// measure asks all measures, as many at once as there are processors: each looks at every case.
func measure(doc *policy.Policy, facts []*metrics.Facts, ask metrics.Ask) []Result {
	sample, results := metrics.Take(facts, ask), make([]Result, len(metrics.All))
	var parts errgroup.Group
	parts.SetLimit(runtime.GOMAXPROCS(0))
	for i, m := range metrics.All {
		parts.Go(func() error {
			results[i] = sample.Result(m)
			title(doc, &results[i])
			return nil
		})
	}
	_ = parts.Wait() // none fails
	return results
}

// ReadPeriod reads the ends of a period as people write them: a day, 2026-03-01, which begins at midnight UTC, or an instant.
// The first is included, the second not; either may be empty.
func ReadPeriod(from, to string) (Period, error) {
	var p Period
	var err error
	if p.From, err = readDay("/from", from); err == nil {
		p.To, err = readDay("/to", to)
	}
	return p, err
}

func readDay(field, text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	for _, form := range []string{time.DateOnly, time.RFC3339} {
		if at, err := time.Parse(form, text); err == nil {
			return at.UTC(), nil
		}
	}
	return time.Time{}, cvd.Fieldf(field, "write a day, such as 2026-03-01, or an instant with its zone")
}

// looking is one way of looking at the measures; as long as it is the same they are.
type looking struct {
	team   bool
	period Period
	cursor int64 // the last event that counts
	minute time.Time
}

// measured remembers what was worked out lately, since a page with its charts and tables is looked at more than once.
type measured struct {
	mu  sync.Mutex
	was map[looking][]Result
}

// mostMeasured is how many ways of looking are remembered.
const mostMeasured = 16

func (m *measured) get(l looking) []Result {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.was[l]
}

func (m *measured) put(l looking, r []Result) {
	m.mu.Lock()
	defer m.mu.Unlock()
	maps.DeleteFunc(m.was, func(was looking, _ []Result) bool { return was.cursor != l.cursor || was.minute != l.minute }) // nobody asks that again
	if m.was == nil || len(m.was) >= mostMeasured {
		m.was = map[looking][]Result{}
	}
	m.was[l] = r
}

// facts are those of all cases that the audience sees.
func (s *side) facts() []*metrics.Facts {
	out := make([]*metrics.Facts, 0, s.of(isAll).n)
	for _, c := range s.cases {
		if c.facts != nil {
			out = append(out, c.facts)
		}
	}
	return out
}

// title says what is spread in the words of the policy, severities from the worst.
func title(doc *policy.Policy, r *metrics.Result) {
	classes := map[string]int{}
	for i := range r.Spread {
		n := &r.Spread[i]
		name, rest, _ := strings.Cut(n.Name, ".")
		if n.Name == metrics.Undecided {
			n.Title = "not decided"
			classes[n.Name] = len(doc.Document.Severity.Classes)
		}
		if class, rank := doc.Class(n.Name); rank > 0 {
			n.Title, classes[n.Name] = class.Title, rank-1
		}
		if kind, err := doc.Kind(n.Name); err == nil && r.Name == "volume" {
			n.Title = kind.Title
		}
		for _, k := range doc.Document.Clocks {
			if k.Name == name && r.Name == "promise" {
				n.Title = strings.Join(append([]string{k.Title}, words[rest]...), ", ")
			}
		}
	}
	if len(classes) > 0 {
		slices.SortStableFunc(r.Spread, func(a, b metrics.Number) int { return classes[a.Name] - classes[b.Name] })
	}
}

// words are how the sides of a clock are told.
var words = map[string][]string{"limit": nil, "target": {"target"}, "limit.missed": {"missed"}, "target.missed": {"target", "missed"}}
