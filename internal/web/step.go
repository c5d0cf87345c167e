package web

import (
	"errors"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

var stepPage = page("step.html")

// stepForm is what step.html shows: the form of one step on one case, made from what the step takes.
type stepForm struct {
	frame
	Case      cvd.CaseID
	Matter    string
	CasePath  string
	Step, Doc string
	Verb      string
	Rev       int64
	Notices   []choice // to choose from, before the form of a notice can be made
	Notice    string
	With      string // the notice whose words a correction takes, or that tells of a move of the release
	Questions []question
	Files     *filesField
	Blocked   []objection
	Foreseen  []casework.Foreseen // what would follow, where the step turns the way the case is handled
	Preview   string              // what it was foreseen for
	Slip      *slipView           // what a move of the release would do
	Readers   []string            // who reads a message that goes to the reporter; none if nothing does
	Meanwhile []entry             // what happened since the form was opened
	Problems  *problems
	Code      string // of an invitation, shown once

	fields []field
	view   cvd.View
	at     time.Time // at which it is asked
	zone   zone
	policy *casework.Policy
	team   []cvd.Person

	exposed []casework.Exposed // the projects downstream, for the step that is about one
}

// objection is one reason why a step cannot be taken now.
type objection struct {
	Says     string
	Clause   clause
	Earliest moment
}

// invite is the step that answers with a code; it stands beside the table of casework because of it.
var invite = casework.Step{Name: "invite", Doc: "Asks somebody to take part in this case, and in nothing else.", In: cvd.Invitation{}}

func stepNamed(name string) (casework.Step, bool) {
	if name == invite.Name {
		return invite, true
	}
	i := slices.IndexFunc(casework.Steps, func(s casework.Step) bool { return s.Name == name })
	if i < 0 {
		return casework.Step{}, false
	}
	return casework.Steps[i], true
}

// askStep shows the form of a step, filled in with what the case says now.
func (s *server) askStep(w http.ResponseWriter, r *http.Request) error {
	v, step, err := s.stepForm(r, r.PathValue("step"))
	if err != nil {
		return err
	}
	typed := v.current(r.URL.Query())
	v.ask(step, typed)
	s.show(w, http.StatusOK, stepPage, v)
	return nil
}

// takeStep takes the step, or shows the form again with all that was typed and what stands in the way.
func (s *server) takeStep(w http.ResponseWriter, r *http.Request) error {
	in, err := read(r)
	if err != nil {
		return err
	}
	v, step, err := s.stepForm(r, r.PathValue("step"))
	if err != nil {
		return err
	}
	v.Notice = in.values.Get("notice")
	if step.Name == "correct" {
		v.With = in.values.Get("with")
	}
	v.ask(step, in.values)
	what, errs := readStep(step.In, v.fields, in.values)
	if errs = append(errs, in.problems...); len(errs) > 0 {
		return s.againStep(w, r, v, in, errs...)
	}
	if s.foresee(r, &v, what, in) {
		s.show(w, http.StatusOK, stepPage, v)
		return nil
	}
	about := casework.About{Case: v.Case}
	if !slices.Contains(appending, step.Name) {
		about.Rev = number(in.values.Get("rev"))
	}
	done, code, err := s.run(r, step, about, what, in.files)
	if e := asError(err); e != nil {
		return s.againStep(w, r, v, in, e)
	}
	if err != nil {
		return err
	}
	if code != "" {
		v.Code, v.Title = code, "Invited"
		s.show(w, http.StatusOK, stepPage, v)
		return nil
	}
	http.Redirect(w, r, casePath(done.Project, done.ID)+"?done="+url.QueryEscape(step.Name), http.StatusSeeOther)
	return nil
}

// run takes a step. Two of them have more than a form's texts: a message its files, an invitation its code.
func (s *server) run(r *http.Request, step casework.Step, about casework.About, in any, files []casework.File) (v cvd.View, code string, err error) {
	switch x := in.(type) {
	case cvd.Messaged:
		v, err = s.Casework.Write(r.Context(), actorOf(r), about, x, files)
	case cvd.Invitation:
		return s.Casework.Invite(r.Context(), actorOf(r), about, x)
	default:
		v, err = step.Run(r.Context(), s.Casework, actorOf(r), about, in)
	}
	return v, "", err
}

// stepForm is the empty form of a step on the case that the address names.
func (s *server) stepForm(r *http.Request, name string) (stepForm, casework.Step, error) {
	step, ok := stepNamed(name)
	if !ok {
		return stepForm{}, step, cvd.NotFound
	}
	who := actorOf(r)
	view, err := s.Casework.Case(r.Context(), who, cvd.CaseID(r.PathValue("case")))
	if err != nil {
		return stepForm{}, step, err
	}
	f, z, err := s.atDesk(r, "inbox", upperFirst(words(step.Name))+" · "+string(view.ID))
	if err != nil {
		return stepForm{}, step, err
	}
	p, err := s.Casework.PolicyOf(who.Project)
	if err != nil {
		return stepForm{}, step, err
	}
	v := stepForm{frame: f, Case: view.ID, Matter: view.Title, CasePath: casePath(who.Project, view.ID), Step: step.Name, Doc: step.Doc,
		Verb: upperFirst(words(step.Name)), Rev: view.Rev, Notice: r.URL.Query().Get("notice"), With: r.URL.Query().Get("with"), view: view, at: s.Now(), zone: z, policy: p, team: s.Casework.Team(who)}
	if !offered(view, step.Name) {
		v.Blocked = []objection{{Says: "Your roles do not allow this step", Clause: s.clausesOf(who.Project, view.Policy).at("roles")}}
	}
	for _, o := range view.Steps {
		if o.Step == step.Name {
			v.Blocked = objections(s.clausesOf(who.Project, view.Policy), o.Blocked, z)
		}
	}
	if step.Name == "slip" {
		if p, err := s.Casework.PreviewSlip(r.Context(), who, view.ID, cvd.Slipped{}); err == nil {
			v.With = p.Correct
		}
	}
	if step.Name == "relay" {
		x, err := s.Casework.Exposure(r.Context(), who, view.ID)
		if err != nil {
			return v, step, err
		}
		v.exposed = x.All
	}
	v.Foreseen, err = s.Casework.Foresee(r.Context(), who, view.ID, step.Name)
	return v, step, err
}

// objections lays out what stands in the way, with a link to the clause in the policy's own words.
func objections(in clauses, all []cvd.Objection, z zone) []objection {
	var out []objection
	for _, o := range all {
		if slices.ContainsFunc(out, func(x objection) bool { return x.Says == upperFirst(o.Says) }) {
			continue
		}
		if at := z.at(o.Earliest); at.Hour != "" && strings.Contains(o.Says, at.Hour) { // the sentence says it already
			o.Earliest = time.Time{}
		}
		out = append(out, objection{Says: upperFirst(o.Says), Clause: in.at(o.Clause), Earliest: z.at(o.Earliest)})
	}
	return out
}

// ask makes the questions of a step.
func (s *stepForm) ask(step casework.Step, typed url.Values) {
	s.fields = s.fieldsOf(step)
	if step.Name == "notify" && s.Notice == "" {
		s.Notices = s.notices()
		return
	}
	if step.Name == "correct" && s.Notice == "" {
		s.Notices = s.ordered()
		if len(s.Notices) != 1 {
			return
		}
		s.Notice, s.Notices = s.Notices[0].Value, nil // there is nothing to choose
		s.fields = s.fieldsOf(step)
	}
	if step.Name == "message" {
		s.Files = &filesField{}
	}
	for _, f := range s.fields {
		a := askOf(step.Name, f)
		if s.unused(f, a) {
			continue
		}
		if title, ok := s.noticeField(f.name); ok {
			a.label = title
		}
		s.Questions = append(s.Questions, s.question(f, a, typed))
		if f.name == "message" || step.Name == "message" && f.name == "text" {
			s.Readers = s.view.SeenBy
		}
	}
}

// unused says whether the policy has no use for a value: what it does not choose from, and what its severities do not know.
func (s *stepForm) unused(f field, a ask) bool {
	if f.name == "vector" {
		return s.policy.Document.Severity.Scheme != "cvss"
	}
	return a.choices != nil && !a.required && len(a.choices(s)) == 0
}

// question lays out one field.
func (s *stepForm) question(f field, a ask, typed url.Values) question {
	in := input{Name: f.name, pointer: f.pointer(), Label: a.label, Help: a.help, Rows: a.rows, Required: a.required, Many: a.many}
	if a.choices != nil {
		in.Choices = a.choices(s)
		in.Few = len(in.Choices) < 5 && !a.many
		if len(in.Choices) == 1 && a.required && typed.Get(f.name) == "" {
			typed = url.Values{f.name: {in.Choices[0].Value}} // there is nothing to choose
		}
	}
	switch {
	case f.kind == instantType:
		in.Type = "datetime-local"
		zone := input{Name: f.name + ".zone", Label: "In the zone", Few: true, Required: true, Choices: []choice{{Value: "UTC", Label: "UTC"}}}
		for _, name := range []string{s.zone.name, zoneOf(s.policy.Document.Zone).name} {
			if name != "" && !slices.ContainsFunc(zone.Choices, func(c choice) bool { return c.Value == name }) {
				zone.Choices = append(zone.Choices, choice{Value: name, Label: name})
			}
		}
		if typed.Get(zone.Name) == "" {
			typed = url.Values{f.name: typed[f.name], zone.Name: {"UTC"}}
		}
		in.Label, in.Help = "Day and time", ""
		return several(asked{title: a.label, help: a.help}, typed, in, zone)
	case f.kind.Kind() == reflect.Bool && in.Choices == nil:
		in.Choices, in.Few = yesOrNo(), true
	case (f.kind.Kind() == reflect.Slice || f.kind.Kind() == reflect.Map) && a.choices == nil && in.Rows == 0:
		in.Rows = 3
	case (f.kind.Kind() == reflect.Int || f.kind.Kind() == reflect.Int64) && a.choices == nil:
		in.Type = "number"
	}
	return question{Inputs: []input{in.filled(typed)}}
}

// againStep shows the form again. If the case was changed by somebody else meanwhile, it shows what happened, and both texts
// where the case now says something else.
func (s *server) againStep(w http.ResponseWriter, r *http.Request, v stepForm, in sent, errs ...*cvd.Error) error {
	v.Problems = mark(v.Questions, errs)
	v.Problems.Heading = "Nothing was done yet"
	v.Title = "Not done yet: " + v.Title
	for _, e := range errs {
		if e.Kind == cvd.Refused && len(e.All) > 0 {
			v.Blocked = objections(s.clausesOf(v.view.Project, v.view.Policy), e.All, utc)
		}
		if errors.Is(e, cvd.Conflict) {
			v.Meanwhile = v.since(int(number(in.values.Get("rev"))))
			v.compare(v.current(in.values), in.values)
		}
	}
	if v.Files != nil && len(in.files) > 0 {
		v.Files.Error = "Please choose your files again: a browser does not keep them."
	}
	retryAfter(w, errs[0])
	s.show(w, statuses[errs[0].Kind].code, stepPage, v)
	return nil
}

// since are the entries of the timeline after a revision of the case.
func (s *stepForm) since(rev int) []entry {
	var out []entry
	missing := int(s.view.Rev) - rev
	if rev < 1 || missing < 1 {
		return nil
	}
	for _, e := range s.view.Timeline[max(len(s.view.Timeline)-missing, 0):] {
		out = append(out, entry{At: utc.at(e.At), Who: e.Name, Says: e.Says, Late: e.Late})
	}
	return out
}

// compare puts beside each text that was typed what the case says there now, where it differs.
func (s *stepForm) compare(now, typed url.Values) {
	for i := range s.Questions {
		for j := range s.Questions[i].Inputs {
			in := &s.Questions[i].Inputs[j]
			if is := strings.TrimSpace(now.Get(in.Name)); is != "" && is != strings.TrimSpace(typed.Get(in.Name)) {
				in.Now = is
			}
		}
	}
}

// offered says whether a step is among those of who looks.
func offered(view cvd.View, step string) bool {
	return slices.ContainsFunc(view.Steps, func(o cvd.Option) bool { return o.Step == step })
}
