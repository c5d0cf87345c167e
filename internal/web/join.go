package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

var (
	joinPage = page("join.html")
	linkPage = page("link.html")
)

// joinView is what join.html shows: the lists that somebody may ask to be on, or the form for one of them.
type joinView struct {
	frame
	Lists     []joinable
	List      joinable // whose form it is
	Questions []question
	Criteria  []criterion
	Accepts   bool // whether it asks to keep what it tells
	Accepted  bool
	Agreed    bool
	Sent      bool
	Problems  *problems
	URL       string
}

type joinable struct {
	Name, Title, Says, URL string
	Answer, Renew          string
	Open, Generic          bool
	Clause                 clause
}

type criterion struct {
	Number   int
	Says     string
	Accepted bool
}

func (s *server) joinableOf(id cvd.ProjectID, a casework.Audience) joinable {
	return joinable{Name: a.Name, Title: a.Title, Says: a.Says, URL: root(id) + "/audiences/" + url.PathEscape(a.Name) + "/apply", Answer: lasting(a.Answer), Renew: lasting(a.Renew),
		Open: a.Open, Generic: a.Generic, Clause: s.clausesOf(id, 0).at("audiences." + a.Name)}
}

// lasting is a duration of the policy in words; empty if it sets none.
func lasting(d interface {
	Zero() bool
	Words() string
}) string {
	if d.Zero() {
		return ""
	}
	return d.Words()
}

// joinLists shows the lists that take applications.
func (s *server) joinLists(w http.ResponseWriter, r *http.Request) error {
	id := projectOf(r)
	all, err := s.Casework.JoinableAudiences(id)
	if err != nil {
		return err
	}
	f, _, err := s.within(id, "", "Be told")
	if err != nil {
		return err
	}
	v := joinView{frame: f}
	for _, a := range all {
		v.Lists = append(v.Lists, s.joinableOf(id, a))
	}
	s.show(w, http.StatusOK, joinPage, v)
	return nil
}

// askJoin shows the form for one list.
func (s *server) askJoin(w http.ResponseWriter, r *http.Request) error {
	v, _, err := s.joinForm(r, url.Values{})
	if err != nil {
		return err
	}
	v.Sent = r.URL.Query().Get("done") == "sent"
	s.show(w, http.StatusOK, joinPage, v)
	return nil
}

func (s *server) joinForm(r *http.Request, typed url.Values) (joinView, casework.Audience, error) {
	id := projectOf(r)
	a, err := s.Casework.JoinableAudience(id, r.PathValue("audience"))
	if err != nil {
		return joinView{}, a, err
	}
	f, _, err := s.within(id, "", "Join: "+a.Title)
	if err != nil {
		return joinView{}, a, err
	}
	v := joinView{frame: f, List: s.joinableOf(id, a), Accepts: a.Accepts == "once", Accepted: typed.Get("accepts") == "yes", Agreed: typed.Get("agrees") == "yes"}
	v.URL = v.List.URL
	for i, says := range a.Criteria {
		v.Criteria = append(v.Criteria, criterion{i, says, slices.Contains(typed["meets"], strconv.Itoa(i))})
	}
	help := "Letters go here. You prove it by a link in the first one."
	if a.Generic {
		help = "That of a team, such as security@example.org, since people come and go. You prove it by a link in the first letter."
	}
	ins := []input{
		{Name: "name", Label: "Name", Help: "Of the organisation, or yours", Required: true, Autocomplete: "organization", pointer: "/name"},
		{Name: "kind", Label: "This is", Choices: []choice{{Value: "organisation", Label: "an organisation"}, {Value: "person", Label: "a person"}}, Few: true, Required: true, pointer: "/kind"},
		{Name: "mail", Label: "Mail address", Help: help, Type: "email", Required: true, Autocomplete: "email", pointer: "/handles/0"},
		{Name: "handles", Label: "Other ways to reach you", Help: "One per line: the service and the address, such as matrix @ops:example.org. Services: " + strings.Join(cvd.Services, ", "), Rows: 3, pointer: "/handles"},
		{Name: "zone", Label: "Your zone", Help: "Such as Europe/Berlin", pointer: "/zone"},
		{Name: "key", Label: "OpenPGP key", Help: "Armored, the public one", Rows: 3, pointer: "/key"},
		{Name: "says", Label: "What should we know?", Rows: 4, pointer: "/says"},
	}
	if a.Voucher {
		ins = append(ins, input{Name: "voucher.name", Label: "Who on the list vouches for you?", Help: "We ask them.", Required: true, pointer: "/voucher/name"},
			input{Name: "voucher.mail", Label: "Their mail address", Type: "email", pointer: "/voucher/mail"})
	}
	if typed.Get("kind") == "" {
		typed.Set("kind", "organisation")
	}
	v.Questions = questionsOf(typed, ins...)
	return v, a, nil
}

