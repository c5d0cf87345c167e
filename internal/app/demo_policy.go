package app

import (
	"bytes"
	"context"
	"fmt"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
	"github.com/tipstaff/tipstaff/policies"
)

// demoProposal is a change of a policy that the demonstration's visitors find proposed, with an objection, and can decide about.
var demoProposal = struct {
	project         cvd.ProjectID
	author, objects cvd.ActorID
	was, is         string
	because, says   string
}{
	project: "solo-miner-monitor", author: "vera", objects: "maintainer-2",
	was: "within: {critical: 24h, high: 48h, medium: 7d, low: 14d, informational: 1mo}", is: "within: {critical: 24h, high: 24h, medium: 7d, low: 14d, informational: 1mo}",
	because: "Those who wait two days for a word about a grave matter think that nobody reads here.",
	says:    "We are two, and one of us is away for a week now and then.",
}

// propose leaves a proposal for the visitors of the demonstration.
func (a *App) propose(ctx context.Context) error {
	d := demoProposal
	text, err := policies.Files.ReadFile(string(d.project) + ".yaml")
	if err != nil {
		return fmt.Errorf("read the policy of %s: %w", d.project, err)
	}
	actor := func(handle cvd.ActorID) cvd.Actor {
		p, _ := a.Casework.Person(d.project, handle)
		return cvd.Actor{Project: d.project, ID: handle, Name: p.Name, Standing: cvd.Member, Roles: p.Roles, Can: a.Casework.Can(d.project, p.Roles)}
	}
	var p casework.PolicyProposal
	if p, err = a.Casework.ProposePolicy(ctx, actor(d.author), bytes.Replace(text, []byte(d.was), []byte(d.is), 1), d.because); err == nil {
		_, err = a.Casework.Judge(ctx, actor(d.objects), p.Number, "object", d.says)
	}
	return err
}
