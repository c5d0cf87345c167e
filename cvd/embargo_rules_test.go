package cvd

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// bench is a case under negotiation: events come in one by one, an hour apart.
type bench struct {
	*testing.T
	c  Case
	at time.Time
}

func negotiating(t *testing.T, parties ...ActorID) *bench {
	b := &bench{T: t, at: t0}
	b.does("reporter:1", What{Received: &Received{Report: Report{Title: "Overflow"}, Track: "private", Kind: "security"}})
	for _, id := range parties {
		b.does("anna", What{Invitation: &Invitation{ID: id, Name: string(id)}})
	}
	return b
}

func (b *bench) does(who ActorID, w What) *bench {
	b.at = b.at.Add(time.Hour)
	b.c = Fold(b.c, Event{Project: "p", Case: "P-0001", Rev: b.c.Rev + 1, At: b.at, Who: who, What: w})
	return b
}

func (b *bench) proposes(who ActorID, days int) *bench {
	x := &Proposing{Until: day(days)}
	switch {
	case strings.HasPrefix(string(who), "reporter:"):
		x.Report = 1
	case strings.HasPrefix(string(who), "guest:"):
		x.Party = who
	}
	return b.does(who, What{Proposing: x})
}

func (b *bench) accepts(n int) *bench {
	return b.does("anna", What{Accepting: &Accepting{Proposal: n, Decides: true, AnswerBy: b.at.Add(7 * 24 * time.Hour)}})
}

func (b *bench) is(em EM, days int, consents ...PEC) {
	b.Helper()
	if e := b.c.Embargo; e.State != em || days > 0 && !e.Until.Equal(day(days)) {
		b.Errorf("the embargo is %s until %s, want %s until %s", e.State, Instant(e.Until), em, Instant(day(days)))
	}
	var got []PEC
	for _, s := range b.c.signers() {
		consent, _ := b.c.ConsentOf(s.id, b.at)
		got = append(got, consent)
	}
	if len(consents) > 0 && !slices.Equal(got, consents) {
		b.Errorf("the consents are %v, want %v", got, consents)
	}
}

func day(n int) time.Time { return t0.Add(time.Duration(n) * 24 * time.Hour) }

func TestEmbargoRule1ItIsAWindowAndBindsNobodyAfterwards(t *testing.T) {
	b := negotiating(t).proposes("reporter:1", 30).accepts(1)
	if !b.c.Embargo.Binds(day(30).Add(-time.Second)) || b.c.Embargo.Binds(day(30)) {
		t.Error("it binds until its instant and not at it")
	}
	if late := b.c.At(day(30)); late.Embargo.State != Exited || late.Embargo.Why != "date" || !late.Embargo.Ended.Equal(day(30)) {
		t.Errorf("at its instant it is %+v", late.Embargo)
	}
}

func TestEmbargoRule3BeginsAtTheAcceptanceAndThereIsOne(t *testing.T) {
	b := negotiating(t).proposes("reporter:1", 30)
	if b.is(Proposed, 0); b.c.Embargo.Binds(b.at) {
		t.Error("a proposal binds")
	}
	b.accepts(1)
	since := b.at
	b.is(Active, 30)
	b.does("anna", What{Embargoed: &Embargoed{Until: day(40)}})
	if b.is(Active, 40); !b.c.Embargo.Since.Equal(since) {
		t.Errorf("a revision begins another embargo, at %s", b.c.Embargo.Since)
	}
}

func TestEmbargoRule4CandidatesAreAskedNothing(t *testing.T) {
	b := negotiating(t)
	b.c.Parties = []Party{{ID: "guest:1", Name: "told nothing"}, {ID: "guest:2", InvitedAt: t0, LeftAt: t0}}
	b.proposes("reporter:1", 30).accepts(1)
	for _, p := range b.c.Parties {
		if p.Consent != "" {
			t.Errorf("%s was asked: %s", p.ID, p.Consent)
		}
	}
}

func TestEmbargoRule5PolicyRecordsAreWrittenInDaysAndHours(t *testing.T) {
	s := Stance{Preferred: 30 * 24 * time.Hour, Least: 24 * time.Hour, Most: 90 * 24 * time.Hour}
	for length, bears := range map[time.Duration]bool{time.Hour: false, 24 * time.Hour: true, 90 * 24 * time.Hour: true, 91 * 24 * time.Hour: false} {
		if s.Bears(length) != bears {
			t.Errorf("%s is borne: %v", length, !bears)
		}
	}
}

