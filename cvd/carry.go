package cvd

import (
	"bytes"
	"slices"
	"time"
)

// Pointer names a case: of this project, of another one, or of another installation.
type Pointer struct {
	Site    string    `json:"site,omitempty"`    // the other installation's public address; empty: this one
	Project ProjectID `json:"project,omitempty"` // empty: the project of whoever points
	Case    CaseID    `json:"case"`
	Event   EventID   `json:"event,omitempty"` // the event there that led here
}

// Stay is a case that something was in before, and until when. Its return code or invitation names the first of them.
type Stay struct {
	Case   CaseID    `json:"case"`
	Report int       `json:"report,omitempty"` // its number there, if it is a report
	Until  time.Time `json:"until"`
}

// Past is one line of the timeline of a case that something came from. It keeps the tier that it was written for.
type Past struct {
	Of   CaseID    `json:"of"`
	At   time.Time `json:"at"`
	Who  ActorID   `json:"who,omitempty"`
	Name string    `json:"name,omitempty"`
	Kind string    `json:"kind"`
	Says string    `json:"says"`
	Seen Tier      `json:"seen"`
	Late bool      `json:"late,omitempty"`
}

// Remember is the past of a case: its own timeline, and those that were brought to it.
func Remember(events []Event) []Past {
	var out []Past
	for _, e := range events {
		h := e.What.happening()
		if h == nil {
			continue
		}
		out = append(out, e.What.past()...)
		says, seen := h.says()
		if passed := passedWords(e.Passed); passed != "" && seen == ForTeam {
			says += ". " + passed
		}
		if x := e.What.Proposing; x != nil && x.Report > 0 || e.What.Rejecting != nil { // whose wish it was is not told apart later
			seen = ForTeam
		}
		out = append(out, Past{Of: e.Case, At: e.At, Who: e.Who, Name: e.Name, Kind: h.kind(), Says: says, Seen: seen,
			Late: e.What.Breached != nil && e.What.Breached.missed()})
	}
	slices.SortStableFunc(out, func(a, b Past) int { return a.At.Compare(b.At) })
	return out
}

// past is the past that an event brought to its case.
func (w What) past() []Past {
	switch {
	case w.Joined != nil:
		return w.Joined.Past
	case w.TakenOver != nil:
		return w.TakenOver.Past
	}
	return nil
}

// BroughtFiles are the files that an event brought along from another case, sealed anew under the key of this one.
func (w What) BroughtFiles() []Attachment {
	var c Case
	switch {
	case w.Joined != nil:
		c = w.Joined.Brought
	case w.SplitFrom != nil:
		c = w.SplitFrom.Part
	case w.TakenOver != nil:
		c = w.TakenOver.Brought
	}
	var out []Attachment
	c.EachFile(func(a *Attachment) { out = append(out, *a) })
	return out
}

// EachFile visits every file that a case names.
func (c *Case) EachFile(visit func(*Attachment)) {
	for i := range c.Reports {
		for j := range c.Reports[i].Attachments {
			visit(&c.Reports[i].Attachments[j])
		}
	}
	for i := range c.Messages {
		for j := range c.Messages[i].Attachments {
			visit(&c.Messages[i].Attachments[j])
		}
	}
	for i := range c.PatchFiles {
		p := &c.PatchFiles[i]
		visit(&p.File)
		p.ID = p.File.ID
	}
}

// Load is what goes along when a case leaves: all that was said and done, and not how its page stood before strangers.
func (c Case) Load() Case {
	c = c.clone()
	for i := range c.Reports {
		c.Reports[i].Attachments = slices.Clone(c.Reports[i].Attachments)
	}
	for i := range c.Messages {
		c.Messages[i].Attachments = slices.Clone(c.Messages[i].Attachments)
	}
	c.OldClocks, c.Shown, c.Exposed = nil, nil, nil
	c.Clocks = openClocks(c.Clocks, ForTeam)
	return c
}

// Scope is what some guests may read of a case that others came into: what their own case showed them, and what was written
// since. Whoever is to read more is invited anew.
type Scope struct {
	Parties []ActorID
	Came    []Stay // where they were before; empty: here
	At      time.Time
	Known   Case // the content that they could read until then
}

