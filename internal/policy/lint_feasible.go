package policy

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

const (
	brokenByFollowing = "the promise is broken by following the process"
	feasibleFix       = "shorten a wait, promise more time, let the clock end at an earlier mark, or say when a case may pass the wait"
)

// infeasible: the waits that the policy itself demands use up the time that it promises.
var infeasible = lint{
	code:  "infeasible",
	rules: []string{"L1", "F6"},
	why:   brokenByFollowing,
	fix:   feasibleFix,
	find: func(x *inquiry) {
		x.eachPromise(func(c Clock, limit Duration, t trip) {
			if m, often := x.misses(c, c.Until, limit, t); often == len(t.roads) {
				f := x.found(limitClause(c), "%s: %s comes at the earliest %s after %s, and %s is promised: nothing is left to work in",
					x.whose(c, t), c.Until, m.takes(), c.From, limit.Words())
				x.explain(f, m, t)
			}
		})
	},
}

// infeasibleAtTimes: a promise that holidays break is kept by those who report on the right day.
var infeasibleAtTimes = lint{
	code:  "infeasible-at-times",
	rules: []string{"L1", "L12"},
	why:   brokenByFollowing + ", for those who report on the wrong day",
	fix:   "count the promise in working days, promise more time, or publish on more days",
	find: func(x *inquiry) {
		x.eachPromise(func(c Clock, limit Duration, t trip) {
			if strings.ContainsRune(c.From, ':') {
				return // a notice is sent when the day suits
			}
			if m, often := x.misses(c, c.Until, limit, t); often > 0 && often < len(t.roads) {
				f := x.found(limitClause(c), "%s: of a report on %s, %s comes at the earliest %s after %s, and %s is promised",
					x.whose(c, t), m.start.Format("Monday 2006-01-02"), c.Until, m.takes(), c.From, limit.Words())
				x.explain(f, m, t)
			}
		})
	},
}

// fixWaits: a fix that is ready in time and then waits for longer than the promise is late for whoever needs it.
var fixWaits = lint{
	code:  "fix-waits",
	rules: []string{"L1", "F6"},
	why:   "readers take the promise to be about the release, since a fix that lies in private protects nobody",
	fix:   "shorten the wait before the release, ship early where the policy lets a case pass the wait, or explain what the time is promised for",
	find: func(x *inquiry) {
		x.eachPromise(func(c Clock, limit Duration, t trip) {
			if c.Until != cvd.MarkFixReady {
				return
			}
			m, often := x.misses(c, cvd.MarkReleased, limit, t)
			if ready := t.roads[0][cvd.MarkFixReady]; often == len(t.roads) && m.until.After(ready.at) {
				f := x.found(limitClause(c), "%s: the fix is promised in %s, and the waits alone keep its release back until %s after %s",
					x.whose(c, t), limit.Words(), m.takes(), c.From)
				x.explain(f, m, t)
			}
		})
	},
}

// miss is a promise that a road does not keep.
type miss struct {
	start, from, due, until time.Time
	on                      []string // the clauses that take the time
	over                    time.Duration
	road                    road
}

func (m *miss) takes() string { return days(m.until.Sub(m.from)) }

func days(d time.Duration) string { return Duration{Exact: d.Round(time.Minute)}.Words() }

// misses looks for roads that reach a mark no sooner than its promise ends. It tells the worst, or the first of those that
// are alike, and how many there are.
func (x *inquiry) misses(c Clock, mark string, limit Duration, t trip) (worst miss, often int) {
	for _, r := range t.roads {
		from, began := r[c.From]
		until, ended := r[mark]
		if !began || !ended || !until.at.After(from.at) {
			continue
		}
		due := x.WorkTime(c.Calendar).Add(from.at, limit)
		if until.at.Before(due) {
			continue
		}
		if often++; often == 1 || until.at.Sub(due) > worst.over {
			worst = miss{r["received"].at, from.at, due, until.at, r.between(c.From, mark), until.at.Sub(due), r}
		}
	}
	return worst, often
}

