package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/casework"
	"github.com/tipstaff/tipstaff/internal/channel"
	"github.com/tipstaff/tipstaff/internal/publish"
	"github.com/tipstaff/tipstaff/internal/store"
)

// forge is the way to the files at forges that policies come from.
type forge struct {
	publish.Forge
	policies  map[cvd.ProjectID]publish.Place // of the policy itself
	docs      map[cvd.ProjectID]publish.Place // of the page with its copy
	addresses map[cvd.ProjectID]string        // of the policy, as a browser shows it
}

func newForge(cfg Config) (f forge, err error) {
	f.addresses = map[cvd.ProjectID]string{}
	for id, address := range cfg.PolicySources {
		f.addresses[cvd.ProjectID(id)] = address
	}
	f.policies, f.docs, err = cfg.places()
	f.Forge = publish.Forge{HTTP: channel.NewClient(cfg.HookHosts...), Token: forgeTokens(cfg.ForgeTokens)}
	return f, err
}

// places reads the addresses of files at forges.
func (c *Config) places() (policies, docs map[cvd.ProjectID]publish.Place, err error) {
	policies, docs = map[cvd.ProjectID]publish.Place{}, map[cvd.ProjectID]publish.Place{}
	for id, address := range c.PolicySources {
		if policies[cvd.ProjectID(id)], err = publish.ParsePlace(address); err != nil {
			return nil, nil, fmt.Errorf("policy-sources of %s: %w", id, err)
		}
	}
	for id, address := range c.PolicyDocs {
		if docs[cvd.ProjectID(id)], err = publish.ParsePlace(address); err != nil {
			return nil, nil, fmt.Errorf("policy-docs of %s: %w", id, err)
		}
		if _, sourced := policies[cvd.ProjectID(id)]; !sourced {
			return nil, nil, fmt.Errorf("policy-docs of %s: name the file of its policy too, in policy-sources", id)
		}
	}
	return policies, docs, nil
}

// forgeTokens finds the token for a repository in a file, read anew each time so that a token can be changed; its errors
// repeat no line of it.
func forgeTokens(file string) func(publish.Place) (string, error) {
	return func(p publish.Place) (string, error) {
		if file == "" {
			return "", nil
		}
		text, err := os.ReadFile(file)
		if err != nil {
			return "", cvd.Errorf(cvd.Unavailable, "the file of tokens cannot be read: %s", unwrappedPath(err))
		}
		whole, token, longest := strings.ToLower(p.Host+"/"+p.Repo)+"/", "", 0
		for line := range strings.Lines(string(text)) {
			fields := strings.Fields(line)
			switch {
			case len(fields) == 0 || strings.HasPrefix(fields[0], "#"):
			case len(fields) != 2:
				return "", cvd.Errorf(cvd.Invalid, "a line of the file of tokens is not a repository and a token")
			case len(fields[0]) > longest && strings.HasPrefix(whole, strings.ToLower(strings.TrimSuffix(fields[0], "/"))+"/"):
				token, longest = fields[1], len(fields[0])
			}
		}
		return token, nil
	}
}

// unwrappedPath is why a file cannot be read.
func unwrappedPath(err error) error {
	if p, ok := errors.AsType[*os.PathError](err); ok {
		return p.Err
	}
	return err
}

// asking is what looks again and again whether a forge should be asked; nothing where no policy comes from one.
func (a *App) asking(world World) func(context.Context) error {
	if !world.Watch || len(a.forge.policies) == 0 {
		return nil
	}
	return seldom(a.Casework.Now, time.Time{}, betweenAsks, a.AskForges)
}

// betweenAsks is how often the database is asked what is due at a forge.
const betweenAsks = 15 * time.Second

// AskForges reads the files that policies come from, if they were not read for five minutes, and brings the written forms of the
// versions in force back, if they are not there yet.
func (a *App) AskForges(ctx context.Context) error {
	var errs []error
	for id := range a.forge.policies {
		if !slices.Contains(a.Casework.Projects(), id) || a.Casework.Holding(id) { // a restored copy is mute
			continue
		}
		errs = append(errs, a.readSource(ctx, id), a.bringBack(ctx, id))
	}
	return errors.Join(errs...)
}

// readSource reads the file of one project, if it is due. What stands in the way is kept, and the log hears of it once.
func (a *App) readSource(ctx context.Context, id cvd.ProjectID) error {
	tag, due, err := a.Casework.BeginReading(ctx, id)
	if err != nil || !due {
		return err
	}
	read, err := a.forge.Read(ctx, a.forge.policies[id], tag)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	file := casework.SourceFile{Text: read.Text, Hash: read.Hash, Tag: read.ETag, Same: read.Same}
	if err != nil {
		file.Trouble = trouble(err)
	}
	var ours error
	if cvd.KindOf(err) == "" {
		ours = err
	}
	now, news, err := a.Casework.EndReading(ctx, id, file)
	if err = errors.Join(ours, err); err != nil {
		return fmt.Errorf("take in the policy's file of %s: %w", id, err)
	}
	if news && now.Trouble != "" {
		a.log.Warn("the file that the policy comes from is no proposal; the page about the policy says why", "project", string(id))
	} else if news {
		a.log.Info("the file that the policy comes from is read again", "project", string(id))
	}
	return nil
}

