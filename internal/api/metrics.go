package api

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

// MetricsQuery asks for the measures over the cases whose first report came within a period.
type MetricsQuery struct {
	From  string `json:"from,omitempty" doc:"The first day, such as 2026-03-01, or an instant; without it, from the beginning."`
	To    string `json:"to,omitempty" doc:"The day or instant behind the last; without it, until now."`
	Cases string `json:"cases,omitempty" doc:"The figure whose cases are listed too: a measure and the figure's name, such as response/open, response/2026-03 or severity/by-high."`
}

// Metrics are the measures of a project, over what the asker may see.
type Metrics struct {
	Metrics []Metric `json:"metrics"`
}

// Metric is what one measure found. Without figures there is no case that counts.
type Metric struct {
	Name    string   `json:"name"`
	Title   string   `json:"title"`
	Doc     string   `json:"definition" doc:"What is counted, from what to what, over which cases, and what is left out."`
	Unit    string   `json:"unit" enum:"days,cases,count,people,share" doc:"Of the first figure and of the months."`
	Figures []Figure `json:"figures" doc:"The first one stands for the measure."`
	Months  []Figure `json:"months" doc:"The first figure, for each month in which a report came."`
	Spread  []Figure `json:"spread" doc:"By class, phase, kind or clock, as the definition says; by- before its name asks for the cases of one."`
}

// Figure is one number and how many cases stand behind it.
type Figure struct {
	Name  string       `json:"name"`
	Title string       `json:"title"`
	Unit  string       `json:"unit" enum:"days,cases,count,people,share"`
	Value *float64     `json:"value,omitempty" doc:"Absent where no case is behind it: not the same as 0."`
	Count int          `json:"count" doc:"How many cases it is made of."`
	Cases []cvd.CaseID `json:"cases,omitempty" doc:"Those cases, in order of arrival; only for the figure that was asked for."`
}

// Metrics reads the measures of a project.
func (c *Client) Metrics(ctx context.Context, project cvd.ProjectID, q MetricsQuery) (Metrics, error) {
	query := url.Values{}
	for name, value := range map[string]string{"from": q.From, "to": q.To, "cases": q.Cases} {
		if value != "" {
			query.Set(name, value)
		}
	}
	var out Metrics
	return out, c.do(ctx, call{method: http.MethodGet, path: projectPathOf(project) + "/metrics", query: query}, &out)
}

func (s *server) metrics(a *asked, q MetricsQuery) (Metrics, error) {
	period, err := casework.ReadPeriod(q.From, q.To)
	if err != nil {
		return Metrics{}, err
	}
	results, err := s.Casework.Metrics(a.Context(), a.who, period)
	if err != nil {
		return Metrics{}, err
	}
	out := Metrics{Metrics: []Metric{}}
	measure, figure, _ := strings.Cut(q.Cases, "/")
	found := q.Cases == ""
	for _, r := range results {
		m := Metric{Name: r.Name, Title: r.Title, Doc: r.Doc, Unit: string(r.Unit), Figures: figuresOf(r.Numbers), Months: figuresOf(r.Months), Spread: figuresOf(r.Spread)}
		if n, there := r.Find(figure); there && r.Name == measure {
			found = true
			m.list(figure, n)
		}
		out.Metrics = append(out.Metrics, m)
	}
	if !found {
		return Metrics{}, cvd.Fieldf("/cases", "there is no such figure: name a measure and a figure of it, such as response/open")
	}
	return out, nil
}

// list adds the cases of the figure that was asked for.
func (m *Metric) list(asked string, n casework.Number) {
	of := [][]Figure{m.Figures, m.Months}
	if strings.HasPrefix(asked, "by-") {
		of = [][]Figure{m.Spread}
	}
	for _, figures := range of {
		for i := range figures {
			if figures[i].Name == n.Name {
				figures[i].Cases = n.Cases()
			}
		}
	}
}

func figuresOf(numbers []casework.Number) []Figure {
	out := []Figure{}
	for _, n := range numbers {
		f := Figure{Name: n.Name, Title: n.Title, Unit: string(n.Unit), Count: n.Count()}
		if !n.None {
			f.Value = &n.Value
		}
		out = append(out, f)
	}
	return out
}
