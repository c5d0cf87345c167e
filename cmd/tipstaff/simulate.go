package main

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/policy"
)

type policySimulate struct {
	Severity string   `help:"The severity that triage finds; left out where the policy has none." placeholder:"CLASS"`
	At       string   `help:"When the report arrives, with its zone; left out: now." placeholder:"2026-12-21T09:00Z"`
	Track    string   `help:"The track; left out: the one that the policy chooses." placeholder:"TRACK"`
	Kind     string   `help:"What the reporter comes with; left out: the policy's default." placeholder:"KIND"`
	Category string   `help:"The category of the weakness." placeholder:"CATEGORY"`
	Facts    []string `name:"fact" sep:"none" help:"What is so from the start: attacks, public, exploit_public, sensitive, or sensitive=no. May be repeated." placeholder:"FACT"`
	Set      []string `sep:"none" help:"When people or the world reach a mark: fix_ready=2026-12-24T10:00Z. May be repeated." placeholder:"MARK=INSTANT"`
	Zones    []string `name:"zone" sep:"none" help:"A time zone to show beside UTC and the policy's own. May be repeated." placeholder:"Europe/Berlin"`
	Format   string   `help:"How to print: ${enum}." enum:"table,json,ics,svg,markdown" default:"table"`
	File     string   `arg:"" name:"policy.yaml" type:"path" help:"The document; - for standard input."`
}

// Run prints what would happen, and when. That a promise cannot be kept is part of the answer: what fails on it is lint.
func (c *policySimulate) Run(d *desk) error {
	now := time.Now().UTC().Truncate(time.Minute)
	asked, err := c.scenario(now)
	if err != nil {
		return err
	}
	zones, err := c.zones()
	if err != nil {
		return err
	}
	p, err := d.policy(c.File)
	if err != nil {
		return err
	}
	t, err := p.Simulate(asked)
	if wrong, ok := errors.AsType[*cvd.Error](err); ok && wrong.Field != "" {
		return usage("--%s: %w", strings.TrimPrefix(wrong.Field, "/"), err)
	} else if err != nil {
		return err
	}
	if t.Zone != nil {
		zones = append([]*time.Location{t.Zone}, zones...)
	}
	return c.print(d.out, t, once(zones), now)
}

// scenario is what the command line says of the case.
func (c *policySimulate) scenario(now time.Time) (policy.Scenario, error) {
	s := policy.Scenario{At: now, Class: c.Severity, Track: c.Track, Kind: c.Kind, Category: c.Category,
		Facts: map[string]bool{}, Set: map[string]time.Time{}}
	if c.At != "" {
		at, err := policy.ReadInstant(c.At)
		if err != nil {
			return s, usage("--at: %w", err)
		}
		s.At = at
	}
	for _, fact := range c.Facts {
		name, is, said := strings.Cut(fact, "=")
		if said && is != "yes" && is != "no" {
			return s, usage("--fact %s: say yes or no, as in sensitive=no", name)
		}
		s.Facts[name] = is != "no"
	}
	for _, set := range c.Set {
		mark, instant, ok := strings.Cut(set, "=")
		if !ok {
			return s, usage("--set %s: write a mark and its instant, as in fix_ready=2026-12-24T10:00Z", set)
		}
		if _, twice := s.Set[mark]; twice {
			return s, usage("--set %s: the mark is set twice; it is reached once", mark)
		}
		at, err := policy.ReadInstant(instant)
		if err != nil {
			return s, usage("--set %s: %w", mark, err)
		}
		s.Set[mark] = at
	}
	return s, nil
}

// zones are those of the command line.
func (c *policySimulate) zones() ([]*time.Location, error) {
	var all []*time.Location
	for _, name := range c.Zones {
		zone, err := time.LoadLocation(name)
		if err != nil || name == "Local" || name == "" {
			return nil, usage("--zone: there is no time zone %q; they are called like Europe/Berlin", name)
		}
		all = append(all, zone)
	}
	return all, nil
}

// once leaves out a zone that is there already.
func once(zones []*time.Location) []*time.Location {
	var all []*time.Location
	there := map[string]bool{"UTC": true}
	for _, zone := range zones {
		if !there[zone.String()] {
			all = append(all, zone)
		}
		there[zone.String()] = true
	}
	return all
}

func (c *policySimulate) print(w io.Writer, t *policy.Timeline, zones []*time.Location, now time.Time) error {
	switch c.Format {
	case "json":
		return t.JSON(w, zones...)
	case "ics":
		return t.ICS(w, now)
	case "markdown":
		return t.Markdown(w, zones...)
	case "svg":
		zone := time.UTC
		if len(zones) > 0 {
			zone = zones[0]
		}
		return t.SVGFile(w, zone)
	case "table":
		return t.Table(w, zones...)
	}
	return fmt.Errorf("there is no format %q", c.Format)
}
