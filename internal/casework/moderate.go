package casework

import (
	"context"
	"slices"

	"github.com/tipstaff/tipstaff/cvd"
)

// Moderate lets a comment pass or hides it. A hidden comment leaves its trace, with the reason, where it stood.
func (w *Casework) Moderate(ctx context.Context, who cvd.Actor, about About, in cvd.Moderated) (cvd.View, error) {
	return w.record(ctx, who, about, "moderate", func(a *asking) (cvd.What, error) {
		if err := oneOf("/verdict", in.Verdict, "show", "hide"); err != nil {
			return cvd.What{}, err
		}
		i := slices.IndexFunc(a.c.Comments, func(k cvd.Comment) bool { return k.Number == in.Comment })
		if i < 0 {
			return cvd.What{}, cvd.Fieldf("/comment", "the case has %d comments", len(a.c.Comments))
		}
		m, k := in, a.c.Comments[i]
		switch {
		case m.Verdict == "show" && !k.Held() && !k.Hidden():
			return cvd.What{}, cvd.Fieldf("/verdict", "the comment is shown already")
		case m.Verdict == "hide" && k.Hidden():
			return cvd.What{}, cvd.Fieldf("/verdict", "the comment is hidden already")
		case m.Verdict == "show":
			m.Because = ""
			return cvd.What{Moderated: &m}, nil
		}
		return cvd.What{Moderated: &m}, first(require("/because", m.Because, "say why: everybody reads it where the comment stood"),
			shortLine("/because", m.Because))
	})
}
