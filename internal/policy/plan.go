package policy

import (
	"slices"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// Plan is what is still to come in a case, in the order of the policy's stages: each with the instant before which it cannot
// be (earliest; zero if nothing holds it), those that it is due at by its clocks (due), and instants that people set (set).
func (p *Policy) Plan(c cvd.Case, now time.Time) []cvd.Planned {
	erasure := planErasure(c)
	if rm := c.RM(); rm == cvd.NotValid || rm == cvd.Closed && len(openClocks(c)) == len(erasure) {
		return erasure
	}
	var plan []cvd.Planned
	shown := map[string]bool{}
	for _, s := range p.ahead(c, now) {
		at := s.earliest
		if !at.After(now) {
			at = time.Time{}
		}
		plan = append(plan, cvd.Planned{At: at, What: s.Title, Clause: "stages." + s.Name, Kind: "earliest"})
		for _, k := range openClocks(c) {
			if k.Name == s.Clock || k.Until == s.Done {
				plan = p.planClock(plan, k, shown)
			}
		}
	}
	for _, k := range openClocks(c) {
		plan = p.planClock(plan, k, shown)
	}
	if c.Disclosure.Armed() {
		plan = append(plan, cvd.Planned{At: c.Disclosure.Due, What: "Publication", Clause: "steps.disclose", Kind: "set"})
	}
	if c.Embargo.Binds(now) {
		plan = append(plan, cvd.Planned{At: c.Embargo.Until, What: "End of the embargo", Clause: "embargo", Kind: "set"})
	}
	if c.Disclosure.Armed() && c.Embargo.Binds(now) && c.Embargo.Until.Before(c.Disclosure.Due) {
		plan = append(plan, cvd.Planned{At: c.Embargo.Until, Clause: "embargo", Kind: "conflict",
			What: "The embargo ends before the publication: from then on nothing binds anybody to wait for it"})
	}
	plan = planDeadlines(plan, c, now)
	return append(p.planDates(plan, c, now), erasure...)
}

// planDates adds the dates that people set for what comes from outside.
func (p *Policy) planDates(plan []cvd.Planned, c cvd.Case, now time.Time) []cvd.Planned {
	for _, event := range p.Events() {
		if at := markedAt(&c, event); at.After(now) {
			plan = append(plan, cvd.Planned{At: at, What: p.EventTitle(event), Clause: p.clauseOfEvent(event), Kind: "set"})
		}
	}
	return plan
}

// planClock adds an open clock once.
func (p *Policy) planClock(plan []cvd.Planned, k cvd.Clock, shown map[string]bool) []cvd.Planned {
	if shown[k.Key()] || !k.Kind.Promise() {
		return plan
	}
	shown[k.Key()] = true
	return append(plan, cvd.Planned{At: k.Due, What: p.ClockTitle(k), Clause: k.Clause, Kind: "due"})
}

// ClockTitle names a clock for people.
func (p *Policy) ClockTitle(k cvd.Clock) string {
	what := k.Name
	if rule, ok := p.ruleOf(k); ok {
		what = rule.Title
	} else if title := ownClocks[k.Name]; title != "" {
		what = title
	}
	if k.Kind == cvd.Target {
		what += " (target)"
	}
	if k.Waits != "" {
		what += ", with the " + strings.ReplaceAll(k.Waits, "_", " ")
	}
	if !k.Paused.IsZero() {
		what += ", which stands"
	}
	return what
}

// tooLateFor says whether a stage announces a release that is out.
func (p *Policy) tooLateFor(c cvd.Case, s Stage) bool {
	_, name, _ := strings.Cut(s.Done, ":")
	notice, ok := p.noticeNamed(name)
	return ok && notice.Before && !(markedAt(&c, cvd.MarkReleased).IsZero() && markedAt(&c, "disclosed").IsZero())
}

// remains says whether a stage is still to come in a case.
func (p *Policy) remains(c cvd.Case, s Stage, now time.Time) bool {
	return concerns(s.Tracks, c.Track) && !reached(c, s.Done, now) && !p.tooLateFor(c, s)
}

// coming is a stage that lies ahead, with the first instant at which it can be done.
type coming struct {
	Stage
	earliest time.Time
}

// ahead are the stages that remain. What a stage waits for may itself lie ahead: then its wait begins when that can be.
func (p *Policy) ahead(c cvd.Case, now time.Time) []coming {
	var left []coming
	w := weighing{Ask: &Ask{Case: c, Now: now}, policy: p, facts: p.factsOf(c, now)}
	can := map[string]time.Time{} // the first instant of each mark that lies ahead
	at := now
	for _, s := range p.Document.Stages {
		if !p.remains(c, s, now) {
			continue
		}
		at = p.soonest(&w, s, can, at)
		left = append(left, coming{s, at})
		can[s.Done] = at
		if _, notice, ok := strings.Cut(s.Done, ":"); ok { // it arrives no sooner than it is sent, and may arrive at once
			for _, mark := range []string{cvd.MarkNotified, cvd.MarkFirst, cvd.MarkDelivered} {
				can[mark+notice] = at
			}
		}
	}
	return left
}

// soonest is the first instant at which a stage can be done, not before the stage before it.
func (p *Policy) soonest(w *weighing, s Stage, can map[string]time.Time, at time.Time) time.Time {
	since := func(mark string) time.Time {
		if from := markedAt(&w.Case, mark); !from.IsZero() {
			return from
		}
		return can[mark]
	}
	wait := func(from time.Time, calendar string, length Duration) {
		if then := p.add(calendar, from, length); !from.IsZero() && then.After(at) {
			at = then
		}
	}
	waits := w.waits("steps."+s.Step, p.stepRule(s.Step).Requires)
	if _, name, ok := strings.Cut(s.Done, ":"); ok {
		n, _ := p.noticeNamed(name)
		waits = append(waits, w.waits("notices."+name, n.Requires)...)
	}
	for _, x := range waits {
		from := p.since(&w.Case, x)
		if from.IsZero() {
			from = can[x.Mark()]
		}
		wait(from, x.Calendar, x.For)
	}
	for _, k := range p.Document.Clocks {
		if k.Name == s.Clock && k.Until == s.Done && !k.AtLeast.Zero() {
			wait(since(k.From), k.Calendar, k.AtLeast)
		}
	}
	if s.Step == "disclose" && w.Case.Embargo.Binds(at) {
		at = w.Case.Embargo.Until
	}
	if (s.Step == "release" || s.Step == "disclose") && !w.facts.Emergency && w.Case.Disclosure.At.IsZero() {
		at, _ = p.times.timetable.Next(at)
	}
	return at
}

// waits are those of a list of requirements that hold in this case and can be met by time alone.
func (w *weighing) waits(owner string, list []Requirement) (all []*Wait) {
	for i := range list {
		if r := &list[i]; r.Wait != nil && r.Or == nil && w.applies(r) && !w.lifted(owner+".requires."+r.Name) {
			all = append(all, r.Wait)
		}
	}
	return all
}

func openClocks(c cvd.Case) []cvd.Clock {
	return slices.DeleteFunc(slices.Clone(c.Clocks), func(k cvd.Clock) bool { return !k.Open() })
}

// Next says who acts next, what they do, and by when that is promised: by the clock that limits just this, or not at all. What
// else is promised, and nearer, stands in the plan under its own name.
func (p *Policy) Next(c cvd.Case, now time.Time) cvd.Next {
	owed := nearest(openClocks(c))
	switch rm := c.RM(); {
	case (rm == cvd.Closed || rm == cvd.Deferred) && owed.Name != "":
		return cvd.Next{Who: "the project", What: p.ClockTitle(owed), By: owed.Due}
	case rm == cvd.Closed || rm == cvd.NotValid || rm == cvd.Deferred:
		return cvd.Next{Who: "nobody", What: "The report is " + rm.Word() + "."}
	case c.Claimed().Number > 0 && c.CS.Quiet():
		return cvd.Next{Who: "the project", What: "Say whether what somebody tells is so.", By: c.Claimed().DecideBy}
	case c.Proposal() != nil && c.Disclosure.At.IsZero() && c.CS.Quiet():
		return answerer(c)
	case asked(c):
		return cvd.Next{Who: "the reporter", What: "Answer the project's question."}
	}
	i := slices.IndexFunc(p.Document.Stages, func(s Stage) bool { return p.remains(c, s, now) })
	if i < 0 {
		return cvd.Next{Who: "the project", What: "Close the case."}
	}
	s := p.Document.Stages[i]
	own := nearest(slices.DeleteFunc(openClocks(c), func(k cvd.Clock) bool { return k.Name != s.Clock && k.Until != s.Done }))
	return cvd.Next{Who: "the project", What: s.Title, By: own.Due}
}

// answerer is who answers the proposals that are open: the project those of others, and all others its own.
func answerer(c cvd.Case) cvd.Next {
	next := cvd.Next{Who: "the reporter", What: "Answer the proposal for the date of publication.", By: c.Silence()}
	if slices.ContainsFunc(c.Parties, func(p cvd.Party) bool { return p.Joined() && !p.Gone() }) {
		next.Who = "those who take part"
	}
	if slices.ContainsFunc(c.Proposals, func(p cvd.Proposal) bool { return p.Open() && (p.Report > 0 || p.Party != "") }) {
		next.Who = "the project"
	}
	return next
}

// nearest is the open limit that is due first, or the open target where there is no limit.
func nearest(open []cvd.Clock) (first cvd.Clock) {
	for _, kind := range []cvd.ClockKind{cvd.Limit, cvd.Target} {
		for _, k := range open {
			if k.Kind == kind && !k.Due.IsZero() && (first.Name == "" || k.Due.Before(first.Due)) {
				first = k
			}
		}
		if first.Name != "" {
			return first
		}
	}
	return first
}

// asked says whether the last word between the team and the reporter of the current report is a question of the team's.
func asked(c cvd.Case) bool {
	for _, m := range slices.Backward(c.Messages) {
		if m.To == "reporter" && slices.Contains(c.Heads(), m.Report) {
			return !strings.HasPrefix(string(m.By), "reporter") && strings.Contains(m.Text, "?")
		}
	}
	return false
}

// Silence is the request not to speak in public, with its reason, while it holds for a case; else "". For a case that does
// not exist yet it is what somebody reads before they report.
func (p *Policy) Silence(c cvd.Case) string {
	s := p.Document.Silence
	onTrack := c.Track == "" || concerns(s.Tracks, c.Track)
	known := (c.Public || c.CS.Public) && c.Shown == nil // what came in again is not what the public knows
	over := known || !markedAt(&c, s.Until).IsZero() || c.RM() == cvd.NotValid || c.RM() == cvd.Closed
	if !onTrack || over {
		return ""
	}
	return strings.TrimSpace(strings.Join([]string{strings.TrimSpace(s.Says), strings.TrimSpace(s.Because), strings.TrimSpace(s.Also)}, " "))
}
