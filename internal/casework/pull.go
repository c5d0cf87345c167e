package casework

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/policy"
	"github.com/tipstaff/tipstaff/internal/store"
)

// The written forms of each version go back into the repository of its file, and to the site with the documentation, as one
// pull request each. The rows follow from the version that is in force, so no event has to be remembered.

const (
	tryWithin   = 10 * time.Minute // that a try has before another may begin
	longestRest = 6 * time.Hour    // between two tries
)

// PolicyPull is the written forms of one version of the policy on their way into one repository.
type PolicyPull struct {
	Version int64
	Place   string    // "policy": beside the file; "docs": the site
	State   string    // open, failed, done
	Due     time.Time // when it is tried next; of what is done, when that was
	URL     string    // of the pull request; empty when done: the repository said the same
	Trouble string    // why it failed
	tries   int64
}

// pullBody is what is sealed of it.
type pullBody struct {
	URL     string `json:"url,omitempty"`
	Trouble string `json:"trouble,omitempty"`
}

func policyPulls(ctx context.Context, s *store.Store, id cvd.ProjectID) ([]PolicyPull, error) {
	all, err := s.PolicyPulls(ctx, id)
	if err != nil {
		return nil, err
	}
	var out []PolicyPull
	for _, x := range all {
		var b pullBody
		if x.Body != nil {
			if err := json.Unmarshal(x.Body, &b); err != nil {
				return nil, fmt.Errorf("open a pull request of version %d: %w", x.Version, err)
			}
		}
		out = append(out, PolicyPull{x.Version, x.Place, x.State, x.Due, b.URL, b.Trouble, x.Tries})
	}
	return out, nil
}

// BeginPull says whether the written forms of the version in force should be brought to a place now, by the caller and by nobody
// else. Those of older versions that never arrived do not: the newest says it all.
func (w *Casework) BeginPull(ctx context.Context, id cvd.ProjectID, place string) (x PolicyPull, due bool, err error) {
	p, err := w.freshProject(ctx, id)
	if err != nil {
		return x, false, err
	}
	all, err := policyPulls(ctx, w.store, id)
	if err != nil {
		return x, false, err
	}
	x = PolicyPull{Version: p.Policy, Place: place}
	if i := slices.IndexFunc(all, func(y PolicyPull) bool { return y.Version == x.Version && y.Place == place }); i >= 0 {
		x = all[i]
	}
	now := w.Now()
	if x.State == "done" || now.Before(x.Due) {
		return x, false, nil
	}
	due, err = w.store.ClaimPull(ctx, id, store.PolicyPull{Version: x.Version, Place: place, Tries: x.tries, Due: now.Add(tryWithin)})
	x.tries++
	return x, due, err
}

// EndPull keeps how a try ended: done, with the address of the pull request or none where nothing had to change, or failed, to be
// tried again after a while that grows.
func (w *Casework) EndPull(ctx context.Context, id cvd.ProjectID, x PolicyPull, url string, after time.Duration, trouble string) error {
	body, err := json.Marshal(pullBody{url, trouble})
	if err != nil {
		return fmt.Errorf("keep a pull request: %w", err)
	}
	kept := store.PolicyPull{Version: x.Version, Place: x.Place, State: "done", Due: w.Now(), Body: body}
	if trouble != "" {
		rest := min(time.Minute<<min(x.tries-1, 10), longestRest)
		kept.State, kept.Due = "failed", kept.Due.Add(max(rest, after))
	}
	return w.store.PutPull(ctx, id, kept)
}

// WrittenForm is one written form of a version of the policy, for a path of a repository.
type WrittenForm struct {
	Name, Path string
	Text       []byte
}

// WrittenForms are forms of a version of a project's policy by their names, without those that it has no use for. They name the
// people who are there.
func (w *Casework) WrittenForms(ctx context.Context, id cvd.ProjectID, version int64, names ...string) ([]WrittenForm, error) {
	p, err := w.project(id)
	if err != nil {
		return nil, err
	}
	doc, err := w.policy(ctx, p, version)
	if err != nil {
		return nil, err
	}
	with := policy.Copy{People: map[string]string{}, Base: w.base}
	for _, x := range p.people {
		if x.Active {
			with.People[string(x.Handle)] = x.Name
		}
	}
	var all []WrittenForm
	for _, form := range policy.Outputs() {
		if !slices.Contains(names, form.Name) {
			continue
		}
		text, err := doc.Render(form.Name, with)
		if err != nil {
			return nil, fmt.Errorf("write %s of the policy of %s: %w", form.Name, id, err)
		}
		if len(text) > 0 {
			all = append(all, WrittenForm{form.Name, form.Path, text})
		}
	}
	return all, nil
}

// Stamped says whether a text bears the stamp of a written form, and may so be written anew.
func Stamped(text []byte) bool { return policy.Stamped(text) }
