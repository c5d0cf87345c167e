package policy

import (
	"fmt"
	"regexp"
	"slices"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// noResponseClock: a reporter who is promised no answer tells the public next.
var noResponseClock = lint{
	code:  "no-response-clock",
	rules: []string{"L7", "F4"},
	why:   "a reporter cannot tell slow from lost, and turns to the public",
	fix:   "promise a time from received until acknowledged",
	find: func(x *inquiry) {
		for _, c := range x.Document.Clocks {
			if c.From == "received" && c.Until == "acknowledged" && c.Within != nil {
				return
			}
		}
		x.found("clocks", "no clock promises when a reporter hears from a person")
	},
}

// clockMissesClass: a time for some severities leaves the others without a promise.
var clockMissesClass = lint{
	code:  "clock-misses-class",
	rules: []string{"L5"},
	why:   "a case of that class silently has no promise",
	fix:   "give the class a time, or an event of the project",
	find: func(x *inquiry) {
		for _, c := range x.Document.Clocks {
			for _, t := range c.timings() {
				if t.is.ByClass == nil {
					continue
				}
				for _, class := range x.Document.Severity.Classes {
					if _, timed := t.is.ByClass[class.Name]; !timed && t.is.Event[class.Name] == "" {
						x.found(t.clause, "the class %s is missing", class.Name)
					}
				}
			}
		}
	},
}

// timings are the times of a clock that may depend on the class, each with its clause.
func (c Clock) timings() (all []placed[*Within]) {
	for _, t := range []placed[*Within]{{"target", c.Target}, {"within", c.Within}, {"reminder", c.Reminder}} {
		if t.is != nil {
			all = append(all, placed[*Within]{"clocks." + c.Name + "." + t.clause, t.is})
		}
	}
	return all
}

// classNotKnownYet: a time that depends on the severity says nothing while nobody knows the severity.
var classNotKnownYet = lint{
	code:  "class-not-known-yet",
	rules: []string{"L5", "F7"},
	why:   "the clock of a critical case may have run out before anybody knew that it is one",
	fix:   "write what holds until then (unclassified: shortest or none), and what a change of the severity does (rebase)",
	find: func(x *inquiry) {
		var early []string // marks that come before the severity is decided
		for _, s := range steps[:slices.IndexFunc(steps, func(s knownStep) bool { return s.name == "triage" })] {
			early = append(early, s.marks...)
		}
		for _, c := range x.Document.Clocks {
			if c.Within != nil && c.Within.ByClass != nil && c.Unclassified == "" && slices.Contains(early, c.From) {
				x.found("clocks."+c.Name+".within", "it depends on the severity and runs from %s, when nobody knows the severity", c.From)
			}
		}
	},
}

// shortTerm is how long nobody asks which days count: 24 and 48 hours are hours.
const shortTerm = 48 * time.Hour

// daysNotDefined: of a week one can hold that it has five days, or seven.
var daysNotDefined = lint{
	code:  "days-not-defined",
	rules: []string{"L4", "F12"},
	why:   "readers count working days where the program counts every day, or the other way round",
	fix:   "write calendar: elapsed for the whole document if every day counts, or count in working days of a calendar (10wd)",
	find: func(x *inquiry) {
		if x.Document.Calendar != "" {
			return
		}
		var all []string
		for _, c := range x.Document.Clocks {
			vague := func(d Duration) bool { return !d.Works() && d.Approx() > shortTerm }
			if c.Calendar == "" && slices.ContainsFunc(c.times(), vague) {
				all = append(all, "clocks."+c.Name)
			}
		}
		if len(all) > 0 {
			x.found(all[0], "%s without saying which days count", counted(len(all), "promise is made in days", "promises are made in days")).Conflicts = all[1:]
		}
	},
}

func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

var atOnce = regexp.MustCompile(`(?i)\b(immediate|immediately|at once|instantly|right away|straight away)\b`)

// immediateIsNoTime: an alarm at once and an answer within a day are two promises.
var immediateIsNoTime = lint{
	code: "immediate-is-no-time",
	why:  "the words promise what no person keeps at three in the night, and what is kept is another promise",
	fix:  "say what happens at once (an alarm: kinds.NAME.alarm) apart from the time in which a person answers",
	find: func(x *inquiry) {
		for _, c := range x.Document.Clocks {
			if c.Within == nil {
				continue
			}
			for _, text := range []placed[string]{{".title", c.Title}, {".says", c.Says}} {
				if said := atOnce.FindString(text.is); said != "" {
					x.found("clocks."+c.Name+text.clause, "it says %q, and what is promised takes up to %s", said, longestOf(c.Within).Words())
				}
			}
		}
	},
}

func longestOf(w *Within) Duration {
	longest := w.All
	for _, d := range w.ByClass {
		if d.Approx() > longest.Approx() {
			longest = d
		}
	}
	return longest
}

// unarmedPublication: what is published because a clock ran out, nobody has looked at.
var unarmedPublication = lint{
	code:  "unarmed-publication",
	rules: []string{"L16"},
	why:   "a text that nobody has read is published at three in the night",
	fix:   "write armed: true, so that a person arms the publication, or let the end of the clock remind (expires: remind)",
	find: func(x *inquiry) {
		for _, c := range x.Document.Clocks {
			if c.Expires == "publish" && !c.Armed {
				x.found("clocks."+c.Name+".expires", "its end publishes, and nobody has to arm that")
			}
		}
	},
}

// unreachable: what cannot happen is not a promise.
var unreachable = lint{
	code:  "unreachable",
	rules: []string{"L15"},
	why:   "a case stops there for ever",
	fix:   "give a role the capability, or take away the requirement that comes after what it waits for",
	find: func(x *inquiry) {
		for _, s := range x.Document.Steps {
			if !x.taken(s.Step) {
				x.found("steps."+s.Step, "nobody may take this step")
			}
		}
		for _, s := range x.Document.Stages {
			if !x.reached(s.Done, s.Tracks) {
				x.found("stages."+s.Name, "the mark %s is never reached", s.Done)
			}
		}
		for _, c := range x.Document.Clocks {
			for _, end := range []placed[string]{{"from", c.From}, {"until", c.Until}} {
				if !x.reached(end.is, c.Tracks) {
					x.found("clocks."+c.Name+"."+end.clause, "the mark %s is never reached", end.is)
				}
			}
		}
	},
}

// reached says whether a case of any class reaches a mark on one of some tracks.
func (s *survey) reached(mark string, tracks []string) bool {
	return slices.ContainsFunc(s.journeys(), func(t trip) bool {
		_, there := t.roads[0][mark]
		return there && concerns(tracks, t.way.track)
	})
}

// lateLaw: the law counts from the moment at which one knew, whatever one calls it.
var lateLaw = lint{
	code:  "law-anchor",
	rules: []string{"L19"},
	why:   "the authority counts from another moment, and the report is late before the clock says so",
	fix: "count early warning and notification from a milestone that is awareness, the final report from one that is measure_available, " +
		"and that of an incident from the filing of its notification",
	find: func(x *inquiry) {
		for _, c := range x.Document.Clocks {
			if c.Law == "" {
				continue
			}
			from, is := "clocks."+c.Name+".from", x.Document.meaning(c.From)
			switch incident := ofIncident.MatchString(c.Law + " " + c.Title + " " + c.Name); {
			case c.Report == "early_warning" || c.Report == "notification":
				if is != "awareness" {
					x.found(from, "%s begins with awareness, and the clock with %s", c.Law, c.From)
				}
			case c.Report == "final" && incident && is != "filing":
				x.found(from, "the final report of an incident is counted from the filing of its notification, and the clock from %s", c.From)
			case c.Report == "final" && !incident && is != "measure_available":
				x.found(from, "the final report is counted from the moment at which a measure is available, and the clock from %s", c.From)
			}
		}
	},
}

// ofIncident recognises a clock of a severe incident: Regulation (EU) 2024/2847, Article 14(3) to (5).
var ofIncident = regexp.MustCompile(`(?i)incident|14\([345]\)`)

// meaning is what a mark means where a law counts from it; marks of every process mean what they say.
func (d *Document) meaning(mark string) string {
	for _, m := range d.Milestones {
		if m.Name == mark {
			return m.Is
		}
	}
	if mark == cvd.MarkAttacks { // who sees attacks is aware of them
		return "awareness"
	}
	return ""
}
