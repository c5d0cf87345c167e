package main

import (
	"context"
	"fmt"

	"github.com/tipstaff/tipstaff/internal/api"
)

// partyCommands are about the parties of a case.
type partyCommands struct {
	Import partyImport `cmd:"" help:"Take a list of parties in (CSV), after a look at what would become of each line."`
}

type partyImport struct {
	remote `embed:""`
	Invite bool   `help:"Invite each of them, by mail where there is an address; without it they are named, and nobody is told."`
	Yes    bool   `help:"Do it; without this nothing changes, and it is said what would."`
	JSON   bool   `help:"Print JSON."`
	Case   string `arg:"" help:"The case, JUNO-7KQ4."`
	File   string `arg:"" help:"The list, or - for standard input."`
}

// Help says what the list looks like.
func (*partyImport) Help() string {
	return `The list is CSV, and its first line names the columns. Only name is needed:

  name,kind,organisation,address,component,voting_power
  Orchid Validator,validator,Orchid GmbH,security@orchid.example,,120000

Columns: name, kind (vendor, downstream, distributor, validator, expert, coordinator, csirt, other), organisation, address,
component, zone, audience, roles (several with spaces between), because; mail, matrix, signal and others for handles, verified for
the day on which they were last seen to answer (2026-01-31); voting_power, market_share, installations or weight:NAME for weights.

A line that is wrong is said with its line and column, and then nothing is taken. Who is on the case already stays as they are, by
address or, without one, by name: a list that is sent twice invites nobody twice.`
}

// Run takes a list of parties in.
func (c *partyImport) Run(ctx context.Context, d *desk) error {
	client, project, id, err := c.about(ctx, d, c.Case)
	if err != nil {
		return err
	}
	text, err := readList(d, c.File)
	if err != nil {
		return err
	}
	in := api.PartyList{List: string(text), Invite: c.Invite, Preview: true}
	out, err := client.ImportParties(ctx, project, id, in)
	if err != nil {
		return explain(d, err)
	}
	if wrong := d.wrongLines(c.File, out); wrong > 0 {
		return exit{no, fmt.Errorf("nothing was taken: %d of %d lines are wrong", wrong, len(out.Parties))}
	}
	if c.Yes {
		in.Preview = false
		if out, err = client.ImportParties(ctx, project, id, in); err != nil {
			return explain(d, err)
		}
	}
	if c.JSON {
		return d.json(out)
	}
	d.partyLines(out)
	if !c.Yes {
		d.say("Nothing was changed: say --yes to take it in.")
	}
	return nil
}

// wrongLines prints the lines that cannot be taken, and says how many there are.
func (d *desk) wrongLines(file string, all api.PartyLines) (wrong int) {
	for _, x := range all.Parties {
		if x.Does == "invalid" {
			fmt.Fprintf(d.err, "%s, %s\n", file, plain(x.Says))
			wrong++
		}
	}
	return wrong
}

// partyLines prints what becomes of the lines that change something, and counts all.
func (d *desk) partyLines(all api.PartyLines) {
	counts := map[string]int{}
	for _, x := range all.Parties {
		if counts[x.Does]++; x.Does != "unchanged" {
			d.say("line %d: %s %s %s", x.Line, x.Does, x.Name, x.Address)
		}
	}
	d.say("%d invited, %d named, %d on the case already", counts["invited"], counts["added"], counts["unchanged"])
}
