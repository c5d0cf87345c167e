package cvd

import "slices"

// Messaged is a word between the team and a reporter, in either direction, or in a thread.
type Messaged struct {
	Report      int          `json:"report,omitempty"` // whose reporter; 0: the current one
	Thread      int          `json:"thread,omitempty"` // the thread that it goes to, instead of a reporter
	Text        string       `json:"text"`
	Attachments []Attachment `json:"attachments,omitempty" readOnly:"true"`
}

func (x *Messaged) kind() string { return "messaged" }
func (x *Messaged) apply(c *Case, e *Event) {
	if x.Thread != 0 {
		c.Messages = append(c.Messages, Message{At: e.At, By: e.Who, Name: e.Name, To: "thread", Thread: x.Thread, Text: x.Text, Attachments: x.Attachments})
		return
	}
	report := x.Report
	if report == 0 {
		report = c.newest()
	}
	c.Messages = append(c.Messages, Message{At: e.At, By: e.Who, To: "reporter", Report: report, Text: x.Text, Attachments: x.Attachments})
}
func (x *Messaged) says() (string, Tier) {
	if x.Thread != 0 {
		return "Wrote in a thread", ForTeam
	}
	return "Wrote a message", ForReporter
}

// Noted is a word that only the team reads.
type Noted struct {
	Text string `json:"text"`
}

func (x *Noted) kind() string { return "noted" }
func (x *Noted) apply(c *Case, e *Event) {
	c.Messages = append(c.Messages, Message{At: e.At, By: e.Who, To: "team", Text: x.Text})
}
func (x *Noted) says() (string, Tier) { return "Wrote a note for the team", ForTeam }

// Waiving asks that the case may pass a clause, or seconds that somebody else asked it.
type Waiving struct {
	Clause  string `json:"clause"`
	Because string `json:"because"`
	Alone   bool   `json:"alone,omitempty" readOnly:"true"`
}

func (x *Waiving) kind() string { return "waived" }
func (x *Waiving) apply(c *Case, e *Event) {
	i := slices.IndexFunc(c.Waivers, func(w Waiver) bool { return w.Clause == x.Clause && !w.Effective() })
	if i < 0 {
		c.Waivers = append(c.Waivers, Waiver{Clause: x.Clause, Because: x.Because, At: e.At, By: e.Who})
		return
	}
	c.Waivers[i].SecondedAt, c.Waivers[i].SecondedBy, c.Waivers[i].Alone = e.At, e.Who, x.Alone
}
func (x *Waiving) says() (string, Tier) {
	return "Let the case pass " + x.Clause + ": " + x.Because, ForTeam
}
