package casework

import (
	"context"
	"slices"

	"github.com/tipstaff/tipstaff/cvd"
	"github.com/tipstaff/tipstaff/internal/policy"
)

// LineRow is one row of the matrix of release lines: a line of the policy, and what the case knows of it.
type LineRow struct {
	cvd.Line
	Title    string // of the product
	Versions string // that belong to the line, as the policy says
	Eligible bool   // whether the policy promises it fixes
	Stands   string // one of cvd.Stands
	Why      string // where that follows from the policy and nobody said it of the case
}

// Lines are all release lines of the policy that binds a case, with where each stands: for those who work on the case.
func (w *Casework) Lines(ctx context.Context, who cvd.Actor, id cvd.CaseID) ([]LineRow, error) {
	a, err := w.open(ctx, who, About{Case: id})
	if err != nil {
		return nil, err
	}
	v, _ := cvd.Look(a.c, who, a.now)
	if v.Tier < cvd.ForGuest || v.Erased != nil {
		return nil, absent(cvd.NotFound)
	}
	return linesWith(a.p, v.Lines), nil
}

// linesWith lays out the lines of a policy, and after them those of a case that it no longer knows.
func linesWith(p *policy.Policy, known []cvd.Line) (rows []LineRow) {
	known = slices.Clone(known)
	for _, product := range p.Document.Products {
		for _, l := range product.Lines {
			row := LineRow{Line: cvd.Line{Product: product.Name, Name: l.Name, Status: "unknown"}, Title: product.Title, Versions: l.Versions, Eligible: l.Eligible}
			if i := slices.IndexFunc(known, func(x cvd.Line) bool { return x.Product == product.Name && x.Name == l.Name }); i >= 0 {
				row.Line = known[i] // before it is deleted, which moves the others to its place
				known = slices.Delete(known, i, i+1)
			}
			row.Stands = row.Line.Stands()
			if !l.Eligible && row.Stands == cvd.StandsUnknown {
				row.Stands, row.Why = cvd.StandsUnsupported, "the policy promises this line no fixes"
			}
			rows = append(rows, row)
		}
	}
	for _, l := range known {
		rows = append(rows, LineRow{Line: l, Title: l.Product, Stands: l.Stands(), Why: "the policy no longer names this line"})
	}
	return rows
}