// scopeOf is the scope of a guest, nil if they may read the whole case.
func (c Case) scopeOf(id ActorID) *Scope {
	for i := range c.Scopes {
		if slices.Contains(c.Scopes[i].Parties, id) {
			return &c.Scopes[i]
		}
	}
	return nil
}

// apart is the case as the guests of a scope know it.
func (c Case) apart(s Scope) Case {
	k := s.Known
	c.Title, c.Kind, c.Track, c.Impact, c.Priority, c.Because = k.Title, k.Kind, k.Track, k.Impact, k.Priority, k.Because
	c.Sections = since(k.Sections, c.Sections, s.At, func(x Section) time.Time { return x.At })
	c.Checks = since(k.Checks, c.Checks, s.At, func(x Check) time.Time { return x.At })
	c.Reviews = since(k.Reviews, c.Reviews, s.At, func(x Review) time.Time { return x.At })
	c.Assessed = since(k.Assessed, c.Assessed, s.At, func(x Assessment) time.Time { return x.At })
	c.Ratings = since(k.Ratings, c.Ratings, s.At, func(x Rating) time.Time { return x.At })
	c.Attempts = since(k.Attempts, c.Attempts, s.At, func(x Attempt) time.Time { return x.At })
	c.Assigned = since(k.Assigned, c.Assigned, s.At, func(x Assignment) time.Time { return x.At })
	c.Proposals = since(k.Proposals, c.Proposals, s.At, func(x Proposal) time.Time { return x.At })
	c.Reports = since(k.Reports, c.Reports, s.At, func(x Report) time.Time { return x.At })
	c.Advisory.Editions = since(k.Advisory.Editions, c.Advisory.Editions, s.At, func(x Edition) time.Time { return x.At })
	if !c.Severity.At.After(s.At) {
		c.Severity.Because, c.Severity.By = k.Severity.Because, k.Severity.By
	}
	c.Lines = knownLines(k.Lines, c.Lines, s.At)
	return c
}

// since is a list as it was known, and what was added to it after an instant.
func since[T any](known, now []T, at time.Time, of func(T) time.Time) []T {
	out := slices.Clone(known)
	for _, x := range now {
		if of(x).After(at) {
			out = append(out, x)
		}
	}
	return out
}

// knownLines are release lines as they were known, with what became of them since. A patch that came with another case is not
// for those who did not have it.
func knownLines(known, now []Line, at time.Time) []Line {
	out := slices.Clone(known)
	for _, l := range now {
		if !l.ChangedAt.After(at) {
			continue
		}
		i := slices.IndexFunc(out, func(o Line) bool { return o.Product == l.Product && o.Name == l.Name })
		if i < 0 {
			out = append(out, Line{Product: l.Product, Name: l.Name})
			i = len(out) - 1
		}
		o := &out[i]
		o.Status, o.Version, o.Tag, o.Commit, o.URL, o.SHA256 = l.Status, l.Version, l.Tag, l.Commit, l.URL, l.SHA256
		o.Release, o.ChangedAt = l.Release, l.ChangedAt
	}
	return out
}

// content is what guests may read of a case.
func (c Case) content() Case {
	return Case{ID: c.ID, Title: c.Title, Kind: c.Kind, Track: c.Track, Impact: c.Impact, Priority: c.Priority, Because: c.Because,
		Reports: c.Reports, Sections: c.Sections, Lines: slices.Clone(c.Lines), Checks: c.Checks, Reviews: c.Reviews, Assessed: c.Assessed,
		Ratings: c.Ratings, Attempts: c.Attempts, Assigned: c.Assigned, Proposals: c.Proposals, Advisory: c.Advisory,
		Severity: c.Severity}
}

// scopes are the scopes of a case's guests as they are at an instant.
func (c Case) scopes(at time.Time, came []Stay) []Scope {
	var out []Scope
	whole := Scope{Came: came, At: at, Known: c.content()}
	for _, p := range c.Parties {
		if c.scopeOf(p.ID) == nil {
			whole.Parties = append(whole.Parties, p.ID)
		}
	}
	if len(whole.Parties) > 0 {
		out = append(out, whole)
	}
	for _, s := range c.Scopes {
		out = append(out, Scope{Parties: s.Parties, Came: append(slices.Clip(s.Came), came...), At: at, Known: c.apart(s).content()})
	}
	return out
}

