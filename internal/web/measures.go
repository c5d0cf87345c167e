package web

import (
	"cmp"
	"encoding/csv"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

var (
	measuresPage = page("measures.html")
	measurePage  = page("measure.html")
)

// measuresView is what measures.html shows: how the project handles what is reported to it, each figure with its definition.
type measuresView struct {
	frame
	period
	Measures []measure
	Waits    bool // the program was started lately and still reads
}

// period is a choice of time as a page asks for it: whole days, both included.
type period struct {
	Root     string // "/desk/juno/measures"
	From, To input
	Query    string // the same as a part of an address
	Presets  []link
	Problems *problems
}

// measure is one measure with its figures.
type measure struct {
	Name, Title, Doc string
	Figures          []figure
	Months           []figure
	Spread           []figure
	Chart            *chart
}

// figure is one number, leading to the cases behind it.
type figure struct {
	Title, Says, URL string
	None             bool
	Cases            int
	Share            string // of the greatest figure of its unit beside it: "37%"
}

// theMeasures finds what the measures say of the period that was asked for.
func (s *server) theMeasures(r *http.Request) (period, []casework.Result, error) {
	who := actorOf(r)
	p, span := periodOf(deskOf(who.Project)+"/measures", r.URL.Query(), s.Now())
	all, err := s.Casework.Metrics(r.Context(), who, span)
	if e := asError(err); e != nil && e.Kind == cvd.Invalid {
		p.Problems = &problems{Heading: "This period cannot be shown", Lines: []problem{{Field: "to", Says: upperFirst(e.Says)}}}
		return p, nil, nil
	}
	return p, all, err
}

// measures shows all measures.
func (s *server) measures(w http.ResponseWriter, r *http.Request) error {
	f, _, err := s.atDesk(r, "measures", "Measures")
	if err != nil {
		return err
	}
	p, all, err := s.theMeasures(r)
	v := measuresView{frame: f, period: p, Waits: cvd.KindOf(err) == cvd.Unavailable}
	if err != nil && !v.Waits {
		return err
	}
	for _, m := range all {
		one := measure{Name: m.Name, Title: m.Title, Doc: m.Doc, Figures: p.figures(m.Name, "numbers", m.Numbers), Spread: p.figures(m.Name, "spread", m.Spread)}
		if !m.None() {
			months := everyMonth(m.Months)
			one.Months, one.Chart = p.figures(m.Name, "months", months), chartOf(m, months)
		}
		v.Measures = append(v.Measures, one)
	}
	status := http.StatusOK
	if p.Problems != nil {
		status = statuses[cvd.Invalid].code
	}
	s.show(w, status, measuresPage, v)
	return nil
}

// periodOf reads the period from an address; without one it is the last twelve months.
func periodOf(root string, asked url.Values, now time.Time) (period, casework.Period) {
	now = now.UTC()
	year := time.Date(now.Year(), now.Month()-11, 1, 0, 0, 0, 0, time.UTC)
	if !asked.Has("from") && !asked.Has("to") {
		asked = url.Values{"from": {year.Format(time.DateOnly)}}
	}
	var span casework.Period
	p := period{Root: root, From: input{Name: "from", Label: "Reported from", Type: "date"}, To: input{Name: "to", Label: "Until", Type: "date"}}
	typed := url.Values{}
	if t, err := time.Parse(time.DateOnly, asked.Get("from")); err == nil {
		span.From = t
		typed.Set("from", asked.Get("from"))
	}
	if t, err := time.Parse(time.DateOnly, asked.Get("to")); err == nil {
		span.To = t.AddDate(0, 0, 1)
		typed.Set("to", asked.Get("to"))
	}
	p.From, p.To = p.From.filled(typed), p.To.filled(typed)
	p.Query = "from=" + url.QueryEscape(typed.Get("from")) + "&to=" + url.QueryEscape(typed.Get("to"))
	quarter := time.Date(now.Year(), now.Month()-2, 1, 0, 0, 0, 0, time.UTC)
	p.Presets = []link{{"three months", root + "?from=" + quarter.Format(time.DateOnly)}, {"twelve months", root + "?from=" + year.Format(time.DateOnly)},
		{"all", root + "?from="}}
	return p, span
}

// figures lays out numbers; part says which list of the measure they stand in.
func (p period) figures(measure, part string, all []casework.Number) []figure {
	most := map[string]float64{"share": 1}
	for _, n := range all {
		most[string(n.Unit)] = max(most[string(n.Unit)], n.Value)
	}
	var out []figure
	for _, n := range all {
		f := figure{Title: upperFirst(cmp.Or(n.Title, n.Name, "not said")), None: n.None, Says: amount(n), Cases: n.Count()}
		if n.Count() > 0 {
			f.URL = p.Root + "/" + url.PathEscape(measure) + "?part=" + part + "&name=" + url.QueryEscape(n.Name) + "&" + p.Query
		}
		if top := most[string(n.Unit)]; top > 0 && !n.None {
			f.Share = percent(100 * n.Value / top)
		}
		out = append(out, f)
	}
	return out
}

// amount is a figure as people say it.
func amount(n casework.Number) string {
	if n.None {
		return "no cases"
	}
	switch string(n.Unit) {
	case "share":
		return strconv.FormatFloat(100*n.Value, 'f', 0, 64) + " %"
	case "days":
		return span(n.Value)
	}
	return strconv.FormatFloat(n.Value, 'f', -1, 64)
}

// span is a number of days in the unit that fits it.
func span(days float64) string {
	switch {
	case days < 1.0/24:
		return strconv.FormatFloat(days*24*60, 'f', 0, 64) + " min"
	case days < 2:
		return strconv.FormatFloat(days*24, 'f', 1, 64) + " h"
	case days < 10:
		return strconv.FormatFloat(days, 'f', 1, 64) + " days"
	}
	return strconv.FormatFloat(days, 'f', 0, 64) + " days"
}

// everyMonth adds the months in between in which nothing came.
func everyMonth(all []casework.Number) []casework.Number {
	var out []casework.Number
	for _, n := range all {
		at, err := time.Parse("2006-01", n.Name)
		for len(out) > 0 && err == nil {
			before, _ := time.Parse("2006-01", out[len(out)-1].Name) // it was read when it came
			next := before.AddDate(0, 1, 0)
			if !next.Before(at) || len(out) > 600 {
				break
			}
			out = append(out, casework.Number{Name: next.Format("2006-01"), Title: next.Format("January 2006"), Unit: n.Unit, None: true})
		}
		out = append(out, n)
	}
	return out
}

// measuresCSV sends all figures as a file for a spreadsheet.
func (s *server) measuresCSV(w http.ResponseWriter, r *http.Request) error {
	_, all, err := s.theMeasures(r)
	if err != nil {
		return err
	}
	var b strings.Builder
	out := csv.NewWriter(&b)
	lines := [][]string{{"measure", "part", "name", "title", "unit", "value", "cases"}}
	for _, m := range all {
		for _, part := range []struct {
			name string
			all  []casework.Number
		}{{"figure", m.Numbers}, {"month", m.Months}, {"spread", m.Spread}} {
			for _, n := range part.all {
				value := strconv.FormatFloat(n.Value, 'f', -1, 64)
				if n.None {
					value = ""
				}
				lines = append(lines, []string{m.Name, part.name, plain(n.Name), plain(n.Title), string(n.Unit), value, strconv.Itoa(n.Count())})
			}
		}
	}
	if err := out.WriteAll(lines); err != nil {
		return err
	}
	save(w, "text/csv; charset=utf-8", string(actorOf(r).Project)+"-measures.csv", []byte(b.String()))
	return nil
}

// plain keeps a spreadsheet from taking a text for a formula.
func plain(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) {
		return "'" + text
	}
	return text
}

