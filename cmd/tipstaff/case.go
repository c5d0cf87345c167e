package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/alecthomas/kong"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/api"
)

// caseCommands are the commands about cases; the steps of the process come from the API's table.
type caseCommands struct {
	List       caseList       `cmd:"" help:"List the cases that you may see, newest first."`
	Show       caseShow       `cmd:"" help:"Show a case."`
	Search     caseSearch     `cmd:"" help:"Find cases that hold every word."`
	Receipt    caseReceipt    `cmd:"" help:"Print the receipt of a report: a promise at first, the proof an hour later."`
	Deviations caseDeviations `cmd:"" help:"List where cases did not go the way of the policy: waivers, clauses that were passed or lifted."`
	Train      caseTrain      `cmd:"" help:"Show the release train of a case; --to says what follows if the announced release moves."`
	Post       casePost       `cmd:"" help:"Print a draft of the post that tells the vulnerability and the response to it."`
	Notes      caseNotes      `cmd:"" help:"Print the security part of release notes, made from the advisory."`
	Invite     caseInvite     `cmd:"" help:"Ask somebody to join a case."`
	Parties    partyCommands  `cmd:"" help:"Parties of a case, many at once."`
	Patch      casePatch      `cmd:"" help:"Attach a fix as a file for named readers, fetch one, or list them."`
	Compare    caseCompare    `cmd:"" help:"Say what the advisory tells beyond the patches of its case."`
	Wording    caseWording    `cmd:"" help:"Say which words of a change would tell of a case, before it is pushed."`
	Emergency  caseEmergency  `cmd:"" help:"Say that the matter is public, leaked or used, and what goes out because of it; --preview shows it first."`
	Export     caseExport     `cmd:"" help:"Write a whole case to an archive: events, receipts, files and policy."`
	Handover   caseHandover   `cmd:"" help:"Seal a case to the key of another installation, and close it here."`
	Take       caseTake       `cmd:"" help:"Open a case that another installation handed over."`
	Reopen     caseReopen     `cmd:"" help:"Report that the matter of a closed case came back."`
	kong.Plugins
}

// stepCommand takes one step of the process.
type stepCommand struct {
	remote `embed:""`
	Rev    int64    `help:"Take the step only if the case still has this revision." placeholder:"N"`
	File   string   `help:"The whole step as a JSON document, instead of fields." type:"path" placeholder:"FILE"`
	JSON   bool     `help:"Print the case afterwards as JSON."`
	Case   string   `arg:"" help:"The case, JUNO-7KQ4."`
	Fields []string `arg:"" optional:"" name:"field=value" help:"What the step says; @FILE takes the value from a file, @- from standard input."`

	step api.Step `kong:"-"`
}

// stepCommands is a struct with one command for each step.
func stepCommands() any {
	var fields []reflect.StructField
	steps := api.Steps()
	for i, s := range steps {
		fields = append(fields, reflect.StructField{Name: "Step" + strconv.Itoa(i), Type: reflect.TypeFor[stepCommand](),
			Tag: reflect.StructTag(fmt.Sprintf(`cmd:"" name:%q help:%q`, s.Name, s.Doc))})
	}
	all := reflect.New(reflect.StructOf(fields))
	for i, s := range steps {
		all.Elem().Field(i).Addr().Interface().(*stepCommand).step = s
	}
	return all.Interface()
}

// Help lists the step's fields.
func (c *stepCommand) Help() string {
	if fields := describe(reflect.TypeOf(c.step.In)); fields != "" {
		return "Fields:\n\n" + fields
	}
	return ""
}

func (c *stepCommand) Run(ctx context.Context, d *desk) error {
	var in any
	switch {
	case c.File != "" && len(c.Fields) > 0:
		return usage("give fields or --file, not both")
	case c.File != "":
		b, err := d.read(c.File)
		if err != nil {
			return err
		}
		if !json.Valid(b) {
			return usage("%s is no JSON document", c.File)
		}
		in = json.RawMessage(b)
	default:
		var err error
		if in, err = fill(reflect.TypeOf(c.step.In), c.Fields, d.text); err != nil {
			return err
		}
	}
	client, project, err := c.client(ctx, d)
	if err != nil {
		return err
	}
	after, err := client.Step(ctx, project, cvd.CaseID(c.Case), c.step.Name, c.Rev, in)
	if err != nil {
		return explain(d, err)
	}
	return d.showCase(after, c.JSON)
}

// explain prints every objection of the policy, or names the field that is wrong.
func explain(d *desk, err error) error {
	e, ok := errors.AsType[*cvd.Error](err)
	if !ok {
		return err
	}
	for _, o := range e.All {
		line := o.Says
		if o.Clause != "" {
			line += " (" + o.Clause + ")"
		}
		if !o.Earliest.IsZero() && !strings.Contains(o.Says, cvd.Instant(o.Earliest)) {
			line += ", from " + cvd.Instant(o.Earliest)
		}
		fmt.Fprintln(d.err, plain(line))
	}
	if len(e.All) > 0 {
		return exit{no, errors.New("the policy does not let this pass yet")}
	}
	if e.Field != "" {
		return exit{no, fmt.Errorf("%s: %w", strings.TrimPrefix(e.Field, "/"), err)}
	}
	return err
}

type caseList struct {
	remote `embed:""`
	State  string `help:"Only those with this state; open: those that are not closed." placeholder:"STATE"`
	Limit  int    `help:"At most so many." default:"50"`
	JSON   bool   `help:"Print JSON."`
}

