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
		return nil, cvd.Fieldf("/list", "this is no CSV: %s", err)
	}
	for i, name := range head {
		head[i] = strings.ToLower(strings.TrimSpace(strings.TrimPrefix(name, "\ufeff")))
		if !slices.Contains(columns, head[i]) && !slices.Contains(services, head[i]) && head[i] != "verified" && weightName(head[i]) == "" {
			return nil, cvd.Fieldf("/list", "there is no column %q: there are %s, verified, %s, voting_power, market_share, installations and weight:NAME",
				head[i], strings.Join(columns, ", "), strings.Join(services, ", "))
		}
	}
	if !slices.Contains(head, "name") {
		return nil, cvd.Fieldf("/list", "the list has no column name")
	}
	var all []PartyLine
	for {
		record, err := r.Read()
		line, _ := r.FieldPos(0)
		switch {
		case errors.Is(err, io.EOF):
			return all, nil
		case err != nil:
			return nil, cvd.Fieldf("/list", "this is no CSV: %s", err)
		case len(all) == mostParties:
			return nil, cvd.Fieldf("/list", "a list has at most %d parties", mostParties)
		}
		all = append(all, lineOfList(line, head, record))
	}
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
	x := PartyLine{Line: line}
	if len(record) != len(head) {
		x.Wrong = fmt.Sprintf("it has %d columns, and the first line %d", len(record), len(head))
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
				x.Wrong = "verified is a day: 2026-01-31"
			}
		case slices.Contains(services, column):
			x.Party.Contacts = append(x.Party.Contacts, cvd.Handle{Service: column, Is: value})
		default:
			n, err := strconv.ParseInt(value, 10, 64)
			if err != nil {
				x.Wrong = column + " is a whole number"
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
	a, err := w.open(ctx, who, About{Case: id})
	if err != nil {
		return nil, err
	}
	if who.Standing != cvd.Member {
		return nil, cvd.Errorf(cvd.Refused, "this is for people on the project's roster")
	}
	if err := first(a.gone(), a.weigh(step, cvd.What{})); err != nil {
		return nil, err
	}
	wrong := 0
	for i := range list {
		x := &list[i]
		x.Party = sensible(x.Party)
		if err := described(a, x.Party); err != nil && x.Wrong == "" {
			x.Wrong = saysOf(err)
		}
		for _, earlier := range list[:i] {
			if x.Wrong == "" && x.Party.Address != "" && strings.EqualFold(earlier.Party.Address, x.Party.Address) {
				x.Wrong = fmt.Sprintf("line %d has the same address", earlier.Line)
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
	return w.noticeBy(ctx, who, id, func(a *asking) (cvd.What, bool) {
		p := onCase(&a.c, x.Party.Name, x.Party.Address)
		if !invite {
			n := x.Party
			n.ID = nextParty(&a.c)
			return cvd.What{Nominated: &n}, p == nil
		}
		in := cvd.Invitation{Name: x.Party.Name, Kind: x.Party.Kind, Organisation: x.Party.Organisation, Address: x.Party.Address,
			Contacts: x.Party.Contacts, Zone: x.Party.Zone, Component: x.Party.Component, Audience: x.Party.Audience, Weights: x.Party.Weights, Roles: x.Roles}
		if p != nil {
			in.Party = p.ID
		}
		i, _, err := w.invitation(a, in)
		return cvd.What{Invitation: &i}, err == nil && (p == nil || p.InvitedAt.IsZero())
	}, nil)
}

// saysOf is the sentence of an error, as the asker reads it.
func saysOf(err error) string {
	if e, ok := errors.AsType[*cvd.Error](err); ok {
		return e.Says
	}
	return err.Error()
}
