package main

import (
	"context"
	"errors"
	"strings"

	"github.com/tipstaff/tipstaff/internal/app"
	"github.com/tipstaff/tipstaff/internal/policy"
)

type policyDrift struct {
	Base      string   `help:"Public address of the server, for links, as it was given to policy render." placeholder:"URL"`
	Format    string   `help:"How to print: ${enum}." enum:"text,json" default:"text"`
	People    string   `help:"Who is there: what tipstaff user list --json prints. Without it, the people of the document." type:"path" placeholder:"FILE"`
	Online    bool     `help:"Also ask whether the links and invites lead somewhere."`
	Left      []string `help:"People who left: no copy may name them." placeholder:"NAME"`
	File      string   `arg:"" name:"policy.yaml" type:"path" help:"The document; - for standard input."`
	Published []string `arg:"" name:"published" help:"The copies: files, pages at https://, or files at a forge by the address of their page."`
}

// Help says what the exit status means.
func (*policyDrift) Help() string {
	return `Compares each published copy with the text that the document renders to, paragraph by paragraph. The copy may stand
inside a longer page. How lines are broken, lists are marked and headings are ranked is no difference. Also told: addresses
by which nobody can be reached, people who left and are still named, and with --online dead links.

The exit status is 0 when every copy says the same, 1 when one does not, 2 when the document is no policy, and 3 when a
copy could not be read.`
}

func (c *policyDrift) Run(ctx context.Context, d *desk) error {
	p, err := d.policy(c.File)
	if _, none := errors.AsType[policy.Problems](err); none {
		return exit{wrongUse, err}
	} else if err != nil {
		return err
	}
	people, err := (&policyRender{People: c.People}).people(d)
	if err != nil {
		return err
	}
	want := p.SecurityMD(people, strings.TrimRight(c.Base, "/"))
	all := []app.Finding{}
	var unread error
	for _, place := range c.Published {
		page, err := c.page(ctx, d, place)
		if err != nil {
			unread = exit{unreachable, err}
			continue
		}
		all = append(all, app.Compare(want, place, page, append(app.Leavers(p), c.Left...))...)
	}
	if c.Online {
		all = append(all, app.DeadLinks(ctx, want, c.Base)...)
	}
	if err := c.print(d, all); err != nil {
		return err
	}
	switch {
	case unread != nil:
		return unread
	case len(all) > 0:
		return errNo
	case c.Format == "text":
		d.say("Every copy says what the policy says.")
	}
	return nil
}

// page is the text of a copy, from a file or from the web.
func (c *policyDrift) page(ctx context.Context, d *desk, place string) ([]byte, error) {
	if !strings.Contains(place, "://") {
		return d.read(place)
	}
	return app.NewPages(app.Loopback(place)).Read(ctx, place)
}

func (c *policyDrift) print(d *desk, all []app.Finding) error {
	if c.Format == "json" {
		return d.json(all)
	}
	for _, f := range all {
		d.say("%s", f)
	}
	return nil
}
