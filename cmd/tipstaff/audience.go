package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/api"
)

// audienceCommands are about who is told.
type audienceCommands struct {
	List   audienceList   `cmd:"" help:"List the members of the audiences."`
	Add    audienceAdd    `cmd:"" help:"Add a member."`
	Decide audienceDecide `cmd:"" help:"Accept an application, or turn it down."`
	Remove audienceRemove `cmd:"" help:"End a membership: left, bounced, or forgotten."`
	Import listImport     `cmd:"" help:"Take a list of members in, after a look at what would change."`
	Export audienceExport `cmd:"" help:"Write all members as a table (CSV)."`
	Check  audienceCheck  `cmd:"" help:"Say which addresses nobody saw working for a year, are malformed or bounced."`
}

type audienceList struct {
	remote   `embed:""`
	Audience string `help:"Only of this audience." placeholder:"NAME"`
	State    string `help:"Only those in this state: applied, vouched, active, lapsed, bounced, left, declined." placeholder:"STATE"`
}

// Run lists members.
func (c *audienceList) Run(ctx context.Context, d *desk) error {
	client, project, err := c.client(ctx, d)
	if err != nil {
		return err
	}
	all, err := client.Members(ctx, project, api.WhichMembers{Audience: c.Audience, State: c.State})
	if err != nil {
		return err
	}
	t := tabwriter.NewWriter(d.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "ID\tAUDIENCE\tSTATE\tTOLD\tNAME\tADDRESS")
	for _, m := range all.Members {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\n", m.ID, plain(m.Audience), m.State, map[bool]string{true: "yes", false: "no"}[m.Told], plain(m.Name), plain(firstHandle(m.Handles)))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	for _, w := range all.Weights {
		if w.Told < w.Whole {
			fmt.Fprintf(d.out, "%s: %s of %d is written to, of %d in all\n", plain(w.Audience), plain(strings.ReplaceAll(w.Weight, "_", " ")), w.Told, w.Whole)
		}
	}
	return nil
}

func firstHandle(all []cvd.Handle) string {
	if len(all) == 0 {
		return ""
	}
	return all[0].Is
}

type audienceAdd struct {
	remote   `embed:""`
	Audience string           `arg:"" help:"The audience of the policy."`
	Name     string           `arg:"" help:"Of the organisation or the person."`
	Mail     string           `required:"" help:"Where letters go." placeholder:"ADDRESS"`
	Person   bool             `help:"It is a person, not an organisation."`
	Consent  string           `help:"How they agreed to be written to, in words; without it nobody writes to them." placeholder:"TEXT"`
	Weight   map[string]int64 `help:"What they count for: voting_power=1200." placeholder:"NAME=NUMBER"`
}

// Run adds a member.
func (c *audienceAdd) Run(ctx context.Context, d *desk) error {
	client, project, err := c.client(ctx, d)
	if err != nil {
		return err
	}
	m := api.Member{Audience: c.Audience, Name: c.Name, Kind: "organisation", Handles: []cvd.Handle{{Service: "mail", Is: c.Mail}}, Consent: c.Consent, Weights: c.Weight}
	if c.Person {
		m.Kind = "person"
	}
	if m, err = client.AddMember(ctx, project, m); err != nil {
		return err
	}
	fmt.Fprintln(d.out, m.ID)
	return nil
}

type audienceDecide struct {
	remote  `embed:""`
	Member  string `arg:"" help:"The member's id, as audience list prints it."`
	Verdict string `arg:"" enum:"accept,decline" help:"accept or decline."`
	Because string `required:"" help:"The reason; the applicant reads it if the answer is no." placeholder:"TEXT"`
	Meets   []int  `help:"The criteria of the policy that are met, from 0." placeholder:"N"`
	Vouched string `help:"Who gave their word, where the policy asks." placeholder:"NAME"`
}

// Run decides about an application.
func (c *audienceDecide) Run(ctx context.Context, d *desk) error {
	client, project, err := c.client(ctx, d)
	if err != nil {
		return err
	}
	m, err := client.DecideMember(ctx, project, c.Member, api.Judgement{Accept: c.Verdict == "accept", Because: c.Because, Meets: c.Meets, Vouched: c.Vouched})
	if err != nil {
		return err
	}
	fmt.Fprintf(d.out, "%s is %s\n", plain(m.Name), m.State)
	return nil
}

type audienceRemove struct {
	remote `embed:""`
	Member string `arg:"" help:"The member's id, as audience list prints it."`
	As     string `enum:"left,bounced,forgotten" default:"left" help:"left, bounced, or forgotten: all that was ever kept of them is destroyed."`
}

