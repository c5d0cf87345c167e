package main

import (
	"context"
	"time"

	"github.com/tipstaff/tipstaff/internal/app"
	"github.com/tipstaff/tipstaff/internal/policy"
)

type policySchema struct{}

func (*policySchema) Run(d *desk) error {
	_, err := d.out.Write(policy.Schema())
	return err
}

type policyRender struct {
	Format string `help:"What to write: ${enum}." enum:"security.md,security.txt,template" default:"security.md"`
	Base   string `help:"Public address of the server, for links." default:"https://security.example.org" placeholder:"URL"`
	File   string `arg:"" name:"policy.yaml" type:"path" help:"The document; - for standard input."`
}

// fresh is how long a security.txt is good: RFC 9116, 2.5.5 recommends less than a year.
const fresh = 180 * 24 * time.Hour

func (c *policyRender) Run(d *desk) error {
	text, err := d.read(c.File)
	if err != nil {
		return err
	}
	p, err := policy.Read(c.File, text, app.Beside(c.File))
	if err != nil {
		return err
	}
	var out []byte
	switch c.Format {
	case "security.txt":
		out = p.SecurityTxt(c.Base, time.Now().UTC().Add(fresh).Truncate(time.Second))
	case "template":
		out = []byte(p.ReportTemplate())
	default:
		out = p.SecurityMD(nil, c.Base)
	}
	_, err = d.out.Write(out)
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
