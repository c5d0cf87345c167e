package cvd

import "strconv"

// Adopted says that an open case follows another version of the policy from now on. Whoever may read the case reads why: the
// reason is the same for all cases that move, and tells nothing of any of them.
type Adopted struct {
	From    int64  `json:"from"`
	To      int64  `json:"to"`
	Because string `json:"because"`
}

func (x *Adopted) kind() string            { return "adopted" }
func (x *Adopted) apply(c *Case, _ *Event) { c.Policy = x.To }
func (x *Adopted) says() (string, Tier) {
	return "Moved from version " + strconv.FormatInt(x.From, 10) + " to version " + strconv.FormatInt(x.To, 10) + " of the policy: " + x.Because, ForReporter
}
