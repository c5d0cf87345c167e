package policy

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// Ask is a question about one step: may this person do that to this case now.
type Ask struct {
	Case   cvd.Case
	Who    cvd.Actor
	Step   string
	What   cvd.What // what would happen; empty when only the step is asked about
	Now    time.Time
	Roster int // how many active people the project has
	Wholes Wholes
}

// at is the instant that waits and embargoes are weighed at: when it would happen, which for an armed publication is later.
func (a *Ask) at() time.Time {
	if a.What.Armed != nil {
		return a.What.Armed.Due
	}
	return a.Now
}

// Weigh says everything that stands in the way of a step: the asker's roles, the state of the case, and the policy's
// requirements, each with its clause. Requirements that an effective waiver names are passed.
func (p *Policy) Weigh(a Ask) []cvd.Objection {
	if !p.admitted(&a) {
		return []cvd.Objection{{Clause: "roles", Says: "your roles do not allow this step" + p.forWhom(a.Step)}}
	}
	w := weighing{Ask: &a, policy: p, facts: p.factsOf(a.Case, a.Now)}
	w.states()
	w.rules()
	w.requirements("steps."+a.Step, p.stepRule(a.Step).Requires)
	return w.found
}

// Skipped are the clauses that a step passes only because the policy lifts them, each with the clause that does: a contingency
// that has come, or what a requirement itself says under unless. It is the record of what was not done.
func (p *Policy) Skipped(a Ask) (all []cvd.Passing) {
	if !p.admitted(&a) {
		return nil
	}
	w := weighing{Ask: &a, policy: p, facts: p.factsOf(a.Case, a.Now), strict: true}
	w.rules()
	w.requirements("steps."+a.Step, p.stepRule(a.Step).Requires)
	for _, o := range w.found {
		by := p.lifts(o.Clause, &w.facts)
		if by == "" && p.excused(o.Clause, &w.facts) {
			by = o.Clause + ".unless"
		}
		if by == "" && within(o.Clause, "schedule") && w.facts.Emergency {
			by = "emergency"
		}
		if by != "" {
			all = append(all, cvd.Passing{Clause: o.Clause, By: by})
		}
	}
	return all
}

// Passed are the requirements that a step passes only because they were waived, for the record.
func (p *Policy) Passed(a Ask) []string {
	var passed []string
	for _, w := range a.Case.Waivers {
		if !w.Effective() || slices.Contains(passed, w.Clause) {
			continue
		}
		without := a
		without.Case.Waivers = slices.DeleteFunc(slices.Clone(a.Case.Waivers), func(x cvd.Waiver) bool { return x.Clause == w.Clause })
		if slices.ContainsFunc(p.Weigh(without), func(o cvd.Objection) bool { return o.Clause == w.Clause }) {
			passed = append(passed, w.Clause)
		}
	}
	return passed
}

// Options are those of the steps that the asker's roles allow, each with what stands in its way now.
func (p *Policy) Options(a Ask, steps []string) []cvd.Option {
	var all []cvd.Option
	for _, step := range steps {
		a.Step, a.What = step, cvd.What{}
		if p.admitted(&a) && (step != "extend" || p.extends()) {
			all = append(all, cvd.Option{Step: step, Blocked: p.Weigh(a)})
		}
	}
	return all
}

// Earliest is the first instant at which no objection would stand if only time is missing, and zero if something else is.
func Earliest(objections []cvd.Objection) (at time.Time) {
	for _, o := range objections {
		if o.Earliest.IsZero() {
			return time.Time{}
		}
		if o.Earliest.After(at) {
			at = o.Earliest
		}
	}
	return at
}

// weighing gathers the objections to one step.
type weighing struct {
	*Ask
	policy *Policy
	facts  facts
	found  []cvd.Objection
	strict bool // nothing is lifted: what would be asked for otherwise
}

// object adds an objection, unless its clause was waived or the policy lifts it.
func (w *weighing) object(clause string, earliest time.Time, format string, args ...any) {
	if clause != "" && (w.Case.Waived(clause) || w.lifted(clause)) {
		return
	}
	w.found = append(w.found, cvd.Objection{Clause: clause, Says: fmt.Sprintf(format, args...), Earliest: earliest})
}

// triggers are the steps that move the management of a report (cvd.RM).
var triggers = map[string]string{"validate": "validate", "invalidate": "invalidate", "prioritise": "accept", "defer": "defer", "close": "close"}

