package cvd

import (
	"slices"
	"strings"
	"time"
)

// Observed is a fact about the world: the matter is public, an exploit is public, attacks were seen.
type Observed struct {
	Fact     string `json:"fact" enum:"public,exploit_public,attacks,fix_deployed"`
	Evidence string `json:"evidence"`
	Embargo  string `json:"embargo,omitempty" enum:"ends,holds" readOnly:"true"` // what the policy says it does to the embargo; empty: what is public ends it

	Cause    string     `json:"cause,omitempty" enum:"leak" readOnly:"true"` // how it became public, where that is known
	Party    ActorID    `json:"party,omitempty" readOnly:"true"`             // who of the case let it out, where that is known
	Dates    []Dated    `json:"dates,omitempty" readOnly:"true"`             // what is dated in the same act, such as when the project became aware
	Then     []Notified `json:"then,omitempty" readOnly:"true"`              // notices that go out because of it, as they were weighed and composed
	Claim    int        `json:"claim,omitempty"`                             // the number of the claim that this confirms
	Slip     *Slipped   `json:"slip,omitempty" readOnly:"true"`              // the announced release, moved in the same act
	DecideBy time.Time  `json:"decide_by,omitzero" readOnly:"true"`          // until when the team says whether attacks end the embargo
}

func (x *Observed) kind() string { return "observed" }
func (x *Observed) apply(c *Case, e *Event) {
	if to, ok := c.CS.Learn(FactLetters[x.Fact]); ok {
		c.CS = to
	}
	if x.Fact == "exploit_public" {
		c.mark(MarkPublic, e.At)
	}
	c.mark(x.Fact, e.At)
	x.emergency(c, e)
	known := x.Fact == "public" || x.Fact == "exploit_public"
	c.answerClaim(x.Claim, "confirmed", "", e)
	c.confirmClaims(x.Fact, e)
	switch {
	case x.Embargo == "ends", known && x.Embargo == "", c.Embargo.State == Proposed && !c.CS.Quiet(): // the fact first, then the end of the embargo
		c.endEmbargo(e.At, x.Fact)
	case c.Embargo.State.InForce() && x.Fact == "attacks":
		c.Embargo.DecideBy = x.DecideBy
	}
}
func (x *Observed) says() (string, Tier) {
	if x.Slip != nil {
		return "Observed: " + words(x.Fact) + ". Moved the release to " + Instant(x.Slip.To), ForReporter
	}
	return "Observed: " + words(x.Fact), ForReporter
}

// Rewarded decides about the bounty of one report.
type Rewarded struct {
	Report    int    `json:"report"`
	Paid      bool   `json:"paid" readOnly:"true"` // by one person, before bounties were proposed and approved
	Amount    string `json:"amount,omitempty" readOnly:"true"`
	Reference string `json:"reference,omitempty" readOnly:"true"`
	Because   string `json:"because,omitempty"`
}

func (x *Rewarded) kind() string { return "rewarded" }
func (x *Rewarded) apply(c *Case, e *Event) {
	c.Rewards = put(c.Rewards, Reward{Report: x.Report, At: e.At, By: e.Who, Paid: x.Paid, Amount: x.Amount,
		Reference: x.Reference, Because: x.Because}, func(r Reward) bool { return r.Report == x.Report })
}
func (x *Rewarded) says() (string, Tier) {
	if x.Paid {
		return "Paid the bounty", ForReporter
	}
	return "Decided that no bounty is due", ForReporter
}

// Explained is the post that tells the vulnerability and the response to it.
type Explained struct {
	URL           string `json:"url"`
	Vulnerability string `json:"vulnerability"`
	Response      string `json:"response"`
}

func (x *Explained) kind() string         { return "explained" }
func (x *Explained) apply(*Case, *Event)  {}
func (x *Explained) says() (string, Tier) { return "Published the details: " + x.URL, ForPublic }

// Credited names somebody who helped. Without consent the name stays inside.
type Credited struct {
	Name    string `json:"name"`
	Role    string `json:"role"`
	Consent bool   `json:"consent"`
	Report  int    `json:"report,omitempty"` // whose reporter is named, from 1: they may change it, or take it back
}

func (x *Credited) kind() string { return "credited" }
func (x *Credited) apply(c *Case, e *Event) {
	c.Credits = slices.DeleteFunc(c.Credits, func(k Credit) bool { // a reporter is named once, as they said last
		return x.Report != 0 && (k.Report == x.Report || k.Report == 0 && c.wished(x.Report, k.Name))
	})
	c.Credits = put(c.Credits, Credit{Name: x.Name, Role: x.Role, Consent: x.Consent, Report: x.Report, At: e.At},
		func(k Credit) bool { return k.Name == x.Name && k.Role == x.Role && k.Report == x.Report })
}
func (x *Credited) says() (string, Tier) {
	if !x.Consent {
		return "Recorded that somebody is not to be named", ForTeam
	}
	return "Recorded a credit", ForTeam
}

// wished says whether a name is the one that the reporter of a report asked to be named by.
func (c *Case) wished(report int, name string) bool {
	return report <= len(c.Reports) && c.Reports[report-1].Credit == name
}

// CreditOf is what the reporter of a report is named by, as they or the project said last; ok is false when nobody said it yet.
func (c Case) CreditOf(report int) (k Credit, ok bool) {
	i := slices.IndexFunc(c.Credits, func(k Credit) bool {
		return k.Report == report || k.Report == 0 && k.Name != "" && c.wished(report, k.Name)
	})
	if i < 0 {
		return Credit{}, false
	}
	return c.Credits[i], true
}

