package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/alecthomas/kong"
	"go.yaml.in/yaml/v4"

	"github.com/tipstaff/tipstaff/internal/app"
)

type serveCommand struct {
	app.Config `embed:""`
}

func (c *serveCommand) Run(ctx context.Context, d *desk) error {
	return app.Serve(ctx, c.Config, d.err)
}

// settingsFile resolves settings from DATA/tipstaff.yaml: weaker than flags and environment, stronger than defaults.
type settingsFile struct {
	read   bool
	values map[string]any
}

// Validate has nothing to look at before the data directory is known.
func (f *settingsFile) Validate(*kong.Application) error { return nil }

// Resolve gives the value of a setting, nil if the file does not say.
func (f *settingsFile) Resolve(line *kong.Context, parent *kong.Path, flag *kong.Flag) (any, error) {
	data := slices.IndexFunc(parent.Flags, func(f *kong.Flag) bool { return f.Name == "data" })
	settings := slices.ContainsFunc(parent.Flags, func(f *kong.Flag) bool { return f.Name == "database-file" })
	if data < 0 || !settings || flag.Name == "data" {
		return nil, nil
	}
	if !f.read {
		dir, _ := line.FlagValue(parent.Flags[data]).(string)
		if err := f.load(filepath.Join(dir, "tipstaff.yaml"), parent.Flags); err != nil {
			return nil, err
		}
	}
	if slices.ContainsFunc(flag.Tag.Envs, func(name string) bool { _, set := os.LookupEnv(name); return set }) {
		return nil, nil
	}
	return f.values[flag.Name], nil
}

func (f *settingsFile) load(name string, flags []*kong.Flag) error {
	f.read = true
	text, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := yaml.Load(text, &f.values); err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	for key := range f.values {
		if key == "data" || !slices.ContainsFunc(flags, func(f *kong.Flag) bool { return f.Name == key }) {
			return fmt.Errorf("%s: there is no setting %q; tipstaff serve --help lists them", name, key)
		}
	}
	return nil
}
