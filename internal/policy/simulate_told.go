package policy

import (
	"slices"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// phase is a part of the process, for whoever reads a timeline as a list of things to do.
type phase int

const (
	intake phase = iota
	fixing
	releasing
	aftercare
)

var phaseTitles = []string{"The report", "The fix", "The release", "Afterwards"}

// phaseOf is the part of the process that a mark belongs to.
func (c *course) phaseOf(mark string) phase {
	m := c.named[mark]
	if m == nil {
		return aftercare
	}
	for _, end := range []struct {
		mark  string
		phase phase
	}{{"triaged", intake}, {cvd.MarkFixReady, fixing}, {cvd.MarkReleased, releasing}, {"disclosed", releasing}} {
		if last := c.named[end.mark]; last != nil && m.rank <= last.rank {
			return end.phase
		}
	}
	return aftercare
}

// begins are the arrival, and what holds from then on.
func (c *course) begins() []Moment {
	all := []Moment{{At: c.start, Kind: isArrival, What: "The report arrives", Clause: "kinds." + c.kind.Name, Mark: "received", rank: earlyRank - 1}}
	add := func(what, clause string) {
		all = append(all, Moment{At: c.start, Kind: isSet, What: what, Clause: clause, rank: earlyRank})
	}
	if c.closed() {
		add("No reports are taken in at the moment", "door")
	}
	for _, f := range c.Document.Severity.Floors {
		if c.stated != "" && f.Class == c.class && c.holds(f.When, &c.facts, false) {
			add("Treated as "+c.className(c.class)+" instead of "+c.className(c.stated)+": "+f.Says, "severity.floors."+f.Name)
		}
	}
	for _, x := range c.Document.Contingencies {
		if x.When != "" && c.holds(x.When, &c.facts, false) {
			add(x.Title+": "+x.Says, "contingencies."+x.Name)
		}
	}
	return all
}

// closed says whether nobody can report on the day of the scenario.
func (c *course) closed() bool {
	says, _ := c.Shut(c.start)
	return says != "" && c.Document.Door.State == "closed"
}

func (c *course) className(class string) string {
	k, _ := c.Class(class)
	return k.Title
}

// happens are the steps that are taken and the notices that go out.
func (c *course) happens() []Moment {
	var all []Moment
	for _, m := range c.marks {
		kind, clause := c.kindOf(m)
		if kind == "" {
			continue
		}
		x := Moment{At: m.at, Kind: kind, What: c.whatOf(m), Clause: clause, Mark: m.mark, Waits: m.waits,
			Because: c.because(m), Checklist: c.stepRule(m.checklistOf()).Checklist, rank: m.rank, phase: c.phaseOf(m.mark)}
		if !m.at.IsZero() {
			x.Waits = ""
		} else if x.Waits == "" {
			x.Waits = m.mark
		}
		all = append(all, x)
	}
	return all
}

// kindOf says as what a mark is shown, "" if it is not.
func (c *course) kindOf(m *milepost) (kind, clause string) {
	set := c.isSet(m.mark)
	clause = "steps." + m.step
	if m.stage != nil {
		clause = "stages." + m.stage.Name
	}
	switch {
	case m.mark == "received":
		return "", ""
	case m.notice != "" && (m.stage != nil && m.stage.Done == m.mark || !c.noticeStage(m.notice) && strings.HasPrefix(m.mark, cvd.MarkDelivered)):
		if m.at.IsZero() && m.stage == nil { // one for an occasion that has not come
			return "", ""
		}
		return isNotice, "notices." + m.notice
	case m.mark == cvd.MarkReleased && m.step != "":
		return isRelease, c.written("steps.release", clause)
	case m.mark == "disclosed" && m.step != "":
		return isDisclosure, c.written("steps.disclose", clause)
	case m.mark == cvd.MarkPosted && c.Document.Disclosure.Details != nil:
		return isDetails, "disclosure.details"
	case set && slices.ContainsFunc(c.Document.Milestones, func(x Milestone) bool { return x.Name == m.mark }):
		return isSet, "milestones." + m.mark
	case set && m.step == "":
		return isSet, "steps.date"
	case set:
		return isSet, clause
	case m.stage != nil, mainMark(m) && !m.at.IsZero():
		return isStep, clause
	}
	return "", ""
}

// written is a clause if the document has it, else another.
func (c *course) written(clause, other string) string {
	if c.Has(clause) {
		return clause
	}
	return other
}

// noticeStage says whether a stage on the way ends with a notice.
func (c *course) noticeStage(notice string) bool {
	return slices.ContainsFunc(c.marks, func(m *milepost) bool { return m.notice == notice && m.stage != nil })
}

// checklistOf is the step whose checklist belongs to a mark.
func (m *milepost) checklistOf() string {
	if m.notice != "" {
		return "notify"
	}
	return m.step
}

// whatOf says for people what is reached.
func (c *course) whatOf(m *milepost) string {
	for _, x := range c.Document.Milestones {
		if x.Name == m.mark {
			return x.Title
		}
	}
	if n, ok := c.noticeNamed(m.notice); ok {
		if m.stage != nil && m.stage.Title != n.Title {
			return m.stage.Title + ": “" + n.Title + "”"
		}
		return n.Title
	}
	switch {
	case m.stage != nil:
		return m.stage.Title
	case m.mark == cvd.MarkPosted:
		return "Post with the details"
	case m.mark == "disclosed":
		return "Advisory published"
	}
	return capital(strings.ReplaceAll(m.mark, "_", " "))
}

// because are the clauses that moved a mark: the calendar of what held it, and the schedule.
func (c *course) because(m *milepost) []string {
	if c.isSet(m.mark) {
		return nil
	}
	return m.hold.because
}

// waited are the ends of the minimum waits.
func (c *course) waited() []Moment {
	var all []Moment
	seen := map[string]bool{}
	add := func(l link, m *milepost, what string, tolerance Duration) {
		_, name, _ := strings.Cut(l.clause, ".requires.")
		key := name + l.from + l.length.String()
		if seen[key] && c.joint { // of two steps that are one moment, one wait is shown
			return
		}
		seen[key] = true
		x := Moment{At: l.at, Kind: isWait, What: what, Clause: l.clause, Waits: l.waits, Because: l.because, rank: m.rank - 1, phase: c.phaseOf(m.mark)}
		all = append(all, x)
		if tolerance.Zero() || x.At.IsZero() {
			return
		}
		x.At, x.Because = c.later(x.At, tolerance, l.calendar)
		x.Kind, x.What, x.Clause, x.rank = isDeadline, c.whatOf(m)+", at the latest", l.clause+".wait.tolerance", dueRank
		x.Late = m.at.After(x.At)
		all = append(all, x)
	}
	for _, m := range c.marks {
		if kind, _ := c.kindOf(m); kind == "" {
			continue
		}
		for _, l := range m.links {
			switch {
			case l.length.Zero() || m.mark == cvd.MarkPosted && l.clause == "disclosure.details.after":
			case strings.HasSuffix(l.clause, ".at_least"):
				add(l, m, "At least "+l.length.Words()+": "+c.whatOf(m), Duration{})
			default:
				add(l, m, l.length.Words()+" since "+c.sinceWords(l.from)+" are over", c.tolerance(l.clause))
			}
		}
	}
	return all
}

func (c *course) sinceWords(mark string) string {
	if m := c.named[mark]; m != nil {
		return "“" + c.bareTitle(m) + "”"
	}
	return markWords(mark)
}

// bareTitle is the shortest name of what is reached.
func (c *course) bareTitle(m *milepost) string {
	if m.stage != nil {
		return m.stage.Title
	}
	if n, ok := c.noticeNamed(m.notice); ok {
		return n.Title
	}
	return c.whatOf(m)
}

// tolerance is how much later than a wait's end its step may be.
func (c *course) tolerance(clause string) Duration {
	owner, name, _ := strings.Cut(clause, ".requires.")
	for _, s := range c.Document.Steps {
		for _, q := range s.Requires {
			if owner == "steps."+s.Step && q.Name == name && q.Wait != nil {
				return q.Wait.Tolerance
			}
		}
	}
	return Duration{}
}

// latest are what must have happened by then so that a release or publication can be when the scenario sets it.
func (c *course) latest() []Moment {
	until, shown := map[string]time.Time{}, map[string]string{}
	var back func(m *milepost, at time.Time, left int)
	back = func(m *milepost, at time.Time, left int) {
		for _, l := range m.links {
			from := c.named[l.from]
			if from == nil || l.order || from.mark == "received" || c.isSet(from.mark) || left == 0 {
				continue
			}
			by := c.earlier(at, l.length, l.calendar)
			if known, there := until[from.mark]; there && !by.Before(known) {
				continue
			}
			until[from.mark] = by
			if !l.length.Zero() || l.from == cvd.MarkFixReady || from.step == "" {
				shown[from.mark] = l.clause
			}
			back(from, by, left-1)
		}
	}
	for _, mark := range []string{cvd.MarkReleased, "disclosed"} {
		if m := c.named[mark]; m != nil && c.isSet(mark) {
			back(m, m.at, len(c.marks))
		}
	}
	var all []Moment
	for _, m := range c.marks {
		by, there := until[m.mark]
		kind, own := c.kindOf(m)
		clause := shown[m.mark]
		if !there || clause == "" && m.notice == "" || kind == "" && m.notice != "" {
			continue
		}
		if kind == "" {
			own = clause
		}
		all = append(all, Moment{At: by, Kind: isLatest, What: c.whatOf(m) + ", at the latest", Clause: own, Mark: m.mark,
			rank: m.rank, phase: c.phaseOf(m.mark)})
	}
	return all
}
