package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/channel"
	"github.com/tipstaff/tipstaff/internal/publish"
	"github.com/tipstaff/tipstaff/internal/store"
)

// Look is what lies at the address of a release.
type Look func(context.Context, publish.Wanted) publish.Found

// asRecorded is a world in which every release is what was recorded of it: that of the demonstration.
func asRecorded(_ context.Context, w publish.Wanted) publish.Found {
	f := publish.Found{Status: 200, SHA256: w.SHA256, Size: 1}
	if w.Signature != "" {
		f.Signature = "good"
	}
	return f
}

// lookOutside prepares the way to the addresses of releases.
func (a *App) lookOutside(cfg Config, world World) {
	a.looker = publish.Looker{HTTP: channel.NewClient(cfg.HookHosts...), Most: cmp.Or(cfg.LookMost, 512) << 20}
	switch {
	case world.Look != nil:
		a.look = world.Look
	case world.Quiet:
		a.look = asRecorded
	default:
		a.look = a.looker.Look
	}
}

// lookAt runs the job of one look at a release. Last says that it will not be tried again.
func (a *App) lookAt(ctx context.Context, d cvd.Delivery, last bool, done *store.Job) error {
	l, err := a.Casework.LookAt(ctx, d)
	if err != nil {
		return fmt.Errorf("read what to look at for %s: %w", d.Job, err)
	}
	var saw cvd.Sight
	if !l.Over {
		f := a.look(ctx, publish.Wanted{URL: l.Artefact.URL, SHA256: l.Artefact.SHA256, Signature: l.Artefact.Signature, Keys: l.Keys})
		if ctx.Err() != nil { // the program ends: what was seen is no answer
			return ctx.Err()
		}
		saw = cvd.Sight{Status: f.Status, SHA256: f.SHA256, Size: f.Size, Signature: f.Signature, Key: f.Key, Failed: f.Failed}
	}
	return a.Casework.Looked(ctx, l, saw, last, done)
}

// betweenSearches is how often the commits of private fixes are looked for in public.
const betweenSearches = 15 * time.Minute

// searching is what looks again and again whether a private fix is in public before its time.
func (a *App) searching(world World) func(context.Context) error {
	if !world.Watch {
		return nil
	}
	return seldom(a.Casework.Now, time.Time{}, betweenSearches, a.SearchCommits)
}

// SearchCommits looks once for the commits of private fixes in the public repositories that the policies name. Only what somebody
// recorded is looked for: a hash says nothing to whoever does not have the commit.
func (a *App) SearchCommits(ctx context.Context) error {
	var errs []error
	for _, id := range a.Casework.Projects() {
		if a.Casework.Holding(id) { // a restored copy is mute
			continue
		}
		hidden, err := a.Casework.Hidden(ctx, id)
		errs = append(errs, err)
		for _, x := range hidden {
			at, seen, err := a.looker.Seen(ctx, x.Repository, x.Commit)
			switch {
			case ctx.Err() != nil:
				return ctx.Err()
			case err != nil:
				a.log.Warn("a public repository does not answer", "project", string(id), "case", string(x.Case))
			case seen:
				errs = append(errs, a.Casework.Surface(ctx, id, x, at))
			}
		}
	}
	return errors.Join(errs...)
}

// both does one thing and then the other; either may be nil.
func both(one, other func(context.Context) error) func(context.Context) error {
	if one == nil || other == nil {
		if one == nil {
			return other
		}
		return one
	}
	return func(ctx context.Context) error { return errors.Join(one(ctx), other(ctx)) }
}