// explain adds what stands on the way of a miss, and the ways out.
func (x *inquiry) explain(f *Finding, m miss, t trip) {
	f.Conflicts = m.on
	class := ""
	if t.way.class != "" {
		class = "for " + t.way.class
	}
	for _, clause := range m.on {
		wait, err := x.timesAt(x.waitOf(clause))
		if err != nil {
			continue
		}
		if wait.All.Approx() > m.over {
			by := "by more than " + days(m.over)
			if m.over < time.Minute {
				by = "by whatever the work takes"
			}
			f.Ways = append(f.Ways, fmt.Sprintf("shorten %s, now %s, %s", x.waitOf(clause), wait.All.Words(), by))
		}
	}
	f.Ways = append(f.Ways, strings.TrimSpace(fmt.Sprintf("promise more than %s %s", m.takes(), class)))
	if mark, at := x.earlierMark(m, t); mark != "" {
		f.Ways = append(f.Ways, fmt.Sprintf("let the clock end at %s, which can be %s after its beginning", mark, days(at.Sub(m.from))))
	}
	f.Ways = append(f.Ways, x.shipEarly(m.on)...)
}

// waitOf is the clause of the time that a requirement, or a part of one, waits for.
func (x *inquiry) waitOf(clause string) string {
	for _, inner := range []string{"", ".for", ".wait.for", ".reviews.settle"} {
		if _, err := x.timesAt(clause + inner); err == nil {
			return clause + inner
		}
	}
	return clause
}

// earlierMark is the last stage on the road that lies within the promise and after its beginning.
func (x *inquiry) earlierMark(m miss, t trip) (mark string, at time.Time) {
	for _, s := range x.Document.Stages {
		if a, there := m.road[s.Done]; there && concerns(s.Tracks, t.way.track) && a.at.Before(m.due) && !a.at.Before(m.from) && !a.at.Before(at) {
			mark, at = s.Done, a.at
		}
	}
	return mark, at
}

// shipEarly says by which rule a case may pass the waits on the way, or that there is none.
func (x *inquiry) shipEarly(on []string) (ways []string) {
	open := false
	for _, clause := range on {
		var lifted string
		x.eachRequirement(func(here string, q Requirement) {
			if here == clause && q.Unless != "" {
				lifted = fmt.Sprintf("ship early: %s does not hold in a case with %s", clause, q.Unless)
			}
		})
		for _, c := range x.Document.Contingencies {
			if slices.ContainsFunc(c.Lifts, func(l string) bool { return within(clause, plain(l)) }) {
				lifted = fmt.Sprintf("ship early: contingencies.%s lifts %s", c.Name, clause)
			}
		}
		if lifted != "" {
			ways = append(ways, lifted)
		} else if within(clause, "steps") || within(clause, "notices") {
			open = true
		}
	}
	if len(ways) == 0 && open {
		ways = append(ways, "ship early: write a contingency that lifts what is on the way when users are in danger")
	}
	return ways
}

// eachPromise visits every limit for each track and class that it holds for, with the roads of that track and class. Those
// that travel together under one limit are visited once.
func (x *inquiry) eachPromise(visit func(c Clock, limit Duration, t trip)) {
	seen := map[[3]string]bool{}
	for _, t := range x.journeys() {
		for _, c := range x.Document.Clocks {
			if c.Within == nil || !concerns(c.Tracks, t.way.track) {
				continue
			}
			limit, timed := c.Within.ByClass[t.way.class]
			once := [3]string{c.Name, t.signature, t.way.class}
			if c.Within.ByClass == nil {
				limit, timed, once[2] = c.Within.All, true, ""
			}
			if timed && !seen[once] {
				seen[once] = true
				visit(c, limit, t)
			}
		}
	}
}

func limitClause(c Clock) string { return "clocks." + c.Name + ".within" }

// whose names the class and the track of a trip, as far as others fare otherwise.
func (x *inquiry) whose(c Clock, t trip) string {
	differs := func(of func(w *way) bool) bool {
		return slices.ContainsFunc(x.journeys(), func(o trip) bool {
			return of(o.way) && concerns(c.Tracks, o.way.track) && o.signature != t.signature
		})
	}
	class, track := t.way.class, ""
	if c.Within.ByClass == nil && !differs(func(w *way) bool { return w.track == t.way.track }) {
		class = ""
	}
	if differs(func(w *way) bool { return w.class == t.way.class }) {
		track = "on the track " + t.way.track
	}
	switch {
	case class != "" && track != "":
		return class + " " + track
	case class+track == "":
		return "every case"
	}
	return class + track
}