// trouble is what people read of an error; of one that is our own fault they read no more than that.
func trouble(err error) string {
	if cvd.KindOf(err) == "" {
		return "it failed here, and the log says why"
	}
	return err.Error()
}

// bringBack proposes the written forms of the version in force where they belong.
func (a *App) bringBack(ctx context.Context, id cvd.ProjectID) error {
	errs := []error{a.bringTo(ctx, id, "policy", a.forge.policies[id])}
	if docs, ok := a.forge.docs[id]; ok {
		errs = append(errs, a.bringTo(ctx, id, "docs", docs))
	}
	return errors.Join(errs...)
}

func (a *App) bringTo(ctx context.Context, id cvd.ProjectID, name string, place publish.Place) error {
	x, due, err := a.Casework.BeginPull(ctx, id, name)
	if err != nil || !due {
		return err
	}
	change, err := a.change(ctx, id, x.Version, name, place)
	if err != nil {
		return err
	}
	pull, err := a.forge.Propose(ctx, place, change)
	if ctx.Err() != nil { // what was done is found by the next try
		return ctx.Err()
	}
	if err == nil {
		return a.Casework.EndPull(ctx, id, x, pull.URL, 0, "")
	}
	a.log.Warn("a written form of the policy is not back at the forge", "project", string(id), "version", x.Version, "place", name, "kind", string(cvd.KindOf(err)))
	e, ok := errors.AsType[*cvd.Error](err)
	if !ok {
		return errors.Join(err, a.Casework.EndPull(ctx, id, x, "", 0, trouble(err)))
	}
	return a.Casework.EndPull(ctx, id, x, "", e.After, trouble(err))
}

// change is the written forms of a version as one change of a repository.
func (a *App) change(ctx context.Context, id cvd.ProjectID, version int64, name string, place publish.Place) (publish.Change, error) {
	names := []string{"security.md", place.Kind() + "-issue", place.Kind() + "-config"}
	if name == "docs" {
		names = []string{"gitbook"}
	}
	forms, err := a.Casework.WrittenForms(ctx, id, version, names...)
	if err != nil {
		return publish.Change{}, err
	}
	c := publish.Change{Branch: fmt.Sprintf("tipstaff/policy-%d", version), Title: fmt.Sprintf("Security policy, version %d", version)}
	if name == "docs" { // both may be one repository
		c.Branch = fmt.Sprintf("tipstaff/policy-docs-%d", version)
	}
	c.Body = fmt.Sprintf("Version %d of the policy of %s is in force. These are its written forms, as %s prints them; a text that was written by hand and lies in the place of SECURITY.md or of the page is replaced, and any other is left alone.\n",
		version, id, cmp.Or(a.base, "the installation"))
	for _, form := range forms {
		file := publish.ChangedFile{Path: form.Path, Text: form.Text}
		switch form.Name {
		case "gitbook":
			file.Path = place.Path
		case "security.md":
		default:
			file.Yield = func(there []byte) bool { return !casework.Stamped(there) }
		}
		c.Files = append(c.Files, file)
	}
	return c, nil
}

// source says how it stands with the file at a forge that a policy comes from.
func (c *checkup) source(ctx context.Context, s *store.Store, id cvd.ProjectID) error {
	address := c.cfg.PolicySources[string(id)]
	if address == "" {
		return nil
	}
	name := "policy's source: " + string(id)
	now, err := casework.SourceOf(ctx, s, id, address)
	if err != nil {
		return err
	}
	switch {
	case now.ReadAt.IsZero():
		c.warn(name, "it is read within minutes of the server's start", "%s was not read yet", address)
	case now.Trouble != "":
		c.warn(name, "mend the file, or the setting", "since %s: %s: %s", now.Since.Format("2006-01-02 15:04 UTC"), address, strings.Join(strings.Fields(now.Trouble), " "))
	default:
		c.ok(name, "%s was read %s", address, now.ReadAt.Format("2006-01-02 15:04 UTC"))
	}
	for _, x := range now.Pulls {
		if x.State == "failed" && x.Version == now.Pulls[0].Version {
			c.warn(name, "it is tried again by itself", "the written forms of version %d are not back at the forge: %s", x.Version, x.Trouble)
		}
	}
	return nil
}
