package policy

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// A review counts for what it was given on: an edition of the advisory by its hash, the fix as it was when it last changed.
// Nobody's word counts on their own work, except the second look of a team of one after a wait.

// fixChangedAt is when a patch last changed that is not released yet.
func fixChangedAt(c *cvd.Case) (last time.Time) {
	for _, l := range c.Lines {
		if l.Status == "patched" && l.ChangedAt.After(last) {
			last = l.ChangedAt
		}
	}
	return last
}

// work is what people review: who made it, and when it last changed.
type work struct {
	authors []cvd.ActorID
	at      time.Time
	hash    string // of the advisory's edition
}

func workOf(c *cvd.Case, of string) work {
	if of == "advisory" {
		now := c.Advisory.Latest()
		if now == nil {
			return work{}
		}
		return work{authors: []cvd.ActorID{now.By}, at: now.At, hash: now.Text.Hash()}
	}
	w := work{at: fixChangedAt(c)}
	for _, l := range c.Lines {
		for _, patch := range l.Patches {
			w.authors = append(w.authors, patch.By)
		}
	}
	return w
}

// counts says whether a review is an approval that counts for the work as it is now.
func (p *Policy) counts(r *cvd.Review, of string, now work) bool {
	if r.Of != of || r.Verdict != "approve" || r.Hash != now.hash && of == "advisory" || r.At.Before(now.at) {
		return false
	}
	if !slices.Contains(now.authors, r.By) {
		return true
	}
	alone := p.Document.Alone
	return r.Alone && alone != nil && !r.At.Before(alone.Wait.Add(now.at))
}

// reviews says what a chain of reviews lacks; earliest is known if nothing is missing but the time in which somebody may object.
func (w *weighing) reviews(rule *Reviews) (lacks string, earliest time.Time) {
	now := workOf(&w.Case, rule.Of)
	var open, people, experts []string
	alone := false
	for i := range w.Case.Reviews {
		r := &w.Case.Reviews[i]
		if !w.policy.counts(r, rule.Of, now) || rule.Link && r.URL == "" {
			continue
		}
		alone = alone || r.Alone
		people = append(people, string(r.By))
		if r.Expert {
			experts = append(experts, string(r.By))
		}
	}
	count := rule.Count
	if count == 0 && len(rule.Parts) == 0 && rule.Settle.Zero() {
		count = 1
	}
	wanted := rule.Experts
	if alone && w.Roster <= 1 { // the second look of a team of one stands for everybody's, the expert's too
		count, wanted = min(count, 1), 0
	}
	if got := distinct(people); got < count {
		open = append(open, fmt.Sprintf("%d of %d people besides the author approved what is there now"+map[bool]string{true: ", where everybody can read it"}[rule.Link], got, count))
	}
	if got := distinct(experts); got < wanted {
		open = append(open, fmt.Sprintf("%d of %d experts", got, wanted))
	}
	if part := w.policy.nextPart(&w.Case, rule.Of, rule.Parts); part != "" {
		open = append(open, "the "+part+" review is missing")
	}
	if rule.Objections == "none" || !rule.Settle.Zero() {
		if who := objecting(w.Case.Reviews, rule.Of); len(who) > 0 {
			open = append(open, "there is an open objection by "+strings.Join(who, ", "))
		}
	}
	if !rule.Settle.Zero() {
		if says, settled := w.settling(rule, now.at); says != "" {
			if open = append(open, says); len(open) == 1 {
				earliest = settled
			}
		}
	}
	return strings.Join(open, "; "), earliest
}

// settling asks that nobody has objected for a while since the work last changed or somebody last spoke of it: lazy consensus.
func (w *weighing) settling(rule *Reviews, since time.Time) (says string, settled time.Time) {
	if since.IsZero() {
		return "there is nothing yet that anybody could object to", time.Time{}
	}
	for _, r := range w.Case.Reviews {
		if r.Of == rule.Of && r.At.After(since) {
			since = r.At
		}
	}
	if settled = w.policy.add("", since, rule.Settle); !w.Now.Before(settled) {
		return "", time.Time{}
	}
	return fmt.Sprintf("anybody may object for %s, until %s", rule.Settle.Words(), cvd.Instant(settled)), settled
}

func distinct(names []string) int {
	slices.Sort(names)
	return len(slices.Compact(names))
}

// nextPart is the first part of a chain that nobody has given on the current work, "" when all stand. A part only counts
// when those before it were given.
func (p *Policy) nextPart(c *cvd.Case, of string, parts []string) string {
	now := workOf(c, of)
	since := now.at
	for _, part := range parts {
		var given time.Time
		for i := range c.Reviews {
			r := &c.Reviews[i]
			if r.Part == part && p.counts(r, of, now) && !r.At.Before(since) && (given.IsZero() || r.At.Before(given)) {
				given = r.At
			}
		}
		if given.IsZero() {
			return part
		}
		since = given
	}
	return ""
}

