package web

import (
	"net/http"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

var casesPage = page("cases.html")

// casesView is what cases.html shows: the cases of a project that strangers may see. Of the others there is no trace: no
// number, no gap, no page that is shorter.
type casesView struct {
	frame
	Rows []caseRow
	Next string // address of the next page; empty on the last
}

type caseRow struct {
	ID, Title, Link, Headline string
	Severity, Style           string
	Opened                    moment
	Next                      moment
	Late                      bool
}

func (s *server) cases(w http.ResponseWriter, r *http.Request) error {
	id := projectOf(r)
	f, z, err := s.within(id, "cases", "Public cases")
	if err != nil {
		return err
	}
	views, next, err := s.Casework.Cases(r.Context(), cvd.Nobody(id), casework.Page{After: r.URL.Query().Get("after")})
	if err != nil {
		return err
	}
	v := casesView{frame: f}
	for _, c := range views {
		all := s.sheet(id, c, z)
		row := caseRow{ID: string(c.ID), Title: c.Title, Link: root(id) + "/cases/" + string(c.ID), Headline: all.Headline,
			Severity: all.Severity, Style: all.SeverityStyle, Opened: all.Opened}
		for _, k := range all.Clocks {
			if k.Due.Machine != "" && (row.Next.Machine == "" || k.Due.Machine < row.Next.Machine) {
				row.Next, row.Late = k.Due, k.Late
			}
		}
		v.Rows = append(v.Rows, row)
	}
	if next != "" {
		v.Next = root(id) + "/cases?after=" + next
	}
	s.show(w, http.StatusOK, casesPage, v)
	return nil
}
