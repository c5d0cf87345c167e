package policy

import (
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// schedule asks whether a release or a first publication falls on a day on which the project publishes. What is public
// already, or attacked, waits for no train. The time of day says when things are done and forbids nothing.
func (w *weighing) schedule() {
	if w.facts.Emergency && !w.strict || !w.Case.Disclosure.At.IsZero() || w.What.Released != nil && w.What.Released.Staged {
		return
	}
	at := w.at()
	clause, says := w.policy.times.timetable.closed(at)
	if clause == "" {
		return
	}
	next, _ := w.policy.times.timetable.Next(at)
	w.object(clause, next, "%s: the next instant is %s", says, cvd.Instant(next))
}

// closed is the clause by which nothing is published on the day of an instant, with its words; "" if something may be.
func (t *Timetable) closed(at time.Time) (clause, says string) {
	if t == nil {
		return "", ""
	}
	if t.train == nil {
		clause, says, _ = t.Blocks(at)
		return clause, says
	}
	today := dayIn(at, t.zone)
	if next, _ := t.Next(today.at(0, t.zone)); dayIn(next, t.zone) == today { // one that was put off leaves today
		return "", ""
	}
	if clause, says, _ = t.Blocks(at); clause != "" {
		return clause, says
	}
	return "schedule.train", t.train.says
}
