package main

import (
	"context"
	"fmt"
	"text/tabwriter"
)

// downstreamCommands are about the projects that run the product.
type downstreamCommands struct {
	List     downstreamList     `cmd:"" help:"List the projects that run the product, and where they take reports."`
	Import   listImport         `cmd:"" help:"Take a list of them in, after a look at what would change."`
	Check    downstreamCheck    `cmd:"" help:"Look again for where one takes reports, or all that are stale."`
	Exposure downstreamExposure `cmd:"" help:"Say which of them run what a case is about."`
}

type downstreamList struct {
	remote `embed:""`
}

// Run lists the projects downstream.
func (c *downstreamList) Run(ctx context.Context, d *desk) error {
	client, project, err := c.client(ctx, d)
	if err != nil {
		return err
	}
	all, err := client.Downstreams(ctx, project)
	if err != nil {
		return err
	}
	t := tabwriter.NewWriter(d.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "ID\tNAME\tVERSION\tLINE\tROUTE\tKNOWN FROM")
	for _, x := range all.Downstream {
		from := x.Known.Source
		if x.Known.Stale {
			from += " (look again)"
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\n", x.ID, plain(x.Name), plain(x.Version), plain(x.Line), plain(x.Route), plain(from))
	}
	return t.Flush()
}

type downstreamCheck struct {
	remote `embed:""`
	Entry  string `arg:"" optional:"" help:"The id of one; without it, all whose route is stale."`
}

// Run looks for routes.
func (c *downstreamCheck) Run(ctx context.Context, d *desk) error {
	client, project, err := c.client(ctx, d)
	if err != nil {
		return err
	}
	all, err := client.Downstreams(ctx, project)
	if err != nil {
		return err
	}
	failed := false
	for _, x := range all.Downstream {
		if c.Entry != "" && x.ID != c.Entry || c.Entry == "" && (!x.Known.Stale || x.Repository+x.Website == "") {
			continue
		}
		found, err := client.CheckDownstream(ctx, project, x.ID)
		if err != nil {
			return err
		}
		says := found.Route + " (" + found.Known.Source + ")"
		switch {
		case found.Known.Failure != "":
			says, failed = "could not be looked at: "+found.Known.Failure, true
		case found.Known.Trouble != "":
			says = found.Known.Trouble
		}
		fmt.Fprintf(d.out, "%s: %s\n", plain(found.Name), plain(says))
	}
	if failed {
		return errNo
	}
	return nil
}

type downstreamExposure struct {
	remote `embed:""`
	Case   string `arg:"" help:"The case."`
}

// Run says which projects run what a case is about.
func (c *downstreamExposure) Run(ctx context.Context, d *desk) error {
	client, project, id, err := c.about(ctx, d, c.Case)
	if err != nil {
		return err
	}
	x, err := client.CaseExposure(ctx, project, id)
	if err != nil {
		return err
	}
	t := tabwriter.NewWriter(d.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "ID\tNAME\tVERSION\tSTANDS\tWEIGHT\tKNOWS")
	for _, e := range x.Downstream {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%d\t%s\n", e.ID, plain(e.Name), plain(e.Version), e.State, e.Weight, e.Knows)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	if x.Weighed != "" {
		fmt.Fprintf(d.out, "Affected: %d of %d %s\n", x.Affected, x.Total, plain(x.Weighed))
	}
	return nil
}
