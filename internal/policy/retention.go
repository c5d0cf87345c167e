package policy

import (
	"slices"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// Retention is how long what people sent is kept once a case is closed. Of several rules the first that fits a case holds;
// where none fits, the case is kept until somebody asks for its erasure with a reason. What was published stays in any case,
// and so does the proof that a report was received.
type Retention struct {
	Name     string   `yaml:"name" is:"name"`
	After    Duration `yaml:"after"`                        // counted from the close
	Outcomes []string `yaml:"outcomes,omitempty" is:"name"` // those of the step close that it holds for; none: all
	Tracks   []string `yaml:"tracks,omitempty" is:"track"`  // none: all
}

// eraseClock is the name of the clock that reminds of an erasure. Its rule stands under retention and not under clocks.
const eraseClock = "erase"

// Erasable says whether a case may be erased at an instant, and if not, everything that speaks against it. An objection
// without a clause stands whoever asks. One with a clause only says that the case is still kept: it gives way to a person
// with the capability erase who gives a reason, such as a request that the law grants.
func (p *Policy) Erasable(c cvd.Case, now time.Time) (bool, []cvd.Objection) {
	var found []cvd.Objection
	object := func(clause string, earliest time.Time, says string) {
		found = append(found, cvd.Objection{Clause: clause, Says: says, Earliest: earliest})
	}
	switch {
	case !markedAt(&c, "erased").IsZero():
		object("", time.Time{}, "the case is erased already")
		return false, found
	case c.RM() != cvd.Closed:
		object("", time.Time{}, "the case is "+c.RM().Word()+"; close it first")
		return false, found
	case c.Disclosure.Armed():
		object("", time.Time{}, "a publication is set for "+cvd.Instant(c.Disclosure.Due)+"; take it back first, or wait for it")
	}
	for _, k := range openClocks(c) {
		if k.Kind == cvd.Limit {
			object(k.Clause, time.Time{}, "this is still owed: "+p.ClockTitle(k))
		}
	}
	rule, fits := p.retained(&c)
	if !fits {
		object("retention", time.Time{}, "the policy keeps this case; give the reason why it must be erased")
		return false, found
	}
	if due := rule.After.Add(markedAt(&c, "closed")); now.Before(due) {
		object("retention."+rule.Name, due, "the case is kept for "+rule.After.Words()+" after its close, until "+cvd.Instant(due))
	}
	return len(found) == 0, found
}

// retained is the rule that says for how long a closed case is kept.
func (p *Policy) retained(c *cvd.Case) (Retention, bool) {
	if c.RM() != cvd.Closed {
		return Retention{}, false
	}
	i := slices.IndexFunc(p.Document.Retention, func(r Retention) bool {
		return concerns(r.Outcomes, c.Outcome) && concerns(r.Tracks, c.Track)
	})
	if i < 0 {
		return Retention{}, false
	}
	return p.Document.Retention[i], true
}

// erasure answers for the step: before its time a case is erased for a reason of its own and not because of its age.
func (w *weighing) erasure() {
	forAge := w.What.Erased == nil || w.What.Erased.Why == "retention"
	_, reasons := w.policy.Erasable(w.Case, w.Now)
	for _, o := range reasons {
		if o.Clause == "" || forAge {
			w.object(o.Clause, o.Earliest, "%s", o.Says)
		}
	}
}

// eraseHand is the clock that reminds of the erasure, if one runs or is to begin.
func (p *Policy) eraseHand(before, after *cvd.Case, e *cvd.Event) (hand, bool) {
	rule, fits := p.retained(after)
	if !fits && !slices.ContainsFunc(after.Clocks, func(k cvd.Clock) bool { return k.Name == eraseClock }) {
		return hand{}, false
	}
	return hand{p: p, Clock: &Clock{Name: eraseClock, From: "closed", Until: "erased"}, clause: "retention." + rule.Name,
		kind: cvd.Reminder, within: &Within{All: rule.After}, before: before, after: after, e: e}, true
}

// planErasure is the erasure as what is still to come.
func planErasure(c cvd.Case) []cvd.Planned {
	for _, k := range openClocks(c) {
		if k.Name == eraseClock {
			return []cvd.Planned{{At: k.Due, What: "Erasure of what was sent", Clause: k.Clause, Kind: "earliest"}}
		}
	}
	return nil
}

// retentionRows puts the rules into sentences, with what stays.
func (d *Document) retentionRows() []string {
	var rows []string
	for i, r := range d.Retention {
		which := "a case that is closed"
		switch {
		case len(r.Outcomes) > 0:
			which += " as " + either(each(r.Outcomes, func(o string) string { return strings.ReplaceAll(o, "_", " ") }))
		case i > 0 && len(r.Tracks) == 0:
			which = "any other case that is closed"
		}
		if only := d.only(r.Tracks); only != "" {
			which += " and was handled " + strings.TrimPrefix(only, "only ")
		}
		rows = append(rows, "What we were sent about "+which+" is erased "+r.After.Words()+" later.")
	}
	if len(rows) > 0 {
		rows = append(rows, "What was published stays, and so does the proof that a report was received, which tells nothing of it.")
	}
	return rows
}

// either writes "a, b or c".
func either(words []string) string {
	if n := len(words); n > 1 {
		return strings.Join(words[:n-1], ", ") + " or " + words[n-1]
	}
	return strings.Join(words, "")
}
