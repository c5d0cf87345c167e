package metrics

import (
	"slices"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// Facts are what the measures need of one case, and nothing that anybody wrote. They are never changed: a case that goes on
// gets new ones. Instants are microseconds since 1970, zero for what has not happened: a hundred thousand lie in memory.
type Facts struct {
	Case    cvd.CaseID
	Kind    string // of the policy
	Class   string // severity class of the policy; empty: not decided
	Outcome string // why it was closed
	RM      cvd.RM
	Reports int
	Wrong   bool // the report is known not to be right, or to be somebody else's

	Received, Validated, Triaged, FixReady, Released, Disclosed, Closed, Reopened int64

	Promises []Promise
	Trail    Trail
}

// Promise is one limit or target of a case, and how it went.
type Promise struct {
	Clock string // "response"
	Kind  cvd.ClockKind
	Due   int64
	Met   int64 // zero: not met
}

// Trail is what the events of a case say that its fold does not. The order in which they are added does not matter.
type Trail struct {
	People     []cvd.ActorID // who took part, in order
	Answered   int64         // when somebody of the team first dealt with the report
	Moved      int64         // when something last happened that was no missed promise
	Unresolved int64         // when somebody first saw after a release that the matter is not resolved
}

// answers are the kinds of event by which the team deals with a report.
var answers = []string{"acknowledged", "validated", "invalidated", "triaged", "deferred", "prioritised"}

// And is the trail with one more event. Its kind is asked for apart, since of most kinds it is enough: what happened need be
// there only in the monitored ones.
func (t Trail) And(kind string, e cvd.Event) Trail {
	at := e.At.UnixMicro()
	if kind != "breached" {
		t.Moved = max(t.Moved, at)
	}
	if e.Who != cvd.Tipstaff(e.Project).ID {
		if i, known := slices.BinarySearch(t.People, e.Who); !known {
			t.People = slices.Insert(slices.Clone(t.People), i, e.Who)
		}
	}
	if slices.Contains(answers, kind) {
		t.Answered = earlier(t.Answered, at)
	}
	if m := e.What.Monitored; m != nil && m.Outcome == "not_resolved" {
		t.Unresolved = earlier(t.Unresolved, at)
	}
	return t
}

func earlier(a, b int64) int64 {
	if a == 0 || b != 0 && b < a {
		return b
	}
	return a
}

// Of are the facts of a case and of the events that made it.
func Of(c cvd.Case, t Trail) Facts {
	f := Facts{Case: c.ID, Kind: c.Kind, Class: c.Severity.Class, Outcome: c.Outcome, RM: c.RM(), Reports: len(c.Reports), Trail: t,
		Wrong: c.RM() == cvd.NotValid || slices.Contains(wrong, c.Outcome)}
	for mark, at := range map[string]*int64{"received": &f.Received, "validated": &f.Validated, "triaged": &f.Triaged,
		cvd.MarkFixReady: &f.FixReady, cvd.MarkReleased: &f.Released, "disclosed": &f.Disclosed, "closed": &f.Closed,
		cvd.MarkReopened: &f.Reopened} {
		*at = micro(c.Marked(mark))
	}
	if last := len(c.Assessed) - 1; f.Class == "" && last >= 0 {
		f.Class = c.Assessed[last].Class // taken up again, and not decided anew
	}
	for _, k := range c.Clocks {
		if k.Kind.Promise() && k.Expires == "" && k.Replaced.IsZero() && !k.Due.IsZero() {
			f.Promises = append(f.Promises, Promise{k.Name, k.Kind, micro(k.Due), micro(k.Met)})
		}
	}
	return f
}

func micro(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// wrong are the outcomes of cases that were none.
var wrong = []string{"invalid", "duplicate", "spam"}

// over says whether nobody works on the case any more.
func (f *Facts) over() bool {
	return f.RM == cvd.Closed || f.RM == cvd.NotValid || f.RM == cvd.Deferred
}

// resolved is when the matter was dealt with: released, else disclosed, else closed.
func (f *Facts) resolved() int64 {
	for _, at := range []int64{f.Released, f.Disclosed, f.Closed} {
		if at != 0 {
			return at
		}
	}
	return 0
}
