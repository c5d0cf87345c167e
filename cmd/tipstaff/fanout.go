package main

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/api"
)

type noticeFanOut struct {
	remote `embed:""`
	JSON   bool   `help:"Print JSON."`
	Case   string `arg:"" help:"The case, JUNO-7KQ4."`
}

// Run lists whom each notice reached.
func (c *noticeFanOut) Run(ctx context.Context, d *desk) error {
	client, project, id, err := c.about(ctx, d, c.Case)
	if err != nil {
		return err
	}
	all, err := client.FanOut(ctx, project, id)
	if err != nil {
		return err
	}
	if c.JSON {
		return d.json(all)
	}
	for _, n := range all.Notices {
		d.say("%s, ordered %s: %d of %d reached", n.Notice, cvd.Instant(n.At), n.Reached, n.Of)
		w := tabwriter.NewWriter(d.out, 0, 0, 2, ' ', 0)
		for _, l := range n.Letters {
			fmt.Fprintln(w, plain("  "+strings.Join([]string{cell(copyName(l)), l.Channel, copyState(l), cvd.Instant(l.Since), l.Member}, "\t")))
		}
		if err := w.Flush(); err != nil {
			return err
		}
	}
	return nil
}

// copyName is whose letter it is.
func copyName(l api.LetterOut) string {
	if l.Member != "" {
		return cmp.Or(l.Name, "(no longer on the list)")
	}
	return "(the channel’s own address)"
}

// copyState is what became of a letter.
func copyState(l api.LetterOut) string {
	if l.Repeated {
		return string(l.State) + ", may have come twice"
	}
	return string(l.State)
}

type noticeTrace struct {
	remote `embed:""`
	JSON   bool   `help:"Print JSON."`
	Case   string `arg:"" help:"The case whose notice it may be, JUNO-7KQ4."`
	File   string `arg:"" help:"The text as it was found; - for standard input."`
}

// Help says what an answer is worth.
func (*noticeTrace) Help() string {
	return `Whoever has read that copy may have passed it on: the mark does not say who. The server keeps nothing of the text.

The exit status is 0 when the copy is known, and 1 when the text bears no mark, or one of no copy of this case.`
}

// Run says whose copy a text is.
func (c *noticeTrace) Run(ctx context.Context, d *desk) error {
	client, project, id, err := c.about(ctx, d, c.Case)
	if err != nil {
		return err
	}
	text, err := d.read(c.File)
	if err != nil {
		return err
	}
	got, err := client.Trace(ctx, project, id, string(text))
	if err != nil {
		return err
	}
	switch {
	case c.JSON:
		err = d.json(got)
	case got.Member != "":
		d.say("This is the copy of “%s” that was made for %s (member %s), sent %s.", cmp.Or(got.Notice, "a notice"), cmp.Or(got.Name, "somebody who is no longer on the list"),
			got.Member, cvd.Instant(got.At))
	case len(got.Marks) > 0:
		d.say("It bears a code, and none of this case’s copies has it: the mark was changed, or the text is of another case.")
	default:
		d.say("It bears no code: the mark was removed, or the text never had one.")
	}
	if err == nil && got.Member == "" {
		return errNo
	}
	return err
}
