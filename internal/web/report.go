package web

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

var reportPage = page("report.html")

// reportView is what report.html shows: where to go with what, or the form for one kind with whatever was typed before.
type reportView struct {
	frame
	Intro     string
	Shut      string // why no report is taken at the moment
	Slow      string // why answers take longer at the moment
	Silence   *silence
	Kinds     []kind       // to choose from; empty once one is chosen
	Carried   []typedField // what was typed already while the kind is still asked for
	Kind      kind
	Changed   bool // whether another kind could be chosen
	Questions []question
	Terms     []term
	Keep      string // how long confidence is asked for at most
	Files     filesField
	Read      *reading // what was made of a template that was pasted
	Once      string   // drawn for each form that is shown: a form that is sent twice is one report
	Problems  *problems
}

type filesField struct{ Error string }

// askReport shows where to go with what and, once a kind is chosen, the form.
func (s *server) askReport(w http.ResponseWriter, r *http.Request) error {
	v, err := s.reportForm(projectOf(r), r.URL.Query().Get("kind"), url.Values{})
	if err != nil {
		return err
	}
	if v.Kind.Place == "tracker" {
		issue, err := s.issueForm(projectOf(r), v.Kind, url.Values{})
		if err != nil {
			return err
		}
		s.show(w, http.StatusOK, issuePage, issue)
		return nil
	}
	s.show(w, http.StatusOK, reportPage, v)
	return nil
}

// takeReport takes a report in, or shows the form again with all that was typed and what is wrong with it.
func (s *server) takeReport(w http.ResponseWriter, r *http.Request) error {
	id := projectOf(r)
	p, err := s.Casework.PolicyOf(id)
	if err != nil {
		return err
	}
	in, err := read(r)
	if err != nil {
		return err
	}
	if look := in.values.Get("look"); look != "" || in.values.Get("template") != "" {
		return s.lookReport(w, id, in)
	}
	report := reportOf(in.values)
	var late error
	if report.Deadline, late = deadlineIn(in.values); late != nil {
		in.problems = append(in.problems, asError(late))
	}
	v, err := s.reportForm(id, report.Kind, in.values)
	if err != nil {
		return err
	}
	if v.Kind.Name == "" || !v.Kind.Here {
		return s.whichKind(w, v, in)
	}
	if errs := append(p.Problems(&report), in.problems...); len(errs) > 0 {
		return s.againReport(w, v, in, errs...)
	}
	// The answer is waited for even if the reader has gone: the report is in by then, and its code must not be lost unseen.
	a, err := s.Casework.Receive(context.WithoutCancel(r.Context()), id, "form", report, in.files, onceOf(in, report))
	if e, ok := errors.AsType[*cvd.Error](err); ok {
		if e.Kind == cvd.Invalid && e.Field == "" {
			v.Once = rand.Text() // the key was used for another text: this is a new report
			e = cvd.Errorf(cvd.Invalid, "this form was sent before, with another text, and that report is with the project under the code you were shown; send it again only if this is a new report")
		}
		return s.againReport(w, v, in, e)
	}
	if err != nil {
		return err
	}
	return s.showAccepted(w, r, id, a)
}

// lookReport shows the form again with what was typed, and sends nothing: another kind was chosen, or a template was pasted.
func (s *server) lookReport(w http.ResponseWriter, id cvd.ProjectID, in sent) error {
	kinds, err := s.kinds(id)
	if err != nil {
		return err
	}
	var read *reading
	if k, ok := choose(kinds, in.values.Get("kind")); ok && k.Here && (in.values.Get("look") == "template" || in.values.Get("template") != "") {
		if read, err = s.pasted(id, k.Name, in.values); err != nil {
			return err
		}
	}
	v, err := s.reportForm(id, in.values.Get("kind"), in.values)
	if err != nil {
		return err
	}
	if v.Kind.Name == "" || !v.Kind.Here {
		return s.whichKind(w, v, in)
	}
	if v.Read = read; len(in.files) > 0 || len(in.problems) > 0 {
		v.Files.Error = chooseAgain
	}
	s.show(w, http.StatusOK, reportPage, v)
	return nil
}

const chooseAgain = "Please choose your files again: a browser does not keep them."

// whichKind asks what a report is about, which says where it goes. What was typed already goes along.
func (s *server) whichKind(w http.ResponseWriter, v reportView, in sent) error {
	v.Carried = carried(in.values)
	v.Title = "Not sent yet: " + v.Title
	status := http.StatusUnprocessableEntity
	if v.Problems = mark(nil, in.problems); v.Problems != nil {
		status = statuses[in.problems[0].Kind].code
	}
	s.show(w, status, reportPage, v)
	return nil
}

