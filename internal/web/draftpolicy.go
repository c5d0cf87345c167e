package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/tipstaff/tipstaff/internal/casework"
)

var draftPolicyPage = page("draftpolicy.html")

// draftPolicyView is what draftpolicy.html shows who writes a policy: the text, and all that can be said of it.
type draftPolicyView struct {
	frame
	Path     string // of the pages about the policy
	Problems *problems
	Text     string
	Because  string
	Source   policySource // if it is a file at a forge, nothing is proposed here
	asking
	draftResults
}

// draftResults are what can be said of a text. They are a page's lower half, and by themselves what the script asks for.
type draftResults struct {
	Summary, Heading string
	Notes            int        // how much there is to say of lines
	Open, Told       []lineNote // what asks for something; what is explained, or for information
	Lines            []codeLine
	Valid            bool
	Base             int64
	Changes          []policyChange
	Timeline         *timeline
	NoTimeline       string
}

// editPolicy shows the policy in force, to be changed.
func (s *server) editPolicy(w http.ResponseWriter, r *http.Request) error {
	who := actorOf(r)
	p, err := s.Casework.PolicyOf(who.Project)
	if err != nil {
		return err
	}
	text, err := s.Casework.PolicyVersionText(r.Context(), who, p.Version)
	if err != nil {
		return err
	}
	return s.showDraftPolicy(w, r, url.Values{"text": {string(text)}}, nil)
}

// takePolicy checks what was written, or proposes it. Either way the text stays in the page until it is taken.
func (s *server) takePolicy(w http.ResponseWriter, r *http.Request) error {
	in, err := read(r)
	if err != nil {
		return err
	}
	if in.values.Get("do") != "propose" {
		return s.showDraftPolicy(w, r, in.values, in.problem())
	}
	p, err := s.Casework.ProposePolicy(r.Context(), actorOf(r), []byte(in.values.Get("text")), in.values.Get("because"))
	if e := asError(err); e != nil {
		return s.showDraftPolicy(w, r, in.values, e)
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, proposalPath(actorOf(r).Project, p.Number)+"?done=proposed", http.StatusSeeOther)
	return nil
}

// checkPolicy answers with what can be said of a text, as part of a page that has it.
func (s *server) checkPolicy(w http.ResponseWriter, r *http.Request) error {
	in, err := read(r)
	if err != nil {
		return err
	}
	_, z, err := s.atDesk(r, "policy", "Edit the policy")
	if err != nil {
		return err
	}
	v, err := s.looked(r, in.values, z)
	if err != nil {
		return err
	}
	s.show(w, http.StatusOK, draftPolicyPage.part("results"), v)
	return nil
}

func (s *server) showDraftPolicy(w http.ResponseWriter, r *http.Request, typed url.Values, wrong error) error {
	who := actorOf(r)
	f, z, err := s.atDesk(r, "policy", "Edit the policy")
	if err != nil {
		return err
	}
	now, err := s.Casework.PolicyOf(who.Project)
	if err != nil {
		return err
	}
	v := draftPolicyView{frame: f, Path: policyPath(who.Project), Text: typed.Get("text"), Because: typed.Get("because"), asking: askScenario(now, typed, z)}
	if v.Source, err = s.sourceOf(r, z); err != nil {
		return err
	}
	if v.draftResults, err = s.looked(r, typed, z); err != nil {
		return err
	}
	s.show(w, s.withProblems(w, &v.Problems, asError(wrong)), draftPolicyPage, v)
	return nil
}

// looked says all that can be said of a text.
func (s *server) looked(r *http.Request, typed url.Values, z zone) (draftResults, error) {
	who, text := actorOf(r), typed.Get("text")
	x, err := s.Casework.DraftPolicy(r.Context(), who, []byte(text))
	if err != nil {
		return draftResults{}, err
	}
	v := draftResults{Valid: x.Policy != nil, Base: x.Base}
	v.notes(x)
	v.Notes, v.Lines = len(v.Open)+len(v.Told), linesOf(text, v.Open...)
	if x.Policy == nil {
		return v, nil
	}
	v.Changes = changesOf(x.Changes, s.clausesOf(who.Project, x.Base), "")
	for i := range v.Changes {
		if v.Changes[i].Clause.URL == "" {
			v.Changes[i].Clause.URL = lineURL(x.Policy.Line(v.Changes[i].Clause.Name))
		}
	}
	t, err := s.simulated(x.Policy, typed)
	if e := asError(err); e != nil {
		v.NoTimeline = e.Says
		return v, nil
	}
	if err != nil {
		return v, err
	}
	v.Timeline, err = laidOut(t, z, func(name string) clause { return clause{name, lineURL(x.Policy.Line(name))} })
	return v, err
}

// notes lays out what is wrong with a text, or could be, and says it in one line.
func (v *draftResults) notes(x casework.DraftPolicy) {
	for _, p := range x.Problems {
		n := lineNote{Grade: "wrong", Says: upperFirst(p.Says), Clause: clause{Name: p.Clause}, Line: p.Line}
		if p.File != "policy.yaml" { // in a document that it stands on
			n.Says, n.Line = p.File+": "+n.Says, 0
		}
		if len(p.Allowed) > 0 {
			n.Fix = "Allowed: " + strings.Join(p.Allowed, ", ")
		}
		v.Open = append(v.Open, n)
	}
	if x.Unfit != nil {
		v.Open = append(v.Open, lineNote{Grade: "wrong", Says: upperFirst(x.Unfit.Error()), Line: 1})
	}
	for _, f := range x.Findings {
		n := lineNote{Grade: "open", Says: upperFirst(f.Says), Why: upperFirst(f.Why), Fix: upperFirst(f.Fix), Ways: f.Ways, Clause: clause{Name: f.Clause}, Line: f.Line}
		switch {
		case f.Waived != "":
			n.Grade, n.Why, n.Fix, n.Ways = "explained", "", "Explained: "+strings.TrimSpace(f.Waived), nil
		case f.Informs:
			n.Grade = "told"
		default:
			v.Open = append(v.Open, n)
			continue
		}
		v.Told = append(v.Told, n)
	}
	wrong := len(x.Problems)
	if x.Unfit != nil {
		wrong++
	}
	switch {
	case wrong > 0:
		v.Summary = many(wrong, "thing keeps", "things keep") + " this from being the policy."
	case len(v.Open) > 0:
		v.Summary = "This is a policy. The linter has " + many(len(v.Open), "objection", "objections") + "."
	default:
		v.Summary = "This is a policy, and the linter has no objection."
	}
	v.Heading = strings.TrimSuffix(v.Summary, ".")
}

// many is a number of things.
func many(n int, one, more string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, more)
}
