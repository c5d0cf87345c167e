package cvd

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// Split lets some reports, and release lines, leave into a new case: they are another matter. Who takes part here is not
// invited there.
type Split struct {
	Reports    []int     `json:"reports"`         // their numbers
	Lines      []string  `json:"lines,omitempty"` // that go along: "PRODUCT/LINE"
	Title      string    `json:"title"`           // of the new case
	Because    string    `json:"because"`
	Until      time.Time `json:"until,omitzero"`       // the end of its embargo; zero: as here
	Assessment string    `json:"assessment,omitempty"` // what an earlier end there reveals about what stays here
	Child      CaseID    `json:"child,omitempty" readOnly:"true"`
}

// Branch is a case that was split off.
type Branch struct {
	Case       CaseID
	Event      EventID
	At         time.Time
	By         ActorID
	Because    string
	Until      time.Time
	Assessment string
}

func (x *Split) kind() string { return "split" }
func (x *Split) apply(c *Case, e *Event) {
	gone := c.leave(x.Reports, Pointer{Case: x.Child, Event: e.ID})
	for i := range c.Scopes {
		c.Scopes[i].forget(gone)
	}
	c.Lines = slices.DeleteFunc(c.Lines, func(l Line) bool { return slices.Contains(x.Lines, l.Product+"/"+l.Name) })
	c.PatchFiles = slices.DeleteFunc(c.PatchFiles, func(p PatchFile) bool { return slices.Contains(x.Lines, p.Product+"/"+p.Line) })
	c.Branches = append(slices.Clip(c.Branches), Branch{Case: x.Child, Event: e.ID, At: e.At, By: e.Who, Because: x.Because, Until: x.Until,
		Assessment: x.Assessment})
}

// says tells everybody who takes part that something left, since an embargo that ends earlier there may tell of what is here.
func (x *Split) says() (string, Tier) {
	line := "Split off a case of its own"
	if !x.Until.IsZero() {
		line += ", whose embargo ends " + Instant(x.Until)
	}
	return line, ForReporter
}

// leave takes reports out of a case, with all that belongs to them alone. Their numbers and codes stay, so that who holds one
// is led on.
func (c *Case) leave(numbers []int, to Pointer) (gone []Report) {
	leaves := func(n int) bool { return slices.Contains(numbers, n) }
	for i, r := range c.Reports {
		if leaves(i + 1) {
			gone = append(gone, r)
			c.Reports[i] = Report{Number: r.Number, At: r.At, RM: Closed, Code: r.Code, Left: to, Continues: r.Continues}
		}
	}
	c.Messages = slices.DeleteFunc(slices.Clone(c.Messages), func(m Message) bool { return leaves(m.Report) })
	c.Rewards = slices.DeleteFunc(c.Rewards, func(r Reward) bool { return leaves(r.Report) })
	c.Bounty = c.Bounty.part(func(n int) int {
		if leaves(n) {
			return 0
		}
		return n
	})
	c.Agreements = slices.DeleteFunc(slices.Clone(c.Agreements), func(x Agreement) bool { return leaves(x.Report) })
	c.TermBreaches = slices.DeleteFunc(slices.Clone(c.TermBreaches), func(x TermBreach) bool { return leaves(x.Report) })
	c.Credits = slices.DeleteFunc(c.Credits, func(k Credit) bool { return leaves(k.Report) })
	for i, p := range c.Proposals { // their numbers stay
		if leaves(p.Report) && p.Answer != "agreed" { // which is the project's too
			c.Proposals[i] = Proposal{Number: p.Number, At: p.At, By: p.By, Report: p.Report, Answer: cmp.Or(p.Answer, "over"), AnsweredAt: p.AnsweredAt}
		}
	}
	for i, k := range c.Claims {
		if leaves(k.Report) {
			c.Claims[i] = Claim{Number: k.Number, At: k.At, By: k.By, Report: k.Report, Fact: k.Fact, Answer: cmp.Or(k.Answer, "left"), AnsweredAt: k.AnsweredAt}
		}
	}
	for i, t := range c.Threads {
		c.Threads[i].Reports = slices.DeleteFunc(slices.Clone(t.Reports), leaves)
	}
	return gone
}

