package main

import (
	"context"
	"slices"

	"github.com/tipstaff/tipstaff/internal/app"
)

type doctorCommand struct {
	app.Config `embed:""`
	Deep       bool `help:"Recompute every ledger, which may take minutes."`
	JSON       bool `help:"Print JSON."`
}

// Run prints a line for each check, and the way out below what is wrong.
func (c *doctorCommand) Run(ctx context.Context, d *desk) error {
	checks, err := app.Doctor(ctx, c.Config, c.Deep)
	if err != nil {
		return err
	}
	if c.JSON {
		if err := d.json(map[string]any{"checks": checks}); err != nil {
			return err
		}
	} else {
		for _, check := range checks {
			d.say("%-8s %s: %s", check.Grade, check.Name, check.Says)
			if check.Do != "" {
				d.say("         → %s", check.Do)
			}
		}
	}
	if slices.ContainsFunc(checks, func(check app.Check) bool { return check.Grade == app.Fault }) {
		return errNo
	}
	return nil
}
