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
	Weights      map[string]int64
	Roles        []string // roles of the policy, for this case only
	RM           RM
	Consent      PEC
	Status       PartyStatus // what they said last
	Terms        []Acceptance
	Because      string // why they are a candidate, declined or were removed
	By           ActorID

	NominatedAt time.Time
	InvitedAt   time.Time
	AnswerBy    time.Time // until when an answer is waited for; zero: for ever
	AnsweredAt  time.Time
	SeenAt      time.Time // when a person first read what they were asked
	BriefedAt   time.Time // when a person first read the case itself
	StatusAt    time.Time
	LeftAt      time.Time // when they left, or were removed
	Keeps       bool      // who left said that they keep the embargo
	Removed     bool      // for a leak

	Until time.Time // when the invitation ends; zero: with the case
	Ends  []string  // marks of the policy that end it once all are reached
	Code  []byte    // hash of the invitation's secret
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
