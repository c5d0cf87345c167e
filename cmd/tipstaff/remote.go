package main

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/api"
)

// remote is how a command reaches a server.
type remote struct {
	Server    string `help:"Address of the server." env:"TIPSTAFF_SERVER" required:"" placeholder:"URL"`
	Project   string `help:"The project; not needed where the server has only one." env:"TIPSTAFF_PROJECT" placeholder:"NAME"`
	TokenFile string `help:"File with a token or a return code." type:"path" env:"TIPSTAFF_TOKEN_FILE" placeholder:"FILE"`
}

// patience is how long a server may take to answer.
const patience = time.Minute

// about is the server's client, with the project and the case that a command names.
func (r remote) about(ctx context.Context, d *desk, named string) (c *api.Client, project cvd.ProjectID, id cvd.CaseID, err error) {
	if id, err = cvd.ParseCaseID(named); err != nil {
		return nil, "", "", err
	}
	c, project, err = r.client(ctx, d)
	return c, project, id, err
}

// client is the server's client, with the project.
func (r remote) client(ctx context.Context, d *desk) (*api.Client, cvd.ProjectID, error) {
	c := &api.Client{Server: r.Server, HTTP: &http.Client{Timeout: patience}}
	if r.TokenFile != "" {
		b, err := d.read(r.TokenFile)
		if err != nil {
			return nil, "", err
		}
		c.Token = strings.TrimSpace(string(b))
	}
	if r.Project != "" {
		return c, cvd.ProjectID(r.Project), nil
	}
	all, err := c.Projects(ctx)
	if err != nil {
		return nil, "", err
	}
	if len(all.Projects) == 1 {
		return c, all.Projects[0].Project, nil
	}
	var names []string
	for _, p := range all.Projects {
		names = append(names, string(p.Project))
	}
	return nil, "", usage("name the project with --project: %s", strings.Join(names, ", "))
}
