package casework

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// ExportMembers are the members of an audience, or of all, as a table that can be taken in again.
func (w *Casework) ExportMembers(ctx context.Context, who cvd.Actor, audience string) ([][]string, error) {
	all, err := w.ListMembers(ctx, who, audience, "")
	if err != nil {
		return nil, err
	}
	weights := map[string]bool{}
	for _, m := range all {
		for name := range m.Weights {
			weights[name] = true
		}
	}
	weighed := slices.Sorted(maps.Keys(weights))
	rows := [][]string{append([]string{"id", "name", "kind", "state", "zone", "tier", "tlp", "consent", "since", "renewed", "fingerprint", "source"}, cvd.Services...)}
	for _, name := range weighed {
		rows[0] = append(rows[0], "weight:"+name)
	}
	for _, m := range all {
		tier := ""
		if m.Tier > 0 {
			tier = strconv.Itoa(m.Tier)
		}
		row := []string{m.ID, m.Name, m.Kind, string(m.State), m.Zone, tier, m.TLP, m.Consent.How, day(m.SinceAt), day(m.RenewedAt), m.Fingerprint, m.Source}
		rows = append(rows, append(append(row, handleCells(m.Handles)...), weightCells(m.Weights, weighed)...))
	}
	return rows, nil
}

// ExportDownstreams are the projects downstream as a table that can be taken in again.
func (w *Casework) ExportDownstreams(ctx context.Context, who cvd.Actor) ([][]string, error) {
	all, err := w.Downstreams(ctx, who)
	if err != nil {
		return nil, err
	}
	weights := map[string]bool{}
	for _, d := range all {
		for name := range d.Weights {
			weights[name] = true
		}
	}
	weighed := slices.Sorted(maps.Keys(weights))
	rows := [][]string{append([]string{"id", "name", "repository", "website", "product", "version", "line", "route", "route_source", "route_checked", "notes"}, cvd.Services...)}
	for _, name := range weighed {
		rows[0] = append(rows[0], "weight:"+name)
	}
	for _, d := range all {
		row := []string{d.ID, d.Name, d.Repository, d.Website, d.Product, d.Version, d.Line, d.Route.Is, d.Route.Source, day(d.Route.CheckedAt), d.Notes}
		rows = append(rows, append(append(row, handleCells(d.Contacts)...), weightCells(d.Weights, weighed)...))
	}
	return rows, nil
}

// handleCells are handles in the columns of their services, several of one with a semicolon between them.
func handleCells(all []cvd.Handle) (cells []string) {
	for _, service := range cvd.Services {
		var here []string
		for _, h := range all {
			if h.Service == service {
				here = append(here, h.Is)
			}
		}
		cells = append(cells, strings.Join(here, "; "))
	}
	return cells
}

func weightCells(all map[string]int64, names []string) (cells []string) {
	for _, name := range names {
		cell := ""
		if n, has := all[name]; has {
			cell = strconv.FormatInt(n, 10)
		}
		cells = append(cells, cell)
	}
	return cells
}

// day is an instant as a table has it; none is empty.
func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339)
}

// Cell keeps a cell of a table from being read as a formula by programs that show tables (CWE-1236).
func Cell(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) {
		return "'" + text
	}
	return text
}
