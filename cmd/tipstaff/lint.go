package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/api"
	"github.com/tipstaff/tipstaff/internal/app"
	"github.com/tipstaff/tipstaff/internal/policy"
)

type policyLint struct {
	Format string   `help:"How to print: ${enum}." enum:"text,json,sarif" default:"text"`
	JSON   bool     `help:"The same as --format json."`
	People string   `help:"The roster, as tipstaff user list --json prints it: it counts instead of the people that a document names." placeholder:"FILE"`
	With   []string `help:"Lay an overlay over each document, such as eu-cra." placeholder:"OVERLAY"`
	Files  []string `arg:"" name:"policy.yaml" help:"The documents; - for standard input."`
}

// Help is what kong prints below the flags.
func (c *policyLint) Help() string {
	return "Exit status: 0 if nothing is open, 1 if something was found that no waiver explains, 2 if a document is no policy."
}

// problem is the code of what keeps a document from being a policy.
const problem = "problem"

// finding is one thing that was found, for programs.
type finding struct {
	Code      string   `json:"code"`
	File      string   `json:"file"`
	Line      int      `json:"line"`
	Column    int      `json:"column"`
	Clause    string   `json:"clause"`
	Message   string   `json:"message"`
	Fix       string   `json:"fix"`
	Why       string   `json:"why,omitempty"`
	Rules     []string `json:"rules,omitempty"`
	Conflicts []string `json:"conflicts,omitempty"`
	Ways      []string `json:"ways,omitempty"`
	Allowed   []string `json:"allowed,omitempty"`
	Informs   bool     `json:"informs,omitempty"`
	Waived    string   `json:"waived,omitempty"`
}

func (c *policyLint) Run(d *desk) error {
	people, err := c.roster(d)
	if err != nil {
		return err
	}
	all, status := []finding{}, done
	for _, name := range c.Files {
		found, err := c.lint(d, name, policy.Around{Now: time.Now().UTC(), People: people})
		if err != nil {
			return err
		}
		for _, f := range found {
			switch {
			case f.Code == problem:
				status = wrongUse // as a command line that cannot be followed
			case f.open():
				status = max(status, no)
			}
		}
		all = append(all, found...)
	}
	if err := c.print(d, all); err != nil {
		return err
	}
	if status != done {
		return exit{status: status}
	}
	return nil
}

func (f finding) open() bool { return f.Waived == "" && !f.Informs }

// lint is what was found in one document, or what keeps it from being one.
func (c *policyLint) lint(d *desk, name string, around policy.Around) (all []finding, err error) {
	text, err := d.read(name)
	if err != nil {
		return nil, err
	}
	p, err := policy.ReadWith(name, text, app.Beside(name), c.With...)
	if problems, ok := errors.AsType[policy.Problems](err); ok {
		for _, p := range problems {
			fix := "correct it; until then the document is no policy"
			if len(p.Allowed) > 0 {
				fix = "write one of " + strings.Join(p.Allowed, ", ")
			}
			all = append(all, finding{Code: problem, File: p.File, Line: p.Line, Column: p.Column, Clause: p.Clause, Message: p.Says, Fix: fix, Allowed: p.Allowed})
		}
		return all, nil
	}
	if err != nil {
		return nil, err
	}
	for _, f := range policy.LintAround(p, around) {
		all = append(all, finding{Code: f.Code, File: f.File, Line: f.Line, Column: f.Column, Clause: f.Clause, Message: f.Says, Fix: f.Fix,
			Why: f.Why, Rules: f.Rules, Conflicts: f.Conflicts, Ways: f.Ways, Informs: f.Informs, Waived: strings.Join(strings.Fields(f.Waived), " ")})
	}
	return all, nil
}

// roster reads the people of --people.
func (c *policyLint) roster(d *desk) (people []cvd.Person, err error) {
	if c.People == "" {
		return nil, nil
	}
	text, err := d.read(c.People)
	if err != nil {
		return nil, err
	}
	var list api.People
	if err := json.Unmarshal(text, &list); err != nil || len(list.People) == 0 {
		return nil, usage("%s is no roster: write what tipstaff user list --json prints into it", c.People)
	}
	for _, p := range list.People {
		people = append(people, cvd.Person{Handle: p.Handle, Name: p.Name, Roles: p.Roles, Active: p.Active == nil || *p.Active})
	}
	return people, nil
}

func (c *policyLint) print(d *desk, all []finding) error {
	switch {
	case c.JSON || c.Format == "json":
		return d.json(all)
	case c.Format == "sarif":
		return d.json(sarifOf(all))
	}
	for _, f := range all {
		f.say(d)
	}
	return nil
}

// say prints a finding as compilers do, and below it what to do if there is something to do.
func (f finding) say(d *desk) {
	line := fmt.Sprintf("%s:%d:%d: %s: ", f.File, f.Line, f.Column, f.Code)
	if f.Clause != "" {
		line += f.Clause + ": "
	}
	switch line += f.Message; {
	case f.Waived != "":
		d.say("%s (explained: %s)", line, f.Waived)
		return
	case f.Informs:
		line += " (for information)"
	}
	d.say("%s", line)
	for _, part := range []struct {
		title string
		lines []string
	}{{"why", []string{f.Why}}, {"fix", []string{f.Fix}}, {"with", f.Conflicts}, {"way out", f.Ways}} {
		for _, text := range part.lines {
			if text != "" {
				d.say("    %s: %s", part.title, text)
			}
		}
	}
}