// questionsOf are questions of one input each, with what was typed.
func questionsOf(typed url.Values, all ...input) (out []question) {
	for _, in := range all {
		out = append(out, question{Inputs: []input{in.filled(typed)}})
	}
	return out
}

// handlesOf are the mail address and what stands in lines of a service and an address.
func handlesOf(typed url.Values) (all []cvd.Handle) {
	if is := strings.TrimSpace(typed.Get("mail")); is != "" {
		all = append(all, cvd.Handle{Service: "mail", Is: is})
	}
	for _, line := range lines(typed.Get("handles")) {
		service, is, _ := strings.Cut(line, " ")
		all = append(all, cvd.Handle{Service: strings.ToLower(strings.TrimSuffix(service, ":")), Is: strings.TrimSpace(is)})
	}
	return all
}

// takeJoin takes an application. What is answered does not say whether the address is known.
func (s *server) takeJoin(w http.ResponseWriter, r *http.Request) error {
	in, err := read(r)
	if err != nil {
		return err
	}
	v, a, err := s.joinForm(r, in.values)
	if err != nil {
		return err
	}
	x := casework.Application{Kind: in.values.Get("kind"), Name: in.values.Get("name"), Handles: handlesOf(in.values), Zone: strings.TrimSpace(in.values.Get("zone")), Key: in.values.Get("key"),
		Agrees: v.Agreed, Accepts: v.Accepted, Says: in.values.Get("says"), Voucher: cvd.Voucher{Name: in.values.Get("voucher.name"), Mail: in.values.Get("voucher.mail")}}
	for _, text := range in.values["meets"] {
		if n, err := strconv.Atoi(text); err == nil {
			x.Meets = append(x.Meets, n)
		}
	}
	m := x.Member(a)
	errs := x.Problems(a, &m)
	if len(errs) == 0 {
		err := s.Casework.Join(r.Context(), projectOf(r), a.Name, x)
		if e := asError(err); e != nil && e.Kind != cvd.NotFound {
			errs = append(errs, e)
		} else if err != nil {
			return err
		}
	}
	if len(errs) > 0 {
		v.Problems, v.Title = mark(v.Questions, errs), "Not sent yet: "+v.Title
		retryAfter(w, errs[0])
		s.show(w, statuses[errs[0].Kind].code, joinPage, v)
		return nil
	}
	http.Redirect(w, r, v.URL+"?done=sent", http.StatusSeeOther)
	return nil
}

// linkView is what link.html shows: what the link of a letter does, and after it what was done.
type linkView struct {
	frame
	Does, List, Name, Case string
	Done                   bool
	Says                   string
	URL                    string
}

// askLink shows what a link of a letter does. Only sending the form does it: programs open links too.
func (s *server) askLink(w http.ResponseWriter, r *http.Request) error {
	l, err := s.Casework.Link(r.Context(), projectOf(r), r.PathValue("token"))
	if err != nil {
		return err
	}
	return s.showLink(w, r, l, false, "")
}

// followLink does it.
func (s *server) followLink(w http.ResponseWriter, r *http.Request) error {
	in, err := read(r)
	if err != nil {
		return err
	}
	says := in.values.Get("says")
	l, err := s.Casework.FollowLink(r.Context(), projectOf(r), r.PathValue("token"), says)
	if err != nil {
		return err
	}
	return s.showLink(w, r, l, true, says)
}

func (s *server) showLink(w http.ResponseWriter, r *http.Request, l casework.Link, done bool, says string) error {
	title := map[string]string{"prove": "Confirm your address", "renew": "Stay on the list", "leave": "Leave the list", "case": "Do you want to be told?"}[l.Does]
	f, _, err := s.within(projectOf(r), "", title)
	if err != nil {
		return err
	}
	s.show(w, http.StatusOK, linkPage, linkView{frame: f, Does: l.Does, List: l.Audience, Name: l.Member.Name, Case: string(l.Case), Done: done, Says: says, URL: r.URL.Path})
	return nil
}
