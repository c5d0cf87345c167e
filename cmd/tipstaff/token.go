package main

import (
	"context"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/app"
)

type tokenCreate struct {
	app.Config `embed:""`
	Project    string `help:"The project." required:"" placeholder:"NAME"`
	Handle     string `help:"Whose token it is, on the roster." required:""`
	Days       int    `help:"After so many days it ends; 0: never." default:"90"`
	JSON       bool   `help:"Print JSON."`
}

func (c *tokenCreate) Run(ctx context.Context, d *desk) error {
	token, err := app.CreateToken(ctx, c.Config, cvd.ProjectID(c.Project), cvd.ActorID(c.Handle), c.Days)
	if err != nil {
		return err
	}
	if c.JSON {
		return d.json(map[string]string{"token": token})
	}
	d.say("%s", token)
	return nil
}

type tokenList struct {
	app.Config `embed:""`
	Project    string `help:"The project." required:"" placeholder:"NAME"`
	JSON       bool   `help:"Print JSON."`
}

// listedToken is a token for programs. Its id is the first letters of it, which open nothing.
type listedToken struct {
	ID      string    `json:"id"`
	Handle  string    `json:"handle"`
	Expires time.Time `json:"expires,omitzero"`
}

func (c *tokenList) Run(ctx context.Context, d *desk) error {
	all, err := app.Tokens(ctx, c.Config, cvd.ProjectID(c.Project))
	if err != nil {
		return err
	}
	listed := []listedToken{}
	for _, t := range all {
		listed = append(listed, listedToken{t.ID, string(t.Handle), t.Expires})
	}
	if c.JSON {
		return d.json(map[string]any{"tokens": listed})
	}
	w := tabwriter.NewWriter(d.out, 0, 0, 2, ' ', 0)
	for _, t := range listed {
		until := "for ever"
		if !t.Expires.IsZero() {
			until = "until " + cvd.Instant(t.Expires)
		}
		fmt.Fprintf(w, "tst_%s…\t%s\t%s\n", t.ID, t.Handle, until)
	}
	return w.Flush()
}

type tokenRevoke struct {
	app.Config `embed:""`
	Project    string `help:"The project." required:"" placeholder:"NAME"`
	ID         string `arg:"" help:"The first letters of the token, as tipstaff token list shows them."`
}

func (c *tokenRevoke) Run(ctx context.Context, d *desk) error {
	id := tokenID(c.ID)
	if err := app.RevokeToken(ctx, c.Config, cvd.ProjectID(c.Project), id); err != nil {
		return err
	}
	d.say("The token tst_%s… opens nothing any more.", id)
	return nil
}

// tokenID is a token's id, however it was copied: with its prefix, with the dots of the list, or the whole token.
func tokenID(typed string) string {
	typed = strings.TrimSuffix(strings.TrimPrefix(typed, "tst_"), "…")
	return typed[:min(len(typed), 8)]
}
