package web

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

var issuePage = page("issue.html")

// issueView is what issue.html shows: the questions of a kind that goes to the tracker and, once they are answered, the issue.
type issueView struct {
	frame
	Kind      kind
	Questions []question
	Problems  *problems
	Issue     *issueDraft
	Words     []string // kinds of secret that the text seems to hold
}

// issueForm is the form of a kind that goes to the tracker, with what was typed already.
func (s *server) issueForm(id cvd.ProjectID, k kind, typed url.Values) (issueView, error) {
	f, _, err := s.within(id, "report", k.Title)
	if err != nil {
		return issueView{}, err
	}
	p, err := s.Casework.PolicyOf(id)
	if err != nil {
		return issueView{}, err
	}
	known, _ := p.Kind(k.Name) // it is refused as a report, and found
	asks := []asked{
		{name: "title", title: "Title", help: "One line that says what", required: true},
		{name: "description", title: "Description", kind: "text", required: true},
	}
	for _, x := range p.WishFields(known) {
		asks = append(asks, askedOf(x, nil))
	}
	v := issueView{frame: f, Kind: k}
	for _, a := range asks {
		v.Questions = append(v.Questions, a.question(typed))
	}
	return v, nil
}

// prepareIssue lays out the issue, or shows the form again with what is missing. Nothing of it is kept, and nothing is sent.
func (s *server) prepareIssue(w http.ResponseWriter, r *http.Request) error {
	id := projectOf(r)
	in, err := read(r)
	if err != nil {
		return err
	}
	kinds, err := s.kinds(id)
	if err != nil {
		return err
	}
	k, ok := choose(kinds, in.values.Get("kind"))
	if !ok || k.Place != "tracker" {
		return cvd.NotFound
	}
	v, err := s.issueForm(id, k, in.values)
	if err != nil {
		return err
	}
	p, err := s.Casework.PolicyOf(id)
	if err != nil {
		return err
	}
	report := reportOf(in.values)
	d, errs := p.Wish(&report)
	if errs = append(errs, in.problems...); len(errs) > 0 {
		v.Problems = mark(v.Questions, errs)
		v.Problems.Heading = "The issue is not ready yet"
		v.Title = "Not ready yet: " + v.Title
		s.show(w, statuses[errs[0].Kind].code, issuePage, v)
		return nil
	}
	v.Issue = &issueDraft{Title: d.Title, Body: d.Body, Tracker: d.Tracker, New: d.New}
	v.Words = casework.SecretsIn(cvd.Report{Description: strings.Join([]string{d.Title, d.Body}, "\n")})
	s.show(w, http.StatusOK, issuePage, v)
	return nil
}
