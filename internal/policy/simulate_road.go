package policy

import (
	"slices"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// milepost is a mark on the way of a scenario.
type milepost struct {
	mark   string
	step   string // that reaches it
	notice string // that it is of
	stage  *Stage // that ends with it
	before string // the mark of the stage before
	rank   int

	at    time.Time // when it is reached; zero while that cannot be said
	could time.Time // when it could be reached at the earliest, where the scenario sets it
	waits string    // what it waits for, where it cannot be said
	hold  link      // what held it last
	links []link
}

// link is one thing that a mark comes after.
type link struct {
	from     string // the mark that it is counted from; "": the arrival
	clause   string
	length   Duration
	calendar string
	at       time.Time // when it is over
	because  []string  // the clauses that moved it
	order    bool      // it only says in which order the stages stand
	unless   string    // a predicate that lifts it
	waits    string    // it is not over: what it waits for
}

// accidents are steps that an ordinary case does without.
var accidents = []string{"receive", "invalidate", "defer", "lift", "disarm", "waive", "erase", "observe", "date", "propose", "nudge", "invite", "moderate",
	"nominate", "answer", "standing", "leave", "remove", "thread", "countdown", "agree", "record_breach", "payout"}

// lay puts up the mileposts: the marks of all steps that somebody takes, those of the notices that go out, and what is set.
func (c *course) lay() {
	c.named = map[string]*milepost{}
	c.put(&milepost{mark: "received", rank: earlyRank})
	for i, s := range steps {
		if slices.Contains(accidents, s.name) || !c.taken(s.name) {
			continue
		}
		for _, mark := range marksOf(s, &c.Document) {
			_, notice, of := strings.Cut(mark, ":")
			if n, _ := c.noticeNamed(notice); !of || c.goesOut(n) {
				c.put(&milepost{mark: mark, step: s.name, notice: notice, rank: 100 * (i + 1)})
			}
		}
	}
	c.laySet()
	before, rank := "", 0
	for i := range c.Document.Stages {
		s := &c.Document.Stages[i]
		m := c.named[s.Done]
		if m == nil || !concerns(s.Tracks, c.track.Name) || m.stage != nil {
			continue
		}
		rank = max(rank+1, m.rank)
		m.stage, m.before, m.rank = s, before, rank
		before = s.Done
		if m.notice != "" { // it is sent no later than it arrives
			c.named[cvd.MarkNotified+m.notice].rank = rank
		}
	}
	slices.SortStableFunc(c.marks, func(a, b *milepost) int { return a.rank - b.rank })
}

// laySet adds what the scenario dates, and what it says has come already.
func (c *course) laySet() {
	for mark := range c.set {
		c.put(&milepost{mark: mark, rank: 1})
	}
	for mark, is := range map[string]bool{cvd.MarkAttacks: c.facts.Attacks, cvd.MarkExploit: c.facts.ExploitPublic, cvd.MarkPublic: c.facts.Public} {
		if is {
			delete(c.named, mark)
			c.marks = slices.DeleteFunc(c.marks, func(m *milepost) bool { return m.mark == mark })
			c.put(&milepost{mark: mark, rank: earlyRank})
		}
	}
}

func (c *course) put(m *milepost) {
	if c.named[m.mark] == nil {
		c.named[m.mark] = m
		c.marks = append(c.marks, m)
	}
}

// goesOut says whether a notice belongs to the usual course of a case on the track: one for the occasion, which only follows
// another that was sent before the release and which nothing asks for, does not.
func (c *course) goesOut(n Notice) bool {
	if n.Name == "" || !concerns(n.Tracks, c.track.Name) {
		return false
	}
	own := func(mark string) bool {
		_, notice, of := strings.Cut(mark, ":")
		return of && notice == n.Name
	}
	if slices.ContainsFunc(c.Document.Stages, func(s Stage) bool { return own(s.Done) }) {
		return true
	}
	asks := func(q Requirement) bool { mark, _ := q.follows(); return own(mark) }
	for _, s := range c.Document.Steps {
		if slices.ContainsFunc(s.Requires, asks) {
			return true
		}
	}
	for _, other := range c.Document.Notices {
		if other.Name != n.Name && slices.ContainsFunc(other.Requires, asks) && other.Before {
			return true
		}
	}
	return !n.Before || !slices.ContainsFunc(n.Requires, func(q Requirement) bool {
		mark, _ := q.follows()
		_, notice, of := strings.Cut(mark, ":")
		follows, _ := c.noticeNamed(notice)
		return of && follows.Before
	})
}

// run goes along the way again and again until nothing changes: what a step comes after may stand behind it in the document.
func (c *course) run() {
	defer c.line()
	for range len(c.marks) {
		changed := false
		for _, m := range c.marks {
			was := *m
			c.reach(m)
			changed = changed || !was.at.Equal(m.at) || was.waits != m.waits
		}
		if !changed {
			return
		}
	}
}

// line puts what happens in one instant behind what it comes after.
func (c *course) line() {
	for range c.marks {
		moved := false
		for _, m := range c.marks {
			for _, l := range m.links {
				if from := c.named[l.from]; from != nil && from != m && from.at.Equal(m.at) && from.rank >= m.rank && from.rank < dueRank/2 {
					m.rank, moved = from.rank+1, true
				}
			}
		}
		if !moved {
			return
		}
	}
}

// reach works out when a mark is reached, as far as the others are known.
func (c *course) reach(m *milepost) {
	m.links, m.hold, m.waits = c.linksTo(m), link{at: c.start}, ""
	for _, l := range m.links {
		switch {
		case l.waits != "" && m.waits == "":
			m.waits = l.waits
		case l.at.After(m.hold.at), l.at.Equal(m.hold.at) && m.hold.length.Zero() && !l.length.Zero():
			m.hold = l
		}
	}
	at := m.hold.at
	if set, is := c.set[m.mark]; is {
		m.at, m.could = set, time.Time{}
		if m.step == "" || m.waits != "" {
			return
		}
		m.could = c.publishable(m, latter(at, set)).at
		if !set.Before(at) && m.could.Equal(set) {
			m.could = set
		}
		return
	}
	if m.waits != "" {
		m.at = time.Time{}
		return
	}
	m.hold = c.publishable(m, at)
	m.at = m.hold.at
}

// publishable moves a release or a publication to when the project publishes, unless it is an emergency.
func (c *course) publishable(m *milepost, at time.Time) link {
	l := m.hold
	if l.at = at; m.mark != cvd.MarkReleased && m.mark != "disclosed" || c.facts.Emergency || c.lifted("schedule") {
		return l
	}
	next, shifts := c.Timetable().Next(at)
	for _, s := range shifts {
		l.because = append(slices.Clip(l.because), s.Clause)
	}
	l.at = next
	return l
}

// linksTo are all that a mark comes after.
func (c *course) linksTo(m *milepost) []link {
	if m.mark == "received" || m.step == "" {
		return nil
	}
	links := c.requiredFor(m, m.step)
	if audience := c.apart[m.notice]; audience != "" && m.notice != "" {
		links = append(links, c.notBefore(audience))
	}
	switch {
	case c.joint && m.mark == cvd.MarkReleased:
		links = append(links, c.partner(m, "disclosed", "disclose")...)
	case c.joint && m.mark == "disclosed":
		links = append(links, c.partner(m, cvd.MarkReleased, "release")...)
	}
	if m.before != "" && c.named[m.before].waits == "" {
		l := c.after(m.before, "stages."+m.stage.Name, Duration{}, "")
		l.order = true
		links = append(links, l)
	}
	for _, k := range c.Document.Clocks {
		if k.Until == m.mark && !k.AtLeast.Zero() && c.runs(k) {
			links = append(links, c.after(k.From, "clocks."+k.Name+".at_least", k.AtLeast, k.Calendar))
		}
	}
	d := &c.Document
	switch {
	case m.mark == cvd.MarkPosted && d.Disclosure.Details != nil:
		links = append(links, c.after(d.Disclosure.Details.From, "disclosure.details.after", d.Disclosure.Details.After, ""))
	case m.step == "reward" && d.Bounty != nil:
		links = append(links, c.after(d.Bounty.After, "bounty.after", Duration{}, ""))
	case strings.HasPrefix(m.mark, cvd.MarkDelivered), strings.HasPrefix(m.mark, cvd.MarkFirst):
		links = append(links, c.after(cvd.MarkNotified+m.notice, "notices."+m.notice, Duration{}, ""))
	case m.mark == cvd.MarkPublic:
		links = append(links, c.after("disclosed", "steps.disclose", Duration{}, ""))
	case m.step == "close": // last, whatever the document asks
		for _, other := range c.marks {
			if mainMark(other) && other != m && !other.at.IsZero() {
				links = append(links, c.after(other.mark, "steps.close", Duration{}, ""))
			}
		}
	}
	return links
}

// partner are the links of the other of two steps that are taken in one moment.
func (c *course) partner(m *milepost, mark, step string) []link {
	other := c.named[mark]
	if other == nil {
		return nil
	}
	links := c.requiredFor(other, step)
	if other.before != "" && other.before != m.mark && c.named[other.before].waits == "" {
		l := c.after(other.before, "stages."+other.stage.Name, Duration{}, "")
		l.order = true
		links = append(links, l)
	}
	return slices.DeleteFunc(links, func(l link) bool { return l.from == m.mark || l.from == mark })
}

// mainMark says whether a mark is one that people are shown: it ends a stage, or every case has it.
func mainMark(m *milepost) bool {
	return m.stage != nil || slices.Contains([]string{"acknowledged", "validated", "triaged", cvd.MarkFixReady, cvd.MarkReleased, "disclosed", "closed"}, m.mark)
}

func (c *course) isSet(mark string) bool {
	_, is := c.set[mark]
	return is
}

// requiredFor are the links that the requirements of a step, and of a notice, make.
func (c *course) requiredFor(m *milepost, step string) []link {
	var links []link
	f := c.factsAt(m)
	add := func(owner string, list []Requirement) {
		for i := range list {
			if l, asks := c.asked(owner+".requires."+list[i].Name, &list[i], &f); asks {
				links = append(links, l)
			}
		}
	}
	if m.notice != "" {
		step = "notify"
	}
	add("steps."+step, c.stepRule(step).Requires)
	if n, ok := c.noticeNamed(m.notice); ok {
		add("notices."+m.notice, n.Requires)
	}
	if c.joint {
		partners := []string{cvd.MarkReleased, "disclosed"}
		if slices.Contains(partners, m.mark) {
			links = slices.DeleteFunc(links, func(l link) bool { return slices.Contains(partners, l.from) && l.length.Zero() })
		}
	}
	return links
}

// asked is the link that a requirement makes; asks is false where it makes none here.
func (c *course) asked(clause string, q *Requirement, f *facts) (l link, asks bool) {
	if c.lifted(clause) || !c.holds(q.When, f, true) || q.Unless != "" && c.holds(q.Unless, f, false) {
		return link{}, false
	}
	mark, _ := q.follows()
	switch {
	case q.Wait != nil:
		l = c.after(mark, clause, q.Wait.For, q.Wait.Calendar)
	case q.Quorum != nil:
		l = c.after(q.Quorum.Mark, clause, Duration{}, "")
	case q.Reviews != nil && !q.Reviews.Settle.Zero():
		from := cvd.MarkFixReady
		if q.Reviews.Of == "advisory" {
			from = "drafted"
		}
		l = c.after(from, clause, q.Reviews.Settle, "")
	case q.Expr != "" && c.certain(q.Expr) && !c.holds(q.Expr, f, false):
		l = link{clause: clause, waits: q.Says}
	case mark != "":
		l = c.after(mark, clause, Duration{}, "")
	default:
		return link{}, false
	}
	if l.unless = q.Unless; q.Or != nil {
		if or := c.after(q.Or.Mark(), clause+".or", q.Or.For, q.Or.Calendar); or.waits == "" && (l.waits != "" || or.at.Before(l.at)) {
			l = or
		}
	}
	return l, true
}

// after is the link to a mark, and the time that has to pass since.
func (c *course) after(mark, clause string, length Duration, calendar string) link {
	l := link{from: mark, clause: clause, length: length, calendar: calendar}
	from := c.named[mark]
	switch {
	case from == nil:
		l.waits = mark
	case from.at.IsZero() && from.waits != "":
		l.waits = from.waits
	case from.at.IsZero():
		l.waits = mark
	default:
		l.at, l.because = c.later(from.at, length, calendar)
	}
	return l
}

// factsAt are what predicates know when a mark is about to be reached.
func (c *course) factsAt(m *milepost) facts {
	f := c.facts
	f.Notice = m.notice
	f.Impact, f.Priority = "written", "set"
	f.Marked = func(mark string) bool { return c.precedes(mark, m) }
	f.FixReady, f.Disclosed = c.precedes(cvd.MarkFixReady, m), c.precedes("disclosed", m)
	return f
}

// precedes says whether a mark is reached before another one is.
func (c *course) precedes(mark string, m *milepost) bool {
	other := c.named[mark]
	switch {
	case other == nil || other == m || other.at.IsZero():
		return false
	case m.at.IsZero() || other.at.Before(m.at):
		return true
	}
	return other.at.Equal(m.at) && other.rank < m.rank
}

// runs says whether a clock runs in the scenario.
func (c *course) runs(k Clock) bool {
	return concerns(k.Tracks, c.track.Name) && concerns(k.Kinds, c.kind.Name) && c.holds(k.When, &c.facts, true) && !c.lifted("clocks."+k.Name)
}

// lifted says whether a contingency of the scenario lifts a clause.
func (c *course) lifted(clause string) bool {
	return slices.ContainsFunc(c.lifts, func(l string) bool { l = plain(l); return l == clause || strings.HasPrefix(clause, l+".") })
}

func latter(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
