package cvd

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// Combined says that the case goes on in another one: they are one matter. Nothing happens in it from then on; whoever held a
// code of it is led to the other.
type Combined struct {
	Into    CaseID `json:"into"`
	Because string `json:"because"`
}

func (x *Combined) kind() string { return "combined" }
func (x *Combined) apply(c *Case, e *Event) {
	if c.Public && c.Shown == nil {
		c.Shown = c.show() // that it was found to be one with another is nothing for the public
	}
	c.Combined = Pointer{Case: x.Into, Event: e.ID}
	c.closeAll()
	c.Outcome = "combined"
	c.mark("closed", e.At)
}
func (x *Combined) says() (string, Tier) {
	return "Combined into " + string(x.Into) + ": " + x.Because, ForTeam
}

// closeAll closes every report by the ways that there are: what nobody works on was not valid, or is put off.
func (c *Case) closeAll() {
	for i := range c.Reports {
		r := &c.Reports[i]
		for _, trigger := range []string{map[RM]string{Arrived: "invalidate", Valid: "defer"}[r.RM], "close"} {
			if to, ok := r.RM.Move(trigger); ok {
				r.RM = to
			}
		}
	}
}

// Joined is another case that came into this one, as it was when it left. Brought is a Case as the fold has it: its fields are
// part of what is kept for ever.
type Joined struct {
	From    Pointer `json:"from"`         // with the event there that says so
	By      ActorID `json:"by,omitempty"` // who combined them
	Because string  `json:"because,omitempty"`
	Brought Case    `json:"brought"`
	Past    []Past  `json:"past,omitempty"`
	Higher  bool    `json:"higher,omitempty"` // its severity is the higher one, and holds until somebody triages
}

// JoinedCase is what a case keeps of another one that came into it, besides what became part of it.
type JoinedCase struct {
	From     Pointer
	At       time.Time
	By       ActorID
	Because  string
	Title    string
	Reports  []int // their numbers here
	Notices  []Notice
	Embargo  Embargo // as it stood there
	Severity Assessment
	Sections []Section // of its analysis, where this case has one of that name
}

func (x *Joined) kind() string { return "joined" }
func (x *Joined) apply(c *Case, e *Event) {
	if c.Public && c.Shown == nil {
		c.Shown = c.show()
	}
	n := numbering{reports: len(c.Reports), parties: map[ActorID]ActorID{}}
	for i, p := range x.Brought.Parties {
		n.parties[p.ID] = ActorID(fmt.Sprintf("guest:%d", len(c.Parties)+i+1))
	}
	b := x.Brought.renamed(n.actor)
	for i := range b.Parties { // who was out of the one case comes into no other: their code leads to what it led to
		if p := &b.Parties[i]; b.Outside(*p, e.At) {
			p.Code, p.Salt, p.Address = nil, nil, ""
		}
	}
	stay := Stay{Case: x.From.Case, Until: e.At}
	c.Scopes = append(c.scopes(e.At, nil), b.scopes(e.At, []Stay{stay})...)
	b.renumber(len(c.Proposals))
	joined := JoinedCase{From: x.From, At: e.At, By: x.By, Because: x.Because, Title: b.Title, Notices: b.Notices,
		Embargo: b.Embargo, Severity: b.Severity}
	for _, s := range b.Sections {
		if slices.ContainsFunc(c.Sections, func(o Section) bool { return o.Name == s.Name }) {
			joined.Sections = append(joined.Sections, s)
		} else {
			c.Sections = append(c.Sections, s)
		}
	}
	c.joinEmbargo(b, e)
	rm := c.RM()
	for _, r := range b.Reports {
		here := stay
		here.Report = r.Number
		r.Number, r.Came = n.report(r.Number), append(slices.Clip(r.Came), here)
		if r.Continues > 0 {
			r.Continues = n.report(r.Continues)
		}
		if r.Left.Case == "" {
			r.RM = rm // one matter is managed as one
		}
		c.Reports = append(c.Reports, r)
		joined.Reports = append(joined.Reports, r.Number)
	}
	c.joinPeople(b, n)
	c.joinFacts(x, b, e)
	c.Joined = append(append(slices.Clip(c.Joined), b.Joined...), joined)
}

func (x *Joined) says() (string, Tier) {
	return "Combined with " + string(x.From.Case) + ": " + x.Because, ForTeam
}

// numbering is what the reports and the guests of a case are called in the one that it came into.
type numbering struct {
	reports int
	parties map[ActorID]ActorID
}

// report is the new number of a report; 0 stays nobody's.
func (n numbering) report(number int) int {
	if number == 0 {
		return 0
	}
	return number + n.reports
}

// actor is the new id of a reporter or a guest; everybody else has one for the whole project.
func (n numbering) actor(id ActorID) ActorID {
	if number, ok := reporterNumber(id); ok {
		return ReporterID(n.report(number))
	}
	return cmp.Or(n.parties[id], id)
}