func TestEmbargoRule8And9TheFixAndItsDeploymentCloseTheWindow(t *testing.T) {
	for state, want := range map[string]Zone{"Vfdpxa": ZoneOpen, "VFdpxa": ZoneReady, "VFDpxa": ZoneDeployed, "VFDpxA": ZoneAttacked, "VFDPxA": ZoneKnown} {
		if got := csOf(t, state).Zone(); got != want {
			t.Errorf("%s: %s, want %s", state, got, want)
		}
	}
}

func TestEmbargoRule11AnybodyProposesAndIsAnswered(t *testing.T) {
	b := negotiating(t, "guest:1").proposes("reporter:1", 20).proposes("guest:1", 60).proposes("anna", 40)
	b.is(Proposed, 0)
	b.does("anna", What{Rejecting: &Rejecting{Proposal: 1, Because: "too soon", Decides: true}})
	b.is(Proposed, 0) // others are open
	b.does("guest:1", What{Rejecting: &Rejecting{Proposal: 2, Because: "never mind", Decides: true}})
	b.does("anna", What{Rejecting: &Rejecting{Proposal: 3, Because: "nobody agrees", Decides: true}})
	b.is(NoEmbargo, 0)
	if b.c.Proposals[0].Answer != "rejected" || b.c.Proposals[1].Answer != "withdrawn" || b.c.Proposals[2].Answer != "withdrawn" {
		t.Errorf("answers %+v", b.c.Proposals)
	}
}

func TestEmbargoRule12SilenceDeclinesAndNothingUnagreedBinds(t *testing.T) {
	b := negotiating(t, "guest:1").proposes("reporter:1", 30).accepts(1)
	b.is(Active, 30, Signatory, Invited)
	by := b.c.Parties[0].AnswerBy
	if got, _ := b.c.ConsentOf("guest:1", by.Add(-time.Microsecond)); got != Invited {
		t.Errorf("before the deadline %s", got)
	}
	if got, _ := b.c.ConsentOf("guest:1", by); got != Declined {
		t.Errorf("at the deadline %s, with nobody to run for it", got)
	}
	b.at = by
	b.does("guest:1", What{Accepting: &Accepting{Proposal: 1, Joins: true}}) // late, and the terms are the same
	b.is(Active, 30, Signatory, Signatory)
}

// What somebody said who stays behind is not what a reporter said who bears their number in the new case.
func TestNobodyOfAPartAnswersForWhoStayed(t *testing.T) {
	b := negotiating(t)
	b.does("reporter:2", What{Received: &Received{Report: Report{Title: "Another"}}})
	b.does("reporter:2", What{Proposing: &Proposing{Until: day(30), Report: 2}})
	b.does("reporter:1", What{Accepting: &Accepting{Proposal: 1}})
	if a := b.c.Proposals[0].AnswerOf("reporter:1"); a == nil || !a.Agrees {
		t.Fatalf("the answers are %+v", b.c.Proposals[0].Answers)
	}
	part := b.c.Part(Split{Reports: []int{2}, Title: "Another"})
	if p := part.Proposals[0]; p.By != "reporter:1" || p.AnswerOf("reporter:1") != nil && p.AnswerOf("reporter:1").At.Equal(b.at) {
		t.Errorf("in the new case it is by %s, with the answers %+v", p.By, p.Answers)
	}
}

func TestEmbargoRule13AReportUnderAProposalAcceptsIt(t *testing.T) {
	b := negotiating(t).proposes("anna", 30)
	b.does("reporter:2", What{Received: &Received{Report: Report{Title: "Another"}}})
	if a := b.c.Proposals[0].AnswerOf("reporter:2"); a == nil || !a.Agrees {
		t.Errorf("who reported under the proposal said %+v", b.c.Proposals[0].Answers)
	}
	if b.accepts(1); b.c.Reports[1].Consent != Signatory || b.c.Reports[0].Consent != Invited {
		t.Errorf("consents %s and %s", b.c.Reports[0].Consent, b.c.Reports[1].Consent)
	}
}

