package main

import (
	"context"
	"errors"
	"time"

	"github.com/tipstaff/tipstaff/internal/app"
	"github.com/tipstaff/tipstaff/internal/policy"
)

type policyLint struct {
	Format string   `help:"How to print: ${enum}." enum:"text,json" default:"text"`
	JSON   bool     `help:"The same as --format json."`
	Files  []string `arg:"" name:"policy.yaml" type:"path" help:"The documents; - for standard input."`
}

// linted is what was found in one document.
type linted struct {
	File     string           `json:"file"`
	Problems []policy.Problem `json:"problems,omitempty"`
	Findings []finding        `json:"findings,omitempty"`
}

// finding is a lint's finding for programs.
type finding struct {
	Code    string `json:"code"`
	Line    int    `json:"line"`
	Column  int    `json:"column"`
	Clause  string `json:"clause"`
	Says    string `json:"says"`
	Why     string `json:"why"`
	Fix     string `json:"fix"`
	Informs bool   `json:"informs,omitempty"`
	Waived  string `json:"waived,omitempty"`
}

func (c *policyLint) Run(_ context.Context, d *desk) error {
	all, bad := []linted{}, false
	for _, name := range c.Files {
		text, err := d.read(name)
		if err != nil {
			return err
		}
		l := linted{File: name}
		p, err := policy.Read(name, text, app.Beside(name))
		if problems, ok := errors.AsType[policy.Problems](err); ok {
			l.Problems, bad = problems, true
		} else if err != nil {
			return err
		} else {
			for _, f := range policy.Lint(p) {
				l.Findings = append(l.Findings, finding{f.Code, f.Line, f.Column, f.Clause, f.Says, f.Why, f.Fix, f.Informs, f.Waived})
				bad = bad || f.Waived == "" && !f.Informs
				if c.text() {
					d.say("%s\n    why: %s\n    fix: %s", f, f.Why, f.Fix)
				}
			}
		}
		if c.text() && len(l.Problems) > 0 {
			d.say("%s", policy.Problems(l.Problems))
		}
		all = append(all, l)
	}
	if !c.text() {
		if err := d.json(all); err != nil {
			return err
		}
	}
	if bad {
		return errNo
	}
	return nil
}

func (c *policyLint) text() bool { return c.Format == "text" && !c.JSON }

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
