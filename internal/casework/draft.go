package casework

import (
	"context"
	"fmt"

	"github.com/tipstaff/tipstaff/cvd"
)

// Draft writes a new edition of the advisory. What was approved stays bound to its own edition.
func (w *Casework) Draft(ctx context.Context, who cvd.Actor, about About, in cvd.Drafted) (cvd.View, error) {
	return w.record(ctx, who, about, "draft", func(*asking) (cvd.What, error) {
		t := in.Text
		err := first(
			require("/text/title", t.Title, "give the advisory a title"), cvd.Shows("/text/title", t.Title),
			readable("/text/summary", t.Summary), readable("/text/impact", t.Impact),
			readable("/text/resolution", t.Resolution), readable("/text/mitigation", t.Mitigation))
		for i, l := range t.References {
			err = first(err, webLink(fmt.Sprintf("/text/references/%d/url", i), l.URL))
		}
		return cvd.What{Drafted: &in}, err
	})
}
