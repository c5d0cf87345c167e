package main

import (
	"context"
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/api"
)

type casePatch struct {
	remote  `embed:""`
	Product string        `help:"The product of the policy, to attach one." placeholder:"NAME"`
	Line    string        `help:"The release line." placeholder:"NAME"`
	Reader  []cvd.ActorID `help:"Who may read it besides you; repeat it." placeholder:"HANDLE"`
	Fetch   string        `help:"Instead: read the patch of this id, which is recorded." placeholder:"ID"`
	Out     string        `help:"Where the fetched patch goes; without it to standard output." type:"path" placeholder:"FILE"`
	JSON    bool          `help:"Print the case afterwards as JSON."`
	Case    string        `arg:"" help:"The case, JUNO-7KQ4."`
	File    string        `arg:"" optional:"" help:"The patch, git bundle or .tar.gz to attach; without it the patches are listed." placeholder:"FILE"`
}

func (c *casePatch) Run(ctx context.Context, d *desk) error {
	client, project, err := c.client(ctx, d)
	if err != nil {
		return err
	}
	id := cvd.CaseID(c.Case)
	if c.Fetch != "" {
		body, err := client.FetchPatch(ctx, project, id, c.Fetch)
		if err != nil {
			return err
		}
		if c.Out == "" {
			_, err = d.out.Write(body)
			return err
		}
		return os.WriteFile(c.Out, body, 0o600)
	}
	after, err := client.Case(ctx, project, id)
	if c.File != "" {
		body, read := d.read(c.File)
		if read != nil {
			return read
		}
		after, err = client.AttachPatch(ctx, project, id, api.NewPatch{Product: c.Product, Line: c.Line, Name: filepath.Base(c.File),
			Body: base64.StdEncoding.EncodeToString(body), Readers: c.Reader})
	}
	if err != nil {
		return explain(d, err)
	}
	if c.JSON {
		return d.json(after)
	}
	for _, p := range after.PatchFiles {
		var readers []string
		for _, r := range p.Readers {
			readers = append(readers, string(r))
		}
		fmt.Fprintln(d.out, plain(fmt.Sprintf("%s  %s %s  %s (%s)  read by %s", p.ID, p.Product, p.Line, p.File.Name, p.Form, strings.Join(readers, ", "))))
		d.wordings(p.Findings)
	}
	return nil
}

// wordings prints words that would tell.
func (d *desk) wordings(all []cvd.Wording) {
	for _, f := range all {
		fmt.Fprintln(d.out, plain(fmt.Sprintf("  %s: “%s” – %s; %s", f.Field, f.Word, f.Why, f.Way)))
	}
}
