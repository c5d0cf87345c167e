package policy

import (
	"slices"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
)

// silenceEndsEarly: between the end of the request not to speak and the release, a reporter may speak and be in the right.
var silenceEndsEarly = lint{
	code: "silence-ends-early",
	why:  "a reporter who speaks then keeps to the policy, and the users have no release yet",
	fix:  "let silence.until be released or disclosed, or agree on an embargo in each case",
	find: func(p *Policy, found func(string, string, ...any)) {
		until := p.Document.Silence.Until
		if slices.Contains([]string{"disclosed", cvd.MarkPublic, cvd.MarkReleased, cvd.MarkPosted, "closed"}, until) {
			return
		}
		for _, t := range p.Document.Tracks {
			if !t.Public && concerns(p.Document.Silence.Tracks, t.Name) {
				found("silence.until", "on the track %s the request ends at %s, before the fix is released", t.Name, until)
			}
		}
	},
}

// publicGate: a step that the community must take cannot be taken while the community may not know.
var publicGate = lint{
	code: "public-gate",
	why:  "the case stands still, or it is shown to people who may not know yet",
	fix:  "ask for it only on a public track (when), or after the disclosure",
	find: func(p *Policy, found func(string, string, ...any)) {
		for _, t := range p.Document.Tracks {
			if t.Public {
				continue
			}
			f := p.usual(t, "")
			for _, s := range p.Document.Steps {
				if slices.Contains([]string{"explain", "credit", "monitor", "reward", "close"}, s.Step) {
					continue // the matter is public by then
				}
				for _, q := range s.Requires {
					if q.Reviews != nil && slices.Contains(q.Reviews.Parts, "community") && p.holds(q.When, f, true) {
						found("steps."+s.Step+".requires."+q.Name, "on the track %s, which is not public, the community reviews before %s", t.Name, s.Step)
					}
				}
			}
		}
	},
}

// periodTellsNobody: a wait is there for somebody, who must know of it.
var periodTellsNobody = lint{
	code: "period-tells-nobody",
	why:  "time passes for the attackers only, since nobody is told to prepare",
	fix:  "count the wait from the delivery of a notice (delivered:NAME), or say in the requirement's words who uses the time",
	find: func(p *Policy, found func(string, string, ...any)) {
		for _, s := range p.Document.Steps {
			if s.Step != "release" && s.Step != "disclose" {
				continue
			}
			for _, q := range s.Requires {
				if q.Wait != nil && !strings.ContainsRune(q.Wait.Mark(), ':') {
					found("steps."+s.Step+".requires."+q.Name, "%s after %s pass before %s, and nobody is told", q.Wait.For.Words(), q.Wait.Mark(), s.Step)
				}
			}
		}
	},
}

// noEndToEmbargo: an embargo that nothing limits is a way to bury a vulnerability.
var noEndToEmbargo = lint{
	code: "no-end-to-embargo",
	why:  "a project that never publishes keeps to its policy",
	fix:  "write embargo.longest",
	find: func(p *Policy, found func(string, string, ...any)) {
		private := slices.ContainsFunc(p.Document.Tracks, func(t Track) bool { return !t.Public })
		if private && p.Document.Embargo.Longest.Zero() {
			found("embargo", "an embargo may be moved for ever")
		}
	},
}
