package main

import (
	"context"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/api"
)

type policyJudge struct {
	remote  `embed:""`
	Text    string `help:"What you think; needed unless you approve."`
	JSON    bool   `help:"Print JSON."`
	Number  int64  `arg:"" help:"The proposal."`
	Verdict string `arg:"" help:"${enum}." enum:"approve,object,comment"`
}

// Run adds one's word to a proposal.
func (c *policyJudge) Run(ctx context.Context, d *desk) error {
	client, project, err := c.client(ctx, d)
	if err != nil {
		return err
	}
	p, err := client.JudgePolicy(ctx, project, c.Number, api.Verdict{Verdict: c.Verdict, Text: c.Text})
	return d.proposal(p, err, c.JSON, " Your word is kept.")
}

type policyAccept struct {
	remote  `embed:""`
	Because string `help:"Why it is accepted although somebody objects."`
	JSON    bool   `help:"Print JSON."`
	Number  int64  `arg:"" help:"The proposal."`
}

// Run puts a proposed policy in force.
func (c *policyAccept) Run(ctx context.Context, d *desk) error {
	client, project, err := c.client(ctx, d)
	if err != nil {
		return err
	}
	p, err := client.AcceptPolicy(ctx, project, c.Number, api.Reason{Because: c.Because})
	return d.proposal(p, err, c.JSON, " It is in force for what comes from now on; open cases keep theirs (tipstaff policy adopt moves them).")
}

type policyReject struct {
	remote  `embed:""`
	Because string `help:"Why not; for who proposed it." required:""`
	JSON    bool   `help:"Print JSON."`
	Number  int64  `arg:"" help:"The proposal."`
}

// Run ends a proposal with a reason.
func (c *policyReject) Run(ctx context.Context, d *desk) error {
	client, project, err := c.client(ctx, d)
	if err != nil {
		return err
	}
	p, err := client.RejectPolicy(ctx, project, c.Number, api.Reason{Because: c.Because})
	return d.proposal(p, err, c.JSON, "")
}

type policyWithdraw struct {
	remote `embed:""`
	JSON   bool  `help:"Print JSON."`
	Number int64 `arg:"" help:"The proposal."`
}

// Run takes a proposal back.
func (c *policyWithdraw) Run(ctx context.Context, d *desk) error {
	client, project, err := c.client(ctx, d)
	if err != nil {
		return err
	}
	p, err := client.WithdrawPolicy(ctx, project, c.Number)
	return d.proposal(p, err, c.JSON, "")
}

type policyAdopt struct {
	remote   `embed:""`
	Because  string   `help:"Why the cases move; everybody who may read one of them reads it."`
	Case     []string `help:"Only these cases; without them, all that are open." placeholder:"ID"`
	Preview  bool     `help:"Say what would follow, and do nothing."`
	Progress bool     `help:"Say how far the move of all open cases has come."`
	JSON     bool     `help:"Print JSON."`
}

// Run moves open cases to the version of the policy in force.
func (c *policyAdopt) Run(ctx context.Context, d *desk) error {
	client, project, err := c.client(ctx, d)
	if err != nil {
		return err
	}
	switch {
	case c.Preview:
		return c.preview(ctx, d, client, project)
	case c.Progress:
		return c.progress(ctx, d, client, project)
	case c.Because == "":
		return usage("say why: --because TEXT; --preview says what would follow")
	}
	for _, text := range c.Case {
		id, err := cvd.ParseCaseID(text)
		if err != nil {
			return err
		}
		moved, err := client.Adopt(ctx, project, id, api.Reason{Because: c.Because})
		if err != nil {
			return err
		}
		d.say("%s follows version %d from now on.", moved.Case, moved.Policy)
	}
	if len(c.Case) > 0 {
		return nil
	}
	a, err := client.AdoptAll(ctx, project, api.Reason{Because: c.Because})
	if err != nil {
		return err
	}
	if c.JSON {
		return d.json(a)
	}
	d.say("%d open cases are moving to version %d; tipstaff policy adopt --progress says how far.", a.Total, a.Version)
	return nil
}

func (c *policyAdopt) preview(ctx context.Context, d *desk, client *api.Client, project cvd.ProjectID) error {
	p, err := client.PreviewAdoption(ctx, project)
	if err != nil {
		return err
	}
	if c.JSON {
		return d.json(p)
	}
	d.say("Of %d open cases %d would move to version %d.", p.Open, p.Moves, p.Version)
	if p.Looked < p.Open {
		d.say("The oldest %d were looked at for this.", p.Looked)
	}
	if p.Kept > 0 {
		d.say("%d would stay where they are: their kind, track, severity or notice has no name in it.", p.Kept)
	}
	for _, k := range p.Overdue {
		d.say("%s would be missed at once by %d (%s).", k.Title, k.Cases, k.Clause)
	}
	return nil
}

func (c *policyAdopt) progress(ctx context.Context, d *desk, client *api.Client, project cvd.ProjectID) error {
	all, err := client.Adoptions(ctx, project)
	if err != nil {
		return err
	}
	if c.JSON {
		return d.json(all)
	}
	for _, a := range all.Adoptions {
		state := "goes on"
		if !a.Ended.IsZero() {
			state = "ended " + cvd.Instant(a.Ended)
		}
		d.say("To version %d, since %s, %s: %d of %d looked at, %d moved, %d stayed%s", a.Version, cvd.Instant(a.At), state, a.Looked, a.Total, a.Moved, a.Kept, because(a.Because))
	}
	if len(all.Adoptions) == 0 {
		d.say("Nobody has moved open cases from one version to another.")
	}
	return nil
}
