package policy

import (
	"regexp"
	"slices"

	"github.com/tipstaff/tipstaff/cvd"
)

// silenceEndsEarly: between the end of the request not to speak and the release, a reporter may speak and be in the right.
var silenceEndsEarly = lint{
	code:  "silence-ends-early",
	rules: []string{"L3", "F5"},
	why:   "a reporter who speaks then keeps to the policy, and the users have no release yet",
	fix:   "let silence.until be released or disclosed, or agree on an embargo in each case",
	find: func(x *inquiry) {
		until := x.Document.Silence.Until
		if slices.Contains([]string{"disclosed", cvd.MarkPublic, cvd.MarkReleased, cvd.MarkPosted, "closed"}, until) {
			return
		}
		for _, t := range x.Document.Tracks {
			if !t.Public && concerns(x.Document.Silence.Tracks, t.Name) {
				x.found("silence.until", "on the track %s the request ends at %s, before the fix is released", t.Name, until)
			}
		}
	},
}

// noEndToEmbargo: an embargo that nothing limits is a way to bury a vulnerability.
var noEndToEmbargo = lint{
	code:  "no-end-to-embargo",
	rules: []string{"F4"},
	why:   "a project that never publishes keeps to its policy",
	fix:   "write embargo.longest",
	find: func(x *inquiry) {
		private := slices.ContainsFunc(x.Document.Tracks, func(t Track) bool { return !t.Public })
		if private && x.Document.Embargo.Longest.Zero() {
			x.found("embargo", "an embargo may be moved for ever")
		}
	},
}

// outlivesSecret: what is known can no longer be kept.
var outlivesSecret = lint{
	code:  "embargo-outlives-secret",
	rules: []string{"L14"},
	why:   "attackers know by then, and only the users are still not told",
	fix:   "let public and exploit_public be among embargo.ends, or leave it out: then they are",
	find: func(x *inquiry) {
		ends := x.Document.Embargo.Ends
		var missing []string
		for _, fact := range []string{cvd.MarkPublic, cvd.MarkExploit} {
			if len(ends) > 0 && !slices.Contains(ends, fact) {
				missing = append(missing, fact)
			}
		}
		if len(missing) > 0 {
			x.found("embargo.ends", "an embargo goes on after %s", either(missing))
		}
	},
}

// identifierGate: who gives out identifiers is not in a hurry because a project is.
var identifierGate = lint{
	code:  "identifier-gate",
	rules: []string{"L18"},
	why:   "users wait for their fix until somebody outside the project has time",
	fix:   "let it be met otherwise after a while (or: {after: …, for: …}), or write advisory.identifiers.patience",
	find: func(x *inquiry) {
		ids := x.Document.Advisory.Identifiers
		if ids != nil && !ids.Patience.Zero() {
			return
		}
		x.eachRequirement(func(clause string, q Requirement) {
			holdsUp := within(clause, "steps.release") || within(clause, "steps.disclose")
			if holdsUp && q.Mark != "" && q.Or == nil && (ids != nil && q.Mark == ids.Reserved || ofIdentifier.MatchString(q.Mark)) {
				x.found(clause, "nothing is published before %s, however long that takes", q.Mark)
			}
		})
	},
}

// ofIdentifier recognises a milestone that is an identifier by its name.
var ofIdentifier = regexp.MustCompile(`(^|_)(cve|identifier|ghsa)(_|$)`)

// noIdentifiers: a vulnerability without an identifier is in nobody's scanner.
var noIdentifiers = lint{
	code:  "no-identifier-source",
	rules: []string{"F4"},
	why:   "scanners and distributors find a vulnerability by its identifier, and on the day of the release nobody knows who asks for one",
	fix:   "say where identifiers come from: advisory.identifiers, or in words advisory.cve",
	find: func(x *inquiry) {
		if x.Document.Advisory.Identifiers == nil && x.Document.Advisory.CVE == "" {
			x.found("advisory", "nothing says where identifiers come from")
		}
	},
}
