package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

var (
	codePage   = page("code.html")
	statusPage = page("status.html")
)

// codeView is what code.html shows: the question for a code.
type codeView struct {
	frame
	Problems *problems
}

// statusView is what status.html shows the holder of a code. The code is in the page, in the hidden fields of its forms,
// and in no address.
type statusView struct {
	frame
	sheet
	Code      string
	Guest     bool
	Onward    *onward
	Keeper    string // title of the project that has the case, which is not the page's if it moved
	Answers   []answer
	Reports   []reportSheet
	Sections  []section // of the analysis, as far as the holder may read it
	Lines     []release
	Messages  []message
	Shown     int  // how many of them, so that a message that is sent twice is known
	Writes    bool // whether a message may be written now
	Closed    bool
	Text      string // a message that was typed and not taken
	Done      string // what was just done
	Problems  *problems
	Questions []question // of the report that takes a closed matter up again
	Files     filesField
	Dating    *dating
	Dates     bool // whether an answer about the date is waited for
	Naming    *naming
	Nudge     *nudge
	Bargain   *bargain
	Bounty    *bounty
	Advice    *advice
	Party     *partyPart
	Feed      *feedPart
	Claiming  *claiming
	Patches   []attachment // that name them
	Words     []string     // kinds of secret that the reporter's messages seem to hold
}

// answer is one of the four questions of every reporter, answered.
type answer struct {
	Question, Says string
	At             moment
	Late           bool
}

type reportSheet struct {
	Number int
	At     moment
	Items  []item
	Files  []attachment
}

type release struct{ Product, Name, Status, Version string }

type message struct {
	At    moment
	From  string
	Mine  bool
	Text  string
	Files []attachment
}

// attachment is a file with what its form needs to ask for it.
type attachment struct{ ID, Name, Size, Root, Code string }

// askCode asks for a code. The form sends it in its body.
func (s *server) askCode(w http.ResponseWriter, r *http.Request) error {
	f, _, err := s.within(projectOf(r), "status", "Your report")
	if err != nil {
		return err
	}
	s.show(w, http.StatusOK, codePage, codeView{frame: f})
	return nil
}

// showStatus shows the page of a report to whoever holds its code.
func (s *server) showStatus(w http.ResponseWriter, r *http.Request) error {
	return s.held(w, r, func(h held) error { return s.status(w, r, h, nil) })
}

// held is a request by the holder of a code.
type held struct {
	who  cvd.Actor
	code string
	sent sent
}

// held finds out who holds the code that a form sent. A code that does not fit, and a case that is not there, are one
// answer to the byte: the question for the code, without what was typed.
func (s *server) held(w http.ResponseWriter, r *http.Request, serve func(held) error) error {
	f, _, err := s.within(projectOf(r), "status", "Your report")
	if err != nil {
		return err
	}
	in, err := read(r)
	if err != nil {
		return err
	}
	code := strings.TrimSpace(in.values.Get("code"))
	who, err := s.Auth.Code(r.Context(), projectOf(r), code)
	if errors.Is(err, cvd.NotFound) {
		v := codeView{frame: f, Problems: &problems{Heading: "No report answers to this code",
			Lines: []problem{{"code", "Check it letter by letter, or copy it again. If it is lost, ask the project; nobody can look it up."}}}}
		s.show(w, http.StatusNotFound, codePage, v)
		return nil
	}
	if err != nil {
		return err
	}
	return serve(held{who, code, in})
}

// status shows the page, as change leaves it.
func (s *server) status(w http.ResponseWriter, r *http.Request, h held, change func(*statusView) int) error {
	id := projectOf(r)
	view, err := s.Casework.Case(r.Context(), h.who, h.who.Case)
	if err != nil {
		return err
	}
	if view.Tier == cvd.ForInvited {
		return s.terms(w, r, h, fromStatus(change))
	}
	if err := s.Casework.Acquainted(r.Context(), h.who); err != nil {
		return err
	}
	// The title says the case's number and nothing of the matter: it stands in the window's list and in the history.
	f, z, err := s.within(id, "status", "Report "+string(view.ID))
	if err != nil {
		return err
	}
	z = zoneWith(r, h, view, &f, z)
	here := !view.GoesOn.Gone()
	v := statusView{frame: f, sheet: s.sheet(view.Project, view, z), Code: h.code, Guest: h.who.Standing == cvd.Guest, Onward: s.onwardOf(view, h.who, z),
		Keeper: s.titleOf(view.Project), Closed: here && view.RM == cvd.Closed, Writes: h.who.Standing == cvd.Finder && view.RM != cvd.Closed}
	titles, err := s.fieldTitles(view.Project)
	if err != nil {
		return err
	}
	for _, x := range view.Reports {
		v.Reports = append(v.Reports, reportSheet{x.Number, z.at(x.At), reported(x, titles), v.attachments(x.Attachments)})
	}
	v.Sections = analysisOf(s, view, z)
	for _, l := range view.Lines {
		v.Lines = append(v.Lines, release{l.Product, l.Name, words(l.Status), l.Version})
	}
	for _, m := range view.Messages {
		mine := m.By == h.who.ID
		from := map[bool]string{true: "You", false: "The project"}[mine]
		v.Messages = append(v.Messages, message{z.at(m.At), from, mine, m.Text, v.attachments(m.Attachments)})
	}
	v.Shown = len(v.Messages)
	v.Party = s.party(view, h, z)
	if v.Feed, err = s.feedOf(r.Context(), id, h.who, h.code); err != nil {
		return err
	}
	v.Answers = answers(view, v.sheet, z, s.Now())
	v.Claiming, v.Patches = claimingOf(view, v.Project.Root, h.code, z), v.patches(view)
	s.fillForReporter(&v, view, h, z)
	if !here {
		v.readOnly()
	}
	if v.Closed && !v.Guest {
		v.Questions = again(h.sent.values)
	}
	status := http.StatusOK
	if change != nil {
		status = change(&v)
	}
	s.show(w, status, statusPage, v)
	return nil
}

