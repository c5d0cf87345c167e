package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/app"
)

type heldList struct {
	app.Config `embed:""`
	JSON       bool `help:"Print JSON."`
}

// heldItem is a letter or a publication for programs.
type heldItem struct {
	Name    string    `json:"name"`
	Project string    `json:"project"`
	Case    string    `json:"case"`
	Kind    string    `json:"kind"`
	Channel string    `json:"channel,omitempty"`
	Since   time.Time `json:"since,omitzero"`
	At      time.Time `json:"at,omitzero"` // of a publication
	Past    bool      `json:"past,omitempty"`
	Maybe   bool      `json:"may_have_gone_out,omitempty"`
	Way     bool      `json:"under_way,omitempty"`
	Missing string    `json:"missing,omitempty"`
}

func (c *heldList) items(all []app.Held) (items []heldItem) {
	for _, h := range all {
		for _, b := range h.Publications {
			items = append(items, heldItem{Name: b.ID, Project: string(h.Project), Case: string(b.Case), Kind: "publication", At: b.At, Past: b.Past})
		}
		for _, l := range h.Letters {
			items = append(items, heldItem{Name: l.Job, Project: string(h.Project), Case: string(l.Case), Kind: l.Kind, Channel: l.Channel, Since: l.Since,
				Maybe: l.Maybe, Way: l.UnderWay, Missing: app.Unreachable(c.Config, h.Project, l.Kind, l.Channel)})
		}
	}
	return items
}

func (c *heldList) Run(ctx context.Context, d *desk) error {
	all, err := app.ListHeld(ctx, c.Config)
	if err != nil {
		return err
	}
	items := c.items(all)
	if c.JSON {
		return d.json(map[string]any{"held": append([]heldItem{}, items...)})
	}
	count, way := 0, 0
	for _, h := range all {
		count, way = count+h.Count, way+h.UnderWay
		if !h.Since.IsZero() {
			d.say("%s was restored at %s from a backup of %s: nothing of it goes out by itself.", h.Project, cvd.Instant(h.Since), cvd.Instant(h.Kept))
		}
	}
	if len(items) == 0 {
		d.say("Nothing is held.")
		return nil
	}
	w := tabwriter.NewWriter(d.out, 0, 0, 2, ' ', 0)
	for _, i := range items {
		fmt.Fprintln(w, plain(strings.Join([]string{i.Name, i.Project, i.Case, i.Kind, i.Channel, i.says()}, "\t")))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if count > 0 {
		d.say("\n%d letters are held; %d of them were on their way, and the outcome is unknown.", count, way)
		if slices.ContainsFunc(items, func(i heldItem) bool { return i.Maybe }) {
			d.say("What may have gone out already goes again under the same name, and is marked as repeated: programs that know the name fold it.")
		}
	}
	d.say("Let go: tipstaff held release NAME, or --all. Never send: tipstaff held drop NAME --because …")
	return nil
}

// says is what is special about it.
func (i heldItem) says() string {
	switch {
	case i.Kind == "publication" && i.Past:
		return "its instant " + cvd.Instant(i.At) + " has passed"
	case i.Kind == "publication":
		return "set for " + cvd.Instant(i.At)
	case i.Way:
		return "since " + cvd.Instant(i.Since) + ", was on its way"
	case i.Maybe:
		return "since " + cvd.Instant(i.Since) + ", may have gone out since the backup"
	case i.Missing != "":
		return "since " + cvd.Instant(i.Since) + ", " + i.Missing
	}
	return "since " + cvd.Instant(i.Since)
}

type heldRelease struct {
	app.Config `embed:""`
	Project    string   `help:"Only this project." placeholder:"NAME"`
	All        bool     `help:"Everything; what comes from now on goes its own way again."`
	Past       bool     `help:"Also publications whose instant has passed: they are public at once, and written down at their instant."`
	Names      []string `arg:"" optional:"" name:"name" help:"Letters and publications, as tipstaff held list names them."`
}

func (c *heldRelease) Run(ctx context.Context, d *desk) error {
	if c.All == (len(c.Names) > 0) {
		return usage("name what is to go, or say --all")
	}
	letters, publications, err := app.ReleaseHeld(ctx, c.Config, app.LetGo{Project: cvd.ProjectID(c.Project), Names: c.Names, Past: c.Past})
	if err != nil {
		return err
	}
	if !c.All {
		d.say("%d let go. A running server takes it up within seconds.", letters)
		return nil
	}
	d.say("%d letters and %d publications are let go. A running server takes them up within seconds.", letters, publications)
	left, err := app.ListHeld(ctx, c.Config)
	if err != nil {
		return err
	}
	for _, h := range left {
		for _, b := range h.Publications {
			d.say("%s stays held: its instant %s passed meanwhile. Was it public since? Then --past; else tipstaff held drop %s, and set another.", b.ID, cvd.Instant(b.At), b.ID)
		}
	}
	return nil
}

type heldDrop struct {
	app.Config `embed:""`
	Project    string `help:"Only in this project." placeholder:"NAME"`
	Because    string `help:"Why it does not go out; the case says it." required:""`
	Name       string `arg:"" help:"A letter or a publication, as tipstaff held list names it."`
}

func (c *heldDrop) Run(ctx context.Context, d *desk) error {
	if err := app.DropHeld(ctx, c.Config, cvd.ProjectID(c.Project), c.Name, c.Because); err != nil {
		return err
	}
	d.say("%s does not go out.", c.Name)
	return nil
}