// Monitored is what was seen after the release: whether the matter is really resolved.
type Monitored struct {
	Outcome  string `json:"outcome" enum:"resolved,not_resolved,watching"`
	Evidence string `json:"evidence"`
	Reopens  bool   `json:"reopens,omitempty" readOnly:"true"` // it is not, and the matter is taken up again
}

func (x *Monitored) kind() string { return "watched" }
func (x *Monitored) apply(c *Case, e *Event) {
	switch {
	case x.Outcome == "resolved":
		c.mark(MarkMonitored, e.At)
	case x.Reopens && c.RM() == Closed: // C is final: the matter goes on in a report that continues the last one
		last := c.Current()
		again := Received{Kind: c.Kind, Track: c.Track, Report: Report{Title: last.Title, Kind: last.Kind, Component: last.Component, Version: last.Version,
			Description: "The matter is not resolved. " + x.Evidence, Continues: last.Number}}
		again.apply(c, e)
		c.mark("received", e.At)
	case x.Reopens: // what was shipped is not the whole of it
		for i := range c.Lines {
			if c.Lines[i].Status == "released" {
				c.Lines[i].Status, c.Lines[i].ChangedAt, c.Lines[i].Because = StandsIncomplete, e.At, x.Evidence
			}
		}
		c.reopenFix()
	}
}
func (x *Monitored) says() (string, Tier) {
	return "Looked after the release: " + words(x.Outcome), ForReporter
}

// Ended closes the case. A matter that comes back is a new report in it.
type Ended struct {
	Outcome string `json:"outcome"`
	Message string `json:"message,omitempty"`

	URL       string `json:"url,omitempty"`       // where it goes on: needed with the outcomes tracker and governance
	Reference string `json:"reference,omitempty"` // its number there, such as that of a governance proposal
}

// Elsewhere is where a matter goes on that is not worked on here.
type Elsewhere struct {
	URL       string
	Reference string // its number there
}

// HandsOver says whether the matter goes on elsewhere, in the tracker or in a discussion of governance. That is decided whatever
// is known of it by then, so the report need not be accepted first.
func (x *Ended) HandsOver() bool { return x.Outcome == "tracker" || x.Outcome == "governance" }

func (x *Ended) kind() string { return "closed" }
func (x *Ended) apply(c *Case, e *Event) {
	if x.HandsOver() { // by the ways that there are: what nobody works on was not valid, or is put off
		c.move(map[RM]string{Arrived: "invalidate", Valid: "defer"}[c.RM()])
	}
	c.move("close")
	c.Outcome, c.Elsewhere = x.Outcome, Elsewhere{x.URL, x.Reference}
	c.tell(e, x.Message)
}
func (x *Ended) says() (string, Tier) {
	line := "Closed: " + words(x.Outcome)
	if x.URL != "" {
		line += ", it goes on at " + x.URL
	}
	if x.Reference != "" {
		line += " (" + x.Reference + ")"
	}
	return line, ForReporter
}

// Breached is a promise that was not kept in time.
type Breached struct {
	Clock  string    `json:"clock"`
	Kind   ClockKind `json:"kind"`
	Clause string    `json:"clause"`
	Due    time.Time `json:"due"`

	Expires string `json:"expires,omitempty"` // what the clock's end means instead of a breach: remind, publish
	Inside  bool   `json:"inside,omitempty"`  // the clock is the team's alone
}

// missed says whether a promise was not kept.
func (x *Breached) missed() bool { return x.Kind.Promise() && x.Expires == "" }

func (x *Breached) kind() string { return "breached" }
func (x *Breached) apply(c *Case, e *Event) {
	if x.Clock == AnswersClock {
		c.chased(e.At)
	}
	for i := range c.Clocks {
		if k := &c.Clocks[i]; k.Name == x.Clock && k.Kind == x.Kind {
			k.Breached = e.At
		}
	}
}
func (x *Breached) says() (string, Tier) {
	if x.Clock == StallClock {
		return "Nothing has happened for a while: it is time to remind somebody", ForTeam
	}
	if x.Clock == AnswersClock {
		return "Somebody who was asked has not answered, or has not read what they accepted", ForTeam
	}
	tier := ForReporter
	if x.Inside {
		tier = ForTeam
	}
	switch {
	case x.Kind == Lookout:
		return "It is time to look at the places of the patches again", ForNobody
	case x.Kind == Arrival:
		return "The date of " + words(x.Clock) + " has come", ForReporter
	case strings.HasPrefix(string(x.Kind), string(Warning)):
		return "It ends soon: " + words(x.Clock), ForTeam
	case strings.HasPrefix(string(x.Kind), string(Rung)):
		return "It is still open, and others hear of it: " + words(x.Clock), ForTeam
	case x.Expires == "publish":
		return "The publication is due: " + words(x.Clock) + ". Nothing is published that nobody has set", ForTeam
	case x.Kind == Reminder || x.Expires == "remind":
		return "It is time to remind somebody: " + words(x.Clock), tier
	}
	return "Missed the " + string(x.Kind) + " for " + words(x.Clock) + ", due " + Instant(x.Due), tier
}

// Dated gives an event of the project its date, such as the next major release, so that clocks anchored on it get theirs.
type Dated struct {
	Event string    `json:"event"`
	On    time.Time `json:"on"`
}

func (x *Dated) kind() string            { return "dated" }
func (x *Dated) apply(c *Case, _ *Event) { c.Marks[x.Event], c.Round[x.Event] = x.On, x.On }
func (x *Dated) says() (string, Tier) {
	return "Set the date of " + words(x.Event) + ": " + Instant(x.On), ForReporter
}
