package app

import (
	"context"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
)

// registered is a table that a script takes into the register: members of an audience, or projects downstream without one.
type registered struct {
	Audience string   `json:"audience"`
	Consent  string   `json:"consent"`
	Table    []string `json:"table"` // its rows, the header first
}

// registers takes a table into the register, as somebody who keeps it.
func (j *Journey) registers(ctx context.Context, s *Script, person, args string) error {
	who, err := j.actor(ctx, s, person)
	if err != nil {
		return err
	}
	x, err := decode(registered{}, args)
	if err != nil {
		return err
	}
	in := x.(registered)
	list := casework.Listing{Reader: "downstream-csv", Audience: in.Audience, Consent: in.Consent}
	if in.Audience != "" {
		list.Reader = "members-csv"
	}
	for _, row := range in.Table {
		list.Text = append(list.Text, row+"\n"...)
	}
	t, err := j.App.Casework.ImportList(ctx, who, list, false)
	for _, c := range t.Changes {
		if c.What == "invalid" {
			return cvd.Errorf(cvd.Invalid, "row %d (%s): %s", c.Line, c.Name, c.Says)
		}
	}
	return err
}

// application is what a script sends to be on a list.
type application struct {
	Audience string `json:"audience"`
	Name     string `json:"name"`
	Mail     string `json:"mail"`
	Says     string `json:"says"`
}

// applies asks to be on a list, as a stranger does.
func (j *Journey) applies(ctx context.Context, s *Script, args string) error {
	x, err := decode(application{}, args)
	if err != nil {
		return err
	}
	in := x.(application)
	return j.App.Casework.Join(ctx, s.Project, in.Audience, casework.Application{Kind: "organisation", Name: in.Name,
		Handles: []cvd.Handle{{Service: "mail", Is: in.Mail}}, Agrees: true, Says: in.Says})
}
