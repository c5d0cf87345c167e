package cvd

import "time"

// PEC is a participant's consent to an embargo (CERT/CC Vultron, Participant Embargo Consent). It is written by the case and
// says nothing of how far the participant's own work is.
type PEC string

// The five states of consent. The zero value stands for NoConsentAsked.
const (
	NoConsentAsked PEC = "NO_EMBARGO"
	Invited        PEC = "INVITED"
	Signatory      PEC = "SIGNATORY"
	Lapsed         PEC = "LAPSED"
	Declined       PEC = "DECLINED"
)

// ConsentTrigger is what moves a participant's consent.
type ConsentTrigger string

// The five triggers of consent.
const (
	AskConsent   ConsentTrigger = "INVITE"
	GiveConsent  ConsentTrigger = "ACCEPT"
	DenyConsent  ConsentTrigger = "DECLINE" // said, or by silence
	TermsChange  ConsentTrigger = "REVISE"  // the embargo comes under revision
	ResetConsent ConsentTrigger = "RESET"   // the embargo is over
)

// pecMoves holds the transitions; RESET leads home from everywhere. Who has signed is not asked again about the same terms:
// SIGNATORY knows no INVITE.
var pecMoves = map[ConsentTrigger]map[PEC]PEC{
	AskConsent:   {NoConsentAsked: Invited, Lapsed: Invited, Declined: Invited},
	GiveConsent:  {NoConsentAsked: Signatory, Invited: Signatory, Lapsed: Signatory},
	DenyConsent:  {NoConsentAsked: Declined, Invited: Declined, Lapsed: Declined},
	TermsChange:  {Signatory: Lapsed},
	ResetConsent: {NoConsentAsked: NoConsentAsked, Invited: NoConsentAsked, Signatory: NoConsentAsked, Lapsed: NoConsentAsked, Declined: NoConsentAsked},
}

// Move is the consent after a trigger; ok is false, and the consent as it was, when the state knows no such move.
func (s PEC) Move(trigger ConsentTrigger) (to PEC, ok bool) {
	from := s
	if from == "" {
		from = NoConsentAsked
	}
	if to, ok = pecMoves[trigger][from]; !ok {
		return s, false
	}
	return to, true
}

// At is the consent at an instant: who was asked and has not answered by then has declined. Nobody needs to run for it.
func (s PEC) At(answerBy, now time.Time) PEC {
	if s == Invited && !answerBy.IsZero() && !now.Before(answerBy) {
		return Declined
	}
	return s
}

// Adheres says whether a participant is bound: who has signed, and nobody else.
func (s PEC) Adheres() bool { return s == Signatory }

// AnswerBy is until when an answer is waited for: as asked, or so long as is usual. Nobody gets less than the least, which a
// shorter deadline is raised to.
func AnswerBy(asked, now time.Time, usual, least time.Duration) time.Time {
	by := asked
	if by.IsZero() {
		by = now.Add(usual)
	}
	if first := now.Add(least); by.Before(first) {
		by = first
	}
	return by
}

// MayRead says whether a participant gets the whole of a case: it reached them, and they have signed or no embargo asks them to.
// How far they are with their own work does not count.
func MayRead(rm RM, consent PEC, embargo EM) bool {
	return rm != Start && rm != "" && (consent.Adheres() || embargo == NoEmbargo)
}
