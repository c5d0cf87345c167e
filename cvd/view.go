package cvd

import (
	"slices"
	"time"
)

// Tier is how near somebody must stand to read something.
type Tier int

// The tiers, from the widest.
const (
	ForInvited  Tier = iota - 1 // who was asked to take part and may not read the case: the embargo and the terms, nothing else
	ForPublic                   // everybody, once the case itself may be seen
	ForReporter                 // the reporter, guests and the team
	ForGuest                    // invited guests and the team
	ForTeam                     // the project's members who may see restricted cases
	ForNobody                   // higher than anybody stands
)

// View is what one actor may see of one case. Faces get views and never a case: a page cannot leak what it never held.
type View struct {
	Project  ProjectID
	ID       CaseID
	Rev      int64
	Tier     Tier
	Policy   int64
	OpenedAt time.Time
	Changed  time.Time

	Title, Kind, Track string
	Public             bool // whether strangers see the case
	Frozen             bool // whether they see it as it was before something came in that is not for them
	Sensitive          *bool
	Headline           string
	RM                 RM
	CS                 CS
	Embargo            Embargo
	Severity           Assessment
	Assessed           []Assessment
	Ratings            []Rating
	Attempts           []Attempt
	Impact, Priority   string
	Because            string
	Assigned           []Assignment
	Reports            []Report
	Sections           []Section
	Lines              []Line
	Checks             []Check
	Advisory           Advisory
	Reviews            []Review
	Notices            []Notice
	Disclosure         Disclosure
	Rewards            []Reward
	Bounty             Bounty
	Ahead              PublicationPlan
	Credits            []Credit
	Messages           []Message
	Threads            []Talk // those of the asker, with what was written there
	Countdown          Countdown
	Comments           []Comment
	Proposals          []Proposal
	Agreements         []Agreement
	TermBreaches       []TermBreach
	Claims             []Claim
	Consent            PEC // the asker's own, to the embargo
	Waivers            []Waiver
	Slips              []Slip
	Ticks              []Tick
	Surfaced           []Surfacing
	Spread             []Spread
	Reactions          []Reaction
	PatchFiles         []PatchFile
	Leaks              []Leak // for the team
	Parties            []Party
	Relays             []Relay // what projects downstream know; for the team
	Clocks, OldClocks  []Clock
	OldOrders          []Notice   // of notices that were ordered again since; for the team
	Exposed            []Exposure // when strangers saw the case and no longer do
	Outcome            string
	Elsewhere          Elsewhere
	Combined           Pointer      // the case that it went into
	Joined             []JoinedCase // cases that came into it
	Branches           []Branch     // cases that were split off
	Parent             Pointer      // the case that it was split from
	Origin             Pointer      // where it was before it was taken over whole
	Erased             *Erasure     // if all else is gone
	Lingers            time.Time    // until when backups may still hold what was erased; zero: until they are destroyed

	// What follows is not in the case: it is worked out for the asker.
	Timeline   []Entry
	Steps      []Option   // what the asker may do, and what stands in the way of the rest
	Next       Next       // who acts next, by when
	Plan       []Planned  // the remaining steps with their earliest instants
	Notice     string     // the word about not speaking in public, while it holds
	Window     Window     // the time until the matter becomes public, and where it comes from
	Terms      []Term     // what the policy asks of reporters; for them and the team
	Confidence Confidence // how long a reporter is asked to keep the matter to themselves
	Nudge      Nudge      // whether the asker may remind the team; for reporters
	Discuss    bool       // whether the case is open to comments of everybody whose role allows them
	GoesOn     Passage    // where it went, for who takes part: nothing happens here any more
	CameBy     Passage    // which way led the asker here, whose code names another case
	Seen       int        // how many people may read a message to the reporter
	SeenBy     []string   // their names
}

// Entry is one line of the timeline.
type Entry struct {
	At   time.Time
	Who  ActorID
	Name string
	Kind string
	Says string
	Late bool // a promise missed
}

// Option is a step that the asker's role allows; Blocked says what the policy still asks for.
type Option struct {
	Step    string
	Blocked []Objection
}

// Objection is one reason why a step cannot be taken: the clause, what would have to happen, and when it would pass at the
// earliest if only time is missing.
type Objection struct {
	Clause   string
	Says     string
	Earliest time.Time
}

// Next is who acts next and by when.
type Next struct {
	Who  string // "the project", "the reporter", "nobody"
	What string
	By   time.Time
}

// Planned is one remaining step with its earliest or latest instant.
type Planned struct {
	At     time.Time
	What   string
	Clause string
	Kind   string // due, earliest, set, deadline, conflict
	Report int    // whose reporter's it is, and nobody else's in the case but the team's; 0: everybody's
}

