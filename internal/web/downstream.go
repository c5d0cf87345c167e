package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

var (
	downstreamPage = page("downstream.html")
	dependentPage  = page("dependent.html")
	exposurePage   = page("exposure.html")
)

// downstreamView is what downstream.html shows: the projects that run the product.
type downstreamView struct {
	frame
	URL, Lists string
	Done       string
	Rows       []downstreamRow
	Stale      int
}

type downstreamRow struct {
	URL, Name, Product, Version, Line, Weights string
	Eligible                                   bool
	Route, Source, Trouble                     string
	Failure                                    string // why the last look could not be taken
	Failed                                     moment
	RouteURL                                   string // where it was read, if that is a page
	Checked                                    moment
	Stale                                      bool
}

func downstreamPath(project cvd.ProjectID) string { return deskOf(project) + "/downstream" }

func dependentPath(project cvd.ProjectID, id string) string {
	return downstreamPath(project) + "/" + url.PathEscape(id)
}

func downstreamRowOf(project cvd.ProjectID, d casework.Downstream, z zone) downstreamRow {
	return downstreamRow{URL: dependentPath(project, d.ID), Name: d.Name, Product: d.Product, Version: d.Version, Line: d.Line, Eligible: d.Eligible, Weights: weightsLine(d.Weights),
		Route: d.Route.Is, Source: d.Route.Source, Trouble: d.Route.Trouble, RouteURL: d.Route.Found, Checked: z.at(d.Route.CheckedAt), Stale: d.Stale,
		Failure: d.Failure, Failed: z.at(d.FailedAt)}
}

// downstreams lists the projects downstream.
func (s *server) downstreams(w http.ResponseWriter, r *http.Request) error {
	who := actorOf(r)
	all, err := s.Casework.Downstreams(r.Context(), who)
	if err != nil {
		return err
	}
	f, z, err := s.atDesk(r, "lists", "Projects downstream")
	if err != nil {
		return err
	}
	v := downstreamView{frame: f, URL: downstreamPath(who.Project), Lists: audiencesPath(who.Project), Done: registerDone[r.URL.Query().Get("done")]}
	for _, d := range all {
		if v.Rows = append(v.Rows, downstreamRowOf(who.Project, d, z)); d.Stale {
			v.Stale++
		}
	}
	s.show(w, http.StatusOK, downstreamPage, v)
	return nil
}

// downstreamCSV sends them as a file that can be taken in again.
func (s *server) downstreamCSV(w http.ResponseWriter, r *http.Request) error {
	rows, err := s.Casework.ExportDownstreams(r.Context(), actorOf(r))
	if err != nil {
		return err
	}
	return sendTable(w, string(actorOf(r).Project)+"-downstream.csv", rows)
}

// dependentView is what dependent.html shows: one project downstream and the form to change it.
type dependentView struct {
	frame
	URL, All  string
	Done      string
	Problems  *problems
	New       bool
	Row       downstreamRow
	Questions []question
}

// dependent shows one project downstream, or an empty form.
func (s *server) dependent(w http.ResponseWriter, r *http.Request) error {
	return s.showDependent(w, r, nil, nil)
}

