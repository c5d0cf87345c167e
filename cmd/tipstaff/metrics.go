package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/tipstaff/tipstaff/internal/api"
)

// metricsCommand prints the measures of a project.
type metricsCommand struct {
	remote `embed:""`
	From   string `help:"Over the cases whose first report came on this day or later." placeholder:"2026-03-01"`
	To     string `help:"Over those that came before this day." placeholder:"2026-04-01"`
	Cases  string `help:"List the cases behind one figure: response/open, response/2026-03, severity/by-high." placeholder:"FIGURE"`
	Define bool   `help:"Print what each measure counts, and what it leaves out."`
	JSON   bool   `help:"Print JSON."`
}

// Run prints a table of the figures, or the cases behind one of them.
func (c *metricsCommand) Run(ctx context.Context, d *desk) error {
	client, project, err := c.client(ctx, d)
	if err != nil {
		return err
	}
	all, err := client.Metrics(ctx, project, api.MetricsQuery{From: c.From, To: c.To, Cases: c.Cases})
	if err != nil {
		return err
	}
	if c.JSON {
		return d.json(all)
	}
	if c.Cases != "" {
		for _, m := range all.Metrics {
			for _, f := range append(append(m.Figures, m.Months...), m.Spread...) {
				for _, id := range f.Cases {
					d.say("%s", id)
				}
			}
		}
		return nil
	}
	w := tabwriter.NewWriter(d.out, 0, 0, 2, ' ', 0)
	for i, m := range all.Metrics {
		if i > 0 {
			fmt.Fprintln(w)
		}
		c.print(w, m)
	}
	return w.Flush()
}

// print prints one measure.
func (c *metricsCommand) print(w *tabwriter.Writer, m api.Metric) {
	fmt.Fprintln(w, plain(m.Title))
	if c.Define {
		fmt.Fprintln(w, plain(m.Doc))
	}
	if len(m.Figures) == 0 {
		fmt.Fprintln(w, "  no cases")
		return
	}
	for _, part := range []struct {
		prefix  string
		figures []api.Figure
	}{{"", m.Figures}, {"", m.Months}, {"by-", m.Spread}} {
		for _, f := range part.figures {
			fmt.Fprintln(w, plain(strings.Join([]string{"  " + m.Name + "/" + part.prefix + f.Name, f.Title, value(f), behind(f)}, "\t")))
		}
	}
}

// value writes a figure with its unit.
func value(f api.Figure) string {
	switch {
	case f.Value == nil:
		return "–"
	case f.Unit == "share":
		return strconv.FormatFloat(100**f.Value, 'f', 0, 64) + " %"
	case f.Unit == "days" && *f.Value < 2:
		return strconv.FormatFloat(24**f.Value, 'f', 1, 64) + " hours"
	case f.Unit == "days":
		return strconv.FormatFloat(*f.Value, 'f', 1, 64) + " days"
	}
	return strconv.FormatFloat(*f.Value, 'f', -1, 64)
}

// behind says how many cases a figure is made of, where the figure does not say it itself.
func behind(f api.Figure) string {
	if f.Unit == "cases" || f.Value == nil {
		return ""
	}
	if f.Count == 1 {
		return "of 1 case"
	}
	return fmt.Sprintf("of %d cases", f.Count)
}
