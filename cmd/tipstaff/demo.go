package main

import (
	"context"

	"github.com/tipstaff/tipstaff/internal/app"
)

type demoCommand struct {
	Listen string `help:"Address to listen on, HOST:PORT." default:"localhost:8080"`
	Data   string `help:"Where to keep it; a directory that is removed afterwards if not given." type:"path" placeholder:"DIR"`
	JSON   bool   `help:"Print one JSON object once it is ready."`
}

func (c *demoCommand) Run(ctx context.Context, d *desk) error {
	return app.Demo(ctx, app.Config{Listen: c.Listen, Data: c.Data}, app.DemoOptions{JSON: c.JSON, Out: d.out, Err: d.err})
}
