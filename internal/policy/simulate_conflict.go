package policy

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/expr-lang/expr/ast"

	"github.com/tipstaff/tipstaff/cvd"
)

// Conflict is something that cannot be as the policy or the scenario says.
type Conflict struct {
	Kind   string        // late, held, early, never, ahead, embargo, door: see below
	Clause string        // of the promise, or of what forbids what was set
	What   string        // in one sentence
	Due    time.Time     // the instant that was promised, or set
	Can    time.Time     // the earliest instant at which it can be; zero: it cannot be said
	By     time.Duration // how much is missing
	Road   []Leg         // what takes the time, in its order
	Ways   []Way         // ways out
}

// The kinds of conflicts.
const (
	late     = "late"    // a promise is missed on the earliest road
	heldBack = "held"    // the fix is ready in time, and the waits alone keep its release back for longer than was promised
	tooEarly = "early"   // something is set for earlier than it may be
	cannot   = "never"   // something is set and what must come before it never does
	ahead    = "ahead"   // an audience hears of it for longer than it may
	outlasts = "embargo" // the publication lies behind the longest embargo
	shut     = "door"    // no reports are taken in
)

// Leg is one clause on a road that takes time, and how much of it.
type Leg struct {
	Clause string
	Takes  time.Duration
}

// Way is one way out of a conflict.
type Way struct {
	Name string // shorten, lengthen, extend, exceed, emergency, waive, later
	Says string
}

// conflicts are all that cannot be, in the order of the document's clocks, then of the process.
func (c *course) conflicts() []Conflict {
	var all []Conflict
	if c.closed() {
		all = append(all, Conflict{Kind: shut, Clause: "door", What: strings.TrimSpace("no reports are taken in at the moment. " + c.Document.Door.Says), Due: c.start})
	}
	for i := range c.Document.Clocks {
		if k := &c.Document.Clocks[i]; k.Within != nil && c.runs(*k) {
			all = append(all, c.missedClock(k)...)
		}
	}
	for _, m := range c.marks {
		all = append(all, c.setWrong(m)...)
	}
	all = append(all, c.tooLongAhead()...)
	if longest := c.Document.Embargo.Longest; !longest.Zero() && concerns(c.Document.Embargo.Tracks, c.track.Name) && !c.endsEmbargo() {
		ends := c.embargoed(longest).At
		if m := c.named["disclosed"]; m != nil && !ends.IsZero() && m.at.After(ends) {
			all = append(all, Conflict{Kind: outlasts, Clause: "embargo.longest", Due: ends, Can: m.at, By: m.at.Sub(ends), Road: c.road(m, c.start),
				What: fmt.Sprintf("no embargo lasts longer than %s, and the publication cannot be before %s", longest.Words(), cvd.Instant(m.at)),
				Ways: []Way{{"lengthen", "let an embargo last longer in embargo.longest"}}})
		}
	}
	return all
}

// missedClock are the ways in which a promise cannot be kept.
func (c *course) missedClock(k *Clock) []Conflict {
	due, is := c.clockDue(k, k.Within)
	until, from := c.named[k.Until], c.named[k.From]
	if !is || due.At.IsZero() || until == nil || from == nil {
		return nil
	}
	length, _ := k.Within.of(c.class, true)
	made := func(kind string, m *milepost, what string) []Conflict {
		x := Conflict{Kind: kind, Clause: "clocks." + k.Name, What: what, Due: due.At, Can: m.at, By: m.at.Sub(due.At), Road: c.road(m, from.at)}
		x.Ways = c.waysOut(k, &x)
		return []Conflict{x}
	}
	promise := fmt.Sprintf("“%s” is promised within %s", k.Title, length.Words())
	if length.Zero() {
		promise = fmt.Sprintf("“%s” is promised for %s", k.Title, cvd.Instant(due.At))
	}
	if until.at.After(due.At) {
		return made(late, until, promise+", and "+c.earliestWords(until)+" "+cvd.Instant(until.at))
	}
	out := c.named[cvd.MarkReleased]
	if k.Until == cvd.MarkFixReady && out != nil && out.at.After(due.At) && !c.isSet(cvd.MarkReleased) {
		return made(heldBack, out, promise+", and the release of what is ready cannot be before "+cvd.Instant(out.at))
	}
	return nil
}

func (c *course) earliestWords(m *milepost) string {
	if c.isSet(m.mark) {
		return "it is set for"
	}
	return "it cannot be before"
}