func TestEmbargoRule14AShortEmbargoIsRevisedLater(t *testing.T) {
	b := negotiating(t, "guest:1").proposes("reporter:1", 7).accepts(1)
	b.does("guest:1", What{Accepting: &Accepting{Proposal: 1, Joins: true}})
	b.is(Active, 7, Signatory, Signatory)
	b.proposes("guest:1", 30)
	b.is(Revise, 7, Lapsed, Lapsed) // what was signed lapses once
	b.proposes("reporter:1", 20)
	b.is(Revise, 7, Lapsed, Lapsed) // and not again
	b.does("anna", What{Rejecting: &Rejecting{Proposal: 2, Because: "too long", Decides: true}})
	b.is(Revise, 7, Lapsed, Lapsed)
	b.does("anna", What{Rejecting: &Rejecting{Proposal: 3, Because: "too long", Decides: true}})
	b.is(Active, 7, Signatory, Signatory) // the old terms stand, and with them the consent
	b.proposes("guest:1", 14).accepts(4)
	b.is(Active, 14, Invited, Signatory) // who proposed agreed; the others are asked anew
}

// One who takes part asks; the team's word begins a revision, and until then everybody who signed reads on.
func TestWhoAsksForARevisionCutsNobodyOff(t *testing.T) {
	b := negotiating(t, "guest:1", "guest:2").proposes("reporter:1", 7).accepts(1)
	for _, id := range []ActorID{"guest:1", "guest:2"} {
		b.does(id, What{Accepting: &Accepting{Proposal: 1, Joins: true}})
	}
	asks := func(who ActorID, days int) {
		b.does(who, What{Proposing: &Proposing{Until: day(days), Party: who, Asks: true}})
	}
	asks("guest:1", 30)
	b.is(Active, 7, Signatory, Signatory, Signatory)
	asks("guest:2", 20)
	b.is(Active, 7, Signatory, Signatory, Signatory)
	b.does("anna", What{Rejecting: &Rejecting{Proposal: 3, Because: "too long", Decides: true}})
	b.is(Active, 7, Signatory, Signatory, Signatory)
	b.accepts(2)
	b.is(Active, 30, Invited, Signatory, Invited) // now it holds, and the others are asked anew
	asks("guest:1", 40)
	b.proposes("anna", 50)
	b.is(Revise, 30, Invited, Lapsed, Invited) // the team's proposal is a revision
	b.does("guest:1", What{Accepting: &Accepting{Proposal: 5, Keeps: true}})
	b.is(Revise, 30, Invited, Signatory, Invited) // whoever agrees to it is bound either way
	b.does("anna", What{Rejecting: &Rejecting{Proposal: 5, Because: "too long", Decides: true}})
	b.is(Active, 30, Invited, Signatory, Invited) // what was only asked keeps no revision open
	if p := b.c.ProposalOf(4); !p.Open() {
		t.Errorf("what was asked is answered: %+v", p)
	}
}

func TestEmbargoRule15TheShortestWinsAndTheRestAreRevisions(t *testing.T) {
	b := negotiating(t, "guest:1", "guest:2").proposes("guest:1", 60).proposes("reporter:1", 20).proposes("guest:2", 40)
	first, ok := Shortest(b.c.Proposals)
	if !ok || first.Number != 2 {
		t.Fatalf("the shortest is %+v", first)
	}
	b.accepts(first.Number)
	b.is(Revise, 20, Signatory, Invited, Invited)
	revisions := InOrder(b.c.Proposals)
	if len(revisions) != 2 || revisions[0].Number != 3 {
		t.Fatalf("what is open is %+v", revisions)
	}
	b.accepts(3)
	b.is(Revise, 40)
	b.accepts(1)
	b.is(Active, 60)
}

