package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

var inboxPage = page("inbox.html")

// inboxView is what inbox.html shows: what waits, in the order in which it came.
type inboxView struct {
	frame
	Path      string
	Rows      []inboxRow
	Counters  []counter
	Filters   []input
	Words     string
	Filtered  bool
	Found     int
	Sorted    string
	Order     link // to the other order
	Next      string
	Carried   []typedField // the filters, for the form that asks for the next page
	Preparing bool
	Classed   bool // whether the policy classes severities
	Team      bool
	TakesOver bool // whether cases of other installations may be taken over
	Problems  *problems
}

// inboxRow is one case in the list.
type inboxRow struct {
	Case, Title, URL       string
	Kind, State            string
	Severity, Style, Score string
	Priority               string
	Age                    string
	Opened                 moment
	Clock                  string
	Clause                 clause // of the clock
	Due                    moment
	Left                   string
	Late, Public, Urgent   bool
	Unplanned              bool
	Next, Waits            string
	People                 string
	Reports                int
}

// counter is a number that leads to the cases behind it.
type counter struct {
	Title, URL string
	N          int
	Late       bool
}

// inbox shows a page of the inbox. What is searched for stands in no address: it comes in the body of a form.
func (s *server) inbox(w http.ResponseWriter, r *http.Request) error {
	asked := r.URL.Query()
	if r.Method == http.MethodPost {
		in, err := read(r)
		if err != nil {
			return err
		}
		asked = in.values
	}
	who := actorOf(r)
	f, z, err := s.atDesk(r, "inbox", "Inbox")
	if err != nil {
		return err
	}
	q := queryOf(asked)
	v := inboxView{frame: f, Path: deskOf(who.Project), Words: q.Words, Team: who.May(cvd.See)}
	in, err := s.Casework.Inbox(r.Context(), who, q)
	status := http.StatusOK
	if e := asError(err); e != nil && e.Kind == cvd.Invalid {
		v.Problems = &problems{Heading: "This cannot be asked for", Lines: []problem{{Says: upperFirst(e.Says)}}}
		status = statuses[e.Kind].code
		in, err = s.Casework.Inbox(r.Context(), who, casework.Query{})
	}
	if err != nil {
		return err
	}
	v.Preparing, v.Found, v.Next = in.Preparing, in.Found, in.Next
	for _, row := range in.Rows {
		v.Rows = append(v.Rows, s.inboxRow(who.Project, row, z))
	}
	v.counters(in.Counts)
	v.TakesOver = casework.MayTakeOver(who) == nil
	s.filters(&v, who, asked, in.Counts)
	v.carry(asked)
	s.show(w, status, inboxPage, v)
	return nil
}

// queryOf reads the filters of the inbox.
func queryOf(asked url.Values) casework.Query {
	return casework.Query{Words: asked.Get("words"), Show: asked.Get("show"), State: asked.Get("state"), Class: asked.Get("class"), Track: asked.Get("track"),
		Kind: asked.Get("kind"), Assigned: cvd.ActorID(asked.Get("assigned")), Waits: asked.Get("waits"), Late: asked.Get("late") == yes,
		Untriaged: asked.Get("untriaged") == yes, Newest: asked.Get("order") == "newest", After: asked.Get("after")}
}

func (s *server) inboxRow(project cvd.ProjectID, row casework.Row, z zone) inboxRow {
	out := inboxRow{Case: string(row.ID), Title: row.Title, URL: casePath(project, row.ID), Kind: row.KindTitle, State: row.Headline, Severity: row.Severity,
		Style: severityStyle(row.Class), Priority: row.Priority, Age: ago(row.Age), Opened: z.at(row.OpenedAt), Public: row.Public, Urgent: row.Emergency, Unplanned: row.Unplanned,
		Next: row.Next.What, Waits: row.Next.Who, Reports: row.Reports}
	if row.Scored {
		out.Score = strconv.FormatFloat(row.Score, 'f', 1, 64)
	}
	if k := row.Clock; k != nil {
		out.Clock, out.Due, out.Late, out.Left = k.Title, z.at(k.Due), k.Late, s.left(k.Due)
		out.Clause = s.clausesOf(project, row.Policy).at("clocks." + k.Name)
	}
	var people []string
	for _, a := range row.Assigned {
		name := s.member(project, a.Person)
		if !slices.Contains(people, name) {
			people = append(people, name)
		}
	}
	out.People = join(people...)
	return out
}

