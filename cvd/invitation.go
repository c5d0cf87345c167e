package cvd

import (
	"cmp"
	"maps"
	"slices"
	"time"
)

// Invitation asks somebody to take part in one case: to read the terms, and to answer. Before they accept they learn nothing
// of what it is about.
type Invitation struct {
	Party        ActorID          `json:"party,omitempty"` // of a candidate, or of somebody who is asked again; else they are new
	Name         string           `json:"name"`
	Kind         PartyKind        `json:"kind,omitempty" enum:"vendor,downstream,distributor,validator,expert,coordinator,csirt,other"`
	Organisation string           `json:"organisation,omitempty"`
	Address      string           `json:"address,omitempty"`
	Contacts     []Handle         `json:"contacts,omitempty"`
	Zone         string           `json:"zone,omitempty"`
	Component    string           `json:"component,omitempty"`
	Audience     string           `json:"audience,omitempty"` // of the policy, that they belong to
	Weights      map[string]int64 `json:"weights,omitempty"`
	Roles        []string         `json:"roles,omitempty"`
	AnswerBy     time.Time        `json:"answer_by,omitzero"`
	Until        time.Time        `json:"until,omitzero"`
	Ends         []string         `json:"ends,omitempty" readOnly:"true"` // marks of the policy that end it once all are reached
	ID           ActorID          `json:"id,omitempty" readOnly:"true"`
	Code         []byte           `json:"code,omitempty" readOnly:"true"`   // hash of the secret
	Salt         []byte           `json:"salt,omitempty" readOnly:"true"`   // of the letter's link
	Embargo      time.Time        `json:"embargo,omitzero" readOnly:"true"` // the end that they are asked to keep
}

func (x *Invitation) kind() string { return "invited" }
func (x *Invitation) apply(c *Case, e *Event) {
	if x.Kind == "" { // as it was before there were terms to accept
		c.Parties = append(c.Parties, Party{ID: x.ID, Name: x.Name, Roles: x.Roles, RM: Arrived, Consent: Invited,
			InvitedAt: e.At, Until: x.Until, Ends: x.Ends, Code: x.Code})
		return
	}
	p := c.Party(x.ID)
	if p == nil {
		c.Parties = append(c.Parties, Party{ID: x.ID, RM: Start, VFD: x.Kind.fixes().Start(), By: e.Who})
		p = &c.Parties[len(c.Parties)-1]
	}
	p.Name, p.Kind, p.Organisation, p.Address, p.Contacts, p.Zone = x.Name, x.Kind, x.Organisation, x.Address, x.Contacts, x.Zone
	p.Component, p.Audience, p.Weights, p.Roles, p.Until, p.Ends, p.Code, p.Salt = x.Component, x.Audience, x.Weights, x.Roles, x.Until, x.Ends, x.Code, x.Salt
	p.InvitedAt, p.AnswerBy, p.Offered = e.At, x.AnswerBy, x.Embargo
	p.Refused, p.AnsweredAt, p.LeftAt, p.Removed, p.Keeps, p.Because = false, time.Time{}, time.Time{}, false, false, ""
	if c.Embargo.State != NoEmbargo && c.Embargo.State != Exited {
		p.Consent, _ = p.Consent.Move(AskConsent) // who has signed stays signatory
	}
}
func (x *Invitation) says() (string, Tier) {
	if x.Kind == "" {
		return "Invited a guest", ForTeam
	}
	return "Asked " + x.Name + " to take part", ForTeam
}

// Nominated names somebody who should hear of the matter. They are told nothing by it.
type Nominated struct {
	Name         string           `json:"name"`
	Kind         PartyKind        `json:"kind,omitempty" enum:"vendor,downstream,distributor,validator,expert,coordinator,csirt,other"`
	Organisation string           `json:"organisation,omitempty"`
	Address      string           `json:"address,omitempty"`
	Contacts     []Handle         `json:"contacts,omitempty"`
	Zone         string           `json:"zone,omitempty"`
	Component    string           `json:"component,omitempty"`
	Audience     string           `json:"audience,omitempty"` // of the policy, that they belong to
	Weights      map[string]int64 `json:"weights,omitempty"`
	Because      string           `json:"because,omitempty"`
	Clause       string           `json:"clause,omitempty" readOnly:"true"` // of the policy that asks for them
	ID           ActorID          `json:"id,omitempty" readOnly:"true"`
}

