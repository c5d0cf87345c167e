package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/api"
)

type caseTrain struct {
	remote `embed:""`
	To     time.Time `help:"Say what follows if the announced release moves to this instant; nothing is done." format:"2006-01-02T15:04:05Z07:00" placeholder:"2026-12-01T16:00:00Z"`
	JSON   bool      `help:"Print JSON."`
	Case   string    `arg:"" help:"The case, JUNO-7KQ4."`
}

func (c *caseTrain) Run(ctx context.Context, d *desk) error {
	client, project, err := c.client(ctx, d)
	if err != nil {
		return err
	}
	t, err := client.Train(ctx, project, cvd.CaseID(c.Case), api.TrainQuery{To: c.To})
	if err != nil {
		return err
	}
	if c.JSON {
		return d.json(t)
	}
	words := map[string]string{"passed": "done", "here": "now", "ahead": "waits", "skipped": "skipped"}
	for _, x := range t.Stations {
		line := fmt.Sprintf("%-8s%s", words[x.State], x.Title)
		switch {
		case !x.At.IsZero():
			line += ", " + cvd.Instant(x.At)
		case !x.Opens.IsZero():
			line += ", not before " + cvd.Instant(x.Opens)
		}
		if x.At.IsZero() && !x.Due.IsZero() {
			line += ", due " + cvd.Instant(x.Due)
		}
		fmt.Fprintln(d.out, plain(line+" ("+x.Clause+")"))
		for _, said := range x.Says {
			fmt.Fprintln(d.out, plain("        "+said))
		}
		for _, o := range x.Lacks {
			fmt.Fprintln(d.out, plain("        still: "+o.Says))
		}
	}
	c.slip(d, t.Slip)
	return nil
}

// slip prints what would follow.
func (c *caseTrain) slip(d *desk, s *api.Slipping) {
	if s == nil {
		return
	}
	fmt.Fprintf(d.out, "\nIf the release moves to %s:\n", cvd.Instant(s.To))
	for _, m := range s.Moves {
		fmt.Fprintln(d.out, plain("  "+m.What+": from "+cvd.Instant(m.From)+" to "+cvd.Instant(m.To)))
	}
	for _, r := range s.Restarts {
		fmt.Fprintln(d.out, plain("  begins anew: "+r))
	}
	for _, x := range s.Stays {
		fmt.Fprintln(d.out, plain("  "+x))
	}
	for _, o := range s.Lacks {
		fmt.Fprintln(d.out, plain("  in the way: "+o.Says))
	}
	if s.Trouble != "" {
		fmt.Fprintln(d.out, plain("  "+s.Trouble))
	}
	if s.Text != "" {
		fmt.Fprintln(d.out, "\n"+plain(s.Subject)+"\n")
		for line := range strings.Lines(s.Text) {
			fmt.Fprintln(d.out, "  "+plain(strings.TrimRight(line, "\n")))
		}
	}
}

type casePost struct {
	remote `embed:""`
	Case   string `arg:"" help:"The case, JUNO-7KQ4."`
}

func (c *casePost) Run(ctx context.Context, d *desk) error {
	client, project, err := c.client(ctx, d)
	if err != nil {
		return err
	}
	p, err := client.Post(ctx, project, cvd.CaseID(c.Case))
	if err != nil {
		return err
	}
	return d.markdown(p.Markdown)
}

type caseNotes struct {
	remote `embed:""`
	Case   string `arg:"" help:"The case, JUNO-7KQ4."`
}

func (c *caseNotes) Run(ctx context.Context, d *desk) error {
	client, project, err := c.client(ctx, d)
	if err != nil {
		return err
	}
	n, err := client.ReleaseNotes(ctx, project, cvd.CaseID(c.Case))
	if err != nil {
		return err
	}
	return d.markdown(n.Markdown)
}

// markdown prints a text that others wrote, line by line, so that a terminal takes none of it for an order.
func (d *desk) markdown(text string) error {
	for line := range strings.Lines(text) {
		if _, err := fmt.Fprintln(d.out, plain(strings.TrimRight(line, "\n"))); err != nil {
			return err
		}
	}
	return nil
}
