package main

import (
	"context"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/app"
)

type tokenCreate struct {
	app.Config `embed:""`
	Project    string `help:"The project." required:"" placeholder:"NAME"`
	Handle     string `help:"Whose token it is, on the roster." required:""`
	Days       int    `help:"After so many days it ends; 0: never." default:"90"`
	JSON       bool   `help:"Print JSON."`
}

func (c *tokenCreate) Run(ctx context.Context, d *desk) error {
	token, err := app.CreateToken(ctx, c.Config, cvd.ProjectID(c.Project), cvd.ActorID(c.Handle), c.Days)
	if err != nil {
		return err
	}
	if c.JSON {
		return d.json(map[string]string{"token": token})
	}
	d.say("%s", token)
	return nil
}
