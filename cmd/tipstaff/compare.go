package main

import (
	"context"
	"encoding/base64"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/api"
)

type caseCompare struct {
	remote  `embed:""`
	Edition int      `help:"The edition; the newest without it." placeholder:"NUMBER"`
	JSON    bool     `help:"Print JSON."`
	Case    string   `arg:"" help:"The case, JUNO-7KQ4."`
	File    []string `arg:"" optional:"" help:"A patch, git bundle or .tar.gz to compare with besides those of the case that you may read." type:"path" placeholder:"FILE"`
}

// Help says what the answer means to a program.
func (c *caseCompare) Help() string {
	return "Ends with 1 if the advisory holds a name, number, address or line of code that no patch holds, and if there is no patch. Nothing is kept of what is asked."
}

func (c *caseCompare) Run(ctx context.Context, d *desk) error {
	in := api.Beside{Edition: c.Edition}
	for _, name := range c.File {
		body, err := d.read(name)
		if err != nil {
			return err
		}
		in.Patches = append(in.Patches, api.PatchText{Name: filepath.Base(name), Body: base64.StdEncoding.EncodeToString(body)})
	}
	client, project, err := c.client(ctx, d)
	if err != nil {
		return err
	}
	out, err := client.Compare(ctx, project, cvd.CaseID(c.Case), in)
	if err != nil {
		return explain(d, err)
	}
	switch {
	case c.JSON:
		err = d.json(out)
	case len(out.Patches) == 0:
		fmt.Fprintln(d.out, "No patch of this case is open to you: give the file of one to compare with.")
	case len(out.Findings) == 0:
		fmt.Fprintln(d.out, plain(fmt.Sprintf("Edition %d names nothing that does not stand in %s.", out.Edition, strings.Join(out.Patches, ", "))))
	default:
		fmt.Fprintln(d.out, plain(fmt.Sprintf("Edition %d, beside %s:", out.Edition, strings.Join(out.Patches, ", "))))
		d.wordings(out.Findings)
	}
	if err == nil && (len(out.Findings) > 0 || len(out.Patches) == 0) {
		return errNo
	}
	return err
}