// Part is what leaves a case with some of its reports and lines: those, what was said with their reporters and is owed to
// them, and what holds for the matter as a whole. Nobody who takes part goes along.
func (c Case) Part(x Split) Case {
	whole := c.Load()
	out := Case{Title: x.Title, Kind: whole.Kind, Track: whole.Track, Sensitive: whole.Sensitive, Severity: whole.Severity, CS: whole.CS,
		Embargo: whole.Embargo, Marks: map[string]time.Time{}, Policy: whole.Policy}
	out.Severity.Because = "" // written of the whole
	if len(x.Lines) == 0 {
		out.CS.FixReady, out.CS.FixDeployed = false, false
	}
	if !x.Until.IsZero() {
		out.Embargo.Until = x.Until
	}
	for _, mark := range []string{"received", "acknowledged", "validated", "triaged", "prioritised", MarkPublic, MarkExploit, MarkAttacks} {
		if at := whole.Marks[mark]; !at.IsZero() {
			out.Marks[mark] = at
		}
	}
	for _, l := range whole.Lines {
		if slices.Contains(x.Lines, l.Product+"/"+l.Name) {
			out.Lines = append(out.Lines, l)
		}
	}
	for _, p := range whole.PatchFiles {
		if slices.Contains(x.Lines, p.Product+"/"+p.Line) {
			p.Readers = slices.DeleteFunc(slices.Clone(p.Readers), func(id ActorID) bool { return strings.HasPrefix(string(id), "guest:") })
			out.PatchFiles = append(out.PatchFiles, p)
		}
	}
	numbers, guest := out.take(whole, slices.Sorted(slices.Values(x.Reports))), formerly(whole.ID)
	return out.renamed(func(id ActorID) ActorID {
		n, ok := reporterNumber(id)
		switch {
		case !ok:
			return guest(id)
		case numbers[n] == 0: // stays, and another may bear the number here
			return id + ActorID("@"+string(whole.ID))
		}
		return ReporterID(numbers[n])
	})
}

// take takes reports of another case, in order, with what was said with their reporters and is owed to them. It gives their new
// numbers, by the old ones.
func (c *Case) take(whole Case, reports []int) (numbers map[int]int) {
	numbers = map[int]int{}
	for _, n := range reports {
		numbers[n] = len(c.Reports) + 1
		r := whole.Reports[n-1]
		r.Came = append(slices.Clip(r.Came), Stay{Case: whole.ID, Report: n})
		r.Number, r.Continues = numbers[n], numbers[r.Continues]
		c.Reports = append(c.Reports, r)
	}
	for _, m := range whole.Messages {
		if n := numbers[m.Report]; n > 0 {
			m.Report = n
			c.Messages = append(c.Messages, m)
		}
	}
	for _, r := range whole.Rewards {
		if n := numbers[r.Report]; n > 0 {
			r.Report = n
			c.Rewards = append(c.Rewards, r)
		}
	}
	c.Bounty = whole.Bounty.part(func(n int) int { return numbers[n] })
	for _, x := range whole.Agreements {
		if n := numbers[x.Report]; n > 0 {
			x.Report = n
			c.Agreements = append(c.Agreements, x)
		}
	}
	for _, x := range whole.TermBreaches {
		if n := numbers[x.Report]; n > 0 {
			x.Report = n
			c.TermBreaches = append(c.TermBreaches, x)
		}
	}
	for _, k := range whole.Credits {
		if n := numbers[k.Report]; n > 0 {
			k.Report = n
			c.Credits = append(c.Credits, k)
		}
	}
	c.takeProposals(whole, numbers)
	return numbers
}

// takeProposals takes what those reporters proposed and claimed, under numbers of its own.
func (c *Case) takeProposals(whole Case, numbers map[int]int) {
	proposals := map[int]int{}
	for _, p := range whole.Proposals {
		if n := numbers[p.Report]; n > 0 {
			proposals[p.Number] = len(c.Proposals) + 1
			p.Number, p.Report = len(c.Proposals)+1, n
			c.Proposals = append(c.Proposals, p)
		}
	}
	c.Embargo.Number = proposals[c.Embargo.Number]
	for i := range c.Reports {
		c.Reports[i].Signed = proposals[c.Reports[i].Signed]
	}
	for _, k := range whole.Claims {
		if n := numbers[k.Report]; n > 0 {
			k.Number, k.Report = len(c.Claims)+1, n
			c.Claims = append(c.Claims, k)
		}
	}
}

// SplitFrom begins a case with what left another one. It inherits that one's embargo, severity and facts.
type SplitFrom struct {
	From    Pointer `json:"from"`
	Because string  `json:"because,omitempty"`
	Part    Case    `json:"part"`
}

func (x *SplitFrom) kind() string { return "split_from" }
func (x *SplitFrom) apply(c *Case, e *Event) {
	p := x.Part.clone()
	p.Project, p.ID, p.Rev, p.Policy, p.OpenedAt = c.Project, c.ID, c.Rev, c.Policy, c.OpenedAt
	p.Parent, p.Round = x.From, map[string]time.Time{}
	for mark, at := range p.Marks {
		p.Round[mark] = at
	}
	for i := range p.Reports {
		came := slices.Clone(p.Reports[i].Came)
		came[len(came)-1].Until = e.At
		p.Reports[i].Came = came
	}
	if p.Embargo.State != NoEmbargo && p.Embargo.State != Exited {
		p.Embargo.State = Active // what was being negotiated there is negotiated there
	}
	*c = p
	if c.linesSettled() {
		c.mark(MarkFixReady, e.At)
	}
}
func (x *SplitFrom) says() (string, Tier) { return "Split off from another case", ForReporter }
