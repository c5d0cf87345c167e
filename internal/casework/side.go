package casework

import (
	"container/heap"
	"slices"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/metrics"
)

// side is the index as one audience may ask it: the team, or those who see only what is public. The two never mix: each is
// made of what its audience sees of a case, so no count and no filter says more than the pages do.
type side struct {
	facets []facet          // by their number
	number map[facet]uint16 // of a facet
	sets   []*set           // the cases that have the facet
	words  map[uint64]*set  // the cases in which a word stands
	cases  []listed         // by their number; the zero listed where the audience does not see the case
	due    dues
	upto   time.Time // what was late then is listed as late
}

// facet is something to filter and count by: {"state", "fixing"}, {"assigned", "anna"}.
type facet struct{ what, value string }

// The facets that have one value only.
var (
	isAll       = facet{"all", ""}
	isOpen      = facet{"open", ""}
	isClosed    = facet{"closed", ""}
	isUntriaged = facet{"untriaged", ""}
	isLate      = facet{"late", ""}
	isIdle      = facet{"unassigned", ""}
)

// listed is what one case is listed under, so that it can be taken out again, and the facts that are measured.
type listed struct {
	under []uint16
	late  int64 // the instant behind which it is late, in microseconds; 0: never
	facts *metrics.Facts
}

func newSide() *side {
	return &side{number: map[facet]uint16{}, words: map[uint64]*set{}}
}

// put lists a case under its facets, and under no others.
func (s *side) put(n uint32, c seen) {
	for int(n) >= len(s.cases) {
		s.cases = append(s.cases, listed{})
	}
	was, now := s.cases[n], listed{under: make([]uint16, len(c.facets)), facts: c.facts}
	for i, f := range c.facets {
		now.under[i] = s.facet(f)
	}
	if !c.late.IsZero() {
		now.late = c.late.UnixMicro()
		switch {
		case c.late.Before(s.upto):
			now.under = append(now.under, s.facet(isLate))
		case now.late != was.late:
			heap.Push(&s.due, due{now.late, n})
		}
	}
	for _, f := range was.under {
		if !slices.Contains(now.under, f) {
			s.sets[f].remove(n)
		}
	}
	for _, f := range now.under {
		s.sets[f].add(n)
	}
	s.cases[n] = now
}

// factsOf are the facts of a case, nil where the audience does not see them.
func (s *side) factsOf(n uint32) *metrics.Facts {
	if int(n) >= len(s.cases) {
		return nil
	}
	return s.cases[n].facts
}

// follow gives a case that stays as it is listed a longer trail.
func (s *side) follow(n uint32, t metrics.Trail) {
	if f := s.factsOf(n); f != nil {
		longer := *f // others may be measuring by the old ones
		longer.Trail = t
		s.cases[n].facts = &longer
	}
}

// drop takes a case out; its words stay, and find nothing.
func (s *side) drop(n uint32) {
	if int(n) >= len(s.cases) {
		return
	}
	for _, f := range s.cases[n].under {
		s.sets[f].remove(n)
	}
	s.cases[n] = listed{}
}

// forget takes a case out, and each trace of what was written in it.
func (s *side) forget(n uint32) {
	s.drop(n)
	for _, at := range s.words {
		at.remove(n)
	}
}

func (s *side) facet(f facet) uint16 {
	n, known := s.number[f]
	if !known {
		n = uint16(len(s.facets))
		s.number[f], s.facets, s.sets = n, append(s.facets, f), append(s.sets, &set{})
	}
	return n
}

// of is the cases under a facet.
func (s *side) of(f facet) *set {
	if n, known := s.number[f]; known {
		return s.sets[n]
	}
	return &set{}
}

// read adds the words of a case.
func (s *side) read(n uint32, hashes []uint64) {
	for _, h := range hashes {
		at := s.words[h]
		if at == nil {
			at = &set{}
			s.words[h] = at
		}
		at.add(n)
	}
}

// word is the cases in which a word stands.
func (s *side) word(h uint64) *set {
	if at := s.words[h]; at != nil {
		return at
	}
	return &set{}
}

// pass lists as late whatever became late until now.
func (s *side) pass(now time.Time) {
	for micro := now.UnixMicro(); len(s.due) > 0 && s.due[0].at < micro; {
		d := heap.Pop(&s.due).(due)
		late := s.facet(isLate)
		if l := &s.cases[d.n]; l.late == d.at && !slices.Contains(l.under, late) {
			l.under = append(l.under, late)
			s.sets[late].add(d.n)
		}
	}
	if now.After(s.upto) {
		s.upto = now
	}
}

// passed says whether pass(now) would find nothing to do.
func (s *side) passed(now time.Time) bool { return len(s.due) == 0 || s.due[0].at >= now.UnixMicro() }

// due is a case and the instant behind which it is late.
type due struct {
	at int64
	n  uint32
}

// dues is a heap, the nearest first. An entry that no longer holds for its case is passed over when its instant comes.
type dues []due

func (d dues) Len() int           { return len(d) }
func (d dues) Less(i, j int) bool { return d[i].at < d[j].at }
func (d dues) Swap(i, j int)      { d[i], d[j] = d[j], d[i] }

// Push adds an entry, for package heap.
func (d *dues) Push(x any) { *d = append(*d, x.(due)) }

// Pop takes the last entry, for package heap.
func (d *dues) Pop() any {
	last := (*d)[len(*d)-1]
	*d = (*d)[:len(*d)-1]
	return last
}

// query is the facets that a query asks for.
func (q Query) facets(who cvd.Actor) []facet {
	out := []facet{isOpen}
	switch {
	case q.Show == "closed":
		out[0] = isClosed
	case q.Show == "all", q.Show == "" && (q.State == "closed" || q.State == "erased"), q.Show == "" && q.Late:
		out[0] = isAll // a closed case may still owe something
	}
	for what, value := range map[string]string{"state": q.State, "class": q.Class, "track": q.Track, "kind": q.Kind, "waits": q.Waits} {
		if value != "" {
			out = append(out, facet{what, value})
		}
	}
	switch q.Assigned {
	case "":
	case "me":
		out = append(out, facet{"assigned", string(who.ID)})
	case "nobody":
		out = append(out, isIdle)
	default:
		out = append(out, facet{"assigned", string(q.Assigned)})
	}
	if q.Late {
		out = append(out, isLate)
	}
	if q.Untriaged {
		out = append(out, isUntriaged)
	}
	return out
}

// find is the cases that a query asks for.
func (s *side) find(q Query, who cvd.Actor, x *indexes) *set {
	var sets []*set
	for _, f := range q.facets(who) {
		sets = append(sets, s.of(f))
	}
	if strings.TrimSpace(q.Words) != "" {
		found := s.holding(x.hashes(q.Words))
		if found == nil {
			return &set{}
		}
		sets = append(sets, found)
	}
	return both(sets...)
}

// counts are what waits.
func (s *side) counts(team bool) Counts {
	c := Counts{All: s.of(isAll).n, Open: s.of(isOpen).n, Untriaged: s.of(isUntriaged).n, Late: s.of(isLate).n,
		Waiting: s.of(facet{"waits", "the reporter"}).n, States: map[string]int{}, Classes: map[string]int{}, Team: team}
	into := map[string]map[string]int{"state": c.States, "open class": c.Classes}
	if team {
		c.Unassigned, c.Assigned = s.of(isIdle).n, map[string]int{}
		into["open assigned"] = c.Assigned
	}
	for i, f := range s.facets {
		if m := into[f.what]; m != nil && s.sets[i].n > 0 {
			m[f.value] = s.sets[i].n
		}
	}
	return c
}