func (s *server) showDependent(w http.ResponseWriter, r *http.Request, typed url.Values, e *cvd.Error) error {
	who, id := actorOf(r), r.PathValue("entry")
	var d casework.Downstream
	if _, err := s.Casework.AudiencesOf(who); err != nil {
		return err
	}
	if id != "new" {
		var err error
		if d, err = s.Casework.Downstream(r.Context(), who, id); err != nil {
			return err
		}
	}
	f, z, err := s.atDesk(r, "lists", "Project downstream")
	if err != nil {
		return err
	}
	products, err := s.Casework.Products(who.Project)
	if err != nil {
		return err
	}
	v := dependentView{frame: f, URL: dependentPath(who.Project, id), All: downstreamPath(who.Project), Done: registerDone[r.URL.Query().Get("done")], New: id == "new", Row: downstreamRowOf(who.Project, d, z)}
	if !typed.Has("name") {
		typed = typedDependent(d.Dependent)
	}
	var choices []choice
	for _, p := range products {
		choices = append(choices, choice{Value: p.Name, Label: p.Title})
	}
	v.Questions = questionsOf(typed,
		input{Name: "name", Label: "Name", Required: true, pointer: "/name"},
		input{Name: "product", Label: "Runs", Choices: choices, Required: len(choices) > 1, pointer: "/product"},
		input{Name: "version", Label: "Version in use", pointer: "/version"},
		input{Name: "repository", Label: "Repository", Help: "https://; its SECURITY.md is read when you look for the route", Type: "url", pointer: "/repository"},
		input{Name: "website", Label: "Website", Help: "https://; its security.txt is read then", Type: "url", pointer: "/website"},
		input{Name: "route", Label: "Where they take reports", Help: "A mail address, or a page at https://", pointer: "/route"},
		input{Name: "weights", Label: "Weights", Help: "One per line: a name and a number, such as installations 1200", Rows: 2, pointer: "/weights"},
		input{Name: "handles", Label: "Contacts", Help: "One per line: the service and the address. Services: " + strings.Join(cvd.Services, ", "), Rows: 3, pointer: "/contacts"},
		input{Name: "notes", Label: "Notes", Rows: 3, pointer: "/notes"})
	status := http.StatusOK
	if e != nil {
		v.Problems = mark(v.Questions, []*cvd.Error{e})
		v.Problems.Heading, status = "Nothing was changed", statuses[e.Kind].code
	}
	s.show(w, status, dependentPage, v)
	return nil
}

func typedDependent(d cvd.Dependent) url.Values {
	var handles []string
	for _, h := range d.Contacts {
		handles = append(handles, h.Service+" "+h.Is)
	}
	return url.Values{"name": {d.Name}, "product": {d.Product}, "version": {d.Version}, "repository": {d.Repository}, "website": {d.Website}, "route": {d.Route.Is},
		"weights": {weightsText(d.Weights)}, "handles": {strings.Join(handles, "\n")}, "notes": {d.Notes}}
}

// onDependent does what a form of the page of a project downstream asks for.
func (s *server) onDependent(w http.ResponseWriter, r *http.Request, done string, do func(who cvd.Actor, id string, in url.Values) (string, error)) error {
	again := func(in url.Values, e *cvd.Error) error { return s.showDependent(w, r, in, e) }
	return s.policyForm(w, r, again, func(who cvd.Actor, in url.Values) (string, error) {
		id, err := do(who, r.PathValue("entry"), in)
		if id == "" {
			return downstreamPath(who.Project) + "?done=" + done, err
		}
		return dependentPath(who.Project, id) + "?done=" + done, err
	})
}

// saveDependent keeps a project downstream.
func (s *server) saveDependent(w http.ResponseWriter, r *http.Request) error {
	return s.onDependent(w, r, "saved", func(who cvd.Actor, id string, in url.Values) (string, error) {
		trim := func(name string) string { return strings.TrimSpace(in.Get(name)) }
		d := cvd.Dependent{Name: in.Get("name"), Product: in.Get("product"), Version: in.Get("version"), Repository: trim("repository"), Website: trim("website"),
			Route: cvd.Route{Is: trim("route")}, Contacts: handlesOf(url.Values{"handles": in["handles"]}), Notes: in.Get("notes")}
		var err error
		if d.Weights, err = weightsOf(in.Get("weights")); err != nil {
			return id, err
		}
		if id != "new" {
			d.ID = id
		}
		kept, err := s.Casework.PutDownstream(r.Context(), who, d)
		return kept.ID, err
	})
}

// checkDependent looks for the route to report again.
func (s *server) checkDependent(w http.ResponseWriter, r *http.Request) error {
	return s.onDependent(w, r, "checked", func(who cvd.Actor, id string, _ url.Values) (string, error) {
		_, err := s.Casework.CheckRoute(r.Context(), who, id)
		return id, err
	})
}

