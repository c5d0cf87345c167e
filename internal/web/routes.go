package web

import "net/http"

// access says who may come to a route.
type access string

// Whoever holds a code sends it in the body of each request. Sessions are for people of a roster, and their cookie goes to no
// page but those of their project's desk: public pages answer everybody alike. The cookie with a chosen zone goes to the desk, and
// to the pages of who sends a code.
const (
	everybody access = "everybody"
	holder    access = "who sends the return code of a report, or the code of an invitation, for that case alone"
	invitee   access = "who sends the link of an invitation's letter, until it is answered; they read the terms and nothing of the case"
	member    access = "who is signed in as somebody of the project's roster; casework shows what their role may see"

	administrator access = "who is signed in and may administer the project; for other members the page does not exist"
)

// What a body may have, in bytes. A form without files holds a few texts of 64 KiB; one with files, ten of 10 MiB as well. What
// is larger than that is read past and not kept, since the form must come back with its texts and say which file was too long.
const (
	noBody   = 0
	someText = 1 << 20
	andFiles = 1 << 30
)

// route is one way in.
type route struct {
	pattern string
	who     access
	most    int64 // bytes of a body
	serve   func(*server, http.ResponseWriter, *http.Request) error
}

// routes is every page there is, with who may come: the review of access. Mount serves nothing that is not listed.
var routes = []route{
	{"GET /{$}", everybody, noBody, (*server).home},
	{"GET /static/{file}", everybody, noBody, (*server).static},

	{"GET /p/{project}", everybody, noBody, (*server).project},
	{"GET /p/{project}/{$}", everybody, noBody, (*server).project}, // published advisories link here
	{"GET /p/{project}/policy", everybody, noBody, (*server).policy},
	{"GET /p/{project}/policy/{version}", everybody, noBody, (*server).formerPolicy},
	{"GET /p/{project}/resources", everybody, noBody, (*server).resources},
	{"GET /p/{project}/simulate", everybody, noBody, (*server).simulate},
	{"GET /p/{project}/simulate.ics", everybody, noBody, (*server).simulateICS},
	{"GET /p/{project}/simulate.md", everybody, noBody, (*server).simulateMD},
	{"GET /p/{project}/SECURITY.md", everybody, noBody, (*server).securityMD},
	{"GET /p/{project}/security.txt", everybody, noBody, (*server).securityTxt},
	{"GET /p/{project}/.well-known/security.txt", everybody, noBody, (*server).securityTxt},
	{"GET /.well-known/security.txt", everybody, noBody, (*server).wellKnown},

	{"GET /p/{project}/ledger", everybody, noBody, (*server).ledger},
	{"GET /p/{project}/checkpoint", everybody, noBody, (*server).checkpoint},
	{"GET /p/{project}/tile/{tile...}", everybody, noBody, (*server).tile},

	{"GET /p/{project}/keys", everybody, noBody, (*server).showKeys},
	{"GET /p/{project}/keys.txt", everybody, noBody, (*server).keysFile},
	{"GET /p/{project}/notices/verify", everybody, noBody, (*server).askVerify},
	{"POST /p/{project}/notices/verify", everybody, someText, (*server).verify},

	{"GET /p/{project}/report", everybody, noBody, (*server).askReport},
	{"POST /p/{project}/report", everybody, andFiles, (*server).takeReport},

	{"GET /p/{project}/audiences", everybody, noBody, (*server).joinLists},
	{"GET /p/{project}/audiences/{audience}/apply", everybody, noBody, (*server).askJoin},
	{"POST /p/{project}/audiences/{audience}/apply", everybody, someText, (*server).takeJoin},
	{"GET /p/{project}/list/{token}", everybody, noBody, (*server).askLink}, // the token of a letter is for its reader, and does nothing by being read
	{"POST /p/{project}/list/{token}", everybody, someText, (*server).followLink},

	{"GET /p/{project}/calendar/{token}", everybody, noBody, (*server).calendar}, // the token is one person's; one that leads nowhere is a page that is not there

	{"POST /p/{project}/issue", everybody, someText, (*server).prepareIssue},
	{"GET /p/{project}/status", everybody, noBody, (*server).askCode},
	{"POST /p/{project}/status", holder, someText, (*server).showStatus},
	{"POST /p/{project}/status/message", holder, andFiles, (*server).takeMessage},
	{"POST /p/{project}/status/reopen", holder, andFiles, (*server).reopen},
	{"POST /p/{project}/status/propose", holder, someText, (*server).propose},
	{"POST /p/{project}/status/embargo", holder, someText, (*server).answerEmbargo},
	{"POST /p/{project}/status/calendar", holder, someText, (*server).takeCalendar},
	{"POST /p/{project}/status/nudge", holder, someText, (*server).remind},
	{"POST /p/{project}/status/answer", holder, someText, (*server).takeAnswer},
	{"POST /p/{project}/status/standing", holder, someText, (*server).standing},
	{"POST /p/{project}/status/zone", holder, someText, (*server).holderZone},
	{"POST /p/{project}/status/leave", holder, someText, (*server).leave},
	{"POST /p/{project}/status/thread", holder, someText, (*server).writeThread},
	{"POST /p/{project}/status/nominate", holder, someText, (*server).nominate},
	{"POST /p/{project}/status/claim", holder, someText, (*server).claim},
	{"POST /p/{project}/status/patch", holder, someText, (*server).sendPatch},
	{"GET /p/{project}/invited/{link}", everybody, noBody, (*server).askInvited},
	{"POST /p/{project}/invited", invitee, someText, (*server).showInvited},
	{"POST /p/{project}/invited/answer", invitee, someText, (*server).answerInvited},
	{"POST /p/{project}/status/agree", holder, someText, (*server).agree},
	{"POST /p/{project}/status/payout", holder, someText, (*server).payout},
	{"POST /p/{project}/status/credit", holder, someText, (*server).rename},
	{"POST /p/{project}/status/receipt", holder, someText, (*server).sendReceipt},
	{"POST /p/{project}/status/attachment", holder, someText, (*server).sendAttachment},

	{"GET /p/{project}/cases", everybody, noBody, (*server).cases},
	{"GET /p/{project}/cases/{case}", everybody, noBody, (*server).publicCase},
	{"GET /p/{project}/thanks", everybody, noBody, (*server).hall},
	{"GET /p/{project}/advisories/{advisory}/feedback", everybody, noBody, (*server).askFeedback},
	{"POST /p/{project}/advisories/{advisory}/feedback", everybody, someText, (*server).takeFeedback},
	{"GET /p/{project}/follow", everybody, noBody, (*server).follow},
	{"GET /processes", everybody, noBody, (*server).processes},

	{"GET /desk", everybody, noBody, (*server).desks},
	{"GET /desk/{project}/sign-in", everybody, noBody, (*server).askSignIn},
	{"POST /desk/{project}/sign-in", everybody, someText, (*server).signIn},
	{"POST /desk/{project}/sign-out", everybody, someText, (*server).signOut},
	{"GET /desk/{project}", member, noBody, (*server).inbox},
	{"POST /desk/{project}", member, someText, (*server).inbox},
	{"POST /desk/{project}/bulk", member, someText, (*server).bulk},
	{"GET /desk/{project}/board", member, noBody, (*server).board},
	{"GET /desk/{project}/calendar", member, noBody, (*server).deskCalendar},
	{"POST /desk/{project}/calendar", member, someText, (*server).takeDeskCalendar},
	{"GET /desk/{project}/zone", member, noBody, (*server).askZone},
	{"POST /desk/{project}/zone", member, someText, (*server).takeZone},
	{"GET /desk/{project}/measures", member, noBody, (*server).measures},
	{"GET /desk/{project}/measures.csv", member, noBody, (*server).measuresCSV},
	{"GET /desk/{project}/measures/{measure}", member, noBody, (*server).measure},
	{"GET /desk/{project}/deviations", member, noBody, (*server).deviations},
	{"GET /desk/{project}/deviations.csv", member, noBody, (*server).deviationsCSV},
	{"GET /desk/{project}/policy", member, noBody, (*server).versions},
	{"GET /desk/{project}/policy/edit", member, noBody, (*server).editPolicy},
	{"POST /desk/{project}/policy/edit", member, someText, (*server).takePolicy},
	{"POST /desk/{project}/policy/check", member, someText, (*server).checkPolicy},
	{"GET /desk/{project}/policy/versions/{version}", member, noBody, (*server).version},
	{"POST /desk/{project}/policy/proposals", member, someText, (*server).proposePolicy},
	{"GET /desk/{project}/policy/proposals/{number}", member, noBody, (*server).proposal},
	{"POST /desk/{project}/policy/proposals/{number}/judge", member, someText, (*server).judgeProposal},
	{"POST /desk/{project}/policy/proposals/{number}/renew", member, someText, (*server).renewProposal},
	{"POST /desk/{project}/policy/proposals/{number}/withdraw", member, someText, (*server).withdrawProposal},
	{"POST /desk/{project}/policy/proposals/{number}/accept", administrator, someText, (*server).acceptProposal},
	{"POST /desk/{project}/policy/proposals/{number}/reject", administrator, someText, (*server).rejectProposal},
	{"GET /desk/{project}/policy/adopt", administrator, noBody, (*server).askAdopt},
	{"POST /desk/{project}/policy/adopt", administrator, someText, (*server).adopt},
	{"GET /desk/{project}/reviews", member, noBody, (*server).reviews},
	{"GET /desk/{project}/reviews/{review}", member, noBody, (*server).review},
	{"GET /desk/{project}/reviews/{review}/pack.md", member, noBody, (*server).reviewMarkdown},
	{"POST /desk/{project}/reviews/{review}/decide", member, someText, (*server).decideReview},
	{"POST /desk/{project}/reviews/{review}/close", administrator, someText, (*server).closeReview},
	{"GET /desk/{project}/audiences", member, noBody, (*server).audiences},
	{"GET /desk/{project}/audiences.csv", member, noBody, (*server).audiencesCSV},
	{"GET /desk/{project}/audiences/import", member, noBody, (*server).askList},
	{"POST /desk/{project}/audiences/import", member, someText, (*server).takeList},
	{"GET /desk/{project}/audiences/members/{member}", member, noBody, (*server).addressee},
	{"POST /desk/{project}/audiences/members/{member}", member, someText, (*server).saveMember},
	{"POST /desk/{project}/audiences/members/{member}/decide", member, someText, (*server).decideMember},
	{"POST /desk/{project}/audiences/members/{member}/verify", member, someText, (*server).verifyMember},
	{"POST /desk/{project}/audiences/members/{member}/remove", member, someText, (*server).removeMember},
	{"GET /desk/{project}/downstream", member, noBody, (*server).downstreams},
	{"GET /desk/{project}/downstream.csv", member, noBody, (*server).downstreamCSV},
	{"GET /desk/{project}/downstream/{entry}", member, noBody, (*server).dependent},
	{"POST /desk/{project}/downstream/{entry}", member, someText, (*server).saveDependent},
	{"POST /desk/{project}/downstream/{entry}/check", member, someText, (*server).checkDependent},
	{"POST /desk/{project}/downstream/{entry}/remove", member, someText, (*server).removeDependent},
	{"GET /desk/{project}/installation", administrator, noBody, (*server).installation},
	{"POST /desk/{project}/installation/release", administrator, someText, (*server).letGo},
	{"POST /desk/{project}/installation/release-all", administrator, someText, (*server).letAllGo},
	{"POST /desk/{project}/installation/drop", administrator, someText, (*server).drop},
	{"POST /desk/{project}/installation/revoke", administrator, someText, (*server).revoke},
	{"GET /desk/{project}/cases/{case}", member, noBody, (*server).work},
	{"GET /desk/{project}/cases/{case}/readiness", member, noBody, (*server).readiness},
	{"GET /desk/{project}/cases/{case}/negotiation", member, noBody, (*server).negotiation},
	{"GET /desk/{project}/cases/{case}/parties/import", member, noBody, (*server).askPartyImport},
	{"POST /desk/{project}/cases/{case}/parties/import", member, andFiles, (*server).takePartyImport},
	{"POST /desk/{project}/cases/{case}/parties/audience", member, someText, (*server).inviteAudience},
	{"GET /desk/{project}/cases/{case}/advisory", member, noBody, (*server).editor},
	{"POST /desk/{project}/cases/{case}/advisory/preview", member, someText, (*server).previewDraft},
	{"GET /desk/{project}/cases/{case}/emergency", member, noBody, (*server).emergency},
	{"POST /desk/{project}/cases/{case}/emergency", member, someText, (*server).takeEmergency},
	{"GET /desk/{project}/cases/{case}/lines", member, noBody, (*server).lines},
	{"GET /desk/{project}/cases/{case}/train", member, noBody, (*server).train},
	{"GET /desk/{project}/cases/{case}/post", member, noBody, (*server).post},
	{"GET /desk/{project}/cases/{case}/post.md", member, noBody, (*server).postMarkdown},
	{"GET /desk/{project}/cases/{case}/notes.md", member, noBody, (*server).releaseNotes},
	{"GET /desk/{project}/cases/{case}/exposure", member, noBody, (*server).exposure},
	{"GET /desk/{project}/cases/{case}/export", member, noBody, (*server).exportCase},
	{"GET /desk/{project}/cases/{case}/handover", member, noBody, (*server).askHandover},
	{"POST /desk/{project}/cases/{case}/handover", member, andFiles, (*server).takeHandover},
	{"GET /desk/{project}/cases/{case}/handover/bundle", member, noBody, (*server).sendBundle},
	{"GET /desk/{project}/takeover", member, noBody, (*server).askTakeover},
	{"POST /desk/{project}/takeover", member, andFiles, (*server).takeTakeover},
	{"POST /desk/{project}/cases/{case}/patches", member, andFiles, (*server).takePatch},
	{"POST /desk/{project}/cases/{case}/patches/{patch}", member, someText, (*server).fetchPatch},
	{"GET /desk/{project}/cases/{case}/wording", member, noBody, (*server).wording},
	{"POST /desk/{project}/cases/{case}/wording", member, andFiles, (*server).checkWording},
	{"GET /desk/{project}/cases/{case}/fanout", member, noBody, (*server).fanOut},
	{"GET /desk/{project}/cases/{case}/fanout.csv", member, noBody, (*server).fanOutCSV},
	{"POST /desk/{project}/cases/{case}/trace", member, someText, (*server).trace},
	{"GET /desk/{project}/cases/{case}/{step}", member, noBody, (*server).askStep},
	{"POST /desk/{project}/cases/{case}/{step}", member, andFiles, (*server).takeStep},
	{"GET /desk/{project}/cases/{case}/files/{file}", member, noBody, (*server).workFile},
}

// everythingElse is what no page answers for: the published documents, and all that is not there.
var everythingElse = route{"/", everybody, noBody, (*server).nothingHere}