// road is what takes time on the way to a mark, since an instant.
func (c *course) road(m *milepost, since time.Time) []Leg {
	var legs []Leg
	for range c.marks {
		from := c.named[m.hold.from]
		if c.isSet(m.mark) {
			legs = append(legs, Leg{"set." + m.mark, max(m.at.Sub(since), 0)})
			break
		}
		began := c.start
		if from != nil {
			began = from.at
		}
		if takes := m.at.Sub(began); takes > 0 {
			clauses := append([]string{m.hold.clause}, m.hold.because...)
			if m.hold.length.Zero() && len(m.hold.because) > 0 {
				clauses = m.hold.because
			}
			legs = append(legs, Leg{strings.Join(clauses, " + "), takes})
		}
		if from == nil || from == m || !from.at.After(since) {
			break
		}
		m = from
	}
	slices.Reverse(legs)
	return legs
}

// waysOut are the ways out of a promise that cannot be kept.
func (c *course) waysOut(k *Clock, x *Conflict) []Way {
	var ways []Way
	by := roundUp(x.By)
	for _, leg := range x.Road {
		clause, _, _ := strings.Cut(leg.Clause, " + ")
		switch {
		case strings.HasPrefix(clause, "set."):
			ways = append(ways, Way{"earlier", fmt.Sprintf("let %s come %s earlier", strings.TrimPrefix(clause, "set."), days(by))})
			continue
		case strings.HasPrefix(clause, "schedule."), strings.HasPrefix(clause, "calendars."):
			continue
		case leg.Takes > by:
			ways = append(ways, Way{"shorten", fmt.Sprintf("shorten %s by %s", clause, days(by))})
		default:
			ways = append(ways, Way{"shorten", fmt.Sprintf("leave out %s, which takes %s", clause, days(leg.Takes))})
		}
		if unless := c.unlessOf(clause); unless != "" && !c.facts.Emergency {
			ways = append(ways, Way{"emergency", "ship early where the policy lets it: " + clause + " falls away " + unlessWords(unless)})
		}
	}
	if length, _ := k.Within.of(c.class, true); !length.Zero() {
		ways = append(ways, Way{"lengthen", fmt.Sprintf("promise %s more than %s in clocks.%s.within", days(by), length.Words(), k.Name)})
	}
	if e := k.Extend; e != nil {
		ways = append(ways, Way{"extend", fmt.Sprintf("extend it in the case by up to %s, with a reason (clocks.%s.extend)", e.By.Words(), k.Name)})
	} else {
		ways = append(ways, Way{"exceed", "exceed it in the case and write down why; the breach stays on the record"})
	}
	return ways
}

// roundUp is a length in whole minutes, not less than it.
func roundUp(d time.Duration) time.Duration {
	if whole := d.Truncate(time.Minute); whole < d {
		return whole + time.Minute
	}
	return d
}

// unlessOf is the predicate that lifts a requirement, "" if none does.
func (c *course) unlessOf(clause string) string {
	for _, m := range c.marks {
		for _, l := range m.links {
			if l.clause == clause && l.unless != "" {
				return l.unless
			}
		}
	}
	for _, x := range c.Document.Contingencies {
		if x.When != "" && slices.Contains(x.Lifts, clause) {
			return x.When
		}
	}
	return ""
}

func unlessWords(predicate string) string {
	if predicate == "emergency" {
		return "in an emergency, when the matter is public or attacks were seen"
	}
	return "when this holds: " + predicate
}

// setWrong says what is wrong with an instant that the scenario sets.
func (c *course) setWrong(m *milepost) []Conflict {
	if _, said := c.said[m.mark]; !said || m.step == "" {
		return nil
	}
	what := "“" + c.bareTitle(m) + "” is set for " + cvd.Instant(m.at)
	switch {
	case m.waits != "":
		return []Conflict{{Kind: cannot, Clause: c.blocker(m), Due: m.at, What: what + ", and it comes after something that has no date: " + m.waits,
			Ways: []Way{{"later", "say when that comes: " + m.waits}}}}
	case !m.could.After(m.at):
		return nil
	}
	clause, legs := m.hold.clause, []Leg(nil)
	if m.hold.at.After(m.at) {
		if from := c.named[m.hold.from]; from != nil {
			legs = append(c.road(from, c.start), Leg{clause, m.hold.at.Sub(from.at)})
		}
	} else if shifts := c.publishable(m, m.at).because; len(shifts) > 0 {
		clause = shifts[len(shifts)-1]
	}
	return []Conflict{{Kind: tooEarly, Clause: clause, Due: m.at, Can: m.could, By: m.could.Sub(m.at), Road: legs,
		What: what + ", and it cannot be before " + cvd.Instant(m.could),
		Ways: []Way{{"later", "let it be at " + cvd.Instant(m.could) + " or later"}, {"waive", "pass " + clause + " in the case, with a reason and a second person"}}}}
}

