package web

import (
	"slices"
	"strconv"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
)

// ask is how one value of a step is asked for.
type ask struct {
	label, help string
	rows        int
	required    bool // besides what the step's own type says
	optional    bool // though the type says that it is there: it may be empty for now
	choices     func(*stepForm) []choice
	many        bool // of the choices, several
}

// asks are the values that need more than their name, by "step.field", or by "field" for all steps.
var asks = map[string]ask{
	"message":  {label: "Message to the reporter", help: "The reporter reads this on their page", rows: 5},
	"evidence": {label: "What shows it", help: "A log, a link, what was tried: enough for somebody else to judge", rows: 4},
	"because":  {label: "Because", rows: 3},
	"text":     {label: "Text", rows: 6, required: true},
	"outcome":  {label: "Outcome"},
	"url":      {label: "Address"},
	"class":    {label: "Severity", choices: (*stepForm).classes},
	"vector":   {label: "CVSS vector", help: "CVSS:3.1/…, CVSS:4.0/… ; the score follows from it"},
	"version":  {label: "Version"},
	"line":     {label: "Release line", choices: (*stepForm).releaseLines, required: true},
	"product":  {label: "Product", choices: (*stepForm).products, required: true},
	"sha256":   {label: "SHA-256", help: "64 hexadecimal digits, of the file that is downloaded"},
	"report":   {label: "Report", choices: (*stepForm).reports},
	"edition":  {label: "Edition of the advisory", choices: (*stepForm).editions},
	"notice":   {label: "Notice", choices: (*stepForm).notices, required: true},
	"channel":  {label: "Channel", choices: (*stepForm).channels, required: true},
	"changes":  {label: "What this edition changes", help: "Shown in the revision history once an edition is published"},

	"patch":                   {label: "Patch", choices: (*stepForm).patches, required: true},
	"grant.to":                {label: "Who may read it from now on", choices: (*stepForm).readers, required: true},
	"grant.because":           {label: "What they need it for", required: true},
	"revoke.from":             {label: "Who may not read it any more", help: "What they fetched before, they have", choices: (*stepForm).readers, required: true},
	"revoke.because":          {label: "Because", required: true},
	"review.url":              {label: "Where everybody reads the review", help: "Of a fix that is public: the address of the review"},
	"validate.evidence":       {label: "What shows that it is right", rows: 4, required: true},
	"invalidate.reason":       {label: "Reason", required: true, choices: fixed("not_a_vulnerability", "out_of_scope", "not_reproducible", "duplicate", "spam")},
	"invalidate.evidence":     {label: "What shows it", rows: 4, required: true},
	"triage.title":            {label: "A better title", help: "Only if the reporter's will not do"},
	"triage.category":         {label: "Category", help: "Proposes the severity", choices: (*stepForm).categories},
	"triage.sensitive":        {label: "Would the details help an attacker?", choices: yesNo, required: true},
	"triage.track":            {label: "Track", choices: (*stepForm).tracks},
	"triage.kind":             {label: "Kind", choices: (*stepForm).kinds},
	"triage.impact":           {label: "Impact", help: "What somebody could do with it, to whom", rows: 4},
	"triage.impact_level":     {label: "How bad it would be", help: "With the likelihood it proposes the severity", choices: (*stepForm).impactLevels},
	"triage.likelihood":       {label: "How likely it is used", choices: (*stepForm).likelihoods},
	"triage.because":          {label: "Because", help: "Needed where severity and score disagree, for a grave severity without a score, and for a track that is not the usual one", rows: 2},
	"rate.says":               {label: "Why", rows: 3},
	"reproduce.environment":   {label: "Environment", help: "System, configuration: what somebody else would need", rows: 3, required: true},
	"reproduce.version":       {label: "Version", required: true},
	"prioritise.priority":     {label: "Priority", help: "As the team says it: P1, next release, …", required: true},
	"assign.work":             {label: "Piece of work", help: "lead, fix, test, advisory, contact …", required: true},
	"assign.person":           {label: "Person", choices: (*stepForm).people, required: true},
	"embargo.until":           {label: "The embargo ends", required: true},
	"embargo.terms":           {label: "Terms", rows: 3},
	"lift.why":                {label: "Why", choices: fixed("agreed", "public", "exploit", "attacks"), required: true},
	"analyse.section":         {label: "Section", required: true},
	"analyse.text":            {label: "Text", help: "Markdown. It replaces what the section says now", rows: 14, required: true},
	"remedy.affected":         {label: "Affected versions", help: "Such as >= 1.2.0, < 1.4.3"},
	"remedy.patches":          {label: "Patches", help: "One per line: the address, the SHA-256, and the word private if nobody else can read there", rows: 3},
	"check.check":             {label: "Check", choices: (*stepForm).checks, required: true},
	"check.platform":          {label: "Platform"},
	"review.part":             {label: "Part", help: "Of the policy's chain of reviews: technical, community …"},
	"review.says":             {label: "What the review found", rows: 4},
	"disclose.due":            {label: "The instant of publication"},
	"disclose.now":            {label: "Or at once?", choices: yesNo},
	"observe.fact":            {label: "What was seen"},
	"explain.vulnerability":   {label: "The vulnerability", rows: 6, required: true},
	"explain.response":        {label: "The response", rows: 6, required: true},
	"credit.name":             {label: "Name, as they wish it", required: true},
	"credit.role":             {label: "Role", choices: fixed("finder", "reporter", "analyst", "coordinator", "remediation_developer", "remediation_reviewer", "remediation_verifier", "tool", "sponsor", "other"), required: true},
	"credit.consent":          {label: "Do they agree to be named?", choices: yesNo, required: true},
	"waive.clause":            {label: "Clause", help: "As a refusal names it", required: true},
	"waive.because":           {label: "Because", rows: 3, required: true},
	"date.event":              {label: "Event", choices: (*stepForm).events, required: true},
	"date.on":                 {label: "It happens", required: true},
	"extend.clock":            {label: "Promise", choices: (*stepForm).promises, required: true},
	"extend.until":            {label: "It is promised until", required: true},
	"extend.because":          {label: "Why it takes longer", help: "The reporter reads it", rows: 3, required: true},
	"extend.agreed":           {label: "Where the reporter agreed", help: "Such as their message of Tuesday; needed where the policy asks for it"},
	"combine.into":            {label: "The case that it goes into", help: "Its number, such as JUNO-7KQ4. What would follow is shown before anything is done", required: true},
	"combine.because":         {label: "Why they are one matter", help: "The team reads it in both", rows: 3, required: true},
	"split.reports":           {label: "The reports that leave", choices: (*stepForm).reportsHere, required: true, many: true},
	"split.lines":             {label: "The release lines that go along", choices: (*stepForm).linesOfCase, many: true},
	"split.title":             {label: "Title of the new case", required: true},
	"split.because":           {label: "Why it is another matter", rows: 3, required: true},
	"split.until":             {label: "The end of its embargo", help: "Empty: as here"},
	"split.assessment":        {label: "What an earlier end there reveals about what stays here", rows: 3},
	"move.to":                 {label: "The project that it belongs to", help: "As in its address", required: true},
	"move.because":            {label: "Why it belongs there", help: "The team there reads it", rows: 3, required: true},
	"move.confirm":            {label: "Everybody there who may see cases will see it, and nothing of it is left here", required: true},
	"close.outcome":           {label: "Outcome", help: "In one word: fixed, mitigated, accepted, duplicate … With tracker or governance it goes on elsewhere", required: true},
	"close.url":               {label: "Where it goes on", help: "The address of the issue in the tracker, or of the discussion of governance"},
	"close.reference":         {label: "Its number there", help: "Such as that of a governance proposal"},
	"party":                   {label: "Party", choices: (*stepForm).parties},
	"parties":                 {label: "Parties", choices: (*stepForm).joined, many: true},
	"reports":                 {label: "Reporters", choices: (*stepForm).reports, many: true},
	"thread":                  {label: "Thread", choices: (*stepForm).threads},
	"name":                    {label: "Name"},
	"kind":                    {label: "What they are", choices: fixed("vendor", "downstream", "distributor", "validator", "expert", "coordinator", "csirt", "other")},
	"address":                 {label: "Mail address", help: "One that more than one person reads, if there is one. They get a letter with a link to the terms"},
	"contacts":                {label: "Other ways to reach them", help: "One per line: the service, the handle, and the day on which it was last seen to answer: matrix @olga:example.org 2026-03-02", rows: 3},
	"zone":                    {label: "Zone", help: "As Europe/Berlin; they see instants in it too"},
	"component":               {label: "Component", help: "What of it they answer for"},
	"audience":                {label: "Audience", help: "Of the policy, that they belong to", choices: (*stepForm).audiences},
	"weights":                 {label: "Weights", help: "One per line: voting_power 120", rows: 2},
	"invite.party":            {label: "A candidate, or somebody who is asked again", help: "Empty: somebody new", choices: (*stepForm).parties},
	"invite.name":             {label: "Name", help: "Needed for somebody new", optional: true},
	"invite.roles":            {label: "Roles in this case", help: "None: they coordinate, and read", choices: (*stepForm).roles, many: true},
	"invite.until":            {label: "The invitation ends", help: "Empty: with the case"},
	"invite.answer_by":        {label: "An answer is waited for until", help: "Empty: seven days; a time that is too short is made longer"},
	"nominate.name":           {label: "Name", required: true},
	"remove.party":            {label: "Party", choices: (*stepForm).joined, required: true},
	"remove.because":          {label: "What got out, and what shows it", rows: 3, required: true},
	"standing.party":          {label: "Party", choices: (*stepForm).joined, required: true},
	"standing.status":         {label: "How far they are", choices: fixed("investigating", "affected", "not_affected", "fix_in_progress", "ready", "deployed")},
	"standing.move":           {label: "Their own work on the report", choices: fixed("validate", "invalidate", "accept", "defer", "close")},
	"standing.line":           {label: "Release line", help: "Empty: all of them", choices: (*stepForm).releaseLines},
	"standing.says":           {label: "Where they said so", rows: 2},
	"thread.title":            {label: "Title", required: true},
	"accept.proposal":         {label: "Proposal", help: "Empty: the only one that is open", choices: (*stepForm).wishes},
	"reject.proposal":         {label: "Proposal", help: "Empty: the only one that is open", choices: (*stepForm).wishes},
	"observe.claim":           {label: "The claim that it confirms", choices: (*stepForm).claims},
	"dismiss.claim":           {label: "Claim", choices: (*stepForm).claims, required: true},
	"relay.downstream":        {label: "Project downstream", choices: (*stepForm).downstream, required: true},
	"relay.status":            {label: "How far it is", choices: fixed(cvd.RelayNotTold, cvd.RelayTold, cvd.RelayAcknowledged, cvd.RelayFixed, cvd.RelayDeclined), required: true},
	"relay.pull":              {label: "The change there", help: "The address of the request that raises the dependency"},
	"relay.version":           {label: "The version there that holds the fix"},
	"relay.because":           {label: "What it answered", rows: 2},
	"slip.to":                 {label: "The release moves to", required: true},
	"slip.because":            {label: "Why it moves", rows: 3, required: true},
	"slip.notice":             {label: "The correction", choices: (*stepForm).corrections},
	"slip.without":            {label: "How those who heard of the first instant learn of the new one", help: "Only where no correction goes out"},
	"correct.notice":          {label: "What is corrected", choices: (*stepForm).ordered, required: true},
	"correct.with":            {label: "In the words of", choices: (*stepForm).notices, help: "Empty: of the same notice"},
	"correct.withdraws":       {label: "Nothing takes its place: it is withdrawn", choices: yesNo},
	"correct.because":         {label: "Why, for the team", rows: 3, required: true},
	"tick.step":               {label: "Checklist of the step", choices: (*stepForm).listed, required: true},
	"tick.undo":               {label: "Not done after all", choices: yesNo},
	"countdown.at":            {label: "The instant", help: "This, or a height with the two figures that follow it"},
	"countdown.height":        {label: "Or the height", help: "Of the chain; its instant is an estimate"},
	"countdown.current":       {label: "The height of now", help: "Needed with a height"},
	"countdown.block_seconds": {label: "Seconds from one block to the next", help: "Needed with a height, such as 5.8"},
	"countdown.says":          {label: "What happens then"},
	"comment.text":            {label: "Your comment", help: "Everybody reads it, with your name", rows: 5},
	"comment.reproduced":      {label: "Could you reproduce it?", choices: yesNo},
	"comment.version":         {label: "With which version"},
	"moderate.comment":        {label: "Comment", choices: (*stepForm).comments, required: true},
	"moderate.because":        {label: "Why it is hidden", help: "Everybody reads it in the comment's place", rows: 2},
	"erase.why":               {label: "Why", required: true},
	"notify.again":            {label: "Why once more", help: "Only if this notice went out before"},
	"draft.text.title":        {label: "Title", help: "Strangers read it: no detail that the patch does not show", required: true},
	"draft.text.summary":      {label: "Summary", help: "Markdown", rows: 6, required: true},
	"draft.text.impact":       {label: "Impact", help: "Markdown, needed before the advisory is approved", rows: 5, optional: true},
	"draft.text.affected":     {label: "Further statements about versions", help: "One per line; the release lines of the case come first by themselves", rows: 2},
	"draft.text.resolution":   {label: "Resolution", help: "Markdown, needed before the advisory is approved: what to do", rows: 4, optional: true},
	"draft.text.mitigation":   {label: "Mitigation", help: "Markdown, needed before the advisory is approved: what helps meanwhile", rows: 4, optional: true},
	"draft.text.cve":          {label: "CVE", help: "CVE-2026-12345; it can come later"},
	"draft.text.cwe":          {label: "CWE", help: "CWE-79"},
	"draft.text.references":   {label: "References", help: "One per line: the address, then what it is", rows: 3},

	"bounty_eligible.report":   {label: "Report", choices: (*stepForm).reports, required: true},
	"bounty_eligible.eligible": {label: "Does it earn a part of the bounty?", choices: yesNo, required: true},
	"bounty_eligible.because":  {label: "Because", rows: 3, required: true},
	"bounty_propose.amount":    {label: "All together", help: "With its currency: 1250.50 USD", required: true},
	"bounty_propose.split":     {label: "Shared", help: "Equally: what does not divide goes to the earlier reports, one smallest unit to each"},
	"bounty_propose.shares":    {label: "Shares by hand", help: "A line for each report, with its number first: 1: 700.00. They sum to the whole exactly", rows: 3},
	"bounty_pay.report":        {label: "Share of the report", choices: (*stepForm).reports, required: true},
	"bounty_pay.reference":     {label: "Reference", help: "Where the payment can be looked up", required: true},
	"bounty_pay.at":            {label: "Paid at", help: "Now, if you leave it empty"},
	"plan.at":                  {label: "It is to be published at", help: "Nothing is published by this; leave it empty to say why it is not"},
	"plan.because":             {label: "Because", help: "Needed where no publication is planned", rows: 3},
	"record_breach.report":     {label: "The reporter of report", help: "Or name a party", choices: (*stepForm).reports},
	"record_breach.party":      {label: "Or the party", choices: (*stepForm).parties},
	"record_breach.term":       {label: "The term that was not kept", choices: (*stepForm).terms, required: true},
	"record_breach.evidence":   {label: "What shows it", rows: 4, required: true},
}

