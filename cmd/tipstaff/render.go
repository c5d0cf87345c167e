package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/internal/api"
	"github.com/tipstaff/tipstaff/internal/app"
	"github.com/tipstaff/tipstaff/internal/policy"
)

type policyRender struct {
	Format string   `help:"Print this one form: ${forms}. Without --output it is security.md." placeholder:"NAME"`
	Output string   `help:"Write the forms into this directory, each in its place." type:"path" placeholder:"DIR"`
	Only   []string `help:"Write only these forms, by the names that --format takes." placeholder:"NAME,…"`
	Base   string   `help:"Public address of the server, for links; without it, nothing links to one." placeholder:"URL"`
	People string   `help:"Who is there: what tipstaff user list --json prints. Without it, the people of the document." type:"path" placeholder:"FILE"`
	Sign   string   `help:"Sign security.txt with this OpenPGP key: a file with a private key, armored and without a passphrase." type:"path" placeholder:"FILE"`
	Force  bool     `help:"Write over files that are not ours."`
	File   string   `arg:"" name:"policy.yaml" type:"path" help:"The document; - for standard input."`
}

// fresh is how long a security.txt is good: RFC 9116, 2.5.5 recommends less than a year.
const fresh = 180 * 24 * time.Hour

// formNames are what a form is asked for by.
func formNames() string {
	var names []string
	for _, o := range policy.Outputs() {
		names = append(names, o.Name)
	}
	return strings.Join(names, ", ")
}

func (c *policyRender) Run(d *desk) error {
	for _, name := range append(slices.Clone(c.Only), c.Format) {
		is := func(o policy.Output) bool { return o.Name == name }
		if name != "" && !slices.ContainsFunc(policy.Outputs(), is) {
			return usage("there is no written form %q; there are: %s", name, formNames())
		}
	}
	p, err := d.policy(c.File)
	if err != nil {
		return err
	}
	if p.Overlay() {
		return usage("%s is laid over a policy and is none by itself: name it there under overlays, and render that", c.File)
	}
	if base, err := url.Parse(c.Base); c.Base != "" && (err != nil || base.Host == "" || base.Scheme != "https" && base.Scheme != "http") {
		return usage("--base %s is no web address that begins with https://", c.Base)
	}
	with := policy.Copy{Base: strings.TrimRight(c.Base, "/"), Expires: time.Now().UTC().Add(fresh).Truncate(time.Second)}
	if with.People, err = c.people(d); err != nil {
		return err
	}
	if c.Output != "" && c.Format == "" {
		return c.writeAll(d, p, with)
	}
	name := c.Format
	if name == "" {
		name = "security.md"
	}
	out, err := c.form(d, p, name, with)
	if err != nil {
		return err
	}
	if len(out) == 0 {
		return exit{no, fmt.Errorf("this policy says nothing that %s could hold%s", name, missing[name])}
	}
	_, err = d.out.Write(out)
	return err
}

// missing says for some forms what a policy lacks that has none.
var missing = map[string]string{
	"security.txt": ": it needs --base, contacts.mail, or a private route with a web address",
	"rfc2350":      ": it needs team",
	"resources":    ": it needs resources, or people with areas",
}

// form is one form, signed if that was asked for.
func (c *policyRender) form(d *desk, p *policy.Policy, name string, with policy.Copy) ([]byte, error) {
	out, err := p.Render(name, with)
	if err != nil || name != "security.txt" || c.Sign == "" || len(out) == 0 {
		return out, err
	}
	key, err := d.read(c.Sign)
	if err != nil {
		return nil, err
	}
	return app.ClearSign(out, key, time.Now())
}

// people are those of a roster who are there; nil if none was named.
func (c *policyRender) people(d *desk) (map[string]string, error) {
	if c.People == "" {
		return nil, nil
	}
	text, err := d.read(c.People)
	if err != nil {
		return nil, err
	}
	var roster api.People
	if err := json.Unmarshal(text, &roster); err != nil {
		return nil, fmt.Errorf("%s is not what tipstaff user list --json prints: %w", c.People, err)
	}
	there := map[string]string{}
	for _, p := range roster.People {
		if p.Active == nil || *p.Active {
			there[string(p.Handle)] = p.Name
		}
	}
	return there, nil
}

// writeAll writes every form that the policy has something to say in. A file that bears no stamp of ours is left alone.
func (c *policyRender) writeAll(d *desk, p *policy.Policy, with policy.Copy) error {
	if err := os.MkdirAll(c.Output, 0o755); err != nil {
		return err
	}
	root, err := os.OpenRoot(c.Output)
	if err != nil {
		return err
	}
	defer func() { _ = root.Close() }() // nothing is kept in it
	foreign := 0
	for _, o := range policy.Outputs() {
		if len(c.Only) > 0 && !slices.Contains(c.Only, o.Name) {
			continue
		}
		out, err := c.form(d, p, o.Name, with)
		if err != nil {
			return err
		}
		if len(out) == 0 {
			if slices.Contains(c.Only, o.Name) {
				d.say("%-42s  nothing to say%s", o.Path, missing[o.Name])
			}
			continue
		}
		says, err := c.write(root, o.Path, out)
		if err != nil {
			return err
		}
		if says == leftAlone {
			foreign++
		}
		d.say("%-42s  %s", o.Path, says)
	}
	if foreign > 0 {
		return exit{no, fmt.Errorf("%d of the files were written by somebody else and left alone; --force writes over them", foreign)}
	}
	return nil
}

const leftAlone = "left alone: somebody else wrote it"

// write writes one file if it is ours to write, and says what was done.
func (c *policyRender) write(root *os.Root, name string, text []byte) (string, error) {
	old, err := root.ReadFile(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return "", err
	case bytes.Equal(old, text):
		return "as it was", nil
	case !c.Force && !policy.Stamped(old):
		return leftAlone, nil
	}
	if err := root.MkdirAll(path.Dir(name), 0o755); err != nil {
		return "", err
	}
	return "written", root.WriteFile(name, text, 0o644)
}
