package api

import "github.com/tipstaff/tipstaff/internal/casework"

const (
	projectPath = "/projects/{project}"
	casePath    = projectPath + "/cases/{case}"
)

// operations is every operation below Prefix and who may come: the access review. The steps of the process follow.
var operations = append([]operation{
	op("projects", "GET /projects", strangers, "Lists the projects of the installation.", (*server).projects),
	op("project", "GET /projects/{project}", strangers, "Says what a project's policy tells reporters: kinds, form, terms, clocks.", (*server).project),
	op("policy", "GET /projects/{project}/policy", strangers, "Gives the policy in force as a SECURITY.md.", (*server).policy),
	op("report", "POST /projects/{project}/reports", strangers, "Takes a report in, and answers with its return code and receipt once it is durable.", (*server).report).creates().with("Idempotency-Key"),
	op("issue", "POST /projects/{project}/issues", strangers, "Prepares the issue of something that goes to the project's tracker. Nothing is kept, and nothing is sent.", (*server).issue),
	op("sign-in", "POST /projects/{project}/sign-in", strangers, "Trades a password for a token of twelve hours.", (*server).signIn).creates(),

	op("cases", "GET /projects/{project}/cases", strangers, "Lists the cases that the asker may see, newest first.", (*server).cases),
	op("metrics", "GET /projects/{project}/metrics", members, "Measures how cases are handled, over those that the asker may see.", (*server).metrics),
	op("deviations", "GET /projects/{project}/deviations", members, "Lists where cases did not go the way of the policy, and what allowed it.", (*server).deviations),
	op("search", "GET /projects/{project}/search", members, "Finds cases by words.", (*server).search),
	op("case", "GET /projects/{project}/cases/{case}", strangers, "Shows a case as the asker may see it.", (*server).showCase).with("If-None-Match"),
	op("alike", "GET /projects/{project}/cases/{case}/alike", members, "Finds cases that may be about the same matter.", (*server).alike),
	op("train", "GET /projects/{project}/cases/{case}/train", members, "Shows the release train of a case, and what would follow if the announced release moved.", (*server).train),
	op("post", "GET /projects/{project}/cases/{case}/post", members, "Drafts the post that tells the vulnerability and the response to it, from what is public.", (*server).post),
	op("release-notes", "GET /projects/{project}/cases/{case}/notes", members, "Writes the security part of release notes from the advisory.", (*server).releaseNotes),
	op("receipt", "GET /projects/{project}/cases/{case}/receipt", reporters, "Gives the receipt of a report: a promise at first, the proof an hour later.", (*server).receipt),
	op("attachment", "GET /projects/{project}/cases/{case}/attachments/{attachment}", reporters, "Gives a file that the case names.", (*server).attachment),
	op("reopen", "POST /projects/{project}/cases/{case}/reports", reporters, "Takes up a closed case again with a new report.", (*server).reopen).creates().with("If-Match"),
	op("invite", "POST /projects/{project}/cases/{case}/invite", guests, "Asks somebody to join the case, and shows the guest's code once.", (*server).invite).creates().with("If-Match"),
	op("import-parties", "POST /projects/{project}/cases/{case}/parties", members, "Names or invites every party of a list, or says what would become of each line. A list that is sent twice invites nobody twice.", (*server).importParties).takes(2 << 20),
	op("fanout", "GET /projects/{project}/cases/{case}/fanout", members, "Lists whom each notice of a case reached, letter by letter.", (*server).fanOut),
	op("trace", "POST /projects/{project}/cases/{case}/trace", members, "Says whose copy of a notice a text is, by its mark. Nothing is kept of the text.", (*server).trace),

	op("attach-patch", "POST /projects/{project}/cases/{case}/patches", guests, "Attaches a fix as a file that only those read whom it names.", (*server).attachPatch).creates().with("If-Match", "Idempotency-Key").takes(15 << 20),
	op("fetch-patch", "POST /projects/{project}/cases/{case}/patches/{patch}", guests, "Gives the bytes of a patch to who may read it, and records it.", (*server).fetchPatch),
	op("wording", "POST /projects/{project}/cases/{case}/wording", guests, "Says which words of a change would tell of the case. Nothing is kept.", (*server).wording),
	op("outlook", "GET /projects/{project}/cases/{case}/emergency", members, "Works out what would follow if the matter were public, leaked or used, with the texts that could go out.", (*server).outlook),
	op("emergency", "POST /projects/{project}/cases/{case}/emergency", members, "Says that quiet is over, and sends the notices named: one act, with all that the policy lets follow.", (*server).emergency).with("If-Match", "Idempotency-Key"),

	op("key", "GET /key", strangers, "Gives the public key of the installation, to which cases are sealed that are handed over to it.", (*server).key),
	op("export", "GET /projects/{project}/cases/{case}/export", members, "Gives a whole case as an archive: events, receipts, files and policy.", (*server).export),
	op("hand-over", "POST /projects/{project}/cases/{case}/hand_over", members, "Seals a case to the key of another installation, and closes it here.", (*server).handOver).with("If-Match"),
	op("take-over", "POST /projects/{project}/take-over", members, "Opens a case that another installation sealed to the key of this one.", (*server).takeOver).creates().takes(largestBundle),

	op("policy-document", "GET /projects/{project}/policy.yaml", members, "Gives the policy document in force, byte for byte.", (*server).document),
	op("policy-versions", "GET /projects/{project}/policy/versions", members, "Lists the versions of the policy: who put each in force, when, why, and what it changed.", (*server).policyVersions),
	op("policy-diff", "GET /projects/{project}/policy/diff", members, "Says how the meaning of the policy changed from one version to another.", (*server).policyDiff),
	op("policy-proposals", "GET /projects/{project}/policy/proposals", members, "Lists the proposals to change the policy.", (*server).policyProposals),
	op("propose-policy", "POST /projects/{project}/policy/proposals", members, "Proposes a policy, for others to look at.", (*server).proposePolicy).creates(),
	op("policy-proposal", "GET /projects/{project}/policy/proposals/{number}", members, "Shows a proposal, what it changes and what others say.", (*server).policyProposal),
	op("judge-policy", "POST /projects/{project}/policy/proposals/{number}/judge", members, "Approves a proposal, objects to it, or comments on it.", (*server).judgePolicy),
	op("renew-policy", "POST /projects/{project}/policy/proposals/{number}/renew", members, "Gives a proposal of one's own another text, against the version in force.", (*server).renewPolicy),
	op("withdraw-policy", "POST /projects/{project}/policy/proposals/{number}/withdraw", members, "Takes a proposal of one's own back.", (*server).withdrawPolicy),
	op("accept-policy", "POST /projects/{project}/policy/proposals/{number}/accept", administrators, "Puts a proposed policy in force for the cases that come from now on.", (*server).acceptPolicy),
	op("reject-policy", "POST /projects/{project}/policy/proposals/{number}/reject", administrators, "Ends a proposal with a reason.", (*server).rejectPolicy),
	op("adoptions", "GET /projects/{project}/policy/adoptions", members, "Lists the moves of open cases from version to version, with their progress.", (*server).adoptions),
	op("preview-adoption", "GET /projects/{project}/policy/adoptions/preview", administrators, "Works out what would follow if the open cases moved to the version in force.", (*server).previewAdoption),
	op("adopt-all", "POST /projects/{project}/policy/adoptions", administrators, "Begins to move all open cases to the version in force, as one act with one reason.", (*server).adoptAll).creates(),
	op("adopt", "POST /projects/{project}/cases/{case}/policy", administrators, "Moves one case to the version of the policy in force.", (*server).adopt),
	op("reviews", "GET /projects/{project}/reviews", members, "Lists the reviews of the process, one for each period.", (*server).processReviews),
	op("process-review", "GET /projects/{project}/reviews/{review}", members, "Shows a review: what it begins with, and what was decided.", (*server).processReview),
	op("decide", "POST /projects/{project}/reviews/{review}/decisions", members, "Records what a review decided.", (*server).decide),
	op("close-review", "POST /projects/{project}/reviews/{review}/close", administrators, "Says that a review is over.", (*server).closeReview),
	op("members", "GET /projects/{project}/members", members, "Lists who is in the audiences of the policy, for who keeps the register.", (*server).members),
	op("members-csv", "GET /projects/{project}/members.csv", members, "Gives them as a table that can be taken in again.", (*server).membersCSV),
	op("add-member", "POST /projects/{project}/members", members, "Adds a member by hand.", (*server).addMember).creates(),
	op("member", "GET /projects/{project}/members/{member}", members, "Shows one member.", (*server).member),
	op("put-member", "PUT /projects/{project}/members/{member}", members, "Changes a member.", (*server).putMember),
	op("decide-member", "POST /projects/{project}/members/{member}/decide", members, "Accepts an application, or turns it down.", (*server).decideMember),
	op("choose-member", "POST /projects/{project}/members/{member}/choose", members, "Records whether a member wants to be told of a case.", (*server).chooseMember),
	op("remove-member", "POST /projects/{project}/members/{member}/remove", members, "Ends a membership, or destroys all that was kept of it.", (*server).removeMember),
	op("import-list", "POST /projects/{project}/register/lists", members, "Takes a list of members or of projects downstream in, or says what would become of it.", (*server).importList),
	op("downstream", "GET /projects/{project}/downstream", members, "Lists the projects that run the product.", (*server).downstreams),
	op("add-downstream", "POST /projects/{project}/downstream", members, "Adds a project downstream.", (*server).addDownstream).creates(),
	op("put-downstream", "PUT /projects/{project}/downstream/{entry}", members, "Changes a project downstream.", (*server).putDownstream),
	op("check-downstream", "POST /projects/{project}/downstream/{entry}/check", members, "Looks again for where it takes reports.", (*server).checkDownstream),
	op("remove-downstream", "POST /projects/{project}/downstream/{entry}/remove", members, "Forgets a project downstream.", (*server).removeDownstream),
	op("exposure", "GET /projects/{project}/cases/{case}/exposure", members, "Says which projects downstream run an affected version of the lines of a case.", (*server).exposure),
	op("people", "GET /projects/{project}/people", administrators, "Lists the roster, those who left included.", (*server).people),
	op("put-person", "PUT /projects/{project}/people/{person}", administrators, "Adds somebody to the roster, or changes them.", (*server).putPerson),
	op("new-token", "POST /projects/{project}/tokens", administrators, "Makes a token for somebody on the roster.", (*server).newToken).creates(),
}, each(casework.Steps, stepOp)...)