// joinEmbargo lets the earliest instant hold that was agreed upon. Who agreed to something else is asked anew.
func (c *Case) joinEmbargo(b Case, e *Event) {
	mine, other := c.Embargo, b.Embargo
	first, binds := EarliestEnd(e.At, mine, other)
	switch {
	case !binds:
	case !mine.State.InForce():
		c.Embargo = first
		c.Embargo.State = Active
	case first.Until.Before(mine.Until):
		c.Embargo.Until, c.Embargo.Since, c.Embargo.Number = first.Until, e.At, first.Number
	}
	for _, of := range []struct {
		c      *Case
		signed Embargo
	}{{c, mine}, {&b, other}} {
		if now := c.Embargo; !now.Until.Equal(of.signed.Until) || now.Terms != of.signed.Terms {
			of.c.consents(TermsChange, time.Time{})
		}
	}
}

// joinPeople brings who takes part, and what was said and owed to them.
func (c *Case) joinPeople(b Case, n numbering) {
	c.Parties = append(c.Parties, b.Parties...)
	for _, m := range b.Messages {
		m.Report = n.report(m.Report)
		if m.Thread > 0 {
			m.Thread += len(c.Threads)
		}
		c.Messages = append(c.Messages, m)
	}
	for _, t := range b.Threads {
		t.Number = len(c.Threads) + 1
		for i := range t.Reports {
			t.Reports[i] = n.report(t.Reports[i])
		}
		c.Threads = append(slices.Clip(c.Threads), t)
	}
	c.PatchFiles = append(c.PatchFiles, b.PatchFiles...)
	slices.SortStableFunc(c.Messages, func(x, y Message) int { return x.At.Compare(y.At) })
	for _, r := range b.Rewards {
		r.Report = n.report(r.Report)
		c.Rewards = append(c.Rewards, r)
	}
	c.joinBounty(b.Bounty, n.report)
	for _, x := range b.Agreements {
		x.Report = n.report(x.Report)
		c.Agreements = append(c.Agreements, x)
	}
	for _, x := range b.TermBreaches {
		x.Report = n.report(x.Report)
		c.TermBreaches = append(c.TermBreaches, x)
	}
	for _, k := range b.Credits {
		k.Report = n.report(k.Report)
		same := func(o Credit) bool { return o.Name == k.Name && o.Role == k.Role && o.Report == k.Report }
		if !slices.ContainsFunc(c.Credits, same) {
			c.Credits = append(c.Credits, k)
		}
	}
	c.joinProposals(b, n)
}

// joinFacts brings what is known of the matter: facts stay facts, and of two judgements the graver holds.
func (c *Case) joinFacts(x *Joined, b Case, e *Event) {
	c.Assessed = append(c.Assessed, b.Assessed...)
	c.Relays, c.Leaks = append(slices.Clip(c.Relays), b.Relays...), append(slices.Clip(c.Leaks), b.Leaks...)
	if x.Higher {
		c.Severity = b.Severity
	}
	if b.Sensitive != nil && *b.Sensitive {
		c.Sensitive, c.Severity.Sensitive = b.Sensitive, true
	}
	for _, l := range b.Lines {
		mine := c.line(l.Product, l.Name)
		*mine = joinLine(*mine, l)
	}
	mine := &c.CS
	mine.VendorAware = mine.VendorAware || b.CS.VendorAware
	mine.FixReady = mine.FixReady || b.CS.FixReady
	mine.FixDeployed = mine.FixDeployed || b.CS.FixDeployed
	mine.Public = mine.Public || b.CS.Public
	mine.ExploitKnown = mine.ExploitKnown || b.CS.ExploitKnown
	mine.Attacks = mine.Attacks || b.CS.Attacks
	for _, mark := range []string{MarkPublic, MarkExploit, MarkAttacks} {
		if at := b.Marks[mark]; !at.IsZero() {
			c.mark(mark, at)
		}
	}
	if c.linesSettled() {
		c.mark(MarkFixReady, e.At)
	}
	if mine.Public || mine.ExploitKnown {
		c.endEmbargo(e.At, "public")
	}
}

// lineOrder is how far a release line can be, from the least: of one matter the farther word holds.
var lineOrder = []string{"unknown", "not_affected", "exempt", "unsupported", "affected", "incomplete", "fix_in_progress", "reviewed", "patched",
	"merged", "staged", "released", "shipped"}

func joinLine(mine, other Line) Line {
	patches := mine.Patches
	for _, p := range other.Patches {
		if !slices.ContainsFunc(patches, func(o Patch) bool { return o.URL == p.URL && o.SHA256 == p.SHA256 }) {
			patches = append(slices.Clip(patches), p)
		}
	}
	if slices.Index(lineOrder, other.Status) > slices.Index(lineOrder, mine.Status) {
		affected := cmp.Or(other.Affected, mine.Affected)
		mine = other
		mine.Affected = affected
	}
	mine.Affected = cmp.Or(mine.Affected, other.Affected)
	mine.Patches = patches
	return mine
}

// Began is when a clock of the case that was brought began to run, zero if none of that name ran there.
func (x *Joined) Began(name string, kind ClockKind) time.Time {
	for _, k := range x.Brought.Clocks {
		if k.Name == name && k.Kind == kind && k.Open() {
			return k.From
		}
	}
	return time.Time{}
}
