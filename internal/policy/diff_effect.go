package policy

import "strings"

// Effect says what a change means for those who rely on the process: a promise that is easier or harder to keep, a gate that is
// easier or harder to pass.
type Effect string

// The effects of a change.
const (
	Looser  Effect = "looser"
	Tighter Effect = "tighter"
	Other   Effect = "other" // neither, or nobody can say by the field alone
)

func (e Effect) opposite() Effect {
	switch e {
	case Looser:
		return Tighter
	case Tighter:
		return Looser
	}
	return Other
}

// effects says of a clause what it means that its value grows, or that it is added. A star stands for one name. A field that
// is in none of these lines changes in other ways.
var effects = []struct {
	clause        string
	grows, exists Effect
}{
	{"clocks.*", Other, Tighter},
	{"clocks.*.target", Looser, Tighter},
	{"clocks.*.target.*", Looser, Tighter},
	{"clocks.*.within", Looser, Tighter},
	{"clocks.*.within.*", Looser, Tighter},
	{"clocks.*.reminder", Looser, Tighter},
	{"clocks.*.reminder.*", Looser, Tighter},
	{"clocks.*.pause.*", Other, Looser},
	{"clocks.*.warn.*", Other, Tighter},
	{"clocks.*.escalate.*", Other, Tighter},
	{"clocks.*.escalate.*.after", Looser, Other},
	{"clocks.*.escalate.*.every", Looser, Tighter},
	{"clocks.*.extend", Other, Looser},
	{"clocks.*.extend.by", Looser, Other},
	{"clocks.*.extend.times", Looser, Looser},
	{"clocks.*.extend.reporter", Tighter, Other},

	{"steps.*", Other, Tighter},
	{"steps.*.checklist.*", Other, Tighter},
	{"steps.*.guests.*", Other, Looser},
	{"*.*.requires.*", Other, Tighter},
	{"*.*.requires.*.when", Other, Looser},
	{"*.*.requires.*.unless", Other, Looser},
	{"*.*.requires.*.or", Other, Looser},
	{"*.*.requires.*.wait", Other, Tighter},
	{"*.*.requires.*.wait.for", Tighter, Tighter},
	{"*.*.requires.*.wait.share", Tighter, Other},
	{"*.*.requires.*.checks.*", Other, Tighter},
	{"*.*.requires.*.sections.*", Other, Tighter},
	{"*.*.requires.*.reviews.parts.*", Other, Tighter},
	{"*.*.requires.*.reviews.count", Tighter, Tighter},
	{"*.*.requires.*.reviews.experts", Tighter, Tighter},
	{"*.*.requires.*.quorum.at_least", Tighter, Tighter},
	{"roles.*.can.*", Other, Looser},
	{"alone", Other, Looser},
	{"alone.wait", Tighter, Other},
	{"contingencies.*.lifts.*", Other, Looser},

	{"checks.*", Other, Tighter},
	{"notices.*", Other, Tighter},
	{"advisory.parts.*", Other, Tighter},
	{"products.*.lines.*.eligible", Tighter, Other},
	{"products.*.channels.*", Other, Tighter},
	{"products.*.keys.*", Other, Tighter},
	{"*.*.requires.*.wait.restarts", Tighter, Other},
	{"silence.backstop", Looser, Tighter},
	{"embargo.offer", Looser, Other},
	{"embargo.longest", Looser, Tighter},
	{"embargo.least", Looser, Looser},
	{"disclosure.details.after", Looser, Other},
	{"bounty.within", Looser, Tighter},
	{"stalled", Looser, Tighter},
	{"recurring.*", Other, Tighter},
	{"recurring.*.every", Looser, Other},
	{"recurring.*.does.*", Other, Tighter},
}

// effectOf says what a change of a clause means; grown is how much more the value is, for one that changed.
func effectOf(clause string, kind ChangeKind, grown float64) Effect {
	for _, e := range effects {
		if !matches(e.clause, clause) {
			continue
		}
		switch {
		case kind == Added:
			return e.exists
		case kind == Removed:
			return e.exists.opposite()
		case grown > 0:
			return e.grows
		case grown < 0:
			return e.grows.opposite()
		}
	}
	return Other
}

// matches compares a clause with one that has stars.
func matches(pattern, clause string) bool {
	for {
		p, restOfPattern, more := strings.Cut(pattern, ".")
		c, restOfClause, longer := strings.Cut(clause, ".")
		if p != "*" && p != c || more != longer {
			return false
		}
		if !more {
			return true
		}
		pattern, clause = restOfPattern, restOfClause
	}
}
