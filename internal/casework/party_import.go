package casework

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
)

// PartyLine is one line of a list of parties, and what becomes of it.
type PartyLine struct {
	Line  int
	Party cvd.Nominated
	Roles []string
	Does  string // added, invited, unchanged
	Wrong string // why the line cannot be taken; then no line is

	Column int    // where it is wrong, from 1; 0: as a whole
	Head   string // the name of that column
	head   []string
}

// Where is the place of a line, or of what is wrong in it, as people find it in their table.
func (x PartyLine) Where() string {
	if x.Column == 0 {
		return fmt.Sprintf("line %d", x.Line)
	}
	return fmt.Sprintf("line %d, column %d (%s)", x.Line, x.Column, x.Head)
}

// wrong says what is wrong with a column, unless something was wrong before.
func (x *PartyLine) wrong(column, format string, args ...any) {
	if x.Wrong != "" {
		return
	}
	x.Wrong = fmt.Sprintf(format, args...)
	if i := slices.Index(x.head, column); i >= 0 {
		x.Column, x.Head = i+1, column
	}
}

// refuse takes over what a check says of one field of the party.
func (x *PartyLine) refuse(err error) {
	field := ""
	if e, ok := errors.AsType[*cvd.Error](err); ok {
		field = strings.TrimPrefix(e.Field, "/")
	}
	column, number, _ := strings.Cut(field, "/")
	switch column {
	case "contacts":
		if n, err := strconv.Atoi(number); err == nil && n < len(x.Party.Contacts) {
			column = x.Party.Contacts[n].Service
		}
	case "weights":
		if i := slices.IndexFunc(x.head, func(name string) bool { return weightName(name) != "" }); i >= 0 {
			column = x.head[i]
		}
	}
	x.wrong(column, "%s", saysOf(err))
}

// mostParties is how many parties one list may have.
const mostParties = 2000

// columns are those of a list of parties besides weights, which are columns of numbers, and services, which are columns of handles.
var columns = []string{"name", "kind", "organisation", "address", "component", "zone", "audience", "roles", "because"}

// services are the columns that hold a handle; "verified" is when those of the line were last seen to answer.
var services = []string{"mail", "discord", "telegram", "matrix", "signal", "github", "x", "phone", "irc"}

// ReadParties reads a list of parties: CSV with a first line that names the columns. Weights are columns named weight:NAME, or
// voting_power, market_share and installations.
func ReadParties(text io.Reader) ([]PartyLine, error) {
	r := csv.NewReader(text)
	r.TrimLeadingSpace, r.FieldsPerRecord = true, -1
	head, err := r.Read()
	if errors.Is(err, io.EOF) {
		return nil, cvd.Fieldf("/list", "the list is empty: begin it with a line that names the columns, such as name,kind,address,voting_power")
	}
	if err != nil {
		return nil, noCSV(err)
	}
	for i, name := range head {
		head[i] = strings.ToLower(strings.TrimSpace(strings.TrimPrefix(name, "\ufeff")))
		if !slices.Contains(columns, head[i]) && !slices.Contains(services, head[i]) && head[i] != "verified" && weightName(head[i]) == "" {
			return nil, cvd.Fieldf("/list", "line 1, column %d: there is no column %q: there are %s, verified, %s, voting_power, market_share, installations and weight:NAME",
				i+1, head[i], strings.Join(columns, ", "), strings.Join(services, ", "))
		}
		if first := slices.IndexFunc(head[:i], func(was string) bool {
			return was == head[i] || weightName(was) != "" && weightName(was) == weightName(head[i])
		}); first >= 0 {
			return nil, cvd.Fieldf("/list", "line 1, column %d: %q is column %d already; leave one of them out", i+1, head[i], first+1)
		}
	}
	if !slices.Contains(head, "name") {
		return nil, cvd.Fieldf("/list", "the list has no column name")
	}
	var all []PartyLine
	for {
		record, err := r.Read()
		switch {
		case errors.Is(err, io.EOF):
			return all, nil
		case err != nil:
			return nil, noCSV(err)
		case len(all) == mostParties:
			return nil, cvd.Fieldf("/list", "a list has at most %d parties", mostParties)
		}
		line, _ := r.FieldPos(0)
		all = append(all, lineOfList(line, head, record))
	}
}

// noCSV says where a text stops being a table.
func noCSV(err error) error {
	if at, ok := errors.AsType[*csv.ParseError](err); ok {
		return cvd.Fieldf("/list", "line %d, column %d: this is no CSV: %s", at.Line, at.Column, at.Err)
	}
	return cvd.Fieldf("/list", "this is no CSV: %s", err)
}

func weightName(column string) string {
	if slices.Contains([]string{"voting_power", "market_share", "installations"}, column) {
		return column
	}
	name, ok := strings.CutPrefix(column, "weight:")
	if !ok {
		return ""
	}
	return name
}

