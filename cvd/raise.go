package cvd

// Raised is a severity that a rule of the policy made graver, because of what became known.
type Raised struct {
	Class   string `json:"class"`
	Clause  string `json:"clause"` // severity.floors.attacks
	Because string `json:"because"`
}

func (x *Raised) kind() string { return "raised" }
func (x *Raised) apply(c *Case, e *Event) {
	a := c.Severity
	a.At, a.By, a.Class, a.Because = e.At, e.Who, x.Class, x.Because
	c.Severity = a
	c.Assessed = append(c.Assessed, a)
}
func (x *Raised) says() (string, Tier) {
	return "Raised the severity to " + x.Class + ": " + x.Because, ForReporter
}
