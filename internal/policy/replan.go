package policy

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// Replanned is what follows if the release that was announced moves to another instant.
type Replanned struct {
	From, To time.Time
	Notice   string   // the notice that announced the first instant
	Correct  string   // the one that corrects it, "" if the policy has none
	Moves    []Moving // the dates that move with it
	Restarts []string // clauses of the waits that begin anew
	Stays    []string // what stays as it is and should be looked at
	Earliest time.Time
}

// Moving is one date that moves.
type Moving struct {
	What, Clause string
	From, To     time.Time
}

// Announced is the instant of the release as people outside know it, with the notice that they know it from: the first one, or
// where it moved to since.
func (p *Policy) Announced(c cvd.Case) (at time.Time, notice string) {
	for _, n := range c.Notices {
		rule, ok := p.noticeNamed(n.Name)
		if !ok || !n.Pre || rule.Corrects != "" || markedAt(&c, cvd.MarkNotified+n.Name).IsZero() {
			continue
		}
		if said, ok := announces(rule, n); ok && !takenBack(&c, n) {
			at, notice = said, n.Name
			if s := p.lastMove(&c, n.Name); s != nil && !s.At.Before(n.At) {
				at = s.To
			}
		}
	}
	return at, notice
}

// takenBack says whether a notice was withdrawn since it was ordered last.
func takenBack(c *cvd.Case, n cvd.Notice) bool {
	return slices.ContainsFunc(c.Notices, func(x cvd.Notice) bool { return x.Withdraws && x.Corrects == n.Event })
}

// announces is the instant that a notice says.
func announces(rule Notice, n cvd.Notice) (at time.Time, ok bool) {
	for _, f := range rule.Fields {
		if at, ok := instantOf(f, n.Says[f.Name]); ok {
			return at, true
		}
	}
	return time.Time{}, false
}

// instantOf is the instant that a field of a notice says.
func instantOf(f NoticeField, said string) (at time.Time, ok bool) {
	at, err := time.Parse(time.RFC3339, strings.TrimSpace(said))
	return at.UTC(), f.Type == "instant" && err == nil
}

// lastMove is the last time that moved what a notice announced: a slip, or a correction that names an instant by itself. It is nil
// if nothing moved.
func (p *Policy) lastMove(c *cvd.Case, announced string) *cvd.Slip {
	last := c.LastSlip()
	for _, n := range c.Notices {
		if last != nil && !n.At.After(last.At) {
			continue
		}
		if to, ok := p.moves(announced, n.Name, n.Says); ok {
			last = &cvd.Slip{At: n.At, By: n.By, To: to, Notice: n.Name}
		}
	}
	return last
}

// moves is the instant that a notice of that name names anew for what another announced: it corrects that by the policy, or was
// made as its correction, in the words of whichever notice.
func (p *Policy) moves(announced, name string, says map[string]string) (to time.Time, ok bool) {
	rule, _ := p.noticeNamed(name)
	first, _, made := cvd.Corrects(name)
	if rule.Corrects != announced && (!made || first != announced) {
		return to, false
	}
	for _, n := range p.Document.Notices {
		if n.Name == announced || n.Corrects == announced {
			if to, ok := announces(n, cvd.Notice{Says: says}); ok {
				return to, true
			}
		}
	}
	return to, false
}

// Replan works out what follows if the announced release moves. It is a pure question: nothing moves by it.
func (p *Policy) Replan(c cvd.Case, to, now time.Time) Replanned {
	r := Replanned{To: to}
	r.From, r.Notice = p.Announced(c)
	if r.Notice == "" {
		r.waits(p, c, now)
		return r
	}
	r.Correct = p.correction(r.Notice)
	r.Moves = append(r.Moves, Moving{What: "Release", Clause: "notices." + r.Notice, From: r.From, To: to})
	by := to.Sub(r.From)
	if d := c.Disclosure; d.Armed() {
		r.Moves = append(r.Moves, Moving{What: "Publication", Clause: "steps.disclose", From: d.Due, To: d.Due.Add(by)})
	}
	if d := c.Countdown; d.Height == 0 && d.At.Equal(r.From) {
		r.Moves = append(r.Moves, Moving{What: "What is counted down to", From: d.At, To: to})
	}
	r.waits(p, c, now)
	r.stays(p, c, to)
	return r
}

