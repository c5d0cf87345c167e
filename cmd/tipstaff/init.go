package main

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/app"
	"github.com/tipstaff/tipstaff/policies"
)

type initCommand struct {
	app.Config `embed:""`
	Policy     string   `help:"The project's policy document, or the name of one in the gallery: juno, solo-miner-monitor." required:"" placeholder:"FILE"`
	Admin      string   `help:"Handle of the first administrator." default:"admin"`
	Name       string   `help:"Name of the first administrator." default:"Administrator"`
	Roles      []string `help:"Roles of the first administrator; without it, the policy's first role that may administer." placeholder:"ROLE"`
	JSON       bool     `help:"Print JSON."`
}

func (c *initCommand) Run(ctx context.Context, d *desk) error {
	text, err := os.ReadFile(c.Policy)
	if errors.Is(err, fs.ErrNotExist) {
		if shipped, missing := policies.Files.ReadFile(c.Policy + ".yaml"); missing == nil {
			text, err = shipped, nil
		}
	}
	if err != nil {
		return err
	}
	made, err := app.Init(ctx, c.Config, app.InitOptions{Policy: text, File: c.Policy, Admin: cvd.ActorID(c.Admin), Name: c.Name, Roles: c.Roles})
	if err != nil {
		return err
	}
	if c.JSON {
		return d.json(map[string]string{"project": string(made.Project), "handle": string(made.Handle), "token": made.Token,
			"recovery_key": made.RecoveryKey, "verifier": made.Verifier, "data": c.Data})
	}
	d.say("The project %s is ready in %s.\n", made.Project, c.Data)
	d.say("Token of %s:\n  %s", made.Handle, made.Token)
	d.say("Ledger key:\n  %s", made.Verifier)
	if made.RecoveryKey != "" {
		d.say("Recovery key, for when the file %s is lost:\n%s", cmp.Or(c.Key, filepath.Join(c.Data, "key")), strings.TrimSpace(made.RecoveryKey))
	}
	d.say("\nToken and recovery key are shown once. Keep the recovery key on paper, away from this machine.\nPublish the ledger key: receipts are checked against it.")
	return nil
}
