package web

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

var partyImportPage = page("party_import.html")

// partyImportView is the form for a list of parties, and what would become of each line.
type partyImportView struct {
	frame
	Case     cvd.CaseID
	Path     string
	List     string
	Invite   bool
	Rows     []listedRow
	Wrong    int
	Sure     bool // whether what was sent can be taken as it is
	Problems *problems
}

type listedRow struct {
	Line                               int
	Name, Kind, Address, Weights, Says string
	Wrong                              bool
}

// askPartyImport shows the empty form.
func (s *server) askPartyImport(w http.ResponseWriter, r *http.Request) error {
	v, err := s.partyImport(r)
	if err != nil {
		return err
	}
	s.show(w, http.StatusOK, partyImportPage, v)
	return nil
}

func (s *server) partyImport(r *http.Request) (v partyImportView, err error) {
	who, id := actorOf(r), cvd.CaseID(r.PathValue("case"))
	view, err := s.Casework.Case(r.Context(), who, id)
	if err != nil {
		return v, err
	}
	if view.Tier != cvd.ForTeam {
		return v, cvd.NotFound
	}
	f, _, err := s.atDesk(r, "inbox", "A list of parties · "+string(id))
	return partyImportView{frame: f, Case: view.ID, Path: casePath(who.Project, view.ID)}, err
}

// takePartyImport shows what would become of each line of a list, or takes it.
func (s *server) takePartyImport(w http.ResponseWriter, r *http.Request) error {
	in, err := read(r)
	if err != nil {
		return err
	}
	v, err := s.partyImport(r)
	if err != nil {
		return err
	}
	v.List, v.Invite = in.values.Get("list"), in.values.Get("invite") == yes
	if len(in.files) > 0 {
		v.List = string(in.files[0].Body)
	}
	sure := in.values.Get("sure") == yes
	list, err := casework.ReadParties(strings.NewReader(v.List))
	if err == nil {
		list, err = s.Casework.ImportParties(r.Context(), actorOf(r), v.Case, list, v.Invite, sure)
	}
	if e, ok := errors.AsType[*cvd.Error](err); ok {
		v.Problems = &problems{Heading: "Nothing was taken yet", Lines: []problem{{"list", upperFirst(e.Says) + "."}}}
		s.show(w, statuses[e.Kind].code, partyImportPage, v)
		return nil
	}
	if err != nil {
		return err
	}
	status := http.StatusOK
	for _, x := range list {
		row := listedRow{Line: x.Line, Name: x.Party.Name, Kind: partyKinds[x.Party.Kind], Address: x.Party.Address, Weights: weightsText(x.Party.Weights), Says: x.Does}
		if x.Wrong != "" {
			row.Says, row.Wrong, v.Wrong, status = x.Where()+": "+x.Wrong, true, v.Wrong+1, http.StatusUnprocessableEntity
		}
		v.Rows = append(v.Rows, row)
	}
	if v.Wrong == 0 && sure {
		http.Redirect(w, r, v.Path+"/readiness?"+url.Values{"done": {"import"}}.Encode(), http.StatusSeeOther)
		return nil
	}
	if v.Wrong > 0 {
		v.Problems = &problems{Heading: "Nothing was taken yet", Lines: []problem{{"list", "Each line must be right before any is taken: see below."}}}
	}
	v.Sure = v.Wrong == 0 && len(v.Rows) > 0
	s.show(w, status, partyImportPage, v)
	return nil
}
