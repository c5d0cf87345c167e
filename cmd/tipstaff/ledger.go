package main

import (
	"context"
	"errors"

	"github.com/tipstaff/tipstaff/internal/app"
	"github.com/tipstaff/tipstaff/internal/ledger"
)

type ledgerVerify struct {
	app.Config `embed:""`
	JSON       bool `help:"Print JSON."`
}

// verified is the answer about one project's ledger.
type verified struct {
	Project  string `json:"project"`
	Verifier string `json:"verifier"`
	Intact   bool   `json:"intact"`
	Says     string `json:"says,omitempty"`
}

func (c *ledgerVerify) Run(ctx context.Context, d *desk) error {
	reports, err := app.VerifyLedger(ctx, c.Config)
	if err != nil {
		return err
	}
	all, broken := []verified{}, error(nil)
	for _, r := range reports {
		v := verified{Project: string(r.Project), Verifier: r.Verifier, Intact: r.Err == nil}
		if r.Err != nil {
			v.Says = r.Err.Error()
			if _, fault := errors.AsType[*ledger.Fault](r.Err); fault && broken == nil {
				broken = errNo
			} else if !fault {
				broken = exit{status: unreachable}
			}
		}
		all = append(all, v)
	}
	if c.JSON {
		return errors.Join(d.json(all), broken)
	}
	for _, v := range all {
		if v.Intact {
			d.say("%s: intact, by the key %s", v.Project, v.Verifier)
		} else {
			d.say("%s: %s", v.Project, v.Says)
		}
	}
	return broken
}
