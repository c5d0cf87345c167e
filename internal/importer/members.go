package importer

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
)

var members = Source{
	Name:    "members-csv",
	Title:   "Members (CSV)",
	Doc:     "A table with a header: name and mail, and if you like id, kind, zone, tier, tlp, discord, telegram, matrix, signal, phone, web and weight:NAME, such as weight:voting_power. It is what the export writes.",
	Members: true,
	Read: func(text []byte) ([]cvd.Imported, error) {
		known := append([]string{"id", "name", "kind", "zone", "tier", "tlp", "state", "consent", "since", "renewed", "fingerprint", "source"}, cvd.Services...)
		return readTable(text, known, func(r tableRow) cvd.Imported {
			m := cvd.Addressee{ID: r.cell("id"), Name: r.cell("name"), Kind: r.cell("kind"), Zone: r.cell("zone"), TLP: r.cell("tlp"), Handles: r.handles(), Weights: r.weights()}
			if tier := r.cell("tier"); tier != "" {
				m.Tier = int(r.number("tier", tier))
			}
			return cvd.Imported{Member: &m}
		})
	},
}

// tableRow is one row of a table, by the names of its columns.
type tableRow struct {
	columns, cells []string
	wrong          *string
}

func (r tableRow) cell(column string) string {
	i := slices.Index(r.columns, column)
	if i < 0 || i >= len(r.cells) {
		return ""
	}
	return unguard(strings.TrimSpace(r.cells[i]))
}

// number reads a whole number, or notes that it is none.
func (r tableRow) number(column, text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		*r.wrong = fmt.Sprintf("%s is %q, and no whole number from 0", column, text)
	}
	return n
}

// handles are those of the columns that bear the names of services; several of one stand in a cell with spaces between them.
func (r tableRow) handles() (all []cvd.Handle) {
	for _, service := range cvd.Services {
		cell := r.cell(service)
		parts := strings.FieldsFunc(cell, func(c rune) bool { return c == ';' || c == ' ' && service != "phone" && service != "signal" })
		for _, is := range parts {
			all = append(all, cvd.Handle{Service: service, Is: unguard(strings.TrimSpace(is))})
		}
	}
	return all
}

func (r tableRow) weights() map[string]int64 {
	var out map[string]int64
	for _, column := range r.columns {
		name, of := strings.CutPrefix(column, "weight:")
		cell := r.cell(column)
		if !of || cell == "" {
			continue
		}
		if out == nil {
			out = map[string]int64{}
		}
		out[name] = r.number(column, cell)
	}
	return out
}

// unguard takes away the mark by which a table keeps a cell from being read as a formula.
func unguard(cell string) string {
	if len(cell) > 1 && cell[0] == '\'' && strings.ContainsRune("=+-@\t\r", rune(cell[1])) {
		return cell[1:]
	}
	return cell
}

// mostColumns is how many columns a table may have.
const mostColumns = 60

// readTable reads a table with a header; the line of an entry is that of the text.
func readTable(text []byte, known []string, entry func(tableRow) cvd.Imported) ([]cvd.Imported, error) {
	in := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(text, []byte("\ufeff"))))
	in.FieldsPerRecord = -1
	head, err := in.Read()
	if err != nil {
		return nil, fmt.Errorf("this is no table with a header")
	}
	for i := range head {
		head[i] = strings.ToLower(strings.TrimSpace(head[i]))
		if !slices.Contains(known, head[i]) && !strings.HasPrefix(head[i], "weight:") {
			return nil, fmt.Errorf("the column %.40q is not known: the header names some of %s, weight:NAME", head[i], strings.Join(known, ", "))
		}
		if slices.Contains(head[:i], head[i]) {
			return nil, fmt.Errorf("the column %.40q is there twice; leave one of them out", head[i])
		}
	}
	if !slices.Contains(head, "name") || len(head) > mostColumns {
		return nil, fmt.Errorf("the header needs a column name, and has at most %d", mostColumns)
	}
	var all []cvd.Imported
	for {
		cells, err := in.Read()
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return nil, fmt.Errorf("the table breaks off: %w", err)
		}
		line, _ := in.FieldPos(0)
		var wrong string
		e := entry(tableRow{head, cells, &wrong})
		if e.Line = line; len(cells) != len(head) {
			wrong = fmt.Sprintf("it has %d cells, and the header %d", len(cells), len(head))
		}
		e.Wrong = wrong
		all = append(all, e)
	}
}
