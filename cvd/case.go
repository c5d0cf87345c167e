package cvd

import (
	"maps"
	"slices"
	"time"
)

// Case is one matter under coordination: the fold of its events. It bundles reports; an advisory may cover several cases.
type Case struct {
	Project ProjectID
	ID      CaseID
	Rev     int64 // revision: the number of events folded in
	Policy  int64 // version of the policy in force when the first report came; it binds the case

	OpenedAt, ChangedAt time.Time

	Title     string // of the newest report, or as triage renamed it
	Kind      string // a kind of the policy: vulnerability, critical_bug …
	Track     string // a track of the policy: private, public
	Public    bool   // whether strangers may see the case itself; decided at triage, true after disclosure
	Sensitive *bool  // the sensitivity decision; nil until triage made it

	Reports  []Report
	Parties  []Party
	CS       CS
	Embargo  Embargo
	Severity Assessment   // the one in force
	Assessed []Assessment // all that were in force, oldest first
	Ratings  []Rating     // what members of the community think
	Attempts []Attempt    // at reproducing it

	Impact     string
	Priority   string
	Because    string // why that priority
	Assigned   []Assignment
	Sections   []Section // analysis
	Lines      []Line    // release lines
	Checks     []Check
	Advisory   Advisory
	Reviews    []Review
	Notices    []Notice
	Disclosure Disclosure
	Rewards    []Reward
	Credits    []Credit
	Messages   []Message
	Threads    []Thread
	Countdown  Countdown
	Comments   []Comment  // in public
	Proposals  []Proposal // for the end of the embargo
	Claims     []Claim    // of facts about the world, by others than the team
	Waivers    []Waiver
	Slips      []Slip      // when the announced release moved
	Ticks      []Tick      // of checklists
	Surfaced   []Surfacing // commits of private fixes that were found in public
	Relays     []Relay     // what projects downstream know of it
	Spread     []Spread    // how far the fix has come
	Reactions  []Reaction  // of people who read the advisory
	PatchFiles []PatchFile
	Leaks      []Leak // how it got out before its time

	Bounty       Bounty
	Ahead        PublicationPlan // what is planned of the publication
	Agreements   []Agreement     // what reporters said to the terms, oldest first
	TermBreaches []TermBreach    // of terms, as the team recorded them

	Clocks    []Clock              // those that run or ran last under their name
	OldClocks []Clock              // those that were replaced, with the instant of it
	OldOrders []Notice             `json:",omitempty"` // of notices that were ordered again since, oldest first
	Marks     map[string]time.Time // first instant at which each mark was reached: received, triaged, fix_ready …
	Round     map[string]time.Time // the same since the matter was taken up last: all of it unless the case was reopened
	Shown     *Shown               // what strangers see while the newest report is not for them
	OpenSince time.Time            // since when strangers see the case, or saw it last
	Exposed   []Exposure           // when they saw it and no longer do, since it was found sensitive
	Outcome   string               // why it was closed
	Elsewhere Elsewhere            // where it goes on, if it was closed because of that
	NudgedAt  time.Time            // when a reporter reminded the team last
	Erased    *Erasure             // if its content was destroyed: nothing else is left then

	Combined Pointer      // the case that it went into, or was moved to; zero unless it did
	Joined   []JoinedCase // other cases that came into it
	Branches []Branch     // cases that were split off
	Parent   Pointer      // the case that it was split from
	Origin   Pointer      // where it was before it was taken over whole
	Handed   string       // the hash of the manifest that it was taken over with, if it was handed over
	Scopes   []Scope      // what the guests may read who took part before another case came into it
}

