package policy

import (
	"cmp"
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
		if !rung.Every.Zero() {
			moved = h.climb(moved, promise, i, due)
		} else {
			moved = h.follow(moved, promise, cvd.Rung, i, "escalate", due)
		}
	}
	return moved
}

// climb lets a rung that rings again and again do what its promise does: once it rang it has its next instant, which is the
// first that has not passed, so that what was missed while nothing ran is one ring.
func (h *hand) climb(moved []cvd.Clock, promise cvd.Clock, i int, first time.Time) []cvd.Clock {
	key := cvd.Clock{Name: h.Name, Kind: ringing(cvd.Rung, i)}.Key()
	at := slices.IndexFunc(h.after.Clocks, func(k cvd.Clock) bool { return k.Key() == key && k.From.Equal(promise.From) })
	if at < 0 || first.IsZero() || !promise.Open() {
		return h.follow(moved, promise, cvd.Rung, i, "escalate", first)
	}
	old, due := &h.after.Clocks[at], first
	goesOn := !old.Due.IsZero() && h.e.What.Adopted == nil // it stood, or another version counts anew
	if goesOn && old.Open() && old.Breached.IsZero() {
		return moved
	}
	if goesOn {
		due = old.Due
	}
	for !due.After(h.e.At) {
		due = h.p.add(h.Calendar, due, h.Escalate[i].Every)
	}
	now := *old
	now.Due, now.Breached, now.Met, now.Replaced = due, time.Time{}, time.Time{}, time.Time{}
	return append(moved, now)
}

// ringing is the kind of the warning or the rung in a place of its list.
func ringing(kind cvd.ClockKind, i int) cvd.ClockKind {
	return cvd.ClockKind(fmt.Sprintf("%s-%d", kind, i+1))
}

// follow lets a warning or a rung do what its promise does. A rung that rang is not climbed again.
func (h *hand) follow(moved []cvd.Clock, promise cvd.Clock, kind cvd.ClockKind, i int, list string, due time.Time) []cvd.Clock {
	now := cvd.Clock{Name: h.Name, Kind: ringing(kind, i), Clause: h.clause + "." + list, Anchor: promise.Anchor,
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
	k, rung := p.rang(b)
	return []string{cmp.Or(rung.To, k.Owner, "nudge")}
}

// Calls is the channel in which a clock calls the team instead of writing to each of them, "" for none.
func (p *Policy) Calls(b *cvd.Breached) string {
	_, rung := p.rang(b)
	return rung.By
}

// rang is the rule of a clock that rang, and the rung that did; nothing of either where the document has none.
func (p *Policy) rang(b *cvd.Breached) (k Clock, rung Escalation) {
	i := slices.IndexFunc(p.Document.Clocks, func(k Clock) bool { return k.Name == b.Clock })
	if i < 0 {
		return k, rung
	}
	k = p.Document.Clocks[i]
	what, number, _ := strings.Cut(string(b.Kind), "-")
	if n, err := strconv.Atoi(number); err == nil && cvd.ClockKind(what) == cvd.Rung && n >= 1 && n <= len(k.Escalate) {
		rung = k.Escalate[n-1]
	}
	return k, rung
}

// leastBetween is how often a rung may ring: more often nobody is helped, and the case is full of it.
const leastBetween = 5 * time.Minute

// agreeLadder wants rungs that call the team alone, and not without a pause.
func (r *reader) agreeLadder(d *Document, k *Clock) {
	for i, rung := range k.Escalate {
		clause := nth("clocks."+k.Name+".escalate", i)
		if !rung.Every.Zero() && rung.Every.Approx() < leastBetween {
			r.at(clause+".every", "it rings at most every 5 minutes")
		}
		at := slices.IndexFunc(d.Channels, func(c Channel) bool { return c.Name == rung.By })
		if at < 0 {
			continue
		}
		if ch := d.Channels[at]; ch.Kind != "discord" && ch.Kind != "webhook" {
			r.at(clause+".by", "the channel "+rung.By+" does not ring by itself for a team: mail goes to each without it, and a person may be asleep", "discord", "webhook")
		} else if ch.Audience != "" || slices.ContainsFunc(d.Notices, func(n Notice) bool { return slices.Contains(n.Channels, rung.By) }) {
			r.at(clause+".by", "others read the channel "+rung.By+": an alarm goes to the team alone")
		}
	}
}

// calls says whether a channel is one in which clocks call the team.
func (d *Document) calls(channel string) bool {
	return slices.ContainsFunc(d.Clocks, func(k Clock) bool {
		return slices.ContainsFunc(k.Escalate, func(rung Escalation) bool { return rung.By == channel })
	})
}
