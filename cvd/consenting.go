package cvd

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// signer is one whose consent the embargo asks for: a reporter, or a party that was invited.
type signer struct {
	id     ActorID
	state  *PEC
	by     *time.Time
	signed *int
}

// signers are all of them. Candidates were told nothing, and who left or was removed is asked nothing more.
func (c *Case) signers() []signer {
	var all []signer
	for i := range c.Reports {
		r := &c.Reports[i]
		all = append(all, signer{ReporterID(r.Number), &r.Consent, &r.AnswerBy, &r.Signed})
	}
	for i := range c.Parties {
		if p := &c.Parties[i]; !p.InvitedAt.IsZero() && p.LeftAt.IsZero() && !p.Removed {
			all = append(all, signer{p.ID, &p.Consent, &p.AnswerBy, &p.Signed})
		}
	}
	return all
}

// unheard is the case with the consent of each as it is now: whoever was asked and said nothing in time has declined.
func (c Case) unheard(now time.Time) Case {
	c.Reports, c.Parties = slices.Clone(c.Reports), slices.Clone(c.Parties)
	for i := range c.Reports {
		c.Reports[i].Consent = c.Reports[i].Consent.At(c.Reports[i].AnswerBy, now)
	}
	for i := range c.Parties {
		c.Parties[i].Consent = c.Parties[i].Consent.At(c.Parties[i].AnswerBy, now)
	}
	return c
}

// ReporterID is the actor that the return code of a report makes its holder.
func ReporterID(report int) ActorID { return ActorID(fmt.Sprintf("reporter:%d", report)) }

// reporterNumber is the number of the report that ReporterID made an actor of.
func reporterNumber(id ActorID) (number int, ok bool) {
	rest, ok := strings.CutPrefix(string(id), "reporter:")
	number, err := strconv.Atoi(rest)
	return number, ok && err == nil
}

// ConsentOf is somebody's consent at an instant; ok is false for whom the embargo does not ask.
func (c Case) ConsentOf(who ActorID, now time.Time) (consent PEC, ok bool) {
	for _, s := range c.signers() {
		if s.id == who {
			if *s.state == "" {
				return NoConsentAsked, true
			}
			return s.state.At(*s.by, now), true
		}
	}
	return NoConsentAsked, false
}

// consents moves everybody's consent whose state knows the move.
func (c *Case) consents(trigger ConsentTrigger, by time.Time) {
	for _, s := range c.signers() {
		s.move(trigger, by)
	}
}

// consent moves one's consent.
func (c *Case) consent(who ActorID, trigger ConsentTrigger, by time.Time) {
	for _, s := range c.signers() {
		if s.id == who {
			s.move(trigger, by)
		}
	}
}

// declines takes somebody's consent back: their signature lapses, and they decline.
func (c *Case) declines(who ActorID) {
	c.consent(who, TermsChange, time.Time{})
	c.consent(who, DenyConsent, time.Time{})
}

func (s signer) move(trigger ConsentTrigger, by time.Time) {
	to, ok := s.state.Move(trigger)
	if !ok {
		return
	}
	*s.state, *s.by = to, time.Time{}
	if to == Invited {
		*s.by = by
	}
}

// sign is somebody's consent to the terms that hold. Who declined, in words or by silence, is asked anew and consents in one act. Who
// was invited consents with their answer to it, and by no other word before: the terms of the policy come with it.
func (c *Case) sign(who ActorID) {
	if p := c.Party(who); p != nil && !p.Joined() {
		return
	}
	for _, s := range c.signers() {
		if s.id != who {
			continue
		}
		if *s.state == Declined {
			s.move(AskConsent, time.Time{})
		}
		s.move(GiveConsent, time.Time{})
		if *s.state == Signatory {
			*s.signed = c.Embargo.Number
		}
	}
}

// propose adds a proposal and moves the embargo's state. What was signed lapses when a revision begins, and not again with the next;
// who only asks for a revision begins none, or one participant could cut off all others.
func (c *Case) propose(p Proposal) {
	p.Number = len(c.Proposals) + 1
	c.Proposals = append(c.Proposals, p)
	if !p.Asks {
		c.review()
	}
}

// disputed says whether a proposal is open that brings the embargo under negotiation.
func (c *Case) disputed() bool {
	return slices.ContainsFunc(c.Proposals, func(p Proposal) bool { return p.Open() && !p.Asks })
}

// review brings an embargo under negotiation.
func (c *Case) review() {
	was := c.Embargo.State
	if to, ok := was.Move("propose"); ok {
		c.Embargo.State = to
	}
	if was == Active && c.Embargo.State == Revise {
		c.consents(TermsChange, time.Time{})
	}
}

// renumber makes room for so many proposals of a case that this one joins.
func (c *Case) renumber(room int) {
	for i := range c.Proposals {
		c.Proposals[i].Number += room
	}
	if c.Embargo.Number > 0 {
		c.Embargo.Number += room
	}
	for _, s := range c.signers() {
		if *s.signed > 0 {
			*s.signed += room
		}
	}
}

