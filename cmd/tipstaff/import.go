package main

import (
	"fmt"
	"os"

	"github.com/tipstaff/tipstaff/internal/prose"
)

type policyImport struct {
	Format string   `help:"How to print: ${enum}; source is the text itself, byte for byte." enum:"yaml,json,text,source" default:"yaml"`
	Repair bool     `help:"Mend characters that are damaged, UTF-8 read in another encoding, before reading."`
	Output string   `help:"Write to this file, which must not exist." type:"path" placeholder:"FILE"`
	Files  []string `arg:"" name:"SECURITY.md" help:"What the project has published about its process; - for standard input."`
}

// Help says what is printed.
func (*policyImport) Help() string {
	return `Reads what a project has written about its process and drafts a policy document: each value with the file and the
line where it stands and how sure the reading is (high, likely, guess), and above it what the texts do not say and what
they say differently in different places. The draft extends the document default; finish it, then ask policy lint.

As JSON it is one list of objects: file, line, kind, clause, value, confidence, text. Contradictions, questions and damaged
characters are objects of these kinds.`
}

func (c *policyImport) Run(d *desk) error {
	if c.Format == "source" && len(c.Files) > 1 {
		return usage("--format source writes one text: name one file")
	}
	var drafts []prose.Draft
	var out []byte
	for _, name := range c.Files {
		text, err := d.read(name)
		if err != nil {
			return err
		}
		if c.Repair {
			text, _ = prose.Repair(text)
		}
		draft, err := prose.Import(name, text)
		if err != nil {
			return exit{no, fmt.Errorf("%s: %w", name, err)}
		}
		drafts, out = append(drafts, draft), text
	}
	all := prose.Merge(drafts...)
	var err error
	switch c.Format {
	case "yaml":
		out = all.YAML()
	case "json":
		out, err = all.JSON()
	case "text":
		out = all.Words()
	}
	if err != nil {
		return err
	}
	return d.write(c.Output, out)
}

// write writes to a file that does not exist yet, or to standard output.
func (d *desk) write(name string, text []byte) error {
	if name == "" || name == "-" {
		_, err := d.out.Write(text)
		return err
	}
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if closed := f.Close(); err == nil {
		err = closed
	}
	return err
}

type policyRepair struct {
	Output string `help:"Write to this file, which must not exist." type:"path" placeholder:"FILE"`
	File   string `arg:"" name:"SECURITY.md" help:"The text; - for standard input."`
}

// Run writes the text with its damaged characters mended, and says on standard error what it changed.
func (c *policyRepair) Run(d *desk) error {
	text, err := d.read(c.File)
	if err != nil {
		return err
	}
	if err := prose.Text(text); err != nil {
		return exit{no, fmt.Errorf("%s: %w", c.File, err)}
	}
	mended, damage := prose.Repair(text)
	if err := d.write(c.Output, mended); err != nil {
		return err
	}
	for _, x := range damage {
		fmt.Fprintln(d.err, plain(c.File+": "+x.String()))
	}
	if len(damage) == 0 {
		fmt.Fprintln(d.err, plain(c.File+": nothing is damaged; the text is as it was"))
	}
	return nil
}
