package casework

import (
	"cmp"
	"context"
	"runtime"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/metrics"
	"github.com/tipstaff/tipstaff/internal/policy"
)

// seen is a case as one audience sees it, as far as the index needs it.
type seen struct {
	facets []facet
	late   time.Time // the instant behind which it is late; zero: never
	facts  *metrics.Facts
	words  []uint64 // what strangers may find it by; the team's come from the events
}

// seeAll works out what there is to see of cases, with all processors: after a start there are many.
func (w *Casework) seeAll(ctx context.Context, p *project, all []*news) error {
	var parts errgroup.Group
	parts.SetLimit(runtime.GOMAXPROCS(0))
	for part := range slices.Chunk(all, 32) {
		parts.Go(func() error {
			for _, n := range part {
				if err := w.see(ctx, p, n); err != nil {
					return err
				}
				n.words = w.indexes.hashes(strings.Join(n.said, " "))
			}
			return nil
		})
	}
	return parts.Wait()
}

// see works out what the team sees of a case, and what strangers do.
func (w *Casework) see(ctx context.Context, p *project, n *news) error {
	if n.fold == nil {
		return nil
	}
	c := *n.fold
	for _, r := range c.Reports {
		n.said = append(n.said, reported(r))
	}
	doc, err := w.policy(ctx, p, c.Policy)
	if err != nil {
		return err
	}
	now, facts := w.Now(), metrics.Of(c, n.trail)
	if v, ok := cvd.Look(c, cvd.Tipstaff(p.ID), now); ok {
		n.team = &seen{facets: facets(v, nextFor(doc, c, v, now)), late: lateFrom(v), facts: &facts}
	}
	if v, ok := cvd.Look(c, cvd.Nobody(p.ID), now); ok {
		n.public = &seen{facets: facets(v, nextFor(doc, c, v, now)), late: lateFrom(v), words: w.indexes.hashes(publicText(v))}
		if c.Shown == nil { // else the facts tell of what came in since
			n.public.facts = &facts
		}
	}
	return nil
}

// nextFor is who acts next, as the holder of a view may know it.
func nextFor(doc *policy.Policy, c cvd.Case, v cvd.View, now time.Time) cvd.Next {
	switch {
	case v.Tier > cvd.ForPublic || c.Shown == nil:
		c.Proposals, c.Claims = v.Proposals, v.Claims
		return doc.Next(c, now)
	case v.RM == cvd.Closed:
		return cvd.Next{Who: "nobody", What: "The report is closed."}
	}
	return cvd.Next{Who: "the project"}
}

// facets are what a case is filtered and counted by.
func facets(v cvd.View, next cvd.Next) []facet {
	class := cmp.Or(v.Severity.Class, metrics.Undecided)
	out := []facet{isAll, {"state", v.Headline}, {"class", class}, {"track", v.Track}, {"kind", v.Kind}, {"waits", next.Who}}
	if v.RM == cvd.Closed {
		return append(out, isClosed)
	}
	out = append(out, isOpen, facet{"open class", class})
	if v.Severity.At.IsZero() && (v.RM == cvd.Arrived || v.RM == cvd.Valid) {
		out = append(out, isUntriaged)
	}
	if len(v.Assigned) == 0 {
		out = append(out, isIdle)
	}
	for _, a := range v.Assigned {
		if f := (facet{"assigned", string(a.Person)}); !strings.HasPrefix(f.value, "guest:") && !slices.Contains(out, f) {
			out = append(out, f, facet{"open assigned", f.value}) // guests are of one case each
		}
	}
	return out
}

// nearest is the open limit or target whose instant comes first; nil if none runs.
func nearest(clocks []cvd.Clock) *cvd.Clock {
	var first *cvd.Clock
	for i := range clocks {
		if k := &clocks[i]; k.Open() && k.Kind.Promise() && k.Expires == "" && !k.Due.IsZero() && (first == nil || k.Due.Before(first.Due)) {
			first = k
		}
	}
	return first
}

// lateFrom is the instant behind which a case is late.
func lateFrom(v cvd.View) time.Time {
	if k := nearest(v.Clocks); k != nil {
		return k.Due
	}
	return time.Time{}
}

// publicText is what strangers read of a case.
func publicText(v cvd.View) string {
	text := []string{v.Title}
	for _, r := range v.Reports {
		text = append(text, reportText(r))
	}
	return strings.Join(text, " ")
}