func (c *caseList) Run(ctx context.Context, d *desk) error {
	client, project, err := c.client(ctx, d)
	if err != nil {
		return err
	}
	if client.Token == "" && !c.JSON {
		fmt.Fprintln(d.err, "Without --token-file only public cases are listed.")
	}
	all := api.Cases{Cases: []api.Summary{}}
	for q := (api.CasesQuery{State: c.State}); ; q.Cursor = all.Next {
		q.Limit = min(100, c.Limit-len(all.Cases))
		page, err := client.Cases(ctx, project, q)
		if err != nil {
			return err
		}
		all.Cases, all.Next = append(all.Cases, page.Cases...), page.Next
		if page.Next == "" || len(all.Cases) >= c.Limit {
			break
		}
	}
	if c.JSON {
		return d.json(all)
	}
	w := tabwriter.NewWriter(d.out, 0, 0, 2, ' ', 0)
	for _, s := range all.Cases {
		due := ""
		if !s.Due.IsZero() {
			due = cvd.Instant(s.Due)
		}
		fmt.Fprintln(w, plain(strings.Join([]string{string(s.Case), s.State, s.Class, due, strings.ReplaceAll(s.Title, "\t", " ")}, "\t")))
	}
	return w.Flush()
}

type caseShow struct {
	remote `embed:""`
	JSON   bool   `help:"Print JSON."`
	Case   string `arg:"" help:"The case, JUNO-7KQ4."`
}

func (c *caseShow) Run(ctx context.Context, d *desk) error {
	client, project, err := c.client(ctx, d)
	if err != nil {
		return err
	}
	v, err := client.Case(ctx, project, cvd.CaseID(c.Case))
	if err != nil {
		return err
	}
	return d.showCase(v, c.JSON)
}

type caseSearch struct {
	remote `embed:""`
	JSON   bool     `help:"Print JSON."`
	Words  []string `arg:"" help:"The words."`
}

func (c *caseSearch) Run(ctx context.Context, d *desk) error {
	client, project, err := c.client(ctx, d)
	if err != nil {
		return err
	}
	found, err := client.Search(ctx, project, strings.Join(c.Words, " "))
	if err != nil {
		return err
	}
	if c.JSON {
		return d.json(found)
	}
	for _, id := range found.Cases {
		d.say("%s", id)
	}
	if len(found.Cases) == 0 {
		return errNo
	}
	return nil
}

type caseReceipt struct {
	remote `embed:""`
	Case   string `arg:"" help:"The case, JUNO-7KQ4."`
}

func (c *caseReceipt) Run(ctx context.Context, d *desk) error {
	client, project, err := c.client(ctx, d)
	if err != nil {
		return err
	}
	receipt, err := client.Receipt(ctx, project, cvd.CaseID(c.Case))
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(d.out, "%s\n", receipt)
	return err
}

type caseInvite struct {
	remote       `embed:""`
	Rev          int64            `help:"Invite only if the case still has this revision." placeholder:"N"`
	Name         string           `help:"Who is invited; not needed with --party."`
	Party        string           `help:"A candidate of the case, or somebody who is asked again: guest:1." placeholder:"ID"`
	Roles        []string         `help:"Roles of the policy, for this case; none: they coordinate."`
	Kind         string           `help:"What they are: vendor, downstream, distributor, validator, expert, coordinator, csirt, other." placeholder:"KIND"`
	Address      string           `help:"Where the letter with the link to the terms goes; without it nobody is written to." placeholder:"MAIL"`
	Organisation string           `help:"Whom they speak for." placeholder:"NAME"`
	Zone         string           `help:"Their zone, such as Europe/Berlin." placeholder:"ZONE"`
	Audience     string           `help:"Of the policy, that they belong to." placeholder:"NAME"`
	Weight       map[string]int64 `help:"What they count for in a quorum: voting_power=1200." placeholder:"NAME=NUMBER"`
	Until        time.Time        `help:"When the invitation ends; without it, with the case." format:"2006-01-02T15:04:05Z07:00" placeholder:"2026-12-01T16:00:00Z"`
	JSON         bool             `help:"Print JSON."`
	Case         string           `arg:"" help:"The case, JUNO-7KQ4."`
}

func (c *caseInvite) Run(ctx context.Context, d *desk) error {
	client, project, err := c.client(ctx, d)
	if err != nil {
		return err
	}
	out, err := client.Invite(ctx, project, cvd.CaseID(c.Case), c.Rev, api.Guest{Party: cvd.ActorID(c.Party), Name: c.Name, Kind: cvd.PartyKind(c.Kind),
		Organisation: c.Organisation, Address: c.Address, Zone: c.Zone, Audience: c.Audience, Weights: c.Weight, Roles: c.Roles, Until: c.Until})
	if err != nil {
		return explain(d, err)
	}
	if c.JSON {
		return d.json(out)
	}
	who := cmp.Or(c.Name, c.Party)
	d.say("%s\n\nThis code opens the terms to %s, and the case once they have accepted them. It is shown once: send it by a way that nobody else reads.", out.Code, who)
	if c.Address != "" {
		d.say("A letter with a link to the terms goes to %s.", c.Address)
	}
	return nil
}

type caseReopen struct {
	remote      `embed:""`
	Title       string `help:"One line." required:""`
	Description string `help:"What came back; @FILE takes it from a file." required:""`
	JSON        bool   `help:"Print JSON."`
	Case        string `arg:"" help:"The case, JUNO-7KQ4."`
}

func (c *caseReopen) Run(ctx context.Context, d *desk) error {
	description, err := d.text(c.Description)
	if err != nil {
		return err
	}
	client, project, err := c.client(ctx, d)
	if err != nil {
		return err
	}
	out, err := client.Reopen(ctx, project, cvd.CaseID(c.Case), api.Report{Title: c.Title, Description: description})
	if err != nil {
		return explain(d, err)
	}
	if c.JSON {
		return d.json(out)
	}
	d.say("%s\n\nThis is the return code of the new report. It is shown once: keep it.", out.Code)
	return nil
}