// afterClosing are the steps that a closed case still takes: what is still owed, and what its advisory still needs.
var afterClosing = []string{"receive", "message", "note", "comment", "moderate", "draft", "review", "approve", "notify", "deliver", "correct", "disclose", "disarm",
	"observe", "claim", "dismiss", "reward", "explain", "credit", "relay", "monitor", "artefact", "exempt", "tick", "count", "evaluate", "waive", "date", "invite",
	"erase", "extend", "agree", "record_breach", "plan", "payout", "bounty_eligible", "bounty_propose", "bounty_approve", "bounty_pay"}

// states asks the state machines, which no waiver moves.
func (w *weighing) states() {
	c := &w.Case
	rm := c.RM()
	if trigger, ok := triggers[w.Step]; ok {
		if _, ok := rm.Move(trigger); !ok && !w.handsOver(rm) {
			w.object("", time.Time{}, "the report is %s; this needs one that is %s", rm.Word(), comesFrom(trigger))
		}
	} else if rm == cvd.Closed && !slices.Contains(afterClosing, w.Step) && (w.Step != "hand_over" || c.Combined.Site == "") { // which makes a wrong key good
		w.object("", time.Time{}, "the case is closed; a matter that comes back begins with a new report")
	}
	switch w.Step {
	case "acknowledge":
		if at := markedAt(c, "acknowledged"); !at.IsZero() && c.Current() != nil && !at.Before(c.Current().At) {
			w.object("", time.Time{}, "the report is acknowledged already")
		}
	case "embargo", "propose", "accept", "reject", "lift", "uphold":
		w.negotiation()
	case "close", "disclose":
		if c.Embargo.Binds(w.at()) {
			w.object("", c.Embargo.Until, "the embargo holds until %s", cvd.Instant(c.Embargo.Until))
		}
	case "disarm":
		w.disarm()
	}
	if w.What.Armed != nil && !w.What.Armed.Due.After(w.Now) {
		w.object("", time.Time{}, "the instant of publication must lie ahead")
	}
}

// handsOver says whether an open case is closed because it goes on elsewhere.
func (w *weighing) handsOver(rm cvd.RM) bool {
	return w.What.Ended != nil && w.What.Ended.HandsOver() && rm != cvd.Closed
}

// comesFrom names the states that a trigger moves, as people say them.
func comesFrom(trigger string) string {
	var words []string
	for _, rm := range []cvd.RM{cvd.Arrived, cvd.NotValid, cvd.Valid, cvd.Accepted, cvd.Deferred} {
		if _, ok := rm.Move(trigger); ok {
			words = append(words, rm.Word())
		}
	}
	return strings.Join(words, " or ")
}

// embargo asks whether one may begin or move: never over what is known, never for ever, and never again once it ended.
func (w *weighing) embargo() {
	c, rule := &w.Case, w.policy.Document.Embargo
	taken := w.takes("EP", "EV")
	if !taken && !c.CS.Quiet() {
		w.object("", time.Time{}, "an embargo protects what is not known: here %s, and no embargo is proposed or agreed on", knownWords(c.CS))
	}
	if !taken && c.Embargo.State == cvd.Exited {
		w.object("", time.Time{}, "the embargo of this case has ended; none begins again")
	}
	if !concerns(rule.Tracks, c.Track) {
		w.object("embargo.tracks", time.Time{}, "embargoes are for the track %s", strings.Join(rule.Tracks, " or "))
	}
	if w.What.Embargoed == nil {
		return
	}
	until := w.What.Embargoed.Until
	if !until.After(w.Now) {
		w.object("", time.Time{}, "an embargo needs the exact instant of its end, and it must lie ahead")
	}
	if longest := w.policy.Longest(*c, w.Now); !longest.IsZero() && until.After(longest) {
		w.object("embargo.longest", time.Time{}, "an embargo lasts at most %s: until %s here", rule.Longest.Words(), cvd.Instant(longest))
	}
	w.tooShort(until, w.Now)
}

// tooLate is how short before its instant a publication can no longer be taken back: every server may be turning to it.
const tooLate = 10 * time.Second

func (w *weighing) disarm() {
	switch d := w.Case.Disclosure; {
	case !d.Armed():
		w.object("", time.Time{}, "no publication is set")
	case d.Due.Sub(w.Now) < tooLate:
		w.object("", time.Time{}, "the publication is due at %s and cannot be taken back in its last seconds", cvd.Instant(d.Due))
	}
}
