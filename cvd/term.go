package cvd

import (
	"slices"
	"time"
)

// Term is one thing that a policy asks of reporters, in the version that binds the case.
type Term struct{ Name, Says string }

// Agreement is what a reporter said to one term of the policy, and of which version. What was said before it stays.
type Agreement struct {
	Report   int // whose reporter, from 1
	Term     string
	Accepted bool
	At       time.Time
	Policy   int64
}

// Bargain is how a reporter stands to the terms of the policy, taken together.
type Bargain string

// The three states of a bargain. A report is kept in each of them.
const (
	Unanswered    Bargain = ""         // something was not answered, and nothing refused
	TermsAccepted Bargain = "accepted" // every term
	TermsRefused  Bargain = "refused"  // at least one
)

// AgreedTerms is a reporter's word on terms of the policy, which they may change later.
type AgreedTerms struct {
	Accepted []string `json:"accepted,omitempty"`
	Refused  []string `json:"refused,omitempty"`
	Report   int      `json:"report,omitempty" readOnly:"true"`
	Bargain  Bargain  `json:"bargain,omitempty" readOnly:"true"` // how the reporter stands to all of them afterwards

	Begins   Beginning `json:"begins,omitzero" readOnly:"true"`    // the embargo that their word begins
	AnswerBy time.Time `json:"answer_by,omitzero" readOnly:"true"` // until when others are waited for
}

func (x *AgreedTerms) kind() string { return "agreed_terms" }
func (x *AgreedTerms) apply(c *Case, e *Event) {
	if x.Report < 1 || x.Report > len(c.Reports) {
		return
	}
	c.agree(x.Report, x.Accepted, x.Refused, e)
	c.Reports[x.Report-1].Bargain = x.Bargain
	c.bind(x.Report, x.Begins, x.AnswerBy, e)
}
func (x *AgreedTerms) says() (string, Tier) {
	switch x.Bargain {
	case TermsAccepted:
		return "The reporter accepted the terms", ForTeam
	case TermsRefused:
		return "The reporter did not accept all terms", ForTeam
	}
	return "The reporter answered some of the terms", ForTeam
}

// agree keeps what was said to terms.
func (c *Case) agree(report int, accepted, refused []string, e *Event) {
	for _, name := range accepted {
		c.Agreements = append(c.Agreements, Agreement{report, name, true, e.At, e.Policy})
	}
	for _, name := range refused {
		c.Agreements = append(c.Agreements, Agreement{report, name, false, e.At, e.Policy})
	}
}

// bind is what a reporter's word does to the embargo. Who accepted every term has consented, and what the policy offers begins;
// who refused one has not, or no longer does, and nothing begins.
func (c *Case) bind(report int, begins Beginning, answerBy time.Time, e *Event) {
	id := ReporterID(report)
	switch c.Reports[report-1].Bargain {
	case TermsRefused:
		c.declines(id)
	case TermsAccepted:
		c.begin(e, begins, id, report, answerBy)
	}
}

// AgreementOn is what a reporter said to a term last; ok is false while it is unanswered.
func AgreementOn(all []Agreement, report int, term string) (last Agreement, ok bool) {
	for _, x := range slices.Backward(all) {
		if x.Report == report && x.Term == term {
			return x, true
		}
	}
	return Agreement{}, false
}

// Confidence is how long a reporter is asked to keep the matter to themselves: until a mark, at the latest until an instant. It is
// no embargo, which has an instant and binds who signed it: nobody has to end it.
type Confidence struct {
	Mark  string    // what ends it, in words: "the patches"
	Until time.Time // the backstop; zero: the policy knows none
	Over  time.Time // when it ended; zero: it holds
}

// Says is the whole of it for people.
func (x Confidence) Says() string {
	switch {
	case x.Mark == "":
		return ""
	case !x.Over.IsZero():
		return "It ended " + Instant(x.Over) + "."
	case x.Until.IsZero():
		return "It holds until " + x.Mark + "."
	}
	return "It holds until " + x.Mark + ", at the latest until " + Instant(x.Until) + ", and then ends by itself."
}

// TermBreach is a term that somebody in the case did not keep, as the team recorded it. It decides nothing by itself: it is
// there when the next cooperation is thought about.
type TermBreach struct {
	At       time.Time
	By       ActorID
	Report   int     // whose reporter it was, from 1
	Party    ActorID // or which party
	Term     string  // of the policy, or embargo
	Evidence string
}

// TermBreached is the record of it.
type TermBreached struct {
	Report   int     `json:"report,omitempty"`
	Party    ActorID `json:"party,omitempty"`
	Term     string  `json:"term"`
	Evidence string  `json:"evidence"`
}

func (x *TermBreached) kind() string { return "term_breached" }
func (x *TermBreached) apply(c *Case, e *Event) {
	c.TermBreaches = append(c.TermBreaches, TermBreach{At: e.At, By: e.Who, Report: x.Report, Party: x.Party, Term: x.Term, Evidence: x.Evidence})
}
func (x *TermBreached) says() (string, Tier) {
	return "Recorded that a term was not kept: " + words(x.Term), ForTeam
}