func TestDefaultsOfBothSidesMakeTheFirstEmbargo(t *testing.T) {
	days := func(text string) (at time.Time) {
		var n int
		if _, err := fmt.Sscan(text, &n); err == nil {
			at = day(n)
		}
		return at
	}
	for _, row := range rows(t, "defaults.txt") {
		a := Agree(Default{days(row[0])}, Default{days(row[1])})
		if !a.Until.Equal(days(row[2])) || !a.Pending.Equal(days(row[3])) || a.State() != EM(row[4]) {
			t.Errorf("sender %s, receiver %s: got %+v %s", row[0], row[1], a, a.State())
		}
		b := negotiating(t)
		b.c.begin(&Event{At: b.at, Who: "reporter:1"}, a, "reporter:1", 1, time.Time{})
		if b.c.Embargo.State != EM(row[4]) {
			t.Errorf("sender %s, receiver %s begin with %s", row[0], row[1], b.c.Embargo.State)
		}
		if a.Until.IsZero() {
			continue
		}
		if b.c.Reports[0].Consent != Signatory {
			t.Errorf("sender %s, receiver %s: the sender is %s", row[0], row[1], b.c.Reports[0].Consent)
		}
	}
}

func TestEmbargoRule16NobodyReadsBeforeTheyAgree(t *testing.T) {
	for _, rm := range allRM {
		for _, consent := range allPEC {
			for _, em := range allEM {
				want := rm != Start && (consent == Signatory || em == NoEmbargo)
				if MayRead(rm, consent, em) != want {
					t.Errorf("%s %s %s: reads %v", rm, consent, em, !want)
				}
			}
		}
	}
}

func TestEmbargoRule17And18WhoBearsLessIsNotSimplyTold(t *testing.T) {
	left := 30 * 24 * time.Hour
	for name, x := range map[string]struct {
		s    Stance
		want []Approach
	}{
		"bears it":       {Stance{Most: 90 * 24 * time.Hour}, []Approach{InviteNow}},
		"wants longer":   {Stance{Preferred: 60 * 24 * time.Hour}, []Approach{InviteExtend}},
		"bears less":     {Stance{Most: 7 * 24 * time.Hour}, []Approach{Shorten, AcceptLonger, DelayNotice, LeaveOut}},
		"known to leak":  {Stance{Leaks: true, Most: 90 * 24 * time.Hour}, []Approach{AtPublication}},
		"zero-day house": {Stance{Most: time.Second}, []Approach{Shorten, AcceptLonger, DelayNotice, LeaveOut}},
	} {
		if got := x.s.Approaches(left); !slices.Equal(got, x.want) {
			t.Errorf("%s: got %v, want %v", name, got, x.want)
		}
	}
}

func TestEmbargoRule19WhoConsentsIsNotThePublic(t *testing.T) {
	b := negotiating(t, "guest:1").proposes("reporter:1", 30).accepts(1)
	b.does("guest:1", What{Accepting: &Accepting{Proposal: 1, Joins: true}})
	if b.c.CS.Public || b.c.Embargo.State != Active {
		t.Errorf("a consenting party made it %s, %s", b.c.CS, b.c.Embargo.State)
	}
}

func TestEmbargoRule20AnEndPublishesNothing(t *testing.T) {
	b := negotiating(t, "guest:1").proposes("reporter:1", 30).accepts(1).does("anna", What{Lifted: &Lifted{Why: "agreed"}})
	b.is(Exited, 0, NoConsentAsked, NoConsentAsked)
	if b.c.Disclosure.Armed() || b.c.Public || b.c.CS.Public {
		t.Error("the end of the embargo published something")
	}
	for _, trigger := range []string{"propose", "accept", "reject", "terminate"} {
		if to, ok := Exited.Move(trigger); ok {
			t.Errorf("%s leads from X to %s", trigger, to)
		}
	}
}

func TestEmbargoRule21TheFactIsKnownBeforeTheEmbargoEnds(t *testing.T) {
	for fact, ends := range map[string]string{"public": "", "exploit_public": "", "attacks": "ends"} {
		b := negotiating(t, "guest:1").proposes("reporter:1", 30).accepts(1)
		b.does("anna", What{Observed: &Observed{Fact: fact, Evidence: "seen", Embargo: ends}})
		b.is(Exited, 0, NoConsentAsked, NoConsentAsked)
		if b.c.CS.Quiet() || b.c.Marks[fact].After(b.c.Marks[MarkAgreed]) || b.c.Embargo.Why != fact {
			t.Errorf("%s: %s, ended for %q", fact, b.c.CS, b.c.Embargo.Why)
		}
	}
	b := negotiating(t).proposes("reporter:1", 30).does("anna", What{Observed: &Observed{Fact: "attacks", Evidence: "seen", Embargo: "holds"}})
	if b.is(NoEmbargo, 0); b.c.Proposals[0].Answer != "over" {
		t.Errorf("what was proposed is %q", b.c.Proposals[0].Answer)
	}
}

