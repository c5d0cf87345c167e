package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/api"
)

type reportSubmit struct {
	remote      `embed:""`
	Title       string    `help:"One line." placeholder:"TEXT"`
	Description string    `help:"What is wrong and how it shows; @FILE takes it from a file." placeholder:"TEXT"`
	Kind        string    `help:"A kind of the policy." placeholder:"KIND"`
	Email       string    `help:"Where you may be reached; not needed: the return code is enough." placeholder:"ADDRESS"`
	Deadline    time.Time `help:"When you make it public whatever happens." format:"2006-01-02T15:04:05Z07:00" placeholder:"2026-12-01T16:00:00Z"`
	Told        []string  `help:"Whom else you have told; again for each." sep:"none" placeholder:"WHOM"`
	Accept      []string  `help:"A term of the policy that you accept, by name." placeholder:"TERM"`
	Refuse      []string  `help:"A term that you do not accept; the report is taken all the same." placeholder:"TERM"`
	Receipt     string    `help:"Where to keep the receipt." type:"path" placeholder:"FILE"`
	Key         string    `help:"Idempotency key: a report that is sent again with it stays one report." placeholder:"KEY"`
	JSON        bool      `help:"Print JSON."`
	File        string    `arg:"" optional:"" type:"path" name:"report.json" help:"The report as a JSON document, - for standard input; flags win over it."`
}

func (c *reportSubmit) Run(ctx context.Context, d *desk) error {
	r, err := c.report(d)
	if err != nil {
		return err
	}
	client, project, err := c.client(ctx, d)
	if err != nil {
		return err
	}
	if c.Key == "" {
		c.Key = rand.Text()
	}
	out, err := client.Report(ctx, project, r, c.Key)
	if errors.Is(err, cvd.Unavailable) {
		return fmt.Errorf("%w\nNobody knows whether the report arrived: send it again with --key %s, and it stays one report", err, c.Key)
	}
	if err != nil {
		return explain(d, err)
	}
	if c.Receipt != "" {
		if err := os.WriteFile(c.Receipt, append(out.Receipt, '\n'), 0o600); err != nil {
			fmt.Fprintf(d.err, "tipstaff: the report arrived, but its receipt was not kept: %v\n", err)
		}
	}
	if c.JSON {
		return d.json(out)
	}
	d.say("The report was received as %s.\n\n  Return code: %s\n\nIt is shown once, and it is the way back to your report: %s", out.Case, out.Code, out.StatusURL)
	if out.Notice != "" {
		d.say("\n%s", out.Notice)
	}
	return nil
}

// reportIssue prepares what becomes no case.
type reportIssue struct {
	remote      `embed:""`
	Title       string `help:"One line." placeholder:"TEXT"`
	Description string `help:"What you wish; @FILE takes it from a file." placeholder:"TEXT"`
	Kind        string `help:"A kind of the policy that goes to the tracker." placeholder:"KIND"`
	JSON        bool   `help:"Print JSON."`
	File        string `arg:"" optional:"" type:"path" name:"issue.json" help:"All of it as a JSON document, with the answers under fields; - for standard input; flags win over it."`
}

func (c *reportIssue) Run(ctx context.Context, d *desk) error {
	r, err := (&reportSubmit{Title: c.Title, Description: c.Description, Kind: c.Kind, File: c.File}).report(d)
	if err != nil {
		return err
	}
	client, project, err := c.client(ctx, d)
	if err != nil {
		return err
	}
	out, err := client.Issue(ctx, project, r)
	if err != nil {
		return explain(d, err)
	}
	if c.JSON {
		return d.json(out)
	}
	d.say("%s\n\n%s", out.Title, out.Body)
	if out.New != "" {
		d.say("Open it in the tracker, filled in: %s", out.New)
	} else if out.Tracker != "" {
		d.say("Open it in the tracker: %s", out.Tracker)
	}
	return nil
}

// report is what the file says, and the flags.
func (c *reportSubmit) report(d *desk) (api.Report, error) {
	var r api.Report
	if c.File != "" {
		b, err := d.read(c.File)
		if err != nil {
			return r, err
		}
		strict := json.NewDecoder(bytes.NewReader(b))
		strict.DisallowUnknownFields()
		if err := strict.Decode(&r); err != nil {
			return r, usage("%s is no report: %v", c.File, err)
		}
	}
	description, err := d.text(c.Description)
	if err != nil {
		return r, err
	}
	for field, flag := range map[*string]string{&r.Title: c.Title, &r.Description: description, &r.Kind: c.Kind, &r.Contact.Email: c.Email} {
		if flag != "" {
			*field = flag
		}
	}
	if !c.Deadline.IsZero() {
		r.Deadline = c.Deadline
	}
	r.Told, r.Accepted, r.Refused = append(r.Told, c.Told...), append(r.Accepted, c.Accept...), append(r.Refused, c.Refuse...)
	if r.Title == "" || r.Description == "" {
		return r, usage("a report needs --title and --description, or a JSON document with both")
	}
	return r, nil
}
