package main

import (
	"context"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/api"
)

type caseEmergency struct {
	remote  `embed:""`
	Fact    string   `help:"What happened: public, leaked, attacks, exploit_public." required:"" enum:"public,leaked,attacks,exploit_public"`
	Because string   `help:"How it is known; @FILE takes it from a file." placeholder:"TEXT"`
	Claim   int      `help:"The claim of somebody outside the team that this confirms; its evidence is taken where --because is left out." placeholder:"N"`
	To      string   `help:"Where the announced release moves to in the same act, 2026-12-01T16:00:00Z; those who heard of the first instant hear of it." placeholder:"INSTANT"`
	Preview bool     `help:"Only say what would change, which promises begin, and which notices could go out."`
	JSON    bool     `help:"Print JSON."`
	Case    string   `arg:"" help:"The case, JUNO-7KQ4."`
	Fields  []string `arg:"" optional:"" name:"field=value" help:"Besides: party, aware.0.event and aware.0.on, slip.says.NAME, notices.0.notice and notices.0.says.NAME."`
}

func (c *caseEmergency) Run(ctx context.Context, d *desk) error {
	client, project, err := c.client(ctx, d)
	if err != nil {
		return err
	}
	if c.Preview {
		q := api.EmergencyQuery{Fact: c.Fact, Claim: c.Claim}
		if c.To != "" {
			if q.To, err = time.Parse(time.RFC3339, c.To); err != nil {
				return usage("write --to as an instant with its zone: 2026-12-01T16:00:00Z")
			}
		}
		out, err := client.Outlook(ctx, project, cvd.CaseID(c.Case), q)
		if err != nil {
			return explain(d, err)
		}
		if c.JSON {
			return d.json(out)
		}
		d.outlook(out)
		return nil
	}
	if c.Because == "" && c.Claim == 0 {
		return usage("say how it is known: --because, or the claim that says so: --claim")
	}
	in, err := fill(reflect.TypeFor[api.Emergency](), append(c.said(), c.Fields...), d.text)
	if err != nil {
		return err
	}
	after, err := client.Emergency(ctx, project, cvd.CaseID(c.Case), in)
	if err != nil {
		return explain(d, err)
	}
	return d.showCase(after, c.JSON)
}

// said are the fields that have a flag of their own.
func (c *caseEmergency) said() []string {
	all := []string{"fact=" + c.Fact}
	for name, value := range map[string]string{"because": c.Because, "slip.to": c.To} {
		if value != "" {
			all = append(all, name+"="+value)
		}
	}
	if c.Claim != 0 {
		all = append(all, "claim="+strconv.Itoa(c.Claim))
	}
	return all
}

// outlook prints what an emergency would bring.
func (d *desk) outlook(o api.Outlook) {
	if o.Known {
		d.say("The case knows this already: nothing would change.")
		return
	}
	for _, line := range o.Then {
		d.say("%s", line)
	}
	for _, k := range o.Clocks {
		d.say("Begins: %s, until %s %s", k.Title, cvd.Instant(k.Due), k.Law)
	}
	for _, k := range o.Later {
		d.say("Later: %s, %s from “%s” %s", k.Title, k.Within, k.From, k.Law)
	}
	for _, x := range o.Come {
		d.say("%s: %s", x.Title, x.Says)
	}
	for _, name := range o.Aware {
		d.say("A law may count from %s: give it with aware.0.event=%s aware.0.on=INSTANT", name, name)
	}
	d.announced(o)
	for _, n := range o.Notices {
		d.say("Can go out: %s (%s)\n%s\n%s", n.Notice, n.Title, n.Subject, n.Text)
	}
	if len(o.Letters) > 0 {
		d.say("A letter goes to %s.", strings.Join(o.Letters, ", "))
	}
}

// announced prints what becomes of the release that was announced.
func (d *desk) announced(o api.Outlook) {
	if !o.Announced.IsZero() {
		d.say("The release is announced for %s.", cvd.Instant(o.Announced))
	}
	if !o.Earliest.IsZero() {
		d.say("Nothing may be released before %s.", cvd.Instant(o.Earliest))
	}
	if o.Slip == nil {
		return
	}
	for _, m := range o.Slip.Moves {
		d.say("Moves: %s from %s to %s", m.What, cvd.Instant(m.From), cvd.Instant(m.To))
	}
	for _, clause := range o.Slip.Restarts {
		d.say("A wait begins anew: %s", clause)
	}
	for _, line := range o.Slip.Stays {
		d.say("%s", line)
	}
	for _, x := range o.Slip.Lacks {
		d.say("In the way: %s", x.Says)
	}
	if o.Slip.Trouble != "" {
		d.say("It cannot be said yet: %s", o.Slip.Trouble)
	}
	if o.Slip.Text != "" {
		d.say("Goes out with it: %s\n%s", o.Slip.Subject, o.Slip.Text)
	}
}
