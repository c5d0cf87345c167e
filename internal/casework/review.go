package casework

import (
	"context"

	"github.com/tipstaff/tipstaff/cvd"
)

// Review records one person's word on the fix, or on an edition of the advisory; it is bound to that edition's text.
func (w *Casework) Review(ctx context.Context, who cvd.Actor, about About, in cvd.Reviewed) (cvd.View, error) {
	return w.record(ctx, who, about, "review", func(a *asking) (cvd.What, error) {
		r := in
		if err := first(oneOf("/of", r.Of, "fix", "advisory"), oneOf("/verdict", r.Verdict, "approve", "object"), readable("/says", r.Says)); err != nil {
			return cvd.What{}, err
		}
		if r.Verdict == "object" && r.Says == "" {
			return cvd.What{}, cvd.Fieldf("/says", "say what the objection is")
		}
		if r.URL != "" {
			if err := webLink("/url", r.URL); err != nil {
				return cvd.What{}, err
			}
		}
		r.Hash = ""
		if r.Of == "advisory" {
			e, err := a.edition(r.Edition)
			if err != nil {
				return cvd.What{}, err
			}
			r.Edition, r.Hash = e.Number, e.Text.Hash()
		}
		r.Expert = who.May(cvd.Expert)
		what := cvd.What{Reviewed: &r}
		r.Alone = a.p.SecondLook(a.ask("review", what))
		return what, nil
	})
}

// edition is the newest edition, which must be the one that the asker has read; 0 stands for it.
func (a *asking) edition(number int) (*cvd.Edition, error) {
	e := a.c.Advisory.Latest()
	if e == nil {
		return nil, cvd.Errorf(cvd.Refused, "there is no advisory yet: draft one")
	}
	if number != 0 && number != e.Number {
		return nil, cvd.Errorf(cvd.Conflict, "edition %d is not the newest, which is %d: read that one", number, e.Number)
	}
	return e, nil
}
