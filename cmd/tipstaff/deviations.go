package main

import (
	"context"
	"encoding/csv"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/api"
)

type caseDeviations struct {
	remote `embed:""`
	Month  string `help:"Only those of this month." placeholder:"2026-03"`
	CSV    bool   `name:"csv" help:"Print CSV." xor:"form"`
	JSON   bool   `help:"Print JSON." xor:"form"`
}

func (c *caseDeviations) Run(ctx context.Context, d *desk) error {
	client, project, err := c.client(ctx, d)
	if err != nil {
		return err
	}
	all, err := client.Deviations(ctx, project, api.DeviationsQuery{Month: c.Month})
	if err != nil {
		return explain(d, err)
	}
	if c.JSON {
		return d.json(all)
	}
	if c.CSV {
		lines := [][]string{{"at", "case", "how", "step", "clause", "because", "who"}}
		for _, x := range all.Deviations {
			lines = append(lines, []string{cvd.Instant(x.At), string(x.Case), x.How, x.Step, x.Clause, cell(x.Because), cell(strings.Join(x.Who, ", "))})
		}
		return csv.NewWriter(d.out).WriteAll(lines)
	}
	w := tabwriter.NewWriter(d.out, 0, 0, 2, ' ', 0)
	for _, x := range all.Deviations {
		because := strings.Join(strings.Fields(x.Because), " ")
		fmt.Fprintln(w, plain(strings.Join([]string{cvd.Instant(x.At), string(x.Case), x.How + " " + x.Clause, because, strings.Join(x.Who, ", ")}, "\t")))
	}
	return w.Flush()
}

// cell keeps a spreadsheet from taking a text for a formula, and a terminal from taking one for an order.
func cell(text string) string {
	if text = plain(text); text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) {
		return "'" + text
	}
	return text
}
