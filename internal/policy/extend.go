package policy

// Inherit is what a document that extends this one may do to a clause and to all in it: lower, raise or set it, or nothing.
// The rule with the longest clause counts; where none stands, a clause may be set.
type Inherit struct {
	Clause  string `yaml:"clause"`
	May     string `yaml:"may" enum:"lower,raise,set,nothing"`
	Because string `yaml:"because,omitempty"`
}
