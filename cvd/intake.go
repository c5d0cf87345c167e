package cvd

import (
	"fmt"
	"time"
)

// Received is a report that came in. The first one opens a case; a later one in the same case is its linked successor.
type Received struct {
	Report Report `json:"report"`
	Track  string `json:"track"` // the track that the policy begins it on
	Kind   string `json:"kind"`

	Begins   Beginning `json:"begins,omitzero" readOnly:"true"`    // the embargo that begins with the report, if its reporter accepted the terms
	AnswerBy time.Time `json:"answer_by,omitzero" readOnly:"true"` // until when others are waited for
}

func (x *Received) kind() string { return "received" }
func (x *Received) apply(c *Case, e *Event) {
	r := x.Report
	r.Number, r.At = len(c.Reports)+1, e.At
	r.RM, _ = Start.Move("receive")
	r.Consent, r.AnswerBy, r.Signed = NoConsentAsked, time.Time{}, 0
	c.CS.VendorAware = true
	if last := c.Current(); last == nil {
		c.Kind, c.Track = x.Kind, x.Track
	} else {
		if c.Public && c.Shown == nil {
			c.Shown = c.show() // the public sees nothing of the new report until triage says that it may
		}
		if last.RM == Closed || last.RM == NotValid {
			c.takeUpAgain(e)
		}
	}
	c.Title = r.Title
	c.Reports = append(c.Reports, r)
	c.agree(r.Number, r.Accepted, r.Refused, e)
	if c.Embargo.State == Proposed { // who reports while a proposal waits agrees to it
		for _, p := range InOrder(c.Proposals) {
			c.say(p.Number, Answer{By: ReporterID(r.Number), At: e.At, Agrees: true})
		}
	}
	c.bind(r.Number, x.Begins, x.AnswerBy, e)
}

// takeUpAgain begins a new round: what was reached in the one before says nothing of it.
func (c *Case) takeUpAgain(e *Event) {
	c.Round, c.Outcome, c.Sensitive, c.Checks, c.Severity = map[string]time.Time{}, "", nil, nil, Assessment{}
	c.Elsewhere = Elsewhere{}
	for i := range c.Lines {
		l := &c.Lines[i]
		l.Status, l.Patches, l.Release, l.FixedAt = "unknown", nil, time.Time{}, time.Time{}
		l.Artefacts, l.Merged, l.MergedCommit, l.MergedURL = nil, time.Time{}, "", ""
	}
	c.mark(MarkReopened, e.At)
}
func (x *Received) says() (string, Tier) {
	if x.Report.Continues > 0 {
		return fmt.Sprintf("Received a report that continues report %d", x.Report.Continues), ForReporter
	}
	return "Received the report", ForReporter
}

// Acknowledged is the word of a person, not of a machine, that the report was seen.
type Acknowledged struct {
	Message string `json:"message,omitempty"` // to the reporter
}

func (x *Acknowledged) kind() string { return "acknowledged" }
func (x *Acknowledged) apply(c *Case, e *Event) {
	c.tell(e, x.Message)
}
func (x *Acknowledged) says() (string, Tier) { return "Seen and acknowledged by a person", ForReporter }

// Validated is the decision that the report is right, with what shows it.
type Validated struct {
	Evidence string     `json:"evidence"`
	Message  string     `json:"message,omitempty"`
	Lines    []LineName `json:"lines,omitempty" readOnly:"true"` // that the policy promises fixes for: each needs an answer
}

func (x *Validated) kind() string { return "validated" }
func (x *Validated) apply(c *Case, e *Event) {
	c.move("validate")
	for _, l := range x.Lines {
		c.line(l.Product, l.Line)
	}
	c.tell(e, x.Message)
}
func (x *Validated) says() (string, Tier) { return "Confirmed the report", ForReporter }

// Invalidated is the decision that the report is not right, with the reason.
type Invalidated struct {
	Reason   string `json:"reason"` // not_a_vulnerability, out_of_scope, not_reproducible, duplicate …
	Evidence string `json:"evidence"`
	Message  string `json:"message,omitempty"`
}

func (x *Invalidated) kind() string { return "invalidated" }
func (x *Invalidated) apply(c *Case, e *Event) {
	c.move("invalidate")
	c.tell(e, x.Message)
}
func (x *Invalidated) says() (string, Tier) {
	return "Found the report not valid: " + words(x.Reason), ForReporter
}

// move applies a trigger to the management of the reports that the case is about now.
func (c *Case) move(trigger string) {
	for _, n := range c.Heads() {
		r := &c.Reports[n-1]
		if to, ok := r.RM.Move(trigger); ok {
			r.RM = to
		}
	}
}

// tell adds a step's message to the reporters whose reports the case is about now, if it has one.
func (c *Case) tell(e *Event, text string) {
	if text == "" {
		return
	}
	for _, n := range c.Heads() {
		c.Messages = append(c.Messages, Message{At: e.At, By: e.Who, To: "reporter", Report: n, Text: text})
	}
}