// fillForReporter adds the dates, and what is said to the reporter alone: the name, and what would help.
func (s *server) fillForReporter(v *statusView, view cvd.View, h held, z zone) {
	v.Dating = datingOf(h, view, v.Project.Root, z, true)
	if v.Guest {
		v.Dates = v.Dating != nil && (v.Dating.Asked || slices.ContainsFunc(v.Dating.Wishes, func(w wish) bool { return w.Open }))
		return
	}
	v.Naming, v.Nudge = namingOf(h, view), nudgeOf(view, z)
	v.Bargain, v.Bounty = bargainOf(h, view, z), s.bountyOf(h, view, z)
	for _, r := range view.Reports {
		if v.Advice = s.adviceOn(view.Project, r); view.RM != cvd.Arrived && v.Advice != nil {
			v.Advice.Missing = nil // it is understood, and nobody asks for it any more
		}
	}
	for _, m := range view.Messages {
		if m.By == h.who.ID {
			v.Words = append(v.Words, casework.SecretsIn(cvd.Report{Description: m.Text, Attachments: m.Attachments})...)
		}
	}
	slices.Sort(v.Words)
	v.Words = slices.Compact(v.Words)
}

// fieldTitles are the titles of the policy's own fields of the form.
func (s *server) fieldTitles(id cvd.ProjectID) (map[string]string, error) {
	p, err := s.Casework.PolicyOf(id)
	if err != nil {
		return nil, err
	}
	titles := map[string]string{}
	for _, f := range p.Document.Form.Fields {
		titles[f.Name] = f.Title
	}
	return titles, nil
}

func (v *statusView) attachments(all []cvd.Attachment) []attachment {
	var out []attachment
	for _, a := range all {
		out = append(out, attachment{a.ID, a.Name, size(a.Size), v.Project.Root, v.Code})
	}
	return out
}

// again are the questions of a report that takes a closed matter up.
func again(typed url.Values) []question {
	return []question{
		asked{name: "title", title: "Title", required: true}.question(typed),
		asked{name: "description", title: "What came back, and where you see it", kind: "text", required: true}.question(typed),
	}
}

// takeMessage writes to the project.
func (s *server) takeMessage(w http.ResponseWriter, r *http.Request) error {
	return s.held(w, r, func(h held) error {
		text := h.sent.values.Get("text")
		err := h.sent.problem()
		if err == nil {
			err = s.write(r.Context(), h, text)
		}
		if e, ok := errors.AsType[*cvd.Error](err); ok {
			return s.status(w, r, h, func(v *statusView) int {
				v.Text, v.Problems = text, &problems{Heading: "Nothing was sent yet", Lines: []problem{{"text", upperFirst(e.Says)}}}
				return statuses[e.Kind].code
			})
		}
		if err != nil {
			return err
		}
		return s.status(w, r, h, done("Your message was sent."))
	})
}

// write keeps a message once. The form says how many messages its page showed: if the same text is there since then, the
// form was sent twice. The revision makes that sure even when both came at the same moment.
func (s *server) write(ctx context.Context, h held, text string) error {
	for try := 1; ; try++ {
		v, err := s.Casework.Case(ctx, h.who, h.who.Case)
		if err != nil || repeated(v, h, text) {
			return err
		}
		_, err = s.Casework.Write(ctx, h.who, casework.About{Case: h.who.Case, Rev: v.Rev}, cvd.Messaged{Text: text}, h.sent.files)
		if !errors.Is(err, cvd.Conflict) || try == 3 {
			return err
		}
	}
}

func done(says string) func(*statusView) int {
	return func(v *statusView) int {
		v.Done = says
		return http.StatusOK
	}
}