func TestEmbargoRule22AClaimEndsNothingBeforeTheTeamConfirmsIt(t *testing.T) {
	b := negotiating(t, "guest:1").proposes("reporter:1", 30).accepts(1)
	b.does("guest:1", What{Claimed: &Claimed{Fact: "attacks", Evidence: "a log", Party: "guest:1"}})
	b.does("reporter:1", What{Claimed: &Claimed{Fact: "public", Evidence: "a post", Report: 1}})
	if b.is(Active, 30); !b.c.CS.Quiet() {
		t.Errorf("a claim made it %s", b.c.CS)
	}
	b.does("anna", What{Dismissed: &Dismissed{Claim: 1, Because: "our own scan"}})
	b.does("anna", What{Observed: &Observed{Fact: "public", Evidence: "a post", Claim: 2}})
	b.is(Exited, 0)
	if b.c.Claims[0].Answer != "dismissed" || b.c.Claims[1].Answer != "confirmed" {
		t.Errorf("claims %+v", b.c.Claims)
	}
}

func TestEmbargoEndsWithTheForceOfItsReason(t *testing.T) {
	for _, row := range rows(t, "endings.txt") {
		if got := ForceOf(row[0]); string(got) != row[1] {
			t.Errorf("%s: got %s, want %s", row[0], got, row[1])
		}
	}
}

func TestEmbargoRule23WhoDeclinesReadsNothingMore(t *testing.T) {
	b := negotiating(t, "guest:1").proposes("reporter:1", 30).accepts(1)
	b.does("guest:1", What{Rejecting: &Rejecting{Refuses: true, Because: "we publish at once"}})
	b.is(Active, 30, Signatory, Declined)
	if MayRead(b.c.Parties[0].RM, b.c.Parties[0].Consent, b.c.Embargo.State) {
		t.Error("who declined still reads")
	}
	b.does("anna", What{Embargoed: &Embargoed{Until: day(40)}})
	b.is(Active, 40, Invited, Declined) // and is not asked again by other terms alone
}

func TestAReporterWhoTakesTheTermsBackIsNotBoundAnyMore(t *testing.T) {
	b := negotiating(t, "guest:1").proposes("reporter:1", 30).accepts(1)
	b.is(Active, 30, Signatory, Invited)
	b.does("reporter:1", What{AgreedTerms: &AgreedTerms{Refused: []string{"time"}, Report: 1, Bargain: TermsRefused}})
	b.is(Active, 30, Declined, Invited)
	b.does("reporter:1", What{Accepting: &Accepting{Proposal: 1, Joins: true}})
	b.is(Active, 30, Signatory, Invited)
}

func TestEmbargoRule24TheEarliestHoldsOfMattersThatBecomeOne(t *testing.T) {
	one, two := Embargo{State: Active, Until: day(30)}, Embargo{State: Revise, Until: day(20)}
	if e, ok := EarliestEnd(day(1), one, two, Embargo{State: Exited, Until: day(10)}, Embargo{State: NoEmbargo}); !ok || !e.Until.Equal(day(20)) {
		t.Errorf("got %+v %v", e, ok)
	}
}

func TestEmbargoRule25AnEarlierEndOfAPartMayRevealTheOthers(t *testing.T) {
	e := Embargo{State: Active, Until: day(30)}
	if !e.Reveals(day(29)) || e.Reveals(day(30)) || e.Reveals(day(31)) {
		t.Error("only an earlier end needs an assessment")
	}
}

// V1: a wrong Valid is corrected by deferring. V2: SIGNATORY lapses, and is not invited again. V3: attacks are not the public.
// V4, V5: one letter at a time; an exploit that becomes public after the matter finds no embargo in force. V9: A is Active.
func TestVultronResolutions(t *testing.T) {
	if _, ok := Valid.Move("invalidate"); ok {
		t.Error("V1: valid becomes invalid")
	}
	if to, ok := Signatory.Move(AskConsent); ok || to != Signatory {
		t.Error("V2: a signatory is invited again")
	}
	if to, ok := csOf(t, "Vfdpxa").Learn('A'); !ok || to.String() != "VfdpxA" {
		t.Errorf("V3: attacks lead to %s", to)
	}
	if to, _ := csOf(t, "VFdPxA").Next('X'); to.String() != "VFdPXA" {
		t.Errorf("V4: got %s", to)
	}
	if to, _ := Active.After('P'); to != Exited {
		t.Error("V5: an embargo is in force beside the public's knowledge")
	}
	if to, _ := csOf(t, "Vfdpxa").Learn('X'); to.String() != "VfdPXa" {
		t.Errorf("V8: an exploit leads to %s", to)
	}
	if Active != "A" {
		t.Error("V9: A is the active embargo")
	}
}

