package casework

import (
	"context"

	"github.com/tipstaff/tipstaff/cvd"
)

// Step is one step of the process as the faces offer it: the API makes a route of each, the command line a verb.
type Step struct {
	Name string // as the policy and the command line say it
	Doc  string // one sentence
	In   any    // the zero value of what it takes: the event that it leads to, whose read-only fields are filled in here
	Run  func(context.Context, *Casework, cvd.Actor, About, any) (cvd.View, error)
}

// step makes an entry of the table from a method.
func step[T any](name, doc string, take func(*Casework, context.Context, cvd.Actor, About, T) (cvd.View, error)) Step {
	var in T
	return Step{Name: name, Doc: doc, In: in, Run: func(ctx context.Context, w *Casework, who cvd.Actor, about About, in any) (cvd.View, error) {
		return take(w, ctx, who, about, in.(T))
	}}
}

// Steps are all steps on a case that exists, in the order of the process. Receive, which makes one, stands apart.
var Steps = []Step{
	step("acknowledge", "Says that a person has seen the report.", (*Casework).Acknowledge),
	step("validate", "Decides that the report is right, with what shows it.", (*Casework).Validate),
	step("invalidate", "Decides that the report is not right, with the reason.", (*Casework).Invalidate),
	step("triage", "Decides severity, category, sensitivity and track; the clocks follow.", (*Casework).Triage),
	step("rate", "Adds one member's own view of the severity.", (*Casework).Rate),
	step("reproduce", "Records an attempt to reproduce the report.", (*Casework).Reproduce),
	step("prioritise", "Accepts the work with a priority and its reason.", (*Casework).Prioritise),
	step("defer", "Defers a valid report.", (*Casework).Defer),
	step("assign", "Names the person for a piece of work.", (*Casework).Assign),
	step("embargo", "Sets the embargo to end at an exact instant.", (*Casework).Embargo),
	step("propose", "Proposes an instant for the end of the embargo, or another one.", (*Casework).Propose),
	step("accept", "Agrees to a proposal, or to the embargo that holds.", (*Casework).Accept),
	step("reject", "Refuses a proposal, or the embargo that holds, with the reason.", (*Casework).Reject),
	step("lift", "Ends the embargo.", (*Casework).Lift),
	step("uphold", "Keeps the embargo although attacks were observed.", (*Casework).Uphold),
	step("analyse", "Writes one section of the analysis.", (*Casework).Analyse),
	step("remedy", "Says what a release line needs, or which patch it has.", (*Casework).Remedy),
	step("grant", "Lets somebody read a patch that is attached.", (*Casework).Grant),
	step("revoke", "Ends that somebody may read a patch.", (*Casework).Revoke),
	step("check", "Records the result of one check of the fix.", (*Casework).Check),
	step("draft", "Writes an edition of the advisory.", (*Casework).Draft),
	step("review", "Reviews the fix or an edition of the advisory.", (*Casework).Review),
	step("approve", "Approves an edition of the advisory for publication.", (*Casework).Approve),
	step("notify", "Orders a notice of the policy to go out.", (*Casework).Notify),
	step("deliver", "Says that a notice was posted by hand, and where.", (*Casework).Deliver),
	step("correct", "Corrects a notice, or withdraws it, to exactly those who got it.", (*Casework).Correct),
	step("apply", "Records that the fix of one line was merged in public, which is not yet a release.", (*Casework).Apply),
	step("release", "Records the release that holds the fix of one line.", (*Casework).Release),
	step("artefact", "Says what a further channel of distribution gives out of a release; the program looks whether it does.", (*Casework).Artefact),
	step("exempt", "Says why a channel gives nothing out of a release, so that nobody waits for it.", (*Casework).Exempt),
	step("slip", "Moves the release that was announced: the correction goes out, and an armed publication moves with it.", (*Casework).Slip),
	step("tick", "Ticks an item of a step's checklist off.", (*Casework).Tick),
	step("disclose", "Prepares publication of the approved edition for an exact instant.", (*Casework).Disclose),
	step("disarm", "Takes the instant of publication back.", (*Casework).Disarm),
	step("observe", "Records that the matter or an exploit is public, or that attacks were seen.", (*Casework).Observe),
	step("claim", "Reports, as a reporter or a party, that the matter is public or attacked; the team confirms it.", (*Casework).Claim),
	step("dismiss", "Decides that such a report is not so.", (*Casework).Dismiss),
	step("reward", "Decides about the bounty of one report.", (*Casework).Reward),
	step("bounty_eligible", "Decides whether a report earns a part of the bounty.", (*Casework).BountyEligible),
	step("bounty_propose", "Proposes a bounty and how it is shared; an approval that there was is gone.", (*Casework).BountyPropose),
	step("bounty_approve", "Approves the bounty as it is proposed now, by somebody else than who proposed it.", (*Casework).BountyApprove),
	step("bounty_pay", "Records that a share of the bounty was paid.", (*Casework).BountyPay),
	step("explain", "Records the post that tells the vulnerability and the response.", (*Casework).Explain),
	step("credit", "Names somebody who helped, as they wish to be named.", (*Casework).Credit),
	step("relay", "Records what a project downstream was told, what it answered, and the change that raises the dependency there.", (*Casework).Relay),
	step("monitor", "Records what was seen after the release.", (*Casework).Monitor),
	step("count", "Records how far the fix has spread, with the source.", (*Casework).Count),
	step("evaluate", "Looks back at how well the response worked.", (*Casework).Evaluate),
	step("nominate", "Names somebody who should hear of the case; they are told nothing yet.", (*Casework).Nominate),
	step("answer", "Says yes or no to the terms, as somebody who was invited.", (*Casework).Answer),
	step("standing", "Says how far a party is, or in which zone, as that party or for it.", (*Casework).Standing),
	step("leave", "Leaves the case, as a party, and says whether the embargo is kept.", (*Casework).Leave),
	step("remove", "Takes a party out of the case for a leak.", (*Casework).Remove),
	step("thread", "Opens a talk among some of those who take part.", (*Casework).Thread),
	step("countdown", "Sets the instant or the height that those who get ready count down to.", (*Casework).Countdown),
	step("message", "Writes to the reporter, from the reporter to the team, or in a thread.", (*Casework).Message),
	step("note", "Writes a note that only the team reads.", (*Casework).Note),
	step("comment", "Says something in the discussion of a public case, and whether its matter could be reproduced.", (*Casework).Comment),
	step("moderate", "Lets a comment pass, or hides it with a reason that everybody reads.", (*Casework).Moderate),
	step("nudge", "Reminds the people whom the policy names that a report waits, as its reporter.", (*Casework).Nudge),
	step("agree", "Accepts or refuses terms of the policy, as the reporter.", (*Casework).Agree),
	step("payout", "Says where a share of a bounty is to be sent, as the reporter.", (*Casework).Payout),
	step("plan", "Says when the matter is to be published, or why it is not.", (*Casework).Plan),
	step("record_breach", "Records that a reporter or a party did not keep a term.", (*Casework).RecordBreach),
	step("waive", "Asks that the case may pass a clause, or seconds it.", (*Casework).Waive),
	step("date", "Gives an event of the project, such as the next major release or a milestone of its policy, its date.", (*Casework).Date),
	step("extend", "Makes a promise longer in this case, as far as the policy allows.", (*Casework).Extend),
	step("combine", "Lets the case go into another one, since they are one matter.", (*Casework).Combine),
	step("split", "Lets reports leave into a new case, since they are another matter.", (*Casework).Split),
	step("move", "Moves the case to another project of the installation; here nothing is left but where it went.", (*Casework).Move),
	step("close", "Closes the case.", (*Casework).Close),
	step("erase", "Destroys all that the case holds, for good; what was published stays.", (*Casework).Erase),
}

// names are the names of all steps that the policy speaks of.
func names() []string {
	var out []string
	for _, s := range Steps {
		out = append(out, s.Name)
	}
	return append(out, "patch", "invite")
}
