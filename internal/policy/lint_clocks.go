package policy

import (
	"fmt"
	"slices"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// noResponseClock: a reporter who is promised no answer tells the public next.
var noResponseClock = lint{
	code: "no-response-clock",
	why:  "a reporter cannot tell slow from lost, and turns to the public",
	fix:  "promise a time from received until acknowledged",
	find: func(p *Policy, found func(string, string, ...any)) {
		for _, c := range p.Document.Clocks {
			if c.From == "received" && c.Until == "acknowledged" && c.Within != nil {
				return
			}
		}
		found("clocks", "no clock promises when a reporter hears from a person")
	},
}

// clockMissesClass: a time for some severities leaves the others without a promise.
var clockMissesClass = lint{
	code: "clock-misses-class",
	why:  "a case of that class silently has no promise",
	fix:  "give the class a time, or an event of the project",
	find: func(p *Policy, found func(string, string, ...any)) {
		for _, c := range p.Document.Clocks {
			for key, w := range map[string]*Within{"target": c.Target, "within": c.Within, "reminder": c.Reminder} {
				if w == nil || w.ByClass == nil {
					continue
				}
				for _, class := range p.Document.Severity.Classes {
					if _, timed := w.ByClass[class.Name]; !timed && w.Event[class.Name] == "" {
						found("clocks."+c.Name+"."+key, "the class %s is missing", class.Name)
					}
				}
			}
		}
	},
}

// infeasible: the waits that the policy itself demands use up the time that it promises.
var infeasible = lint{
	code: "infeasible",
	why:  "the promise is broken by following the process",
	fix:  "shorten the wait, promise more time, or let the clock end at an earlier mark",
	find: func(p *Policy, found func(string, string, ...any)) {
		p.eachPromise(func(c Clock, limit Duration, r road, whose string) {
			if from, until, ok := r.between(c.From, c.Until); ok && until > from && until-from >= limit.Approx() {
				found("clocks."+c.Name+".within", "%s: %s comes at the earliest %s after %s, and %s is promised: nothing is left to work in",
					whose, c.Until, days(until-from), c.From, limit.Words())
			}
		})
	},
}

// fixWaits: a fix that is ready in time and then waits for longer than the promise is late for whoever needs it.
var fixWaits = lint{
	code: "fix-waits",
	why:  "readers take the promise to be about the release, since a fix that lies in private protects nobody",
	fix:  "shorten the wait before the release, ship early where the policy lets a case pass the wait, or explain what the time is promised for",
	find: func(p *Policy, found func(string, string, ...any)) {
		p.eachPromise(func(c Clock, limit Duration, r road, whose string) {
			if c.Until != cvd.MarkFixReady {
				return
			}
			if from, until, ok := r.between(c.From, cvd.MarkReleased); ok && until > r[cvd.MarkFixReady] && until-from >= limit.Approx() {
				found("clocks."+c.Name+".within", "%s: the fix is promised in %s, and the waits alone keep its release back until %s after %s",
					whose, limit.Words(), days(until-from), c.From)
			}
		})
	},
}

// eachPromise visits every limit for each track and class that it holds for, with the road of that track and class.
func (p *Policy) eachPromise(visit func(c Clock, limit Duration, r road, whose string)) {
	classes := p.Document.Severity.Classes
	if len(classes) == 0 {
		classes = []Class{{}}
	}
	for _, track := range p.Document.Tracks {
		for _, class := range classes {
			r := p.road(track, class.Name)
			whose := "on the track " + track.Name
			if class.Name != "" {
				whose = class.Name + " " + whose
			}
			for _, c := range p.Document.Clocks {
				if c.Within == nil || !concerns(c.Tracks, track.Name) {
					continue
				}
				limit, timed := c.Within.ByClass[class.Name]
				if c.Within.ByClass == nil {
					limit, timed = c.Within.All, true
				}
				if timed {
					visit(c, limit, r, whose)
				}
			}
		}
	}
}

func (r road) between(from, until string) (time.Duration, time.Duration, bool) {
	a, began := r[from]
	b, ended := r[until]
	return a, b, began && ended
}

func days(d time.Duration) string { return Duration{Exact: d.Round(time.Minute)}.Words() }

// unreachable: what cannot happen is not a promise.
var unreachable = lint{
	code: "unreachable",
	why:  "a case stops there for ever",
	fix:  "give a role the capability, or take away the requirement that comes after what it waits for",
	find: func(p *Policy, found func(string, string, ...any)) {
		for _, s := range p.Document.Steps {
			if !p.taken(s.Step) {
				found("steps."+s.Step, "nobody may take this step")
			}
		}
		roads := make([]road, len(p.Document.Tracks))
		for i, t := range p.Document.Tracks {
			roads[i] = p.road(t, "")
		}
		reached := func(mark string, tracks []string) bool {
			return slices.ContainsFunc(p.Document.Tracks, func(t Track) bool {
				_, there := roads[slices.IndexFunc(p.Document.Tracks, func(o Track) bool { return o.Name == t.Name })][mark]
				return there && concerns(tracks, t.Name)
			})
		}
		for _, s := range p.Document.Stages {
			if !reached(s.Done, s.Tracks) {
				found("stages."+s.Name, "the mark %s is never reached", s.Done)
			}
		}
		for _, c := range p.Document.Clocks {
			for key, mark := range map[string]string{"from": c.From, "until": c.Until} {
				if !reached(mark, c.Tracks) {
					found(fmt.Sprintf("clocks.%s.%s", c.Name, key), "the mark %s is never reached", mark)
				}
			}
		}
	},
}
