package main

import (
	"context"
	"reflect"
	"strings"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/api"
)

type caseEmergency struct {
	remote  `embed:""`
	Fact    string   `help:"What happened: public, leaked, attacks, exploit_public." required:"" enum:"public,leaked,attacks,exploit_public"`
	Because string   `help:"How it is known; @FILE takes it from a file." placeholder:"TEXT"`
	Preview bool     `help:"Only say what would change, which promises begin, and which notices could go out."`
	JSON    bool     `help:"Print JSON."`
	Case    string   `arg:"" help:"The case, JUNO-7KQ4."`
	Fields  []string `arg:"" optional:"" name:"field=value" help:"Besides: party, aware.0.event and aware.0.on, notices.0.notice and notices.0.says.NAME."`
}

func (c *caseEmergency) Run(ctx context.Context, d *desk) error {
	client, project, err := c.client(ctx, d)
	if err != nil {
		return err
	}
	if c.Preview {
		out, err := client.Outlook(ctx, project, cvd.CaseID(c.Case), c.Fact)
		if err != nil {
			return explain(d, err)
		}
		if c.JSON {
			return d.json(out)
		}
		d.outlook(out)
		return nil
	}
	if c.Because == "" {
		return usage("say how it is known: --because")
	}
	in, err := fill(reflect.TypeFor[api.Emergency](), append([]string{"fact=" + c.Fact, "because=" + c.Because}, c.Fields...), d.text)
	if err != nil {
		return err
	}
	after, err := client.Emergency(ctx, project, cvd.CaseID(c.Case), in)
	if err != nil {
		return explain(d, err)
	}
	return d.showCase(after, c.JSON)
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
	for _, x := range o.Come {
		d.say("%s: %s", x.Title, x.Says)
	}
	for _, name := range o.Aware {
		d.say("A law may count from %s: give it with aware.0.event=%s aware.0.on=INSTANT", name, name)
	}
	for _, n := range o.Notices {
		d.say("Can go out: %s (%s)\n%s\n%s", n.Notice, n.Title, n.Subject, n.Text)
	}
	if len(o.Letters) > 0 {
		d.say("A letter goes to %s.", strings.Join(o.Letters, ", "))
	}
}
