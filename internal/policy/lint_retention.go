package policy

import (
	"slices"
	"time"
)

// erasedTooSoon: what is still needed must not be gone. A case can be closed before everything that was promised of it is
// done, so that its content is kept for as long as the longest promise takes.
var erasedTooSoon = lint{
	code: "erased-too-soon",
	why:  "the post, the answer or the proof that was promised can no longer be made",
	fix:  "keep such cases for longer, or name the outcomes that nothing is owed for",
	find: func(x *inquiry) {
		length, whose := x.longestPromise()
		for _, r := range x.Document.Retention {
			if r.After.Approx() < length && !r.onlyNoise() {
				x.found("retention."+r.Name+".after", "what was sent is erased %s after the close, and %s may take %s", r.After.Words(), whose, days(length))
			}
		}
	},
}

// noRetention: what a document does not say about erasing has an answer all the same, and people ask for it.
var noRetention = lint{
	code:    "no-retention",
	informs: true,
	why:     "people who send secrets and personal data ask how long they are kept",
	fix:     "write retention",
	find: func(x *inquiry) {
		if len(x.Document.Retention) == 0 {
			x.found("retention", "nothing is said of erasing: every case is kept until a person erases it and gives a reason")
		}
	},
}

// onlyNoise says whether a rule is only about reports that were found to be none: nothing is owed for them.
func (r Retention) onlyNoise() bool {
	return len(r.Outcomes) > 0 && !slices.ContainsFunc(r.Outcomes, func(o string) bool { return o != "spam" && o != "invalid" })
}

// longestPromise is the longest time that the document gives for anything, and what it is for.
func (p *Policy) longestPromise() (length time.Duration, whose string) {
	longer := func(d Duration, name string) {
		if d.Approx() > length {
			length, whose = d.Approx(), name
		}
	}
	for _, c := range p.Document.Clocks {
		for _, w := range []*Within{c.Target, c.Within} {
			if w == nil {
				continue
			}
			longer(w.All, "clocks."+c.Name)
			for _, d := range w.ByClass {
				longer(d, "clocks."+c.Name)
			}
		}
	}
	longer(p.Document.Embargo.Longest, "embargo.longest")
	if d := p.Document.Disclosure.Details; d != nil {
		longer(d.After, "disclosure.details")
	}
	return length, whose
}
