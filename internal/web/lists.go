package web

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"net/url"
	"slices"
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
	Product   string
	Weighs    []string // how much the entries count, and how much of it is written to
}

// askList shows the form.
func (s *server) askList(w http.ResponseWriter, r *http.Request) error {
	return s.showList(w, r, url.Values{"into": {r.URL.Query().Get("into")}, "audience": {r.URL.Query().Get("audience")}}, casework.Taking{}, nil)
}

func (s *server) showList(w http.ResponseWriter, r *http.Request, typed url.Values, t casework.Taking, e *cvd.Error) error {
	who := actorOf(r)
	policies, err := s.Casework.AudiencesOf(who)
	if err != nil {
		return err
	}
	f, _, err := s.atDesk(r, "lists", "Take a list in")
	if err != nil {
		return err
	}
	v := listsView{frame: f, URL: audiencesPath(who.Project) + "/import", Back: audiencesPath(who.Project), Into: typed.Get("into"), Changes: t.Changes, Text: typed.Get("text"),
		Address: typed.Get("address"), Reader: typed.Get("reader"), Audience: typed.Get("audience"), Consent: typed.Get("consent"), Product: typed.Get("product"), Weighs: weighedWords(t.Weighs)}
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
	if v.Into == "downstream" {
		if ins, err = s.askProduct(who, ins); err != nil {
			return err
		}
	} else {
		for _, a := range policies {
			lists = append(lists, choice{Value: a.Name, Label: a.Title})
		}
		ins = append([]input{{Name: "audience", Label: "Into", Choices: lists, Required: true, pointer: "/audience"}}, ins...)
		ins = append(ins, input{Name: "consent", Label: "How did they agree to be written to?", Help: "In words. Without it they are listed, and nobody writes to them.", pointer: "/consent"})
	}
	v.Questions = questionsOf(typed, ins...)
	for _, what := range []string{"added", "changed", "unchanged", "invalid"} {
		n := 0
		for _, c := range t.Changes {
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

// askProduct asks which product the projects of a list run, where the policy has several.
func (s *server) askProduct(who cvd.Actor, ins []input) ([]input, error) {
	products, err := s.Casework.Products(who.Project)
	if err != nil || len(products) < 2 {
		return ins, err
	}
	var all []choice
	for _, p := range products {
		all = append(all, choice{Value: p.Name, Label: p.Title})
	}
	return append(ins, input{Name: "product", Label: "Which product they run", Help: "Where the list does not say it itself", Choices: all, pointer: "/product"}), nil
}

// weighedWords say how much of a list, or of an audience, is written to.
func weighedWords(all []casework.Weighed) (out []string) {
	for _, x := range all {
		says := fmt.Sprintf("%s: %d of %d is written to", upperFirst(words(x.Weight)), x.Told, x.Whole())
		if left := x.Whole() - x.Told; left > 0 {
			says += fmt.Sprintf("; %d is not, and counts in the whole of a quorum all the same", left)
		}
		out = append(out, says+".")
	}
	return out
}

// untold say how much of an audience is not written to; nothing where all of it is.
func untold(all []casework.Weighed, audience string) []string {
	return weighedWords(slices.DeleteFunc(slices.Clone(all), func(x casework.Weighed) bool { return x.Audience != audience || x.Told >= x.Whole() }))
}

// takeList shows what would become of a list, or takes it in.
func (s *server) takeList(w http.ResponseWriter, r *http.Request) error {
	in, err := read(r)
	if err != nil {
		return err
	}
	t := in.values
	x := casework.Listing{Reader: t.Get("reader"), Text: []byte(strings.TrimSpace(t.Get("text"))), Address: strings.TrimSpace(t.Get("address")), Audience: t.Get("audience"), Consent: t.Get("consent"), Product: t.Get("product")}
	if t.Get("into") == "downstream" {
		x.Audience = ""
	} else if x.Audience == "" {
		return s.showList(w, r, t, casework.Taking{}, cvd.Fieldf("/audience", "choose the list"))
	}
	only := t.Get("do") != "yes"
	taking, err := s.Casework.ImportList(r.Context(), actorOf(r), x, only)
	if e := asError(err); e != nil && e.Kind != cvd.NotFound {
		return s.showList(w, r, t, casework.Taking{}, e)
	}
	if err != nil {
		return err
	}
	if only {
		return s.showList(w, r, t, taking, nil)
	}
	then := audiencesPath(actorOf(r).Project)
	if x.Audience == "" {
		then = downstreamPath(actorOf(r).Project)
	}
	http.Redirect(w, r, then+"?done=imported", http.StatusSeeOther)
	return nil
}

// sendTable sends rows as a file for a spreadsheet.
func sendTable(w http.ResponseWriter, name string, rows [][]string) error {
	var b strings.Builder
	for i := range rows {
		for j := range rows[i] {
			rows[i][j] = plain(rows[i][j])
		}
	}
	if err := csv.NewWriter(&b).WriteAll(rows); err != nil {
		return err
	}
	save(w, "text/csv; charset=utf-8", name, []byte(b.String()))
	return nil
}

// counted is a number of things in words.
func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}
