package policy

import (
	"slices"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// road is the way through the process for one track and class: the least time from the report's arrival to each mark, if
// everybody works in no time and only the policy's own waits count. A mark that is not in it is never reached.
type road map[string]time.Duration

// road walks the steps again and again until nothing changes: the steps of a process are few.
func (p *Policy) road(track Track, class string) road {
	r := road{}
	for range len(steps) + len(p.Document.Notices) {
		next := p.walk(r, track, class)
		if len(next) == len(r) && !slices.ContainsFunc(sortedMarks(next), func(m string) bool { return next[m] != r[m] }) {
			break
		}
		r = next
	}
	return r
}

// walk takes each step as early as the road so far allows.
func (p *Policy) walk(r road, track Track, class string) road {
	next := road{}
	reach := func(mark string, at time.Duration) {
		if old, there := next[mark]; !there || at < old {
			next[mark] = at
		}
	}
	f := p.usual(track, class)
	for _, s := range steps {
		at, open := p.earliest(r, p.stepRule(s.name).Requires, f)
		if !open || !p.taken(s.name) {
			continue
		}
		for _, mark := range s.marks {
			if !strings.HasSuffix(mark, ":") {
				reach(mark, at)
			}
		}
		switch s.name {
		case "notify":
			p.walkNotices(r, at, f, reach)
		case "date":
			for _, event := range p.Document.events() {
				reach(event, at)
			}
		}
	}
	p.walkOrder(next, track)
	return next
}

// walkNotices sends the notices of the track, each after what it requires.
func (p *Policy) walkNotices(r road, from time.Duration, f *facts, reach func(string, time.Duration)) {
	for _, n := range p.Document.Notices {
		f.Notice = n.Name
		at, open := p.earliest(r, n.Requires, f)
		if open && concerns(n.Tracks, f.Track) {
			for _, mark := range []string{cvd.MarkNotified, cvd.MarkFirst, cvd.MarkDelivered} {
				reach(mark+n.Name, max(at, from))
			}
		}
	}
	f.Notice = ""
}

// walkOrder lets a stage end no sooner than the one before it, nor than the clock says that its work takes.
func (p *Policy) walkOrder(next road, track Track) {
	var before time.Duration
	for _, s := range p.Document.Stages {
		at, there := next[s.Done]
		if !there || !concerns(s.Tracks, track.Name) {
			continue
		}
		for _, c := range p.Document.Clocks {
			if from, began := next[c.From]; began && c.Until == s.Done && concerns(c.Tracks, track.Name) {
				at = max(at, from+c.AtLeast.Approx())
			}
		}
		next[s.Done] = max(at, before)
		before = next[s.Done]
	}
}

// earliest is when the last of some requirements is met; open is false when one of them never is.
func (p *Policy) earliest(r road, requires []Requirement, f *facts) (at time.Duration, open bool) {
	for _, q := range requires {
		if !p.holds(q.When, f, true) || q.Unless != "" && p.holds(q.Unless, f, false) {
			continue
		}
		after, wait := q.follows()
		if after == "" {
			continue
		}
		reached, there := r[after]
		if !there {
			return 0, false
		}
		at = max(at, reached+wait)
	}
	return at, true
}

// follows is the mark that a requirement comes after, and by how long.
func (q Requirement) follows() (mark string, wait time.Duration) {
	switch {
	case q.Mark != "":
		return q.Mark, 0
	case q.Wait != nil:
		return q.Wait.Mark(), q.Wait.For.Approx()
	case q.Lines == "released":
		return cvd.MarkReleased, 0
	case q.Lines != "":
		return cvd.MarkFixReady, 0
	case q.Channels != "":
		return cvd.MarkNotified + q.Channels, 0
	}
	return "", 0
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

func sortedMarks(r road) []string {
	names := make([]string, 0, len(r))
	for mark := range r {
		names = append(names, mark)
	}
	slices.Sort(names)
	return names
}
