package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

var listsPage = page("lists.html")

// listsView is what lists.html shows: the form for a list of others, and what would become of it.
type listsView struct {
	frame
	URL, Back string
	Into      string // "downstream", or empty for members
	Problems  *problems
	Questions []question
	Readers   []item
	Changes   []casework.ListChange
	Counts    []item
	Any       bool // whether anything would change
	Text      string
	Address   string
	Reader    string
	Audience  string
	Consent   string
}

// askList shows the form.
func (s *server) askList(w http.ResponseWriter, r *http.Request) error {
	return s.showList(w, r, url.Values{"into": {r.URL.Query().Get("into")}, "audience": {r.URL.Query().Get("audience")}}, nil, nil)
}

func (s *server) showList(w http.ResponseWriter, r *http.Request, typed url.Values, changes []casework.ListChange, e *cvd.Error) error {
	who := actorOf(r)
	policies, err := s.Casework.AudiencesOf(who)
	if err != nil {
		return err
	}
	f, _, err := s.atDesk(r, "lists", "Take a list in")
	if err != nil {
		return err
	}
	v := listsView{frame: f, URL: audiencesPath(who.Project) + "/import", Back: audiencesPath(who.Project), Into: typed.Get("into"), Changes: changes, Text: typed.Get("text"),
		Address: typed.Get("address"), Reader: typed.Get("reader"), Audience: typed.Get("audience"), Consent: typed.Get("consent")}
	var readers, lists []choice
	for _, l := range s.Casework.Lists() {
		if l.Others == (v.Into == "downstream") {
			readers = append(readers, choice{Value: l.Name, Label: l.Title})
			v.Readers = append(v.Readers, item{Label: l.Title, Text: l.Doc})
		}
	}
	ins := []input{{Name: "reader", Label: "What it is", Choices: readers, Required: true, pointer: "/reader"},
		{Name: "text", Label: "The list", Help: "Paste it here, or give its address below", Rows: 8, pointer: "/text"},
		{Name: "address", Label: "Its address", Help: "https://", Type: "url", pointer: "/address"}}
	if v.Into != "downstream" {
		for _, a := range policies {
			lists = append(lists, choice{Value: a.Name, Label: a.Title})
		}
		ins = append([]input{{Name: "audience", Label: "Into", Choices: lists, Required: true, pointer: "/audience"}}, ins...)
		ins = append(ins, input{Name: "consent", Label: "How did they agree to be written to?", Help: "In words. Without it they are listed, and nobody writes to them.", pointer: "/consent"})
	}
	v.Questions = questionsOf(typed, ins...)
	for _, what := range []string{"added", "changed", "unchanged", "invalid"} {
		n := 0
		for _, c := range changes {
			if c.What == what {
				n++
			}
		}
		v.Any = v.Any || n > 0 && (what == "added" || what == "changed")
		v.Counts = append(v.Counts, item{Label: upperFirst(what), Text: counted(n, "entry", "entries")})
	}
	status := http.StatusOK
	if e != nil {
		v.Problems = mark(v.Questions, []*cvd.Error{e})
		v.Problems.Heading, status = "Nothing was changed", statuses[e.Kind].code
	}
	s.show(w, status, listsPage, v)
	return nil
}

// takeList shows what would become of a list, or takes it in.
func (s *server) takeList(w http.ResponseWriter, r *http.Request) error {
	in, err := read(r)
	if err != nil {
		return err
	}
	t := in.values
	x := casework.Listing{Reader: t.Get("reader"), Text: []byte(strings.TrimSpace(t.Get("text"))), Address: strings.TrimSpace(t.Get("address")), Audience: t.Get("audience"), Consent: t.Get("consent")}
	if t.Get("into") == "downstream" {
		x.Audience = ""
	} else if x.Audience == "" {
		return s.showList(w, r, t, nil, cvd.Fieldf("/audience", "choose the list"))
	}
	only := t.Get("do") != "yes"
	changes, err := s.Casework.ImportList(r.Context(), actorOf(r), x, only)
	if e := asError(err); e != nil && e.Kind != cvd.NotFound {
		return s.showList(w, r, t, nil, e)
	}
	if err != nil {
		return err
	}
	if only {
		return s.showList(w, r, t, changes, nil)
	}
	then := audiencesPath(actorOf(r).Project)
	if x.Audience == "" {
		then = downstreamPath(actorOf(r).Project)
	}
	http.Redirect(w, r, then+"?done=imported", http.StatusSeeOther)
	return nil
}

// counted is a number of things in words.
func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}
