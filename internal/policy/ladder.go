package policy

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// Warnings and rungs are clocks of their own, which ring and tell somebody; nothing is promised by them. They run while the
// promise that they go with is open, stand while it stands, and end with it.

// beside are the warnings and rungs of a promise that an event opened, moved or ended, as they are afterwards.
func (h *hand) beside(promise cvd.Clock) (moved []cvd.Clock) {
	if promise.Name == "" {
		return nil
	}
	for i, before := range h.Warn {
		due := promise.Due
		if !due.IsZero() {
			due = h.p.WorkTime(h.Calendar).Sub(due, before)
		}
		if !due.After(promise.From) { // the promise is shorter than its warning
			due = time.Time{}
		}
		moved = h.follow(moved, promise, cvd.Warning, i, "warn", due)
	}
	for i, rung := range h.Escalate {
		var due time.Time
		if promise.Paused.IsZero() {
			due = h.later(h.p.add(h.Calendar, promise.From, rung.After), promise.Stood, rung.After.Works())
		}
		moved = h.follow(moved, promise, cvd.Rung, i, "escalate", due)
	}
	return moved
}

// follow lets a warning or a rung do what its promise does. A rung that rang is not climbed again.
func (h *hand) follow(moved []cvd.Clock, promise cvd.Clock, kind cvd.ClockKind, i int, list string, due time.Time) []cvd.Clock {
	now := cvd.Clock{Name: h.Name, Kind: cvd.ClockKind(fmt.Sprintf("%s-%d", kind, i+1)), Clause: h.clause + "." + list, Anchor: promise.Anchor,
		From: promise.From, Due: due, Until: promise.Until, Met: promise.Met, Replaced: promise.Replaced}
	at := slices.IndexFunc(h.after.Clocks, func(k cvd.Clock) bool { return k.Key() == now.Key() })
	if at < 0 {
		if !promise.Open() || due.IsZero() {
			return moved
		}
		return append(moved, now)
	}
	old := h.after.Clocks[at]
	same := old.From.Equal(now.From)
	if now.Due.IsZero() && !now.Open() {
		now.Due = old.Due // it ends as it was
	}
	if same && !old.Breached.IsZero() && (kind == cvd.Rung || now.Due.Equal(old.Due)) {
		now.Due, now.Breached = old.Due, old.Breached
	}
	if same && now.Due.Equal(old.Due) && now.Met.Equal(old.Met) && now.Replaced.Equal(old.Replaced) {
		return moved
	}
	return append(moved, now)
}

// Tells are who hears of a clock that rang, as the policy names them: nudge, alarm, a role, or somebody's handle.
func (p *Policy) Tells(b *cvd.Breached) []string {
	i := slices.IndexFunc(p.Document.Clocks, func(k Clock) bool { return k.Name == b.Clock })
	if i < 0 {
		return []string{"nudge"}
	}
	k := &p.Document.Clocks[i]
	kind, number, _ := strings.Cut(string(b.Kind), "-")
	if n, err := strconv.Atoi(number); err == nil && cvd.ClockKind(kind) == cvd.Rung && n >= 1 && n <= len(k.Escalate) {
		return []string{k.Escalate[n-1].To}
	}
	if k.Owner != "" {
		return []string{k.Owner}
	}
	return []string{"nudge"}
}
