package policy

import (
	"slices"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// road is one way through the process: the first instant at which each mark can be reached, if everybody works in no time
// and only the policy's own waits, calendars and blackouts count. A mark that is not in it is never reached.
type road map[string]arrival

// arrival is when a mark is reached and what kept it until then.
type arrival struct {
	at      time.Time
	clauses []string // that took the time, in order; none: nothing did
	after   string   // the mark that they count from
}

// way is the process for one track and class as a graph: what each act waits for.
type way struct {
	track, class string
	acts         []act
	legs         []leg
}

// act is a step, or a notice, with the marks that it reaches.
type act struct {
	marks []string
	gates []gate
	slot  bool // it happens only when the project publishes
}

// gate is one requirement that an act waits for. It opens by the first of its terms.
type gate struct{ terms []term }

// term is so much time after a mark.
type term struct {
	clause, after string
	wait          Duration
	calendar      *WorkTime
}

// leg is a stage of the order: it ends no sooner than the one before it, nor than the clock says that its work takes.
type leg struct {
	mark   string
	phases []term
}

// wayOf draws the graph of a track and class.
func (s *survey) wayOf(track Track, class string) *way {
	w := &way{track: track.Name, class: class}
	f := s.p.usual(track, class)
	var notify []gate
	for _, known := range steps {
		if !s.p.taken(known.name) {
			continue
		}
		clause := "steps." + known.name
		a := act{gates: s.gates(clause, s.p.stepRule(known.name).Requires, f), slot: known.name == "release" || known.name == "disclose"}
		for _, mark := range known.marks {
			if !strings.HasSuffix(mark, ":") {
				a.marks = append(a.marks, mark)
			}
		}
		switch known.name {
		case "notify":
			notify = a.gates
			w.acts = append(w.acts, s.notices(notify, f)...)
		case "date":
			a.marks = append(a.marks, s.p.Document.events()...)
		}
		w.acts = append(w.acts, a)
	}
	for _, stage := range s.p.Document.Stages {
		if !concerns(stage.Tracks, track.Name) {
			continue
		}
		l := leg{mark: stage.Done}
		for _, c := range s.p.Document.Clocks {
			if c.Until == stage.Done && !c.AtLeast.Zero() && concerns(c.Tracks, track.Name) {
				l.phases = append(l.phases, term{"clocks." + c.Name + ".at_least", c.From, c.AtLeast, s.p.WorkTime(c.Calendar)})
			}
		}
		w.legs = append(w.legs, l)
	}
	return w
}

// notices are the notices of the track, each after what it and any notice requires.
func (s *survey) notices(notify []gate, f *facts) (acts []act) {
	defer func() { f.Notice = "" }()
	for _, n := range s.p.Document.Notices {
		f.Notice = n.Name
		if !concerns(n.Tracks, f.Track) {
			continue
		}
		gates := append(slices.Clone(notify), s.gates("notices."+n.Name, n.Requires, f)...)
		acts = append(acts, act{gates: gates, marks: []string{cvd.MarkNotified + n.Name, cvd.MarkFirst + n.Name, cvd.MarkDelivered + n.Name}})
	}
	return acts
}

// gates are the requirements of a list that hold for a usual case and that time has a part in.
func (s *survey) gates(owner string, requires []Requirement, f *facts) (gates []gate) {
	for _, q := range requires {
		if !s.p.holds(q.When, f, true) || q.Unless != "" && s.p.holds(q.Unless, f, false) {
			continue
		}
		clause := owner + ".requires." + q.Name
		var g gate
		if after, wait := q.follows(); after != "" {
			k := term{clause, after, wait, nil}
			if q.Wait != nil {
				k.calendar = s.p.WorkTime(q.Wait.Calendar)
			}
			g.terms = append(g.terms, k)
		}
		if q.Or != nil && len(g.terms) > 0 {
			g.terms = append(g.terms, term{clause + ".or", q.Or.Mark(), q.Or.For, s.p.WorkTime(q.Or.Calendar)})
		}
		if len(g.terms) > 0 {
			gates = append(gates, g)
		}
	}
	return gates
}

// follows is the mark that a requirement comes after, and by how long.
func (q Requirement) follows() (mark string, wait Duration) {
	switch {
	case q.Mark != "":
		return q.Mark, Duration{}
	case q.Wait != nil:
		return q.Wait.Mark(), q.Wait.For
	case q.Lines == "released":
		return cvd.MarkReleased, Duration{}
	case q.Lines != "":
		return cvd.MarkFixReady, Duration{}
	case q.Channels != "":
		return cvd.MarkNotified + q.Channels, Duration{}
	case q.Quorum != nil:
		return q.Quorum.Mark, Duration{}
	case q.Reviews != nil && !q.Reviews.Settle.Zero() && q.Reviews.Of == "fix":
		return cvd.MarkFixReady, q.Reviews.Settle
	case q.Reviews != nil && !q.Reviews.Settle.Zero():
		return "drafted", q.Reviews.Settle
	}
	return "", Duration{}
}

// travel walks the acts again and again until nothing changes: those of a process are few.
func (s *survey) travel(w *way, start time.Time) road {
	r := road{}
	for range len(w.acts) + 1 {
		next := s.walk(w, r, start)
		if r.same(next) {
			break
		}
		r = next
	}
	return r
}

// walk takes each act as early as the road so far allows.
func (s *survey) walk(w *way, r road, start time.Time) road {
	next := make(road, 2*len(w.acts))
	for i := range w.acts {
		a := &w.acts[i]
		came, open := r.through(a.gates, start)
		if !open {
			continue
		}
		if a.slot {
			came = s.put(came)
		}
		for _, mark := range a.marks {
			if old, there := next[mark]; !there || came.at.Before(old.at) {
				next[mark] = came
			}
		}
	}
	before := arrival{at: start}
	for _, l := range w.legs {
		came, there := next[l.mark]
		if !there {
			continue
		}
		for _, k := range l.phases {
			came = came.later(next, k)
		}
		if before.at.After(came.at) {
			came = arrival{at: before.at, after: before.after}
		}
		next[l.mark] = came
		before = arrival{at: came.at, after: l.mark}
	}
	return next
}

// through is when the last of some gates opens; open is false when one of them never does.
func (r road) through(gates []gate, start time.Time) (came arrival, open bool) {
	came = arrival{at: start}
	for _, g := range gates {
		first, opens := arrival{}, false
		for _, k := range g.terms {
			if from, there := r[k.after]; there {
				at := k.calendar.Add(from.at, k.wait)
				if !opens || at.Before(first.at) {
					first, opens = arrival{at: at, after: k.after}, true
					if !k.wait.Zero() {
						first.clauses = []string{k.clause}
					}
				}
			}
		}
		if !opens {
			return arrival{}, false
		}
		if first.at.After(came.at) {
			came = first
		}
	}
	return came, true
}

// later puts off an arrival until so much time after a mark, if that has an instant.
func (a arrival) later(r road, k term) arrival {
	from, began := r[k.after]
	if !began {
		return a
	}
	if at := k.calendar.Add(from.at, k.wait); at.After(a.at) {
		return arrival{at: at, clauses: []string{k.clause}, after: k.after}
	}
	return a
}

func (r road) same(other road) bool {
	if len(r) != len(other) {
		return false
	}
	for mark, a := range r {
		if b, there := other[mark]; !there || !a.at.Equal(b.at) {
			return false
		}
	}
	return true
}

// between are the clauses that take the time between two marks, in order.
func (r road) between(from, until string) []string {
	var clauses []string
	for range len(r) { // each mark once at most: what two acts wait for in each other is never reached
		a, there := r[until]
		if !there || until == from || !a.at.After(r[from].at) {
			break
		}
		clauses = append(slices.Clone(a.clauses), clauses...)
		until = a.after
	}
	seen := map[string]bool{}
	return slices.DeleteFunc(clauses, func(c string) bool {
		twice := seen[c]
		seen[c] = true
		return twice
	})
}

// usual are the facts of a case without accidents on a track: everything comes in its time and nothing leaks.
func (p *Policy) usual(track Track, class string) *facts {
	f := p.factsOf(cvd.Case{Track: track.Name, Severity: cvd.Assessment{Class: class}}, time.Time{})
	f.Sensitive, f.Decided = !track.Public, true
	f.Marked = func(string) bool { return true }
	return &f
}

// taken says whether anybody ever takes a step: a person of some role, an invited guest, or the program itself.
func (p *Policy) taken(step string) bool {
	if step == "receive" || step == "deliver" || len(p.stepRule(step).Guests) > 0 {
		return true
	}
	return slices.ContainsFunc(p.Document.Roles, func(r Role) bool {
		return slices.Contains(r.Can, step) || slices.Contains(r.Can, everything)
	})
}

// concerns says whether a list of tracks or kinds means one of them; an empty list means all.
func concerns(list []string, name string) bool {
	return len(list) == 0 || slices.Contains(list, name)
}