// Marks that the fold sets besides one for each kind of event. Policies count clocks and waits from marks.
const (
	MarkAnalysed   = "analysed"          // all four sections of the analysis are written
	MarkFixReady   = "fix_ready"         // every affected line has its patch or an exemption
	MarkReleased   = "released"          // every patched line is released
	MarkOpenReview = "publicly_reviewed" // somebody approved the fix where everybody reads it, and said where
	MarkMonitored  = "monitored"         // somebody saw that the matter is resolved
	MarkPublic     = "public"
	MarkExploit    = "exploit_public"
	MarkAttacks    = "attacks"
	MarkChecked    = "checked"
	MarkAgreed     = "embargo_ended"
	MarkReopened   = "reopened"
	MarkPosted     = "explained"
	MarkInvalid    = "invalidated"
	MarkDelivered  = "delivered:" // + notice: every required channel delivered it
	MarkFirst      = "first:"     // + notice: one channel delivered it
	MarkNotified   = "notified:"  // + notice: it was ordered to go out
	MarkRelease    = "next_major_release"
)

// Marked is the instant at which a mark was reached, zero if it was not.
func (c Case) Marked(mark string) time.Time { return c.Marks[mark] }

// Shown is what the public knew of a case when something new came in that is not for the public.
type Shown struct {
	At        time.Time
	Title     string
	Kind      string
	Track     string
	Headline  string
	Severity  Assessment
	RM        RM
	CS        CS
	Clocks    []Clock
	Reports   int // how many of the reports, from the first
	Outcome   string
	Elsewhere Elsewhere
}

// Known is the case as the public knows it: without whatever happened since a report came in that is not for the public.
func (c Case) Known() Case {
	s := c.Shown
	if s == nil {
		return c
	}
	c.Reports = slices.Clone(c.Reports[:s.Reports])
	c.Reports[s.Reports-1].RM = s.RM
	c.Title, c.Kind, c.Track, c.Severity, c.CS, c.Clocks, c.Outcome = s.Title, s.Kind, s.Track, s.Severity, s.CS, s.Clocks, s.Outcome
	c.Elsewhere = s.Elsewhere
	c.Marks = maps.Clone(c.Marks)
	maps.DeleteFunc(c.Marks, func(_ string, at time.Time) bool { return !c.known(at) })
	c.Round = c.Marks
	c.Messages = slices.DeleteFunc(slices.Clone(c.Messages), func(m Message) bool { return !c.known(m.At) })
	c.Proposals = slices.DeleteFunc(slices.Clone(c.Proposals), func(p Proposal) bool { return !c.known(p.At) })
	return c
}

// show is the case as the public may know it now.
func (c Case) show() *Shown {
	return &Shown{At: c.ChangedAt, Title: c.publicTitle(), Kind: c.Kind, Track: c.Track, Headline: c.Headline(), Severity: c.Severity, RM: c.RM(), CS: c.CS,
		Clocks: openClocks(c.Clocks, ForPublic), Reports: len(c.Reports), Outcome: c.Outcome,
		Elsewhere: c.Elsewhere}
}

// publicTitle is what strangers read: of a sensitive matter the title that was signed off with the advisory, since neither
// the reporter's nor the team's own was written for them.
func (c Case) publicTitle() string {
	n := c.Disclosure.Edition
	if c.Severity.Sensitive && !c.Disclosure.At.IsZero() && n >= 1 && n <= len(c.Advisory.Editions) {
		return c.Advisory.Editions[n-1].Text.Title
	}
	return c.Title
}

// Current is the report that the case is about now: the newest that did not leave it.
func (c Case) Current() *Report {
	n := c.newest()
	if n == 0 {
		return nil
	}
	return &c.Reports[n-1]
}

// RM is the project's management state of the current report.
func (c Case) RM() RM {
	if c.Erased != nil {
		return Closed
	}
	if r := c.Current(); r != nil {
		return r.RM
	}
	return Start
}

// Emergency says whether quiet is over while the case is still open: waits that protect a secret protect nothing now.
func (c Case) Emergency() bool { return !c.CS.Quiet() && c.Disclosure.At.IsZero() }

