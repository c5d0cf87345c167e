package policy

import (
	"slices"

	"github.com/tipstaff/tipstaff/cvd"
)

// knownStep is a step of the process as the program takes it: what a policy may demand something before, and the marks
// that it reaches, from which clocks and waits are counted. A mark that ends in a colon is followed by a notice's name.
type knownStep struct {
	name  string
	marks []string
	says  string
}

// steps are all steps, in the order of a usual case. The capability to take a step has the step's name.
var steps = []knownStep{
	{"receive", []string{"received", cvd.MarkReopened}, "take in a report, or another one of the same matter"},
	{"acknowledge", []string{"acknowledged"}, "tell the reporter that a person saw it"},
	{"validate", []string{"validated"}, "decide that the report is right"},
	{"invalidate", []string{cvd.MarkInvalid}, "decide that the report is not right"},
	{"triage", []string{"triaged"}, "decide severity, category, sensitivity and track"},
	{"rate", []string{"rated"}, "give one's own view of the severity"},
	{"reproduce", []string{"reproduced"}, "try to see it happen"},
	{"prioritise", []string{"prioritised"}, "accept the work with a priority"},
	{"defer", []string{"deferred"}, "put the work off"},
	{"assign", []string{"assigned"}, "name a person for a piece of the work"},
	{"embargo", []string{"embargoed"}, "agree on an embargo until an instant"},
	{"lift", []string{cvd.MarkAgreed}, "end the embargo"},
	{"analyse", []string{"analysed_section", cvd.MarkAnalysed}, "write a part of the analysis"},
	{"remedy", []string{"remedied", cvd.MarkFixReady}, "say what a release line needs or got"},
	{"patch", []string{"patch_attached"}, "attach a fix as a file"},
	{"grant", []string{"patch_granted"}, "let somebody read a patch"},
	{"revoke", []string{"patch_revoked"}, "end that somebody reads a patch"},
	{"check", []string{cvd.MarkChecked}, "record the result of a check of the fix"},
	{"draft", []string{"drafted"}, "write an edition of the advisory"},
	{"review", []string{"reviewed", cvd.MarkOpenReview}, "give one's word on the fix or the advisory"},
	{"approve", []string{"approved"}, "give the final word on an edition"},
	{"notify", []string{"notified", cvd.MarkNotified}, "send a notice"},
	{"deliver", []string{"delivered", cvd.MarkFirst, cvd.MarkDelivered}, "confirm that a notice went out by a channel"},
	{"correct", []string{"corrected"}, "correct a notice, to those who got it"},
	{"apply", []string{"applied_line", cvd.MarkApplied}, "apply the fix of a line in public"},
	{"release", []string{"released_line", cvd.MarkReleased}, "release the fix of a line"},
	{"artefact", []string{"distributed"}, "say what a channel gives out of a release"},
	{"exempt", []string{"exempted"}, "say why a channel gives nothing out"},
	{"slip", []string{"slipped"}, "move the release that was announced"},
	{"tick", []string{"ticked"}, "tick an item of a checklist off"},
	{"disclose", []string{"armed", "disclosed", cvd.MarkPublic}, "publish the advisory, now or at an instant"},
	{"disarm", []string{"disarmed"}, "take back the instant of publication"},
	{"observe", []string{cvd.MarkPublic, cvd.MarkExploit, cvd.MarkAttacks, "fix_deployed"}, "record a fact about the world"},
	{"reward", []string{"rewarded"}, "decide about a bounty"},
	{"bounty_eligible", []string{"bounty_judged", "rewarded"}, "decide whether a report earns a part of the bounty"},
	{"bounty_propose", []string{"bounty_proposed"}, "propose a bounty and how it is shared"},
	{"bounty_approve", []string{"bounty_approved"}, "approve the bounty that somebody else proposed"},
	{"bounty_pay", []string{"bounty_paid", "rewarded"}, "record that a share was paid"},
	{"explain", []string{cvd.MarkPosted}, "publish the post with the details"},
	{"credit", []string{"credited"}, "name somebody who helped"},
	{"relay", []string{"relayed"}, "say what a project downstream was told, and what it did"},
	{"monitor", []string{"watched", "monitored"}, "look whether the matter is resolved"},
	{"count", []string{"counted"}, "say how far the fix has spread"},
	{"evaluate", []string{"evaluated"}, "look back at how well the response worked"},
	{"message", []string{"messaged"}, "write to the reporter"},
	{"note", []string{"noted"}, "write to the team"},
	{"comment", []string{"commented"}, "speak in the discussion of a public case"},
	{"moderate", []string{"moderated"}, "let a comment pass, or hide it"},
	{"nudge", []string{"nudged"}, "remind the team that a report waits; the reporter's step"},
	{"propose", []string{"proposed"}, "propose an instant for the end of the embargo, or another one"},
	{"accept", []string{"accepted"}, "agree to a proposal, or to the embargo that holds"},
	{"reject", []string{"rejected"}, "refuse a proposal, or the embargo that holds"},
	{"uphold", []string{"embargo_upheld"}, "keep the embargo although attacks were observed"},
	{"claim", []string{"claimed"}, "report that the matter is public or attacked; a step of reporters and parties"},
	{"dismiss", []string{"claim_dismissed"}, "decide that such a report is not so"},
	{"nominate", []string{"nominated"}, "name somebody who should hear of the case"},
	{"agree", []string{"agreed_terms"}, "accept or refuse the terms; the reporter's step"},
	{"payout", []string{"payout_named"}, "say where a bounty is to be sent; the reporter's step"},
	{"record_breach", []string{"term_breached"}, "record that somebody did not keep a term"},
	{"invite", []string{"invited"}, "ask somebody to join the case"},
	{"answer", []string{"answered"}, "say yes or no to the terms; the step of who was invited"},
	{"standing", []string{"standing"}, "say how far a party is"},
	{"leave", []string{"left"}, "leave the case; a party's step"},
	{"remove", []string{"removed"}, "take a party out of the case for a leak"},
	{"thread", []string{"threaded"}, "open a talk among some of those who take part"},
	{"countdown", []string{"countdown"}, "set what those who get ready count down to"},
	{"waive", []string{"waived"}, "let a case pass a clause"},
	{"plan", []string{"planned"}, "say when the matter is to be published, or why not"},
	{"date", []string{"dated"}, "give an event of the project its date"},
	{"extend", []string{"extended"}, "make a promise longer in a case"},
	{"combine", []string{"combined"}, "let a case go into another one of the same matter"},
	{"split", []string{"split"}, "let reports of another matter leave into a case of their own"},
	{"move", []string{"moved"}, "move a case to another project of the installation"},
	{"hand_over", []string{"handed_over"}, "hand a case over to another installation"},
	{"take_over", []string{"taken_over"}, "take a case over from another installation"},
	{"export", nil, "take a copy of a whole case away"},
	{"close", []string{"closed"}, "end the case"},
	{"erase", []string{"erased"}, "destroy what was sent, for ever"},
}

