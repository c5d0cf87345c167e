package cvd

// Force is how strongly something that happened asks for an embargo's end.
type Force string

// The forces.
const (
	Ends      Force = "ends"
	ShallEnd  Force = "SHALL"
	ShouldEnd Force = "SHOULD"
	MayEnd    Force = "MAY"
	NoEffect  Force = "none"
)

// Ending is one reason for which an embargo ends, or does not.
type Ending struct {
	Why   string // as it is recorded
	Says  string
	Force Force
}

// Endings are the reasons, the strongest first. One participant's leaving, deferring or closing ends nothing.
var Endings = []Ending{
	{"date", "the agreed instant came", Ends},
	{"public", "the matter is public, a leak included", ShallEnd},
	{"exploit_public", "an exploit is public", ShallEnd},
	{"attacks", "attacks were observed", ShouldEnd},
	{"exploit_with_adversaries", "adversaries have an exploit", ShouldEnd},
	{"fix_deployed", "the fix is deployed", ShouldEnd},
	{"details_with_adversaries", "adversaries know the technical details", MayEnd},
	{"quorum", "so many vendors have fixes that waiting for the rest costs more", MayEnd},
	{"agreed", "those who take part agreed to end it", MayEnd},
	{"left", "one participant left, deferred or closed", NoEffect},
}

// ForceOf is how strongly a reason asks for the end; a word of the project's own may.
func ForceOf(why string) Force {
	for _, e := range Endings {
		if e.Why == why {
			return e.Force
		}
	}
	return MayEnd
}
