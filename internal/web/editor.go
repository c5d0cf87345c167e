package web

import (
	"cmp"
	"html/template"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

var editorPage = page("editor.html")

// editorView is what editor.html shows: the editions of an advisory, one of them as it would be published, what it lacks, how
// it differs from another, and the form of the next one.
type editorView struct {
	frame
	Case         cvd.CaseID
	Matter       string
	CasePath     string
	Path         string
	Editions     []writtenEdition
	Steps        []stepLink
	Shown        int  // the edition that is shown
	Typed        bool // what is shown was typed and is not kept
	Older        bool // a newer edition is there
	ID           cvd.AdvisoryID
	Dated        moment
	DatedBy      string // what the date stands for
	Public       string // what strangers read of it
	Formats      []format
	Article      template.HTML
	Source       string // of a format for programs
	Lacks        string // why the format cannot be written
	Missing      []missing
	Needed       int // how many of them stand in the way of publication
	Beside       casework.Compared
	Against      int // the edition that it is compared with, 0: none
	Others       []choice
	As           string
	Changes      []fieldChange
	Sees         bool // whether the asker may read the editions: who only writes for a public case may not
	May          bool // whether they may write
	Rev          int64
	Questions    []question
	Blocked      []objection
	Problems     *problems
	EmbargoUntil moment
}

// writtenEdition is one edition with what people said about it.
type writtenEdition struct {
	edition
	Reviews []verdict
}

// verdict is one review or approval of one edition.
type verdict struct {
	row
	Void bool // it does not count any more: a newer edition was written
}

// format leads to the preview in one format.
type format struct {
	Title, URL string
	Current    bool
}

// missing is something that the advisory lacks, with the place where that is mended.
type missing struct {
	Label, Says, Fix, URL string
	Needed                bool
}

// fieldChange is how one field of an advisory differs from another edition's.
type fieldChange struct {
	Label  string
	Pieces []piece
}

// editor shows the advisory of a case as it would be published.
func (s *server) editor(w http.ResponseWriter, r *http.Request) error {
	v, form, err := s.editorOf(r)
	if err != nil {
		return err
	}
	asked := r.URL.Query()
	v.ask(form, form.current(url.Values{}))
	newest := len(form.view.Advisory.Editions)
	if newest == 0 {
		s.show(w, http.StatusOK, editorPage, v)
		return nil
	}
	v.Shown = newest
	if asked.Has("edition") {
		v.Shown = int(number(asked.Get("edition")))
	}
	if v.Shown < 1 || v.Shown > newest {
		return cvd.NotFound
	}
	v.Older = v.Shown != newest
	v.Against = max(v.Shown-1, 0)
	if asked.Has("against") {
		v.Against = int(number(asked.Get("against")))
	}
	p, err := s.Casework.Preview(r.Context(), actorOf(r), v.Case, v.Shown, nil)
	if err != nil {
		return err
	}
	return s.showEditor(w, r, &v, form, p, form.view.Advisory.Editions[v.Shown-1].Text)
}

// previewDraft shows what was typed as it would be published, compared with the newest edition, and keeps nothing of it.
func (s *server) previewDraft(w http.ResponseWriter, r *http.Request) error {
	in, err := read(r)
	if err != nil {
		return err
	}
	v, form, err := s.editorOf(r)
	if err != nil {
		return err
	}
	v.ask(form, in.values)
	if rev := number(in.values.Get("rev")); rev > 0 {
		v.Rev = rev // of the case as it was when the writing began
	}
	what, errs := readStep(cvd.Drafted{}, form.fields, in.values)
	if errs = append(errs, in.problems...); len(errs) > 0 {
		v.Problems = mark(v.Questions, errs)
	}
	text := what.(cvd.Drafted).Text
	v.Typed, v.Against = true, len(form.view.Advisory.Editions)
	v.Shown = v.Against + 1
	p, err := s.Casework.Preview(r.Context(), actorOf(r), v.Case, 0, &text)
	if err != nil {
		return err
	}
	return s.showEditor(w, r, &v, form, p, text)
}

// editorOf is the page without an edition, and the form of the next one.
func (s *server) editorOf(r *http.Request) (editorView, *stepForm, error) {
	form, step, err := s.stepForm(r, "draft")
	if err != nil {
		return editorView{}, nil, err
	}
	view := form.view
	v := editorView{frame: form.frame, Case: view.ID, Matter: view.Title, CasePath: form.CasePath, Path: form.CasePath + "/advisory", Rev: view.Rev,
		Blocked: form.Blocked, Sees: view.Tier >= cvd.ForGuest, May: offered(view, "draft")}
	if !v.Sees && !v.May || view.Erased != nil {
		return editorView{}, nil, cvd.NotFound
	}
	z := form.zone
	form.fields = form.fieldsOf(step)
	v.Title = "Advisory · " + string(view.ID)
	v.editions(s, view, z)
	for _, o := range view.Steps {
		if slices.Contains(editorSteps, o.Step) && (o.Step != "disarm" || view.Disclosure.Armed()) {
			v.Steps = append(v.Steps, stepTo(view.Project, view.ID, o.Step, o.Blocked, s.clausesOf(view.Project, view.Policy), z))
		}
	}
	if view.Embargo.Binds(s.Now()) {
		v.EmbargoUntil = z.at(view.Embargo.Until)
	}
	return v, &form, nil
}

// editorSteps lead an edition to the public.
var editorSteps = []string{"review", "approve", "disclose", "disarm"}

// editions lists all editions, the newest first, with the word of each reviewer and whether it still counts.
func (v *editorView) editions(s *server, view cvd.View, z zone) {
	newest := view.Advisory.Latest()
	for _, e := range slices.Backward(view.Advisory.Editions) {
		x := writtenEdition{edition: s.edition(view, e, z)}
		for _, r := range view.Reviews {
			if r.Of != "advisory" || r.Edition != e.Number {
				continue
			}
			of := verdict{row: s.reviewed(view, r, words(r.Part), z)}
			of.Void = r.Hash != newest.Text.Hash() || r.At.Before(newest.At)
			x.Reviews = append(x.Reviews, of)
		}
		v.Editions = append(v.Editions, x)
	}
}

// last is the last of a list, or nothing.
func last[T any](all []T) (x T) {
	if len(all) > 0 {
		x = all[len(all)-1]
	}
	return x
}

// ask makes the form of the next edition.
func (v *editorView) ask(form *stepForm, typed url.Values) {
	if !v.May {
		return
	}
	for _, f := range form.fields {
		v.Questions = append(v.Questions, form.question(f, askOf("draft", f), typed))
	}
}

// showEditor shows the page with a preview of one text.
func (s *server) showEditor(w http.ResponseWriter, r *http.Request, v *editorView, form *stepForm, p casework.Preview, text cvd.AdvisoryText) error {
	v.ID, v.Dated, v.DatedBy = p.ID, form.zone.at(p.At), "as if it were published now"
	switch d := form.view.Disclosure; {
	case d.Armed() && d.Due.Equal(p.At):
		v.DatedBy = "set for"
	case p.At.Equal(last(d.Past).At):
		v.DatedBy, v.Public = "published", advisoryPath(form.view.Project, p.ID)
	}
	v.Missing, v.Beside = v.missing(form, p.Missing), p.Beside
	for _, m := range v.Missing {
		if m.Needed {
			v.Needed++
		}
	}
	v.Changes = v.changes(form, text)
	if err := v.formats(r.URL.Query().Get("as"), p.Formats); err != nil {
		return err
	}
	s.show(w, http.StatusOK, editorPage, v)
	return nil
}

// formats lays out the chosen format, and links to the others. What was typed is shown as a page: it stands in no address.
func (v *editorView) formats(as string, all []casework.Rendering) error {
	chosen := max(slices.IndexFunc(all, func(f casework.Rendering) bool { return f.Name == as }), 0)
	for i, f := range all {
		if v.As = all[chosen].Name; !v.Typed {
			q := url.Values{"edition": {strconv.Itoa(v.Shown)}, "against": {strconv.Itoa(v.Against)}, "as": {f.Name}}
			v.Formats = append(v.Formats, format{Title: f.Title, URL: "?" + q.Encode() + "#preview", Current: i == chosen})
		}
	}
	f := all[chosen]
	if f.Lacks != "" {
		v.Lacks = upperFirst(f.Lacks)
		return nil
	}
	if !strings.HasPrefix(f.Type, "text/html") {
		v.Source = string(f.Body)
		return nil
	}
	var err error
	v.Article, err = article(f.Body)
	return err
}

// places are where what an advisory lacks is mended, if not in its text.
var places = map[string]struct{ label, step string }{
	"products": {"Release lines", "release"}, "credits": {"Credits", "credit"}, "severity": {"Severity", "triage"}, "timeline": {"Timeline", ""},
	"publisher": {"Publisher", ""},
}

// missing says of each problem where it stands, and leads there.
func (v *editorView) missing(form *stepForm, all []casework.Missing) []missing {
	var out []missing
	for _, m := range all {
		x := missing{Says: upperFirst(m.Says), Fix: upperFirst(m.Fix), Needed: m.Needed}
		part, _, _ := strings.Cut(m.Field, ".")
		if at := places[part]; at.label != "" {
			x.Label = at.label
			if at.step != "" && offered(form.view, at.step) {
				x.URL = v.CasePath + "/" + at.step
			}
		} else if in := find(v.Questions, "/text"+m.Field); in != nil {
			x.Label, x.URL = in.Label, "#"+in.ID
		} else {
			x.Label = upperFirst(words(strings.Trim(m.Field, "/")))
		}
		out = append(out, x)
	}
	return out
}

// changes compares a text with the edition that was chosen, field by field.
func (v *editorView) changes(form *stepForm, text cvd.AdvisoryText) []fieldChange {
	all := form.view.Advisory.Editions
	for _, e := range slices.Backward(all) {
		if e.Number != v.Shown {
			v.Others = append(v.Others, choice{Value: strconv.Itoa(e.Number), Label: "Edition " + strconv.Itoa(e.Number) + ": " + e.Text.Title, Chosen: e.Number == v.Against})
		}
	}
	if v.Against < 1 || v.Against > len(all) {
		v.Against = 0
		return nil
	}
	var out []fieldChange
	old, now := reflect.ValueOf(cvd.Drafted{Text: all[v.Against-1].Text}), reflect.ValueOf(cvd.Drafted{Text: text})
	for _, f := range form.fields {
		before, _ := inside(old, f.name)
		after, _ := inside(now, f.name)
		was, is := strings.Join(f.typed(before), "\n"), strings.Join(f.typed(after), "\n")
		if was != is {
			label := cmp.Or(askOf("draft", f).label, f.name)
			out = append(out, fieldChange{Label: label, Pieces: compare(was, is)})
		}
	}
	return out
}