// forget takes reports out of what guests know.
func (s *Scope) forget(gone []Report) {
	s.Known.Reports = slices.DeleteFunc(slices.Clone(s.Known.Reports), func(r Report) bool {
		return slices.ContainsFunc(gone, func(g Report) bool { return len(g.Code) > 0 && bytes.Equal(g.Code, r.Code) })
	})
}

// HistoryOf is the timeline of a case as one actor may read it. Who came with another case reads what that case told them
// until then, and this one's from then on.
func HistoryOf(c Case, events []Event, who Actor, t Tier) []Entry {
	if t < ForTeam {
		events = c.bargaining(events, who)
	}
	base := History(events, t)
	came := c.cameOf(who)
	if t != ForTeam && t > ForPublic && len(came) > 0 {
		last := came[len(came)-1].Until
		base = slices.DeleteFunc(base, func(n Entry) bool { return n.At.Before(last) })
	}
	if t == ForPublic {
		return base
	}
	var out []Entry
	for _, e := range events {
		for _, p := range e.What.past() {
			if n, ok := p.entry(came, t, e.What.TakenOver != nil); ok {
				out = append(out, n)
			}
		}
	}
	out = append(out, base...)
	slices.SortStableFunc(out, func(a, b Entry) int { return a.At.Compare(b.At) })
	return out
}

// entry is a line of the past for a tier, and for whoever came by some way. A case that was taken over whole brings its past
// to everybody who is still in it.
func (p Past) entry(came []Stay, t Tier, whole bool) (Entry, bool) {
	if p.Seen > t {
		return Entry{}, false
	}
	if t == ForTeam {
		return Entry{At: p.At, Who: p.Who, Name: p.Name, Kind: p.Kind, Says: "In " + string(p.Of) + ": " + p.Says, Late: p.Late}, true
	}
	i := slices.IndexFunc(came, func(s Stay) bool { return s.Case == p.Of })
	if i < 0 && !whole || i > 0 && p.At.Before(came[i-1].Until) {
		return Entry{}, false
	}
	return Entry{At: p.At, Name: standingName(p.Who), Kind: p.Kind, Says: p.Says, Late: p.Late}, true
}

// cameOf is where an actor was before; empty if they were always here.
func (c Case) cameOf(who Actor) []Stay {
	switch {
	case who.Standing == Finder && who.Report >= 1 && who.Report <= len(c.Reports):
		return c.Reports[who.Report-1].Came
	case who.Standing == Guest:
		if s := c.scopeOf(who.ID); s != nil {
			return s.Came
		}
	}
	return nil
}

// Named is the case that a report's return code names: the one that it came in.
func (c Case) Named(r Report) CaseID {
	switch {
	case len(r.Came) > 0:
		return r.Came[0].Case
	case c.Origin.Case != "" && c.Origin.Site == "" && r.At.Before(c.OpenedAt):
		return c.Origin.Case
	}
	return c.ID
}

// ReceivedAs is the event by which the report of a number came into a case, of whose events these are; empty if it came there
// with another case.
func ReceivedAs(events []Event, number int) EventID {
	n := 0
	for _, e := range events {
		switch w := e.What; {
		case w.Received != nil:
			if n++; n == number {
				return e.ID
			}
		case w.Joined != nil:
			n += len(w.Joined.Brought.Reports)
		case w.SplitFrom != nil:
			n += len(w.SplitFrom.Part.Reports)
		case w.TakenOver != nil:
			n += len(w.TakenOver.Brought.Reports)
		}
	}
	return ""
}

// Newest is the number of the newest report that has not left the case; 0 if there is none.
func (c Case) Newest() int { return c.newest() }

// Heads are the reports that the case is about now: the newest, and beside it those that came with another case and that no
// later report continues.
func (c Case) Heads() []int {
	if len(c.Joined) == 0 {
		if n := c.newest(); n > 0 {
			return []int{n}
		}
		return nil
	}
	var out []int
	for i, r := range c.Reports {
		continued := slices.ContainsFunc(c.Reports, func(o Report) bool { return o.Continues == i+1 })
		if r.Left.Case == "" && !continued {
			out = append(out, i+1)
		}
	}
	return out
}

// newest is the number of the newest report that has not left the case; 0 if there is none.
func (c Case) newest() int {
	for i := len(c.Reports); i > 0; i-- {
		if c.Reports[i-1].Left.Case == "" {
			return i
		}
	}
	return 0
}