// waits are the waits of the policy that the release still has to bear: the first instant after them, and which begin anew.
func (r *Replanned) waits(p *Policy, c cvd.Case, now time.Time) {
	w := weighing{Ask: &Ask{Case: c, Now: now}, policy: p, facts: p.factsOf(c, now)}
	for i := range p.stepRule("release").Requires {
		q := &p.stepRule("release").Requires[i]
		clause := "steps.release.requires." + q.Name
		if q.Wait == nil || !w.applies(q) || w.lifted(clause) || c.Waived(clause) {
			continue
		}
		from := p.since(&c, q.Wait)
		if q.Wait.Restarts && r.Correct != "" && waitNotice(q.Wait) == r.Notice {
			from = now // no earlier than it can be told
			r.Restarts = append(r.Restarts, clause)
		}
		if from.IsZero() { // it has not begun, and begins no earlier than now
			from = now
		}
		if then := p.add(q.Wait.Calendar, from, q.Wait.For); then.After(r.Earliest) {
			r.Earliest = then
		}
	}
}

// stays says what does not move by itself.
func (r *Replanned) stays(p *Policy, c cvd.Case, to time.Time) {
	if e := c.Embargo; e.State.InForce() && e.Until.Before(to) {
		r.Stays = append(r.Stays, fmt.Sprintf("The embargo ends at %s, before the release: whoever is bound by it has to agree to a longer one.", cvd.Instant(e.Until)))
	}
	if d := c.Disclosure; d.Armed() && c.Embargo.State.InForce() && c.Embargo.Until.After(d.Due.Add(to.Sub(r.From))) {
		r.Stays = append(r.Stays, fmt.Sprintf("The embargo holds until %s, after the publication that would be moved.", cvd.Instant(c.Embargo.Until)))
	}
	for _, k := range openClocks(c) {
		if k.Kind.Promise() && k.Until == cvd.MarkReleased && !k.Due.IsZero() && k.Due.Before(to) {
			r.Stays = append(r.Stays, fmt.Sprintf("%s is due at %s and will be missed.", p.ClockTitle(k), cvd.Instant(k.Due)))
		}
	}
	if len(r.Restarts) == 0 {
		r.Stays = append(r.Stays, "No wait begins anew: the policy does not say so.")
	}
}

// correction is the notice that corrects another, "" if the policy has none.
func (p *Policy) correction(of string) string {
	for _, n := range p.Document.Notices {
		if n.Corrects == of {
			return n.Name
		}
	}
	return ""
}

// Correction fills in what a correction says: the new instant, and of the rest what the announcement said, unless it is said anew.
func (p *Policy) Correction(c cvd.Case, name string, to time.Time, says map[string]string) map[string]string {
	rule, _ := p.noticeNamed(name)
	out := map[string]string{}
	i := slices.IndexFunc(c.Notices, func(n cvd.Notice) bool { return n.Name == rule.Corrects })
	for _, f := range rule.Fields {
		switch {
		case f.Type == "instant":
			out[f.Name] = to.UTC().Format(time.RFC3339)
		case says[f.Name] != "":
			out[f.Name] = says[f.Name]
		case i >= 0 && c.Notices[i].Says[f.Name] != "":
			out[f.Name] = c.Notices[i].Says[f.Name]
		}
	}
	for name, said := range says { // what it cannot say is refused when it is composed
		if _, ok := out[name]; !ok {
			out[name] = said
		}
	}
	return out
}

// waitNotice is the notice that a wait is counted from, "" if from none.
func waitNotice(x *Wait) string {
	if x.Notice != "" {
		return x.Notice
	}
	for _, mark := range []string{cvd.MarkDelivered, cvd.MarkFirst} {
		if name, ok := strings.CutPrefix(x.After, mark); ok {
			return name
		}
	}
	return ""
}

// sinceMoved is when a wait that begins anew began, if the release moved since it was announced: with the delivery of the
// correction, zero until then.
func (p *Policy) sinceMoved(c *cvd.Case, x *Wait) (at time.Time, moved bool) {
	s := p.lastMove(c, waitNotice(x))
	announced := markedAt(c, cvd.MarkNotified+waitNotice(x))
	if s == nil || s.Notice == "" || announced.IsZero() || s.At.Before(announced) {
		return time.Time{}, false
	}
	if first, _, made := cvd.Corrects(s.Notice); p.correction(waitNotice(x)) != s.Notice && (!made || first != waitNotice(x)) {
		return time.Time{}, false
	}
	i := slices.IndexFunc(c.Notices, func(n cvd.Notice) bool { return n.Name == s.Notice })
	if i < 0 {
		return time.Time{}, true // it has not gone out
	}
	return arrived(c.Notices[i], x), true
}

// sinceTakenBack is when a wait began whose notice was withdrawn: zero, or with the delivery of what was announced after that.
func (p *Policy) sinceTakenBack(c *cvd.Case, x *Wait) (at time.Time, was bool) {
	i := slices.IndexFunc(c.Notices, func(n cvd.Notice) bool { return n.Name == waitNotice(x) })
	switch {
	case i < 0:
		return at, false
	case takenBack(c, c.Notices[i]):
		return at, true
	case slices.ContainsFunc(c.Notices, func(n cvd.Notice) bool { return n.Withdraws && slices.Contains(c.Notices[i].Earlier, n.Corrects) }):
		return arrived(c.Notices[i], x), true
	}
	return at, false
}