// appending are the steps that add something beside the rest. That somebody else did something meanwhile does not matter to
// them, so they name no revision.
var appending = []string{"message", "note", "rate", "reproduce", "check", "comment", "deliver", "observe", "monitor", "credit", "assign", "nominate", "standing", "thread"}

// askOf is how a field of a step is asked for.
func askOf(step string, f field) ask {
	a, ok := asks[step+"."+f.name]
	if !ok {
		a = asks[f.name]
	}
	if a.label == "" {
		_, last, found := strings.Cut(f.name, ".")
		if !found {
			last = f.name
		}
		a.label = upperFirst(words(last))
	}
	if a.choices == nil && len(f.enum) > 0 {
		a.choices = fixed(f.enum...)
		a.required = true
	}
	a.required = (a.required || f.must) && !a.optional
	return a
}

// fixed are choices that are words of the process.
func fixed(names ...string) func(*stepForm) []choice {
	return func(*stepForm) []choice {
		var out []choice
		for _, n := range names {
			out = append(out, choice{Value: n, Label: upperFirst(words(n))})
		}
		return out
	}
}

func yesNo(*stepForm) []choice { return yesOrNo() }

func (s *stepForm) people() (out []choice) {
	for _, p := range s.team {
		out = append(out, choice{Value: string(p.Handle), Label: p.Name})
	}
	return out
}

func (s *stepForm) editions() (out []choice) {
	for _, e := range slices.Backward(s.view.Advisory.Editions) {
		out = append(out, choice{Value: strconv.Itoa(e.Number), Label: "Edition " + strconv.Itoa(e.Number) + ": " + e.Text.Title})
	}
	return out
}

func (s *stepForm) reports() (out []choice) {
	for _, r := range s.view.Reports {
		out = append(out, choice{Value: strconv.Itoa(r.Number), Label: "Report " + strconv.Itoa(r.Number) + ": " + r.Title})
	}
	return out
}

func (s *stepForm) channels() (out []choice) {
	for _, n := range s.view.Notices {
		for _, c := range n.Channels {
			if !slices.ContainsFunc(out, func(x choice) bool { return x.Value == c }) {
				out = append(out, choice{Value: c, Label: upperFirst(words(c))})
			}
		}
	}
	return out
}
