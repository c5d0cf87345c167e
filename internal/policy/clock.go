package policy

import (
	"fmt"
	"slices"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// Clocks are the clocks that an event opened, moved, met or ended, as they are afterwards. The case after is the fold of
// the event without its clocks; the caller puts what is returned into the event, and folds that.
//
// A clock runs from its mark until its mark, within the time of the case's class; before there is a class, within the
// shortest time of any. A new class moves it, counted from the same start unless the policy says from_change, and the fold
// keeps the one that was moved. Beside its promise a clock has warnings and the rungs of its ladder, which ring by themselves.
func (p *Policy) Clocks(before, after cvd.Case, e cvd.Event) []cvd.Clock {
	var moved []cvd.Clock
	for i := range p.Document.Clocks {
		k := &p.Document.Clocks[i]
		for _, side := range k.sides() {
			h := hand{Clock: k, p: p, clause: "clocks." + k.Name, kind: side.kind, within: side.within, before: &before, after: &after, e: &e}
			now, changed := h.turn()
			if changed {
				moved = append(moved, now)
			}
			if side.kind == k.promise() && (len(k.Warn) > 0 || len(k.Escalate) > 0) {
				moved = append(moved, h.beside(now)...)
			}
		}
	}
	moved = append(moved, p.windows(&before, &after, &e)...)
	moved = append(moved, p.arrivals(&after, &e)...)
	moved = append(moved, p.embargoClocks(&after, &e)...)
	if h, runs := p.eraseHand(&before, &after, &e); runs {
		if now, changed := h.turn(); changed {
			moved = append(moved, now)
		}
	}
	if now, changed := after.LookAgain(e); changed {
		moved = append(moved, now)
	}
	moved = append(moved, p.answers(&after, e.At)...)
	if now, changed := p.stall(&after, &e); changed {
		moved = append(moved, now)
	}
	return append(moved, p.dropped(&after, &e)...)
}

// hand is one side of a clock, its target, limit or reminder, while an event is looked at.
type hand struct {
	*Clock
	p      *Policy
	clause string // where the policy says so
	kind   cvd.ClockKind
	within *Within

	before, after *cvd.Case
	e             *cvd.Event

	since func(*cvd.Case) time.Time // when it began, where no mark says so; nil: the mark From does
	asked func(*cvd.Case) bool      // whether it is asked for at all; nil: yes
}

// side is one of the times of a clock.
type side struct {
	kind   cvd.ClockKind
	within *Within
}

// sides are the times that a clock has, its promise first.
func (k *Clock) sides() (all []side) {
	for _, s := range [...]side{{cvd.Target, k.Target}, {cvd.Limit, k.Within}, {cvd.Reminder, k.Reminder}} {
		if s.within != nil {
			all = append(all, s)
		}
	}
	return all
}

// promise is the time that warnings and the ladder go with: the limit, else the target, else the reminder.
func (k *Clock) promise() cvd.ClockKind {
	switch {
	case k.Within != nil:
		return cvd.Limit
	case k.Target != nil:
		return cvd.Target
	}
	return cvd.Reminder
}

// turn works out what becomes of the hand; changed is false when the event leaves it alone.
func (h *hand) turn() (now cvd.Clock, changed bool) {
	i := slices.IndexFunc(h.after.Clocks, func(c cvd.Clock) bool { return c.Name == h.Name && c.Kind == h.kind })
	had := i >= 0
	var old cvd.Clock
	if had {
		old = h.after.Clocks[i]
	}
	from, again := h.start(old)
	if from.IsZero() {
		return old, false
	}
	met := h.met(from)
	fresh, over := !had || again, h.over(from)
	switch {
	case !fresh && !old.Met.IsZero(): // what was answered is judged by what was promised then
		return old, false
	case !met.IsZero():
		changed = !fresh && old.Open()
		old.Met = met
		return old, changed
	}
	now = h.run(old, from)
	if over == "" && now.Due.IsZero() && now.Waits == "" && now.Paused.IsZero() {
		over = "nothing is promised for this severity"
	}
	switch {
	case over != "":
		changed = !fresh && old.Open()
		old.Replaced, old.Because = h.e.At, over
		return old, changed
	case fresh || !old.Open() || !now.Due.Equal(old.Due) || !now.From.Equal(old.From) || now.Waits != old.Waits || !now.Paused.Equal(old.Paused):
		return now, true
	}
	now.Breached, now.Because = old.Breached, old.Because
	return now, now.Class != old.Class
}

// start is the instant that the hand is counted from, zero if it has not come; again is true when it starts anew.
func (h *hand) start(old cvd.Clock) (from time.Time, again bool) {
	round := roundOf(h.after)
	switch {
	case h.e.What.Received != nil && h.From == "received" && len(h.after.Reports) > 1:
		// Whoever reports later waits for an answer too. What else was promised runs on, unless the case was over.
		if over := round.Equal(h.e.At); over || h.Until == "acknowledged" && !old.Open() {
			return h.e.At, true
		}
	case h.e.What.Dated != nil && h.e.What.Dated.Event == h.From:
		return h.e.What.Dated.On, false
	case h.e.What.Joined != nil && old.Open():
		// Of two cases that become one, whoever waited longer is owed first.
		if from := h.e.What.Joined.Began(h.Name, h.kind); !from.IsZero() && from.Before(old.From) {
			return from, false
		}
	case h.e.What.Adopted != nil && old.Anchor != "" && old.Anchor != h.From:
		return markedAt(h.after, h.From), false
	case h.Rebase == "from_change" && !old.From.IsZero() && h.reclassified():
		return h.e.At, false
	}
	if !old.From.IsZero() && !old.From.Before(round) {
		return old.From, false
	}
	if from = h.began(); from.IsZero() {
		return old.From, false // what an earlier round left open is still owed
	}
	return from, !old.From.IsZero()
}

func (h *hand) began() time.Time {
	if h.since != nil {
		return h.since(h.after)
	}
	return markedAt(h.after, h.From)
}

func (h *hand) reclassified() bool {
	was := h.before.Severity.Class
	return was != "" && was != h.after.Severity.Class
}

// met is when the mark that ends the hand was reached, zero if it was not.
func (h *hand) met(from time.Time) time.Time {
	since := roundOf(h.after)
	if h.From == "received" {
		since = from // a later report is not answered by the answer to an earlier one
	}
	if at := markedAt(h.after, h.Until); !at.IsZero() && !at.Before(since) && !at.After(h.e.At) {
		return at
	}
	// Marks keep the first time only, so a second one is seen in the event itself.
	if h.e.What.Kind() == h.Until && !h.e.At.Before(since) {
		return h.e.At
	}
	if h.e.What.Invalidated != nil && slices.Contains(answers, h.Until) {
		return h.e.At
	}
	return time.Time{}
}

// answers are the marks of deciding about a report; finding that it is not valid decides as well.
var answers = []string{"acknowledged", "validated", "triaged"}

// over says why the hand no longer runs, "" while it does.
func (h *hand) over(from time.Time) string {
	c := h.after
	switch {
	case h.Name == eraseClock:
		if c.RM() == cvd.Closed {
			return ""
		}
		return "the case was taken up again"
	case h.asked != nil && !h.asked(c):
		return "the policy does not ask for it in this case"
	case !h.holds():
		return "it runs only while this is so: " + h.When
	case !concerns(h.Tracks, c.Track):
		return "the case is on the track " + c.Track
	case !concerns(h.Kinds, c.Kind):
		return "the case is of the kind " + c.Kind
	case c.RM() == cvd.NotValid:
		return "the report was found not valid"
	case c.RM() == cvd.Closed:
		if at := markedAt(c, cvd.MarkReleased); at.IsZero() || from.Before(at) {
			return "the case was closed" // what is owed since the release stays owed
		}
	}
	return ""
}

// run is the hand as it runs from now on.
func (h *hand) run(old cvd.Clock, from time.Time) cvd.Clock {
	class := h.after.Severity.Class
	now := cvd.Clock{Name: h.Name, Kind: h.kind, Clause: h.clause, Anchor: h.From, From: from, Until: h.Until, Inside: h.Law != ""}
	if h.kind == cvd.Limit && h.Expires != "breach" {
		now.Expires = h.Expires
	}
	length, event := h.within.of(class, h.Unclassified != "none")
	if h.within.byClass() {
		now.Class = class
	}
	switch {
	case event != "":
		now.Due = markedAt(h.after, event)
		if now.Due.IsZero() {
			now.Waits = event
		}
	case !length.Zero():
		now.Due = h.p.add(h.Calendar, from, length)
	}
	if old.Name == "" {
		return now
	}
	now.Because = h.because(old, class)
	if old.From.Equal(from) {
		h.carry(&now, &old, length.Works())
	}
	h.pause(&now, length.Works())
	return now
}

// holds says whether the predicate of the clock does. One that cannot be worked out keeps the promise.
func (h *hand) holds() bool {
	if h.When == "" {
		return true
	}
	facts := h.p.factsOf(*h.after, h.e.At)
	return h.p.holds(h.When, &facts, true)
}

// because says why a hand moved.
func (h *hand) because(old cvd.Clock, class string) string {
	switch {
	case h.e.What.Received != nil:
		return "another report came"
	case h.e.What.Adopted != nil && !old.Replaced.IsZero():
		return fmt.Sprintf("version %d of the policy promises it again", h.e.What.Adopted.To)
	case h.e.What.Adopted != nil:
		return fmt.Sprintf("version %d of the policy", h.e.What.Adopted.To)
	case h.e.What.Dated != nil:
		return "the date of " + h.e.What.Dated.Event + " was set"
	case old.Class != class && old.Class == "":
		return "the severity was decided: " + class
	case old.Class != class:
		return "the severity changed from " + old.Class + " to " + class
	case !old.Replaced.IsZero():
		return "what it was promised for holds again"
	}
	return old.Because
}

// byClass says whether the time depends on the severity.
func (w *Within) byClass() bool { return len(w.ByClass) > 0 || len(w.Event) > 0 }

// of is the time for a class, or the event of the project that a class waits for; both are empty where nothing is promised.
// Before there is a class it is the shortest time of any, if early.
func (w *Within) of(class string, early bool) (length Duration, event string) {
	switch {
	case !w.byClass():
		return w.All, ""
	case class != "":
		return w.ByClass[class], w.Event[class]
	case !early:
		return Duration{}, ""
	}
	for _, d := range w.ByClass {
		if length.Zero() || d.Approx() < length.Approx() {
			length = d
		}
	}
	return length, ""
}
