package policy

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// survey is what several lints need to know of a document and take long to work out.
type survey struct {
	p       *Policy
	year    time.Time  // the first of the days on which cases are thought to begin
	table   *Timetable // nil: every instant will do
	slots   map[time.Time]slot
	trips   []trip
	same    map[string][]road // by the signature of their way: classes that differ in nothing travel together
	lengths []placed[Duration]
	wrong   map[[2]string]bool // words that prose-time has told of already, by their clause
}

// slot is the next instant at which the project publishes, with the clauses that make it the next.
type slot struct {
	at      time.Time
	clauses []string
}

// trip is the way of a track and class with a road for each day on which a case might begin.
type trip struct {
	way       *way
	signature string // the same for those that travel together
	roads     []road
}

// plainYear is when cases begin where nobody says what the day is. Its Monday is the first.
var plainYear = time.Date(2026, 1, 5, 12, 0, 0, 0, time.UTC)

func (p *Policy) survey(around Around) *survey {
	s := &survey{p: p, year: plainYear, table: p.Timetable(), slots: map[time.Time]slot{}, same: map[string][]road{}, wrong: map[[2]string]bool{}}
	if !around.Now.IsZero() {
		s.year = around.Now.UTC().Truncate(24 * time.Hour).Add(12 * time.Hour)
	}
	return s
}

// journeys are the trips of all tracks and classes; of a document without classes, of all tracks.
func (s *survey) journeys() []trip {
	if s.trips != nil {
		return s.trips
	}
	classes := s.p.classNames()
	if len(classes) == 0 {
		classes = []string{""}
	}
	starts := s.starts()
	for _, track := range s.p.Document.Tracks {
		for _, class := range classes {
			s.trips = append(s.trips, s.trip(s.wayOf(track, class), starts))
		}
	}
	return s.trips
}

func (s *survey) trip(w *way, starts []time.Time) trip {
	name := w.signature()
	roads, known := s.same[name]
	if !known {
		for _, start := range starts {
			roads = append(roads, s.travel(w, start))
		}
		s.same[name] = roads
	}
	return trip{w, name, roads}
}

// starts are the days on which cases are thought to begin. Where no calendar counts every day is like the other, so one will
// do; otherwise every ninth day of a year, which meets each day of the week and most that lasts a week.
func (s *survey) starts() []time.Time {
	if s.table == nil && !s.works() {
		return []time.Time{s.year}
	}
	var all []time.Time
	for day := 0; day < 366; day += 9 {
		all = append(all, s.year.AddDate(0, 0, day))
	}
	return all
}

// works says whether any promise or wait is counted in working time.
func (s *survey) works() bool {
	return slices.ContainsFunc(s.allDurations(), func(d placed[Duration]) bool { return d.is.Works() })
}

// signature tells ways apart that take different roads.
func (w *way) signature() string {
	var b strings.Builder
	for _, a := range w.acts {
		fmt.Fprintf(&b, "%s>", strings.Join(a.marks, ","))
		for _, g := range a.gates {
			for _, k := range g.terms {
				fmt.Fprintf(&b, "%s,", k.clause)
			}
		}
	}
	for _, l := range w.legs {
		fmt.Fprintf(&b, "|%s", l.mark)
		for _, k := range l.phases {
			b.WriteString("," + k.clause)
		}
	}
	return b.String()
}

// allDurations are the lengths of time that the document holds, worked out once.
func (s *survey) allDurations() []placed[Duration] {
	if s.lengths == nil {
		s.lengths = s.p.durations()
	}
	return s.lengths
}

// put moves an arrival to the next instant at which the project publishes.
func (s *survey) put(a arrival) arrival {
	if s.table == nil {
		return a
	}
	next, known := s.slots[a.at]
	if !known {
		at, shifts := s.table.Next(a.at)
		next = slot{at, each(shifts, func(x Shift) string { return x.Clause })}
		s.slots[a.at] = next
	}
	return arrival{at: next.at, clauses: append(slices.Clone(a.clauses), next.clauses...), after: a.after}
}