func (x *Nominated) kind() string { return "nominated" }
func (x *Nominated) apply(c *Case, e *Event) {
	c.Parties = append(c.Parties, Party{ID: x.ID, Name: x.Name, Kind: x.Kind, Organisation: x.Organisation, Address: x.Address,
		Contacts: x.Contacts, Zone: x.Zone, Component: x.Component, Audience: x.Audience, Weights: x.Weights, Because: x.Because, Clause: x.Clause,
		By: e.Who, NominatedAt: e.At, RM: Start, Consent: NoConsentAsked, VFD: x.Kind.fixes().Start()})
}
func (x *Nominated) says() (string, Tier) {
	return "Named " + x.Name + " as somebody who should hear of it", ForTeam
}

// Answered is what a party says to an invitation: to each of the terms, and to the end of the embargo.
type Answered struct {
	Accept  bool      `json:"accept"`
	Terms   []string  `json:"terms,omitempty"`  // those of the policy that they accept
	Embargo time.Time `json:"embargo,omitzero"` // the end that they read and accept, if an embargo is offered
	Because string    `json:"because,omitempty"`
	Asked   []string  `json:"asked,omitempty" readOnly:"true"` // the terms that there are
	Code    []byte    `json:"code,omitempty" readOnly:"true"`  // hash of a new secret, for who answered by the link of a letter
	Party   ActorID   `json:"party,omitempty" readOnly:"true"`
}

func (x *Answered) kind() string { return "answered" }
func (x *Answered) apply(c *Case, e *Event) {
	p := c.Party(x.Party)
	if p == nil {
		return
	}
	p.Terms, p.AnsweredAt, p.Refused, p.Because = nil, e.At, !x.Accept, x.Because
	for _, term := range x.Asked {
		p.Terms = append(p.Terms, Acceptance{Term: term, Accepted: slices.Contains(x.Terms, term), At: e.At, Policy: e.Policy})
	}
	if p.SeenAt.IsZero() {
		p.SeenAt = e.At
	}
	if !x.Accept {
		p.Consent, _ = p.Consent.Move(DenyConsent)
		return
	}
	if x.Code != nil {
		p.Code = x.Code
	}
	if p.RM == Start { // to accept an invitation is not to accept the report
		p.RM, _ = p.RM.Move("receive")
		if to, ok := p.VFD.Move('V'); ok {
			p.VFD = to
		}
	}
	if c.Embargo.State != NoEmbargo && c.Embargo.State != Exited {
		p.Agreed = x.Embargo
		c.sign(p.ID)
	}
}
func (x *Answered) says() (string, Tier) {
	if x.Accept {
		return "Accepted the terms", ForTeam
	}
	return "Declined the invitation", ForTeam
}

// Acquainted is that a person of a party read what there is to read: the terms, or the case itself.
type Acquainted struct {
	Party ActorID `json:"party"`
	Case  bool    `json:"case,omitempty"`
}

func (x *Acquainted) kind() string { return "acquainted" }
func (x *Acquainted) apply(c *Case, e *Event) {
	p := c.Party(x.Party)
	if p == nil {
		return
	}
	if p.SeenAt.IsZero() {
		p.SeenAt = e.At
	}
	if x.Case && p.BriefedAt.IsZero() {
		p.BriefedAt = e.At
	}
}
func (x *Acquainted) says() (string, Tier) {
	if x.Case {
		return "Read the case", ForTeam
	}
	return "Read the terms", ForTeam
}

// Stood is how far a party is, as it says itself, or where it is. Of no line it is said of all.
type Stood struct {
	Status PartyStatus `json:"status,omitempty" enum:"investigating,affected,not_affected,fix_in_progress,ready,deployed"`
	Move   string      `json:"move,omitempty" enum:"validate,invalidate,accept,defer,close"` // of its own work on the report
	Line   string      `json:"line,omitempty"`
	Says   string      `json:"says,omitempty"`
	Zone   string      `json:"zone,omitempty"`  // IANA name of where they are: instants are shown in it too
	Party  ActorID     `json:"party,omitempty"` // for whom the team says it; else whoever asks
}

// onlyZone says whether it tells nothing but where the party is.
func (x *Stood) onlyZone() bool { return x.Zone != "" && x.Status == "" && x.Move == "" }