// Steps are the names of all steps that a policy may speak about, in the order of a usual case.
func Steps() []string {
	names := make([]string, len(steps))
	for i, s := range steps {
		names[i] = s.name
	}
	return names
}

// everything is the capability that stands for all but administer.
const everything = "all"

// capabilities are the words that a role's can may hold.
func capabilities() []string {
	return append(Steps(), string(cvd.See), string(cvd.SeeExploit), string(cvd.Expert), string(cvd.Administer), everything)
}

// marksOf are the marks that a step can reach under a document.
func marksOf(s knownStep, d *Document) []string {
	var all []string
	for _, mark := range s.marks {
		if mark[len(mark)-1] != ':' {
			all = append(all, mark)
			continue
		}
		for _, n := range d.Notices {
			all = append(all, mark+n.Name)
		}
	}
	if s.name == "date" {
		all = append(all, d.events()...)
	}
	return all
}

// marks are all marks that something reaches under a document.
func marks(d *Document) []string {
	var all []string
	for _, s := range steps {
		all = append(all, marksOf(s, d)...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// StepReaching is the step that reaches a mark, "" if none does.
func (p *Policy) StepReaching(mark string) string {
	for _, s := range steps {
		if slices.Contains(marksOf(s, &p.Document), mark) {
			return s.name
		}
	}
	return ""
}

func stepNamed(name string) (knownStep, bool) {
	i := slices.IndexFunc(steps, func(s knownStep) bool { return s.name == name })
	if i < 0 {
		return knownStep{}, false
	}
	return steps[i], true
}

// lints are all questions that Lint asks of a document, in the order of the process.
var lints = []lint{
	singleContact,
	personalContacts,
	goneContact,
	emptyRung,
	legacyHandle,
	malformedHandle,
	staleHandle,
	beginsInPublic,
	twiceInForm,
	silenceEndsEarly,
	noSeverity,
	bandsDoNotFit,
	precedenceUndefined,
	sameTitle,
	noResponseClock,
	immediateIsNoTime,
	clockMissesClass,
	classNotKnownYet,
	daysNotDefined,
	promisedTwice,
	unarmedPublication,
	lateLaw,
	unreachable,
	infeasible,
	infeasibleAtTimes,
	fixWaits,
	selfApproval,
	publicGate,
	publicText,
	tooFewPeople,
	periodTellsNobody,
	twoMinimums,
	noticeTooEarly,
	toldBeforeAccepting,
	unreachedAudience,
	inBlackout,
	noEndToEmbargo,
	outlivesSecret,
	identifierGate,
	noIdentifiers,
	noBountyDate,
	otherContacts,
	otherRoutes,
	otherPromises,
	proseTime,
	templateLiteral,
	proseLiteral,
	erasedTooSoon,
	noRetention,
}