// Headline is the one word shown for a case whose real state is several machines.
func (c Case) Headline() string {
	at := func(mark string) bool { return !c.Round[mark].IsZero() }
	switch rm := c.RM(); {
	case c.Erased != nil:
		return "erased"
	case rm == Closed:
		return "closed"
	case rm == NotValid:
		return "invalid"
	case rm == Deferred:
		return "deferred"
	case at(MarkPosted) && at("disclosed"):
		return "explained"
	case at("disclosed"):
		return "disclosed"
	case at(MarkReleased):
		return "released"
	case slices.ContainsFunc(c.Notices, func(n Notice) bool { return n.Pre && at(MarkNotified+n.Name) }):
		return "notified"
	case c.CS.FixReady:
		return "fix ready"
	case rm == Accepted:
		return "fixing"
	case rm == Valid && at("triaged"):
		return "triaged"
	case rm == Valid:
		return "validated"
	case at("acknowledged"):
		return "acknowledged"
	default:
		return "received"
	}
}

// Assessment is a severity as decided by the project.
type Assessment struct {
	At        time.Time
	By        ActorID
	Vector    string
	Score     float64
	Scored    bool   // whether Score says anything: an assessment may be a judgement alone
	System    string // CVSS-B, CVSS:3.1 …
	Class     string // a band of the policy: critical …
	Category  string
	Because   string // why, where class and score disagree
	Track     string
	Sensitive bool
}

// Rating is one member's own view of the severity; several are kept beside each other.
type Rating struct {
	At     time.Time
	By     ActorID
	Vector string
	Score  float64
	Class  string
	Says   string
}

// Attempt is one try at reproducing the report.
type Attempt struct {
	At          time.Time
	By          ActorID
	Name        string // of who tried, as known then
	Environment string
	Version     string
	Outcome     string // reproduced, not_reproduced, partly
	Evidence    string
}

// Assignment names who does a piece of the work.
type Assignment struct {
	At     time.Time
	Work   string // lead, fix, test, advisory, contact …
	Person ActorID
}

// Section is one part of the analysis: root_cause, scope, exploit, mitigation.
type Section struct {
	Name string
	At   time.Time
	By   ActorID
	Text string
}

// Check is the last result of one named check of the fix.
type Check struct {
	Name     string
	At       time.Time
	By       ActorID
	Result   string // passed, failed, waived
	Platform string
	Evidence string
}

// Reward is the decision about one report's bounty.
type Reward struct {
	Report    int
	At        time.Time
	By        ActorID
	Paid      bool
	Amount    string
	Reference string
	Because   string
}

// Credit names somebody who helped, as they wish to be named.
type Credit struct {
	Name    string
	Role    string // finder, reporter, remediation_developer … (CSAF and OSV know these)
	Consent bool
	Report  int // whose reporter it names, from 1; 0: somebody else, or that is not said
	At      time.Time
}

// Message is a word to or from a reporter, in a thread, or a note that only the team reads. They never mix: To decides.
type Message struct {
	At          time.Time
	By          ActorID
	Name        string // of who wrote it in a thread, as known then
	To          string // "reporter", "team", "thread"
	Report      int    // whose reporter, from 1
	Thread      int    // which thread, from 1
	Text        string
	Attachments []Attachment
}

// Waiver lets a case pass one clause: said by one person, seconded by another (or, for a team of one, by a second look
// after a wait). It stays on the case for ever.
type Waiver struct {
	Clause     string
	Because    string
	At         time.Time
	By         ActorID
	SecondedAt time.Time
	SecondedBy ActorID
	Alone      bool // the second look was the same person's, as the policy allows a team of one
}

// Effective says whether the waiver counts.
func (w Waiver) Effective() bool { return !w.SecondedAt.IsZero() }

// Waived says whether an effective waiver of the clause stands.
func (c Case) Waived(clause string) bool {
	return slices.ContainsFunc(c.Waivers, func(w Waiver) bool { return w.Clause == clause && w.Effective() })
}
