package policy

import (
	"slices"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// periodTellsNobody: a wait is there for somebody, who must know of it.
var periodTellsNobody = lint{
	code: "period-tells-nobody",
	why:  "time passes for the attackers only, since nobody is told to prepare",
	fix:  "count the wait from the delivery of a notice (notice: NAME), or say in the requirement's words who uses the time",
	find: func(x *inquiry) {
		x.eachWait(func(w hold) {
			if !strings.ContainsRune(w.wait.Mark(), ':') {
				x.found(w.clause, "%s after %s pass before %s, and nobody is told", w.wait.For.Words(), w.wait.Mark(), w.step)
			}
		})
	},
}

// hold is a wait before the release or the disclosure.
type hold struct {
	clause, step string
	q            Requirement
	wait         *Wait
}

// notice is the name of the notice that a wait is counted from, "" if it is counted from something else.
func (w hold) notice() string {
	kind, name, _ := strings.Cut(w.wait.Mark(), ":")
	if slices.Contains([]string{cvd.MarkNotified, cvd.MarkFirst, cvd.MarkDelivered}, kind+":") {
		return name
	}
	return ""
}

// eachWait visits the waits before the release and the disclosure.
func (x *inquiry) eachWait(visit func(w hold)) {
	for _, s := range x.Document.Steps {
		if s.Step != "release" && s.Step != "disclose" {
			continue
		}
		for _, q := range s.Requires {
			if q.Wait != nil {
				visit(hold{"steps." + s.Step + ".requires." + q.Name, s.Step, q, q.Wait})
			}
		}
	}
}

// twoMinimums: who was promised three days does not prepare in one.
var twoMinimums = lint{
	code:  "two-minimums",
	rules: []string{"L20", "F1"},
	why:   "people plan with the longer time and are surprised by the shorter one",
	fix:   "keep one minimum for the audience, or let the two hold for different tracks or classes (when)",
	find: func(x *inquiry) {
		said := map[string]bool{}
		for _, t := range x.journeys() {
			f := x.usual(x.trackNamed(t.way.track), t.way.class)
			first := map[string]hold{} // by audience and what is told
			x.eachWait(func(w hold) {
				n, ok := x.noticeNamed(w.notice())
				if !ok || !concerns(n.Tracks, t.way.track) || !x.holds(w.q.When, f, false) || w.q.Unless != "" && x.holds(w.q.Unless, f, false) {
					return
				}
				for _, audience := range n.Audiences {
					told := audience + " " + n.Detail + " " + w.step
					other, before := first[told]
					if !before {
						first[told] = w
						continue
					}
					if pair := audience + other.clause + w.clause; other.wait.For.Approx() != w.wait.For.Approx() && !said[pair] {
						said[pair] = true
						x.found(w.clause, "%s are promised %s by it, and %s by %s", audience, w.wait.For.Words(), other.wait.For.Words(), other.clause).
							Conflicts = []string{other.clause, "audiences." + audience}
					}
				}
			})
		}
	},
}

func (p *Policy) trackNamed(name string) Track {
	for _, t := range p.Document.Tracks {
		if t.Name == name {
			return t
		}
	}
	return Track{}
}

// noticeTooEarly: a list that keeps a secret for two weeks at most publishes it on the fifteenth day.
var noticeTooEarly = lint{
	code:  "notice-too-early",
	rules: []string{"L11"},
	why:   "the list does not take it, or publishes before the project does",
	fix:   "shorten the wait, or tell that audience later by a notice of its own",
	find: func(x *inquiry) {
		x.eachWait(func(w hold) {
			n, _ := x.noticeNamed(w.notice())
			for _, name := range n.Audiences {
				for _, a := range x.Document.Audiences {
					if a.Name == name && !a.Longest.Zero() && w.wait.For.Approx() > a.Longest.Approx() {
						x.found(w.clause, "%s are told %s ahead, and bear %s at most", name, w.wait.For.Words(), a.Longest.Words()).
							Conflicts = []string{"audiences." + name + ".longest"}
					}
				}
			}
		})
	},
}

// toldBeforeAccepting: an embargo binds whoever has accepted it.
var toldBeforeAccepting = lint{
	code:  "told-before-accepting",
	rules: []string{"L17"},
	why:   "who has promised nothing may publish what they are told",
	fix:   "let the audience accept first (accepts: each_case or once), or tell it no more than the date (detail: date)",
	find: func(x *inquiry) {
		for _, n := range x.Document.Notices {
			if !n.Before || n.Detail != "advisory" && n.Detail != "patch" {
				continue
			}
			for _, a := range x.Document.Audiences {
				if slices.Contains(n.Audiences, a.Name) && a.Accepts == "" {
					x.found("notices."+n.Name+".detail", "%s get the %s before the release, and have accepted nothing", a.Name, n.Detail).
						Conflicts = []string{"audiences." + a.Name}
				}
			}
		}
	},
}

// unreachedAudience: to tell somebody needs a way to them.
var unreachedAudience = lint{
	code: "unreached-audience",
	why:  "the process promises to tell people whom nothing reaches",
	fix:  "give the notice a channel of that audience (channels: a list that they can subscribe to), or take the audience away",
	find: func(x *inquiry) {
		for _, n := range x.Document.Notices {
			for _, audience := range n.Audiences {
				if !slices.ContainsFunc(x.Document.Channels, func(c Channel) bool {
					return slices.Contains(n.Channels, c.Name) && (c.Audience == "" || c.Audience == audience)
				}) {
					x.found("notices."+n.Name+".audiences."+audience, "none of its channels goes to %s", audience)
				}
			}
		}
	},
}

// inBlackout: a plan of publication that its own blackouts never let happen.
var inBlackout = lint{
	code:  "publishes-in-blackout",
	rules: []string{"L12"},
	why:   "what is planned for such a day is put off every time, and whoever prepared for it waits",
	fix:   "take the day out of the schedule, or the blackout away, or move the offset by a day",
	find: func(x *inquiry) {
		s := x.Document.Schedule
		if s == nil || x.table == nil {
			return
		}
		for _, word := range s.Days {
			if by := x.always(func(d day) bool { return weekdays[d.weekday()] == word }); by != "" {
				x.found("schedule.days."+word, "it publishes on %s, and every %s is a day on which nothing is published", word, word).Conflicts = []string{by}
			}
		}
		if by := x.always(x.departs()); by != "" {
			x.found("schedule.train", "each of its days is one on which nothing is published").Conflicts = []string{by}
		}
		for _, later := range x.offsets() {
			if by := x.always(x.landsOn(later.is)); by != "" {
				x.found(later.clause, "%s after a publication is always a day on which nothing is published", later.is.Words()).Conflicts = []string{by}
			}
		}
	},
}

// always is the clause that forbids to publish on each of some days of a year, "" if one will do or there is none.
func (s *survey) always(on func(day) bool) (by string) {
	from := dayIn(s.year, time.UTC)
	for d := from; d < from+366; d++ {
		if !on(d) {
			continue
		}
		clause, _ := s.table.forbids(d, "")
		if clause == "" {
			return ""
		}
		by = clause
	}
	return by
}

// departs says whether the train of the schedule leaves on a day.
func (s *survey) departs() func(day) bool {
	return func(d day) bool { return s.table.train != nil && s.table.train.upTo(d) == d }
}

// landsOn says whether a day lies a whole number of days after one on which the project publishes.
func (s *survey) landsOn(later Duration) func(day) bool {
	return func(d day) bool {
		before := dayIn(d.wall().AddDate(0, -later.Months, 0).Add(-later.Exact), time.UTC)
		clause, _ := s.table.forbids(before, "")
		return clause == "" && (s.table.train == nil || s.departs()(before))
	}
}

// offsets are the times after a release or disclosure at which something more is published.
func (s *survey) offsets() (all []placed[Duration]) {
	d := s.p.Document.Disclosure
	if d.Details != nil && (d.Details.From == cvd.MarkReleased || d.Details.From == "disclosed") {
		all = append(all, placed[Duration]{"disclosure.details.after", d.Details.After})
	}
	if d.Reports != nil && (d.Reports.From == cvd.MarkReleased || d.Reports.From == "disclosed") {
		all = append(all, placed[Duration]{"disclosure.reports.after", d.Reports.After})
	}
	return slices.DeleteFunc(all, func(x placed[Duration]) bool { return x.is.Zero() || x.is.Works() })
}