// measureView is what measure.html shows: the cases behind one figure.
type measureView struct {
	frame
	Back         string
	Title, Of    string
	Says, Doc    string
	None         bool
	Rows         []inboxRow
	Total        int
	First, Last  int
	Before, Next string
}

const rowsOfAFigure = 50

// measure shows the cases behind one figure.
func (s *server) measure(w http.ResponseWriter, r *http.Request) error {
	p, all, err := s.theMeasures(r)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(m casework.Result) bool { return m.Name == r.PathValue("measure") })
	if i < 0 {
		return cvd.NotFound
	}
	asked := r.URL.Query()
	of := map[string][]casework.Number{"numbers": all[i].Numbers, "months": all[i].Months, "spread": all[i].Spread}[asked.Get("part")]
	j := slices.IndexFunc(of, func(n casework.Number) bool { return n.Name == asked.Get("name") })
	if j < 0 {
		return cvd.NotFound
	}
	f, z, err := s.atDesk(r, "measures", all[i].Title)
	if err != nil {
		return err
	}
	n := of[j]
	v := measureView{frame: f, Back: p.Root + "?" + p.Query + "#" + all[i].Name, Title: all[i].Title, Doc: all[i].Doc, Of: upperFirst(cmp.Or(n.Title, n.Name)), Says: amount(n),
		None: n.None, Total: n.Count()}
	from := min(max(int(number(asked.Get("from_row"))), 0), v.Total)
	to := min(from+rowsOfAFigure, v.Total)
	rows, err := s.Casework.Rows(r.Context(), actorOf(r), n.Cases()[from:to])
	if err != nil {
		return err
	}
	for _, row := range rows {
		v.Rows = append(v.Rows, s.inboxRow(actorOf(r).Project, row, z))
	}
	here := func(row int) string {
		q := maps.Clone(asked)
		q.Set("from_row", strconv.Itoa(row))
		return "?" + q.Encode()
	}
	v.First, v.Last = from+1, to
	if from > 0 {
		v.Before = here(max(from-rowsOfAFigure, 0))
	}
	if to < v.Total {
		v.Next = here(to)
	}
	s.show(w, http.StatusOK, measurePage, v)
	return nil
}
