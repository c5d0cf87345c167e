package casework

import (
	"context"
	"fmt"

	"github.com/tipstaff/tipstaff/cvd"
)

// Thread opens a talk among some of those who take part. The team reads each; whoever is not in it does not learn of it.
func (w *Casework) Thread(ctx context.Context, who cvd.Actor, about About, in cvd.Threaded) (cvd.View, error) {
	return w.record(ctx, who, about, "thread", func(a *asking) (cvd.What, error) {
		if len(in.Parties)+len(in.Reports) == 0 {
			return cvd.What{}, cvd.Fieldf("/parties", "name who is in it, besides the team")
		}
		for i, id := range in.Parties {
			if p := a.c.Party(id); p == nil || !p.Joined() || p.Gone() {
				return cvd.What{}, cvd.Fieldf(fmt.Sprintf("/parties/%d", i), "%s does not take part in the case", id)
			}
		}
		for i, n := range in.Reports {
			if n < 1 || n > len(a.c.Reports) {
				return cvd.What{}, cvd.Fieldf(fmt.Sprintf("/reports/%d", i), "the case has %d reports", len(a.c.Reports))
			}
		}
		return cvd.What{Threaded: &in}, first(require("/title", in.Title, "give it a title"), shortLine("/title", in.Title))
	})
}

// thread finds a thread that an actor may write in; withheld and absent are the same answer.
func (a *asking) thread(n int) error {
	if t := a.c.Thread(n); t == nil || !t.Has(a.who) {
		return cvd.Fieldf("/thread", "there is no such thread, or you are not in it")
	}
	return nil
}
