package casework

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/store"
)

// Thanks is one person whom a project thanks, with the advisories that name them.
type Thanks struct {
	Name  string
	Roles []string
	For   []Thanked // newest first
}

// Thanked is an advisory that somebody helped with.
type Thanked struct {
	Advisory cvd.AdvisoryID
	Title    string
	At       time.Time
}

// Thanks are the people whom a project thanks in public, those with the newest advisory first: everybody who agreed to be
// named in an advisory that is published. Who takes the name back is gone from here at once.
func (w *Casework) Thanks(ctx context.Context, id cvd.ProjectID) ([]Thanks, error) {
	if _, err := w.project(id); err != nil {
		return nil, err
	}
	all, err := w.store.Publications(ctx, id)
	if err != nil {
		return nil, err
	}
	var out []Thanks
	seen := map[cvd.CaseID]bool{}
	for _, b := range slices.Backward(all) {
		if b.State != store.Done || seen[b.Case] {
			continue
		}
		seen[b.Case] = true
		c, err := w.store.Case(ctx, id, b.Case)
		if err != nil {
			return nil, err
		}
		out = thank(out, c)
	}
	slices.SortStableFunc(out, func(a, b Thanks) int { return b.For[0].At.Compare(a.For[0].At) })
	return out, nil
}

// thank adds those whom one case names.
func thank(all []Thanks, c cvd.Case) []Thanks {
	if c.Disclosure.At.IsZero() {
		return all
	}
	known := c.Known()
	for _, k := range c.Credits {
		if !k.Consent || c.Shown != nil && k.At.After(c.Shown.At) { // of what came in since, nobody knows yet
			continue
		}
		i := slices.IndexFunc(all, func(t Thanks) bool { return t.Name == k.Name })
		if i < 0 {
			i, all = len(all), append(all, Thanks{Name: k.Name})
		}
		t := &all[i]
		if role := strings.ReplaceAll(k.Role, "_", " "); !slices.Contains(t.Roles, role) {
			t.Roles = append(t.Roles, role)
		}
		if !slices.ContainsFunc(t.For, func(x Thanked) bool { return x.Advisory == c.Advisory.ID }) {
			t.For = append(t.For, Thanked{c.Advisory.ID, titleOf(known), c.Disclosure.At})
		}
	}
	return all
}

// titleOf is the title of the edition that is published.
func titleOf(c cvd.Case) string {
	past := c.Disclosure.Past
	if len(past) == 0 || past[len(past)-1].Edition < 1 || past[len(past)-1].Edition > len(c.Advisory.Editions) {
		return string(c.Advisory.ID)
	}
	return c.Advisory.Editions[past[len(past)-1].Edition-1].Text.Title
}
