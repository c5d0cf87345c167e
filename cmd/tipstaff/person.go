package main

import (
	"context"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/api"
)

type personPut struct {
	remote       `embed:""`
	Handle       string   `arg:"" help:"The handle: lower-case letters, digits, dots and dashes."`
	Name         string   `help:"The name, as timelines show it." required:""`
	Roles        []string `help:"Roles of the policy." required:"" placeholder:"ROLE,…"`
	Address      string   `help:"Mail address, for alarms and reminders."`
	PasswordFile string   `help:"File with a new password; without it the old one stays." type:"path" placeholder:"FILE"`
	Left         bool     `help:"They may not come any more. What they did keeps their name."`
}

func (c *personPut) Run(ctx context.Context, d *desk) error {
	client, project, err := c.client(ctx, d)
	if err != nil {
		return err
	}
	active := !c.Left
	p := api.Person{Handle: cvd.ActorID(c.Handle), Name: c.Name, Roles: c.Roles, Active: &active, Address: c.Address}
	if c.PasswordFile != "" {
		b, err := d.read(c.PasswordFile)
		if err != nil {
			return err
		}
		p.Password = strings.TrimSpace(string(b))
	}
	if p, err = client.PutPerson(ctx, project, p); err != nil {
		return err
	}
	d.say("%s is on the roster of %s as %s.", p.Handle, project, strings.Join(p.Roles, ", "))
	return nil
}

type personList struct {
	remote `embed:""`
	JSON   bool `help:"Print JSON."`
}

func (c *personList) Run(ctx context.Context, d *desk) error {
	client, project, err := c.client(ctx, d)
	if err != nil {
		return err
	}
	all, err := client.People(ctx, project)
	if err != nil {
		return err
	}
	if c.JSON {
		return d.json(all)
	}
	w := tabwriter.NewWriter(d.out, 0, 0, 2, ' ', 0)
	for _, p := range all.People {
		left := ""
		if p.Active == nil || !*p.Active {
			left = "left"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", p.Handle, plain(p.Name), strings.Join(p.Roles, ", "), left)
	}
	return w.Flush()
}
