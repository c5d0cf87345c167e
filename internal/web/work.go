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

var workPage = page("work.html")

// workView is what work.html shows who works on a case: all that their role may see of it, what they may do now, and what
// stands in the way of the rest.
type workView struct {
	frame
	sheet
	Matter                          string
	Path, Public                    string // of this page; of the public one, if strangers see the case
	Team                            bool
	Done                            string // the step that was just taken
	Kind, Track, Impact             string
	Score, Vector, Because          string
	Priority, Why                   string
	Emergency                       bool
	Crises                          []factLink // what may have happened that ends the quiet, of what the case does not know
	Late                            int
	Relations                       []relation  // other cases that it is tied to
	Export                          string      // where the whole case is given out; empty for who may not take it
	Handover                        string      // where it is handed over; empty for who may not
	Went                            moment      // to another installation
	Ready                           []stepLink  // the steps of the process that may be taken now
	Also                            []stepGroup // those beside it, by what they are about
	Places                          []factLink  // the case's other pages
	Waiting                         []stepLink  // those that something stands in the way of
	Reports                         []workReport
	Talk, Notes                     []remark  // with the reporter; among the team
	Write                           *composer // to the reporter
	Note                            *composer // for the team alone
	Sections                        []section
	Attempts, Ratings, Checks, Work []row
	Lines                           []workLine
	Editions                        []edition
	Reviews, Notices, Rewards       []row
	Breaches                        []row // of terms
	Bounty                          []row
	Credits, Parties, Waivers       []row
	Comments                        []said
	Proposals                       []row
	Spread                          string      // of the members' ratings
	Discuss, Frozen                 bool        // whether the asker may comment; whether strangers see an earlier state
	Issue                           *issueDraft // for the public tracker, of a matter that helps no attacker
	HandsOver                       bool        // whether the case may be closed because it goes on there
	Erased                          *erased
	Exposed                         []exposure // when strangers saw the case and no longer do
	Rev                             int64
	Can                             map[string]bool // steps of the asker's role
}

type workReport struct {
	Number  int
	At      moment
	Contact string
	Credit  string
	Wish    string
	Items   []item
	Files   []download
	Bargain string // how the reporter stands to the terms
	Told    []candidate
	Secrets string // what it seems to hold that should be changed
}

// remark is something that was said.
type remark struct {
	At         moment
	From, Text string
	Mine       bool // by the project, not by the reporter
	Files      []download
}

// exposure is a time in which strangers saw a case that is not for them.
type exposure struct {
	From, Until  moment
	Title, State string
}

// download is a file that somebody sent: it is saved and never shown.
type download struct{ URL, Name, Size string }

// composer is a box to write in, with everybody named who will read what is written.
type composer struct {
	Readers []string
	Reports []choice
	Files   filesField
}

// row is one entry of a record: what it is, when and by whom, and what it says.
type row struct {
	Title, By string
	At        moment
	State     string
	Text      string
	Note      string // what is to be known of it besides
	Late      bool
	Clause    clause
}

type section struct {
	Name, Title, By, Text, URL string
	At                         moment
	Secret                     bool // read by those alone who may see exploits
}

type workLine struct {
	Product, Name, Status, Affected, Version, URL string
	Patches                                       []string
}

type edition struct {
	Number                   int
	At                       moment
	By, Title, Changes, URL  string
	Approved, Objected, Live bool
}