// V6: attacks draft the end, and the team decides within a short time.
func TestVultronResolution6AttacksAskTheTeam(t *testing.T) {
	b := negotiating(t).proposes("reporter:1", 30).accepts(1)
	b.does("anna", What{Observed: &Observed{Fact: "attacks", Evidence: "seen", Embargo: "holds", DecideBy: day(3)}})
	if b.is(Active, 30); !b.c.Embargo.DecideBy.Equal(day(3)) {
		t.Errorf("nobody is asked: %+v", b.c.Embargo)
	}
	kept := Fold(b.c, Event{At: b.at, Who: "anna", What: What{Upheld: &Upheld{Because: "few"}}})
	if kept.Embargo.State != Active || !kept.Embargo.DecideBy.IsZero() {
		t.Errorf("kept: %+v", kept.Embargo)
	}
	b.does("anna", What{Lifted: &Lifted{Why: "attacks"}})
	b.is(Exited, 0)
}

// Each embargo rule and each resolution has a test that names it.
func TestEveryRuleOfTheEmbargoHasItsTest(t *testing.T) {
	seen := map[string]bool{}
	for _, row := range rows(t, "rules.txt") {
		seen[row[0]] = true
		b, err := os.ReadFile(row[1])
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range row[2:] {
			if !strings.Contains(string(b), "func "+name+"(") {
				t.Errorf("%s: %s has no %s", row[0], row[1], name)
			}
		}
	}
	for i := 1; i <= 25; i++ {
		if !seen[fmt.Sprint(i)] {
			t.Errorf("rule %d has no test", i)
		}
	}
	for i := 1; i <= 10; i++ {
		if !seen[fmt.Sprint("V", i)] {
			t.Errorf("resolution V%d has no test", i)
		}
	}
}

// Silence is a refusal: nobody stays cut off because of a wish that no one answers.
func TestEmbargoRule12SilenceRefuses(t *testing.T) {
	b := negotiating(t, "guest:1").proposes("reporter:1", 30).accepts(1)
	b.does("guest:1", What{Accepting: &Accepting{Joins: true}})
	b.is(Active, 30, Signatory, Signatory)
	by := b.at.Add(72 * time.Hour)
	b.does("anna", What{Proposing: &Proposing{Until: day(20), AnswerBy: by}})
	if !b.c.Silence().Equal(by) || b.c.Unanswered(by) != nil {
		t.Errorf("an answer is waited for until %s, and at that instant %+v is refused", b.c.Silence(), b.c.Unanswered(by))
	}
	b.at = by
	x := b.c.Unanswered(by.Add(time.Second))
	if x == nil || x.Proposal != 2 || !x.Decides {
		t.Fatalf("after it %+v is refused", x)
	}
	b.does("system", What{Rejecting: x})
	b.is(Active, 30, Signatory, Signatory)
	if p := b.c.Proposals[1]; p.Answer != "rejected" || !b.c.Silence().IsZero() || b.c.Unanswered(b.at.Add(time.Hour)) != nil {
		t.Errorf("the proposal is %+v, and silence goes on", p)
	}
}

// What the policy offers is the project's proposal, though it begins with the report.
func TestThePolicysOfferIsNotTheReporters(t *testing.T) {
	b := &bench{T: t, at: t0}
	b.does("reporter:1", What{Received: &Received{Report: Report{Title: "Overflow", Bargain: TermsAccepted}, Track: "private", Kind: "security",
		Begins: Beginning{Until: day(7), Pending: day(10)}, AnswerBy: day(3)}})
	ours, theirs := b.c.Proposals[0], b.c.Proposals[1]
	if ours.By != "system" || ours.Report != 0 || theirs.By != "reporter:1" || theirs.Report != 1 || !theirs.AnswerBy.Equal(day(3)) {
		t.Errorf("the offer is %+v, and the reporter's wish %+v", ours, theirs)
	}
}

