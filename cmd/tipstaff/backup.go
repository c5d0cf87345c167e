package main

import (
	"context"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/app"
)

type backupCommand struct {
	app.Config `embed:""`
	Force      bool   `help:"Replace the file if it is there."`
	JSON       bool   `help:"Print JSON."`
	File       string `arg:"" type:"path" help:"Where to write the backup."`
}

// Help says what a backup is.
func (*backupCommand) Help() string {
	return "A backup is one moment of everything that is kept, made while the server runs. It is sealed to the recovery key: without that key nobody " +
		"reads it, on any engine. The settings (tipstaff.yaml and the files that it names) are not part of it."
}

func (c *backupCommand) Run(ctx context.Context, d *desk) error {
	made, err := app.Backup(ctx, c.Config, c.File, c.Force)
	if err != nil {
		return err
	}
	if c.JSON {
		return d.json(map[string]any{"file": c.File, "at": made.At, "projects": made.Projects, "cases": made.Cases, "events": made.Events, "bytes": made.Bytes})
	}
	d.say("%s holds %d projects with %d cases as they were at %s (%d bytes). The recovery key opens it.", c.File, made.Projects, made.Cases, cvd.Instant(made.At), made.Bytes)
	return nil
}