// removeDependent forgets a project downstream.
func (s *server) removeDependent(w http.ResponseWriter, r *http.Request) error {
	return s.onDependent(w, r, "removed", func(who cvd.Actor, id string, _ url.Values) (string, error) {
		return "", s.Casework.RemoveDownstream(r.Context(), who, id)
	})
}

// exposureView is what exposure.html shows: the projects downstream as a case concerns them.
type exposureView struct {
	frame
	Case, URL, Relay, All string
	Rev                   int64
	Sums                  []item
	Rows                  []exposedRow
	May                   bool // whether the asker may record what they were told
}

type exposedRow struct {
	downstreamRow
	ID, State, In  string
	Status, Pull   string
	RelayedVersion string
	Changed        moment
	Bad            bool
	Statuses       []choice
	Party          *candidate // how it could take part in the case; nil for who may not name anybody
	Invite         string     // the form that asks it
}

// asParty says how a project downstream could take part in the case, at the address where it takes reports, if that is one of mail.
func (s *server) asParty(row *exposedRow, c cvd.View, d casework.Exposed, can map[string]bool) {
	address := d.Route.Is
	if !strings.Contains(address, "@") || strings.Contains(address, "/") {
		address = ""
	}
	x := s.candidateOf(c, d.Name, address, cvd.Downstream)
	x.Weights, x.Because = weightsText(d.Weights), "It runs "+strings.TrimSpace(d.Product+" "+d.Version)+"."
	if can["nominate"] {
		row.Party = &x
	}
	if can["invite"] && x.State == "" {
		row.Invite = casePath(c.Project, c.ID) + "/invite?" + url.Values{"name": {x.Name}, "kind": {x.Kind}, "address": {x.Address}, "weights": {x.Weights}}.Encode()
	}
}

// exposure shows which projects downstream run what a case is about.
func (s *server) exposure(w http.ResponseWriter, r *http.Request) error {
	who := actorOf(r)
	c, err := s.Casework.Case(r.Context(), who, cvd.CaseID(r.PathValue("case")))
	if err != nil {
		return err
	}
	x, err := s.Casework.Exposure(r.Context(), who, c.ID)
	if err != nil {
		return err
	}
	f, z, err := s.atDesk(r, "inbox", "Exposure of "+string(c.ID))
	if err != nil {
		return err
	}
	v := exposureView{frame: f, Case: string(c.ID), URL: casePath(who.Project, c.ID), Relay: casePath(who.Project, c.ID) + "/relay", All: downstreamPath(who.Project), Rev: c.Rev}
	can := map[string]bool{}
	for _, o := range c.Steps {
		can[o.Step] = true
	}
	v.May = can["relay"]
	for _, state := range []string{"affected", "unknown", "fixed", "not_affected"} {
		text := counted(x.Count[state], "project", "projects")
		if x.Weigh != "" && x.Total > 0 {
			text += fmt.Sprintf(", %.1f per cent of %s", float64(x.Weights[state])*100/float64(x.Total), words(x.Weigh))
		}
		v.Sums = append(v.Sums, item{Label: upperFirst(words(state)), Text: text})
	}
	for _, d := range x.All {
		row := exposedRow{downstreamRow: downstreamRowOf(who.Project, d.Downstream, z), ID: d.ID, State: d.State, In: d.In, Status: d.Relay.Status, Pull: d.Relay.Pull,
			RelayedVersion: d.Relay.Version, Changed: z.at(d.Relay.ChangedAt), Bad: d.State == "affected"}
		for _, status := range []string{cvd.RelayNotTold, cvd.RelayTold, cvd.RelayAcknowledged, cvd.RelayFixed, cvd.RelayDeclined} {
			row.Statuses = append(row.Statuses, choice{Value: status, Label: words(status), Chosen: status == d.Relay.Status})
		}
		row.Status = words(row.Status)
		s.asParty(&row, c, d, can)
		v.Rows = append(v.Rows, row)
	}
	s.show(w, http.StatusOK, exposurePage, v)
	return nil
}