// counters are the numbers above the list; each leads to what it counts.
func (v *inboxView) counters(c casework.Counts) {
	if v.Preparing {
		return
	}
	to := func(name, value string) string { return v.Path + "?" + url.Values{name: {value}}.Encode() }
	v.Counters = []counter{{"open", v.Path, c.Open, false}, {"untriaged", to("untriaged", yes), c.Untriaged, false}, {"late", to("late", yes), c.Late, c.Late > 0}}
	if c.Team {
		v.Counters = append(v.Counters, counter{"unassigned", to("assigned", "nobody"), c.Unassigned, false}, counter{"mine", to("assigned", "me"), -1, false})
	}
	v.Counters = append(v.Counters, counter{"waiting on the reporter", to("waits", "the reporter"), c.Waiting, false})
	if c.Team && c.Held > 0 {
		v.Counters = append(v.Counters, counter{"letters held", v.Path + "/installation", c.Held, true})
	}
}

// filters are the choices of the list, as the policy and the cases give them.
func (s *server) filters(v *inboxView, who cvd.Actor, asked url.Values, c casework.Counts) {
	p, err := s.Casework.PolicyOf(who.Project)
	if err != nil {
		return
	}
	state, class, track := input{Name: "state", Label: "State"}, input{Name: "class", Label: "Severity"}, input{Name: "track", Label: "Track"}
	for _, name := range sorted(c.States) {
		state.Choices = append(state.Choices, choice{Value: name, Label: name + " (" + strconv.Itoa(c.States[name]) + ")"})
	}
	classes := classesOf(p)
	v.Classed = len(classes) > 0
	class.Choices = append(classes, choice{Value: "none", Label: "not decided"})
	for _, t := range p.Document.Tracks {
		track.Choices = append(track.Choices, choice{Value: t.Name, Label: words(t.Name)})
	}
	waits := input{Name: "waits", Label: "Waits on", Choices: list(choice{Value: "the project", Label: "the project"}, choice{Value: "the reporter", Label: "the reporter"}, choice{Value: "nobody", Label: "nobody"})}
	show := input{Name: "show", Label: "Show", Choices: list(choice{Value: "open", Label: "open"}, choice{Value: "closed", Label: "closed"}, choice{Value: "all", Label: "all"})}
	all := []input{state, class, track, waits, show}
	if v.Team {
		assigned := input{Name: "assigned", Label: "Assigned to", Choices: list(choice{Value: "me", Label: "me"}, choice{Value: "nobody", Label: "nobody"})}
		for _, x := range s.Casework.Team(who) {
			assigned.Choices = append(assigned.Choices, choice{Value: string(x.Handle), Label: x.Name})
		}
		all = append(all, assigned)
	}
	for _, in := range all {
		if len(in.Choices) > 1 {
			v.Filters = append(v.Filters, in.filled(asked))
		}
		v.Filtered = v.Filtered || asked.Get(in.Name) != ""
	}
	v.Filtered = v.Filtered || v.Words != "" || asked.Get("late") != "" || asked.Get("untriaged") != ""
}

// carry keeps the filters for the form of the next page, and for the link to the other order.
func (v *inboxView) carry(asked url.Values) {
	other := url.Values{}
	for _, name := range []string{"words", "state", "class", "track", "kind", "assigned", "waits", "late", "untriaged", "show", "order"} {
		if asked.Get(name) == "" {
			continue
		}
		v.Carried = append(v.Carried, typedField{name, asked.Get(name)})
		if name != "words" && name != "order" {
			other[name] = asked[name]
		}
	}
	v.Sorted, v.Order = "oldest first", link{"show the newest first", v.Path + "?" + other.Encode()}
	if asked.Get("order") == "newest" {
		v.Sorted, v.Order.Title = "newest first", "show the oldest first"
	} else {
		other.Set("order", "newest")
		v.Order.URL = v.Path + "?" + other.Encode()
	}
}

// ago is an age as people say it.
func ago(d time.Duration) string {
	switch {
	case d >= 48*time.Hour:
		return strconv.Itoa(int(d/(24*time.Hour))) + " d"
	case d >= time.Hour:
		return strconv.Itoa(int(d/time.Hour)) + " h"
	}
	return strconv.Itoa(int(max(d, 0)/time.Minute)) + " min"
}

// left says how long something still has, or for how long it has been late.
func (s *server) left(due time.Time) string {
	if d := due.Sub(s.Now()); d >= 0 {
		return "in " + ago(d)
	}
	return ago(s.Now().Sub(due)) + " late"
}
