package main

import (
	"context"
	"errors"
	"io/fs"
	"strconv"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/api"
	"github.com/tipstaff/tipstaff/internal/policy"
)

type policyHistory struct {
	remote `embed:""`
	JSON   bool `help:"Print JSON."`
}

// Run prints the versions of a policy, the newest first.
func (c *policyHistory) Run(ctx context.Context, d *desk) error {
	client, project, err := c.client(ctx, d)
	if err != nil {
		return err
	}
	all, err := client.PolicyVersions(ctx, project)
	if err != nil {
		return err
	}
	if c.JSON {
		return d.json(all)
	}
	for _, v := range all.Versions {
		from := "put in force by " + string(v.By)
		if v.Proposal > 0 {
			from = "from proposal " + strconv.FormatInt(v.Proposal, 10) + ", accepted by " + string(v.By)
		}
		d.say("Version %d, %s, %s%s", v.Version, cvd.Instant(v.At), from, because(v.Because))
		d.changes(v.Changes)
	}
	return nil
}

// because adds a reason to a line, if there is one.
func because(text string) string {
	if text == "" {
		return ""
	}
	return ": " + text
}

// changes prints how the meaning of a policy changed, one clause a line.
func (d *desk) changes(all []api.PolicyChange) {
	for _, c := range all {
		note := ""
		if c.Effect != string(policy.Other) {
			note = " (" + c.Effect + ")"
		}
		d.say("  %s%s", c.Says, note)
	}
}

type policyDiff struct {
	Server    string `help:"Address of a server, where two versions are compared and not two files." env:"TIPSTAFF_SERVER" placeholder:"URL"`
	Project   string `help:"The project; not needed where the server has only one." env:"TIPSTAFF_PROJECT" placeholder:"NAME"`
	TokenFile string `help:"File with a token." type:"path" env:"TIPSTAFF_TOKEN_FILE" placeholder:"FILE"`
	JSON      bool   `help:"Print JSON."`
	Old       string `arg:"" help:"A document, or a version at a server."`
	New       string `arg:"" help:"A document, or a version at a server."`
}

// Run prints how the meaning of a policy changed: between two files, or two versions at a server. Nothing changed: status 0.
func (c *policyDiff) Run(ctx context.Context, d *desk) error {
	out, err := c.compare(ctx, d)
	if err != nil {
		return err
	}
	if c.JSON {
		return d.json(out)
	}
	if len(out.Changes) == 0 {
		d.say("Nothing changed in meaning.")
	}
	d.changes(out.Changes)
	return nil
}

func (c *policyDiff) compare(ctx context.Context, d *desk) (api.PolicyDiff, error) {
	from, errFrom := strconv.ParseInt(c.Old, 10, 64)
	to, errTo := strconv.ParseInt(c.New, 10, 64)
	if errFrom == nil && errTo == nil && c.Server != "" {
		client, project, err := remote{c.Server, c.Project, c.TokenFile}.client(ctx, d)
		if err != nil {
			return api.PolicyDiff{}, err
		}
		return client.PolicyDiff(ctx, project, from, to)
	}
	out := api.PolicyDiff{Changes: []api.PolicyChange{}}
	var docs [2]*policy.Policy
	for i, name := range []string{c.Old, c.New} {
		var err error
		docs[i], err = d.policy(name)
		if errors.Is(err, fs.ErrNotExist) && errFrom == nil && errTo == nil {
			return out, usage("there is no file %s; versions are compared at a server: --server URL", name)
		}
		if err != nil {
			return out, err
		}
	}
	for _, x := range policy.Diff(docs[0], docs[1]) {
		out.Changes = append(out.Changes, api.PolicyChange{Clause: x.Clause, Title: x.Title, Kind: string(x.Kind), Effect: string(x.Effect), Was: x.Was, Now: x.Now, Says: x.String()})
	}
	return out, nil
}

type policyPropose struct {
	remote  `embed:""`
	Because string `help:"Why the policy should change; for those who look at it, and for the history."`
	Renew   int64  `help:"Give this proposal of yours another text, against the version in force." placeholder:"NUMBER"`
	JSON    bool   `help:"Print JSON."`
	File    string `arg:"" name:"policy.yaml" type:"path" help:"The document; - for standard input."`
}

// Run proposes a document as the policy of a project.
func (c *policyPropose) Run(ctx context.Context, d *desk) error {
	text, err := d.read(c.File)
	if err != nil {
		return err
	}
	client, project, err := c.client(ctx, d)
	if err != nil {
		return err
	}
	if c.Renew > 0 {
		p, err := client.RenewPolicy(ctx, project, c.Renew, api.Renewal{Text: string(text)})
		return d.proposal(p, err, c.JSON, "")
	}
	if c.Because == "" {
		return usage("say why: --because TEXT")
	}
	p, err := client.ProposePolicy(ctx, project, api.PolicyDraft{Text: string(text), Because: c.Because})
	return d.proposal(p, err, c.JSON, "")
}

// proposal prints a proposal with what it changes.
func (d *desk) proposal(p api.PolicyProposal, err error, asJSON bool, more string) error {
	if err != nil {
		return err
	}
	if asJSON {
		return d.json(p)
	}
	d.say("Proposal %d is %s%s.%s", p.Number, p.State, map[bool]string{true: " as version " + strconv.FormatInt(p.Version, 10)}[p.Version > 0], more)
	d.changes(p.Changes)
	for _, f := range p.Findings {
		if !f.Informs && f.Waived == "" {
			d.say("  the linter: line %d, %s: %s", f.Line, f.Clause, f.Says)
		}
	}
	if p.Stale {
		d.say("It was written against version %d, and another came into force since:", p.Base)
		d.changes(p.Since)
	}
	return nil
}

type policyProposals struct {
	remote `embed:""`
	JSON   bool  `help:"Print JSON."`
	Number int64 `arg:"" optional:"" help:"Show this proposal whole."`
}

// Run lists proposals, or shows one.
func (c *policyProposals) Run(ctx context.Context, d *desk) error {
	client, project, err := c.client(ctx, d)
	if err != nil {
		return err
	}
	if c.Number > 0 {
		p, err := client.PolicyProposal(ctx, project, c.Number)
		return d.proposal(p, err, c.JSON, because(" "+p.Because))
	}
	all, err := client.PolicyProposals(ctx, project)
	if err != nil {
		return err
	}
	if c.JSON {
		return d.json(all)
	}
	for _, p := range all.Proposals {
		d.say("%d  %s  %s  %s%s", p.Number, p.State, p.By, cvd.Instant(p.At), because(p.Because))
	}
	if len(all.Proposals) == 0 {
		d.say("Nothing is proposed.")
	}
	return nil
}
