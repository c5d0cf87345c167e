package web

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

var trainPage = page("train.html")

// trainView is what train.html shows: the release of a case as a line of stations, and what would follow if it slipped.
type trainView struct {
	frame
	Case, CasePath string
	Announced      moment
	Poster         poster
	Stations       []station
	Lists          []checklist
	Notes          bool // whether there is an edition of the advisory, of which notes are made
	Post           bool // whether the advisory is published, of which the post is made
	Slip           slipView
	Spread         []row
	Reactions      []row
}

// station is one stop.
type station struct {
	Title, State, Who string
	Step              stepLink // that gets past it; no URL where only time does, or the asker's role does not allow it
	Clause            clause
	At, Due, Opens    moment
	Late              bool
	Poster            *poster // who answers for it, where it is the post and late
	Lacks             []objection
	Says              []string
}

// checklist is one step's list in this case.
type checklist struct {
	Step  string
	Items []checkItem
}

type checkItem struct {
	Says, By, URL string
	At            moment
}

// slipView is the preview of a slip.
type slipView struct {
	May      bool
	To       input
	Shown    bool
	Moves    []slipMove
	Restarts []clause
	Stays    []string
	Subject  string
	Text     string
	Trouble  string
	Lacks    []objection
	Take     string // where it is done
	Problems *problems
}

type slipMove struct {
	What     string
	Clause   clause
	From, To moment
}

// poster is who answers for the post with the details.
type poster struct {
	Name  string // "" where nobody is named
	Roles string // the roles that answer then
}

func (s *server) poster(view cvd.View, p casework.Poster) poster {
	if p.Person != "" {
		return poster{Name: s.name(view, p.Person)}
	}
	return poster{Roles: strings.Join(p.Roles, ", ")}
}

// stationWords say how a station stands.
var stationWords = map[string]string{"passed": "done", "here": "now", "ahead": "waits", "skipped": "skipped"}

// train shows it.
func (s *server) train(w http.ResponseWriter, r *http.Request) error {
	who, id := actorOf(r), cvd.CaseID(r.PathValue("case"))
	t, err := s.Casework.Train(r.Context(), who, id)
	if err != nil {
		return err
	}
	view, err := s.Casework.Case(r.Context(), who, id)
	if err != nil {
		return err
	}
	f, z, err := s.atDesk(r, "inbox", "Release train · "+string(view.ID))
	if err != nil {
		return err
	}
	in := s.clausesOf(who.Project, view.Policy)
	v := trainView{frame: f, Case: string(view.ID), CasePath: casePath(who.Project, view.ID), Announced: z.at(t.Announced.At), Poster: s.poster(view, t.Poster),
		Notes: len(view.Advisory.Editions) > 0, Post: len(view.Disclosure.Past) > 0}
	may := map[string]bool{}
	for _, o := range view.Steps {
		may[o.Step] = true
	}
	for _, x := range t.Stations {
		one := station{Title: x.Title, State: stationWords[string(x.State)], Who: x.Who, Clause: in.at(x.Clause), At: z.at(x.At), Due: z.at(x.Due), Late: x.Late, Opens: z.at(x.Opens),
			Lacks: objections(in, x.Lacks, z), Says: x.Says}
		if x.Late && x.Step == "explain" {
			one.Poster = &v.Poster
		}
		if may[x.Step] && x.State != "passed" {
			one.Step = stepTo(who.Project, view.ID, x.Step, nil, in, z)
			if x.Step == "notify" {
				one.Step.URL += "?notice=" + url.QueryEscape(x.Name)
			}
		}
		v.Stations = append(v.Stations, one)
	}
	v.lists(t, z, may["tick"])
	v.afterwards(view, z)
	status := http.StatusOK
	if may["slip"] {
		if v.Slip, err = s.slipView(r, view, in, z); err != nil {
			return err
		}
		if v.Slip.Problems != nil {
			status = http.StatusUnprocessableEntity
		}
	}
	s.show(w, status, trainPage, v)
	return nil
}

