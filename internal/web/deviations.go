package web

import (
	"encoding/csv"
	"net/http"
	"net/url"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

var deviationsPage = page("deviations.html")

// deviationsView is what deviations.html shows: where cases did not go the way of the policy.
type deviationsView struct {
	frame
	Root     string
	Month    input
	Query    string
	Rows     []deviation
	Problems *problems
}

type deviation struct {
	At                        moment
	Case, URL                 string
	How, Clause, Because, Who string
}

// hows say how a clause was passed.
var hows = map[string]string{"waived": "two people let the case pass it", "passed": "a step passed it by that waiver", "lifted": "the policy lifts it"}

// theDeviations are those of the month that was asked for.
func (s *server) theDeviations(r *http.Request) (deviationsView, []casework.Deviation, error) {
	who, month := actorOf(r), r.URL.Query().Get("month")
	v := deviationsView{Root: deskOf(who.Project) + "/deviations", Query: "month=" + url.QueryEscape(month)}
	v.Month = input{Name: "month", Label: "Month", Type: "month", Help: "Such as 2026-03; empty: all"}.filled(r.URL.Query())
	period, err := casework.ReadMonth(month)
	if err != nil {
		return v, nil, err
	}
	all, err := s.Casework.Deviations(r.Context(), who, period)
	return v, all, err
}

// deviations shows them.
func (s *server) deviations(w http.ResponseWriter, r *http.Request) error {
	f, z, err := s.atDesk(r, "measures", "Deviations")
	if err != nil {
		return err
	}
	v, all, err := s.theDeviations(r)
	status := http.StatusOK
	if e := asError(err); e != nil && e.Kind == cvd.Invalid {
		v.Problems = &problems{Heading: "This month cannot be shown", Lines: []problem{{Field: "month", Says: upperFirst(e.Says)}}}
		status, err = statuses[cvd.Invalid].code, nil
	}
	if err != nil {
		return err
	}
	v.frame = f
	for _, d := range all {
		row := deviation{At: z.at(d.At), Case: string(d.Case), URL: casePath(actorOf(r).Project, d.Case), How: hows[d.How], Clause: d.Clause,
			Because: d.Because, Who: strings.Join(d.Who, ", ")}
		if d.Alone {
			row.How = "one person let the case pass it, after a second look"
		}
		v.Rows = append(v.Rows, row)
	}
	s.show(w, status, deviationsPage, v)
	return nil
}

// deviationsCSV sends them as a file for a spreadsheet.
func (s *server) deviationsCSV(w http.ResponseWriter, r *http.Request) error {
	_, all, err := s.theDeviations(r)
	if err != nil {
		return err
	}
	lines := [][]string{{"at", "case", "how", "step", "clause", "because", "who"}}
	for _, d := range all {
		lines = append(lines, []string{cvd.Instant(d.At), string(d.Case), d.How, d.Step, d.Clause, plain(d.Because), plain(strings.Join(d.Who, ", "))})
	}
	var b strings.Builder
	if err := csv.NewWriter(&b).WriteAll(lines); err != nil {
		return err
	}
	save(w, "text/csv; charset=utf-8", string(actorOf(r).Project)+"-deviations.csv", []byte(b.String()))
	return nil
}
