package casework

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/policy"
	"github.com/tipstaff/tipstaff/internal/store"
)

// pack gathers what a review of a period begins with.
func (w *Casework) pack(ctx context.Context, p *project, item policy.Recurring, period Period) (ReviewPack, error) {
	doc := p.inForce()
	out := ReviewPack{Title: item.Title, Does: item.Does, Policy: doc.Version}
	measured, err := w.Metrics(ctx, cvd.Tipstaff(p.ID), period)
	if err != nil {
		return out, err
	}
	for _, m := range measured {
		if len(m.Numbers) > 0 {
			out.Measures = append(out.Measures, PackMeasure{m.Name, m.Title, m.Numbers})
		}
	}
	for _, f := range policy.Lint(doc) {
		if !f.Informs {
			out.Findings = append(out.Findings, PackFinding{f.Code, f.Clause, f.Says, f.Waived})
		}
	}
	for last := (store.Cursor{}); ; {
		cases, next, err := w.store.Cases(ctx, p.ID, store.Page{After: last})
		if err != nil {
			return out, err
		}
		for _, c := range cases {
			if err := w.packCase(ctx, p, &out, c, period); err != nil {
				return out, err
			}
		}
		if last = next; next == (store.Cursor{}) {
			break
		}
	}
	proposals, err := w.store.Proposals(ctx, p.ID, 0, 100)
	for _, x := range proposals {
		if x.State == "open" {
			out.Questions = append(out.Questions, PackCase{At: x.At, Says: fmt.Sprintf("proposal %d to change the policy waits for a decision", x.Number)})
		}
	}
	for _, list := range [][]PackCase{out.Breaches, out.Deviations, out.Feedback, out.Questions} {
		slices.SortStableFunc(list, func(a, b PackCase) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Case, b.Case)) })
	}
	return out, err
}

// packCase adds what a review should know of one case.
func (w *Casework) packCase(ctx context.Context, p *project, out *ReviewPack, c cvd.Case, period Period) error {
	if c.Erased != nil {
		return nil
	}
	doc, err := w.policy(ctx, p, c.Policy)
	if err != nil {
		return err
	}
	within := func(at time.Time) bool { return !at.Before(period.From) && at.Before(period.To) }
	for _, k := range slices.Concat(c.Clocks, c.OldClocks) {
		if within(k.Breached) && k.Kind == cvd.Limit {
			out.Breaches = append(out.Breaches, PackCase{c.ID, k.Breached, k.Clause, "the promise ended at " + cvd.Instant(k.Due)})
		}
	}
	for _, v := range c.Waivers {
		if within(v.SecondedAt) {
			out.Deviations = append(out.Deviations, PackCase{c.ID, v.SecondedAt, v.Clause, "the case passed the clause by a waiver"})
		}
	}
	if at := c.Marked("adopted"); within(at) {
		out.Deviations = append(out.Deviations, PackCase{c.ID, at, "", fmt.Sprintf("the case moved to version %d of the policy", c.Policy)})
	}
	said, held, last := 0, 0, time.Time{}
	for _, k := range c.Comments {
		if within(k.At) {
			said, last = said+1, k.At
		}
		held += int(counted(k.Held()))
	}
	for _, r := range c.Ratings {
		if within(r.At) {
			said, last = said+1, r.At
		}
	}
	if said > 0 {
		out.Feedback = append(out.Feedback, PackCase{c.ID, last, "", plural(said, "comment or rating", "comments and ratings")})
	}
	ask := func(says string) {
		out.Questions = append(out.Questions, PackCase{Case: c.ID, At: c.ChangedAt, Says: says})
	}
	if held > 0 {
		ask(plural(held, "comment is held until somebody decides about it", "comments are held until somebody decides about them"))
	}
	if c.RM() != cvd.Closed && c.Proposal() != nil {
		ask("the reporter's proposal for the publication waits for an answer")
	}
	if doc.Next(c, period.To).Who == "the reporter" {
		ask("a question to the reporter waits for an answer")
	}
	return nil
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
