package main

import (
	"context"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/api"
)

type caseWording struct {
	remote  `embed:""`
	Branch  []string `help:"A name of a branch; repeat it." placeholder:"NAME" sep:"none"`
	Title   []string `help:"A title of a request; repeat it." placeholder:"TEXT" sep:"none"`
	Message []string `help:"A commit message, or @FILE; repeat it. Lines that begin with # count for nothing, as in git." placeholder:"TEXT" sep:"none"`
	CI      []string `name:"ci" help:"An address of a build; repeat it." placeholder:"URL" sep:"none"`
	File    []string `help:"A patch, git bundle or .tar.gz, read on this machine; repeat it." type:"path" placeholder:"FILE" sep:"none"`
	Log     []string `help:"What a build prints, a file read on this machine; repeat it." type:"path" placeholder:"FILE" sep:"none"`
	JSON    bool     `help:"Print JSON."`
	Case    string   `arg:"" help:"The case, JUNO-7KQ4."`
}

// Help says what the answer means to a program.
func (c *caseWording) Help() string {
	return "Ends with 1 if a word would tell, so that a hook can stop a commit. Nothing is kept of what is asked."
}

func (c *caseWording) Run(ctx context.Context, d *desk) error {
	in := api.Change{Branches: c.Branch, Titles: c.Title, CI: c.CI}
	for _, m := range c.Message {
		text, err := d.text(m)
		if err != nil {
			return err
		}
		in.Messages = append(in.Messages, withoutComments(text))
	}
	for _, name := range c.File {
		body, err := d.read(name)
		if err != nil {
			return err
		}
		if err := api.ReadChange(body, &in); err != nil {
			return err
		}
		in.Files = append(in.Files, name)
	}
	for _, name := range c.Log {
		body, err := d.read(name)
		if err != nil {
			return err
		}
		in.Logs = append(in.Logs, string(body))
	}
	client, project, err := c.client(ctx, d)
	if err != nil {
		return err
	}
	out, err := client.Wording(ctx, project, cvd.CaseID(c.Case), in)
	if err != nil {
		return explain(d, err)
	}
	if c.JSON {
		err = d.json(out)
	} else {
		d.wordings(out.Findings)
	}
	if err == nil && len(out.Findings) > 0 {
		return errNo
	}
	return err
}

// withoutComments is a message as git keeps it.
func withoutComments(text string) string {
	var kept []string
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, "#") {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "")
}