// reportForm is the form for a kind, or the choice of a kind.
func (s *server) reportForm(id cvd.ProjectID, name string, typed url.Values) (reportView, error) {
	f, _, err := s.within(id, "report", "Report a vulnerability")
	if err != nil {
		return reportView{}, err
	}
	p, err := s.Casework.PolicyOf(id)
	if err != nil {
		return reportView{}, err
	}
	kinds, err := s.kinds(id)
	if err != nil {
		return reportView{}, err
	}
	d := &p.Document
	v := reportView{frame: f, Intro: d.Form.Intro, Changed: len(kinds) > 1, Slow: p.Slow()}
	v.Shut, _ = p.Shut(s.Now())
	if d.Silence.Says != "" {
		v.Silence = &silence{d.Silence.Says, d.Silence.Because, d.Silence.Also, s.clausesOf(id, 0).at("silence")}
	}
	chosen, ok := choose(kinds, name)
	if v.Kind = chosen; !ok || !chosen.Here {
		v.Kinds = kinds
		return v, nil
	}
	if v.Questions, err = s.questions(id, chosen.Name, typed); err != nil {
		return reportView{}, err
	}
	for _, t := range d.Terms {
		v.Terms = append(v.Terms, term{Name: t.Name, Says: t.Says, Answer: answerTo(typed, t.Name)})
	}
	if last := d.Silence.Backstop; !last.Zero() {
		v.Keep = "The silence that we ask for ends by itself, at the latest " + last.Words() + " after your report."
	}
	if v.Once = typed.Get("once"); v.Once == "" {
		v.Once = rand.Text()
	}
	return v, nil
}

// againReport shows the form again. Files cannot be filled in by a page: whoever chose some must choose them again.
func (s *server) againReport(w http.ResponseWriter, v reportView, in sent, errs ...*cvd.Error) error {
	v.Problems = mark(v.Questions, errs)
	v.Title = "Not sent yet: " + v.Title
	for _, e := range in.problems {
		if e.Field != "/deadline" {
			v.Files.Error = upperFirst(e.Says)
		}
	}
	if v.Files.Error == "" && len(in.files) > 0 {
		v.Files.Error = chooseAgain
	}
	retryAfter(w, errs[0])
	s.show(w, statuses[errs[0].Kind].code, reportPage, v)
	return nil
}

// reportOf makes a report of what was typed. Nothing is improved but line ends: a report is kept as it was sent.
func reportOf(typed url.Values) cvd.Report {
	r := cvd.Report{Kind: typed.Get("kind"), Title: typed.Get("title"), Description: typed.Get("description"), Severity: typed.Get("severity"),
		Component: typed.Get("component"), Version: typed.Get("version"), Impact: typed.Get("impact"), Steps: lines(typed.Get("steps")),
		Expected: typed.Get("expected"), Evidence: typed.Get("evidence"), Credit: typed.Get("credit"),
		Disclosure: typed.Get("disclosure_preference"), Told: lines(typed.Get("told")),
		Environment: cvd.Environment{OS: typed.Get("environment.os"), Version: typed.Get("environment.version"),
			Configuration: typed.Get("environment.configuration")},
		Contact: cvd.Contact{Name: strings.TrimSpace(typed.Get("contact.name")), Email: strings.TrimSpace(typed.Get("contact.email"))},
		AI:      cvd.AIUse{Used: typed.Get("ai_use.used") == "yes", How: typed.Get("ai_use.how")}}
	r.Accepted, r.Refused = answersIn(typed)
	for name := range typed {
		if own, ok := strings.CutPrefix(name, "fields."); ok && typed.Get(name) != "" {
			if r.Fields == nil {
				r.Fields = map[string]string{}
			}
			r.Fields[own] = typed.Get(name)
		}
	}
	return r
}

// numbered is the number that people write before a step; the list numbers them itself.
var numbered = regexp.MustCompile(`^\s*\d{1,3}[.)]\s+`)

// lines are the entries of a list that was typed one per line.
func lines(text string) []string {
	var out []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(numbered.ReplaceAllString(line, "")); line != "" {
			out = append(out, line)
		}
	}
	return out
}

// onceOf makes one report of a form that is sent twice. The body is what was said, not how a browser packed it.
func onceOf(in sent, report cvd.Report) *casework.Once {
	key := in.values.Get("once")
	if key == "" {
		return nil
	}
	body, err := json.Marshal(report)
	if err != nil {
		panic(err) // texts always marshal
	}
	for _, f := range in.files {
		sum := sha256.Sum256(f.Body)
		body = append(append(body, sum[:]...), f.Name...)
	}
	return &casework.Once{Key: key, Body: body}
}
