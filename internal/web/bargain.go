package web

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

// term is one thing that a reporter is asked for, with what they said to it.
type term struct {
	Name, Says string
	Answer     string // accept, refuse, or nothing
	Said       string // when, and of which version of the policy
}

// bargain is what the project asks of a reporter, on the page of their report.
type bargain struct {
	Says  string
	Keep  string // how long they are asked to keep it to themselves
	Terms []term
	Past  []saying
}

// saying is something that was said before, and is not what holds now.
type saying struct {
	At   moment
	Says string
}

const (
	accepts = "accept"
	refuses = "refuse"
)

// answerTo is what was typed as the answer to a term.
func answerTo(typed url.Values, name string) string {
	if slices.Contains(typed["accepted"], name) {
		return accepts
	}
	return typed.Get("term." + name)
}

// answersIn are the terms that a form accepts, and those that it refuses.
func answersIn(typed url.Values) (accepted, refused []string) {
	accepted = slices.Clone(typed["accepted"])
	for _, field := range sorted(typed) {
		name, ok := strings.CutPrefix(field, "term.")
		switch {
		case !ok:
		case typed.Get(field) == accepts && !slices.Contains(accepted, name):
			accepted = append(accepted, name)
		case typed.Get(field) == refuses:
			refused = append(refused, name)
		}
	}
	return accepted, refused
}

// deadlineIn is the reporter's own deadline as it was typed; zero if none was.
func deadlineIn(typed url.Values) (time.Time, error) {
	if strings.TrimSpace(typed.Get("deadline")) == "" {
		return time.Time{}, nil
	}
	return instantOf("/deadline", typed.Get("deadline"), typed.Get("deadline.zone"))
}

// instantInput is the type of a field for an instant: a browser's own would drop a text that is none.
func instantInput(typed string) string {
	if _, err := time.Parse(localForms[0], typed); err != nil && typed != "" {
		return "text"
	}
	return "datetime-local"
}

// instantText is an instant as its field takes it, with its zone.
func instantText(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format(time.RFC3339)
}

// bargains say how a reporter stands to the terms.
var bargains = map[cvd.Bargain]string{
	cvd.Unanswered:    "You have not answered everything. Nothing depends on it that is yours: your report is worked on all the same.",
	cvd.TermsAccepted: "You accepted all terms.",
	cvd.TermsRefused:  "You did not accept all terms. Your report is worked on all the same, and no embargo was made with you.",
}

// teamBargains say the same to the team.
var teamBargains = map[cvd.Bargain]string{cvd.TermsAccepted: "accepted the terms", cvd.TermsRefused: "terms not accepted"}

// bargainOf lays out the terms of the policy that binds the case; nil where it has none.
func bargainOf(h held, v cvd.View, z zone) *bargain {
	if len(v.Terms) == 0 {
		return nil
	}
	b := &bargain{Keep: v.Confidence.Says()}
	for _, r := range v.Reports {
		b.Says = bargains[r.Bargain]
	}
	title := map[string]string{}
	for _, t := range v.Terms {
		x := term{Name: t.Name, Says: t.Says}
		title[t.Name] = t.Says
		if said, ok := cvd.AgreementOn(v.Agreements, h.who.Report, t.Name); ok {
			x.Answer = map[bool]string{true: accepts, false: refuses}[said.Accepted]
			x.Said = "Said " + cvd.Instant(said.At) + ", of version " + strconv.FormatInt(said.Policy, 10) + " of the policy."
		}
		if now := h.sent.values.Get("term." + t.Name); now != "" {
			x.Answer = now
		}
		b.Terms = append(b.Terms, x)
	}
	for i, x := range v.Agreements {
		if last, _ := cvd.AgreementOn(v.Agreements[i+1:], x.Report, x.Term); last.Term != "" {
			b.Past = append(b.Past, saying{z.at(x.At), map[bool]string{true: "accepted: ", false: "not accepted: "}[x.Accepted] + cmp.Or(title[x.Term], words(x.Term))})
		}
	}
	return b
}

// agree takes what a reporter says to the terms. Only what is new is kept: a form that is sent twice says it once.
func (s *server) agree(w http.ResponseWriter, r *http.Request) error {
	return s.held(w, r, func(h held) error {
		v, err := s.Casework.Case(r.Context(), h.who, h.who.Case)
		if err != nil {
			return err
		}
		said := func(accepted bool) func(string) bool {
			return func(name string) bool {
				last, ok := cvd.AgreementOn(v.Agreements, h.who.Report, name)
				return ok && last.Accepted == accepted
			}
		}
		in := cvd.AgreedTerms{}
		in.Accepted, in.Refused = answersIn(h.sent.values)
		in.Accepted, in.Refused = slices.DeleteFunc(in.Accepted, said(true)), slices.DeleteFunc(in.Refused, said(false))
		if len(in.Accepted)+len(in.Refused) == 0 {
			return s.status(w, r, h, done("Nothing has changed."))
		}
		_, err = s.Casework.Agree(r.Context(), h.who, casework.About{Case: h.who.Case}, in)
		if e, ok := errors.AsType[*cvd.Error](err); ok {
			return s.status(w, r, h, func(v *statusView) int {
				v.Problems = &problems{Heading: "Nothing was changed yet", Lines: []problem{{Says: upperFirst(e.Says)}}}
				return statuses[e.Kind].code
			})
		}
		if err != nil {
			return err
		}
		return s.status(w, r, h, done("The project knows what you accept, and what you do not."))
	})
}
