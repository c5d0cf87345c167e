package policy

import (
	"slices"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// How long an answer to an embargo is waited for where the policy says nothing, and how long the team takes to say whether attacks
// end one, or whether there are any.
const (
	answerUsual   = 7 * 24 * time.Hour
	answerLeast   = 72 * time.Hour
	answerMost    = 30 * 24 * time.Hour
	decideAttacks = 24 * time.Hour
)

// negotiation asks whether an embargo may be proposed, agreed on, refused or ended. No waiver moves what is a state's own rule.
func (w *weighing) negotiation() {
	e := w.Case.Embargo
	switch w.Step {
	case "embargo":
		w.embargo()
		w.coupled()
		w.shortestFirst()
	case "propose": // policy/window.go asks the rest
		w.coupled()
	case "accept":
		w.acceptance()
	case "reject":
		if w.Case.Proposal() == nil && !e.State.InForce() {
			w.object("", time.Time{}, "nothing is proposed and no embargo holds: there is nothing to reject")
		}
	case "lift":
		if !e.State.InForce() {
			w.object("", time.Time{}, "no embargo is in force")
		}
	case "uphold":
		if e.DecideBy.IsZero() {
			w.object("", time.Time{}, "nothing waits for that: it is said when attacks were observed and the embargo still holds")
		}
	}
}

// acceptance asks whether a proposal, or the terms that hold, may be agreed to.
func (w *weighing) acceptance() {
	c, x := &w.Case, w.What.Accepting
	switch {
	case !c.CS.Quiet() && !c.Embargo.State.InForce():
		w.object("", time.Time{}, "here %s, and no embargo is proposed or agreed on", knownWords(c.CS))
	case c.Embargo.State == cvd.Exited:
		w.object("", time.Time{}, "the embargo of this case has ended: no terms remain to agree to")
	case c.Proposal() == nil && !c.Embargo.State.InForce():
		w.object("", time.Time{}, "nothing is proposed: propose an instant first")
	}
	if x == nil || !x.Decides {
		return
	}
	p, revision := c.ProposalOf(x.Proposal), "EC"
	if p != nil && p.Asks && c.Embargo.State == cvd.Active { // a request is taken up as a revision and its acceptance in one act
		revision = "EV"
	}
	if !w.takes("EA", revision) {
		w.object("", time.Time{}, "here %s, and no other terms are agreed on", knownWords(c.CS))
	}
	w.coupled()
	if p == nil {
		return
	}
	if !p.Until.After(w.Now) {
		w.object("", time.Time{}, "%s is past", cvd.Instant(p.Until))
	}
	if latest := w.policy.Longest(*c, w.Now); !latest.IsZero() && p.Until.After(latest) {
		w.object("embargo.longest", time.Time{}, "an embargo lasts at most %s: until %s here", w.policy.Document.Embargo.Longest.Words(), cvd.Instant(latest))
	}
	w.tooShort(p.Until, p.At)
	if first, ok := c.Shortest(w.Now); ok && first.Until.Before(p.Until) && w.policy.ShortestWins() {
		w.object("embargo.shortest_wins", time.Time{}, "proposal %d ends earlier, on %s: the shortest is accepted or rejected first",
			first.Number, cvd.Instant(first.Until))
	}
}

// takes says whether the case takes a message about its embargo: the first is that of a negotiation, the second that of a revision.
func (w *weighing) takes(fresh, revision string) bool {
	s := w.Case.Embargo.State
	if s.InForce() {
		fresh = revision
	}
	return s.Hear(fresh, w.Case.CS.Quiet()).Taken()
}

// shortestFirst asks whether the project may set an instant while somebody proposes an earlier one.
func (w *weighing) shortestFirst() {
	x := w.What.Embargoed
	first, ok := w.Case.Shortest(w.Now)
	if x != nil && ok && first.Until.Before(x.Until) && w.policy.ShortestWins() {
		w.object("embargo.shortest_wins", time.Time{}, "proposal %d ends earlier, on %s: accept it or reject it with a reason first, then propose the later instant",
			first.Number, cvd.Instant(first.Until))
	}
}

// coupled asks whether the management of the reports lets an embargo begin or be revised: not of what is invalid or over, and revised
// only once somebody knows that the report is right.
func (w *weighing) coupled() {
	c := &w.Case
	if !c.CS.Quiet() { // that says enough
		return
	}
	in := func(states ...cvd.RM) bool {
		return c.Rev == 0 || slices.ContainsFunc(c.Reports, func(r cvd.Report) bool { return slices.Contains(states, r.RM) })
	}
	switch e := c.Embargo.State; {
	case e.InForce():
		if !in(cvd.Valid, cvd.Accepted, cvd.Deferred) {
			w.object("", time.Time{}, "the embargo is revised once the report is found valid; until then it stands as it is")
		}
		return
	case e == cvd.Proposed && !in(cvd.Arrived, cvd.Valid, cvd.Accepted, cvd.Deferred):
		w.object("", time.Time{}, "the report is %s: no embargo begins for it", c.RM().Word())
	case e != cvd.Proposed && !in(cvd.Arrived, cvd.Valid, cvd.Accepted):
		w.object("", time.Time{}, "the report is %s: no embargo begins for it", c.RM().Word())
	}
	w.notTooLate()
}

// notTooLate asks what is left to protect once there is a fix: nothing if it is deployed, and little if it is ready.
func (w *weighing) notTooLate() {
	because := ""
	switch {
	case w.What.Embargoed != nil:
		because = w.What.Embargoed.Because
	case w.What.Proposing != nil:
		because = w.What.Proposing.Because
	case w.What.Accepting != nil:
		if p := w.Case.ProposalOf(w.What.Accepting.Proposal); p != nil {
			because = p.Because
		}
	default:
		return
	}
	switch {
	case w.Case.CS.FixDeployed:
		w.object("", time.Time{}, "the fix is deployed: no embargo begins any more")
	case w.Case.CS.FixReady && because == "" && w.policy.Document.Embargo.From != cvd.MarkFixReady:
		w.object("", time.Time{}, "the fix is ready: an embargo that begins now needs a reason (because), such as vendors that are not ready yet")
	}
}

// knownWords say what is no longer quiet.
func knownWords(s cvd.CS) string {
	var words []string
	for _, x := range []struct {
		is   bool
		says string
	}{{s.Public, "the matter is public"}, {s.ExploitKnown, "an exploit is public"}, {s.Attacks, "attacks were observed"}} {
		if x.is {
			words = append(words, x.says)
		}
	}
	return strings.Join(words, " and ")
}

// ShortestWins says whether the shortest of several proposals is accepted first.
func (p *Policy) ShortestWins() bool {
	is := p.Document.Embargo.ShortestWins
	return is == nil || *is
}

// ParticipantsRevise says whether a proposal of one who takes part brings an embargo that holds under revision by itself, so that
// everybody is asked anew. Else it asks the team for that.
func (p *Policy) ParticipantsRevise() bool { return p.Document.Embargo.Revise == "participants" }

// AnswerBy is until when an answer to an embargo is waited for: as asked, or as the policy has it. A wait that is too short is raised,
// but in an emergency nobody waits longer than asked. One that is too long is shortened: who is asked for ever is silent never.
func (p *Policy) AnswerBy(c cvd.Case, asked, now time.Time) time.Time {
	usual, least := p.Document.Embargo.Answer, p.Document.Embargo.AnswerLeast
	long, short := answerUsual, answerLeast
	if !usual.Zero() {
		long = usual.Add(now).Sub(now)
	}
	if !least.Zero() {
		short = least.Add(now).Sub(now)
	}
	most := max(answerMost, long, short)
	if limit := p.Document.Embargo.AnswerMost; !limit.Zero() {
		most = limit.Add(now).Sub(now)
	}
	if c.Emergency() {
		short = 0
	}
	by := cvd.AnswerBy(asked, now, long, short)
	if last := now.Add(most); by.After(last) {
		by = last
	}
	return by
}

// AnswerClaimBy is until when the team says whether what somebody else claims is so.
func (p *Policy) AnswerClaimBy(now time.Time) time.Time { return now.Add(decideAttacks) }

// DecideBy is until when the team says whether observed attacks end an embargo that the policy lets them not end by themselves.
func (p *Policy) DecideBy(c cvd.Case, fact string, now time.Time) time.Time {
	if fact != "attacks" || !c.Embargo.Binds(now) || p.EmbargoAfter(fact) == "ends" {
		return time.Time{}
	}
	return now.Add(decideAttacks)
}

// Offered is what a report's embargo begins with once its reporter agreed to the terms: the policy's offer against the reporter's own
// deadline, zero if they have none. A deadline that the policy would not agree to stays a wish. Nothing begins where nothing is kept, or where it is kept no longer.
func (p *Policy) Offered(c cvd.Case, deadline, now time.Time) cvd.Beginning {
	rule := p.Document.Embargo
	if !c.CS.Quiet() || c.Embargo.State != cvd.NoEmbargo && c.Embargo.State != cvd.Proposed && c.Embargo.State != "" || !concerns(rule.Tracks, c.Track) {
		return cvd.Beginning{}
	}
	var ours, theirs cvd.Default
	from := c.OpenedAt
	if from.IsZero() {
		from = now
	}
	if rule.From != "" {
		from = markedAt(&c, rule.From)
	}
	if !rule.Offer.Zero() && !from.IsZero() && rule.Offer.Add(from).After(now) {
		ours.Until = rule.Offer.Add(from)
	}
	latest, made := p.Longest(c, now), now
	if i := slices.IndexFunc(c.Reports, func(r cvd.Report) bool { return r.Deadline.Equal(deadline) && !r.At.IsZero() }); i >= 0 {
		made = c.Reports[i].At
	}
	if deadline.After(now) && (latest.IsZero() || !deadline.After(latest)) && !deadline.Before(p.Earliest(c, made)) {
		theirs.Until = deadline
	}
	return cvd.Agree(theirs, ours)
}

// The clocks of an embargo: the instant at which it ends by itself, and the one by which the team says whether attacks end it.
const (
	embargoClock = cvd.EmbargoClock
	attacksClock = "embargo_attacks"
	claimsClock  = "claims" // what somebody else says that happened: one for all of it
)

// ownClocks are what those of them are called that people look at: no clock of the document names them.
var ownClocks = map[string]string{attacksClock: "Word on whether attacks end the embargo", claimsClock: "Word on whether what somebody tells is so"}

// embargoClocks are the clocks of an embargo as they are after an event.
func (p *Policy) embargoClocks(after *cvd.Case, e *cvd.Event) (moved []cvd.Clock) {
	m := after.Embargo
	due, decide := time.Time{}, m.DecideBy
	if m.State.InForce() || m.State == cvd.Exited && m.Why == "date" && e.What.Lifted == nil {
		due = m.Until
	}
	claimed := after.Claimed()
	for _, k := range []cvd.Clock{
		{Name: claimsClock, Kind: cvd.Limit, Clause: "embargo.ends", Anchor: "claimed", From: claimed.At, Due: claimed.DecideBy, Until: "claims_answered", Inside: true},
		{Name: embargoClock, Kind: cvd.Agreed, Clause: "embargo", Anchor: "embargoed", From: m.Since, Due: due, Until: cvd.MarkAgreed},
		{Name: attacksClock, Kind: cvd.Limit, Clause: "embargo.ends", Anchor: cvd.MarkAttacks, From: markedAt(after, cvd.MarkAttacks), Due: decide, Until: "embargo_upheld"},
	} {
		i := slices.IndexFunc(after.Clocks, func(o cvd.Clock) bool { return o.Key() == k.Key() })
		switch {
		case i < 0 && k.Due.IsZero(), i >= 0 && !after.Clocks[i].Open() && k.Due.IsZero():
		case k.Due.IsZero():
			old := after.Clocks[i]
			old.Met = e.At
			moved = append(moved, old)
		case i < 0 || !after.Clocks[i].Open() || !after.Clocks[i].Due.Equal(k.Due):
			moved = append(moved, k)
		}
	}
	return moved
}
