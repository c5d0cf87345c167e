package cvd

import (
	"maps"
	"slices"
	"time"
)

// Fold is the case after an event. It is a pure function: the events alone make the case, and no clock or policy is asked,
// since each event carries what the policy decided then. The case handed in is left as it was.
func Fold(c Case, e Event) Case {
	c = c.clone()
	c.Project, c.ID, c.Rev = e.Project, e.Case, e.Rev
	if c.Marks == nil {
		c.Marks, c.Round = map[string]time.Time{}, map[string]time.Time{}
		c.OpenedAt, c.Policy = e.At, e.Policy
		c.Embargo.State = NoEmbargo
	}
	h := e.What.happening()
	if h == nil {
		return c
	}
	c.expire(e.At)
	h.apply(&c, &e)
	c.moveLines(&e)
	c.ChangedAt = e.At
	if _, isBreach := h.(*Breached); !isBreach {
		c.mark(h.kind(), e.At)
	}
	for _, k := range e.Clocks {
		c.setClock(k, e.At)
	}
	return c
}

// mark notes the first time that something was reached, ever and since the matter was taken up last.
func (c *Case) mark(name string, at time.Time) {
	for _, marks := range []map[string]time.Time{c.Marks, c.Round} {
		if marks[name].IsZero() {
			marks[name] = at
		}
	}
}

// setClock puts a clock in its place; the one that it replaces with another instant goes to history.
func (c *Case) setClock(k Clock, at time.Time) {
	i := slices.IndexFunc(c.Clocks, func(old Clock) bool { return old.Key() == k.Key() })
	if i < 0 {
		c.Clocks = append(c.Clocks, k)
		return
	}
	if old := c.Clocks[i]; k.Name != StallClock && !k.Kind.inner() && (!old.Due.Equal(k.Due) || old.Waits != k.Waits || !old.From.Equal(k.From)) {
		old.Replaced = at
		c.OldClocks = append(c.OldClocks, old)
	}
	c.Clocks[i] = k
}

// clone copies whatever Fold may change in place.
func (c Case) clone() Case {
	c.Reports = slices.Clone(c.Reports)
	c.Parties = slices.Clone(c.Parties)
	c.Lines = slices.Clone(c.Lines)
	c.Checks = slices.Clone(c.Checks)
	c.Sections = slices.Clone(c.Sections)
	c.Assigned = slices.Clone(c.Assigned)
	c.Waivers = slices.Clone(c.Waivers)
	c.Credits = slices.Clone(c.Credits)
	c.Rewards = slices.Clone(c.Rewards)
	c.Comments, c.Proposals, c.Claims = slices.Clone(c.Comments), slices.Clone(c.Proposals), slices.Clone(c.Claims)
	c.Clocks = slices.Clone(c.Clocks)
	c.Marks, c.Round = maps.Clone(c.Marks), maps.Clone(c.Round)
	// Lists that only grow share their elements; clipped, an append never writes where another fold reads.
	c.Assessed, c.Ratings, c.Attempts = slices.Clip(c.Assessed), slices.Clip(c.Ratings), slices.Clip(c.Attempts)
	c.Leaks, c.PatchFiles = slices.Clip(c.Leaks), slices.Clone(c.PatchFiles)
	c.Slips, c.Surfaced, c.Spread, c.Reactions = slices.Clip(c.Slips), slices.Clip(c.Surfaced), slices.Clip(c.Spread), slices.Clip(c.Reactions)
	c.Exposed, c.Joined, c.Branches, c.Threads = slices.Clip(c.Exposed), slices.Clip(c.Joined), slices.Clip(c.Branches), slices.Clone(c.Threads)
	c.Scopes = slices.Clone(c.Scopes)
	c.Agreements, c.TermBreaches = slices.Clip(c.Agreements), slices.Clip(c.TermBreaches)
	c.Reviews, c.Messages, c.OldClocks = slices.Clip(c.Reviews), slices.Clip(c.Messages), slices.Clip(c.OldClocks)
	c.Advisory.Editions, c.Disclosure.Past = slices.Clip(c.Advisory.Editions), slices.Clip(c.Disclosure.Past)
	c.Notices, c.OldOrders = cloneNotices(c.Notices), cloneNotices(c.OldOrders)
	return c
}

func cloneNotices(all []Notice) []Notice {
	all = slices.Clone(all)
	for i, n := range all {
		all[i].Delivered, all[i].Failed = maps.Clone(n.Delivered), maps.Clone(n.Failed)
		all[i].Repeated, all[i].Arrivals = maps.Clone(n.Repeated), maps.Clone(n.Arrivals)
	}
	return all
}

// put replaces the element for which same is true, or appends.
func put[T any](list []T, item T, same func(T) bool) []T {
	if i := slices.IndexFunc(list, same); i >= 0 {
		list[i] = item
		return list
	}
	return append(list, item)
}
