package cvd

import (
	"slices"
	"time"
)

// Party is somebody else who takes part in one case: a vendor, a downstream project, a validator, an expert.
type Party struct {
	ID           ActorID
	Name         string
	Kind         PartyKind
	Organisation string
	Address      string // mail address of the party itself, where letters go; generic rather than somebody's own
	Contacts     []Handle
	Zone         string // IANA name, for people who write to them
	Component    string // what of it they answer for
	Audience     string // of the policy, that they belong to
	Weights      map[string]int64
	Roles        []string // roles of the policy, for this case only
	RM           RM
	Consent      PEC
	VFD          VFD
	Status       PartyStatus            // what they said last, of every release line
	Lines        map[string]PartyStatus // what they said last of one, by its name
	Terms        []Acceptance           // what they said to the policy's terms, one by one
	Offered      time.Time              // the end of the embargo that they were asked to keep
	Agreed       time.Time              // the end that they agreed to
	Refused      bool                   // they said no; silence is no answer, and is told from AnswerBy
	Because      string                 // why they are a candidate, said no, left or were removed
	Clause       string                 // of the policy, where it made them a candidate
	By           ActorID                // who named them

	NominatedAt time.Time
	InvitedAt   time.Time
	Signed      int       // the terms that they agreed to last: a number of Case.Proposals
	AnswerBy    time.Time // until when an answer is waited for; zero: for ever
	AnsweredAt  time.Time
	SeenAt      time.Time // when a person first read what they were asked
	BriefedAt   time.Time // when a person first read the case itself
	StatusAt    time.Time
	RemindedAt  time.Time // when they were reminded that they are waited for
	ToldAt      time.Time // when the team was told that they were reminded in vain
	LeftAt      time.Time // when they left, or were removed
	Keeps       bool      // who left said that they keep the embargo
	Removed     bool      // for a leak

	Until time.Time // when the invitation ends; zero: with the case
	Ends  []string  // marks of the policy that end it once all are reached
	Code  []byte    // hash of the invitation's secret
	Salt  []byte    // what the link in the invitation's letter is made from; a new one makes the old link void
}

// PartyKind is what somebody is to the matter.
type PartyKind string

// The kinds of party.
const (
	Vendor      PartyKind = "vendor"
	Downstream  PartyKind = "downstream"
	Distributor PartyKind = "distributor"
	Validator   PartyKind = "validator"
	Adviser     PartyKind = "expert"
	Coordinator PartyKind = "coordinator"
	CSIRT       PartyKind = "csirt"
	OtherParty  PartyKind = "other"
)

// PartyKinds are all of them, in the order in which people are asked.
var PartyKinds = []PartyKind{Vendor, Downstream, Distributor, Validator, Adviser, Coordinator, CSIRT, OtherParty}

// PartyStatus is what a party says of itself.
type PartyStatus string

// What a party may say of itself.
const (
	Investigating PartyStatus = "investigating"
	Affected      PartyStatus = "affected"
	NotAffected   PartyStatus = "not_affected"
	FixInProgress PartyStatus = "fix_in_progress"
	Ready         PartyStatus = "ready"
	Deployed      PartyStatus = "deployed"
)

// PartyStatuses are all of them, in the order of the work.
var PartyStatuses = []PartyStatus{Investigating, Affected, NotAffected, FixInProgress, Ready, Deployed}

// Handle is one way to reach a party, and when somebody last saw that it works.
type Handle struct {
	Service  string    `json:"service"` // mail, discord, matrix …
	Is       string    `json:"is"`
	Verified time.Time `json:"verified,omitzero"`
}

// Acceptance is what a party said to one of the policy's terms.
type Acceptance struct {
	Term     string
	Accepted bool
	At       time.Time
	Policy   int64 // the version whose words they read
}

// Party is the party of that id; nil if there is none.
func (c *Case) Party(id ActorID) *Party {
	if i := slices.IndexFunc(c.Parties, func(p Party) bool { return p.ID == id }); i >= 0 {
		return &c.Parties[i]
	}
	return nil
}

// PartyState is where a party stands, in one word.
type PartyState string

// The states of a party besides what it says of itself.
const (
	Candidate    PartyState = "candidate"
	WasInvited   PartyState = "invited"
	HasAccepted  PartyState = "accepted"
	HasDeclined  PartyState = "declined"
	Briefed      PartyState = "briefed"
	HasLeft      PartyState = "left"
	RemovedParty PartyState = "removed for leak"
)