// arrived is when a notice arrived, as a wait counts it.
func arrived(n cvd.Notice, x *Wait) (at time.Time) {
	if x.From != "first" && !strings.HasPrefix(x.After, cvd.MarkFirst) {
		at, _ = n.Everywhere()
		return at
	}
	for _, on := range n.Delivered {
		if at.IsZero() || on.Before(at) {
			at = on
		}
	}
	return at
}

// movesAlong asks of a notice that names another instant than was announced what a slip would be asked: the release cannot be before
// the policy's waits end, and what hangs on the first instant moves only with a slip.
func (w *weighing) movesAlong() {
	name, says := "", map[string]string(nil)
	switch x, n := w.What.Corrected, w.What.Notified; {
	case x != nil && !x.Withdraws:
		name, says = x.Name, x.Says
	case n != nil:
		name, says = n.Notice, n.Says
	}
	at, notice := w.policy.Announced(w.Case)
	to, ok := w.policy.moves(notice, name, says)
	if notice == "" || !ok || to.Equal(at) || reached(w.Case, cvd.MarkReleased, w.Now) {
		return
	}
	w.tooSoon(to)
	if w.Case.Disclosure.Armed() {
		w.object("", time.Time{}, "the publication waits for an instant that hangs on the first one: take the step slip, which moves both")
	}
	if w.Case.Countdown.Height == 0 && w.Case.Countdown.At.Equal(at) {
		w.object("", time.Time{}, "the first instant is counted down to: take the step slip, which moves the countdown too")
	}
}

// announcing asks of a notice that names the instant of the release what its slip would be asked, and that the release comes while
// it still can: within the embargo that holds, else within the longest that the policy bears.
func (w *weighing) announcing() {
	n := w.What.Notified
	if n == nil || reached(w.Case, cvd.MarkReleased, w.Now) {
		return
	}
	rule, _ := w.policy.noticeNamed(n.Notice)
	to, says := announces(rule, cvd.Notice{Says: n.Says})
	if !says || !rule.Before || rule.Corrects != "" {
		return
	}
	w.tooSoon(to)
	e, latest := w.Case.Embargo, w.policy.Longest(w.Case, w.Now)
	switch {
	case e.Binds(w.Now):
		if to.After(e.Until) {
			w.object("embargo", time.Time{}, "the embargo ends at %s, before this release: announce an instant until then, or have a longer embargo agreed on first", cvd.Instant(e.Until))
		}
	case !latest.IsZero() && concerns(w.policy.Document.Embargo.Tracks, w.Case.Track):
		if to.After(latest) {
			w.object("embargo.longest", time.Time{}, "the project keeps nothing back for longer than %s: announce an instant until %s", w.policy.Document.Embargo.Longest.Words(), cvd.Instant(latest))
		}
	case to.After(w.Now.Add(longest)):
		w.object("", time.Time{}, "nothing is announced that lies more than ten years ahead")
	}
}

// tooSoon asks whether the policy's waits let anything out at an instant.
func (w *weighing) tooSoon(to time.Time) {
	if r := w.policy.Replan(w.Case, to, w.Now); to.Before(r.Earliest) {
		w.object("steps.release", r.Earliest, "nothing may be released before %s", cvd.Instant(r.Earliest))
	}
}

// slip asks whether the announced release may move: not before the policy's waits end, nor into an embargo.
func (w *weighing) slip() {
	at, notice := w.policy.Announced(w.Case)
	switch x := w.What.Slipped; {
	case notice == "":
		w.object("", time.Time{}, "no release was announced with its instant: there is nothing that could move")
	case reached(w.Case, cvd.MarkReleased, w.Now):
		w.object("", time.Time{}, "the release is out")
	case x == nil:
	case !x.To.After(w.Now):
		w.object("", time.Time{}, "the new instant must lie ahead")
	case x.To.Equal(at):
		w.object("", time.Time{}, "it is announced for this very instant")
	default:
		w.tooSoon(x.To)
		if x.Sends != nil {
			if n, ok := w.policy.noticeNamed(x.Sends.Notice); ok {
				w.weighNotice(n)
			}
		}
		if x.Arms != nil && w.Case.Embargo.Binds(x.Arms.Due) {
			w.object("", w.Case.Embargo.Until, "the embargo holds until %s, and the publication would move before it", cvd.Instant(w.Case.Embargo.Until))
		}
	}
}