// objecting are the people whose last word on a work is an objection, whichever edition they said it on.
func objecting(reviews []cvd.Review, of string) []string {
	var who []string
	for _, r := range reviews {
		if r.Of != of {
			continue
		}
		who = slices.DeleteFunc(who, func(id string) bool { return id == string(r.By) })
		if r.Verdict == "object" {
			who = append(who, string(r.By))
		}
	}
	return who
}

// chain is the order of the parts of a work's reviews in this case, of all requirements that apply.
func (w *weighing) chain(of string) []string {
	var parts []string
	for _, s := range w.policy.Document.Steps {
		for i := range s.Requires {
			r := &s.Requires[i]
			if r.Reviews == nil || r.Reviews.Of != of || !w.applies(r) {
				continue
			}
			parts = merge(parts, r.Reviews.Parts)
		}
	}
	return parts
}

// merge adds a second order to a first: what is new goes before what it precedes.
func merge(parts, more []string) []string {
	for i, part := range more {
		if slices.Contains(parts, part) {
			continue
		}
		at := slices.IndexFunc(parts, func(later string) bool { return slices.Contains(more[i:], later) })
		if at < 0 {
			at = len(parts)
		}
		parts = slices.Insert(parts, at, part)
	}
	return parts
}

// review asks whether somebody may review: in general, whether there is anything that is not their own.
func (w *weighing) review() {
	if x := w.What.Reviewed; x != nil {
		w.secondPerson(x.Of)
		w.turn()
		return
	}
	before := w.found
	w.secondPerson("fix")
	if len(w.found) > len(before) {
		w.found = before
		w.secondPerson("advisory")
	}
}

// turn asks that the parts of a chain are given in their order, on the edition that is current.
func (w *weighing) turn() {
	of, part, edition := "advisory", "", 0
	switch x := w.What; {
	case x.Approved != nil:
		part, edition = "final", x.Approved.Edition
	case x.Reviewed != nil:
		if x.Reviewed.Verdict == "object" {
			return // an objection is always in order
		}
		of, part, edition = x.Reviewed.Of, x.Reviewed.Part, x.Reviewed.Edition
	default:
		return
	}
	if latest := w.Case.Advisory.Latest(); of == "advisory" && latest != nil && edition != 0 && edition != latest.Number {
		w.object("", time.Time{}, "that is edition %d; the current one is %d", edition, latest.Number)
	}
	chain := w.chain(of)
	i := slices.Index(chain, part)
	if i < 0 {
		return
	}
	if before := w.policy.nextPart(&w.Case, of, chain[:i]); before != "" {
		w.object("", time.Time{}, "the %s review comes first", before)
	}
}

// secondPerson asks that nobody approves their own work.
func (w *weighing) secondPerson(of string) {
	if w.What.Reviewed != nil && w.What.Reviewed.Verdict == "object" {
		return
	}
	now := workOf(&w.Case, of)
	switch {
	case len(now.authors) == 0 && of == "advisory":
		w.object("", time.Time{}, "there is no edition of the advisory yet")
	case len(now.authors) == 0:
		w.object("", time.Time{}, "there is no patch to review yet")
	case slices.Contains(now.authors, w.Who.ID):
		w.alone("", now.at, "this is your own work")
	}
}

// alone objects to somebody's word on what they did themselves, unless they are the whole team and the wait is over.
func (w *weighing) alone(clause string, since time.Time, says string) {
	rule := w.policy.Document.Alone
	if rule == nil || w.Roster > 1 {
		w.object(clause, time.Time{}, "%s: it needs a second person", says)
		return
	}
	if earliest := rule.Wait.Add(since); w.Now.Before(earliest) {
		w.object(clause, earliest, "%s: a team of one looks again after %s, from %s", says, rule.Wait.Words(), cvd.Instant(earliest))
	}
}

// SecondLook says whether a review, an approval or the seconding of a waiver would be one person's second look at their own
// work, which is marked for ever. Whether it may be is for Weigh.
func (p *Policy) SecondLook(a Ask) bool {
	switch x := a.What; {
	case x.Approved != nil:
		return slices.Contains(workOf(&a.Case, "advisory").authors, a.Who.ID)
	case x.Reviewed != nil:
		return x.Reviewed.Verdict != "object" && slices.Contains(workOf(&a.Case, x.Reviewed.Of).authors, a.Who.ID)
	case x.Waiving != nil:
		return slices.ContainsFunc(a.Case.Waivers, func(v cvd.Waiver) bool {
			return v.Clause == x.Waiving.Clause && !v.Effective() && v.By == a.Who.ID
		})
	}
	return false
}