// Who was removed, or left, is bound by what they signed, and learns nothing of what is agreed on since.
func TestWhoWentSeesTheEmbargoAsTheySignedIt(t *testing.T) {
	for _, removed := range []bool{true, false} {
		b := negotiating(t, "guest:1").proposes("reporter:1", 30).accepts(1)
		b.does("guest:1", What{Accepting: &Accepting{Joins: true}})
		if removed {
			b.does("anna", What{Removed: &Removed{Party: "guest:1", Because: "leak"}})
		} else {
			b.does("guest:1", What{Left: &Left{Keeps: true, Party: "guest:1"}})
		}
		b.does("anna", What{Embargoed: &Embargoed{Until: day(20)}})
		v, ok := Look(b.c, Actor{Project: "p", ID: "guest:1", Standing: Guest, Case: "P-0001"}, b.at)
		if !ok || v.Tier != ForInvited || v.Embargo.State != Active || !v.Embargo.Until.Equal(day(30)) {
			t.Errorf("removed %t: they see %+v", removed, v.Embargo)
		}
		for _, p := range v.Proposals {
			if p.Until.Equal(day(20)) {
				t.Errorf("removed %t: they see the proposal %+v", removed, p)
			}
		}
	}
}

// A case that goes on elsewhere is under revision there as well: what the reporter proposed is still to be answered, and what a party
// did that is not there is over.
func TestATakenOverCaseKeepsItsNegotiation(t *testing.T) {
	b := negotiating(t, "guest:1").proposes("anna", 30)
	b.does("anna", What{Accepting: &Accepting{Proposal: 1, Decides: true, Until: day(30)}})
	b.proposes("reporter:1", 20).proposes("guest:1", 40)
	x := &TakenOver{From: Pointer{Project: "p", Case: "P-0001"}, Brought: b.c.Load()}
	next := Fold(Case{}, Event{Project: "q", Case: "Q-0001", Rev: 1, At: b.at, Who: "system", What: What{TakenOver: x}})
	if next.Embargo.State != Revise || next.Proposals[1].Answer != "" || next.Proposals[2].Answer != "over" {
		t.Errorf("it is %s there, with %+v", next.Embargo.State, next.Proposals)
	}
}

// A consent past its time is a no wherever it is shown.
func TestSilenceIsShownAsANoEverywhere(t *testing.T) {
	b := negotiating(t, "guest:1").proposes("reporter:1", 30).accepts(1)
	by := b.c.Party("guest:1").AnswerBy
	if by.IsZero() {
		t.Fatal("nobody waits for the party")
	}
	v, _ := Look(b.c, Tipstaff("p"), by.Add(time.Second))
	if v.Parties[0].Consent != Declined {
		t.Errorf("the team sees %s", v.Parties[0].Consent)
	}
	if early, _ := Look(b.c, Tipstaff("p"), by.Add(-time.Second)); early.Parties[0].Consent != Invited {
		t.Errorf("before, the team sees %s", early.Parties[0].Consent)
	}
}

// What a law asks for, or an outsider says, runs inside: who saw the clock would learn what began it.
func TestAClockOfTheTeamIsSeenByTheTeamAlone(t *testing.T) {
	b := negotiating(t)
	e := Event{Project: "p", Case: "P-0001", Rev: b.c.Rev + 1, At: b.at, Who: "anna", What: What{Noted: &Noted{Text: "x"}},
		Clocks: []Clock{{Name: "early_warning", Kind: Limit, Due: day(1), Inside: true}, {Name: "response", Kind: Limit, Due: day(1)}}}
	c := Fold(b.c, e)
	team, _ := Look(c, Tipstaff("p"), b.at)
	finder, _ := Look(c, Actor{Project: "p", ID: "reporter:1", Standing: Finder, Case: "P-0001", Report: 1}, b.at)
	if len(team.Clocks) != 2 || len(finder.Clocks) != 1 || finder.Clocks[0].Name != "response" {
		t.Errorf("the team sees %+v, the reporter %+v", team.Clocks, finder.Clocks)
	}
}
