package main

import (
	"fmt"
	"strings"
	"text/tabwriter"
)

// policyMap says which standards speak about the clauses of a policy.
type policyMap struct {
	Format string `help:"How to print it: ${enum}." enum:"text,json" default:"text"`
	File   string `arg:"" name:"policy.yaml" type:"path" help:"The document; - for standard input."`
}

func (c *policyMap) Run(d *desk) error {
	p, err := d.policy(c.File)
	if err != nil {
		return err
	}
	all := p.Standards()
	if c.Format == "json" {
		return d.json(all)
	}
	w := tabwriter.NewWriter(d.out, 0, 4, 2, ' ', 0)
	for _, m := range all {
		clause := m.Clause
		for _, s := range m.Standards {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", clause, s.Name, s.Section, s.About)
			clause = strings.Repeat(" ", 2)
		}
	}
	return w.Flush()
}
