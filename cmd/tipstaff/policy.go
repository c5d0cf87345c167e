package main

import (
	"context"

	"github.com/tipstaff/tipstaff/internal/app"
	"github.com/tipstaff/tipstaff/internal/policy"
)

// policy reads a document with all that it stands on: what lies beside it, and behind that the gallery.
func (d *desk) policy(name string) (*policy.Policy, error) {
	text, err := d.read(name)
	if err != nil {
		return nil, err
	}
	return policy.Read(name, text, app.Beside(name))
}

type policySchema struct{}

func (*policySchema) Run(d *desk) error {
	_, err := d.out.Write(policy.Schema())
	return err
}

type policyPut struct {
	app.Config `embed:""`
	File       string `arg:"" name:"policy.yaml" type:"path" help:"The document; - for standard input."`
}

func (c *policyPut) Run(ctx context.Context, d *desk) error {
	text, err := d.read(c.File)
	if err != nil {
		return err
	}
	set, err := app.SetPolicy(ctx, c.Config, c.File, text)
	if err != nil {
		return err
	}
	if set.Same {
		d.say("The policy of %s is this document already, as version %d; nothing has changed.", set.Project, set.Version)
		return nil
	}
	d.say("Version %d of the policy of %s is in force for what comes from now on; open cases keep theirs.", set.Version, set.Project)
	return nil
}
