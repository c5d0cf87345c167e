package policy

import "slices"

// selfApproval: the advisory must have been read by somebody who did not write it.
var selfApproval = lint{
	code:  "self-approval",
	rules: []string{"L13"},
	why:   "whoever wrote a text does not see what it gives away",
	fix:   "let steps.disclose require reviews of the advisory; the author never counts among them",
	find: func(x *inquiry) {
		for _, q := range x.stepRule("disclose").Requires {
			if q.When == "" && q.Reviews != nil && q.Reviews.Of == "advisory" && (q.Reviews.Count > 0 || len(q.Reviews.Parts) > 0) {
				return
			}
		}
		x.found("steps.disclose", "one person may write an advisory and publish it")
	},
}

// publicGate: a step that the community must take cannot be taken while the community may not know.
var publicGate = lint{
	code:  "public-gate",
	rules: []string{"L2", "F8"},
	why:   "the case stands still, or the fix is shown to people who may not know yet",
	fix:   "ask for it only on a public track (when), or after the disclosure",
	find: func(x *inquiry) {
		x.eachPublicReview("fix", func(clause, track, step string) {
			x.found(clause, "on the track %s, which is not public, the community reviews the fix before %s", track, step)
		})
	},
}

// publicText: an advisory that the community reviews first is published before it is approved.
var publicText = lint{
	code:  "public-text-review",
	rules: []string{"L2", "F8"},
	why:   "the embargoed text is published by the review that should precede its publication",
	fix:   "let the community review advisories of public tracks only (when), and those of others after the disclosure",
	find: func(x *inquiry) {
		x.eachPublicReview("advisory", func(clause, track, step string) {
			x.found(clause, "on the track %s, which is not public, the community reviews the advisory before %s", track, step)
		})
	},
}

// afterwards are the steps before which a matter has become public.
var afterwards = []string{"explain", "credit", "monitor", "reward", "close"}

// eachPublicReview visits the reviews by the community that a track asks for which is not public.
func (x *inquiry) eachPublicReview(of string, visit func(clause, track, step string)) {
	for _, t := range x.Document.Tracks {
		if t.Public {
			continue
		}
		f := x.usual(t, "")
		look := func(owner, step string, requires []Requirement) {
			for _, q := range requires {
				if q.Reviews != nil && q.Reviews.Of == of && slices.Contains(q.Reviews.Parts, "community") && x.holds(q.When, f, true) {
					visit(owner+".requires."+q.Name, t.Name, step)
				}
			}
		}
		for _, s := range x.Document.Steps {
			if !slices.Contains(afterwards, s.Step) {
				look("steps."+s.Step, s.Step, s.Requires)
			}
		}
		for _, n := range x.Document.Notices {
			if n.Before && concerns(n.Tracks, t.Name) {
				look("notices."+n.Name, "the notice "+n.Name, n.Requires)
			}
		}
	}
}
