package casework

import (
	"context"

	"github.com/tipstaff/tipstaff/cvd"
)

// Analyse writes one of the four sections of the analysis.
func (w *Casework) Analyse(ctx context.Context, who cvd.Actor, about About, in cvd.Analysed) (cvd.View, error) {
	return w.record(ctx, who, about, "analyse", func(*asking) (cvd.What, error) {
		return cvd.What{Analysed: &in}, first(
			oneOf("/section", in.Section, cvd.AnalysisSections...),
			require("/text", in.Text, "write the section"))
	})
}