// lineOfList reads one line.
func lineOfList(line int, head, record []string) PartyLine {
	x := PartyLine{Line: line, head: head}
	if len(record) != len(head) {
		x.wrong("", "it has %d columns, and the first line %d", len(record), len(head))
		return x
	}
	var verified time.Time
	for i, column := range head {
		value := strings.TrimSpace(record[i])
		if value == "" {
			continue
		}
		to := map[string]*string{"name": &x.Party.Name, "organisation": &x.Party.Organisation, "address": &x.Party.Address,
			"component": &x.Party.Component, "zone": &x.Party.Zone, "audience": &x.Party.Audience, "because": &x.Party.Because}[column]
		switch {
		case to != nil:
			*to = value
		case column == "kind":
			x.Party.Kind = cvd.PartyKind(value)
		case column == "roles":
			x.Roles = strings.Fields(value)
		case column == "verified":
			var err error
			if verified, err = time.Parse(time.DateOnly, value); err != nil {
				x.wrong(column, "verified is a day: 2026-01-31")
			}
		case slices.Contains(services, column):
			x.Party.Contacts = append(x.Party.Contacts, cvd.Handle{Service: column, Is: value})
		default:
			n, err := strconv.ParseInt(value, 10, 64)
			if err != nil {
				x.wrong(column, "%s is a whole number", column)
			}
			if x.Party.Weights == nil {
				x.Party.Weights = map[string]int64{}
			}
			x.Party.Weights[weightName(column)] = n
		}
	}
	for i := range x.Party.Contacts {
		x.Party.Contacts[i].Verified = verified
	}
	return x
}

// ImportParties names every party of a list, or invites them too; who is on the case already stays as they are, so that a list
// that is sent twice is one list. Unless sure it only says what would become of each. A line that cannot be taken stops all.
func (w *Casework) ImportParties(ctx context.Context, who cvd.Actor, id cvd.CaseID, list []PartyLine, invite, sure bool) ([]PartyLine, error) {
	step := map[bool]string{false: "nominate", true: "invite"}[invite]
	a, err := w.forTeam(ctx, who, id)
	if err != nil {
		return nil, err
	}
	if err := first(a.gone(), a.weigh(step, cvd.What{})); err != nil {
		return nil, err
	}
	wrong := 0
	for i := range list {
		x := &list[i]
		x.Party = sensible(x.Party)
		if err := first(described(a, x.Party), a.forGuests(x.Roles)); err != nil {
			x.refuse(err)
		}
		for _, earlier := range list[:i] {
			if sameParty(earlier.Party.Name, earlier.Party.Address, x.Party.Name, x.Party.Address) {
				x.wrong("name", "this is the party of line %d", earlier.Line)
			}
		}
		x.Does = map[bool]string{false: "added", true: "invited"}[invite]
		if p := onCase(&a.c, x.Party.Name, x.Party.Address); p != nil && (!invite || !p.InvitedAt.IsZero()) {
			x.Does = "unchanged"
		}
		if x.Wrong != "" {
			x.Does, wrong = "", wrong+1
		}
	}
	if wrong > 0 || !sure {
		return list, nil
	}
	for _, x := range list {
		if err := w.importParty(ctx, who, id, x, invite); err != nil {
			return list, err
		}
	}
	return list, nil
}

// importParty takes one line of a list.
func (w *Casework) importParty(ctx context.Context, who cvd.Actor, id cvd.CaseID, x PartyLine, invite bool) error {
	if x.Does == "unchanged" {
		return nil
	}
	var refused error
	err := w.noticeBy(ctx, who, id, func(a *asking) (cvd.What, bool) {
		p := onCase(&a.c, x.Party.Name, x.Party.Address)
		if !invite {
			n := x.Party
			n.ID = nextParty(&a.c)
			return cvd.What{Nominated: &n}, p == nil
		}
		if p != nil && !p.InvitedAt.IsZero() {
			return cvd.What{}, false
		}
		in := cvd.Invitation{Name: x.Party.Name, Kind: x.Party.Kind, Organisation: x.Party.Organisation, Address: x.Party.Address,
			Contacts: x.Party.Contacts, Zone: x.Party.Zone, Component: x.Party.Component, Audience: x.Party.Audience, Weights: x.Party.Weights, Roles: x.Roles}
		if p != nil {
			in.Party = p.ID
		}
		var i cvd.Invitation
		i, _, refused = w.invitation(a, in)
		return cvd.What{Invitation: &i}, refused == nil
	}, nil)
	return errors.Join(err, refused)
}

// saysOf is the sentence of an error, as the asker reads it.
func saysOf(err error) string {
	if e, ok := errors.AsType[*cvd.Error](err); ok {
		return e.Says
	}
	return err.Error()
}