// work shows a case to who works on it.
func (s *server) work(w http.ResponseWriter, r *http.Request) error {
	who := actorOf(r)
	view, err := s.Casework.Case(r.Context(), who, cvd.CaseID(r.PathValue("case")))
	if err != nil {
		return err
	}
	// The title of the window is the case's number: it stands in the list of windows, over somebody's shoulder.
	f, z, err := s.atDesk(r, "inbox", string(view.ID))
	if err != nil {
		return err
	}
	v := workView{frame: f, sheet: s.sheet(who.Project, view, z), Matter: view.Title, Path: casePath(who.Project, view.ID), Rev: view.Rev,
		Team: view.Tier == cvd.ForTeam, Track: words(view.Track), Impact: view.Impact, Priority: view.Priority, Why: view.Because,
		Vector: view.Severity.Vector, Because: view.Severity.Because, Can: map[string]bool{}}
	v.Relations = relations(view)
	if v.Team && who.May("export") && who.May(cvd.SeeExploit) && view.Erased == nil {
		v.Export = v.Path + "/export"
	}
	if v.Team && handsOver(who) && view.Erased == nil && view.Combined.Case == "" {
		v.Handover = v.Path + "/handover"
	}
	if view.Combined.Site != "" {
		v.Went = z.at(view.GoesOn.At)
	}
	if step, ok := stepNamed(r.URL.Query().Get("done")); ok {
		v.Done = upperFirst(words(step.Name))
	}
	if view.Public {
		v.Public = root(who.Project) + "/cases/" + url.PathEscape(string(view.ID))
	}
	v.Emergency = !view.CS.Quiet() && view.Disclosure.At.IsZero() && !view.Public
	if view.Severity.Scored {
		v.Score = score(view.Severity)
	}
	v.crises(s, view)
	v.Frozen = view.Frozen
	for _, x := range view.Exposed {
		v.Exposed = append(v.Exposed, exposure{From: z.at(x.From), Until: z.at(x.Until), Title: x.Seen.Title, State: x.Seen.Headline})
	}
	v.steps(view, z)
	v.places(view)
	v.Discuss = view.Discuss && v.Can["comment"]
	if e := view.Erased; e != nil {
		v.Erased = &erased{At: z.at(e.At), By: e.Name, Why: words(e.Why), Closed: z.at(e.Closed), Events: int(e.Events), Files: e.Files, Lingers: z.at(view.Lingers)}
	}
	if view.Public && view.Disclosure.At.IsZero() && v.Team {
		if d, err := s.Casework.Issue(r.Context(), who, view.ID); err == nil {
			v.Issue = &issueDraft{Title: d.Title, Body: d.Body, Tracker: d.Tracker, New: d.New}
			v.HandsOver = v.Can["close"] && view.RM != cvd.Closed
		}
	}
	if err := s.fill(&v, view, z); err != nil {
		return err
	}
	s.show(w, http.StatusOK, workPage, v)
	return nil
}

// fill lays out what people wrote and recorded.
func (s *server) fill(v *workView, view cvd.View, z zone) error {
	titles, err := s.fieldTitles(view.Project)
	if err != nil {
		return err
	}
	p, err := s.Casework.PolicyOf(view.Project)
	if err != nil {
		return err
	}
	if k, err := p.Kind(view.Kind); err == nil {
		v.Kind = k.Title
	}
	for _, x := range view.Reports {
		v.Reports = append(v.Reports, workReport{Secrets: strings.Join(casework.SecretsIn(x), ", "), Number: x.Number, At: z.at(x.At), Contact: contact(x.Contact), Credit: x.Credit, Bargain: teamBargains[x.Bargain], Told: s.told(v, view, x), Wish: words(x.Disclosure),
			Items: reported(x, titles), Files: v.files(x.Attachments)})
	}
	for _, m := range view.Messages {
		said := remark{At: z.at(m.At), From: s.name(view, m.By), Mine: !isReporter(m.By), Text: m.Text, Files: v.files(m.Attachments)}
		if m.To == "team" {
			v.Notes = append(v.Notes, said)
		} else {
			v.Talk = append(v.Talk, said)
		}
	}
	v.record(s, view, z)
	v.public(s, view, z)
	v.composers(view)
	return nil
}

// composers are the two boxes of a case. Which of them somebody has, their role says.
func (v *workView) composers(view cvd.View) {
	if v.Can["message"] && len(view.Reports) > 0 {
		v.Write = &composer{Readers: view.SeenBy}
		for _, r := range view.Reports {
			v.Write.Reports = append(v.Write.Reports, choice{Value: strconv.Itoa(r.Number), Label: "Report " + strconv.Itoa(r.Number) + ": " + r.Title, Chosen: r.Number == len(view.Reports)})
		}
	}
	if v.Can["note"] && v.Team {
		team := slices.Clone(view.SeenBy)
		v.Note = &composer{Readers: team[:max(len(team)-1, 0)]} // all who read a message, but the reporter
	}
}

func (v *workView) files(all []cvd.Attachment) []download {
	var out []download
	for _, a := range all {
		out = append(out, download{URL: v.Path + "/files/" + url.PathEscape(a.ID), Name: a.Name, Size: size(a.Size)})
	}
	return out
}

// workFile sends a file of a case. It goes to disk: what somebody else sent is never shown in a page.
func (s *server) workFile(w http.ResponseWriter, r *http.Request) error {
	file, body, err := s.Casework.Attachment(r.Context(), actorOf(r), cvd.CaseID(r.PathValue("case")), r.PathValue("file"))
	if err != nil {
		return err
	}
	save(w, "application/octet-stream", file.Name, body)
	return nil
}
