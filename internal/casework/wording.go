package casework

import (
	"context"

	"github.com/tipstaff/tipstaff/cvd"
)

// Wording finds words that would tell of a case where strangers may read them, in what a change says: names of branches, commit
// messages, titles of requests, addresses and logs of builds. Nothing is kept. It compares with what the asker may read of the case, so
// that nobody learns by asking what they may not read.
func (w *Casework) Wording(ctx context.Context, who cvd.Actor, id cvd.CaseID, said []Said) ([]cvd.Wording, error) {
	a, v, err := w.openForWork(ctx, who, id)
	if err != nil {
		return nil, err
	}
	if len(said) > mostSaid {
		return nil, cvd.Errorf(cvd.TooLarge, "at most %d texts at once", mostSaid)
	}
	for _, s := range said {
		if len(s.Text) > longestLog {
			return nil, cvd.Errorf(cvd.TooLarge, "a text may have %d MiB: give a long log in parts", longestLog>>20)
		}
	}
	return a.wordingFor(v, said), nil
}

func (a *asking) wordingFor(v cvd.View, said []Said) (found []cvd.Wording) {
	c := a.c
	c.Sections, c.Reports, c.Advisory = v.Sections, v.Reports, v.Advisory
	for _, s := range said {
		found = append(found, a.p.Wording(c, s.Field, s.Text)...)
	}
	return found
}