// Run ends a membership.
func (c *audienceRemove) Run(ctx context.Context, d *desk) error {
	client, project, err := c.client(ctx, d)
	if err != nil {
		return err
	}
	return client.RemoveMember(ctx, project, c.Member, c.As)
}

type audienceExport struct {
	remote `embed:""`
}

// Run writes the members as a table.
func (c *audienceExport) Run(ctx context.Context, d *desk) error {
	client, project, err := c.client(ctx, d)
	if err != nil {
		return err
	}
	text, err := client.MembersCSV(ctx, project)
	if err != nil {
		return err
	}
	_, err = d.out.Write(text)
	return err
}

type audienceCheck struct {
	remote `embed:""`
}

// Run says what is wrong with addresses.
func (c *audienceCheck) Run(ctx context.Context, d *desk) error {
	client, project, err := c.client(ctx, d)
	if err != nil {
		return err
	}
	all, err := client.Members(ctx, project, api.WhichMembers{})
	if err != nil {
		return err
	}
	wrong := 0
	for _, m := range all.Members {
		for _, says := range doubts(m) {
			fmt.Fprintf(d.out, "%s %s: %s\n", m.ID, plain(m.Name), plain(says))
			wrong++
		}
	}
	if wrong > 0 {
		return errNo
	}
	return nil
}

// doubts are why a member may not be reached.
func doubts(m api.Member) (out []string) {
	if m.State == cvd.MemberBounced {
		out = append(out, "letters to it come back")
	}
	if m.State != cvd.MemberActive {
		return out
	}
	if !m.Told {
		out = append(out, "nobody said that they agreed to be written to")
	}
	for _, h := range m.Handles {
		if why := h.Wrong(); why != "" {
			out = append(out, h.Service+" "+h.Is+": "+why)
		} else if h.StaleSince(m.Since, time.Now()) {
			out = append(out, h.Service+" "+h.Is+": nobody saw it working for a year")
		}
	}
	return out
}

// listImport takes a list in, of members with an audience, else of projects downstream.
type listImport struct {
	remote   `embed:""`
	Reader   string `arg:"" help:"What the list is: members-csv, validators, cometbft-validators; of projects downstream: downstream-csv, chain-registry, chain-registry-cosmwasm."`
	File     string `arg:"" optional:"" help:"The file, or - for standard input."`
	Address  string `help:"Where the list stands on the web, instead of a file; the server reads it." placeholder:"URL"`
	Audience string `help:"Whose members it holds." placeholder:"NAME"`
	Consent  string `help:"How they agreed to be written to, in words." placeholder:"TEXT"`
	Product  string `help:"Of the policy, that the projects downstream run where the list does not say." placeholder:"NAME"`
	Yes      bool   `help:"Do it; without this nothing changes, and it is said what would."`
}

// Run takes a list in.
func (c *listImport) Run(ctx context.Context, d *desk) error {
	client, project, err := c.client(ctx, d)
	if err != nil {
		return err
	}
	in := api.Listing{Reader: c.Reader, Address: c.Address, Audience: c.Audience, Consent: c.Consent, Product: c.Product, Preview: !c.Yes}
	if c.File != "" {
		text, err := readList(d, c.File)
		if err != nil {
			return err
		}
		in.Text = string(text)
	}
	out, err := client.ImportList(ctx, project, in)
	if err != nil {
		return explain(d, err)
	}
	counts := map[string]int{}
	for _, x := range out.Changes {
		if counts[x.What]++; x.What != "unchanged" {
			fmt.Fprintf(d.out, "%d: %s %s%s\n", x.Line, x.What, plain(x.Name), plain(strings.TrimSuffix(": "+x.Says, ": ")))
		}
	}
	fmt.Fprintf(d.out, "%d added, %d changed, %d unchanged, %d invalid\n", counts["added"], counts["changed"], counts["unchanged"], counts["invalid"])
	for _, w := range out.Weights {
		fmt.Fprintf(d.out, "%s: %d listed, %d of it written to\n", plain(strings.ReplaceAll(w.Weight, "_", " ")), w.Listed, w.Told)
		if w.Told < w.Listed {
			fmt.Fprintf(d.out, "  %d is not written to, and counts in the whole of a quorum all the same\n", w.Listed-w.Told)
		}
	}
	if in.Preview {
		fmt.Fprintln(d.out, "Nothing was changed: say --yes to take it in.")
	}
	return nil
}

// mostList is how many bytes of a list are read.
const mostList = 16 << 20

func readList(d *desk, name string) ([]byte, error) {
	if name == "-" {
		return io.ReadAll(io.LimitReader(d.in, mostList))
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, mostList))
}
