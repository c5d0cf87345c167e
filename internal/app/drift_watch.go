package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/policy"
	"github.com/tipstaff/tipstaff/internal/prose"
	"github.com/tipstaff/tipstaff/internal/store"
)

// The published copies that a policy names among its sources are compared with it every day, and so are the links in it tried.
// What is found stands among the checks of the installation until it is mended; the log hears of it when it changes.
const (
	betweenLooks = 24 * time.Hour
	linksName    = "links" // the entry for the links of the policy itself
	mostKept     = 20      // findings of one copy
)

// watching is what looks every second whether a copy is due; nothing where nobody asked for it. It begins a while after the
// start, so that a server that starts again and again bothers nobody, and asks the database once an hour.
func (a *App) watching(cfg Config, world World) func(context.Context) error {
	if !world.Watch {
		return nil
	}
	pages := NewPages(cfg.HookHosts...)
	return seldom(a.Casework.Now, a.Casework.Now().Add(10*time.Minute), time.Hour, func(ctx context.Context) error { return a.CompareCopies(ctx, pages) })
}

// CompareCopies compares the published copies of every project that nobody compared for a day.
func (a *App) CompareCopies(ctx context.Context, pages Pages) error {
	var errs []error
	for _, id := range a.Casework.Projects() {
		if a.Casework.Holding(id) { // a restored copy is mute
			continue
		}
		errs = append(errs, a.compareCopies(ctx, id, pages))
	}
	return errors.Join(errs...)
}

func (a *App) compareCopies(ctx context.Context, id cvd.ProjectID, pages Pages) error {
	p, err := a.Casework.PolicyOf(id)
	if err != nil {
		return err
	}
	known, err := a.Store.Copies(ctx, id)
	if err != nil {
		return err
	}
	places := []string{linksName}
	for _, s := range p.Document.Sources {
		if s.Copy == "security.md" || s.Copy == "gitbook" { // the one holds the text of the other
			places = append(places, s.URL)
		}
	}
	for _, c := range known {
		if !slices.Contains(places, c.URL) {
			if err := a.Store.ForgetCopy(ctx, id, c.URL); err != nil {
				return err
			}
		}
	}
	for _, place := range places {
		i := slices.IndexFunc(known, func(c store.Copy) bool { return c.URL == place })
		last := store.Copy{URL: place}
		if i >= 0 {
			last = known[i]
		}
		if err := a.compareCopy(ctx, id, p, last, pages); err != nil {
			return err
		}
	}
	return nil
}

// compareCopy looks at one place, if it is due and no other instance of the program does.
func (a *App) compareCopy(ctx context.Context, id cvd.ProjectID, p *policy.Policy, last store.Copy, pages Pages) error {
	now := a.Casework.Now().UTC()
	if now.Sub(last.At) < betweenLooks {
		return nil
	}
	claimed, err := a.Store.ClaimCopy(ctx, id, last.URL, last.At)
	if err != nil || !claimed {
		return err
	}
	want, err := a.Casework.Written(id)
	if err != nil {
		return err
	}
	found := []Finding{}
	if last.URL == linksName {
		found = append(found, pages.dead(ctx, want, a.base)...)
	} else if page, err := pages.Read(ctx, last.URL); err != nil {
		found = append(found, Finding{Copy: last.URL, Kind: string(prose.Unread), Difference: prose.Difference{Change: prose.Unread, Says: err.Error()}})
	} else {
		found = append(found, Compare(want, last.URL, page, a.leavers(ctx, id, p))...)
	}
	return a.keepFound(ctx, id, last, found, now)
}

// keepFound keeps what was found. The log hears of it once, however often it is found.
func (a *App) keepFound(ctx context.Context, id cvd.ProjectID, last store.Copy, found []Finding, now time.Time) error {
	text, err := json.Marshal(found[:min(len(found), mostKept)])
	if err != nil {
		return fmt.Errorf("keep what was found in a copy: %w", err)
	}
	if bytes.Equal(text, last.Found) {
		return nil
	}
	if len(found) > 0 {
		a.log.Warn("a published copy of the policy says something else, or a link is dead", "project", string(id), "copy", last.URL, "findings", len(found))
	} else if last.Found != nil {
		a.log.Info("a published copy of the policy says what the policy says again", "project", string(id), "copy", last.URL)
	}
	return a.Store.PutCopy(ctx, id, store.Copy{URL: last.URL, Since: now, Found: text})
}

// leavers are the names of those who left, by the roster and by the document.
func (a *App) leavers(ctx context.Context, id cvd.ProjectID, p *policy.Policy) []string {
	all := Leavers(p)
	people, err := a.Store.People(ctx, id)
	if err != nil {
		a.log.Error("read the roster", "project", string(id), "error", err)
	}
	for _, who := range people {
		if !who.Active && who.Name != "" {
			all = append(all, who.Name)
		}
	}
	return all
}

// copies says how the published copies of a policy are, as far as they were compared.
func (c *checkup) copies(ctx context.Context, s *store.Store, p store.Project) error {
	all, err := s.Copies(ctx, p.ID)
	if err != nil {
		return err
	}
	for _, one := range all {
		name := "published copies: " + string(p.ID)
		var found []Finding
		if one.Found == nil || json.Unmarshal(one.Found, &found) != nil {
			continue
		}
		if len(found) == 0 {
			c.ok(name, "%s was compared %s, and nothing is wrong", one.URL, one.At.Format("2006-01-02 15:04 UTC"))
			continue
		}
		says := make([]string, 0, 3)
		for _, f := range found[:min(len(found), 3)] {
			f.Copy = one.URL
			says = append(says, strings.Join(strings.Fields(f.String()), " "))
		}
		if len(found) > 3 {
			says = append(says, fmt.Sprintf("and %d more", len(found)-3))
		}
		c.warn(name, "publish the rendered text again, or change the policy", "since %s: %s", one.Since.Format("2006-01-02"), strings.Join(says, "; "))
	}
	return nil
}
