package main

import (
	"context"
	"errors"
	"fmt"

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
	Events   int64  `json:"events"`
	Erased   int64  `json:"erased,omitempty"`
	Says     string `json:"says,omitempty"`
}

// events says how many there are, and of how many only the hash is left.
func (v verified) events() string {
	if v.Erased == 0 {
		return fmt.Sprintf("%d events", v.Events)
	}
	return fmt.Sprintf("%d events, %d of them of erased cases and known by their hashes alone", v.Events, v.Erased)
}

func (c *ledgerVerify) Run(ctx context.Context, d *desk) error {
	reports, err := app.VerifyLedger(ctx, c.Config)
	if err != nil {
		return err
	}
	all, broken := []verified{}, error(nil)
	for _, r := range reports {
		v := verified{Project: string(r.Project), Verifier: r.Verifier, Intact: r.Err == nil, Events: r.Events, Erased: r.Erased}
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
			d.say("%s: intact, %s, by the key %s", v.Project, v.events(), v.Verifier)
		} else {
			d.say("%s: %s", v.Project, v.Says)
		}
	}
	return broken
}