// lists are the checklists of the case.
func (v *trainView) lists(t casework.Train, z zone, may bool) {
	for _, l := range t.Lists {
		list := checklist{Step: upperFirst(words(l.Step))}
		for _, i := range l.Items {
			item := checkItem{Says: i.Says, By: i.Done.Name, At: z.at(i.Done.At)}
			if may {
				item.URL = v.CasePath + "/tick?" + url.Values{"step": {l.Step}, "item": {i.Says}}.Encode()
			}
			list.Items = append(list.Items, item)
		}
		v.Lists = append(v.Lists, list)
	}
}

// afterwards is what was seen once the fix was out.
func (v *trainView) afterwards(view cvd.View, z zone) {
	for _, x := range view.Spread {
		said := strconv.FormatInt(x.Fixed, 10) + " " + words(x.What)
		if share := x.Share(); share >= 0 {
			said = strconv.FormatInt(x.Fixed, 10) + " of " + strconv.FormatInt(x.Of, 10) + " " + words(x.What) + ", " + strconv.Itoa(share) + " %"
		}
		v.Spread = append(v.Spread, row{Title: said, At: z.at(x.At), Text: x.Source})
	}
	works := map[string]string{"yes": "It works", "no": "It does not work", "unsure": "Not sure"}
	for _, x := range view.Reactions {
		v.Reactions = append(v.Reactions, row{Title: works[x.Works], By: x.From, At: z.at(x.At), Text: x.Text})
	}
}

// slipView previews the instant that was asked for.
func (s *server) slipView(r *http.Request, view cvd.View, in clauses, z zone) (slipView, error) {
	path := casePath(view.Project, view.ID)
	v := slipView{May: true, Take: path + "/slip"}
	v.To = input{Name: "to", Label: "To", Help: "The exact instant with its zone, such as 2026-12-01T16:00:00Z"}.filled(r.URL.Query())
	said := strings.TrimSpace(r.URL.Query().Get("to"))
	if said == "" {
		return v, nil
	}
	to, err := time.Parse(time.RFC3339, said)
	if err != nil {
		v.Problems = &problems{Heading: "This cannot be previewed", Lines: []problem{{Field: "to", Says: "Write the exact instant with its zone, such as 2026-12-01T16:00:00Z."}}}
		return v, nil
	}
	p, err := s.Casework.PreviewSlip(r.Context(), actorOf(r), view.ID, cvd.Slipped{To: to})
	if err != nil {
		return v, err
	}
	v.follows(p, in, z)
	v.Take += "?" + url.Values{"to": {said}}.Encode()
	return v, nil
}

// foreseeSlip shows in the form of the step what moving the release as it stands there would do. Whatever is changed is shown anew.
func (s *server) foreseeSlip(r *http.Request, v *stepForm, x cvd.Slipped, seen string) bool {
	text, err := json.Marshal(x)
	if err != nil || strings.TrimSpace(x.Because) == "" {
		return false
	}
	sum := sha256.Sum256(text)
	if v.Preview = hex.EncodeToString(sum[:8]); v.Preview == seen {
		return false
	}
	p, err := s.Casework.PreviewSlip(r.Context(), actorOf(r), v.Case, x)
	if err != nil || p.Trouble != "" || len(p.Objections) > 0 {
		return false
	}
	v.Slip, v.Verb = &slipView{}, "Move the release"
	v.Slip.follows(p, s.clausesOf(v.view.Project, v.view.Policy), v.zone)
	return true
}

// follows lays out what would follow from a move.
func (v *slipView) follows(p casework.SlipPreview, in clauses, z zone) {
	v.Shown, v.Stays, v.Trouble, v.Lacks = true, p.Stays, upperFirst(p.Trouble), objections(in, p.Objections, z)
	for _, m := range p.Moves {
		v.Moves = append(v.Moves, slipMove{What: m.What, Clause: in.at(m.Clause), From: z.at(m.From), To: z.at(m.To)})
	}
	for _, name := range p.Restarts {
		v.Restarts = append(v.Restarts, in.at(name))
	}
	if p.Sends != nil {
		v.Subject, v.Text = p.Sends.Subject, p.Sends.Text
	}
}
