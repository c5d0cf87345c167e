package api

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

// Report is what a reporter sends, and what the team reads of it, unedited. Only title and description are always asked for.
type Report struct {
	Number      int               `json:"number,omitempty" readOnly:"true" doc:"Within its case, from 1."`
	At          time.Time         `json:"at,omitzero" readOnly:"true"`
	Door        string            `json:"door,omitempty" readOnly:"true" doc:"How it came: form, api, desk (by somebody of the team)."`
	Title       string            `json:"title" doc:"One line, at most 300 characters."`
	Description string            `json:"description" doc:"At most 64 KiB, as every text."`
	Kind        string            `json:"kind,omitempty" doc:"A kind of the policy; without it, the policy's first choice."`
	Severity    string            `json:"severity,omitempty" doc:"What the reporter thinks."`
	Component   string            `json:"component,omitempty"`
	Version     string            `json:"version,omitempty"`
	Impact      string            `json:"impact,omitempty"`
	Steps       []string          `json:"steps,omitempty" doc:"To reproduce it, in order."`
	Expected    string            `json:"expected,omitempty" doc:"What should have happened."`
	Environment cvd.Environment   `json:"environment,omitzero"`
	Evidence    string            `json:"evidence,omitempty"`
	Contact     cvd.Contact       `json:"contact,omitzero" doc:"May stay empty: the return code is enough."`
	Credit      string            `json:"credit,omitempty" doc:"How the reporter wants to be named; without it, not at all."`
	Disclosure  string            `json:"disclosure_preference,omitempty" doc:"What the reporter wishes."`
	Told        []string          `json:"told,omitempty" doc:"Whom else the reporter told."`
	Deadline    time.Time         `json:"deadline,omitzero" doc:"When the reporter makes the matter public whatever happens; an exact instant with its zone."`
	AI          cvd.AIUse         `json:"ai_use,omitzero" doc:"The reporter's own word on the use of a model."`
	Fields      map[string]string `json:"fields,omitempty" doc:"The policy's own questions, by name."`
	Accepted    []string          `json:"accepted,omitempty" doc:"The policy's terms that the reporter accepts, by name."`
	Refused     []string          `json:"refused,omitempty" doc:"The terms that the reporter does not accept, by name; the report is taken all the same. What stands in neither list is unanswered."`
	Bargain     cvd.Bargain       `json:"bargain,omitempty" readOnly:"true" enum:"accepted,refused" doc:"How the reporter stands to all terms; absent while something is unanswered."`
	Attachments []cvd.Attachment  `json:"attachments,omitempty" readOnly:"true"`
	Continues   int               `json:"continues,omitempty" readOnly:"true" doc:"The report that this one takes up again."`
	RM          cvd.RM            `json:"report_management,omitempty" readOnly:"true" doc:"The project's management of this report (CERT/CC Vultron)."`
	Code        []byte            `json:"-"` // never in a view
	Consent     cvd.PEC           `json:"consent,omitempty" readOnly:"true" doc:"The reporter's consent to the embargo (CERT/CC Vultron)."`
	AnswerBy    time.Time         `json:"answer_by,omitzero" readOnly:"true" doc:"Until when the reporter's answer to the embargo is waited for."`
	Signed      int               `json:"-"` // known by the consent
	Came        []cvd.Stay        `json:"came,omitempty" readOnly:"true" doc:"The cases that it was in before; its return code names the first."`
	Left        cvd.Pointer       `json:"left,omitzero" readOnly:"true" doc:"The case that it left into; nothing else is left of it here."`
}

// Accepted is what a reporter leaves with.
type Accepted struct {
	Case      cvd.CaseID `json:"case"`
	Code      string     `json:"code" doc:"The return code, a bearer credential for this case. It is shown once and kept nowhere."`
	Receipt   any        `json:"receipt" doc:"The signed proof that the report was recorded; it can be checked offline."`
	StatusURL string     `json:"status_url" doc:"The page that takes the return code."`
	Notice    string     `json:"notice,omitempty" doc:"The request not to speak in public, with its reason."`
}

// Submitted is Accepted as a client reads it, with the receipt byte for byte.
type Submitted struct {
	Accepted
	Receipt json.RawMessage `json:"receipt"`
}

// Report sends a report. The key makes a report that is sent again, after an answer that did not arrive, one report.
func (c *Client) Report(ctx context.Context, project cvd.ProjectID, r Report, key string) (Submitted, error) {
	var out Submitted
	return out, c.do(ctx, call{method: http.MethodPost, path: projectPathOf(project) + "/reports", in: r, key: key}, &out)
}

func (s *server) report(a *asked, in Report) (Accepted, error) {
	once, err := a.once()
	if err != nil {
		return Accepted{}, err
	}
	door := "api"
	if a.who.Standing == cvd.Member && a.who.May("receive") {
		door = casework.Desk
	}
	kept, err := s.Casework.Receive(a.Context(), a.project(), door, cvd.Report(in), nil, once)
	if err != nil {
		return Accepted{}, err
	}
	return s.accepted(a, kept.Case, kept.Code, kept.Receipt, in)
}

// accepted is the answer to a report; Location is where its code opens it.
func (s *server) accepted(a *asked, id cvd.CaseID, code string, receipt any, in Report) (Accepted, error) {
	a.head.Set("Location", s.Base+Prefix+casePathOf(a.project(), id))
	return Accepted{Case: id, Code: code, Receipt: receipt, StatusURL: s.Base + "/p/" + url.PathEscape(string(a.project())) + "/status",
		Notice: s.notice(a.project(), in)}, nil
}

// notice is the request not to speak in public that goes with a new report.
func (s *server) notice(project cvd.ProjectID, in Report) string {
	p, err := s.Casework.PolicyOf(project)
	if err != nil {
		return ""
	}
	kind, err := p.Kind(in.Kind)
	if err != nil {
		return ""
	}
	return p.Silence(cvd.Case{Kind: kind.Name, Track: p.Begin(kind, in.Disclosure).Name})
}

// Reopen sends a report of a matter that came back after its case was closed.
func (c *Client) Reopen(ctx context.Context, project cvd.ProjectID, id cvd.CaseID, r Report) (Reopened, error) {
	var out Reopened
	return out, c.do(ctx, call{method: http.MethodPost, path: casePathOf(project, id) + "/reports", in: r}, &out)
}

// Reopened is what a report in a closed case leads to.
type Reopened struct {
	Code string `json:"code" doc:"The return code of the new report; that of the earlier one stays good for it."`
	Case Case   `json:"case"`
}

func (s *server) reopen(a *asked, in Report) (out Reopened, err error) {
	out.Case, err = a.changed(func(about casework.About) (v cvd.View, err error) {
		v, out.Code, err = s.Casework.Reopen(a.Context(), a.who, about, cvd.Report(in), nil)
		return v, err
	})
	return out, err
}

// Receipt reads the receipt of the report that the credential belongs to: a promise at first, the proof an hour later.
func (c *Client) Receipt(ctx context.Context, project cvd.ProjectID, id cvd.CaseID) (json.RawMessage, error) {
	var out json.RawMessage
	return out, c.do(ctx, call{method: http.MethodGet, path: casePathOf(project, id) + "/receipt"}, &out)
}

func (s *server) receipt(a *asked, _ nothing) (json.RawMessage, error) {
	id, err := a.caseID()
	if err != nil {
		return nil, err
	}
	r, err := s.Casework.ReceiptOf(a.Context(), a.who, id)
	if err != nil {
		return nil, err
	}
	return json.Marshal(r)
}
