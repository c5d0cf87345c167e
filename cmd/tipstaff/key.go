package main

import (
	"context"

	"github.com/tipstaff/tipstaff/internal/app"
)

type keyRotate struct {
	app.Config `embed:""`
}

func (c *keyRotate) Run(ctx context.Context, d *desk) error {
	if err := app.RotateKey(ctx, c.Config); err != nil {
		return err
	}
	d.say("Every project's key is sealed to a new key now. Backups from before still open with the old one: let them expire.")
	return nil
}
