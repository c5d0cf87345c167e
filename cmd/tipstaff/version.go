package main

import (
	"runtime"

	"github.com/tipstaff/tipstaff/internal/app"
)

type versionCommand struct {
	JSON bool `help:"Print JSON."`
}

func (c *versionCommand) Run(d *desk) error {
	if c.JSON {
		return d.json(map[string]string{"version": app.Version, "go": runtime.Version(), "platform": runtime.GOOS + "/" + runtime.GOARCH})
	}
	d.say("tipstaff %s %s %s/%s", app.Version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return nil
}
