package web

import (
	"net/http"
	"net/url"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

var linesPage = page("lines.html")

// linesView is what lines.html shows: the matrix of release lines and where each stands, with who brought it there, when and why.
type linesView struct {
	frame
	Case, CasePath string
	Columns        []string
	Rows           []lineRow
	Patches        []patchSheet
	Places         []placeSheet
	Attach         []question
	Files          *filesField
	Problems       *problems
	id             cvd.CaseID
	Eligible, Open int // lines that the policy promises fixes, and those of them that no release has settled
}

// lineRow is one release line.
type lineRow struct {
	Name, Versions, URL string
	Unsupported         bool
	Cells               []lineCell
	Affected, Because   string
	Release             *lineRelease
	key                 string // its product and name, as the form sends them
}

// lineCell is one place of the matrix. It is empty where the line never stood there.
type lineCell struct {
	Stands, By, Why string
	At              moment
	Now             bool
}

// lineRelease is the release that holds a line's fix.
type lineRelease struct{ Version, Tag, Commit, URL, SHA256 string }

// lines shows the matrix.
func (s *server) lines(w http.ResponseWriter, r *http.Request) error {
	v, err := s.linesOf(r, url.Values{})
	if err != nil {
		return err
	}
	s.show(w, http.StatusOK, linesPage, v)
	return nil
}

// linesOf is the page of a case's lines, with what was typed into its form.
func (s *server) linesOf(r *http.Request, typed url.Values) (linesView, error) {
	who, id := actorOf(r), cvd.CaseID(r.PathValue("case"))
	rows, err := s.Casework.Lines(r.Context(), who, id)
	if err != nil {
		return linesView{}, err
	}
	view, err := s.Casework.Case(r.Context(), who, id)
	if err != nil {
		return linesView{}, err
	}
	f, z, err := s.atDesk(r, "inbox", "Release lines · "+string(view.ID))
	if err != nil {
		return linesView{}, err
	}
	v := linesView{frame: f, Case: string(view.ID), CasePath: casePath(who.Project, view.ID), id: view.ID}
	for _, x := range cvd.Stands {
		v.Columns = append(v.Columns, upperFirst(words(x)))
	}
	for _, x := range rows {
		v.Rows = append(v.Rows, rowOf(x, v.CasePath, z))
		if x.Eligible {
			v.Eligible++
			if x.Status != "released" && x.Status != "exempt" && x.Status != "not_affected" {
				v.Open++
			}
		}
	}
	v.patches(s, view, who, typed, z)
	return v, nil
}

func rowOf(x casework.LineRow, path string, z zone) lineRow {
	row := lineRow{Name: x.Title + " " + x.Name, Versions: x.Versions, Affected: x.Affected, Because: x.Because, Unsupported: !x.Eligible, key: x.Product + "/" + x.Name,
		URL: path + "/remedy?" + url.Values{"product": {x.Product}, "line": {x.Name}}.Encode()}
	if x.Release.IsZero() && x.Version == "" {
		row.Release = nil
	} else {
		row.Release = &lineRelease{Version: x.Version, Tag: x.Tag, Commit: x.Commit, URL: x.URL, SHA256: x.SHA256}
	}
	for _, stands := range cvd.Stands {
		cell := lineCell{Stands: upperFirst(words(stands)), Now: x.Stands == stands}
		for _, m := range x.Moves {
			if m.Stands == stands {
				cell.By, cell.Why, cell.At = m.Name, m.Because, z.at(m.At)
			}
		}
		if cell.Now && cell.Why == "" {
			cell.Why = x.Why
		}
		row.Cells = append(row.Cells, cell)
	}
	return row
}
