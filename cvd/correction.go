package cvd

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// Corrected orders the correction of a notice to go out: to exactly those who got the notice, by the same channels. It says the
// notice anew, by its own template or by that of another notice of the policy, and names the first one.
type Corrected struct {
	Notice    string            `json:"notice"`                          // that was wrong, or is no longer so
	With      string            `json:"with,omitempty"`                  // the notice of the policy whose words it takes: "moved"; empty: the same
	Says      map[string]string `json:"says,omitempty"`                  // what holds now
	Withdraws bool              `json:"withdraws,omitempty"`             // nothing takes its place
	Because   string            `json:"because"`                         // for the team
	Event     EventID           `json:"event,omitempty" readOnly:"true"` // the order of the notice that it corrects
	Name      string            `json:"name,omitempty" readOnly:"true"`
	Channels  []string          `json:"channels,omitempty" readOnly:"true"`
	Audiences []string          `json:"audiences,omitempty" readOnly:"true"`
	Copies    []Copy            `json:"copies,omitempty" readOnly:"true"`
	Subject   string            `json:"subject,omitempty" readOnly:"true"`
	Text      string            `json:"text,omitempty" readOnly:"true"`
	Pre       bool              `json:"pre,omitempty" readOnly:"true"`
}

func (x *Corrected) kind() string { return "corrected" }
func (x *Corrected) apply(c *Case, e *Event) {
	c.Notices = append(c.Notices, Notice{Name: x.Name, Event: e.ID, At: e.At, By: e.Who, Pre: x.Pre, Says: x.Says, Subject: x.Subject, Text: x.Text,
		Channels: x.Channels, Audiences: x.Audiences, Copies: x.Copies, Corrects: x.Event, Withdraws: x.Withdraws, Because: x.Because,
		Delivered: map[string]time.Time{}, Failed: map[string]string{}, Repeated: map[string]bool{}})
}
func (x *Corrected) says() (string, Tier) {
	line := "Corrected the notice “" + words(x.Notice) + "”"
	if x.Withdraws {
		line = "Withdrew the notice “" + words(x.Notice) + "”"
	}
	return line + ", to those who got it, by " + strings.Join(x.Channels, ", ") + ": " + x.Because, ForTeam
}

// correctionMark stands between the name of a notice and the number of its correction. No notice of a policy has it in its name.
const correctionMark = "/correction-"

// CorrectionName is the name of the next correction of a notice.
func (c Case) CorrectionName(notice string) string {
	n := 1
	for _, o := range c.Notices {
		if strings.HasPrefix(o.Name, notice+correctionMark) {
			n++
		}
	}
	return notice + correctionMark + strconv.Itoa(n)
}

// Corrects takes the name of a correction apart: the notice that it corrects and the number of the correction.
func Corrects(name string) (notice, number string, ok bool) {
	return strings.Cut(name, correctionMark)
}

// Orders are all orders of notices, also those that went out again since, the newest first.
func (c Case) Orders() []Notice {
	all := slices.Concat(c.OldOrders, c.Notices)
	slices.Reverse(all)
	slices.SortStableFunc(all, func(a, b Notice) int { return b.At.Compare(a.At) })
	return all
}

// Ordered is the last order of a notice of the policy; ok is false if it was not ordered.
func (c Case) Ordered(notice string) (n Notice, ok bool) {
	i := slices.IndexFunc(c.Notices, func(n Notice) bool { return n.Name == notice })
	if i < 0 {
		return Notice{}, false
	}
	return c.Notices[i], true
}
