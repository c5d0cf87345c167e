package policy

// Contingency is what the process does when a thing goes otherwise than planned: a leak, attacks, a reporter who falls silent.
// While its predicate holds, the clauses that it lifts stand in nobody's way, and the case says which of them were passed.
type Contingency struct {
	Name  string   `yaml:"name" is:"name"`
	Title string   `yaml:"title"`
	When  string   `yaml:"when,omitempty" is:"predicate"` // none: people decide whether it has come, and nothing is lifted
	Lifts []string `yaml:"lifts,omitempty" is:"clause"`   // "steps.release.requires.wait"
	Says  string   `yaml:"says"`                          // what is done then, in words
}

// Door is whether reports are taken in at the moment. Whoever has reported already is served in any case.
type Door struct {
	State string `yaml:"state" enum:"open,throttled,invite_only,closed"` // open, throttled, invite_only, closed
	Until string `yaml:"until,omitempty" is:"day"`                       // the day on which it opens again
	Says  string `yaml:"says,omitempty"`                                 // why, and where to turn meanwhile
}