// State is where a party stands at an instant. Who was asked and has not answered in time has declined.
func (p Party) State(now time.Time) PartyState {
	switch {
	case p.Removed:
		return RemovedParty
	case !p.LeftAt.IsZero():
		return HasLeft
	case p.InvitedAt.IsZero():
		return Candidate
	case p.Refused, p.Silent(now):
		return HasDeclined
	case !p.Joined():
		return WasInvited
	case p.Whole() != "":
		return PartyState(words(string(p.Whole())))
	case !p.BriefedAt.IsZero():
		return Briefed
	}
	return HasAccepted
}

// Joined says whether a party accepted what it was asked. Invitations from before there were terms asked nothing.
func (p Party) Joined() bool {
	return !p.InvitedAt.IsZero() && !p.Refused && (p.Kind == "" || !p.AnsweredAt.IsZero())
}

// Silent says whether a party let the time for its answer pass.
func (p Party) Silent(now time.Time) bool {
	return !p.InvitedAt.IsZero() && !p.Joined() && !p.Refused && !p.AnswerBy.IsZero() && !now.Before(p.AnswerBy)
}

// chase is the next instant at which something is done about a party that does not answer, or does not read what it accepted:
// after half of the time it is reminded, at the end the team is told. Zero: nothing is to be done.
func (p Party) chase() (at time.Time, last bool) {
	window, from := p.AnswerBy.Sub(p.InvitedAt), p.InvitedAt
	if p.Kind == "" || p.AnswerBy.IsZero() || window <= 0 || p.Refused || p.Gone() {
		return time.Time{}, false
	}
	if p.Joined() {
		from = p.AnsweredAt
	}
	switch {
	case !p.BriefedAt.IsZero(), from.IsZero():
		return time.Time{}, false
	case p.RemindedAt.Before(from):
		return from.Add(window / 2), false
	case p.ToldAt.Before(from):
		return from.Add(window), true
	}
	return time.Time{}, false
}

// Chase is when the next party of a case is to be reminded, or the team told of it; zero if nobody is waited for.
func (c *Case) Chase() (first time.Time) {
	if c.GoesElsewhere() { // nobody is waited for here
		return time.Time{}
	}
	for i := range c.Parties {
		if at, _ := c.Parties[i].chase(); !at.IsZero() && (first.IsZero() || at.Before(first)) {
			first = at
		}
	}
	return first
}

// chased notes who was reminded at an instant, and of whom the team was told.
func (c *Case) chased(now time.Time) {
	for i := range c.Parties {
		p := &c.Parties[i]
		switch at, last := p.chase(); {
		case at.IsZero() || at.After(now):
		case last:
			p.ToldAt = now
		default:
			p.RemindedAt = now
		}
	}
}

// Gone says whether a party left, or was removed.
func (p Party) Gone() bool { return !p.LeftAt.IsZero() }

// On is what a party said of a release line last: of this one, else of all.
func (p Party) On(line string) PartyStatus {
	if said, ok := p.Lines[line]; ok {
		return said
	}
	return p.Status
}

// Whole is how far a party is with all release lines: as far as with the one that it is least far with.
func (p Party) Whole() PartyStatus {
	least := p.Status
	for _, said := range p.Lines {
		if least == "" || slices.Index(PartyStatuses, said) < slices.Index(PartyStatuses, least) {
			least = said
		}
	}
	return least
}

// Admits says whether somebody who holds a party's code is heard at all: until its instant, and until the marks at which its
// roles end. What they may read is decided by Reads.
func (c Case) Admits(p Party, now time.Time) bool {
	over := len(p.Ends) > 0
	for _, mark := range p.Ends {
		at := c.Round[mark]
		over = over && !at.IsZero() && !at.After(now)
	}
	declined := p.Kind == "" && p.Consent == Declined
	return !p.InvitedAt.IsZero() && !declined && (p.Until.IsZero() || now.Before(p.Until)) && !over
}

// Outside says whether somebody who was asked to take part does not, or no longer does: who declined in words or by silence, left,
// was removed, or whose time is over. Who has not answered yet is none of them.
func (c Case) Outside(p Party, now time.Time) bool {
	switch {
	case p.InvitedAt.IsZero():
		return false
	case !c.Admits(p, now), p.Gone(), p.Refused, p.Silent(now):
		return true
	}
	return !c.Reads(p.ID, now) && p.Consent.At(p.AnswerBy, now) == Declined
}