func (x *Stood) kind() string { return "standing" }
func (x *Stood) apply(c *Case, e *Event) {
	p := c.Party(x.Party)
	if p == nil {
		return
	}
	p.Zone = cmp.Or(x.Zone, p.Zone)
	if !x.onlyZone() {
		p.StatusAt = e.At
		if p.BriefedAt.IsZero() { // whoever says how far they are has read what it is about
			p.BriefedAt = e.At
		}
	}
	for _, trigger := range x.moves(p.RM) {
		if to, ok := p.RM.Move(trigger); ok {
			p.RM = to
		}
	}
	for _, letter := range x.letters() {
		if to, ok := p.VFD.Move(letter); ok {
			p.VFD = to
		}
	}
	switch {
	case x.Status == "":
	case x.Line != "":
		p.Lines = maps.Clone(p.Lines)
		if p.Lines == nil {
			p.Lines = map[string]PartyStatus{}
		}
		p.Lines[x.Line] = x.Status
	default:
		p.Status, p.Lines = x.Status, nil
	}
	if x.Says != "" {
		c.Messages = append(c.Messages, Message{At: e.At, By: e.Who, To: "team", Text: x.Says})
	}
}

// Bars says why a party cannot say this after what it said before; empty: it can. A fix that is ready, or deployed, is a fact and does
// not go back (CERT/CC Vultron, Case State); whose work on the report is closed has said all.
func (p Party) Bars(x Stood) string {
	if p.RM == Closed && !x.onlyZone() {
		return "the work on the report is closed: its state says nothing more"
	}
	said := []PartyStatus{p.On(x.Line)}
	if x.Line == "" {
		said = slices.AppendSeq(said, maps.Values(p.Lines))
	}
	for _, was := range said {
		if (was == Ready || was == Deployed) && x.Status != "" && slices.Index(PartyStatuses, x.Status) < slices.Index(PartyStatuses, was) {
			return "it was said to be " + words(string(was)) + ", and that does not go back: write to the project if it was wrong"
		}
	}
	return ""
}

// moves are the party's own moves that a word of it stands for, from where its work is.
func (x *Stood) moves(rm RM) []string {
	if x.Move != "" {
		return []string{x.Move}
	}
	switch x.Status {
	case Affected:
		if rm == Arrived || rm == NotValid {
			return []string{"validate"}
		}
	case NotAffected:
		if rm == Valid || rm == Accepted { // what was found valid is put off, not found invalid
			return []string{"defer"}
		}
		return []string{"invalidate"}
	case FixInProgress, Ready, Deployed:
		return []string{"validate", "accept"}
	}
	return nil
}

// letters are the letters of the way to a fix that a word stands for. Of one line alone it says nothing of the whole.
func (x *Stood) letters() []byte {
	switch {
	case x.Line != "":
		return nil
	case x.Status == Ready:
		return []byte{'V', 'F'}
	case x.Status == Deployed:
		return []byte{'V', 'F', 'D'}
	case x.Status == Affected || x.Status == FixInProgress:
		return []byte{'V'}
	}
	return nil
}
func (x *Stood) says() (string, Tier) {
	line := "Said how far they are: " + words(string(x.Status))
	switch {
	case x.onlyZone():
		return "Said in which zone they are: " + x.Zone, ForTeam
	case x.Status == "":
		line = "Moved their own work on the report: " + x.Move
	}
	if x.Line != "" {
		line += ", on the line " + x.Line
	}
	return line, ForTeam
}

// Left is that a party leaves a case, and whether it keeps the embargo. The embargo goes on without it.
type Left struct {
	Keeps bool    `json:"keeps"`
	Says  string  `json:"says,omitempty"`
	Party ActorID `json:"party,omitempty" readOnly:"true"`
}

func (x *Left) kind() string { return "left" }
func (x *Left) apply(c *Case, e *Event) {
	if p := c.Party(x.Party); p != nil {
		p.LeftAt, p.Keeps, p.Because = e.At, x.Keeps, x.Says
		c.takeBack(x.Party, e.At)
	}
}
func (x *Left) says() (string, Tier) {
	if x.Keeps {
		return "Left the case, and keeps the embargo", ForTeam
	}
	return "Left the case, and does not promise to keep the embargo", ForTeam
}

// Removed takes a party out of a case because what it knew got out. It reads nothing more of the case.
type Removed struct {
	Party   ActorID `json:"party"`
	Because string  `json:"because"`
}

func (x *Removed) kind() string { return "removed" }
func (x *Removed) apply(c *Case, e *Event) {
	if p := c.Party(x.Party); p != nil {
		p.LeftAt, p.Removed, p.Because = e.At, true, x.Because
		c.takeBack(x.Party, e.At)
	}
}
func (x *Removed) says() (string, Tier) { return "Removed a party for a leak: " + x.Because, ForTeam }