// joinProposals brings the proposals and claims of a case that was renumbered. What is open there is open here.
func (c *Case) joinProposals(b Case, n numbering) {
	for _, p := range b.Proposals {
		p.Report = n.report(p.Report)
		c.Proposals = append(c.Proposals, p)
	}
	for _, k := range b.Claims {
		k.Number, k.Report = len(c.Claims)+1, n.report(k.Report)
		c.Claims = append(c.Claims, k)
	}
	if s := c.Embargo.State; c.disputed() && (s == NoEmbargo || s == Active) {
		c.review()
	}
}

// say keeps what somebody says to a proposal, in place of what they said before.
func (c *Case) say(number int, a Answer) {
	p := c.ProposalOf(number)
	if p == nil {
		return
	}
	p.Answers = put(append([]Answer(nil), p.Answers...), a, func(o Answer) bool { return o.By == a.By })
}

// refuseOpen answers all open proposals but one.
func (c *Case) refuseOpen(e *Event, answer string, but int) {
	for i := range c.Proposals {
		if p := &c.Proposals[i]; p.Open() && p.Number != but {
			p.Answer, p.AnsweredAt = answer, e.At
		}
	}
}

// takeUp makes a proposal the terms of the embargo. Everybody is asked about them but who proposed them or agreed to them already; if
// other proposals stay open, the embargo is under revision again at once.
func (c *Case) takeUp(e *Event, number int, terms string, answerBy time.Time) {
	p := c.ProposalOf(number)
	if p == nil {
		return
	}
	if p.Asks { // the request becomes a revision and its acceptance in one act
		c.review()
	}
	to, ok := c.Embargo.State.Move("accept")
	if !ok {
		return
	}
	p.Answer, p.AnsweredAt = "agreed", e.At
	was := c.Embargo
	c.Embargo = Embargo{State: to, Until: p.Until, Since: e.At, By: e.Who, Terms: p.Terms, Agreed: p.Report > 0, Number: number}
	if terms != "" {
		c.Embargo.Terms = terms
	}
	if was.State.InForce() {
		c.Embargo.Since = was.Since
		if c.Embargo.Terms == "" {
			c.Embargo.Terms = was.Terms
		}
	}
	for _, s := range c.signers() {
		if *s.state != Declined { // who said no is not asked again by this
			s.move(TermsChange, time.Time{}) // a signature under other terms, or under none, is not one under these
			s.move(AskConsent, answerBy)
		}
		if *s.state == Invited && s.by.Before(answerBy) { // who was asked before has as long for these terms
			*s.by = answerBy
		}
	}
	if c.disputed() {
		c.review()
	}
	c.sign(p.By)
	for _, a := range p.Answers {
		if a.Agrees {
			c.sign(a.By)
		}
	}
	for _, party := range c.Parties { // and who accepted their invitation with this instant in it
		if party.Agreed.Equal(p.Until) && !party.Refused {
			c.sign(party.ID)
		}
	}
}

// takeBack withdraws what a party proposed that no longer takes part.
func (c *Case) takeBack(party ActorID, at time.Time) {
	took := false
	for i := range c.Proposals {
		if p := &c.Proposals[i]; p.Open() && p.Party == party && party != "" {
			p.Answer, p.AnsweredAt, took = "withdrawn", at, true
		}
	}
	if took {
		c.settle()
	}
}

// settle follows a rejection: while other proposals are open the negotiation goes on; else there is none, or the old terms stand and
// with them the consent of those who had given it to them.
func (c *Case) settle() {
	if c.disputed() {
		return
	}
	was := c.Embargo.State
	to, ok := was.Move("reject")
	if !ok {
		return
	}
	c.Embargo.State = to
	if was != Revise {
		return
	}
	for _, s := range c.signers() {
		if *s.state == Lapsed && *s.signed == c.Embargo.Number {
			s.move(GiveConsent, time.Time{})
		}
	}
}

// begin is the embargo that comes with an agreement of defaults: it holds at once, and nobody saw it as a proposal. Who is the
// sender, a reporter or a party, has consented.
func (c *Case) begin(e *Event, a Beginning, who ActorID, report int, answerBy time.Time) {
	if a.Until.IsZero() || c.Embargo.State != NoEmbargo && c.Embargo.State != Proposed {
		return
	}
	by := func(sent bool) Proposal {
		switch {
		case sent:
			return Proposal{At: e.At, By: who, Report: report}
		case e.Who == who: // it is the policy's offer
			return Proposal{At: e.At, By: Tipstaff(c.Project).ID}
		}
		return Proposal{At: e.At, By: e.Who}
	}
	holds, waits := by(a.Sent), by(!a.Sent)
	holds.Until, waits.Until, waits.AnswerBy = a.Until, a.Pending, answerBy
	c.refuseOpen(e, "another instant", 0)
	c.propose(holds)
	c.takeUp(e, len(c.Proposals), "", answerBy)
	if !a.Pending.IsZero() {
		c.propose(waits)
	}
	c.sign(who)
}
