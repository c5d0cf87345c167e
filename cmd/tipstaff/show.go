package main

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/api"
)

// showCase prints a case for people or for programs.
func (d *desk) showCase(c api.Case, asJSON bool) error {
	if asJSON {
		return d.json(c)
	}
	if c.Erased != nil {
		return d.showErased(c)
	}
	d.say("%s  %s\n", c.Case, c.Title)
	w := tabwriter.NewWriter(d.out, 0, 0, 2, ' ', 0)
	row := func(name, format string, args ...any) {
		fmt.Fprintf(w, "%s\t%s\n", name, plain(strings.ReplaceAll(fmt.Sprintf(format, args...), "\t", " ")))
	}
	state := c.State
	if c.Track != "" {
		state += ", " + c.Track + " track"
	}
	row("state", "%s, revision %d", state, c.Rev)
	if s := c.Severity; s != nil {
		row("severity", "%s", strings.TrimSpace(s.Class+" "+s.Vector))
	}
	if e := c.Embargo; e != nil && e.State.InForce() {
		row("embargo", "until %s", cvd.Instant(e.Until))
	}
	if x := c.Disclosure; x != nil && !x.Due.IsZero() {
		row("publication", "set for %s", cvd.Instant(x.Due))
	}
	if a := c.Advisory; a != nil && a.ID != "" {
		row("advisory", "%s", a.ID)
	}
	if x := c.Elsewhere; x != nil {
		row("goes on", "%s", strings.TrimSpace(x.URL+" "+x.Reference))
	}
	if n := c.Nudge; n != nil {
		row("remind the team", "from %s on: tipstaff case nudge %s", cvd.Instant(n.From), c.Case)
	}
	if n := c.Next; n != nil {
		row("next", "%s", next(*n))
	}
	for _, k := range c.Clocks {
		if k.Open() && !k.Due.IsZero() {
			row("due", "%s %s by %s", k.Name, k.Kind, cvd.Instant(k.Due))
		}
	}
	if len(c.Steps) > 0 {
		row("steps now", "%s", strings.Join(stepsOf(c, true), ", "))
		row("not yet", "%s", strings.Join(stepsOf(c, false), ", "))
	}
	for _, e := range c.Timeline {
		row(cvd.Instant(e.At), "%s (%s)", e.Says, e.Name)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	d.tell(c)
	return nil
}

// tell prints what people wrote: the reports, the analysis, the messages.
func (d *desk) tell(c api.Case) {
	for _, r := range c.Reports {
		d.say("\nReport %d: %s\n\n%s", r.Number, r.Title, r.Description)
		for i, s := range r.Steps {
			d.say("%d. %s", i+1, s)
		}
		for _, a := range r.Attachments {
			d.say("file %s (%d bytes), id %s", a.Name, a.Size, a.ID)
		}
	}
	for _, s := range c.Analysis {
		d.say("\nAnalysis, %s:\n%s", strings.ReplaceAll(s.Name, "_", " "), s.Text)
	}
	for _, m := range c.Messages {
		d.say("\n%s, %s to %s:\n%s", cvd.Instant(m.At), m.By, m.To, m.Text)
	}
	if c.Notice != "" && len(c.Steps) == 0 { // the team knows
		d.say("\n%s", c.Notice)
	}
}

func next(n api.Next) string {
	line := n.Who
	if n.What != "" {
		line += ": " + n.What
	}
	if !n.By.IsZero() {
		line += ", by " + cvd.Instant(n.By)
	}
	return line
}

// stepsOf are the names of the steps that may be taken now, or of those that something stands in the way of: taking one
// says what.
func stepsOf(c api.Case, now bool) []string {
	var names []string
	for _, o := range c.Steps {
		if (len(o.Blocked) == 0) == now {
			names = append(names, o.Step)
		}
	}
	return names
}