// TierOf is how near an actor stands to a case; ok is false when the case is as good as absent for them.
func TierOf(c Case, who Actor, now time.Time) (t Tier, ok bool) {
	switch {
	case who.Project != c.Project || c.Rev == 0:
		return ForPublic, false
	case who.Standing == System:
		return ForTeam, true
	case c.Erased != nil && (who.Standing != Member || !who.May(See)):
		return ForPublic, false
	case who.Standing == Member && who.May(See):
		return ForTeam, true
	case who.Standing == Guest && who.Case == c.ID && c.Reads(who.ID, now):
		return ForGuest, true
	case who.Standing == Guest && who.Case == c.ID && c.invited(who.ID, now):
		return ForInvited, true
	case who.Standing == Finder && who.Case == c.ID:
		return ForReporter, true
	}
	return ForPublic, c.Public
}

// Look cuts a case down to what an actor may see; ok is false when that is nothing.
func Look(c Case, who Actor, now time.Time) (v View, ok bool) {
	c = c.At(now)
	t, ok := TierOf(c, who, now)
	if !ok {
		return View{}, false
	}
	if c.Erased != nil {
		return erasedView(c, t), true
	}
	c = c.unheard(now)
	if t == ForInvited {
		return invitedView(c, who, now), true
	}
	if s := c.scopeOf(who.ID); s != nil && t == ForGuest {
		c = c.apart(*s)
	}
	v = View{Project: c.Project, ID: c.ID, Rev: c.Rev, Tier: t, Policy: c.Policy, OpenedAt: c.OpenedAt, Changed: c.ChangedAt,
		Title: c.Title, Kind: c.Kind, Track: c.Track, Public: c.Public, Headline: c.Headline(), RM: c.RM(), CS: c.CS,
		Severity: c.Severity, Clocks: openClocks(c.Clocks, t), Outcome: c.Outcome, Elsewhere: c.Elsewhere}
	v.Disclosure.At = c.Disclosure.At
	if !c.Disclosure.At.IsZero() {
		v.Advisory.ID = c.Advisory.ID
	}
	v.Severity.By, v.Severity.Because = "", ""
	if t < ForGuest { // both count what the team does among itself; the timeline tells when the asker's own part changed
		v.Rev, v.Changed = 0, time.Time{}
	}
	if t == ForPublic {
		return publicView(v, c, who), true
	}
	v.takesPart(c, who, t, now)
	if t == ForReporter {
		return reporterView(v, c, who), true
	}
	v.works(c, who, t)
	if t == ForGuest {
		v.Parties, v.Countdown = own(c, who.ID), c.Countdown
		v.Threads = c.talks(who)
		return v.unnamed(), true
	}
	v.leads(c, who)
	return v, true
}

// takesPart adds what everybody sees who takes part: the embargo, and their own place in it.
func (v *View) takesPart(c Case, who Actor, t Tier, now time.Time) {
	v.Embargo, v.Disclosure, v.Sensitive, v.Rewards = c.Embargo, c.Disclosure, c.Sensitive, c.Rewards
	v.Comments, v.Proposals = c.discussion(who, t, c.Severity.Sensitive), c.Negotiation(who)
	v.Claims = c.claimsOf(who.ID)
	v.Consent, _ = c.ConsentOf(who.ID, now)
	if t < ForTeam {
		v.Embargo.By, v.Embargo.DecideBy, v.Embargo.Number = "", time.Time{}, 0
	}
}

// works adds the work on the matter: what the team and who was invited to it see.
func (v *View) works(c Case, who Actor, t Tier) {
	v.Severity, v.Assessed, v.Ratings, v.Attempts = c.Severity, c.Assessed, c.Ratings, c.Attempts
	v.Impact, v.Priority, v.Because, v.Assigned = c.Impact, c.Priority, c.Because, c.Assigned
	v.Lines, v.Checks, v.Advisory, v.Reviews = c.linesFor(who, t), c.Checks, c.Advisory, c.Reviews
	v.Sections, v.PatchFiles = c.Sections, c.patchesFor(who, t)
	if !who.May(SeeExploit) {
		v.Sections = withoutExploit(c.Sections)
	}
	v.Frozen, v.Exposed = c.Shown != nil, c.Exposed
	v.Reports = strip(c.Reports, t == ForTeam)
	if t < ForTeam { // that there are patches is told by none that a guest may not read
		v.Reviews = slices.Clone(c.Reviews)
		for i := range v.Reviews {
			v.Reviews[i].Compared = ""
		}
	}
}

func withoutExploit(all []Section) []Section {
	return slices.DeleteFunc(slices.Clone(all), func(s Section) bool { return s.Name == "exploit" })
}

