package cvd

import "time"

// Report is what a reporter sent, whole and unedited. A report is not a case: a case bundles reports.
type Report struct {
	Number      int               `json:"number"` // within its case, from 1; a later one is a linked successor
	At          time.Time         `json:"at"`
	Door        string            `json:"door"` // form, api, cli
	Title       string            `json:"title"`
	Description string            `json:"description"`
	Kind        string            `json:"kind,omitempty"` // a kind of the policy
	Severity    string            `json:"severity,omitempty"`
	Component   string            `json:"component,omitempty"`
	Version     string            `json:"version,omitempty"`
	Impact      string            `json:"impact,omitempty"`
	Steps       []string          `json:"steps,omitempty"`
	Expected    string            `json:"expected,omitempty"`
	Environment Environment       `json:"environment,omitzero"`
	Evidence    string            `json:"evidence,omitempty"`
	Contact     Contact           `json:"contact,omitzero"`
	Credit      string            `json:"credit,omitempty"`                // how the reporter wants to be named; empty: not
	Disclosure  string            `json:"disclosure_preference,omitempty"` // what the reporter wishes
	Told        []string          `json:"told,omitempty"`                  // whom else the reporter told
	Deadline    time.Time         `json:"deadline,omitzero"`               // when the reporter will speak whatever happens; zero: not said
	AI          AIUse             `json:"ai_use,omitzero"`
	Fields      map[string]string `json:"fields,omitempty"`   // the policy's own fields
	Accepted    []string          `json:"accepted,omitempty"` // terms of the policy that the reporter accepted
	Refused     []string          `json:"refused,omitempty"`  // and those that they did not accept
	Bargain     Bargain           `json:"bargain,omitempty"`  // how the reporter stands to all terms of the policy
	Attachments []Attachment      `json:"attachments,omitempty"`
	Continues   int               `json:"continues,omitempty"` // the report that this one reopens
	RM          RM                `json:"rm,omitempty"`        // the project's management of this report
	Code        []byte            `json:"code,omitempty"`      // hash of the return code's secret
	Consent     PEC               `json:"consent,omitempty"`   // the reporter's consent to the embargo
	AnswerBy    time.Time         `json:"answer_by,omitzero"`  // until when their answer to it is waited for
	Signed      int               `json:"signed,omitempty"`    // the terms that they agreed to last: a number of Case.Proposals
	Came        []Stay            `json:"came,omitempty"`      // the cases that it was in before, the first one first
	Left        Pointer           `json:"left,omitzero"`       // the case that it left into: nothing else is left of it here
}

// Environment is where the reporter saw it.
type Environment struct {
	OS            string `json:"os,omitempty"`
	Version       string `json:"version,omitempty"`
	Configuration string `json:"configuration,omitempty"`
}

// Contact is how a reporter may be reached; both parts may be empty: nobody needs an account or a name.
type Contact struct {
	Name  string `json:"name,omitempty"`
	Email string `json:"email,omitempty"`
}

// AIUse is the reporter's own statement about the use of a model.
type AIUse struct {
	Used bool   `json:"used,omitempty"`
	How  string `json:"how,omitempty"`
}

// Attachment is a file that somebody sent. Its bytes are sealed under the case's key and found by ID.
type Attachment struct {
	ID   string `json:"id"`
	Name string `json:"name"` // as it was sent: untrusted text
	Type string `json:"type"` // as sniffed by us, never as claimed
	Size int64  `json:"size"`
	Hash []byte `json:"sha256"`

	Holds []string `json:"holds,omitempty"` // kinds of secret that its bytes seemed to hold when it came
}
