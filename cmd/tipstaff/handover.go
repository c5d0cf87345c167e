package main

import (
	"context"
	"maps"
	"os"
	"slices"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/api"
)

type keyShow struct {
	remote `embed:""`
}

func (c *keyShow) Run(ctx context.Context, d *desk) error {
	c.Project = "-" // the key is the installation's
	client, _, err := c.client(ctx, d)
	if err != nil {
		return err
	}
	key, err := client.Key(ctx)
	if err != nil {
		return err
	}
	d.say("%s", key.Recipient)
	return nil
}

type caseExport struct {
	remote `embed:""`
	Out    string `short:"o" help:"The archive to write." required:"" type:"path" placeholder:"FILE.zip"`
	Case   string `arg:"" help:"The case, JUNO-7KQ4."`
}

func (c *caseExport) Run(ctx context.Context, d *desk) error {
	client, project, err := c.client(ctx, d)
	if err != nil {
		return err
	}
	archive, err := client.Export(ctx, project, cvd.CaseID(c.Case))
	if err != nil {
		return explain(d, err)
	}
	return d.keep(c.Out, archive, "Case %s is in %s, whole and not sealed: keep it like the case.", c.Case, c.Out)
}

type caseHandover struct {
	remote  `embed:""`
	To      string `help:"The key of the other installation, as tipstaff key show prints it there; @FILE takes it from a file." required:"" placeholder:"KEY"`
	Because string `help:"Why it goes on there." required:""`
	At      string `help:"Where people go on there, such as the project's page there: who takes part reads it." placeholder:"URL"`
	Out     string `short:"o" help:"The sealed file to write." required:"" type:"path" placeholder:"FILE"`
	Case    string `arg:"" help:"The case, JUNO-7KQ4."`
}

func (c *caseHandover) Run(ctx context.Context, d *desk) error {
	to, err := d.text(c.To)
	if err != nil {
		return err
	}
	client, project, err := c.client(ctx, d)
	if err != nil {
		return err
	}
	sealed, err := client.HandOver(ctx, project, cvd.CaseID(c.Case), api.HandOver{To: to, Because: c.Because, URL: c.At})
	if err != nil {
		return explain(d, err)
	}
	return d.keep(c.Out, sealed.Bundle, "Case %s is closed here and sealed in %s. Send that file; it opens at the other installation alone. The same command writes it again.", c.Case, c.Out)
}

type caseTake struct {
	remote `embed:""`
	Key    string `help:"The verifier key that the other project publishes; @FILE takes it from a file." placeholder:"KEY"`
	File   string `arg:"" help:"The sealed file." type:"path"`
}

func (c *caseTake) Run(ctx context.Context, d *desk) error {
	bundle, err := d.read(c.File)
	if err != nil {
		return err
	}
	key, err := d.text(c.Key)
	if err != nil {
		return err
	}
	client, project, err := c.client(ctx, d)
	if err != nil {
		return err
	}
	taken, err := client.TakeOver(ctx, project, api.Bundle{Bundle: bundle, Key: key})
	if err != nil {
		return explain(d, err)
	}
	d.say("%s", taken.Case)
	if len(taken.Codes) == 0 {
		d.say("It was taken over before; nothing was done.")
	}
	for _, n := range slices.Sorted(maps.Keys(taken.Codes)) {
		d.say("Report %d: %s", n, taken.Codes[n])
	}
	if len(taken.Codes) > 0 {
		d.say("These codes open the reports here. They are shown once: send each to its reporter by a way that nobody else reads.")
	}
	return nil
}

// keep writes a file that only its owner reads, and says so.
func (d *desk) keep(file string, body []byte, format string, args ...any) error {
	if err := os.WriteFile(file, body, 0o600); err != nil {
		return exit{unreachable, err}
	}
	d.say(format, args...)
	return nil
}