// leads adds what is the team's alone.
func (v *View) leads(c Case, who Actor) {
	v.Notices, v.Credits, v.Messages, v.Waivers, v.Leaks = c.Notices, c.Credits, outsideThreads(c.Messages), c.Waivers, c.Leaks
	v.Slips, v.Ticks, v.Surfaced, v.Spread, v.Reactions = c.Slips, c.Ticks, c.Surfaced, c.Spread, c.Reactions
	v.Combined, v.Joined, v.Branches, v.Parent, v.Origin = c.Combined, c.Joined, c.Branches, c.Parent, c.Origin
	v.Threads, v.Countdown = c.talks(who), c.Countdown
	v.Agreements, v.TermBreaches = c.Agreements, c.TermBreaches
	v.Bounty, v.Ahead = c.Bounty, c.Ahead
	if !who.May("bounty_pay") {
		v.Bounty.Payouts = nil
	}
	v.Clocks, v.OldClocks, v.OldOrders = outer(c.Clocks), c.OldClocks, c.OldOrders
	v.Relays = c.Relays
	if !who.May(SeeExploit) {
		v.Joined = slices.Clone(c.Joined)
		for i := range v.Joined {
			v.Joined[i].Sections = withoutExploit(v.Joined[i].Sections)
		}
	}
	v.Proposals, v.Claims, v.Consent = c.Proposals, c.Claims, ""
	v.Parties = slices.Clone(c.Parties)
	for i := range v.Parties {
		v.Parties[i].Code, v.Parties[i].Salt = nil, nil
	}
}

// publicView is the case as strangers know it: as it is, or as it was when something came in that is not for them.
func publicView(v View, c Case, who Actor) View {
	v.Title = c.publicTitle()
	shown := len(c.Reports)
	if s := c.Shown; s != nil {
		v.Title, v.Headline, v.Severity, v.RM, v.CS, v.Clocks, v.Outcome = s.Title, s.Headline, s.Severity, s.RM, s.CS, s.Clocks, s.Outcome
		v.Kind, v.Track, v.Elsewhere, shown = s.Kind, s.Track, s.Elsewhere, s.Reports
		v.Severity.By, v.Severity.Because = "", ""
	}
	v.Comments, v.Attempts = c.discussion(who, ForPublic, v.Severity.Sensitive), c.tries(v.Severity.Sensitive)
	if !v.Severity.Sensitive { // what was published as an advisory stays with those who had the report
		v.Reports = publicReports(c.Reports[:shown])
	}
	return v
}

// reporterView adds what the holder of one return code may see: their own report and their own talk with the team.
func reporterView(v View, c Case, who Actor) View {
	v.Title, v.Disclosure.ArmedBy = "", ""
	for _, r := range strip(c.Reports, true) {
		if r.Number == who.Report {
			v.Reports = append(v.Reports, r)
			v.Title = r.Title // the team's own title may say more than the reporter knows
		}
	}
	for _, m := range c.Messages {
		if m.To == "reporter" && m.Report == who.Report {
			v.Messages = append(v.Messages, m)
		}
	}
	v.Threads = c.talks(who)
	v.Bounty = c.Bounty.seenBy(who.Report)
	for _, x := range c.Agreements {
		if x.Report == who.Report {
			v.Agreements = append(v.Agreements, x)
		}
	}
	for _, r := range c.Rewards {
		if r.Report == who.Report {
			v.Rewards = []Reward{{Report: r.Report, At: r.At, Paid: r.Paid, Amount: r.Amount, Because: r.Because}}
		}
	}
	if !slices.ContainsFunc(c.Rewards, func(r Reward) bool { return r.Report == who.Report }) {
		v.Rewards = nil
	}
	secret := len(c.Joined) > 0 && c.Disclosure.At.IsZero() // who else is named was told in another case
	v.Credits = slices.DeleteFunc(slices.Clone(c.Credits), func(k Credit) bool { return (!k.Consent || secret) && k.Report != who.Report })
	return v
}

// strip takes from reports what no view holds, and the contact where it is not for the asker.
func strip(reports []Report, contact bool) []Report {
	out := slices.Clone(reports)
	for i := range out {
		out[i].Code = nil
		if !contact { // nor what the reporter and the project agreed on, and whom else the reporter wrote to
			out[i].Contact, out[i].Told, out[i].Accepted, out[i].Refused, out[i].Bargain = Contact{}, nil, nil, nil, ""
		}
	}
	if !contact { // where else something goes on is not for guests
		out = slices.DeleteFunc(out, func(r Report) bool { return r.Left.Case != "" })
	}
	return out
}

// publicReports is what strangers read of reports: the matter, nobody's address.
func publicReports(reports []Report) []Report {
	var out []Report
	for _, r := range reports {
		if r.Left.Case != "" {
			continue
		}
		out = append(out, Report{Number: r.Number, At: r.At, Title: r.Title, Description: r.Description, Kind: r.Kind,
			Severity: r.Severity, Component: r.Component, Version: r.Version, Impact: r.Impact, Steps: r.Steps, Expected: r.Expected,
			RM: r.RM}) // not the environment: people paste hosts and tokens there
	}
	return out
}

func openClocks(all []Clock, t Tier) []Clock {
	var out []Clock
	for _, k := range all {
		if k.Open() && k.Name != StallClock && !k.Kind.inner() && (!k.Inside || t == ForTeam) {
			out = append(out, k)
		}
	}
	return out
}

// outer are the clocks that people look at.
func outer(all []Clock) []Clock {
	return slices.DeleteFunc(slices.Clone(all), func(k Clock) bool { return k.Kind.inner() })
}
