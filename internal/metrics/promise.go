package metrics

import (
	"cmp"
	"slices"

	"github.com/tipstaff/tipstaff/cvd"
)

var promise = Measure{
	Name:  "promise",
	Title: "Promises kept",
	Doc: "Of the cases in which a limit that the policy promises has been met or has run out, the share in which none was missed. " +
		"Missed is what was met late, and what is not met though its instant has passed. Over the cases of the period, with their " +
		"limits as they stood last: one that a new severity moved counts once, by its last instant; one that no longer concerns " +
		"its case is left out; cases whose limits all still run are counted apart. The spread is by clock, and shows targets " +
		"too: a target is hoped for, not promised.",
	Unit: Share,
	Of: func(s Sample, r *Result) {
		all, clocks := s.promises()
		if len(all.ended)+len(all.running) > 0 {
			r.Numbers = []Number{s.share("rate", "All limits kept", len(all.kept), all.ended), s.counted("kept", "Kept every limit so far", all.kept),
				s.counted("missed", "Missed a limit", all.missed), s.counted("running", "Limits still run", all.running)}
			r.Months = s.sharedMonths(all.kept, all.ended)
		}
		for _, c := range clocks {
			name := c.name + "." + string(c.kind)
			r.Spread = append(r.Spread, s.share(name, name, len(c.kept), c.ended), s.counted(name+".missed", name+", missed", c.missed))
		}
	},
}

// tally is the places of cases by how they kept what was promised; ended are the kept and the missed.
type tally struct{ ended, kept, missed, running []int32 }

func (t *tally) add(at int32, kept, missed, running bool) {
	switch {
	case missed:
		t.missed, t.ended = longer(t.missed, at), longer(t.ended, at)
	case kept:
		t.kept, t.ended = longer(t.kept, at), longer(t.ended, at)
	case running:
		t.running = longer(t.running, at)
	}
}

// clock is the tally of one clock.
type clock struct {
	name string
	kind cvd.ClockKind
	tally
}

// promises tallies the cases by all of their limits, and by each clock, in the order of the clocks' names.
func (s Sample) promises() (limits tally, clocks []*clock) {
	for i, f := range s.Facts {
		var kept, missed, running bool
		for place, p := range f.Promises {
			met, late := p.Met != 0 && p.Met <= p.Due, p.Met > p.Due || p.Met == 0 && s.Now > p.Due
			clockOf(&clocks, p, place).add(int32(i), met, late, !met && !late)
			if p.Kind == cvd.Limit {
				kept, missed, running = kept || met, missed || late, running || !met && !late
			}
		}
		limits.add(int32(i), kept, missed, running)
	}
	slices.SortFunc(clocks, func(a, b *clock) int { return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(a.kind, b.kind)) })
	return limits, clocks
}

// clockOf is the clock of a promise; it is looked for first where the same place of another case had its.
func clockOf(clocks *[]*clock, p Promise, place int) *clock {
	its := func(c *clock) bool { return c.name == p.Clock && c.kind == p.Kind }
	if place < len(*clocks) && its((*clocks)[place]) {
		return (*clocks)[place]
	}
	if i := slices.IndexFunc(*clocks, its); i >= 0 {
		return (*clocks)[i]
	}
	c := &clock{name: p.Clock, kind: p.Kind}
	*clocks = append(*clocks, c)
	return c
}
