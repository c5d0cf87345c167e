package main

import (
	"context"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/app"
)

type restoreCommand struct {
	app.Config `embed:""`
	Recovery   string `name:"recovery-key-file" help:"File with the recovery key." type:"path" required:"" placeholder:"FILE"`
	JSON       bool   `help:"Print JSON."`
	File       string `arg:"" type:"path" help:"The backup."`
}

// Help says what a restore leaves to do.
func (*restoreCommand) Help() string {
	return "Makes a new data directory with a new key, in SQLite or in an empty PostgreSQL database, whichever the backup came from. Afterwards no letter " +
		"is sent and nothing is published until tipstaff held release: where it ran before may have done it already."
}

func (c *restoreCommand) Run(ctx context.Context, d *desk) error {
	got, err := app.Restore(ctx, c.Config, c.File, c.Recovery)
	if err != nil {
		return err
	}
	if c.JSON {
		return d.json(map[string]any{"data": c.Data, "key": got.Key, "at": got.At, "projects": got.Projects, "cases": got.Cases, "events": got.Events,
			"held": map[string]int{"letters": got.Letters, "under_way": got.UnderWay, "publications": got.Publications}})
	}
	d.say("%s holds %d projects with %d cases as they were at %s. Every ledger was recomputed and holds.", c.Data, got.Projects, got.Cases, cvd.Instant(got.At))
	d.say("The new key of the installation is %s; the recovery key stays the one that you have.\n", got.Key)
	d.say("Nothing goes out before you let it: %d letters are held (%d of them were on their way), and %d publications.", got.Letters, got.UnderWay, got.Publications)
	d.say("  tipstaff held list --data %s", c.Data)
	d.say("What happened after that moment is not here: tokens that were revoked since are valid again, people who left are back,\ncases that were erased are to be erased again. Everybody signs in anew.")
	return nil
}