func (c *course) blocker(m *milepost) string {
	for _, l := range m.links {
		if l.waits != "" {
			return l.clause
		}
	}
	return ""
}

// holdBackNotices lets no audience hear of a release for longer than it may: the notice goes out later, unless that would move
// the publication too.
func (c *course) holdBackNotices() {
	for _, n := range c.Document.Notices {
		for _, name := range n.Audiences {
			if at := c.ownLimit(n, name); at.IsZero() || c.isSet(cvd.MarkNotified+n.Name) || c.isSet(cvd.MarkDelivered+n.Name) {
				continue
			}
			was := c.published()
			c.apart[n.Name] = name
			c.run()
			if c.published() != was {
				delete(c.apart, n.Name)
				c.run()
			}
		}
	}
}

// published says when release and publication are, and whether they are set for too early.
func (c *course) published() string {
	says := ""
	for _, mark := range []string{cvd.MarkReleased, "disclosed"} {
		if m := c.named[mark]; m != nil {
			says += fmt.Sprint(m.at, c.isSet(mark) && m.hold.at.After(m.at), " ")
		}
	}
	return says
}

// ownLimit is the first instant at which an audience may hear what a notice says, zero where it hears it no earlier.
func (c *course) ownLimit(n Notice, audience string) time.Time {
	i := slices.IndexFunc(c.Document.Audiences, func(a Audience) bool { return a.Name == audience })
	m, out := c.named[cvd.MarkDelivered+n.Name], c.named["disclosed"]
	if i < 0 || !n.Before || m == nil || out == nil || m.at.IsZero() || out.at.IsZero() {
		return time.Time{}
	}
	longest := c.Document.Audiences[i].Longest
	if at := c.earlier(out.at, longest, ""); !longest.Zero() && m.at.Before(at) {
		return at
	}
	return time.Time{}
}

// notBefore is the link that holds a notice back.
func (c *course) notBefore(audience string) link {
	i := slices.IndexFunc(c.Document.Audiences, func(a Audience) bool { return a.Name == audience })
	l := link{clause: "audiences." + audience + ".longest", at: c.start}
	if out := c.named["disclosed"]; out != nil && !out.at.IsZero() {
		l.at = latter(c.start, c.earlier(out.at, c.Document.Audiences[i].Longest, ""))
		l.because = []string{l.clause}
	}
	return l
}

// tooLongAhead are the audiences that hear of a release for longer than they may.
func (c *course) tooLongAhead() []Conflict {
	var all []Conflict
	for _, n := range c.Document.Notices {
		for _, name := range n.Audiences {
			at := c.ownLimit(n, name)
			if at.IsZero() {
				continue
			}
			told := c.named[cvd.MarkDelivered+n.Name].at
			all = append(all, Conflict{Kind: ahead, Clause: "audiences." + name + ".longest", Due: told, Can: at, By: at.Sub(told), Road: c.road(c.named["disclosed"], told),
				What: "the audience “" + name + "” hears “" + n.Title + "” at " + cvd.Instant(told) + ", and may hear it no sooner than " + cvd.Instant(at),
				Ways: []Way{{"later", "send notices." + n.Name + " later"}, {"shorten", "shorten the wait that is counted from it"}}})
		}
	}
	return all
}

// certain says whether a predicate asks only what a scenario knows.
func (c *course) certain(text string) bool {
	program := c.predicates[text]
	if program == nil {
		return false
	}
	node := program.Node()
	var v openNames
	ast.Walk(&node, &v)
	return !v.open
}

// openNames finds whether a predicate asks for what people write in a case.
type openNames struct{ open bool }

// Visit is called for each node of a predicate.
func (v *openNames) Visit(node *ast.Node) {
	if id, ok := (*node).(*ast.IdentifierNode); ok && slices.Contains([]string{"impact", "priority", "reports", "score"}, id.Value) {
		v.open = true
	}
}