// Reads says whether a party may read the case itself: it joined, the report reached it, and it signed the embargo or there is
// none to sign. Whoever declined, lapsed, left or was removed still hears of the embargo, and of nothing else.
func (c Case) Reads(id ActorID, now time.Time) bool {
	p := c.Party(id)
	switch {
	case p == nil || !c.Admits(*p, now) || p.Gone() || !p.Joined():
		return false
	case p.Kind == "": // asked before there was anything to sign
		return true
	}
	embargo := c.Embargo.State
	if embargo == Exited { // what is over asks nobody for anything
		embargo = NoEmbargo
	}
	return MayRead(p.RM, p.Consent, embargo)
}

// fixes says what a kind of party does for a fix: who makes or ships the product has one ready, who runs it deploys it.
func (k PartyKind) fixes() FixRole {
	switch k {
	case Vendor, Downstream, Distributor:
		return FixRole{Vendor: true, Deployer: true}
	case Validator:
		return FixRole{Deployer: true}
	}
	return FixRole{}
}

// invited says whether somebody was asked to take part, and is still heard.
func (c Case) invited(id ActorID, now time.Time) bool {
	p := c.Party(id)
	return p != nil && c.Admits(*p, now)
}

// invitedView is what somebody learns who was asked to take part and has not agreed, or no longer does: that a case of this
// number exists, until when the embargo is, and what the project proposed about it.
func invitedView(c Case, who Actor, now time.Time) View {
	v := View{Project: c.Project, ID: c.ID, Tier: ForInvited, Policy: c.Policy, Parties: own(c, who.ID), Claims: c.claimsOf(who.ID)}
	v.Embargo = Embargo{State: c.Embargo.State, Until: c.Embargo.Until, Terms: c.Embargo.Terms, Ended: c.Embargo.Ended}
	me := c.Party(who.ID)
	if me.Gone() {
		v.Embargo = c.signedBy(me)
	}
	for _, p := range c.Negotiation(who) {
		if me.Gone() && (p.At.After(me.LeftAt) || p.By != who.ID && (p.Answer != "agreed" || p.AnsweredAt.After(me.LeftAt))) { // it goes on without them
			continue
		}
		if p.By != who.ID {
			p.Terms, p.Why = "", "" // and what somebody says to it may say what it is about
		}
		v.Proposals = append(v.Proposals, p)
	}
	if v.Consent, _ = c.ConsentOf(who.ID, now); me.Gone() {
		v.Consent = me.Consent // nobody asks them; what they signed binds them
	}
	return v
}

// signedBy is the embargo that binds somebody who left or was removed: as they signed it last, until it is over. What was agreed
// on since is not for them.
func (c *Case) signedBy(p *Party) Embargo {
	if c.Embargo.State == Exited || c.Embargo.State == NoEmbargo {
		return Embargo{State: c.Embargo.State, Ended: c.Embargo.Ended}
	}
	signed := c.ProposalOf(p.Signed)
	if signed == nil {
		return Embargo{State: NoEmbargo}
	}
	if p.Signed == c.Embargo.Number {
		return Embargo{State: Active, Until: c.Embargo.Until, Terms: c.Embargo.Terms}
	}
	return Embargo{State: Active, Until: signed.Until, Terms: signed.Terms}
}

// own is a party's own entry, as it may read it.
func own(c Case, id ActorID) []Party {
	p := c.Party(id)
	if p == nil {
		return nil
	}
	mine := *p
	mine.Code, mine.Salt, mine.By, mine.Clause = nil, nil, "", ""
	if p.Removed || p.InvitedAt.IsZero() {
		mine.Because = "" // the team's own words
	}
	return []Party{mine}
}

// Others are the parties as whoever takes part sees them where the policy shows them: who, and how far.
func (c Case) Others(id ActorID, now time.Time) (all []Party) {
	for _, p := range c.Parties {
		if p.ID == id || p.InvitedAt.IsZero() || !p.Joined() || p.Gone() {
			continue
		}
		all = append(all, Party{ID: p.ID, Name: p.Name, Kind: p.Kind, Organisation: p.Organisation, Status: p.Status, InvitedAt: p.InvitedAt,
			AnsweredAt: p.AnsweredAt})
	}
	return all
}
